"""The command line, run in this process on temporary workspaces, with a window that only notes that it was opened."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from core import services
from core.cli import run
from tests.fixtures.tiny_models import write_tiny_chatml
from tests.fixtures.workspaces import new_workspace, write_lines

PASSPHRASE = "long enough"

POLICY = """---
id: noise
title: Noise
applies_to: [message, reply, conversation]
output: rationale
effort: low
labels:
  - {code: NO, name: Quiet, violates: false}
  - {code: YES, name: Noise, violates: true, severity: 2}
---
# Instructions
Is it noise?
# Violates
- YES.a Shouting.
# Safe
- NO.a Talk.
"""


def refuse_constant(name: str) -> float:
    raise AssertionError(f"{name} is no JSON")


@dataclass
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        self.out.encode("utf-8")
        return json.loads(self.out, parse_constant=refuse_constant)

    @property
    def error(self) -> dict[str, str]:
        """The error document."""
        document = self.document
        assert set(document) == {"error"}
        assert set(document["error"]) == {"title", "message", "hint"}
        error: dict[str, str] = document["error"]
        return error


@dataclass
class CommandLine:
    """Runs commands on one workspace folder and keeps what the window was asked to open."""

    capture: pytest.CaptureFixture[str]
    folder: Path
    opened: list[tuple[Path | None, bool]] = field(default_factory=list)
    window: Callable[[], int] = lambda: 0

    def __call__(self, *arguments: object) -> Ended:
        def open_window(folder: Path | None, sample: bool) -> int:
            self.opened.append((folder, sample))
            return self.window()

        status = run([str(argument) for argument in arguments], open_window=open_window)
        captured = self.capture.readouterr()
        return Ended(status, captured.out, captured.err)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line before there is any workspace, with a passphrase in the environment."""
    monkeypatch.setenv("DOCKET_PASSPHRASE", PASSPHRASE)
    return CommandLine(capsys, tmp_path / "desk")


@pytest.fixture(scope="session")
def made_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace to copy: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("made") / "desk"
    with new_workspace(folder):
        return folder


@pytest.fixture
def desk(cli: CommandLine, made_workspace: Path) -> CommandLine:
    """The command line with an empty workspace that holds the policies spam and harassment, used last."""
    shutil.copytree(made_workspace, cli.folder)
    services.remember_workspace(cli.folder)
    return cli


@pytest.fixture
def lines(tmp_path: Path) -> Callable[[Iterable[Mapping[str, Any] | str | bytes]], Path]:
    """Writes records, or lines as they stand, to a file."""
    return lambda records: write_lines(tmp_path / "records.jsonl", records)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model file with random weights and a window that holds POLICY."""
    return write_tiny_chatml(tmp_path_factory.mktemp("models") / "tiny.gguf", window=4096)


@pytest.fixture
def noisy(desk: CommandLine, tmp_path: Path) -> CommandLine:
    """The command line with the policy `noise` and three items for it, n-0 to n-2."""
    policy = tmp_path / "noise.md"
    policy.write_text(POLICY, encoding="utf-8")
    items = write_lines(
        tmp_path / "noise.jsonl",
        [{"id": f"n-{n}", "content": f"HELLO {n} \u001b[31m", "policy": "noise"} for n in range(3)],
    )
    assert desk("policy", "add", policy).status == 0
    assert desk("import", items).status == 0
    return desk
