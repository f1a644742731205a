"""Recovery codes: random, forgiving about how they are typed, strict about what they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LockedError
from core.store.keys import KeyFile
from core.store.wrapping import derive_recovery, new_recovery_code

SALT = bytes(16)
DATA_KEY = bytes(range(32))


def test_a_code_can_be_read_aloud_and_never_repeats() -> None:
    codes = {new_recovery_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{6}-){5}[0-9A-HJKMNP-TV-Z]{6}", code) for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\n",
        lambda code: code.replace("1", "l").replace("0", "o"),
        lambda code: code.replace("1", "I").replace("0", "O"),
    ],
)
def test_how_it_is_typed_does_not_matter(typed: object) -> None:
    for _ in range(20):
        code = new_recovery_code()
        assert derive_recovery(typed(code), SALT) == derive_recovery(code, SALT)  # type: ignore[operator]


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_one_wrong_character_is_told_as_a_slip(data: st.DataObject) -> None:
    code = new_recovery_code().replace("-", "")
    index = data.draw(st.integers(0, len(code) - 1))
    # The code is random, so what is drawn must not depend on it: a step through the alphabet gives another character.
    step = data.draw(st.integers(1, len(ALPHABET) - 1))
    other = ALPHABET[(ALPHABET.index(code[index]) + step) % len(ALPHABET)]
    with pytest.raises(LockedError, match="mistyped"):
        derive_recovery(code[:index] + other + code[index + 1 :], SALT)


@settings(max_examples=200, deadline=None)
@given(typed=st.text(max_size=60))
def test_whatever_is_typed_is_refused_in_words(typed: str) -> None:
    with pytest.raises(LockedError, match="no recovery code"):
        derive_recovery(typed, SALT)


def test_a_slot_opens_with_its_code_alone() -> None:
    keys, other = KeyFile(), KeyFile()
    code, wrong = keys.add_recovery(DATA_KEY), other.add_recovery(DATA_KEY)
    assert keys.open_recovery(code) == DATA_KEY
    assert keys.open_recovery(wrong) is None
    assert other.open_recovery(code) is None
    other.slots = keys.slots  # moved to another workspace
    assert other.open_recovery(code) is None
    assert KeyFile().open_recovery(code) is None
    again = keys.add_recovery(DATA_KEY)
    assert keys.open_recovery(code) is None
    assert keys.open_recovery(again) == DATA_KEY


@pytest.mark.parametrize("change", [{"salt": "zz"}, {"salt": None}, {"nonce": 3}, {"wrapped": ""}])
def test_a_damaged_slot_does_not_open(change: dict[str, object]) -> None:
    keys = KeyFile()
    code = keys.add_recovery(DATA_KEY)
    keys.slots["recovery"] |= change
    assert keys.open_recovery(code) is None
