"""The second opinion and the queue it thins, measured on real data: `python -m tests.bench.insight [--quick]`.

`DOCKET_DATA` names the folder of test data. Cases: AUC of the second opinion, five-fold, and its learning curve on the
moderation set; time to train on all its items and to score 100,000; items a reviewer must read to find 95% of the
violations in the order of the model, of the second opinion, of both, and by chance. An area comes with its interval.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import Item, ItemKind
from core.domain.insight import Estimate
from core.insight.assessment import assess
from core.insight.second_opinion import Labelled, SecondOpinion, text_of
from tests.bench.report import emit

BENCH = "insight"
CURVE = (50, 100, 200, 400, 640)
FOUND = 0.95
CHANCES = 200
_SIDES = {"VALID": False, "INVALID": True}


@dataclass(frozen=True, slots=True)
class Labels:
    """Items and whether each violates; `model` is the side a safeguard model gave, where one was recorded."""

    items: list[Item]
    truth: list[bool]
    model: list[bool | None]


def moderation(folder: Path) -> Labels:
    """The moderation set: violating is what has any of its eight categories."""
    items, truth = [], []
    with (folder / "moderation" / "samples-odd.jsonl").open(encoding="utf-8") as stream:
        for number, line in enumerate(stream):
            row = json.loads(line)
            items.append(Item(f"m-{number}", ItemKind.MESSAGE, row["prompt"]))
            truth.append(any(value == 1 for name, value in row.items() if name != "prompt"))
    return Labels(items, truth, [None] * len(items))


def recorded(folder: Path) -> Labels:
    """The recorded runs of gpt-oss-safeguard-20b that answer VALID or INVALID, all policies together."""
    items, truth, model = [], [], []
    with (folder / "recorded_verdicts" / "verdicts.jsonl").open(encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            said, expected = _SIDES.get(row["output"].strip()), _SIDES.get(row.get("expected", ""))
            if said is not None and expected is not None:
                items.append(Item(row["id"], ItemKind.MESSAGE, row["messages"][-1]["content"]))
                truth.append(expected)
                model.append(said)
    return Labels(items, truth, model)


def show(case: str, metric: str, estimate: Estimate, n: int) -> None:
    """Print a figure and its interval."""
    for name, value in ((metric, estimate.value), (f"{metric}_low", estimate.low), (f"{metric}_high", estimate.high)):
        if value is not None:
            emit(BENCH, case, name, value, "share", n)


def measure_quality(labels: Labels, curve: Sequence[int]) -> NDArray[np.float64]:
    """Print AUC and learning curve; return the out-of-fold scores."""
    labelled = Labelled([text_of(item) for item in labels.items], labels.truth)
    found = assess(labelled, curve=curve)
    show("moderation, five-fold", "auc", found.auc, len(labels.items))
    for point in found.curve:
        show(f"moderation, {point.labels} labels", "auc", point.auc, point.labels)
    return found.scores


def measure_speed(labels: Labels, count: int) -> SecondOpinion:
    """Time training on all labels and scoring `count` items, which repeat the set's texts."""
    started = time.perf_counter()
    labelled = Labelled([text_of(item) for item in labels.items], labels.truth)
    model = labelled.train(np.arange(len(labels.items)))
    emit(BENCH, "train", "seconds", time.perf_counter() - started, "s", len(labels.items))
    started = time.perf_counter()
    stored = model.to_bytes()
    model = SecondOpinion.from_bytes(stored)
    emit(BENCH, "store and read back", "seconds", time.perf_counter() - started, "s", 1)
    emit(BENCH, "store and read back", "size", len(stored) / 2**20, "MiB", 1)
    started = time.perf_counter()
    done = sum(1 for _ in model.score(islice(cycle(labels.items), count)))
    seconds = time.perf_counter() - started
    emit(BENCH, "score", "seconds", seconds, "s", done)
    emit(BENCH, "score", "throughput", done / seconds, "items/s", done)
    return model


def read_until(order: NDArray[np.int64], truth: NDArray[np.bool_]) -> int:
    """How many items in this order have to be read to find `FOUND` of the violations."""
    found = np.cumsum(truth[order])
    return int(np.searchsorted(found, np.ceil(FOUND * truth.sum()))) + 1


def replay(case: str, labels: Labels, scores: NDArray[np.float64]) -> None:
    """Print the reading each order costs, and each order's ratio to chance; ties are broken by chance."""
    truth = np.asarray(labels.truth)
    random = np.random.default_rng(1)
    orders = {"second opinion": scores}
    if None not in labels.model:
        model = np.asarray(labels.model, dtype=np.float64)
        orders = {"model": model, **orders, "model and second opinion": (model + scores) / 2}
    by_chance = float(np.mean([read_until(random.permutation(len(truth)), truth) for _ in range(CHANCES)]))
    emit(BENCH, f"thinning {case}, by chance", "read", by_chance, "items", len(truth))
    for name, values in orders.items():
        shuffled = [random.permutation(len(truth)) for _ in range(CHANCES)]
        reads = [read_until(row[np.argsort(-values[row], kind="stable")], truth) for row in shuffled]
        emit(BENCH, f"thinning {case}, {name}", "read", float(np.mean(reads)), "items", len(truth))
        ratio = float(np.mean(reads)) / by_chance
        emit(BENCH, f"thinning {case}, {name}", "ratio", ratio, "x", len(truth), against="by chance")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases; return 2 when there is no test data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="score 2,000 items and two points of the curve only")
    quick = parser.parse_args(arguments).quick
    folder = Path(os.environ.get("DOCKET_DATA", ""))
    if not os.environ.get("DOCKET_DATA") or not folder.is_dir():
        print("Set DOCKET_DATA to the folder of test data.", file=sys.stderr)
        return 2
    labels = moderation(folder)
    scores = measure_quality(labels, CURVE[:2] if quick else CURVE)
    measure_speed(labels, 2_000 if quick else 100_000)
    replay("moderation", labels, scores)
    runs = recorded(folder)
    rows = np.arange(len(runs.items))
    replay("recorded runs", runs, Labelled([text_of(item) for item in runs.items], runs.truth).out_of_fold(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
