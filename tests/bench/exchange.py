"""Rows a second and peak memory of importing and exporting items, against bare reading and inserting.

    uv run python -m tests.bench.exchange [--quick] [--items N]

Each measurement is a process of its own, so that its peak memory is its own. The bare peer reads the same file with the
same library (json, csv, pyarrow) and inserts id and content into one table of an encrypted database with the same
settings and batch size; it checks nothing, finds no duplicates, keeps no audit chain and fills no queue.

Recorded verdicts, each with the human label that becomes a decision, are measured beside items of the same contents.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.report import emit

BENCH = "exchange"
FORMATS = ("jsonl", "csv", "parquet")
WORDS = ("offer", "ends", "today", "click", "here", "tell", "your", "friends", "about", "it", "before", "gone", "good")
BATCH = 500
POLICIES = Path(__file__).resolve().parents[2] / "policies"
VERDICTS = "verdicts"
"""The suffix of a file of recorded verdicts with decisions, JSON lines."""


def text_of(number: int) -> str:
    """A text of some 120 characters that differs from every other."""
    return " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 22)) + f" {number}"


def recorded(number: int) -> dict[str, Any]:
    """A run of a model made elsewhere, with a human label that differs for one in three."""
    label = ("SP0", "SP3", "SP4")[number % 3]
    text = text_of(number)
    return {
        "id": f"item-{number}", "policy": "spam", "messages": [{"role": "user", "content": text}],
        "expected": "SP0" if number % 2 else label, "model": "gpt-oss-safeguard-20b",
        "output": json.dumps({"label": label, "rationale": f"It offers something: {number}."}),
        "reasoning": f"The message says: {text}. Unsolicited offers are spam. This one is an offer, so {label}. " * 3,
        "prompt_tokens": 900, "completion_tokens": 120,
    }  # fmt: skip


def write_file(path: Path, count: int) -> None:
    """Write `count` records in the format of the file's name."""
    if path.suffix == f".{VERDICTS}":
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(recorded(number)) + "\n" for number in range(count))
    elif path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8") as stream:
            for number in range(count):
                stream.write(json.dumps({"id": f"item-{number}", "content": text_of(number), "lang": "en"}) + "\n")
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("id", "content", "lang"))
            writer.writerows((f"item-{number}", text_of(number), "en") for number in range(count))
    else:
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = pa.schema([("id", pa.string()), ("content", pa.string()), ("lang", pa.string())])
        with pq.ParquetWriter(path, schema) as writer:
            for start in range(0, count, 20_000):
                numbers = range(start, min(start + 20_000, count))
                ids, texts = [f"item-{n}" for n in numbers], [text_of(n) for n in numbers]
                writer.write_table(pa.table([ids, texts, ["en"] * len(ids)], schema=schema))


def bare_rows(path: Path) -> Iterator[tuple[str, str]]:
    """Yield id and content, read with the library alone."""
    if path.suffix == ".jsonl":
        with path.open("rb") as stream:
            for line in stream:
                record = json.loads(line)
                yield record["id"], record["content"]
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                yield row["id"], row["content"]
    else:
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(path).iter_batches(batch_size=256, use_threads=False):
            for row in batch.to_pylist():
                yield row["id"], row["content"]


def run_bare(path: Path, folder: Path) -> int:
    """Read and insert with nothing around it; return how many rows there were."""
    from core.store.database import FileDatabase

    (folder / "workspace.db").touch()
    connection: Any = FileDatabase(folder, bytes(32))._connect()
    connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, item_id TEXT UNIQUE, content TEXT)")
    count, batch = 0, []
    for row in bare_rows(path):
        batch.append(row)
        if len(batch) == BATCH:
            count += insert(connection, batch)
            batch = []
    count += insert(connection, batch)
    connection.close()
    return count


def insert(connection: Any, batch: list[tuple[str, str]]) -> int:
    """Insert a batch in a transaction of its own."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO item (item_id, content) VALUES (?, ?)", batch)
    connection.execute("COMMIT")
    return len(batch)


def run_docket(path: Path, folder: Path, clock: list[float], *, export: bool) -> int:
    """Import through the verb, or export what was imported before; return how many rows there were."""
    from core import services
    from core.services.workspace import open_workspace
    from tests.fixtures.workspaces import new_workspace

    if export:
        with open_workspace(folder / "w", passphrase="long enough") as workspace:
            clock[0] = time.perf_counter()
            return services.export(workspace, what="items", out=path, format=path.suffix[1:]).rows
    judged = path.suffix == f".{VERDICTS}"
    with new_workspace(folder / "w", policies=["spam"] if judged else []) as workspace:
        options: dict[str, Any] = {"policies": POLICIES, "decide_from": "expected"} if judged else {}
        clock[0] = time.perf_counter()  # making the workspace is not importing
        summary = services.import_file(workspace, path=path, **options)
        clock[1] = time.perf_counter()
        assert summary.stored == summary.read, summary
        assert (summary.verdicts, summary.decisions) == ((summary.read,) * 2 if judged else (0, 0)), summary
        return summary.stored


def measure(kind: str, path: Path, folder: Path) -> tuple[int, float, float]:
    """Return rows, rows a second and peak MiB of one run in a process of its own."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.bench.exchange", "--child", kind, str(path), str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(ended.stderr)
    rows, seconds, peak = json.loads(ended.stdout.splitlines()[-1])
    return rows, rows / seconds, peak


def child(kind: str, path: Path, folder: Path) -> None:
    """Run one measurement and print rows, seconds and peak MiB. Starting up is not timed; its memory counts."""
    import core.services  # noqa: F401 - not timed

    clock = [time.perf_counter(), 0.0]
    rows = run_bare(path, folder) if kind == "bare" else run_docket(path, folder, clock, export=kind == "export")
    seconds = (clock[1] or time.perf_counter()) - clock[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(json.dumps([rows, seconds, peak]))


def compare(format_: str, count: int, folder: Path) -> float:
    """Measure one format at one size, print it, and return Docket's peak in MiB."""
    path = folder / f"in-{count}.{format_}"
    write_file(path, count)
    case = f"import {format_}"
    rows, speed, peak = measure("docket", path, folder / f"docket-{format_}-{count}")
    emit(BENCH, case, "rows_per_s", speed, "rows/s", rows)
    emit(BENCH, case, "peak_memory", peak, "MiB", rows)
    _, bare_speed, bare_peak = measure("bare", path, folder / f"bare-{format_}-{count}")
    emit(BENCH, f"bare {format_}", "rows_per_s", bare_speed, "rows/s", rows)
    emit(BENCH, f"bare {format_}", "peak_memory", bare_peak, "MiB", rows)
    emit(BENCH, case, "ratio", speed / bare_speed, "x", rows, against=f"bare {format_}, same library and database")
    out = folder / f"out-{count}.{format_}"
    rows, out_speed, out_peak = measure("export", out, folder / f"docket-{format_}-{count}")
    emit(BENCH, f"export {format_}", "rows_per_s", out_speed, "rows/s", rows)
    emit(BENCH, f"export {format_}", "peak_memory", out_peak, "MiB", rows)
    for each in (path, out):
        each.unlink()
    return peak


def compare_judged(count: int, folder: Path) -> None:
    """Measure recorded verdicts with decisions against items of the same contents, and print it."""
    speeds = []
    for kind, case in ((VERDICTS, "import verdicts with decisions"), ("jsonl", "import jsonl beside verdicts")):
        path = folder / f"in.{kind}"
        write_file(path, count)
        rows, speed, peak = measure("docket", path, folder / f"docket-{kind}")
        emit(BENCH, case, "rows_per_s", speed, "rows/s", rows)
        emit(BENCH, case, "peak_memory", peak, "MiB", rows)
        speeds.append(speed)
    case = "import verdicts with decisions"
    emit(BENCH, case, "ratio", speeds[0] / speeds[1], "x", count, against="import of items alone, JSON lines")


def main() -> None:
    """Measure every format, small and large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="some thousand rows")
    parser.add_argument("--items", type=int, default=1_000_000, help="rows of the large run")
    parser.add_argument("--formats", nargs="*", default=list(FORMATS), choices=FORMATS)
    parser.add_argument("--child", nargs=3, metavar=("KIND", "PATH", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    if options.child:
        kind, path, folder = options.child
        child(kind, Path(path), Path(folder))
        return
    sizes = (1_000, 5_000) if options.quick else (10_000, options.items)
    with tempfile.TemporaryDirectory() as folder:
        compare_judged(5_000 if options.quick else 100_000, Path(folder))
    for format_ in options.formats:
        with tempfile.TemporaryDirectory() as folder:
            small, large = (compare(format_, size, Path(folder)) for size in sizes)
        emit(
            BENCH, f"import {format_}", "ratio", large / small, "x", sizes[1], against=f"peak memory at {sizes[0]} rows"
        )


if __name__ == "__main__":
    main()
