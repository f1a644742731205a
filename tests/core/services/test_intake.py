"""Import through the verb: every record is stored, known, or listed with a reason, and nothing is stored twice."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import services
from core.domain import Decision, EntryState, ImportSummary, ItemKind, QueueFilter, RejectedRow, VerdictStatus
from core.errors import CancelledError, InputError, UsageError
from core.services.intake import BATCH_RECORDS
from core.services.workspace import Workspace
from tests.fixtures.workspaces import audit_kinds, new_workspace, write_lines

POLICY = "# Ads\n\nDecide whether the content is VALID or INVALID.\n\nVALID: no ad.\nINVALID: an ad.\n"
RUN = {
    "id": "v1",
    "policy": "ads",
    "messages": [{"role": "user", "content": "buy now"}],
    "expected": "INVALID",
    "model": "guard-20b",
    "output": "INVALID",
    "reasoning": "It sells.",
    "finish_reason": "stop",
    "prompt_tokens": 11,
    "completion_tokens": 2,
    "suite": "ads",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w") as made:
        yield made


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "ads.txt").write_text(POLICY)
    return folder


def bring_in(workspace: Workspace, records: list[Any], **options: Any) -> ImportSummary:
    path = write_lines(workspace.folder.parent / "in.jsonl", records)
    return services.import_file(workspace, path=path, **options)


def figures(summary: ImportSummary) -> tuple[int, int, int, int]:
    return summary.read, summary.stored, summary.duplicates, len(summary.rejected)


def decisions_on(workspace: Workspace, item_id: str, policy_id: str) -> list[Decision]:
    return workspace.store.decisions_of(item_id, policy_id)


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
    (decision,) = decisions_on(workspace, "a", "spam")
    assert (decision.reviewer, decision.label, decision.imported) == ("import:label", "SP0", True)
    assert (decision.agrees, decision.verdict_key, decision.blind) == (None, None, False)


def test_labels_can_follow_later_and_never_replace_a_decision(workspace: Workspace) -> None:
    records = [{"id": name, "content": name, "policy": "spam", "label": "SP0"} for name in "ab"]
    bring_in(workspace, records)
    key = services.find_entry(workspace, item_id="a", policy_id="spam")
    services.decide(workspace, key=key, label="SP4")
    summary = bring_in(workspace, records, decide_from="label")
    assert figures(summary) == (2, 1, 1, 0)
    assert [decision.reviewer for decision in decisions_on(workspace, "a", "spam")] == ["kim"]
    assert [decision.reviewer for decision in decisions_on(workspace, "b", "spam")] == ["import:label"]
    assert figures(bring_in(workspace, records, decide_from="label")) == (2, 0, 2, 0)


# Recorded verdicts


def test_recorded_verdicts_bring_item_policy_verdict_and_decision(workspace: Workspace, policies: Path) -> None:
    summary = bring_in(workspace, [RUN], policies=policies, decide_from="expected")
    assert figures(summary) == (1, 1, 0, 0)
    assert (summary.verdicts, summary.decisions) == (1, 1)
    review = services.get_review(workspace, key=services.find_entry(workspace, item_id="v1", policy_id="ads"))
    assert review.state is EntryState.DECIDED
    assert review.item.content == "buy now"
    assert review.item.metadata == {"suite": "ads", "expected": "INVALID"}
    assert review.policy is not None
    assert review.policy.document == POLICY
    verdict, decision = review.verdict, review.decision
    assert verdict is not None
    assert (verdict.status, verdict.violates, verdict.reasoning) == (VerdictStatus.PARSED, True, "It sells.")
    assert (verdict.model, verdict.model_sha256, verdict.raw_output) == ("guard-20b", "", "INVALID")
    assert (verdict.prompt_tokens, verdict.output_tokens, verdict.effort) == (11, 2, None)
    assert decision is not None
    assert (decision.reviewer, decision.agrees, decision.verdict_key) == ("import:expected", True, verdict.key)
    assert decision.imported


def test_expected_is_only_a_decision_when_asked_for(workspace: Workspace, policies: Path) -> None:
    assert bring_in(workspace, [RUN], policies=policies).decisions == 0
    again = bring_in(workspace, [RUN], policies=policies, decide_from="expected")
    assert figures(again) == (1, 1, 0, 0)
    assert (again.verdicts, again.decisions) == (0, 1)
    (decision,) = decisions_on(workspace, "v1", "ads")
    assert decision.agrees is True


def test_importing_runs_again_stores_nothing_even_after_later_verdicts(workspace: Workspace, policies: Path) -> None:
    options = {"policies": policies, "decide_from": "expected"}
    bring_in(workspace, [RUN], **options)
    bring_in(workspace, [RUN | {"output": "VALID", "reasoning": "Second thoughts."}], **options)
    assert len(workspace.store.verdicts_of("v1")) == 2
    assert figures(bring_in(workspace, [RUN], **options)) == (1, 0, 1, 0)
    assert len(decisions_on(workspace, "v1", "ads")) == 1


def test_one_item_under_two_policies(workspace: Workspace, policies: Path) -> None:
    (policies / "tricks.txt").write_text(POLICY.replace("Ads", "Tricks"))
    other = RUN | {"policy": "tricks", "output": "VALID"}
    assert figures(bring_in(workspace, [RUN, other, other], policies=policies)) == (3, 2, 0, 1)
    assert len(services.queue_ids(workspace, filter=QueueFilter())) == 2
    changed = other | {"messages": [{"role": "user", "content": "else"}]}
    summary = bring_in(workspace, [RUN | {"id": "v2"}, changed | {"id": "v2"}], policies=policies)
    assert figures(summary) == (2, 1, 0, 1)
    assert "other content" in summary.rejected[0].reason


def test_conversations_are_judged_at_their_last_turn(workspace: Workspace, policies: Path) -> None:
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]
    bring_in(workspace, [RUN | {"messages": turns}], policies=policies)
    item = workspace.store.get_item("v1")
    assert item is not None
    assert (item.kind, item.content, item.target) == (ItemKind.CONVERSATION, "c", 2)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"output": "perhaps"}, VerdictStatus.UNPARSED),
        ({"output": ""}, VerdictStatus.UNPARSED),
        ({"finish_reason": "length"}, VerdictStatus.TRUNCATED),
        ({"finish_reason": "content_filter"}, VerdictStatus.FAILED),
        ({"finish_reason": None, "reasoning": None, "prompt_tokens": None}, VerdictStatus.PARSED),
    ],
)
def test_what_cannot_be_read_waits_for_a_human(
    workspace: Workspace, policies: Path, changes: dict[str, Any], status: VerdictStatus
) -> None:
    bring_in(workspace, [RUN | changes], policies=policies, format="verdicts")
    verdict = workspace.store.get_verdict("v1", "ads")
    assert verdict is not None
    assert verdict.status is status
    assert (verdict.violates is None) == (status is not VerdictStatus.PARSED)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"policy": "nowhere"}, "names no file in the policies folder"),
        ({"policy": "../secret"}, "names no file in the policies folder"),
        ({"policy": "../policies/ads"}, "names no file in the policies folder"),
        ({"policy": "/etc/passwd"}, "names no file in the policies folder"),
        ({"policy": "ads\0"}, "names no file in the policies folder"),
        ({"policy": ""}, "`policy` is missing"),
        ({"policy": 3}, "`policy` must be text, found number"),
        ({"policy": "empty"}, "the policy file cannot be used"),
        ({"policy": "latin"}, "cannot be read as UTF-8"),
        ({"policy": "twice"}, "names more than one file"),
        ({"policy": "spam"}, "differs from the policy of that id in this workspace"),
        ({"output": None}, "`output` is missing"),
        ({"model": None}, "`model` is missing"),
        ({"prompt_tokens": -1}, "`prompt_tokens` is out of range"),
        ({"completion_tokens": "7"}, "`completion_tokens` must be a whole number, found text"),
        ({"expected": "maybe"}, "decision not recorded: `expected` is no label of the policy"),
    ],
)
def test_records_that_go_with_no_policy_or_are_malformed_are_listed(
    workspace: Workspace, policies: Path, changes: dict[str, Any], reason: str
) -> None:
    (policies.parent / "secret.txt").write_text(POLICY)
    (policies / "empty.txt").write_text("")
    (policies / "latin.txt").write_bytes(b"\xff\xfe\xfd")
    (policies / "twice.txt").write_text(POLICY)
    (policies / "twice.md").write_text(POLICY)
    (policies / "spam.txt").write_text(POLICY.replace("Ads", "Spam"))
    summary = bring_in(workspace, [RUN | changes], policies=policies, decide_from="expected", format="verdicts")
    assert figures(summary) == (1, 0, 0, 1)
    assert reason in summary.rejected[0].reason
    assert workspace.store.get_item("v1") is None
    assert len(workspace.store.policy_history("spam")) == 1


def test_without_a_folder_the_policy_is_the_workspaces_own(workspace: Workspace) -> None:
    good = RUN | {"policy": "spam", "output": "SP0", "expected": "SP0"}
    unnamed = {name: value for name, value in good.items() if name != "policy"} | {"id": "v2"}
    summary = bring_in(workspace, [good, RUN | {"id": "v3"}], decide_from="expected")
    assert figures(summary) == (2, 1, 0, 1)
    assert summary.rejected[0].reason == "`policy` names no policy of this workspace"
    assert figures(bring_in(workspace, [unnamed], format="verdicts", policy_id="spam")) == (1, 1, 0, 0)
    verdict = workspace.store.get_verdict("v2", "spam")
    assert verdict is not None
    assert verdict.label == "SP0"


def test_policy_files_join_the_workspace_once(workspace: Workspace, policies: Path) -> None:
    bring_in(workspace, [RUN, RUN | {"id": "v2"}], policies=policies)
    bring_in(workspace, [RUN | {"id": "v3"}], policies=policies)
    assert [version.version for version in workspace.store.policy_history("ads")] == [1]


def test_a_policies_folder_goes_with_verdicts_only(workspace: Workspace, policies: Path) -> None:
    with pytest.raises(UsageError, match="policies folder"):
        bring_in(workspace, [{"id": "a", "content": "x"}], policies=policies)
    with pytest.raises(InputError, match="policies folder"):
        bring_in(workspace, [RUN], policies=policies / "nowhere")


# The verb itself


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_files_that_cannot_be_read_are_known_failures(workspace: Workspace, tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        services.import_file(workspace, path=tmp_path / name)
    assert caught.value.hint


def test_other_formats_are_refused_by_name_and_by_content(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("id,content\n1,x\n")
    with pytest.raises(UsageError, match="csv"):
        services.import_file(workspace, path=tmp_path / "rows.csv", format="csv")
    with pytest.raises(InputError, match="no JSON object"):
        services.import_file(workspace, path=tmp_path / "rows.csv")


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


@given(some_lines, st.sampled_from(["auto", "jsonl", "verdicts"]), st.sampled_from([None, "label"]))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_accounted_for(shared: Workspace, lines: list[bytes], name: str, decide_from: str | None) -> None:
    path = shared.folder.parent / "any"
    path.write_bytes(b"\n".join(lines))
    try:
        summary = services.import_file(shared, path=path, format=name, decide_from=decide_from)
    except InputError as error:
        assert "not a text file" in error.message or "UTF-16" in error.message or "JSON list" in error.message  # noqa: PT017
        return
    assert summary.read == summary.stored + summary.duplicates + len(summary.rejected)
    numbers = [row.line for row in summary.rejected]
    assert numbers == sorted(set(numbers))


# Real data


def test_all_recorded_runs_come_in(workspace: Workspace, docket_data: Path) -> None:
    folder = docket_data / "recorded_verdicts"
    options: dict[str, Any] = {"policies": folder / "policies", "decide_from": "expected"}
    path = folder / "verdicts.jsonl"
    summary = services.import_file(workspace, path=path, **options)
    assert figures(summary) == (841, 841, 0, 0)
    assert (summary.verdicts, summary.decisions) == (841, 841)
    assert figures(services.import_file(workspace, path=path, **options)) == (841, 0, 841, 0)
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    kinds: Counter[ItemKind] = Counter()
    for record in records:
        item = workspace.store.get_item(record["id"])
        assert item is not None
        assert item.content == record["messages"][-1]["content"]
        kinds[item.kind] += 1
        (verdict,) = workspace.store.verdicts_of(record["id"])
        assert (verdict.raw_output, verdict.output_tokens) == (record["output"], record["completion_tokens"])
        if record["output"] in ("VALID", "INVALID"):
            assert verdict.violates == (record["output"] == "INVALID")
        (decision,) = decisions_on(workspace, record["id"], record["policy"])
        assert decision.violates == (record["expected"] == "INVALID")
    assert kinds == {ItemKind.MESSAGE: 798, ItemKind.CONVERSATION: 43}
