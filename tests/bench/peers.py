"""The peers of the inference benchmark: `llama_cpp.Llama` and `llama_cpp.server`, given the same work as Docket.

Each gets the same system and user text and must write, for each item, as many tokens as Docket's reasoning and verdict
had, with the end of generation banned. The peers keep their own prefix caches. Everybody judges the first item once
before the clock starts, so the policy has been read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import llama_cpp

from core.domain import Item, PolicyVersion
from core.inference.engine.settings import free_cores
from core.inference.formats import prompt_format
from core.inference.prompt import item_pieces, output_rule, prompt_text
from core.inference.protocol import JudgeOptions

CONTEXT_TOKENS = 4096


@dataclass(frozen=True)
class Work:
    """What everybody judges, and in which prompt format."""

    model: Path
    policy: PolicyVersion
    items: list[Item]
    prompt_format: str = "chatml"


def chat(work: Work, item: Item) -> list[dict[str, str]]:
    """Return the messages a peer gets: the same policy and item text."""
    system = f"{work.policy.body}\n\n{output_rule(work.policy)}"
    return [{"role": "system", "content": system}, {"role": "user", "content": prompt_text(item_pieces(item))}]


def llama_class(work: Work, lengths: dict[int, int], *, model: Path | None = None) -> float:
    """Return seconds of `llama_cpp.Llama.create_chat_completion`, one item after the other."""
    peer = llama_cpp.Llama(
        str(model or work.model), n_ctx=CONTEXT_TOKENS, n_threads=free_cores(), chat_format="chatml", verbose=False
    )
    banned = {peer.token_eos(): -100.0}

    def ask(index: int) -> None:
        peer.create_chat_completion(
            chat(work, work.items[index]),
            max_tokens=lengths[index],
            temperature=0.0,
            logit_bias=banned,  # type: ignore[arg-type]
        )

    ask(0)
    started = time.perf_counter()
    for index in range(len(work.items)):
        ask(index)
    seconds = time.perf_counter() - started
    peer.close()
    return seconds


def llama_class_by_text(work: Work, lengths: dict[int, int]) -> float:
    """Return seconds of `llama_cpp.Llama.create_completion` on the rendered prompt, for a file without a template."""
    peer = llama_cpp.Llama(str(work.model), n_ctx=CONTEXT_TOKENS, n_threads=free_cores(), verbose=False)
    format_ = prompt_format(work.prompt_format)
    prefix = prompt_text(format_.prefix(work.policy, JudgeOptions()))
    banned = dict.fromkeys((peer.token_eos(), peer.token_bos()), -100.0)

    def ask(index: int) -> None:
        text = prefix + prompt_text(format_.content(work.items[index]))
        peer.create_completion(text, max_tokens=lengths[index], temperature=0.0, logit_bias=banned)  # type: ignore[arg-type]

    ask(0)
    started = time.perf_counter()
    for index in range(len(work.items)):
        ask(index)
    seconds = time.perf_counter() - started
    peer.close()
    return seconds


def llama_server(work: Work, lengths: dict[int, int], parallel: int) -> float:
    """Return seconds of `llama_cpp.server` with this many requests at once."""
    port = 18_400 + parallel
    command = [
        sys.executable, "-m", "llama_cpp.server", "--model", str(work.model), "--n_ctx", str(CONTEXT_TOKENS),
        "--n_threads", str(free_cores()), "--chat_format", "chatml", "--host", "127.0.0.1", "--port", str(port),
        "--verbose", "false",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    base = f"http://127.0.0.1:{port}/v1"

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

    try:
        _wait(f"{base}/models", server)
        ask(0)
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
