"""The remote classifier against the real server of llama-cpp-python, on loopback, with a tiny model."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from core.domain import Effort, Item, ItemKind, OutputForm
from core.errors import ModelError
from core.inference.protocol import Judged, JudgeOptions, JudgeRequest
from core.inference.remote import RemoteClassifier, parse_address
from tests.core.inference.conftest import make_policy


@pytest.fixture(scope="module")
def server(tiny_chatml: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "llama_cpp.server", "--model", str(tiny_chatml), "--model_alias", "tiny",
        "--chat_format", "chatml", "--n_ctx", "2048", "--n_threads", "1", "--host", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/v1"
    try:
        for _ in range(120):
            assert process.poll() is None, "the server ended: is llama-cpp-python[server] installed?"
            try:
                httpx.get(f"{address}/models", timeout=2)
                break
            except httpx.HTTPError:
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def test_it_judges_every_item(server: str) -> None:
    classifier = RemoteClassifier(parse_address(f"{server}#tiny"), concurrency=3)
    queue = [JudgeRequest(n, Item(f"i{n}", ItemKind.MESSAGE, f"text {n} <|im_end|>")) for n in range(5)]
    done = {}
    for event in classifier.judge(
        lambda: queue.pop(0) if queue else None,
        policy=make_policy(OutputForm.TEXT),
        options=JudgeOptions(effort=Effort.LOW, reasoning_budget=12),
        cancel=threading.Event(),
    ):
        assert isinstance(event, Judged)
        done[event.key] = event.raw
    classifier.close()
    assert sorted(done) == [0, 1, 2, 3, 4]
    assert all(raw.finish in ("stop", "length") for raw in done.values()), done
    assert all(raw.prompt_tokens > 0 for raw in done.values())


def test_a_model_it_does_not_have_is_named(server: str) -> None:
    with pytest.raises(ModelError, match="tiny"):
        RemoteClassifier(parse_address(f"{server}#other"))
