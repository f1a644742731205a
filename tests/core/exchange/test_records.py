"""The JSON shapes hold exactly the promised fields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.domain import (
    Cause,
    Check,
    ClassifySummary,
    Decision,
    Effort,
    EntryState,
    ImportSummary,
    Item,
    ItemKind,
    Label,
    ModelInfo,
    OutputForm,
    PolicyStats,
    PolicyVersion,
    PromptToken,
    PromptView,
    RejectedRow,
    Review,
    Rule,
    Turn,
    Verdict,
    VerdictStatus,
)
from core.errors import UsageError
from core.exchange import records
from core.intake.records import build_item

VERDICT_FIELDS = [
    "item", "policy", "policy_hash", "status", "label", "violates", "score", "rationale", "reasoning", "rule_ids",
    "quotes", "model", "model_sha256", "prompt_sha256", "prompt_tokens", "output_tokens", "seconds", "effort",
    "raw_output",
]  # fmt: skip
DECISION_FIELDS = [
    "id", "policy", "policy_hash", "label", "agrees", "cause", "rule_id", "note", "reviewer", "blind", "seconds",
    "decided_at", "imported",
]  # fmt: skip

VERDICT = Verdict("a", "spam", "ff", VerdictStatus.PARSED, "SP4", True, 0.75, effort=Effort.LOW, quotes=("buy",))
DECISION = Decision(
    "a", "spam", "ff", "SP0", False, False, "kim", datetime(2026, 1, 2, 3, tzinfo=UTC), Cause.BORDERLINE, blind=True
)
TALK = Item("a", ItemKind.CONVERSATION, "two", None, (Turn("user", "one"), Turn("bot", "two")), 1, {"k": 1}, "spam")
POLICY = PolicyVersion(
    "ff", "spam", "Spam", "doc", "body", (Label("SP4", "Bad", True, 4, True, ("INVALID",)),),
    (Rule("SP4.a", "text", "SP4", "Violates"),), {"Violates": "…"}, (ItemKind.MESSAGE,), OutputForm.BINARY, Effort.LOW,
)  # fmt: skip


def test_verdict_has_exactly_the_promised_fields() -> None:
    shown = records.verdict_to_dict(VERDICT)
    assert list(shown) == VERDICT_FIELDS
    assert (shown["status"], shown["effort"], shown["quotes"]) == ("parsed", "low", ["buy"])


def test_decision_has_exactly_the_promised_fields() -> None:
    shown = records.decision_to_dict(DECISION)
    assert list(shown) == DECISION_FIELDS
    assert (shown["cause"], shown["agrees"], shown["decided_at"]) == (
        "borderline",
        False,
        "2026-01-02T03:00:00.000000Z",
    )


def test_times_are_shown_in_utc() -> None:
    moment = datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert records.time_to_text(moment) == "2026-01-01T21:30:00.000000Z"
    assert records.time_to_text(None) is None


@pytest.mark.parametrize(
    "item",
    [
        TALK,
        Item("b", ItemKind.MESSAGE, "hello"),
        Item("c", ItemKind.REPLY, "no", "yes?", metadata={"policy": "x", "target": 1}),
    ],
)
def test_an_exported_item_reads_back_as_itself(item: Item) -> None:
    shown = records.item_to_dict(item, [VERDICT], [DECISION])
    assert [list(verdict) for verdict in shown["verdicts"]] == [VERDICT_FIELDS]
    assert [list(decision) for decision in shown["decisions"]] == [DECISION_FIELDS]
    again = build_item(records.item_to_dict(item), policies={"spam"})
    assert again == item
    assert again.content_hash == item.content_hash


def test_disagreement_is_the_decision_with_both_sides() -> None:
    shown = records.disagreement_to_dict(DECISION, TALK, VERDICT)
    assert list(shown) == [*DECISION_FIELDS, "messages", "target", "verdict"]
    assert shown["verdict"]["label"] == "SP4"
    assert shown["agrees"] is False


def test_queue_document() -> None:
    review = Review(3, EntryState.JUDGED, TALK, POLICY, VERDICT, None)
    assert records.queue_to_dict(9, [review]) == {
        "total": 9,
        "items": [
            {
                "id": "a",
                "state": "judged",
                "content": "two",
                "policy": "spam",
                "verdict": records.verdict_to_dict(VERDICT),
            }
        ],
    }
    assert records.queue_item_to_dict(Review(3, EntryState.PENDING, TALK, None, None, None))["verdict"] is None


def test_policy_document() -> None:
    shown = records.policy_to_dict(POLICY)
    assert {"id", "title", "hash", "labels", "sections", "rules"} <= set(shown)
    assert {"code", "name", "violates", "severity"} <= set(shown["labels"][0])
    assert shown["rules"][0]["id"] == "SP4.a"


def test_import_document_sums_the_files() -> None:
    first = ImportSummary(3, 1, 1, (RejectedRow(2, "not JSON"),), 1, 0)
    second = ImportSummary(2, 2, 0, (), 0, 2)
    assert records.import_to_dict([first, second]) == {
        "read": 5,
        "stored": 3,
        "duplicates": 1,
        "rejected": [{"line": 2, "reason": "not JSON"}],
        "verdicts": 1,
        "decisions": 2,
        "quarantined": 0,
        "formats": ["", ""],
        "notes": [[], []],
        "continued_from": [0, 0],
        "scored": 0,
    }


def test_classify_and_stats_documents_count_every_status() -> None:
    model = ModelInfo("m", "aa", "chatml", "file")
    summary = ClassifySummary(2, {VerdictStatus.PARSED: 2}, 4.0, 90, model)
    shown = records.classify_to_dict(summary)
    assert [shown[name] for name in ("judged", "parsed", "failed", "items_per_s", "model_sha256")] == [
        2, 2, 0, 0.5, "aa",
    ]  # fmt: skip
    figures = PolicyStats("spam", 4, 3, 2, 2, 0.5, None, 1.0, 0.5, 2 / 3, {VerdictStatus.UNPARSED: 1})
    row = records.stats_to_dict([figures])["policies"][0]
    assert (row["policy"], row["kappa"], row["by_status"]["unparsed"], row["by_status"]["parsed"]) == (
        "spam",
        None,
        1,
        0,
    )


def test_inspect_verify_and_error_documents() -> None:
    view = PromptView("x", (PromptToken(1, "x", "content", False),), "ee")
    shown = records.prompt_to_dict(view, VERDICT)
    assert shown["tokens"] == [{"id": 1, "text": "x", "span": "content", "control": False}]
    assert records.prompt_to_dict(view, None)["verdict"] is None
    checks = [Check("pages", True, "fine"), Check("chain", False, "broken", "restore a backup")]
    assert records.checks_to_dict(checks)["ok"] is False
    assert records.checks_to_dict(checks[:1])["ok"] is True
    error = records.error_to_dict(UsageError("No such item.", "List them."))
    assert error == {"error": {"title": UsageError.title, "message": "No such item.", "hint": "List them."}}
