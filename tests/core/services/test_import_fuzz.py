"""Hostile files of every format through the verb: each ends in time, as a summary that adds up or as a known failure.

`DOCKET_FUZZ_EXAMPLES` sets how many files each format gets; what once went wrong is kept in CORPUS and tried first.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core import services
from core.errors import InputError, UsageError
from core.services.workspace import Workspace
from tests.fixtures.workspaces import new_workspace

EXAMPLES = int(os.environ.get("DOCKET_FUZZ_EXAMPLES", "12"))
FORMATS = [name for name in services.IMPORT_FORMATS if name != "bundle"]


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": ["a", "b"], "content": ["x", "y"]}), buffer)
    return buffer.getvalue()


def _zip(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def _lying_zip(place: int) -> bytes:
    """A zip whose directory is said to be elsewhere."""
    data = bytearray(_zip("../../etc/passwd", LINE))
    data[place] ^= 0x55
    return bytes(data)


LINE = b'{"id": "a", "content": "hello", "policy": "spam", "output": "SP0", "model": "m"}\n'
CORPUS = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    LINE * 3,
    b"[" * 5000,
    b"[{" * 5000 + b"}]" * 5000,
    b'[{"id": ' + b"9" * 5000 + b', "content": "x"}, ' + LINE + b"]",
    b'{"id": "a", "content": "\\ud800"}\n' + LINE,
    b'{"id": "a\\u0000", "content": "nul \\u0000"}\n',
    b'id,content\n1,caf\xe9\n2,caf\xc3\xa9\n3,"open\n',
    'id,content\n1,"ünï"\n'.encode("utf-16"),
    b"a,b\n" + b"," * 3000 + b"\n",
    json.dumps([{"messages": [{"role": "user", "content": [{"type": "text"}]}] * 3}]).encode(),
    json.dumps({"events": [{"id": 1, "subject": {"record": {"text": "x"}}, "event": {}}]}).encode(),
    b"<|start|>user<|message|>hi<|end|>" * 20,
    b"<|start|>" * 3000,
    _parquet(),
    _parquet()[:-9],
    b"PAR1" + bytes(40) + b"PAR1",
    gzip.compress(LINE),
    gzip.compress(LINE)[:-4],
    gzip.compress(gzip.compress(LINE)),
    _zip("../../etc/passwd", LINE),
    _zip("x.zip", _zip("y", LINE)),
    _zip("a", LINE)[:40],
    *(_lying_zip(place) for place in (-4, -5, -6, -9, -10, -40)),
    b"age-encryption.org/v1\n-> X25519 x\n",
]


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    """A file of the corpus with pieces cut out, doubled or overwritten."""
    data = draw(st.sampled_from(CORPUS)) + draw(st.sampled_from([b"", LINE, b"\n", b'"', b"\xe9"]))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        data = data[:start] + draw(st.binary(max_size=12) | st.just(data[start:end] * 2)) + data[end:]
    return data


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with new_workspace(tmp_path_factory.mktemp("fuzz") / "w", policies=["spam"]) as made:
        yield made


def bring(workspace: Workspace, data: bytes, name: str) -> None:
    """Import a file, and hold what comes back to the promise."""
    path = workspace.folder.parent / "in"
    path.write_bytes(data)
    before = sum(1 for _ in workspace.store.iter_items())
    try:
        summary = services.import_file(workspace, path=path, format=name)
    except (InputError, UsageError) as error:
        assert error.hint  # noqa: PT017 - a failure a person can act on is one of the two good ends
        return
    assert summary.read == summary.stored + summary.duplicates + len(summary.rejected)
    assert summary.quarantined == len(summary.rejected)
    assert sum(1 for _ in workspace.store.iter_items()) - before <= summary.stored
    assert sorted(path.name for path in workspace.folder.parent.iterdir()) == ["in", "w"]


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_the_corpus_ends_well_when_the_format_is_found_out(shared: Workspace, number: int) -> None:
    bring(shared, CORPUS[number], "auto")


@pytest.mark.parametrize("name", FORMATS)
def test_no_file_of_any_format_goes_unaccounted(shared: Workspace, name: str) -> None:
    @given(hostile())
    @example(CORPUS[5])
    @example(CORPUS[7])
    @settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), database=None)
    def run(data: bytes) -> None:
        bring(shared, data, name)

    run()
