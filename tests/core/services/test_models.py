"""The list of models over a folder that holds what no model is: it names each, and fails for none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core import services
from core.paths import models_folder
from tests.fixtures.tiny_models import write_tiny_chatml


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path))
    made = models_folder()
    made.mkdir(parents=True, exist_ok=True)
    return made


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_is_no_model_is_named_and_holds_nothing_up(folder: Path) -> None:
    whole = write_tiny_chatml(folder / "whole.gguf")
    (folder / "cut.gguf").write_bytes(whole.read_bytes()[:-100])
    (folder / "empty.gguf").touch()
    (folder / "dangling.gguf").symlink_to("nowhere.gguf")
    (folder / "loop.gguf").symlink_to("loop.gguf")
    (folder / "around").symlink_to(folder)
    (folder / "inside.gguf").mkdir()
    os.mkfifo(folder / "pipe.gguf")
    (folder / "parted-00001-of-00002.gguf").write_bytes(whole.read_bytes())
    (folder / "gpt-oss-safeguard-20b.gguf.part").symlink_to("gone")
    listed = {model.id: model for model in services.list_models() if model.path and not model.is_sample}
    names = {"whole", "cut", "empty", "dangling", "loop", "inside", "pipe", "parted"}
    assert set(listed) == names
    assert {name for name in names if not listed[name].problem} == {"whole"}
    assert listed["whole"].size_bytes == listed["parted"].size_bytes == whole.stat().st_size
    assert listed["dangling"].size_bytes == 0


def test_a_split_model_has_the_size_of_all_its_parts(folder: Path) -> None:
    for number in (1, 2):
        (folder / f"two-0000{number}-of-00002.gguf").write_bytes(b"x" * 10 * number)
    [found] = [model for model in services.list_models() if model.id == "two"]
    assert found.size_bytes == 30
