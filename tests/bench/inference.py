"""Items a second of Docket's engine beside its peers, all on the sample model, the same items, policy and budgets.

Docket judges first. Each peer then gets the same system and user text and must write, for each item, as many tokens
as Docket's reasoning and verdict had, with the end of generation banned, so that all do equal work. The peers keep
their own prefix caches. The bare limit is the time the machine needs to read the tokens no cache can save.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import llama_cpp

from core.domain import Item, PolicyVersion, RawOutput
from core.inference.engine.native import Context, Model
from core.inference.engine.settings import EngineSettings, free_cores
from core.inference.formats import prompt_format
from core.inference.messages import ModelSpec
from core.inference.process import ModelProcess
from core.inference.prompt import item_pieces, output_rule, prompt_text
from core.inference.protocol import Judged, JudgeOptions, JudgeRequest
from core.intake.records import build_item
from core.models.catalogue import file_sha256, sample_path
from core.policy.document import parse_policy
from tests.bench.report import emit
from tests.fixtures.tiny_models import o200k_tokenizer, write_tiny_gpt_oss

ROOT = Path(__file__).resolve().parents[2]
BENCH = "inference"
REASONING = 48


@dataclass(frozen=True)
class Work:
    """What everybody judges, and in which prompt format."""

    model: Path
    policy: PolicyVersion
    items: list[Item]
    prompt_format: str = "chatml"


def load_work(count: int) -> Work:
    """Read the sample model, the shipped spam policy and `count` items of the sample queue."""
    model = sample_path()
    if model is None:
        raise SystemExit("The sample model is not installed: uv sync --group sample")
    policy = parse_policy((ROOT / "policies/spam.md").read_text(encoding="utf-8"))
    lines = (ROOT / "resources/sample/queue.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    items = [build_item(record, policies={"spam", "harassment"}) for record in records]
    return Work(model, policy, (items * (count // len(items) + 1))[:count])


def docket(work: Work, options: JudgeOptions, *, repack: bool) -> tuple[float, dict[int, RawOutput]]:
    """Return seconds for all items, the policy's prefill included, and the raw outputs by index."""
    with tempfile.TemporaryDirectory() as cache:
        spec = ModelSpec(
            path=str(work.model), name="bench", sha256=file_sha256(work.model), prompt_format=work.prompt_format,
            size_bytes=work.model.stat().st_size,
            settings=EngineSettings(repack_folder=cache if repack else None),
        )  # fmt: skip
        process = ModelProcess(spec)
        try:
            queue = [JudgeRequest(n, item) for n, item in enumerate(work.items)]
            done: dict[int, RawOutput] = {}
            started = time.perf_counter()
            events = process.judge(
                lambda: queue.pop(0) if queue else None, policy=work.policy, options=options, cancel=threading.Event()
            )
            for event in events:
                if isinstance(event, Judged):
                    done[event.key] = event.raw
            return time.perf_counter() - started, done
        finally:
            process.close()


def label_of(raw: RawOutput) -> str:
    """Return the label with the highest score."""
    return max(raw.label_scores, key=lambda code: raw.label_scores[code])


def memory(work: Work, count: int) -> None:
    """Emit the model process's resident memory early and after `count` items of a fast pass."""
    spec = ModelSpec(
        path=str(work.model), name="sample", sha256=file_sha256(work.model), prompt_format="chatml",
        size_bytes=work.model.stat().st_size,
    )  # fmt: skip
    process = ModelProcess(spec)
    numbers = iter(range(count))
    try:
        early = done = 0
        for event in process.judge(
            lambda: next((JudgeRequest(n, work.items[n % len(work.items)]) for n in numbers), None),
            policy=work.policy,
            options=JudgeOptions(fast=True),
            cancel=threading.Event(),
        ):
            done += isinstance(event, Judged)
            if done == count // 10 and not early:
                early = resident_bytes(process.pid)
        late = resident_bytes(process.pid)
    finally:
        process.close()
    emit(BENCH, "model process", "resident_memory", late / 2**20, "MiB", count)
    emit(BENCH, "model process", "memory_growth", (late - early) / 2**20, "MiB", count - count // 10)


def resident_bytes(pid: int | None) -> int:
    """Return the resident memory of a process, 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)


def chat(work: Work, item: Item) -> list[dict[str, str]]:
    """Return the messages a peer gets: the same policy and item text."""
    system = f"{work.policy.body}\n\n{output_rule(work.policy)}"
    return [{"role": "system", "content": system}, {"role": "user", "content": prompt_text(item_pieces(item))}]


def llama_class(work: Work, lengths: dict[int, int]) -> float:
    """Return seconds of `llama_cpp.Llama.create_chat_completion`, one item after the other."""
    peer = llama_cpp.Llama(str(work.model), n_ctx=4096, n_threads=free_cores(), verbose=False)
    banned = {peer.token_eos(): -100.0}
    started = time.perf_counter()
    for index, item in enumerate(work.items):
        peer.create_chat_completion(
            chat(work, item),
            max_tokens=lengths[index],
            temperature=0.0,
            logit_bias=banned,  # type: ignore[arg-type]
        )
    seconds = time.perf_counter() - started
    peer.close()
    return seconds


def llama_class_by_text(work: Work, lengths: dict[int, int]) -> float:
    """Return seconds of `llama_cpp.Llama.create_completion` on the rendered prompt, for a file without a template."""
    peer = llama_cpp.Llama(str(work.model), n_ctx=4096, n_threads=free_cores(), verbose=False)
    format_ = prompt_format(work.prompt_format)
    prefix = prompt_text(format_.prefix(work.policy, JudgeOptions()))
    banned = dict.fromkeys((peer.token_eos(), peer.token_bos()), -100.0)
    started = time.perf_counter()
    for index, item in enumerate(work.items):
        text = prefix + prompt_text(format_.content(item))
        peer.create_completion(text, max_tokens=lengths[index], temperature=0.0, logit_bias=banned)  # type: ignore[arg-type]
    seconds = time.perf_counter() - started
    peer.close()
    return seconds


def llama_server(work: Work, lengths: dict[int, int], parallel: int) -> float:
    """Return seconds of `llama_cpp.server` with this many requests at once."""
    port = 18_400 + parallel
    command = [
        sys.executable, "-m", "llama_cpp.server", "--model", str(work.model), "--n_ctx", "4096",
        "--n_threads", str(free_cores()), "--host", "127.0.0.1", "--port", str(port), "--verbose", "false",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    base = f"http://127.0.0.1:{port}/v1"
    try:
        _wait(f"{base}/models", server)

        def ask(index: int) -> None:
            body = {
                "messages": chat(work, work.items[index]), "max_tokens": lengths[index], "temperature": 0.0,
                "logit_bias": {"2": -100},
            }  # fmt: skip
            request = urllib.request.Request(  # noqa: S310 - loopback
                f"{base}/chat/completions", json.dumps(body).encode(), {"content-type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=600) as reply:  # noqa: S310 - loopback
                reply.read()

        started = time.perf_counter()
        with ThreadPoolExecutor(parallel) as pool:
            list(pool.map(ask, range(len(work.items))))
        return time.perf_counter() - started
    finally:
        server.terminate()
        server.wait(30)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if server.poll() is not None:
            raise SystemExit("llama_cpp.server did not start; install llama-cpp-python[server]")
        try:
            urllib.request.urlopen(url, timeout=5).read()  # noqa: S310 - loopback
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("llama_cpp.server did not answer")


def bare_limit(work: Work, outputs: dict[int, RawOutput]) -> float:
    """Return seconds to read every token that differs between items once, at the machine's prefill speed."""
    model = Model(str(work.model))
    context = Context(model, tokens=4096, sequences=2, batch=512, threads=free_cores())
    speeds = []
    for _ in range(3):
        started = time.perf_counter()
        context.decode([(100 + n, n, 0, n == 511) for n in range(512)])
        context.logits(511)
        speeds.append(512 / (time.perf_counter() - started))
        context.drop_sequence(0)
    chatml = prompt_format("chatml")
    unique = sum(len(model.tokenize(piece)) for item in work.items for piece in chatml.content(item))
    written = sum(raw.output_tokens for raw in outputs.values())
    context.close()
    model.close()
    return (unique + written) / max(speeds)


def full_vocabulary(work: Work, options: JudgeOptions) -> None:
    """Emit the rates of Docket and of its peer on a tiny gpt-oss with the full vocabulary of 200,000 tokens."""
    count = len(work.items)
    with tempfile.TemporaryDirectory() as folder:
        path = write_tiny_gpt_oss(Path(folder) / "tiny-o200k.gguf", tokenizer=o200k_tokenizer())
        tiny = replace(work, model=path, prompt_format="harmony")
        seconds, outputs = docket(tiny, replace(options, force_verdict=True), repack=False)
        lengths = {index: max(1, raw.output_tokens) for index, raw in outputs.items()}
        peer = llama_class_by_text(tiny, lengths)
    case, against = "docket, gpt-oss with 200k vocabulary", "llama_cpp.Llama, gpt-oss with 200k vocabulary"
    emit(BENCH, case, "items_per_s", count / seconds, "1/s", count)
    emit(BENCH, against, "items_per_s", count / peer, "1/s", count)
    emit(BENCH, case, "ratio", peer / seconds, "x", count, against=against)


def main(arguments: list[str] | None = None) -> None:
    """Run all cases and print JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few items, for a look")
    parser.add_argument("--items", type=int, default=64)
    chosen = parser.parse_args(arguments)
    count = 8 if chosen.quick else chosen.items
    work = load_work(count)
    options = JudgeOptions(reasoning_budget=REASONING)

    def rate(case: str, seconds: float) -> float:
        emit(BENCH, case, "items_per_s", count / seconds, "1/s", count)
        return count / seconds

    seconds, outputs = docket(work, options, repack=True)
    full = rate("docket", seconds)
    lengths = {index: max(1, raw.output_tokens) for index, raw in outputs.items()}
    emit(BENCH, "docket", "output_tokens_mean", sum(lengths.values()) / count, "tokens", count)
    plain, originals = docket(work, options, repack=False)
    rate("docket, weights as in the file", plain)
    same = sum(label_of(outputs[index]) == label_of(originals[index]) for index in outputs)
    emit(BENCH, "docket", "same_label", same / count, "share", count, against="docket, weights as in the file")
    peers: dict[str, Callable[[], float]] = {
        "llama_cpp.Llama": lambda: llama_class(work, lengths),
        "llama_cpp.server, 1 request": lambda: llama_server(work, lengths, 1),
        "llama_cpp.server, 4 requests": lambda: llama_server(work, lengths, 4),
    }
    rates = {name: rate(name, run()) for name, run in peers.items()}
    rate("bare limit", bare_limit(work, outputs))
    best = max(rates, key=lambda name: rates[name])
    emit(BENCH, "docket", "ratio", full / rates[best], "x", count, against=best)
    fast_seconds, _ = docket(work, JudgeOptions(fast=True), repack=True)
    emit(BENCH, "docket fast", "ratio", rate("docket fast", fast_seconds) / full, "x", count, against="docket")
    memory(work, 100 if chosen.quick else 1000)
    full_vocabulary(replace(work, items=work.items[:32]), options)


if __name__ == "__main__":
    main()
