"""Kill -9 at random moments: what was acknowledged is there, and everything holds."""

from __future__ import annotations

import os
import random
import threading
import time
from pathlib import Path

import pytest

from core import services
from core.services.workspace import Workspace
from tests.fixtures.killing import running
from tests.fixtures.values import make_item
from tests.fixtures.workspaces import new_workspace, write_lines

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL of POSIX")
PASSPHRASE = "long enough"
ITEMS = 30
ROUNDS = 50
LONGEST_S = 0.12
"""From the first acknowledgement to the kill: some rounds end before it, some after the command's own end."""


def wrong(workspace: Workspace) -> list[str]:
    return [f"{check.name}: {check.detail}" for check in services.verify(workspace) if not check.ok]


def noted(workspace: Workspace) -> dict[str, str]:
    """The note of the standing decision of each item."""
    standing: dict[str, str] = {}
    for decision in workspace.store.iter_decisions():
        standing[decision.item_id] = decision.note
    return standing


def decide_and_kill(folder: Path, note: str, after_s: float) -> set[str]:
    """Decide every item from a file, kill that so long after its first acknowledgement; return what it acknowledged."""
    records = write_lines(
        folder.parent / "decisions.jsonl",
        [{"id": f"item-{n}", "policy": "spam", "label": "SP2", "note": note} for n in range(ITEMS)],
    )
    arguments = ("decide", "--from", records, "--workspace", folder)
    with running(*arguments, DOCKET_PASSPHRASE=PASSPHRASE) as command:
        if after_s > 0:
            command.output.peek(1)
            time.sleep(after_s)
        command.kill()
        return {said["ack"] for said in command.documents()}


def rounds(folder: Path, count: int, chance: random.Random) -> list[int]:
    """Kill so many times and look after each; return how many decisions each round acknowledged."""
    acknowledged = []
    for number in range(count):
        # Every eighth at a moment before the first acknowledgement, as the process starts.
        after_s = 0.0 if number % 8 == 7 else chance.uniform(0.0005, LONGEST_S)
        note = f"round {number}"
        acks = decide_and_kill(folder, note, after_s)
        with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
            kept = noted(workspace)
            lost = sorted(item for item in acks if kept.get(item) != note)
            assert lost == [], f"round {number}: acknowledged and lost"
            assert wrong(workspace) == [], f"round {number}"
        acknowledged.append(len(acks))
    return acknowledged


def make_desk(folder: Path) -> Path:
    with new_workspace(folder, policies=("spam",)) as workspace:
        workspace.store.add_items([make_item(number) for number in range(ITEMS)], source="test", actor="kim")
    return folder


def test_no_acknowledged_decision_is_lost(tmp_path: Path) -> None:
    counts = rounds(make_desk(tmp_path / "w"), ROUNDS, random.Random(4))  # noqa: S311
    assert sum(0 < count < ITEMS for count in counts) > ROUNDS // 5, "too few were killed in the middle"


@pytest.mark.slow
def test_no_acknowledged_decision_is_lost_in_a_thousand_kills(tmp_path: Path) -> None:
    counts: list[int] = []
    chance = random.Random()  # noqa: S311
    for part in range(20):
        counts += rounds(make_desk(tmp_path / f"w-{part}"), 50, chance)
    assert len(counts) == 1000
    assert sum(0 < count < ITEMS for count in counts) > 200


def test_an_import_that_is_killed_is_there_in_whole_batches(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    stored = []
    for number in range(5):
        folder = make_desk(tmp_path / f"w-{number}")
        records = write_lines(
            tmp_path / "items.jsonl", [{"id": f"new-{n}", "content": f"text {n} " * 30} for n in range(6000)]
        )
        with running("import", records, "--workspace", folder, DOCKET_PASSPHRASE=PASSPHRASE) as command:
            wait_for_growth(folder, ITEMS)
            time.sleep(chance.uniform(0, 0.15))
            command.kill()
        with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
            assert wrong(workspace) == []
            stored.append(services.queue_counts(workspace).total - ITEMS)
            again = services.import_file(workspace, path=records)
            assert (again.stored, again.duplicates) == (6000 - stored[-1], stored[-1])
            assert wrong(workspace) == []
    assert any(0 < count < 6000 for count in stored), stored


def wait_for_growth(folder: Path, at_least: int) -> None:
    """Wait until another process has written into the workspace."""
    log = folder / "workspace.db-wal"
    for _ in range(1000):
        if log.exists() and log.stat().st_size > 4096 * at_least:
            return
        threading.Event().wait(0.005)
    pytest.fail("the import wrote nothing")


def test_a_backup_that_is_killed_is_none(tmp_path: Path) -> None:
    folder = make_desk(tmp_path / "w")
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        items = [make_item(number, content="x" * 20_000) for number in range(1000, 1400)]
        workspace.store.add_items(items, source="test", actor="kim")
    chance = random.Random(9)  # noqa: S311
    for number in range(8):
        out = tmp_path / f"{number}.zip"
        with running("backup", "--out", out, "--workspace", folder, DOCKET_PASSPHRASE=PASSPHRASE) as command:
            for _ in range(1000):
                if list(tmp_path.glob(".docket-*.part")) or command.process.exitcode is not None:
                    break
                threading.Event().wait(0.002)
            time.sleep(chance.uniform(0, 0.2))
            command.kill()
        if out.exists():
            services.restore(out, tmp_path / f"again-{number}", passphrase=PASSPHRASE)
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        assert wrong(workspace) == []
