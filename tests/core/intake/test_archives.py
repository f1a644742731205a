"""Archives are read through, within limits, and nothing in them becomes a path."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from core.errors import InputError
from core.intake import archives
from core.intake.sources import open_source

DATA = b'{"id": "a", "content": "x"}\n' * 3


def read(path: Path) -> dict[str, bytes]:
    with open_source(path) as source:
        return {part.name: part.stream.read() for part in source.parts()}


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_plain_gzip_and_zip_hold_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(DATA)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(DATA) + gzip.compress(DATA))
    assert read(tmp_path / "a.jsonl") == {"a.jsonl": DATA}
    assert read(tmp_path / "a.jsonl.gz") == {"a.jsonl": DATA * 2}
    packed = pack(tmp_path / "a.zip", {"x/one.jsonl": DATA, "../../two.csv": b"a,b\n", "__MACOSX/x": b"", "d/": b""})
    assert read(packed) == {"a.zip/one.jsonl": DATA, "a.zip/two.csv": b"a,b\n"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "a.jsonl.gz", "a.zip"]


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_a_bomb_is_stopped_early(tmp_path: Path, kind: str) -> None:
    bomb = bytes(archives.RATIO_FREE_BYTES * 3)
    path = tmp_path / f"bomb.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(bomb))
    else:
        pack(path, {"x": bomb})
    with pytest.raises(InputError, match="far beyond its size"):
        read(path)


def test_archives_that_are_none_of_ours_are_refused(tmp_path: Path) -> None:
    nested = pack(tmp_path / "nested.zip", {"inner.zip": pack(tmp_path / "inner.zip", {"a": DATA}).read_bytes()})
    with pytest.raises(InputError, match="inside the archive"):
        read(nested)
    (tmp_path / "cut.zip").write_bytes((tmp_path / "inner.zip").read_bytes()[:-30])
    with pytest.raises(InputError, match="damaged"):
        read(tmp_path / "cut.zip")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(DATA)[:-12])
    with pytest.raises(InputError, match="damaged or cut off"):
        read(tmp_path / "cut.gz")


def test_a_pipe_is_read_like_a_file_but_for_zip(tmp_path: Path) -> None:
    with open_source(Path("-"), io.BytesIO(gzip.compress(DATA))) as source:
        assert [part.stream.read() for part in source.parts()] == [DATA]
    packed = pack(tmp_path / "a.zip", {"a": DATA}).read_bytes()
    with open_source(Path("-"), io.BytesIO(packed)) as source, pytest.raises(InputError, match="from a pipe"):
        next(source.parts())
