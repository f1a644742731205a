"""The key file: slots that open only with their secret, in their workspace, at a cost this machine can pay."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import LockedError, NewerError, StorageError, WorkspaceError
from core.store.keys import FILE, PASSPHRASE, KeyFile, read_keys, write_keys
from core.store.wrapping import Argon2Cost

CHEAP = Argon2Cost(8, 1, 1)
SECRET = "a river in May"
DATA_KEY = bytes(range(32))


@pytest.fixture
def keys() -> KeyFile:
    made = KeyFile()
    made.add_passphrase(SECRET, DATA_KEY, CHEAP)
    return made


def test_the_default_cost_is_the_second_choice_of_rfc_9106() -> None:
    assert Argon2Cost() == Argon2Cost(memory_kib=65_536, passes=3, lanes=4)


def test_the_default_cost_opens_again() -> None:
    made = KeyFile()
    made.add_passphrase(SECRET, DATA_KEY, Argon2Cost())
    assert made.open_passphrase(SECRET) == DATA_KEY
    assert made.open_passphrase(SECRET + "!") is None


def test_the_file_keeps_all_of_it_and_no_secret(keys: KeyFile, tmp_path: Path) -> None:
    keys.signing_key, keys.chain_size, keys.chain_head = "ab" * 32, 7, "cd" * 32
    write_keys(tmp_path, keys)
    assert read_keys(tmp_path) == keys
    assert read_keys(tmp_path).open_passphrase(SECRET) == DATA_KEY
    text = (tmp_path / FILE).read_text()
    assert SECRET not in text
    assert DATA_KEY.hex() not in text
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_the_cost_is_recorded_with_the_slot(keys: KeyFile) -> None:
    slot = keys.slots[PASSPHRASE]
    assert (slot["memory_kib"], slot["passes"], slot["lanes"]) == (8, 1, 1)


def test_a_slot_opens_only_in_its_workspace(keys: KeyFile) -> None:
    moved = KeyFile(slots=keys.slots)
    assert moved.workspace != keys.workspace
    assert moved.open_passphrase(SECRET) is None


def test_a_slot_opens_only_under_its_name(keys: KeyFile) -> None:
    renamed = replace(keys, slots={"keychain": keys.slots[PASSPHRASE]})
    assert renamed.open_passphrase(SECRET) is None
    assert renamed.open_keychain() is None


def test_two_slots_for_one_secret_look_different(keys: KeyFile) -> None:
    other = replace(keys, slots={})
    other.add_passphrase(SECRET, DATA_KEY, CHEAP)
    for name in ("salt", "nonce", "wrapped"):
        assert other.slots[PASSPHRASE][name] != keys.slots[PASSPHRASE][name]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_changed_digit_opens(data: st.DataObject) -> None:
    keys = KeyFile()
    keys.add_passphrase(SECRET, DATA_KEY, CHEAP)
    slot = keys.slots[PASSPHRASE]
    name = data.draw(st.sampled_from(["salt", "nonce", "wrapped"]))
    index = data.draw(st.integers(0, len(slot[name]) - 1))
    digit = data.draw(st.sampled_from("0123456789abcdef").filter(lambda digit: digit != slot[name][index]))
    slot[name] = slot[name][:index] + digit + slot[name][index + 1 :]
    assert keys.open_passphrase(SECRET) is None


@settings(max_examples=60, deadline=None)
@given(wrong=st.text(max_size=30))
def test_no_other_passphrase_opens(wrong: str) -> None:
    keys = KeyFile()
    keys.add_passphrase(SECRET, DATA_KEY, CHEAP)
    assert keys.open_passphrase(wrong) == (DATA_KEY if wrong == SECRET else None)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"memory_kib": 2**31}, WorkspaceError),
        ({"passes": 10**9}, WorkspaceError),
        ({"lanes": 1000}, WorkspaceError),
        ({"memory_kib": 1}, LockedError),
        ({"passes": 0}, WorkspaceError),
        ({"passes": -1}, WorkspaceError),
    ],
)
def test_a_cost_nobody_asked_for_is_not_paid(keys: KeyFile, change: dict[str, int], kind: type[Exception]) -> None:
    keys.slots[PASSPHRASE] |= change
    with pytest.raises(kind, match=r"keys\.json"):
        keys.open_passphrase(SECRET)


@pytest.mark.parametrize("change", [{"salt": "zz"}, {"salt": None}, {"nonce": 3}, {"wrapped": ""}, {"passes": "x"}])
def test_a_damaged_slot_does_not_open(keys: KeyFile, change: dict[str, Any]) -> None:
    keys.slots[PASSPHRASE] |= change
    assert keys.open_passphrase(SECRET) is None
    for name in list(keys.slots[PASSPHRASE]):
        damaged = replace(keys, slots={PASSPHRASE: {k: v for k, v in keys.slots[PASSPHRASE].items() if k != name}})
        assert damaged.open_passphrase(SECRET) is None


def test_a_newer_file_is_refused(keys: KeyFile, tmp_path: Path) -> None:
    write_keys(tmp_path, keys)
    values = json.loads((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(json.dumps({**values, "version": 2, "slots": "another shape"}))
    with pytest.raises(NewerError):
        read_keys(tmp_path)


def test_a_file_that_cannot_be_written_leaves_the_old_one(keys: KeyFile, tmp_path: Path) -> None:
    write_keys(tmp_path, keys)
    before = (tmp_path / FILE).read_bytes()
    (tmp_path / f"{FILE}.part").mkdir()
    with pytest.raises(StorageError):
        write_keys(tmp_path, KeyFile())
    assert (tmp_path / FILE).read_bytes() == before


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(LockedError, match="fewer than 8") as refused:
        KeyFile().add_passphrase("seven77", DATA_KEY, CHEAP)
    assert "locked" not in str(refused.value)  # nothing is: there may be no workspace yet
