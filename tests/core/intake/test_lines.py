"""Cutting files into lines: numbering, caps, ends, and what is refused before the first line."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.intake.lines import MAX_LINE_BYTES, Line, LineReader, open_input


def read(data: bytes, max_bytes: int = 10) -> list[tuple[int, bytes | None]]:
    return [(line.number, line.raw) for line in LineReader(io.BytesIO(data), max_bytes)]


def test_lines_are_numbered_and_blank_ones_skipped() -> None:
    assert read(b"a\r\n\n  \t\r\nb\nc") == [(1, b"a"), (4, b"b"), (5, b"c")]


def test_byte_order_mark_is_taken_off_the_first_line_only() -> None:
    assert read(b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n") == [(1, b"a"), (2, b"\xef\xbb\xbfb")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_line_of_just_the_cap_is_read(end: bytes) -> None:
    assert read(b"0123456789" + end) == [(1, b"0123456789")]


@pytest.mark.parametrize("size", [11, 12, 13, 14, 100, 200_000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_over_the_cap_is_dropped_and_the_next_one_read(size: int, end: bytes) -> None:
    assert read(b"x" * size + end + b"ok" + end) == [(1, None), (2, b"ok")]


def test_a_long_line_is_never_held_whole() -> None:
    class Counting(io.BytesIO):
        largest = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            chunk = super().readline(size)
            self.largest = max(self.largest, len(chunk))
            return chunk

    stream = Counting(b"x" * (3 * MAX_LINE_BYTES) + b"\n{}\n")
    assert [line.number for line in LineReader(stream) if line.raw is not None] == [2]
    assert stream.largest <= MAX_LINE_BYTES + 2


@given(st.binary(max_size=300))
def test_position_ends_at_the_length_and_no_line_passes_the_cap(data: bytes) -> None:
    reader = LineReader(io.BytesIO(data), 10)
    lines: list[Line] = list(reader)
    assert reader.position == len(data)
    assert all(line.raw is None or len(line.raw) <= 10 for line in lines)
    assert [line.number for line in lines] == sorted({line.number for line in lines})


def test_open_input_refuses_what_is_no_regular_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, words in {
        "missing": "no file",
        "folder": "is a folder",
        "pipe": "not a regular file",
        "a\0b": "cannot be opened",
    }.items():
        with pytest.raises(InputError, match=words) as caught:
            open_input(tmp_path / name)
        assert caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_open_input_refuses_a_file_it_may_not_read(tmp_path: Path) -> None:
    path = tmp_path / "closed.jsonl"
    path.write_text("{}")
    path.chmod(0)
    with pytest.raises(InputError, match="permission denied"):
        open_input(path)


def test_a_nul_inside_records_is_left_to_the_record(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_bytes(b'{"id": "a\0"}\n')
    with open_input(path) as stream:
        assert [line.number for line in LineReader(stream)] == [1]
