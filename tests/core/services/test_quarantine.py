"""Refused rows wait with their bytes, come in once mended, and leave no other way than by name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import services
from core.domain import QuarantinedRow, utc_now
from core.errors import CancelledError, UsageError
from core.services.workspace import Workspace
from tests.fixtures.workspaces import audit_kinds, bring_in, figures, new_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w", policies=["spam"]) as made:
        yield made


def rows(workspace: Workspace) -> list[QuarantinedRow]:
    return services.quarantine_rows(workspace, keys=services.quarantine_keys(workspace))


def test_bad_lines_wait_with_line_reason_and_bytes_once(workspace: Workspace) -> None:
    lines: list[object] = ["""{"id": "a", "content": "äöü äöü"}""", b"{broken \xff", {"id": "b"}]
    lines.append(b'{"id": "c", "content": "' + b"x" * 5_000_000)
    for _ in range(2):
        summary = bring_in(workspace, lines)
        assert (len(summary.rejected), summary.quarantined) == (3, 3)
        kept = rows(workspace)
        assert [(row.source, row.line, row.whole) for row in kept] == [
            ("in.jsonl", 2, True), ("in.jsonl", 3, True), ("in.jsonl", 4, False),
        ]  # fmt: skip
        assert kept[0].raw == b"{broken \xff"
        assert kept[1].reason == "`content` is missing"


def test_a_mended_row_comes_in_and_leaves(workspace: Workspace) -> None:
    bring_in(workspace, [{"id": "ok", "content": "x"}, b"{broken"])
    [row] = rows(workspace)
    summary = services.mend_quarantined(workspace, key=row.key, raw=b'{"id": "a"}')
    assert figures(summary) == (1, 0, 0, 1)
    [row] = rows(workspace)
    assert (row.raw, row.reason) == (b'{"id": "a"}', "`content` is missing")
    assert figures(services.mend_quarantined(workspace, key=row.key, raw=b'{"id": "a", "content": "y"}')) == (
        1,
        1,
        0,
        0,
    )
    assert rows(workspace) == []
    item = workspace.store.get_item("a")
    assert item is not None
    assert item.content == "y"
    assert audit_kinds(workspace).count("quarantine.released") == 2


def test_a_row_is_read_by_the_plan_of_its_file(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("key;text;gold\n1;fine;SP0\n2;too;many;SP4\n")
    services.import_file(
        workspace, path=path, field_map={"id": "key", "content": "text"}, policy_id="spam", decide_from="gold"
    )
    [row] = rows(workspace)
    summary = services.mend_quarantined(workspace, key=row.key, raw=b"2;too, many;SP4\n3;more;SP0\n")
    assert (figures(summary), summary.decisions) == ((2, 2, 0, 0), 2)
    [decision] = workspace.store.decisions_of("2", "spam")
    assert (decision.label, decision.reviewer) == ("SP4", "import:gold")


def test_rows_are_tried_again_when_their_policy_came(workspace: Workspace) -> None:
    record = {"id": "a", "content": "x", "policy": "harassment", "output": "HR0", "model": "m"}
    bring_in(workspace, [record])
    keys = services.quarantine_keys(workspace)
    assert figures(services.retry_quarantined(workspace, keys=keys)) == (1, 0, 0, 1)
    assert services.quarantine_keys(workspace) == keys
    services.add_policy(workspace, path=Path(__file__).parents[3] / "policies" / "harassment.md")
    assert figures(services.retry_quarantined(workspace, keys=keys)) == (1, 1, 0, 0)
    assert services.quarantine_size(workspace) == 0


def test_rows_are_dropped_by_name_and_purged_by_age(workspace: Workspace) -> None:
    bring_in(workspace, [b"one", b"two", b"three"])
    first, second, _ = services.quarantine_keys(workspace)
    assert services.drop_quarantined(workspace, keys=[first]) == 1
    with pytest.raises(UsageError, match="no row"):
        services.get_quarantined(workspace, key=first)
    assert services.get_quarantined(workspace, key=second).raw == b"two"
    services.purge(workspace, before=utc_now() - timedelta(days=1), confirm=0)
    assert services.quarantine_size(workspace) == 2
    services.purge(workspace, before=utc_now(), confirm=0)
    assert services.quarantine_size(workspace) == 0
    assert all(check.ok for check in services.verify(workspace))


def test_rows_of_one_table_leave_under_their_columns_and_the_chain_names_the_file(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text('key;"a; text"\n1;fine\n2;too;many\n3;"as; many";more\n4;good\n5;good\n6;good\n')
    services.import_file(workspace, path=path, field_map={"id": "key", "content": "a; text"})
    keys = services.quarantine_keys(workspace)
    assert services.write_quarantined(workspace, keys=keys, out=tmp_path / "out.csv") == 2
    assert (tmp_path / "out.csv").read_text() == 'key;"a; text"\n2;too;many\n3;"as; many";more\n'
    assert audit_kinds(workspace)[-1] == "exported"
    bring_in(workspace, [b"{broken"])
    services.write_quarantined(workspace, keys=services.quarantine_keys(workspace), out=tmp_path / "mixed")
    assert (tmp_path / "mixed").read_text() == '2;too;many\n3;"as; many";more\n{broken\n'
    assert [row.raw for row in services.quarantine_rows(workspace, keys=keys, with_raw=False)] == [b"", b""]
    with pytest.raises(UsageError, match="no row to write"):
        services.write_quarantined(workspace, keys=[], out=tmp_path / "none")


def test_a_long_retry_tells_how_far_it_is_and_stops_when_asked(workspace: Workspace) -> None:
    bring_in(workspace, [b"one", b"two"])
    keys = services.quarantine_keys(workspace)
    told: list[tuple[int, int]] = []
    services.retry_quarantined(workspace, keys=keys, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError, match="after 0 of 2"):
        services.retry_quarantined(workspace, keys=keys, cancel=stop)
    assert services.quarantine_keys(workspace) == keys
