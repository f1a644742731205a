"""What the panes show of a review: sections in order, the target found, quotes where they stand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.domain import EntryState, Item, ItemKind, Review, Turn, Verdict, VerdictStatus
from ui.prepared import content_view, prepare


def review_of(item: Item, verdict: Verdict | None = None) -> Review:
    return Review(1, EntryState.JUDGED, item, None, verdict, None)


def verdict_of(status: VerdictStatus = VerdictStatus.PARSED, **fields: object) -> Verdict:
    return Verdict("i", "p", "h", status, **fields)  # type: ignore[arg-type]


def test_a_reply_shows_its_parent_first_and_muted() -> None:
    prepared = prepare(review_of(Item("i", ItemKind.REPLY, "the reply", parent="the parent")))
    parent, reply = prepared.view.sections
    assert (parent.muted, parent.emphasis, parent.body.blocks) == (True, False, ("the parent",))
    assert (reply.muted, reply.emphasis, reply.body.blocks) == (False, True, ("the reply",))
    assert prepared.view.target == 1


@pytest.mark.parametrize(("target", "expected"), [(0, 0), (1, 1), (None, 2)])
def test_one_turn_of_a_conversation_is_the_target(target: int | None, expected: int) -> None:
    turns = tuple(Turn("user\n<b>", f"turn {n}") for n in range(3))
    item = Item("i", ItemKind.CONVERSATION, f"turn {expected}", messages=turns, target=target)
    prepared = prepare(review_of(item))
    assert [section.emphasis for section in prepared.view.sections] == [n == expected for n in range(3)]
    assert prepared.view.target == expected
    assert "\n" not in prepared.view.sections[0].heading
    assert "UNDER REVIEW" in prepared.view.sections[expected].heading


def test_hidden_characters_of_all_parts_are_counted() -> None:
    item = Item("i", ItemKind.REPLY, "a\u200b", parent="b\u202e\u202c", metadata={"x\u200b": "y\u200b"})
    prepared = prepare(review_of(item))
    assert prepared.hidden == 3
    assert prepared.metadata == (("x⟦ZWSP⟧", "y⟦ZWSP⟧"),)


def test_quotes_are_found_and_invented_ones_said_to_be() -> None:
    item = Item("i", ItemKind.MESSAGE, "buy cheap watches now")
    verdict = verdict_of(quotes=("cheap watches", "never said", " "), invented=("never said",))
    prepared = prepare(review_of(item, verdict))
    assert prepared.view.sections[0].quotes == ((4, 17),)
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
    [section] = prepare(review_of(item, verdict_of())).view.sections
    text = "\n".join(section.body.blocks)
    assert text.startswith("Content removed on 2026-03-01.")
    assert "ab" * 32 in text
    assert section.muted


def conversation(count: int, target: int) -> Item:
    turns = tuple(Turn("user", f"turn {n}") for n in range(count))
    return Item("i", ItemKind.CONVERSATION, f"turn {target}", messages=turns, target=target)


def test_older_turns_are_folded_and_come_back() -> None:
    review = review_of(conversation(200, 150))
    view = content_view(review)
    assert (view.foldable, view.folded) == (147, 147)
    assert view.sections[0].heading.startswith("TURN 148 ")
    assert "UNDER REVIEW" in view.sections[view.target].heading
    assert len(view.sections) == 200 - 147
    whole = content_view(review, unfold=True)
    assert (whole.folded, whole.foldable, whole.target, len(whole.sections)) == (0, 147, 150, 200)


@pytest.mark.parametrize("target", [0, 3, 4])
def test_a_few_turns_are_not_worth_folding(target: int) -> None:
    view = content_view(review_of(conversation(6, target)))
    assert view.folded == 0
    assert "UNDER REVIEW" in view.sections[target].heading


def test_words_of_two_alphabets_are_flagged_and_spelled_out_on_request() -> None:
    review = review_of(Item("i", ItemKind.MESSAGE, "buy p\u0430ypal"))
    prepared = prepare(review)
    assert [word.scripts for word in prepared.mixed] == [("LATIN", "CYRILLIC")]
    assert prepared.view.sections[0].flags == ((4, 10),)
    assert "U+0430 CYRILLIC" in content_view(review, reveal=True).layout.lines[0]


@pytest.mark.parametrize("quote", ["it's a \u201cgood\u201d deal", 'it\u2019s a "good" deal', 'it\'s  a\n"good" deal'])
def test_a_quote_is_found_though_the_model_changed_blanks_and_marks(quote: str) -> None:
    raw = 'They say it\'s a "good" deal - now.'
    [section] = prepare(review_of(Item("i", ItemKind.MESSAGE, raw), verdict_of(quotes=(quote,)))).view.sections
    assert [raw[start:end] for start, end in section.quotes] == ['it\'s a "good" deal']


def test_metadata_is_flat_and_hides_the_answer_until_it_is_decided() -> None:
    item = Item(
        "i", ItemKind.MESSAGE, "x", metadata={"a": {"b": {"c": 1}}, "tags": ["x", "y"], "label": "bad", "n": None}
    )
    assert prepare(review_of(item)).metadata == (("a.b.c", "1"), ("tags", '["x", "y"]'), ("n", "null"))


def test_endless_metadata_is_cut_to_what_a_table_can_hold() -> None:
    item = Item("i", ItemKind.MESSAGE, "x", metadata={f"k{n}": n for n in range(5_000)})
    assert len(prepare(review_of(item)).metadata) == 500
