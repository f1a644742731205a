"""Hostile files of every format through the verb: each ends in time and memory, and comes in as told or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import services
from core.errors import AppError, InputError, UsageError
from core.services.workspace import Workspace
from tests.fixtures.fuzzing import CORPUS, FUZZ, LINE, SEEDS, damaged, dump, hostile_files, spoiled, within_bounds
from tests.fixtures.workspaces import new_workspace, write_lines

FORMATS = ["auto", *(name for name in services.IMPORT_FORMATS if name != "bundle")]
FULL = 2_000
"""A workspace of more items is left for a new one, so that each example costs the same."""


class Desk:
    """A workspace to import into, exchanged for an empty one when it is full."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._held: Workspace | None = None
        self._stack = ExitStack()

    @property
    def workspace(self) -> Workspace:
        if self._held is None or count(self._held, "item") > FULL:
            self.close()
            self._made += 1
            folder = self._folder / str(self._made) / "w"
            self._held = self._stack.enter_context(new_workspace(folder, policies=["spam"]))
        return self._held

    def close(self) -> None:
        if self._held is not None:
            assert all(check.ok for check in services.verify(self._held))
        self._stack.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("fuzz"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """What `export items` writes of an item that was judged and decided."""
    folder = tmp_path_factory.mktemp("exported")
    with new_workspace(folder / "w", policies=["spam"]) as made:
        services.import_file(made, path=write_lines(folder / "in", [LINE.strip()]), format="verdicts")
        key = services.find_entry(made, item_id="a", policy_id="spam")
        services.decide(made, key=key, label="SP4", note="why", blind=True, seconds=2.5)
        out = services.export(made, what="items", out=folder / "out").path
    return [json.loads(line) for line in out.read_text().splitlines()]


def count(workspace: Workspace, table: str) -> int:
    with workspace.store._db.read() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608


def bring(workspace: Workspace, data: bytes, name: str) -> None:
    """Import a file twice, and hold what comes back to the promise."""
    path = workspace.folder.parent / "in"
    path.write_bytes(data)
    before = [count(workspace, table) for table in ("item", "quarantine")]
    try:
        with within_bounds():
            summary = services.import_file(workspace, path=path, format=name)
    except (InputError, UsageError) as error:
        assert error.hint  # noqa: PT017 - a failure a person can act on is one of the two good ends
    else:
        assert summary.read == summary.stored + summary.duplicates + len(summary.rejected)
        assert summary.quarantined == len(summary.rejected)
        assert count(workspace, "item") - before[0] <= summary.stored
        assert count(workspace, "quarantine") - before[1] <= len(summary.rejected)
    after = [count(workspace, table) for table in ("item", "quarantine", "verdict", "queue_entry")]
    assert after[3] >= after[0]  # no item without its place in the queue
    if name in ("auto", "decisions"):
        return  # a list of decisions that contradict each other is done again as it is said again
    with suppress(InputError, UsageError):
        services.import_file(workspace, path=path, format=name)
    assert [count(workspace, table) for table in ("item", "quarantine", "verdict", "queue_entry")] == after
    assert sorted(path.name for path in workspace.folder.parent.iterdir()) == ["in", "w"]


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_the_corpus_ends_well_when_the_format_is_found_out(desk: Desk, number: int) -> None:
    bring(desk.workspace, CORPUS[number], "auto")


@pytest.mark.parametrize("name", FORMATS)
def test_no_file_of_any_format_goes_unaccounted(desk: Desk, exported: list[dict[str, object]], name: str) -> None:
    every = [record for records in SEEDS.values() for record in records] + exported
    own = exported if name == "records" else SEEDS.get(name, every)

    @given(hostile_files(own))
    @example(CORPUS[5])
    @example(CORPUS[7])
    @FUZZ
    def run(data: bytes) -> None:
        bring(desk.workspace, data, name)

    run()


@given(st.data())
@FUZZ
def test_what_is_typed_over_a_refused_row_ends_well(desk: Desk, data: st.DataObject) -> None:
    workspace = desk.workspace
    seed = data.draw(st.sampled_from([record for records in SEEDS.values() for record in records]))
    good = data.draw(st.sampled_from([dump(seed), b"1,2\n", b'"x";y', dump(data.draw(spoiled(seed)))]))
    mended = data.draw(damaged(good))
    if not services.quarantine_size(workspace):
        path = write_lines(workspace.folder.parent / "in", [b'{"id": "only"}', good[:-1]])
        services.import_file(workspace, path=path, format=data.draw(st.sampled_from(["jsonl", "csv", "labelstudio"])))
    for key in services.quarantine_keys(workspace)[:1]:
        try:
            with within_bounds():
                summary = services.mend_quarantined(workspace, key=key, raw=mended)
        except AppError as error:
            assert error.hint  # noqa: PT017
        else:
            assert summary.read == summary.stored + summary.duplicates + len(summary.rejected)
