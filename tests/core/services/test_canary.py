"""A word that stands in every text of a workspace stands in no file: database, log, backup, settings, temporary."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

import pytest

from core import services
from core.domain import QueueFilter, utc_now
from core.services.workspace import Workspace, open_workspace
from tests.fixtures.values import make_verdict
from tests.fixtures.workspaces import new_workspace, write_lines

PASSPHRASE = "long enough"
CANARY = f"canary{secrets.token_hex(8)}"
FORMS = (CANARY.encode(), CANARY.encode("utf-16-le"), CANARY.upper().encode(), CANARY.encode().hex().encode())


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds everything Docket may write, temporary files and its own home among it."""
    for name in ("tmp", "home"):
        (tmp_path / "all" / name).mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "all" / "tmp"))
    for variable in ("TMPDIR", "TMP", "TEMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(variable, str(tmp_path / "all" / "tmp"))
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path / "all" / "home"))
    return tmp_path / "all"


def look(place: Path) -> set[str]:
    """Search every file there is at this moment; return their names."""
    names = set()
    for path in (path for path in place.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        found = [form for form in FORMS if form in raw]
        assert found == [], path.relative_to(place)
        assert not raw.startswith(b"SQLite format 3"), path.relative_to(place)
        names.add(path.name)
    return names


def work(workspace: Workspace, place: Path, outside: Path) -> None:
    """Put the word into every kind of text and use it in every way, looking after each step."""
    policy = services.get_policy(workspace, policy_id="spam")
    records = write_lines(
        outside / "items.jsonl",
        [
            {"id": "a", "content": CANARY * 500, "policy": "spam", "metadata": {"k": CANARY}},
            {"id": "b", "content": CANARY, "parent": CANARY, "policy": "spam"},
            {"id": "c", "messages": [{"role": "user", "content": CANARY}], "target": 0, "policy": "spam"},
            *({"id": f"d{n}", "content": f"{CANARY} {n}", "policy": "spam"} for n in range(300)),
        ],
    )
    assert services.import_file(workspace, path=records).stored == 303
    look(place)
    item = workspace.store.get_item("a")
    assert item is not None
    workspace.store.add_verdicts(
        [make_verdict(item, policy, "SP2", reasoning=CANARY * 200, rationale=CANARY, raw_output=CANARY)], actor="kim"
    )
    keys = services.queue_ids(workspace, filter=QueueFilter(search=CANARY))
    assert len(keys) == 303
    services.decide(workspace, key=keys[0], policy_id="spam", label="SP0", note=CANARY)
    services.skip(workspace, key=keys[1], reason=CANARY)
    services.escalate(workspace, key=keys[2], reason=CANARY)
    services.undo(workspace)
    look(place)


def test_no_file_holds_it(place: Path, tmp_path: Path) -> None:
    seen: set[str] = set()
    with new_workspace(place / "w") as workspace:
        work(workspace, place, tmp_path)
        seen |= look(place)
        made = services.make_backup(workspace, progress=lambda *_: seen.update(look(place)))
        plan = services.purge_plan(workspace, before=utc_now())
        services.purge(workspace, before=utc_now(), confirm=plan.items, progress=lambda *_: seen.update(look(place)))
        seen |= look(place)
    services.restore(made.path, place / "again", passphrase=PASSPHRASE, progress=lambda *_: seen.update(look(place)))
    with open_workspace(place / "again", passphrase=PASSPHRASE) as again:
        assert len(services.queue_ids(again, filter=QueueFilter(search=CANARY))) == 303
        assert all(check.ok for check in services.verify(again))
        seen |= look(place)
    seen |= look(place)
    assert {"workspace.db", "workspace.db-wal", "keys.json", made.path.name} <= seen
    assert any(name.endswith("-db.part") for name in seen)


def test_the_search_would_find_it(place: Path) -> None:
    (place / "tmp" / "leak").write_bytes(b"x" * 5000 + CANARY.encode())
    with pytest.raises(AssertionError, match="leak"):
        look(place)
