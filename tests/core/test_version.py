"""The version has one place and the program says it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from core.cli import run
from core.version import version

ROOT = Path(__file__).resolve().parents[2]


def test_the_program_says_what_pyproject_says(capsys: pytest.CaptureFixture[str]) -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert version() == stated
    assert run(["--version"], open_window=lambda folder, sample: 99) == 0
    assert capsys.readouterr().out == f"Docket {stated}\n"
