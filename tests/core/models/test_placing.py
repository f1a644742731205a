"""Bringing model files from elsewhere: linked or copied, compared with a sum, and never half there."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from core.errors import CancelledError, ModelFileError
from core.models import placing
from core.models.catalogue import installed_models
from core.models.placing import place_model, verify_model
from core.models.provenance import read_provenance
from tests.fixtures.tiny_models import write_tiny_gpt_oss


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return write_tiny_gpt_oss(tmp_path / "stick" / "guard.gguf")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def other_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_paths: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)


def test_on_one_disk_it_takes_no_space(stick: Path, folder: Path) -> None:
    [placed] = place_model(stick, folder=folder)
    assert placed.way == "hard link"
    assert placed.path.samefile(stick)
    assert placed.sha256 == hashlib.sha256(stick.read_bytes()).hexdigest()
    assert not placed.vouched


@pytest.mark.usefixtures("other_disk")
def test_from_another_disk_it_is_copied_and_noted(stick: Path, folder: Path) -> None:
    [placed] = place_model(stick, folder=folder)
    assert placed.way == "copy"
    assert not placed.path.samefile(stick)
    origin = read_provenance(placed.path)
    assert origin is not None
    assert (origin.sha256, origin.source) == (placed.sha256, str(stick))
    assert verify_model(placed.path) == [(placed.path, "")]


def test_a_symbolic_link_on_request(stick: Path, folder: Path) -> None:
    [placed] = place_model(stick, folder=folder, link=True)
    assert placed.way == "symbolic link"
    assert placed.path.is_symlink()


@pytest.mark.parametrize("copied", [False, True])
def test_a_wrong_sum_adds_nothing(stick: Path, folder: Path, copied: bool, request: pytest.FixtureRequest) -> None:
    if copied:
        request.getfixturevalue("other_disk")
    with pytest.raises(ModelFileError, match="was stated"):
        place_model(stick, folder=folder, sha256="0" * 64)
    assert installed_models(folder) == []
    assert list(folder.iterdir()) == []


def test_a_sums_file_beside_it_vouches(stick: Path, folder: Path) -> None:
    right = hashlib.sha256(stick.read_bytes()).hexdigest()
    sums = stick.with_name("SHA256SUMS")
    sums.write_text(f"{'1' * 64}  other.gguf\n{right.upper()} *./guard.gguf\n", encoding="utf-8")
    [placed] = place_model(stick, folder=folder)
    assert placed.vouched
    sums.write_text(f"{'1' * 64}  guard.gguf\n", encoding="utf-8")
    with pytest.raises(ModelFileError, match="was stated"):
        place_model(stick, folder=folder)


def test_adding_it_twice_changes_nothing(stick: Path, folder: Path) -> None:
    place_model(stick, folder=folder)
    [again] = place_model(stick, folder=folder)
    assert again.way == "already there"


def test_another_file_of_that_name_stays(stick: Path, folder: Path) -> None:
    folder.mkdir()
    (folder / "guard.gguf").write_bytes(b"mine")
    with pytest.raises(ModelFileError, match="another file"):
        place_model(stick, folder=folder)
    assert (folder / "guard.gguf").read_bytes() == b"mine"


@pytest.mark.usefixtures("other_disk")
def test_stopping_a_copy_keeps_nothing(stick: Path, folder: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        place_model(stick, folder=folder, cancel=cancel)
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("other_disk")
def test_too_little_space_is_said(stick: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "MARGIN_BYTES", 1 << 60)
    with pytest.raises(ModelFileError, match="are free"):
        place_model(stick, folder=folder)


def test_what_is_no_model_is_not_added(tmp_path: Path, folder: Path) -> None:
    other = tmp_path / "notes.gguf"
    other.write_text("hello")
    with pytest.raises(ModelFileError, match="not a GGUF"):
        place_model(other, folder=folder)
    assert not folder.exists()


def test_damage_after_it_came_is_found(stick: Path, folder: Path) -> None:
    [placed] = place_model(stick, folder=folder)
    data = bytearray(placed.path.read_bytes())
    data[-1] ^= 1
    placed.path.write_bytes(data)
    [(path, problem)] = verify_model(placed.path)
    assert path == placed.path
    assert "SHA-256" in problem


def test_a_file_put_there_by_hand_is_only_read(folder: Path) -> None:
    folder.mkdir()
    path = write_tiny_gpt_oss(folder / "m.gguf")
    [(_, problem)] = verify_model(path)
    assert "no SHA-256 was recorded" in problem
