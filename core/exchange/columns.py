"""Records as columns: Parquet files and Hugging Face dataset folders.

It owns the schema of each kind of export, the walk in row groups, and the dataset card. Nested values are JSON text in
their column, so that every reader gets the same schema whatever the rows hold; that makes a Parquet file lossless.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from core.errors import ExportError
from core.exchange.csv import COLUMNS
from core.exchange.jsonl import encode_json
from core.exchange.target import TargetFile

_GROUP_ROWS = 2_000
_BOOLEANS = frozenset({"agrees", "blind", "imported", "verdict.violates"})
_REALS = frozenset({"seconds", "verdict.score", "verdict.seconds"})
_INTEGERS = frozenset({"target", "verdict.prompt_tokens", "verdict.output_tokens"})
JSON_COLUMNS = frozenset({"messages", "metadata", "verdicts", "decisions", "verdict.rule_ids", "verdict.quotes"})
"""The columns whose text is JSON."""

HF_FILE = "data/train-00000-of-00001.parquet"


def write_parquet(target: TargetFile, records: Iterable[Mapping[str, Any]], what: str) -> int:
    """Write records as Parquet with zstd compression, some thousand rows at a time; return how many there were."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = COLUMNS[what]
    places = [(name, outer, inner) for name in columns for outer, _, inner in (name.partition("."),)]
    schema = pa.schema([(name, _type(pa, name)) for name in columns])
    rows = 0
    iterator = iter(records)
    with pa.PythonFile(_Sink(target), mode="w") as sink, pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        while chunk := list(islice(iterator, _GROUP_ROWS)):
            arrays = [
                pa.array([_cell(record, *place) for record in chunk], type=kind)
                for place, kind in zip(places, schema.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            rows += len(chunk)
    return rows


def _type(pa: Any, name: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    return (
        pa.bool_()
        if name in _BOOLEANS
        else pa.float64()
        if name in _REALS
        else pa.int64()
        if name in _INTEGERS
        else pa.string()
    )


def _cell(record: Mapping[str, Any], column: str, outer: str, inner: str) -> object:
    value = record.get(outer)
    if inner:
        value = value.get(inner) if isinstance(value, Mapping) else None
    if value is not None and column in JSON_COLUMNS:
        return encode_json(value)
    return float(value) if column in _REALS and value is not None else value


class _Sink(io.RawIOBase):
    """A target as a file that pyarrow can write to."""

    def __init__(self, target: TargetFile) -> None:
        self._target = target
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - a buffer
        chunk = bytes(data)
        self._target.write([chunk])
        self._size += len(chunk)
        return len(chunk)

    def tell(self) -> int:
        return self._size


def make_folder(path: Path) -> None:
    """Make the folder of a dataset.

    Raises:
        ExportError: something that is not an empty folder stands there, or it cannot be made.
    """
    try:
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()
        path.mkdir(mode=0o700)
        (path / "data").mkdir(mode=0o700)
    except FileExistsError:
        raise ExportError(f"{path} is there already.", "Name a new folder for the dataset.") from None
    except FileNotFoundError:
        raise ExportError(f"There is no folder {path.parent}.", "Create it, or choose another place.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExportError(f"{path} cannot be made: {reason}.", "Choose another place.") from error


def dataset_card(what: str, rows: int, policies: Iterable[tuple[str, str, str]], notes: Iterable[str]) -> str:
    """Return the README of a dataset folder: YAML that names the file, then what is in it.

    `policies` are (id, title, hash).
    """
    lines = [
        "---",
        "pretty_name: " + encode_json(f"Docket {what}"),
        "task_categories: [text-classification]",
        "tags: [content-moderation, human-review]",
        "configs:",
        "  - config_name: default",
        "    data_files:",
        "      - split: train",
        f"        path: {HF_FILE}",
        "---",
        "",
        f"# {what.capitalize()} exported from Docket",
        "",
        f"{rows} rows. Human decisions beside what a safeguard model said under a written policy.",
        "Some rows may be offensive: that is what the policies are about.",
        "",
        f"Columns with JSON text: {', '.join(name for name in COLUMNS[what] if name in JSON_COLUMNS)}."
        if any(name in JSON_COLUMNS for name in COLUMNS[what])
        else "No column holds JSON text.",
        "",
        "## Policies",
        "",
        *[f"- `{_plain(policy)}`: {_plain(title)} (version `{digest[:12]}`)" for policy, title, digest in policies],
        "",
        "## What was left out",
        "",
        *[f"- {note}" for note in notes],
        "",
    ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Keep a title on its line and without Markdown of its own."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable() and letter not in "`[]<>")
