"""Backups while a workspace is open: when one is due, without a word; a failure once."""

from __future__ import annotations

import os
import time
from dataclasses import replace

from PySide6.QtCore import Qt

from core import services
from core.services import Workspace
from tests.ui.conftest import PASSPHRASE, Stage
from ui.backups import BackupSchedule
from ui.tasks import TaskPool


def workspace_of(stage: Stage) -> Workspace:
    session = stage.window._session
    assert session is not None
    return session.workspace


def schedule_of(stage: Stage) -> BackupSchedule:
    found = stage.desk.findChild(BackupSchedule)
    assert isinstance(found, BackupSchedule)
    return found


def test_one_is_made_when_it_is_due_and_can_be_restored(open_stage: Stage, tmp_path_factory: object) -> None:
    stage = open_stage
    schedule = schedule_of(stage)
    with stage.qtbot.waitSignal(schedule.made, timeout=10_000):
        schedule.look()
    [made] = services.list_backups(workspace_of(stage))
    services.restore(made, stage.folder.parent / "again", passphrase=PASSPHRASE)
    schedule.look()
    pool = stage.desk.findChild(TaskPool)
    stage.until(lambda: pool is None or not pool.busy)
    assert services.list_backups(workspace_of(stage)) == [made]
    old = time.time() - 25 * 3600
    os.utime(made, (old, old))
    with stage.qtbot.waitSignal(schedule.made, timeout=10_000):
        schedule.look()
    assert len(services.list_backups(workspace_of(stage))) == 2


def test_never_is_never(open_stage: Stage) -> None:
    stage = open_stage
    workspace = workspace_of(stage)
    services.save_settings(workspace, settings=replace(workspace.settings, backup_hours=0))
    schedule_of(stage).look()
    stage.until(lambda: not schedule_of(stage)._running)
    assert services.list_backups(workspace) == []


def test_a_failure_is_said_once(open_stage: Stage) -> None:
    stage = open_stage
    (stage.folder / "backups").write_text("a file where the folder should be")
    schedule_of(stage).look()
    stage.until(lambda: "backups" in stage.notice)
    stage.press(Qt.Key.Key_Escape)
    schedule_of(stage).look()
    stage.until(lambda: not schedule_of(stage)._running)
    assert stage.notice == ""
    (stage.folder / "backups").unlink()
    with stage.qtbot.waitSignal(schedule_of(stage).made, timeout=10_000):
        schedule_of(stage).look()


def test_one_now_by_key(open_stage: Stage) -> None:
    stage = open_stage
    stage.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    stage.until(lambda: "Backed up" in stage.notice)
    assert len(services.list_backups(workspace_of(stage))) == 1
