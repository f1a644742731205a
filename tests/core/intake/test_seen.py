"""The table of used keys keeps the first line of each, through growth."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.intake.seen import FIRST_SLOTS, SeenKeys


def test_keys_survive_growth() -> None:
    seen = SeenKeys()
    count = 5 * FIRST_SLOTS
    for number in range(1, count + 1):
        assert seen.first_line(f"item-{number}", number) == number
    assert len(seen) == count
    for number in range(1, count + 1):
        assert seen.first_line(f"item-{number}", 10**9) == number
    assert len(seen) == count


@given(st.lists(st.text(max_size=3)))
def test_it_answers_like_a_dictionary(keys: list[str]) -> None:
    seen = SeenKeys()
    expected: dict[str, int] = {}
    for line, key in enumerate(keys, start=1):
        text = key.encode("utf-8", "replace").decode()
        assert seen.first_line(text, line) == expected.setdefault(text, line)
    assert len(seen) == len(expected)
