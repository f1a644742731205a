"""A person who has only the manual: each command of the quick start, run in order exactly as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```sh\n(.*?)```", re.MULTILINE | re.DOTALL)
WINDOW = "uv run main.py"


def commands() -> list[str]:
    text = (ROOT / "docs" / "quick-start.md").read_text(encoding="utf-8")
    return [line for block in BLOCK.findall(text) for line in block.splitlines() if line.strip()]


def test_the_window_is_one_of_the_steps() -> None:
    assert WINDOW in commands()
    assert len(commands()) > 10


@pytest.mark.sample_model
def test_every_step_works_as_written(tmp_path: Path) -> None:
    for name in ("main.py", "core", "ui", "policies", "resources", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    environment = os.environ | {
        "DOCKET_HOME": str(tmp_path / "home"),
        "DOCKET_PASSPHRASE": "long enough",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    for command in commands():
        if command == WINDOW:
            continue  # the tests of the window open it
        words = command.split()
        assert words[:2] == ["uv", "run"], command
        done = subprocess.run(
            [sys.executable, *words[2:]],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    assert (tmp_path / "decisions.jsonl").read_text(encoding="utf-8").count("\n") == 1
    assert (tmp_path / "my-desk.backup").stat().st_size > 0
