"""A watched folder: what stands still comes in, once."""

from __future__ import annotations

import threading
from pathlib import Path

from core.domain import ImportSummary
from core.errors import InputError
from core.services import watch_folder


def test_files_are_taken_once_they_stand_still(tmp_path: Path) -> None:
    cancel = threading.Event()
    taken: list[str] = []

    def take(path: Path) -> ImportSummary:
        taken.append(path.name)
        if path.name == "bad":
            raise InputError("no", "hint")
        return ImportSummary(1, 1, 0)

    for name in ("good", ".hidden", "still.part", "bad"):
        (tmp_path / name).write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "good")
    seen = {}
    for number, watched in enumerate(watch_folder(tmp_path, take=take, cancel=cancel, interval_s=0.01)):
        seen[watched.path.name] = watched.error is None
        if number == 1:
            (tmp_path / "good").write_text("changed")
        if number == 2:
            cancel.set()
    assert seen == {"good": True, "bad": False}
    assert sorted(taken) == ["bad", "good", "good"]
