"""What is useful next: uncertain, disputed, rare clauses first, and not the same thing twice."""

from __future__ import annotations

from core.insight.usefulness import Candidate, most_useful


def candidate(entry: int, text: str, **facts: object) -> Candidate:
    values = {"uncertainty": 0.0, "expected": None, "clauses": (), **facts}
    return Candidate(entry, f"i-{entry}", text=text, **values)  # type: ignore[arg-type]


def test_reasons_order_and_name() -> None:
    listed = most_useful(
        [
            candidate(1, "one", uncertainty=0.1),
            candidate(2, "two words", uncertainty=0.9, expected=0.9),
            candidate(3, "three of them", expected=0.8),
            candidate(4, "four in a row", clauses=("SP4.z",)),
            candidate(5, "five all told", clauses=("SP2.a",)),
        ],
        {"SP2.a": 500},
        10,
    )
    assert [one.entry for one in listed][:2] == [2, 4]
    reasons = {one.entry: one.reasons for one in listed}
    assert reasons[2] == ("uncertain", "disputed")
    assert reasons[4] == ("clause",)
    assert "clause" not in reasons[5]


def test_a_copy_of_what_is_listed_comes_later() -> None:
    listed = most_useful(
        [
            candidate(1, "buy cheap pills now", uncertainty=0.9),
            candidate(2, "buy cheap pills now", uncertainty=0.88),
            candidate(3, "a quite different matter", uncertainty=0.7),
        ],
        {},
        3,
    )
    assert [one.entry for one in listed] == [1, 3, 2]


def test_nothing_open_is_nothing_useful() -> None:
    assert most_useful([], {}, 5) == []
    assert len(most_useful([candidate(n, f"text {n}") for n in range(9)], {}, 4)) == 4
