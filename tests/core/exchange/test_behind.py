"""Keys of figures: every query comes back from its key, and what is no key is refused in words without content."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.behind import Behind, Compared, Drawn, Held, Listed, Marked, OpenItems, Shared, Stepped, Waiting
from core.errors import UsageError
from core.exchange.behind import behind_of, key_of

QUERIES = st.one_of(*(st.from_type(kind) for kind in (
    Compared, Shared, Marked, Stepped, Drawn, Held, Waiting, Listed
))) | st.builds(OpenItems, st.floats(0, 1))  # fmt: skip


def fits(behind: Behind) -> bool:
    """Whether its scores are numbers, as not-a-number is equal to nothing, and its whole numbers fit a database."""
    values = [getattr(behind, one.name) for one in dataclasses.fields(behind)]
    flat = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    numbers = [part for part in flat if type(part) in (int, float)]
    return all(part == part for part in numbers) and all(abs(part) <= 2**53 for part in numbers if type(part) is int)


@given(QUERIES.filter(fits))
def test_a_query_comes_back_from_its_key(behind: Behind) -> None:
    assert behind_of(key_of(behind)) == behind


def test_a_key_is_short() -> None:
    assert key_of(Compared()) == "compared"
    assert key_of(Shared("ana & kim", "\u202eb", differ=True)) == (
        "shared?first=ana+%26+kim&second=%E2%80%AEb&differ=true"
    )
    assert key_of(Listed((3, 1))) == "entries?entries=3&entries=1"


NO_KEYS = (
    "", "?", "nothing", "compared?content=secret", "compared?by=secret", "held", "held?version=x",
    f"held?version={10**30}", f"entries?entries={2**64}", "open?score_from=",
)  # fmt: skip


@pytest.mark.parametrize("key", NO_KEYS)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        behind_of(key)
    assert "secret" not in f"{caught.value.message} {caught.value.hint}"
