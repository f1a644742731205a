"""The second opinion and the queue it thins, measured on real data: `python -m tests.bench.insight [--quick]`.

`DOCKET_DATA` names the folder of test data. Cases: AUC of the second opinion, five-fold, and its learning curve on the
moderation set; time to train on all its items and to score 100,000; items a reviewer must read to find 95% of the
violations in the order of the model, of the second opinion, of both, and by chance. An area comes with its interval.
`--embedding FILE` adds vectors of that GGUF (`sample`: the sample model): AUC with words, with both, vectors alone.
`--model MODEL` judges the moderation set, fast or with `--full`, for the two orders that need a model; no verdicts came
with it. `--scores FILE` keeps what it said.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import Effort, Item, ItemKind
from core.domain.insight import Estimate
from core.inference.embedding import EmbeddingProcess, EmbeddingSpec
from core.inference.protocol import Judged, JudgeOptions, JudgeRequest
from core.inference.verdicts import interpret
from core.insight.assessment import assess
from core.insight.calibration import auc_of
from core.insight.second_opinion import Given, Labelled, SecondOpinion, text_of
from core.models.catalogue import file_sha256, resolve_embedder
from core.paths import cache_folder, models_folder
from core.policy.document import parse_policy
from core.services import open_classifier
from tests.bench.report import emit

BENCH = "insight"
CURVE = (50, 100, 200, 400, 640)
FOUND = 0.95
CHANCES = 200
RESAMPLES = 1000
PAGE = 64
POLICY = """---
id: moderation
title: Harmful content
applies_to: [message]
output: binary
effort: low
labels:
  - {code: "0", name: Harmless, violates: false}
  - {code: "1", name: Harmful, violates: true}
---

# Instructions

Is the text sexual, hateful, violent, harassing or about self-harm? Answer 1 if it is, else 0.

# Violates

- 1.a It is sexual, hateful, violent, harassing, or about self-harm.

# Safe

- 0.a Anything else.
"""
_SIDES = {"VALID": False, "INVALID": True}


@dataclass(frozen=True, slots=True)
class Labels:
    """Items and whether each violates; `model` is the side or the score a model gave, where there is one."""

    items: list[Item]
    truth: list[bool]
    model: Sequence[float | None]


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


def read_by_chance(truth: NDArray[np.bool_]) -> float:
    """How many items a random order makes one read, on average: the place of a violation, negative hypergeometric."""
    return float(np.ceil(FOUND * truth.sum()) * (len(truth) + 1) / (truth.sum() + 1))


def replay(case: str, labels: Labels, scores: NDArray[np.float64]) -> None:
    """Print the reading each order costs, and its ratio to chance, each with a 95% interval.

    Ties are broken by chance. The intervals are percentile bootstraps over items.
    """
    truth = np.asarray(labels.truth)
    random = np.random.default_rng(1)
    orders = {"second opinion": scores}
    if None not in labels.model:
        model = np.asarray(labels.model, dtype=np.float64)
        orders = {"model": model, **orders, "model and second opinion": (model + scores) / 2}
    by_chance = read_by_chance(truth)
    emit(BENCH, f"thinning {case}, by chance", "read", by_chance, "items", len(truth))
    for name, values in orders.items():
        reads = [_read(random.permutation(len(truth)), values, truth) for _ in range(CHANCES)]
        drawn = [random.integers(0, len(truth), len(truth)) for _ in range(RESAMPLES)]
        shares = [_read(row, values, truth) / read_by_chance(truth[row]) for row in drawn]
        costs = [_read(row, values, truth) for row in drawn]
        for metric, whole, resampled, unit, against in (
            ("read", float(np.mean(reads)), costs, "items", None),
            ("ratio", float(np.mean(reads)) / by_chance, shares, "x", "by chance"),
        ):
            low, high = np.percentile(resampled, [2.5, 97.5])
            for ending, value in (("", whole), ("_low", float(low)), ("_high", float(high))):
                emit(BENCH, f"thinning {case}, {name}", metric + ending, value, unit, len(truth), against=against)


def _read(rows: NDArray[np.int64], values: NDArray[np.float64], truth: NDArray[np.bool_]) -> int:
    return read_until(np.argsort(-values[rows], kind="stable"), truth[rows])


def measure_vectors(case: str, labels: Labels, embedding: str) -> None:
    """Print AUC, five-fold, of words, of words and vectors, and of vectors alone, each with its ratio to words."""
    found = resolve_embedder(embedding, folder=models_folder())
    texts = [text_of(item) for item in labels.items]
    started = time.perf_counter()
    spec = EmbeddingSpec(str(found.path), found.name, file_sha256(found.path), 0, str(cache_folder() / "weights"))
    with EmbeddingProcess(spec) as process:
        pages = (texts[start : start + PAGE] for start in range(0, len(texts), PAGE))
        given = Given(np.vstack([process.embed(page) for page in pages]), spec.sha256, spec.name)
    seconds = time.perf_counter() - started
    emit(BENCH, f"vectors {case}, {found.name}", "throughput", len(texts) / seconds, "items/s", len(texts))
    rows = np.arange(len(texts))
    areas: dict[str, float] = {}
    for name, vectors, words in (("words", None, True), ("both", given, True), ("vectors", given, False)):
        labelled = Labelled(texts, labels.truth, given=vectors, words=words)
        area = auc_of(labelled.out_of_fold(rows), labelled.truth)
        show(f"vectors {case}, {name}", "auc", area, len(texts))
        areas[name] = area.value or 0.0
        if name != "words":
            ratio = areas[name] / areas["words"]
            emit(BENCH, f"vectors {case}, {name}", "ratio", ratio, "x", len(texts), against="words")


def judge(labels: Labels, model: str, *, full: bool, kept: Path | None) -> Labels:
    """Return the labels with the score a model gives each item; print how well it ranks and how long it took.

    `kept` is a file of scores: what is in it is not judged again, and what is judged is added to it at once, so that a
    run of hours can be stopped.
    """
    scores = _kept_scores(kept)
    left = [number for number in range(len(labels.items)) if number not in scores]
    started = time.perf_counter()
    if left:
        for number, score in _judged(labels, left, model, full=full):
            scores[number] = score
            if kept is not None:
                with kept.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps({"number": number, "score": score}) + "\n")
        emit(BENCH, f"judge, {model}", "throughput", len(left) / (time.perf_counter() - started), "items/s", len(left))
    listed = [scores[number] for number in range(len(labels.items))]
    missing = sum(score is None for score in listed)
    emit(BENCH, f"judge, {model}", "without a score", missing, "items", len(listed))
    whole = [0.5 if score is None else score for score in listed]
    show(f"moderation, {model}", "auc", auc_of(np.asarray(whole), np.asarray(labels.truth)), len(whole))
    return Labels(labels.items, labels.truth, whole)


def _kept_scores(kept: Path | None) -> dict[int, float | None]:
    if kept is None or not kept.is_file():
        return {}
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    return {row["number"]: row["score"] for row in rows}


def _judged(labels: Labels, left: Sequence[int], model: str, *, full: bool) -> Iterator[tuple[int, float | None]]:
    policy = parse_policy(POLICY)
    waiting = iter([JudgeRequest(number, labels.items[number]) for number in left])
    with closing(open_classifier(None, model=model)) as classifier:
        options, info = JudgeOptions(Effort.LOW, fast=not full), classifier.info
        for event in classifier.judge(
            lambda: next(waiting, None), policy=policy, options=options, cancel=threading.Event()
        ):
            if isinstance(event, Judged):
                item = labels.items[event.key]
                said = interpret(event.raw, item=item, policy=policy, model=info, effort=Effort.LOW, settings={})
                yield event.key, said.score


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases; return 2 when there is no test data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="score 2,000 items and two points of the curve only")
    parser.add_argument("--embedding", metavar="FILE", help="also learn from vectors of this GGUF file")
    parser.add_argument("--model", metavar="MODEL", help="judge the moderation set with this model, for its order")
    parser.add_argument("--full", action="store_true", help="let the model reason about each item, not the fast pass")
    parser.add_argument("--scores", metavar="FILE", type=Path, help="keep the model's scores there, and use those kept")
    options = parser.parse_args(arguments)
    quick = options.quick
    folder = Path(os.environ.get("DOCKET_DATA", ""))
    if not os.environ.get("DOCKET_DATA") or not folder.is_dir():
        print("Set DOCKET_DATA to the folder of test data.", file=sys.stderr)
        return 2
    labels = moderation(folder)
    scores = measure_quality(labels, CURVE[:2] if quick else CURVE)
    measure_speed(labels, 2_000 if quick else 100_000)
    judged = judge(labels, options.model, full=options.full, kept=options.scores) if options.model else labels
    replay("moderation", judged, scores)
    runs = recorded(folder)
    if options.embedding:
        measure_vectors("moderation", labels, options.embedding)
        measure_vectors("recorded runs", runs, options.embedding)
    rows = np.arange(len(runs.items))
    replay("recorded runs", runs, Labelled([text_of(item) for item in runs.items], runs.truth).out_of_fold(rows))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
