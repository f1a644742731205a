"""The header reader on whole, cut, lying and random files."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ModelFileError
from core.models.gguf import read_header
from tests.fixtures.tiny_models import write_tiny_chatml, write_tiny_gpt_oss


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_tiny_gpt_oss(tmp_path_factory.mktemp("gguf") / "m.gguf").read_bytes()


def read(tmp_path: Path, data: bytes) -> object:
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    return read_header(path)


def test_a_gpt_oss_file(tmp_path: Path) -> None:
    header = read_header(write_tiny_gpt_oss(tmp_path / "a.gguf"))
    assert (header.architecture, header.prompt_format, header.window) == ("gpt-oss", "harmony", 4096)
    assert header.tensors == 41


def test_a_chatml_file(tmp_path: Path) -> None:
    assert read_header(write_tiny_chatml(tmp_path / "a.gguf")).prompt_format == "chatml"


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, whole: bytes, share: float) -> None:
    with pytest.raises(ModelFileError) as caught:
        read(tmp_path, whole[: int(len(whole) * share)])
    assert caught.value.hint


def test_one_byte_short_is_noticed(tmp_path: Path, whole: bytes) -> None:
    end = len(whole.rstrip(b"\0"))  # the file may end in padding
    with pytest.raises(ModelFileError, match="cut off"):
        read(tmp_path, whole[: end - 600])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a GGUF"),
        (b"PK\x03\x04" + b"\0" * 100, "not a GGUF"),
        (b"GGUF" + struct.pack("<IQQ", 9, 0, 0), "version 9"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**60, 0), "more entries"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2**40), "more entries"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**62), "impossibly long"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 5) + b"abcde" + struct.pack("<I", 77), "unknown type"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1) + b"a" + struct.pack("<IIQ", 9, 4, 2**50), "impossibly long"),
    ],
)
def test_lies_are_named(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(ModelFileError, match=message):
        read(tmp_path, data)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_flipped_bytes_never_crash_the_reader(tmp_path: Path, whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, 12_000))] = data.draw(st.integers(0, 255))
    try:
        read(tmp_path, bytes(damaged))
    except ModelFileError as error:
        assert error.hint  # noqa: PT017 - either outcome is right, an unknown exception is not


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no file"):
        read_header(tmp_path / "none.gguf")
    with pytest.raises(ModelFileError, match="folder"):
        read_header(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_no_model_and_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "m.gguf")
    with pytest.raises(ModelFileError, match="no file"):
        read_header(tmp_path / "m.gguf")


def test_a_link_to_itself_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").symlink_to("m.gguf")
    with pytest.raises(ModelFileError, match="cannot be read"):
        read_header(tmp_path / "m.gguf")
