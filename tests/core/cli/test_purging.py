"""The command `purge`: nothing goes before it was asked for twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.core.cli.conftest import PASSPHRASE, CommandLine
from tests.fixtures.workspaces import ROOT

NOW = "%Y-%m-%dT%H:%M:%S"


@pytest.fixture
def old(desk: CommandLine, lines: Callable[..., Path]) -> CommandLine:
    """Two items that were imported in a second that is over."""
    assert desk("import", lines([{"id": f"i-{n}", "content": "canary"} for n in range(2)])).status == 0
    imported = datetime.now(UTC).replace(microsecond=0)
    while datetime.now(UTC).replace(microsecond=0) == imported:
        pass
    return desk


def now() -> str:
    """The present second, in UTC."""
    return f"{datetime.now(UTC):{NOW}}"


def test_without_anyone_to_ask_the_number_must_be_given(old: CommandLine) -> None:
    ended = old("purge", "--before", now(), "--json")
    assert ended.status == 1
    assert "2 items" in ended.error["message"]
    assert "--confirm 2" in ended.error["hint"]
    assert old("purge", "--before", now(), "--confirm", 3).status == 1
    assert "canary" in old("queue").out
    done = old("purge", "--before", now(), "--confirm", 2, "--json").document
    assert (done["items"], done["compacted"]) == (2, True)
    shown = old("queue").out
    assert "canary" not in shown
    assert "content removed on" in shown
    item = old("queue", "--json").document["items"][0]
    assert (item["content"], len(item["content_hash"])) == ("", 64)
    assert old("inspect", "i-0", "--json").error["message"].startswith("The content of that item was removed")
    assert old("verify").status == 0


def test_nothing_that_old_is_no_error(old: CommandLine) -> None:
    assert old("purge", "--before", "2020-01-01", "--json").document["items"] == 0
    assert old("purge", "--before", "someday").status == 2
    assert old("purge").status == 2
    assert old("purge", "--before", "2999-01-01").status == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("answers", "status"), [("y\n2\n", 0), ("n\n", 130), ("y\n3\n", 130), ("y\n\n", 130)], ids=repr
)
def test_at_a_terminal_it_asks_twice(old: CommandLine, answers: str, status: int) -> None:
    import pty

    person, terminal = pty.openpty()
    try:
        os.write(person, answers.encode())
        done = subprocess.run(
            [sys.executable, "main.py", "purge", "--workspace", str(old.folder), "--before", now(), "--json"],
            cwd=ROOT, stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, check=False, timeout=60,
            env={**os.environ, "DOCKET_PASSPHRASE": PASSPHRASE},
        )  # fmt: skip
        asked = os.read(person, 65536).decode()
    finally:
        os.close(person)
        os.close(terminal)
    assert done.returncode == status, asked
    assert "2 items" in asked
    assert (b'"items": 2' in done.stdout) is (status == 0)
    assert ("canary" in old("queue").out) is (status != 0)
