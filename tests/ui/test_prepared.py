"""What the panes show of a review: sections in order, the target found, quotes where they stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.domain import EntryState, Item, ItemKind, Review, Turn, Verdict, VerdictStatus
from ui.prepared import prepare


def review_of(item: Item, verdict: Verdict | None = None) -> Review:
    return Review(1, EntryState.JUDGED, item, None, verdict, None)


def verdict_of(status: VerdictStatus = VerdictStatus.PARSED, **fields: object) -> Verdict:
    return Verdict("i", "p", "h", status, **fields)  # type: ignore[arg-type]


def test_a_reply_shows_its_parent_first_and_muted() -> None:
    prepared = prepare(review_of(Item("i", ItemKind.REPLY, "the reply", parent="the parent")))
    parent, reply = prepared.content
    assert (parent.muted, parent.emphasis, parent.body.blocks) == (True, False, ("the parent",))
    assert (reply.muted, reply.emphasis, reply.body.blocks) == (False, True, ("the reply",))
    assert prepared.target == 1


@pytest.mark.parametrize(("target", "expected"), [(0, 0), (1, 1), (None, 2)])
def test_one_turn_of_a_conversation_is_the_target(target: int | None, expected: int) -> None:
    turns = tuple(Turn("user\n<b>", f"turn {n}") for n in range(3))
    item = Item("i", ItemKind.CONVERSATION, f"turn {expected}", messages=turns, target=target)
    prepared = prepare(review_of(item))
    assert [section.emphasis for section in prepared.content] == [n == expected for n in range(3)]
    assert prepared.target == expected
    assert "\n" not in prepared.content[0].heading
    assert "UNDER REVIEW" in prepared.content[expected].heading


def test_hidden_characters_of_all_parts_are_counted() -> None:
    item = Item("i", ItemKind.REPLY, "a\u200b", parent="b\u202e\u202c", metadata={"x\u200b": "y\u200b"})
    prepared = prepare(review_of(item))
    assert prepared.hidden == 3
    assert prepared.metadata == (("x⟦ZWSP⟧", "y⟦ZWSP⟧"),)


def test_quotes_are_found_and_invented_ones_said_to_be() -> None:
    item = Item("i", ItemKind.MESSAGE, "buy cheap watches now")
    verdict = verdict_of(quotes=("cheap watches", "never said", " "), invented=("never said",))
    prepared = prepare(review_of(item, verdict))
    assert prepared.content[0].quotes == ((4, 17),)
    text = "\n".join(block for section in prepared.verdict for block in section.body.blocks)
    assert "“never said”  (not in the content)" in text
    assert "“cheap watches”  (" not in text


def test_an_unreadable_answer_comes_before_its_reasoning() -> None:
    verdict = verdict_of(VerdictStatus.UNPARSED, reasoning="long thoughts", raw_output="perhaps", detail="No label.")
    headings = [section.heading for section in prepare(review_of(Item("i", ItemKind.MESSAGE, "x"), verdict)).verdict]
    assert headings == ["WHAT HAPPENED", "DETAIL", "RAW OUTPUT", "REASONING"]


def test_a_label_without_reasons_says_so() -> None:
    prepared = prepare(review_of(Item("i", ItemKind.MESSAGE, "x"), verdict_of()))
    assert "no reasons" in prepared.verdict[0].body.blocks[0]


def test_without_a_verdict_there_is_nothing_to_say() -> None:
    assert prepare(review_of(Item("i", ItemKind.MESSAGE, "x"))).verdict == ()


@pytest.mark.parametrize("kind", ItemKind)
def test_a_content_that_was_removed_is_said_to_be(kind: ItemKind) -> None:
    item = Item("i", kind, "", removed_at=datetime(2026, 3, 1, tzinfo=UTC), removed_hash="ab" * 32, target=0)
    [section] = prepare(review_of(item, verdict_of())).content
    text = "\n".join(section.body.blocks)
    assert text.startswith("Content removed on 2026-03-01.")
    assert "ab" * 32 in text
    assert section.muted
