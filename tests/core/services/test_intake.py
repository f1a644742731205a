"""Import through the verb: every record is stored, known, or listed with a reason, and nothing is stored twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core import services
from core.domain import ItemKind, QueueFilter, RejectedRow
from core.errors import CancelledError, InputError, UsageError
from core.intake.detect import is_bundle
from core.services.intake import BATCH_RECORDS
from core.services.workspace import Workspace
from tests.fixtures.workspaces import audit_kinds, bring_in, figures, new_workspace, write_lines


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w") as made:
        yield made


# Items


def test_good_lines_are_in_and_bad_ones_listed(workspace: Workspace) -> None:
    talk = {"id": "c", "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}]}
    summary = bring_in(
        workspace,
        [
            {"id": "a", "content": "one", "lang": "de"},
            "",
            "{broken",
            {"id": "b", "content": "no", "parent": "yes?", "policy": "spam"},
            talk | {"target": 0},
            {"content": "no id"},
            {"id": "a", "content": "again"},
            b'{"id": "x", "content": "' + b"x" * 5_000_000 + b'"}',
            b'{"id": "y", "content": "\\ud800"}',
        ],
    )
    assert figures(summary) == (8, 3, 0, 5)
    assert [row.line for row in summary.rejected] == [3, 6, 7, 8, 9]
    assert "longer than 4 MiB" in summary.rejected[3].reason
    first, second, third = (workspace.store.get_item(name) for name in "abc")
    assert first is not None
    assert (first.kind, first.metadata) == (ItemKind.MESSAGE, {"lang": "de"})
    assert second is not None
    assert (second.kind, second.parent, second.policy) == (ItemKind.REPLY, "yes?", "spam")
    assert third is not None
    assert (third.kind, third.content, third.target) == (ItemKind.CONVERSATION, "hi", 0)
    assert len(services.queue_ids(workspace, filter=QueueFilter())) == 3


def test_importing_a_file_again_stores_nothing(workspace: Workspace) -> None:
    records = [{"id": str(number), "content": f"text {number}"} for number in range(3)]
    assert figures(bring_in(workspace, records)) == (3, 3, 0, 0)
    events = audit_kinds(workspace)
    assert figures(bring_in(workspace, records)) == (3, 0, 3, 0)
    assert audit_kinds(workspace) == events


def test_an_id_never_changes_its_content(workspace: Workspace) -> None:
    bring_in(workspace, [{"id": "a", "content": "one"}])
    summary = bring_in(workspace, [{"id": "b", "content": "two"}, {"id": "a", "content": "other"}])
    assert figures(summary) == (2, 1, 0, 1)
    assert summary.rejected == (RejectedRow(2, "`id` already belongs to other content in this workspace"),)
    item = workspace.store.get_item("a")
    assert item is not None
    assert item.content == "one"


def test_every_batch_leaves_one_audit_event_for_its_items(workspace: Workspace) -> None:
    records = [{"id": str(number), "content": "x"} for number in range(BATCH_RECORDS + 1)]
    bring_in(workspace, records)
    assert audit_kinds(workspace).count("items.imported") == 2


def test_policy_restricts_every_item(workspace: Workspace) -> None:
    bring_in(
        workspace, [{"id": "a", "content": "x"}, {"id": "b", "content": "x", "policy": "spam"}], policy_id="harassment"
    )
    items = [workspace.store.get_item(name) for name in "ab"]
    assert [item.policy for item in items if item] == ["harassment", "harassment"]
    assert [item.metadata for item in items if item] == [{}, {"policy": "spam"}]


def test_a_policy_that_is_not_there_is_wrong_usage_before_anything_is_read(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="no policy"):
        services.import_file(workspace, path=Path("/nowhere"), policy_id="nope")


def test_fields_are_read_from_mapped_columns(workspace: Workspace) -> None:
    summary = bring_in(workspace, [{"uid": 5, "text": "x"}], field_map={"id": "uid", "content": "text"})
    assert figures(summary) == (1, 1, 0, 0)
    assert workspace.store.get_item("5") is not None
    with pytest.raises(UsageError, match="mapped field"):
        bring_in(workspace, [{"uid": 5}], field_map={"identifier": "uid"})


def test_labels_become_decisions_by_import(workspace: Workspace) -> None:
    records = [
        {"id": "a", "content": "x", "policy": "spam", "label": "SP0"},
        {"id": "b", "content": "y", "policy": "spam"},
        {"id": "c", "content": "z", "policy": "spam", "label": "nonsense"},
    ]
    summary = bring_in(workspace, records, decide_from="label")
    assert figures(summary) == (3, 2, 0, 1)
    assert (summary.decisions, summary.verdicts) == (1, 0)
    assert summary.rejected == (RejectedRow(3, "decision not recorded: `label` is no label of the policy"),)
    (decision,) = workspace.store.decisions_of("a", "spam")
    assert (decision.reviewer, decision.label, decision.imported) == ("import:label", "SP0", True)
    assert (decision.agrees, decision.verdict_key, decision.blind) == (None, None, False)


def test_labels_can_follow_later_and_never_replace_a_decision(workspace: Workspace) -> None:
    records = [{"id": name, "content": name, "policy": "spam", "label": "SP0"} for name in "ab"]
    bring_in(workspace, records)
    key = services.find_entry(workspace, item_id="a", policy_id="spam")
    services.decide(workspace, key=key, label="SP4")
    summary = bring_in(workspace, records, decide_from="label")
    assert figures(summary) == (2, 1, 1, 0)
    assert [decision.reviewer for decision in workspace.store.decisions_of("a", "spam")] == ["kim"]
    assert [decision.reviewer for decision in workspace.store.decisions_of("b", "spam")] == ["import:label"]
    assert figures(bring_in(workspace, records, decide_from="label")) == (2, 0, 2, 0)


# The verb itself


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_files_that_cannot_be_read_are_known_failures(workspace: Workspace, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        services.import_file(workspace, path=tmp_path / name)
    assert caught.value.hint


def test_what_is_no_text_with_records_is_refused_by_name_and_by_content(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>hello</p>\n")
    with pytest.raises(UsageError, match="no import format"):
        services.import_file(workspace, path=tmp_path / "page.html", format="html")
    with pytest.raises(InputError, match="no text that holds records"):
        services.import_file(workspace, path=tmp_path / "page.html")


def test_progress_ends_at_the_whole_file(workspace: Workspace, tmp_path: Path) -> None:
    records = [{"id": str(number), "content": "x"} for number in range(2 * BATCH_RECORDS + 1)]
    path = write_lines(tmp_path / "many.jsonl", records)
    seen: list[tuple[int, int]] = []
    services.import_file(workspace, path=path, progress=lambda done, total: seen.append((done, total)))
    size = path.stat().st_size
    assert len(seen) == 3
    assert seen == sorted(seen)
    assert seen[-1] == (size, size)


def test_cancelling_keeps_finished_batches_and_going_on_completes_them(workspace: Workspace, tmp_path: Path) -> None:
    records = [{"id": str(number), "content": "x"} for number in range(3 * BATCH_RECORDS)]
    path = write_lines(tmp_path / "many.jsonl", records)
    cancel = threading.Event()
    with pytest.raises(CancelledError, match=f"{BATCH_RECORDS} are stored"):
        services.import_file(workspace, path=path, progress=lambda done, total: cancel.set(), cancel=cancel)
    assert services.queue_counts(workspace).total == BATCH_RECORDS
    summary = services.import_file(workspace, path=path)
    assert figures(summary) == (3 * BATCH_RECORDS, 2 * BATCH_RECORDS, BATCH_RECORDS, 0)


def test_large_records_end_a_batch_early(workspace: Workspace, tmp_path: Path) -> None:
    records = [{"id": str(number), "content": "x" * 4_000_000} for number in range(5)]
    seen: list[int] = []
    summary = services.import_file(
        workspace, path=write_lines(tmp_path / "large.jsonl", records), progress=lambda done, total: seen.append(done)
    )
    assert figures(summary) == (5, 5, 0, 0)
    assert len(seen) == 2


some_lines = st.lists(
    st.binary(max_size=40)
    | st.sampled_from(
        [
            b'{"id": "a", "content": "x"}',
            b'{"id": "a", "content": "y"}',
            b'{"id": 1, "content": "x", "policy": "spam", "label": "SP0"}',
            b'{"id": "v", "policy": "spam", "output": "SP0", "model": "m", "content": "x"}',
            b"",
            b"\xef\xbb\xbf",
            b"[" * 5000,
        ]
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with new_workspace(tmp_path_factory.mktemp("shared") / "w") as made:
        yield made


@pytest.mark.parametrize("head", [b"age-encryption.org/v1", b"-----BEGIN AGE ENCRYPTED FILE-----"])
def test_what_begins_like_a_bundle_is_never_read_as_rows(shared: Workspace, head: bytes) -> None:
    path = shared.folder.parent / "sealed"
    path.write_bytes(head + b'\n{"id": "in-a-bundle", "content": "x"}\n')
    assert is_bundle(path.read_bytes())
    for name in ("jsonl", "verdicts"):
        with pytest.raises(InputError, match="sealed bundle"):
            services.import_file(shared, path=path, format=name)
    assert shared.store.known_items(["in-a-bundle"]) == {}


@given(some_lines, st.sampled_from(["auto", "jsonl", "verdicts"]), st.sampled_from([None, "label"]))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_accounted_for(shared: Workspace, lines: list[bytes], name: str, decide_from: str | None) -> None:
    assume(not is_bundle(b"\n".join(lines)))  # a sealed bundle is no file of rows: see below, and test_bundles
    path = shared.folder.parent / "any"
    path.write_bytes(b"\n".join(lines))
    try:
        summary = services.import_file(shared, path=path, format=name, decide_from=decide_from)
    except InputError as error:
        assert any(known in error.message for known in ("not a text file", "UTF-16", "JSON list", "zip file", "gzip"))  # noqa: PT017
        return
    assert summary.read == summary.stored + summary.duplicates + len(summary.rejected)
    numbers = [row.line for row in summary.rejected]
    assert numbers == sorted(set(numbers))
