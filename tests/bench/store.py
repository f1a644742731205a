"""What a workspace of a thousand, a hundred thousand and a million items costs: import, open, next, search, decide.

`python -m tests.bench.store [--quick] [--sizes N,N] [--kinds encrypted,plain]` prints JSON lines. Each size and kind
runs in a process of its own, for its peak of memory; `plain` is the same code on SQLite without a key, the peer of the
run. Items come in by the import itself; states and scores are filled in by a process of its own, with the indexes made
anew after it: judging is not what is measured. The ratios say what a size costs against the smallest one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from core import services
from core.domain import QueueFilter, QueueSort
from core.services.workspace import Workspace
from core.settings import Settings
from core.store import database, migrations
from core.store.database import FileDatabase
from core.store.store import SIGNING_KEY, Store
from core.store.tables import SECRET
from tests.bench.report import emit

ROOT = Path(__file__).resolve().parents[2]
SIZES, QUICK = (1_000, 100_000, 1_000_000), (1_000, 10_000)
KINDS = ("encrypted", "plain")
KEY = bytes(range(32))
SELF = (sys.executable, "-m", "tests.bench.store")
PAGE = 100
DECISIONS, LOOKS = 900, 60
RARE = "zephyrquark"
"""A word that one item in a thousand holds."""

WORDS = 4_000
GROWING = (*(f"next by {sort.value}" for sort in QueueSort), "decide p50", "decide p95", "decide p99")
COMPARED = ("import", "open", "next by risk", "search rare", "page in the middle", "decide p50")


class _PlainDatabase(FileDatabase):
    """The same file without a key."""

    def _open_keyed(self) -> Any:
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        return database.sqlcipher.connect(
            uri, uri=True, timeout=database.BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )


def _lines(count: int) -> Iterator[str]:
    """Yield items of 5 to 40 made-up words, about 130 characters each, always the same ones."""
    rng = random.Random(7)  # noqa: S311 - the same texts every time
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(WORDS)]
    weights = [1 / (rank + 5) for rank in range(WORDS)]
    for number in range(count):
        said = rng.choices(words, weights, k=rng.randint(5, 40))
        if number % 1000 == 500:
            said[0] = RARE
        yield json.dumps({"id": f"item-{number}", "content": " ".join(said)}) + "\n"


def _times_ms(run: Callable[[], object], count: int) -> list[float]:
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)


def _at(sorted_ms: list[float], share: float) -> float:
    return sorted_ms[min(len(sorted_ms) - 1, int(share * len(sorted_ms)))]


def _open(folder: Path, kind: str) -> Workspace:
    store = Store(_PlainDatabase(folder, KEY)) if kind == "plain" else Store.open(folder, KEY)
    return Workspace(folder, store, Settings(), "bench")


def _create(folder: Path, kind: str) -> None:
    if kind == "encrypted":
        Store.create(folder, KEY, creator="bench").close()
        return
    (folder / database.FILE).touch()
    plain = _PlainDatabase(folder, KEY)
    with plain.write() as connection:
        migrations.upgrade(connection)
        connection.execute(insert(SECRET).values(name=SIGNING_KEY, value=KEY.hex()))
    plain.close()


def judge_all(folder: Path, kind: str) -> None:
    """Give every entry a state and scores that lie evenly and in no order; its indexes and counts are made anew."""
    store = _open(folder, kind).store
    with store._db.write() as connection:
        made = connection.exec_driver_sql(
            "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'queue_entry' AND sql IS NOT NULL"
            " AND type IN ('index', 'trigger')"
        ).all()
        for kind_of, name, _ in made:
            connection.exec_driver_sql(f"DROP {kind_of} {name}")
        connection.exec_driver_sql(
            "UPDATE queue_entry SET state = 'judged', risk = abs(random() % 1000003) / 1000003.0,"
            " uncertainty = abs(random() % 1000003) / 1000003.0"
        )
        connection.exec_driver_sql("UPDATE queue_count SET state = 'judged'")
        for _, _, statement in made:
            connection.exec_driver_sql(statement)
    store._db.close()


def measure(size: int, kind: str) -> None:
    """Measure one size and kind and print each figure as a JSON line of name, value, unit and n."""
    with tempfile.TemporaryDirectory(prefix="docket-bench-") as place:
        folder = Path(place) / "w"
        folder.mkdir()
        source = Path(place) / "items.jsonl"
        with source.open("w", encoding="utf-8") as stream:
            stream.writelines(_lines(size))
        _create(folder, kind)
        workspace = _open(folder, kind)
        services.add_policy(workspace, path=ROOT / "policies" / "spam.md")
        start = time.perf_counter()
        summary = services.import_file(workspace, path=source, policy_id="spam")
        _say("import", summary.stored / (time.perf_counter() - start), "rows/s", size)
        assert summary.stored == size
        workspace.store._db.close()
        source.unlink()
        subprocess.run([*SELF, "--judge", str(folder), kind], check=True, cwd=ROOT)
        _measure_looks(folder, size, kind)
        files = sum(path.stat().st_size for path in folder.iterdir())
        _say("file", files / 2**20, "MiB", size)
        _say("peak memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MiB", size)


def _measure_looks(folder: Path, size: int, kind: str) -> None:
    def opened() -> None:
        workspace = _open(folder, kind)
        services.queue_counts(workspace)
        workspace.store._db.close()

    _say("open", _at(_times_ms(opened, 10), 0.5), "ms", 10)
    workspace = _open(folder, kind)
    for sort in QueueSort:
        _measure_order(workspace, QueueFilter(sort=sort), size)
    keys = services.queue_ids(workspace, filter=QueueFilter())
    for name, at in (("middle", size // 2), ("end", size - PAGE)):
        page = keys[at : at + PAGE]
        _say_median(f"page in the {name}", partial(services.queue_rows, workspace, keys=page), LOOKS)
    _say_median("counts", partial(services.queue_counts, workspace), LOOKS)
    words = services.get_review(workspace, key=keys[0]).item.content.split()
    searches = {"rare": RARE, "common": words[-1], "phrase": f'"{words[0]} {words[1]}"', "two letters": "kg"}
    for name, text in searches.items():
        _say_median(f"search {name}", partial(services.queue_ids, workspace, filter=QueueFilter(search=text)), 5)
    chosen = iter(random.Random(3).sample(list(keys), DECISIONS + 20))  # noqa: S311
    decide = partial(_decide_next, workspace, chosen)
    _times_ms(decide, 20)
    taken = _times_ms(decide, DECISIONS)
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        _say(f"decide {name}", _at(taken, share), "ms", DECISIONS)
    workspace.store._db.close()


def _measure_order(workspace: Workspace, wanted: QueueFilter, size: int) -> None:
    def next_item() -> None:
        [claim] = services.claim_next(workspace, filter=wanted)
        services.get_review(workspace, key=claim.key)

    _say_median(f"next by {wanted.sort.value}", next_item, LOOKS)
    services.release_claims(workspace)
    start = time.perf_counter()
    services.queue_ids(workspace, filter=wanted)
    _say(f"all ids by {wanted.sort.value}", (time.perf_counter() - start) * 1000, "ms", size)


def _decide_next(workspace: Workspace, keys: Iterator[int]) -> None:
    services.decide(workspace, key=next(keys), label="SP2", note="seen before")


def _say_median(name: str, run: Callable[[], object], count: int) -> None:
    _say(name, _at(_times_ms(run, count), 0.5), "ms", count)


def _say(name: str, value: float, unit: str, n: int) -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit, "n": n}), flush=True)


def _run(size: int, kind: str) -> dict[str, float]:
    """Measure in a process of its own; print its figures and return them by name."""
    command = [*SELF, "--one", str(size), kind]
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    found: dict[str, float] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as child:
        for line in child.stdout or ():
            said = json.loads(line)
            found[said["name"]] = said["value"]
            emit("store", f"{size:,} {kind}", said["name"], said["value"], said["unit"], said["n"])
    if child.returncode:
        raise SystemExit(child.returncode)
    return found


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sizes")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--one", nargs=2, metavar=("SIZE", "KIND"), help=argparse.SUPPRESS)
    parser.add_argument("--judge", nargs=2, metavar=("FOLDER", "KIND"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.judge:
        judge_all(Path(options.judge[0]), options.judge[1])
        return
    if options.one:
        measure(int(options.one[0]), options.one[1])
        return
    sizes = [int(size) for size in options.sizes.split(",")] if options.sizes else QUICK if options.quick else SIZES
    kinds = options.kinds.split(",")
    found = {(size, kind): _run(size, kind) for size in sizes for kind in kinds}
    for size in sizes if set(kinds) == set(KINDS) else ():
        for name in COMPARED:
            ratio = found[size, "encrypted"][name] / found[size, "plain"][name]
            emit("store", f"{size:,} {name}", "ratio", ratio, "x", size, against="plain SQLite in the same run")
    small = min(sizes)
    for size in sizes:
        for name in GROWING if size != small else ():
            ratio = found[size, kinds[0]][name] / found[small, kinds[0]][name]
            emit("store", f"{size:,} {name}", "ratio", ratio, "x", size, against=f"{small:,} items in the same run")


if __name__ == "__main__":
    main()
