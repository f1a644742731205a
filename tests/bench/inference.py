"""Items a second of Docket's engine beside its peers, all on the sample model, the same items, policy and budgets.

Docket judges first; its peers then do equal work (see `peers`). The bare limit is the time the machine needs to read
the tokens no cache can save. Then: whether a batch says what single runs say, how much memory the model process takes,
and the same against a tiny gpt-oss with the full vocabulary.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from core.domain import Item, ItemKind, RawOutput
from core.inference.engine.native import Context, Model
from core.inference.engine.settings import EngineSettings, free_cores
from core.inference.formats import prompt_format
from core.inference.messages import ModelSpec
from core.inference.process import ModelProcess
from core.inference.protocol import Judged, JudgeOptions, JudgeRequest
from core.models.catalogue import file_sha256, sample_path
from core.policy.document import parse_policy
from tests.bench.messages import MESSAGES
from tests.bench.peers import Work, llama_class, llama_class_by_text, llama_server
from tests.bench.report import emit
from tests.fixtures.tiny_models import o200k_tokenizer, write_tiny_gpt_oss

ROOT = Path(__file__).resolve().parents[2]
BENCH = "inference"
REASONING = 48
PARALLEL = (1, 4, 8)


def load_work(count: int) -> Work:
    """Return the sample model, the shipped spam policy without its examples (500 tokens) and `count` messages.

    Every second message is two of the list in a row, as a longer post.
    """
    model = sample_path()
    if model is None:
        raise SystemExit("The sample model is not installed: uv sync --group sample")
    text = (ROOT / "policies/spam.md").read_text(encoding="utf-8")
    policy = parse_policy(text.split("# Examples")[0])
    many = len(MESSAGES)
    texts = [f"{MESSAGES[n % many]} {MESSAGES[(n + 30) % many]}" if n % 2 else MESSAGES[n % many] for n in range(count)]
    return Work(model, policy, [Item(f"m{n}", ItemKind.MESSAGE, text) for n, text in enumerate(texts)])


def emit_lengths(work: Work) -> None:
    """Emit the lengths of policy and messages in the sample model's tokens."""
    model = Model(str(work.model))
    counts = [len(model.tokenize_untrusted(item.content)) for item in work.items]
    emit(BENCH, "policy", "tokens", len(model.tokenize_untrusted(work.policy.body)), "tokens", 1)
    for metric, value in (("min", min(counts)), ("median", statistics.median(counts)), ("max", max(counts))):
        emit(BENCH, "messages", f"tokens_{metric}", value, "tokens", len(counts))
    model.close()


@contextmanager
def docket(work: Work, cache: str | None) -> Iterator[ModelProcess]:
    """Open the model process; `cache` is the folder of repacked weights, None for the file as it is."""
    spec = ModelSpec(
        path=str(work.model), name="bench", sha256=file_sha256(work.model), prompt_format=work.prompt_format,
        size_bytes=work.model.stat().st_size, settings=EngineSettings(repack_folder=cache),
    )  # fmt: skip
    process = ModelProcess(spec)
    try:
        yield process
    finally:
        process.close()


def judge(
    process: ModelProcess,
    work: Work,
    options: JudgeOptions,
    items: list[Item] | None = None,
    on_judged: Callable[[int], None] | None = None,
) -> tuple[float, dict[int, RawOutput]]:
    """Return seconds for all items and the raw outputs by index; `on_judged` is told how many are done."""
    chosen = work.items if items is None else items
    numbers = iter(range(len(chosen)))
    done: dict[int, RawOutput] = {}
    started = time.perf_counter()
    for event in process.judge(
        lambda: next((JudgeRequest(n, chosen[n]) for n in numbers), None),
        policy=work.policy,
        options=options,
        cancel=threading.Event(),
    ):
        if isinstance(event, Judged):
            done[event.key] = event.raw
            if on_judged is not None:
                on_judged(len(done))
    return time.perf_counter() - started, done


def timed(process: ModelProcess, work: Work, options: JudgeOptions) -> tuple[float, dict[int, RawOutput]]:
    """Judge the first item once, so that the policy has been read, then all with the clock running."""
    judge(process, work, options, work.items[:1])
    return judge(process, work, options)


def label_of(raw: RawOutput) -> str:
    """Return the label with the highest score."""
    return max(raw.label_scores, key=lambda code: raw.label_scores[code])


def compare(case: str, against: str, one: dict[int, RawOutput], other: dict[int, RawOutput]) -> None:
    """Emit how far two runs over the same items agree: labels, whole texts, the largest difference of a score."""
    count = len(one)
    labels = sum(label_of(one[n]) == label_of(other[n]) for n in one)
    texts = sum((one[n].reasoning, one[n].output) == (other[n].reasoning, other[n].output) for n in one)
    score = max(
        abs(one[n].label_scores[code] - other[n].label_scores[code]) for n in one for code in one[n].label_scores
    )
    emit(BENCH, case, "same_label", labels / count, "share", count, against=against)
    emit(BENCH, case, "same_text", texts / count, "share", count, against=against)
    emit(BENCH, case, "score_difference_max", score, "probability", count, against=against)


def batch_and_alone(case: str, process: ModelProcess, work: Work, options: JudgeOptions) -> None:
    """Emit whether a batch says what the same items say when each is judged alone."""
    _, together = judge(process, work, options)
    alone = {n: judge(process, work, options, [item])[1][0] for n, item in enumerate(work.items)}
    compare(case, f"{case}, each alone", together, alone)


def memory(process: ModelProcess, work: Work, count: int) -> None:
    """Emit the model process's resident memory after `count` items of a fast pass, and its growth since a tenth."""
    early = 0

    def look(done: int) -> None:
        nonlocal early
        early = resident_bytes(process.pid) if done == count // 10 else early

    items = [work.items[n % len(work.items)] for n in range(count)]
    judge(process, work, JudgeOptions(fast=True), items, look)
    late = resident_bytes(process.pid)
    emit(BENCH, "model process", "resident_memory", late / 2**20, "MiB", count)
    emit(BENCH, "model process", "memory_growth", (late - early) / 2**20, "MiB", count - count // 10)


def resident_bytes(pid: int | None) -> int:
    """Return the resident memory of a process, 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


def bare_limit(work: Work, weights: Path, outputs: dict[int, RawOutput]) -> float:
    """Return seconds to read every token that differs between items once, at the machine's best prefill speed."""
    model = Model(str(weights))
    context = Context(model, tokens=4096, sequences=2, batch=512, threads=free_cores())
    speeds = []
    for _ in range(3):
        started = time.perf_counter()
        context.decode([(100 + n, n, 0, n == 511) for n in range(512)])
        context.logits(511)
        speeds.append(512 / (time.perf_counter() - started))
        context.cut_sequence(0, 0)
    chatml = prompt_format("chatml")
    unique = sum(len(model.tokenize(piece)) for item in work.items for piece in chatml.content(item))
    written = sum(raw.output_tokens for raw in outputs.values())
    context.close()
    model.close()
    return (unique + written) / max(speeds)


def full_vocabulary(work: Work, options: JudgeOptions) -> None:
    """Emit the rates of Docket and of its peer on a tiny gpt-oss with the full vocabulary of 200,000 tokens."""
    count = len(work.items)
    case, against = "docket, gpt-oss with 200k vocabulary", "llama_cpp.Llama, gpt-oss with 200k vocabulary"
    with tempfile.TemporaryDirectory() as folder:
        path = write_tiny_gpt_oss(Path(folder) / "tiny-o200k.gguf", tokenizer=o200k_tokenizer())
        tiny = replace(work, model=path, prompt_format="harmony")
        forced = replace(options, force_verdict=True, rationale_budget=24)
        with docket(tiny, None) as process:
            seconds, outputs = timed(process, tiny, forced)
            fast_seconds, _ = timed(process, tiny, JudgeOptions(fast=True))
            batch_and_alone(case, process, tiny, forced)
        lengths = {index: max(1, raw.output_tokens) for index, raw in outputs.items()}
        peer = llama_class_by_text(tiny, lengths)
    emit(BENCH, case, "items_per_s", count / seconds, "1/s", count)
    emit(BENCH, against, "items_per_s", count / peer, "1/s", count)
    emit(BENCH, case, "ratio", peer / seconds, "x", count, against=against)
    emit(BENCH, f"{case}, fast", "ratio", seconds / fast_seconds, "x", count, against=case)


def rate(case: str, count: int, seconds: float) -> float:
    """Emit and return items a second."""
    emit(BENCH, case, "items_per_s", count / seconds, "1/s", count)
    return count / seconds


def beside_peers(work: Work, cache: str, options: JudgeOptions) -> None:
    """Emit the rates of both passes, of the peers and of the bare limit, and the ratios."""
    count = len(work.items)
    with docket(work, cache) as process:
        seconds, outputs = timed(process, work, options)
        full = rate("docket", count, seconds)
        fast_seconds, _ = timed(process, work, JudgeOptions(fast=True))
        fast = rate("docket fast", count, fast_seconds)
    lengths = {index: max(1, raw.output_tokens) for index, raw in outputs.items()}
    emit(BENCH, "docket", "output_tokens_mean", sum(lengths.values()) / count, "tokens", count)
    rates = {"llama_cpp.Llama": rate("llama_cpp.Llama", count, llama_class(work, lengths))}
    for parallel in PARALLEL:
        name = f"llama_cpp.server, {parallel} at once"
        rates[name] = rate(name, count, llama_server(work, lengths, parallel))
    best = max(rates, key=lambda name: rates[name])
    emit(BENCH, "docket", "ratio", full / rates[best], "x", count, against=best)
    emit(BENCH, "docket fast", "ratio", fast / full, "x", count, against="docket")
    weights = next(Path(cache).glob("*.gguf"), work.model)
    limit = rate("bare limit", count, bare_limit(work, weights, outputs))
    emit(BENCH, "docket", "ratio", full / limit, "x", count, against="bare limit")
    name = "llama_cpp.Llama on Docket's repacked weights"
    same_weights = rate(name, count, llama_class(work, lengths, model=weights))
    emit(BENCH, "docket", "ratio", full / same_weights, "x", count, against=name)
    with docket(work, None) as process:
        seconds, originals = timed(process, work, options)
    rate("docket, weights as in the file", count, seconds)
    compare("docket", "docket, weights as in the file", outputs, originals)


def main(arguments: list[str] | None = None) -> None:
    """Run all cases and print JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few items, for a look")
    parser.add_argument("--items", type=int, default=48)
    chosen = parser.parse_args(arguments)
    work = load_work(8 if chosen.quick else chosen.items)
    options = JudgeOptions(reasoning_budget=REASONING)
    emit_lengths(work)
    with tempfile.TemporaryDirectory() as cache:
        beside_peers(work, cache, options)
        with docket(work, cache) as process:
            batch_and_alone("docket", process, work, options)
            batch_and_alone("docket fast", process, work, JudgeOptions(fast=True))
            memory(process, work, 100 if chosen.quick else 1000)
    full_vocabulary(replace(work, items=work.items[:32]), options)


if __name__ == "__main__":
    main()
