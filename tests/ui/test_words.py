"""Every value of the domain has a word, and no two of a kind share one."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from core.domain import Cause, EntryState, ItemKind, Label, QueueSort, VerdictStatus
from ui.words import (
    cause_word,
    duration_word,
    kind_word,
    label_line,
    score_tone,
    sort_word,
    state_word,
    status_explained,
    status_word,
    tone_of,
    undone_words,
    violates_word,
)


@pytest.mark.parametrize(
    ("word", "values"),
    [
        (kind_word, ItemKind),
        (state_word, EntryState),
        (status_word, VerdictStatus),
        (cause_word, Cause),
        (sort_word, QueueSort),
    ],
)
def test_every_value_has_a_word_of_its_own(word: Callable[[Any], str], values: type[StrEnum]) -> None:
    words = [word(value) for value in values]
    assert all(words)
    assert len(set(words)) == len(words)


def test_every_status_without_a_label_is_explained_and_left_to_the_human() -> None:
    for status in VerdictStatus:
        explained = status_explained(status)
        assert bool(explained) == (status is not VerdictStatus.PARSED)
        assert not explained or "You decide" in explained


def test_sides_differ_in_word_and_shape() -> None:
    sides = (True, False, None)
    assert len({violates_word(violates=side) for side in sides}) == 3
    assert len({tone_of(violates=side) for side in sides}) == 3


def test_a_label_s_line_says_side_severity_and_escalation() -> None:
    assert label_line(Label("A", "a", violates=False)) == "Safe"
    assert label_line(Label("B", "b", violates=True, severity=3, escalate=True)) == (
        "Violates · severity 3 of 4 · escalate"
    )


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "under a minute"), (29, "under a minute"), (180, "3 min"), (7500, "2 h 5 min")]
)
def test_durations_are_rough(seconds: float, words: str) -> None:
    assert duration_word(seconds) == words


def test_what_was_undone_is_a_sentence_even_if_unknown() -> None:
    words = {undone_words(what) for what in ("decision", "skip", "escalation", "something else")}
    assert len(words) == 4


def test_a_score_that_contradicts_its_label_is_not_shown_in_the_label_s_colour() -> None:
    assert score_tone(0.9, violates=True) == "violates"
    assert score_tone(0.1, violates=False) == "safe"
    assert score_tone(0.62, violates=False) == "unknown"
    assert score_tone(0.3, violates=True) == "unknown"
    assert score_tone(0.9, violates=None) == "unknown"
