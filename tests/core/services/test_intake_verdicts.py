"""Recorded verdicts through the verb: item, policy, verdict and decision of each run, or the reason why not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import services
from core.domain import EntryState, ItemKind, QueueFilter, VerdictStatus
from core.errors import InputError, UsageError
from core.services.workspace import Workspace
from tests.fixtures.workspaces import bring_in, figures, new_workspace

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
    (decision,) = workspace.store.decisions_of("v1", "ads")
    assert decision.agrees is True


def test_importing_runs_again_stores_nothing_even_after_later_verdicts(workspace: Workspace, policies: Path) -> None:
    options = {"policies": policies, "decide_from": "expected"}
    bring_in(workspace, [RUN], **options)
    bring_in(workspace, [RUN | {"output": "VALID", "reasoning": "Second thoughts."}], **options)
    assert len(workspace.store.verdicts_of("v1")) == 2
    assert figures(bring_in(workspace, [RUN], **options)) == (1, 0, 1, 0)
    assert len(workspace.store.decisions_of("v1", "ads")) == 1


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
    assert summary.rejected[0].reason.startswith("`policy` names no policy of this workspace")
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
        (decision,) = workspace.store.decisions_of(record["id"], record["policy"])
        assert decision.violates == (record["expected"] == "INVALID")
    assert kinds == {ItemKind.MESSAGE: 798, ItemKind.CONVERSATION: 43}
