"""`classify` and `inspect` with a real model process on a tiny file of random weights."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.cli.conftest import PASSPHRASE, CommandLine
from tests.fixtures.workspaces import write_lines

ROOT = Path(__file__).resolve().parents[3]
STATUSES = ("parsed", "unparsed", "refused", "truncated", "failed")


def test_classify_judges_what_is_left_and_counts_it(noisy: CommandLine, tiny_model: Path) -> None:
    first = noisy("classify", "--policy", "noise", "--model", tiny_model, "--limit", "2", "--gpu-layers", "4", "--json")
    assert first.status == 0
    document = first.document
    assert document["judged"] == 2 == sum(document[status] for status in STATUSES)
    assert document["seconds"] > 0
    assert document["items_per_s"] > 0
    assert document["output_tokens"] > 0
    assert len(document["model_sha256"]) == 64
    assert "2 of 2 judged" in first.err
    assert "near chance" not in first.err
    assert document["device"] == "processor"
    assert "no backend for a graphics card" in document["fallback"]
    assert document["fallback"] in first.err
    rest = noisy("classify", "--policy", "noise", "--model", tiny_model, "--resume")
    assert rest.status == 0
    assert rest.out.startswith("judged         1 (1 ")
    pending = noisy("queue", "--state", "pending", "--policy", "noise", "--json").document
    assert pending["total"] == 0


def test_a_wrong_policy_is_told_before_a_model_is_looked_for(desk: CommandLine) -> None:
    ended = desk("classify", "--policy", "nothing", "--model", "no-such-model", "--json")
    assert ended.status == 1
    assert "nothing" in ended.error["message"]


@pytest.mark.parametrize("command", [("classify",), ("inspect", "n-0", "--policy", "noise")])
def test_a_model_that_is_none_is_refused(noisy: CommandLine, command: tuple[str, ...], tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"not a model")
    for model in ("no-such-model", broken):
        ended = noisy(*command, "--model", model, "--json")
        assert ended.status == 1
        assert ended.error["title"] == "The model file cannot be used"


def test_a_server_elsewhere_needs_consent(noisy: CommandLine) -> None:
    ended = noisy("classify", "--model", "http://model.example:9/v1#x", "--json")
    assert ended.status == 1
    assert "--allow-remote model.example" in ended.error["hint"]


def test_inspect_shows_prompt_tokens_and_verdict(noisy: CommandLine, tiny_model: Path) -> None:
    before = noisy("inspect", "n-1", "--model", tiny_model, "--json").document
    assert (before["raw_output"], before["verdict"]) == ("", None)
    noisy("classify", "--policy", "noise", "--model", tiny_model)
    document = noisy("inspect", "n-1", "--policy", "noise", "--model", tiny_model, "--rerun", "--json").document
    assert "HELLO 1" in document["prompt"]
    assert {token["span"] for token in document["tokens"]} == {"system", "policy", "content", "scaffold"}
    assert "".join(token["text"] for token in document["tokens"] if token["span"] == "content").startswith("HELLO 1")
    assert not any(token["control"] for token in document["tokens"] if token["span"] == "content")
    assert document["verdict"]["item"] == "n-1"
    assert document["verdict"]["prompt_sha256"] == document["prompt_sha256"]
    assert document["rerun"]["same_prompt"]
    assert document["rerun"]["same_model"]


def test_plain_inspect_cannot_steer_the_terminal(noisy: CommandLine, tiny_model: Path) -> None:
    ended = noisy("inspect", "n-2", "--model", tiny_model)
    assert ended.status == 0
    assert r"HELLO 2 \x1b[31m" in ended.out
    assert "\x1b" not in ended.out
    assert "No verdict yet." in ended.out


def test_inspect_of_an_unknown_item_is_refused(noisy: CommandLine, tiny_model: Path) -> None:
    ended = noisy("inspect", "gone", "--model", tiny_model, "--json")
    assert ended.status == 1
    assert "no item" in ended.error["message"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_an_interrupt_keeps_what_is_judged_and_the_rest_can_be_resumed(noisy: CommandLine, tiny_model: Path) -> None:
    many = [{"id": f"m-{n}", "content": "word " * 60, "policy": "noise"} for n in range(60)]
    noisy("import", write_lines(noisy.folder.parent / "many.jsonl", many))
    command = [sys.executable, "main.py", "classify", "--policy", "noise", "--model", str(tiny_model), "--json"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DOCKET_WORKSPACE": str(noisy.folder), "DOCKET_PASSPHRASE": PASSPHRASE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "63 items to judge" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGINT, err
    assert "Traceback" not in err
    document = json.loads(out)
    assert document["cancelled"]
    assert document["judged"] < 63
    pending = noisy("queue", "--state", "pending", "--policy", "noise", "--limit", "0", "--json").document["total"]
    assert document["judged"] + pending == 63
    assert (
        noisy("classify", "--policy", "noise", "--model", tiny_model, "--limit", "3", "--json").document["judged"] == 3
    )
    assert noisy("verify", "--json").document["ok"]
