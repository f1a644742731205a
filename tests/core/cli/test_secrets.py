"""A passphrase and a key show nowhere: not among arguments, not in what is printed, not in the log of faults."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from core import services
from core.cli.faults import describe_fault
from core.services.workspace import Workspace
from tests.core.cli.conftest import PASSPHRASE, CommandLine
from tests.fixtures.workspaces import ROOT, write_lines
from tests.test_docs import program_commands


def test_no_command_has_an_argument_for_a_secret() -> None:
    done = subprocess.run(
        [sys.executable, "main.py", "keys", "add", "--help"], cwd=ROOT, capture_output=True, check=True
    )
    assert b"passphrase " not in done.stdout.lower().replace(b"keychain|passphrase|recovery", b"")

    options = {option for command in program_commands().values() for option in command}
    assert {option for option in options if any(word in option for word in ("pass", "secret", "code", "key"))} == set()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are listed in /proc")
def test_the_list_of_processes_shows_none(desk: CommandLine, tmp_path: Path) -> None:
    items = write_lines(tmp_path / "items.jsonl", [{"id": f"n{n}", "content": f"text {n}"} for n in range(3000)])
    environment = {**os.environ, "DOCKET_PASSPHRASE": PASSPHRASE}
    arguments = [sys.executable, "main.py", "import", str(items), "--workspace", str(desk.folder), "--json"]
    with subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        seen = set()
        while process.poll() is None:
            for entry in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    seen.add(entry.read_bytes())
                except OSError:
                    continue
    assert process.returncode == 0
    assert any(str(items).encode() in line for line in seen)
    assert [line for line in seen if PASSPHRASE.encode() in line] == []


def test_a_fault_writes_none(desk: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(folder: Path, *, passphrase: str | None = None) -> Workspace:
        raise RuntimeError(f"{passphrase} {PASSPHRASE} opened {folder}")

    monkeypatch.setattr(services, "open_workspace", fail)
    failed = desk("verify", "--json")
    assert failed.status == 1
    home = Path(os.environ["DOCKET_HOME"])
    logs = [path.read_text() for path in home.rglob("*") if path.is_file()]
    assert any("RuntimeError" in log for log in logs)
    for text in (failed.out, failed.err, *logs):
        assert PASSPHRASE not in text


def test_a_refusal_by_the_driver_quotes_no_key(desk: CommandLine) -> None:
    workspace = services.open_workspace(desk.folder)
    key = workspace.store.data_key().hex()
    workspace.close()
    (desk.folder / "workspace.db").write_bytes(os.urandom(8192))
    try:
        services.open_workspace(desk.folder)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not hold the key
        told = "".join(traceback.format_exception(error)) + describe_fault(error) + repr(error.__dict__)
        assert key not in told
        assert PASSPHRASE not in told
    else:
        pytest.fail("it opened")
