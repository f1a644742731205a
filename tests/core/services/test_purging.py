"""The verb purge: who may, what must be confirmed, and what exports and the desk say of it afterwards."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import services
from core.domain import QueueFilter, Role, utc_now
from core.errors import CancelledError, RoleError, UsageError
from core.services.workspace import Workspace
from tests.fixtures.workspaces import audit_kinds, bring_in, figures, new_workspace

ITEMS = [{"id": f"i-{n}", "content": f"canary {n}", "policy": "spam", "metadata": {"who": "canary"}} for n in range(3)]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Three items of which the first is decided."""
    with new_workspace(tmp_path / "w") as made:
        bring_in(made, ITEMS)
        [key, *_] = services.queue_ids(made, filter=QueueFilter())
        services.decide(made, key=key, label="SP2", note="canary")
        yield made


def purge_all(workspace: Workspace) -> datetime:
    """Remove everything so far; return the moment before which it was."""
    moment = utc_now()
    services.purge(workspace, before=moment, confirm=3)
    return moment


def test_content_goes_and_decisions_stay(workspace: Workspace) -> None:
    moment = utc_now()
    assert services.purge_plan(workspace, before=moment).items == 3
    steps: list[tuple[int, int]] = []
    summary = services.purge(
        workspace, before=moment, confirm=3, progress=lambda done, total: steps.append((done, total))
    )
    assert (summary.items, summary.notes, summary.compacted, summary.backups, summary.notes_in_chain) == (
        3, 1, True, 0, 0,
    )  # fmt: skip
    assert steps == [(3, 3)]
    assert audit_kinds(workspace)[-1] == "items.purged"
    [event] = services.audit_events(workspace, kind="items")[:1]
    assert [row[1] for row in event.details["items"]] == ["i-0", "i-1", "i-2"]
    assert all(check.ok for check in services.verify(workspace))
    assert services.purge_plan(workspace, before=utc_now()).items == 0


@pytest.mark.parametrize("what", ["items", "decisions", "disagreements"])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_exports_hold_the_hash_only(workspace: Workspace, tmp_path: Path, what: str, form: str) -> None:
    hashes = [item.content_hash for item in workspace.store.iter_items()]
    purge_all(workspace)
    out = tmp_path / f"out.{form}"
    services.export(workspace, what=what, out=out, format=form)
    text = out.read_text(encoding="utf-8")
    assert "canary" not in text
    if what == "items":
        assert all(digest in text for digest in hashes)
    if (what, form) == ("items", "jsonl"):
        first = json.loads(text.splitlines()[0])
        assert "content" not in first
        assert first["removed_at"].endswith("Z")
        assert first["decisions"][0]["label"] == "SP2"


def test_there_is_nothing_left_to_decide_or_to_bring_back(workspace: Workspace) -> None:
    purge_all(workspace)
    key = services.find_entry(workspace, item_id="i-1", policy_id="spam")
    with pytest.raises(UsageError, match="removed on"):
        services.decide(workspace, key=key, label="SP2")
    assert figures(bring_in(workspace, ITEMS)) == (3, 0, 3, 0)  # known by their hashes
    review = services.get_review(workspace, key=key)
    assert review.item.content == ""


def test_another_number_than_the_one_seen_removes_nothing(workspace: Workspace) -> None:
    for count in (0, 2, 4):
        with pytest.raises(UsageError, match=f"not {count}"):
            services.purge(workspace, before=utc_now(), confirm=count)
    assert services.purge_plan(workspace, before=utc_now()).items == 3
    assert "items.purged" not in audit_kinds(workspace)


def test_what_makes_no_sense_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="future"):
        services.purge_plan(workspace, before=utc_now() + timedelta(days=1))
    with pytest.raises(UsageError, match="no policy"):
        services.purge_plan(workspace, before=utc_now(), policy_id="nothing")
    assert services.purge_plan(workspace, before=datetime(2020, 1, 1, tzinfo=UTC)).items == 0
    assert services.purge_plan(workspace, before=utc_now(), policy_id="harassment").items == 0


def test_only_a_lead_may(workspace: Workspace) -> None:
    services.add_member(workspace, name="bo", role=Role.REVIEWER)
    services.save_settings(workspace, settings=replace(workspace.settings, reviewer="bo"))
    with pytest.raises(RoleError, match="needs a lead"):
        services.purge(workspace, before=utc_now(), confirm=3)


def test_stopping_removes_no_further_item(workspace: Workspace) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        services.purge(workspace, before=utc_now(), confirm=3, cancel=stop)
    assert services.purge_plan(workspace, before=utc_now()).items == 3


def test_backups_that_still_hold_it_are_counted(workspace: Workspace) -> None:
    services.make_backup(workspace)
    assert services.purge(workspace, before=utc_now(), confirm=3).backups == 1
