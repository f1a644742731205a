"""The audit chain read and exported: what a reader sees, and what somebody without Docket can prove."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import services
from core.domain import QueueFilter, utc_now
from core.errors import ExportError, StorageError
from core.services.workspace import Workspace
from tests.core.store.conftest import raw_connection
from tests.fixtures.workspaces import ROOT, audit_kinds, bring_in, new_workspace

RECIPE = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "audit.md").read_text(encoding="utf-8"), re.DOTALL)[0]
Lines = list[dict[str, Any]]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Three items of which one was decided, with a note."""
    with new_workspace(tmp_path / "w") as made:
        bring_in(made, [{"id": f"i-{n}", "content": "text", "policy": "spam"} for n in range(3)])
        [key, *_] = services.queue_ids(made, filter=QueueFilter())
        services.decide(made, key=key, label="SP2", note="CANARY 1", reviewer="ana")
        services.skip(made, key=key + 1, reason="later")
        yield made


def recipe(folder: Path, exported: Path) -> subprocess.CompletedProcess[str]:
    """Run the program of docs/audit.md on a file, in a place where Docket cannot be imported."""
    program = folder / "check.py"
    program.write_text(RECIPE, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", program, exported], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_recipe_is_short_and_needs_two_libraries() -> None:
    imported = set(re.findall(r"^(?:import|from) (.+?)(?: import .*)?$", RECIPE, re.MULTILINE))
    assert imported == {
        "hashlib, json, sys", "rfc8785", "cryptography.hazmat.primitives.asymmetric.ed25519",
    }  # fmt: skip
    assert len([line for line in RECIPE.splitlines() if line and not line.startswith(("import", "from"))]) <= 20


def test_an_outsider_verifies_an_export(workspace: Workspace, tmp_path: Path) -> None:
    events = len(audit_kinds(workspace))
    summary = services.export_audit(workspace, out=tmp_path / "chain.jsonl")
    done = recipe(tmp_path, summary.path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{events} events hold, signed by {workspace.store.public_key()}\n"
    assert audit_kinds(workspace)[-1] == "exported"
    [last] = services.audit_events(workspace, limit=1)
    assert (last.details["what"], last.details["sha256"]) == ("audit", summary.sha256)
    assert all(check.ok for check in services.verify(workspace))


def _replace(number: int, **changes: Any) -> Callable[[Lines], Lines]:
    def change(lines: Lines) -> Lines:
        lines[number] = {**lines[number], **changes}
        return lines

    return change


def _payload(lines: Lines) -> Lines:
    lines[3]["payload"]["actor"] = "eve"
    return lines


FORGERIES: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "an event is gone": (lambda lines: lines[:3] + lines[4:], "event 3 is missing"),
    "an event was changed": (_payload, "event 3 was changed"),
    "a hash was changed": (_replace(2, hash="00"), "event 2 was changed"),
    "the checkpoints are gone": (lambda lines: [line for line in lines if "checkpoint" not in line], "KeyError"),
    "the tail is gone": (lambda lines: lines[:-2] + lines[-1:], "IndexError"),
    "a signature was changed": (_replace(-1, signature="00" * 64), "InvalidSignature"),
    "a checkpoint was changed": (_replace(-1, size=1), "InvalidSignature"),
    "the header was changed": (_replace(0, size=2), "the end is gone"),
    "another key": (_replace(0, signing_key="11" * 32), "InvalidSignature"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_outsider_finds_a_forgery(workspace: Workspace, tmp_path: Path, forgery: str) -> None:
    change, found = FORGERIES[forgery]
    summary = services.export_audit(workspace, out=tmp_path / "chain.jsonl")
    lines = [json.loads(line) for line in summary.path.read_text(encoding="utf-8").splitlines()]
    summary.path.write_text("".join(json.dumps(line) + "\n" for line in change(lines)), encoding="utf-8")
    done = recipe(tmp_path, summary.path)
    assert done.returncode != 0
    assert found in done.stderr


def test_an_export_never_overwrites(workspace: Workspace, tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    before = audit_kinds(workspace)
    for path in (mine, link):
        with pytest.raises(ExportError, match="is there already"):
            services.export_audit(workspace, out=path)
    assert mine.read_text() == "mine"
    assert audit_kinds(workspace) == before


def test_neither_note_nor_content_is_in_the_chain(workspace: Workspace, tmp_path: Path) -> None:
    summary = services.export_audit(workspace, out=tmp_path / "chain.jsonl")
    text = summary.path.read_text(encoding="utf-8")
    assert "CANARY" not in text
    assert '"note_sha256":"' in text


def test_events_are_found_by_kind_actor_and_time(workspace: Workspace) -> None:
    everything = services.audit_events(workspace, limit=100)
    assert [event.number for event in everything] == list(range(len(everything), 0, -1))
    assert [event.kind for event in reversed(everything)] == audit_kinds(workspace)
    [decided] = services.audit_events(workspace, kind="decision")
    assert (decided.actor, decided.details["reviewer"], decided.details["imported"]) == ("kim", "ana", True)
    assert services.audit_events(workspace, kind="decision.recorded") == [decided]
    assert services.audit_events(workspace, kind="dec") == []
    assert services.audit_events(workspace, actor="ana") == []
    assert services.audit_events(workspace, since=utc_now() + timedelta(hours=1)) == []
    assert services.audit_events(workspace, since=everything[-1].at, limit=100) == everything
    assert len(services.audit_events(workspace, limit=2)) == 2


def test_an_event_that_cannot_be_read_is_named(workspace: Workspace, tmp_path: Path) -> None:
    key = bytes.fromhex(workspace.store._db._key)
    with raw_connection(tmp_path / "w", key) as connection:
        connection.execute("DROP TRIGGER audit_event_no_update")
        connection.execute("UPDATE audit_event SET payload = '{}' WHERE id = 2")
    with pytest.raises(StorageError, match="Event 2"):
        services.audit_events(workspace, limit=100)
    with pytest.raises(StorageError, match="Event 2"):
        services.export_audit(workspace, out=tmp_path / "chain.jsonl")
    assert not (tmp_path / "chain.jsonl").exists()
