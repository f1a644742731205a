"""How sequences are fed: whole tiles for reading, never a lone row for writing, and cells copied once only."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.inference.engine.sequences import Feed, Sequences
from core.inference.engine.settings import PREFIXES, READ_TOKENS

FIRST = PREFIXES


class FakeContext:
    """Keeps what each sequence holds, as llama.cpp would, and refuses what it would refuse."""

    batch_size = 256

    def __init__(self) -> None:
        self.held: dict[int, list[int]] = {}
        self.batches: list[list[tuple[int, int, int, bool]]] = []
        self.copies = 0

    def decode(self, entries: Sequence[tuple[int, int, int, bool]]) -> None:
        assert len(entries) <= self.batch_size
        self.batches.append(list(entries))
        for token, position, sequence, _ in entries:
            cells = self.held.setdefault(sequence, [])
            assert position == len(cells)
            cells.append(token)

    def copy_sequence(self, source: int, target: int) -> None:
        self.copies += 1
        self.held[target] = list(self.held.get(source, []))

    def cut_sequence(self, sequence: int, length: int) -> None:
        del self.held.setdefault(sequence, [])[length:]


@pytest.fixture
def context() -> FakeContext:
    return FakeContext()


@pytest.fixture
def sequences(context: FakeContext) -> Sequences:
    made = Sequences(context, slots=4, slot_tokens=1024)
    made.hold_prefix("policy", range(100, 400))
    return made


def feed(sequence: int, count: int) -> Feed:
    return Feed(sequence, list(range(1, count + 1)), wants_logits=True)


def test_a_slot_begins_as_a_copy_and_is_copied_again_only_for_another_policy(
    sequences: Sequences, context: FakeContext
) -> None:
    for _ in range(3):
        sequences.begin(FIRST, "policy")
        sequences.read([feed(FIRST, 70)])
        assert context.held[FIRST] == [*range(100, 400), *range(1, 71)]
    assert context.copies == 1
    sequences.hold_prefix("other", range(50))
    sequences.begin(FIRST, "other")
    assert context.held[FIRST] == list(range(50))
    assert context.copies == 2


def test_prefixes_are_read_once_and_the_longest_unused_makes_room(sequences: Sequences, context: FakeContext) -> None:
    before = len(context.batches)
    sequences.hold_prefix("policy", range(100, 400))
    assert len(context.batches) == before
    sequences.hold_prefix("second", range(10))
    sequences.hold_prefix("policy", range(100, 400))
    sequences.hold_prefix("third", range(20))  # the second goes
    before = len(context.batches)
    sequences.hold_prefix("policy", range(100, 400))
    assert len(context.batches) == before
    sequences.hold_prefix("second", range(10))
    assert len(context.batches) > before


def test_reading_feeds_whole_tiles_of_one_length_and_forgets_what_filled_them(
    sequences: Sequences, context: FakeContext
) -> None:
    for slot in (FIRST, FIRST + 1):
        sequences.begin(slot, "policy")
    indices = sequences.read([feed(FIRST, 5), feed(FIRST + 1, 9)])
    batch = context.batches[-1]
    rows = {slot: sum(entry[2] == slot for entry in batch) for slot in (FIRST, FIRST + 1)}
    assert set(rows.values()) == {READ_TOKENS}
    assert [batch[index][0] for index in indices] == [5, 9]
    assert [index for index, entry in enumerate(batch) if entry[3]] == indices
    assert len(context.held[FIRST]) == 305
    assert len(context.held[FIRST + 1]) == 309


def test_a_lone_row_gets_a_companion_that_is_forgotten(sequences: Sequences, context: FakeContext) -> None:
    for slot in (FIRST, FIRST + 3):
        sequences.begin(slot, "policy")
    before = {sequence: list(cells) for sequence, cells in context.held.items()}
    indices = sequences.write([feed(FIRST, 1), feed(FIRST + 3, 1)])
    batch = context.batches[-1]
    assert [entry[2] for entry in batch] == [FIRST - 1, FIRST, FIRST + 2, FIRST + 3]
    assert [batch[index][2] for index in indices] == [FIRST, FIRST + 3]
    assert context.held[FIRST] == [*before[FIRST], 1]
    assert context.held.get(FIRST + 2) == []
    assert context.held.get(FIRST - 1) == []


def test_neighbours_and_stretches_need_no_companion(sequences: Sequences, context: FakeContext) -> None:
    for slot in (FIRST, FIRST + 1, FIRST + 3):
        sequences.begin(slot, "policy")
    sequences.write([feed(FIRST, 1), feed(FIRST + 1, 1), feed(FIRST + 3, 6)])
    assert [entry[2] for entry in context.batches[-1]] == [FIRST, FIRST + 1, *[FIRST + 3] * 6]


def test_a_slot_can_move(sequences: Sequences, context: FakeContext) -> None:
    sequences.begin(FIRST + 2, "policy")
    sequences.read([feed(FIRST + 2, 64)])
    sequences.move(FIRST + 2, FIRST)
    sequences.write([feed(FIRST, 3)])
    assert context.held[FIRST] == [*range(100, 400), *range(1, 65), 1, 2, 3]
