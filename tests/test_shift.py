"""A whole shift, once: nothing goes on the network, nobody else can read what is written, and no log holds content.

The shift is `tests/fixtures/shift/work.py`: real processes, the sample model, the window, every kind of command, and
the ones that fail. It runs in a network namespace with nothing in it, where the system allows one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixtures.shift.work import CANARY, PASSPHRASE, ROOT

FIXTURE = ROOT / "tests" / "fixtures" / "shift"
NAMESPACE = ["unshare", "--map-root-user", "--net"]
VERDICT_FIELDS = {
    "item", "policy", "policy_hash", "status", "label", "violates", "score", "rationale", "reasoning", "rule_ids",
    "quotes", "model", "model_sha256", "prompt_sha256", "prompt_tokens", "output_tokens", "seconds", "effort",
    "raw_output",
}  # fmt: skip
HOLDS_CONTENT = {"queue.out", "quarantine.out"}
"""What a command prints because it was asked to."""


def can_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


@dataclass
class Done:
    """A shift that is over: where everything lies, how it ended, and whether there was a network to be reached."""

    place: Path
    ended: subprocess.CompletedProcess[str]
    isolated: bool

    def said(self, name: str) -> str:
        return (self.place / "said" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def shift(tmp_path_factory: pytest.TempPathFactory) -> Done:
    place = tmp_path_factory.mktemp("shift")
    for name in ("given", "said", "logs", "out", "tmp", "home"):
        (place / name).mkdir()
    calls = place / "logs" / "calls"
    calls.touch()
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(place / "home"), "DOCKET_HOME": str(place / "home" / "docket"),
        "TMPDIR": str(place / "tmp"), "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "PYTHONPATH": str(FIXTURE),
        "DOCKET_SHIFT_CALLS": str(calls), "QT_LOGGING_RULES": "*.debug=false",
    }  # fmt: skip
    isolated = can_unshare()
    before = os.umask(0)  # the most careless person: every file would be open to all
    try:
        ended = subprocess.run(
            [*(NAMESPACE if isolated else ()), sys.executable, FIXTURE / "work.py", place],
            env=environment, cwd=place, capture_output=True, text=True, timeout=540, check=False,
        )  # fmt: skip
    finally:
        os.umask(before)
    assert ended.returncode == 0, ended.stderr[-4000:]
    return Done(place, ended, isolated)


@pytest.mark.sample_model
def test_the_sample_runs_from_end_to_end(shift: Done) -> None:
    document = json.loads(shift.said("demo.out"))
    assert len(document["verdicts"]) == len(document["decisions"]) == 2
    for verdict in document["verdicts"]:
        assert set(verdict) >= VERDICT_FIELDS
        assert verdict["status"] in {"parsed", "unparsed", "refused", "truncated"}
        assert verdict["reasoning"]
        assert re.fullmatch("[0-9a-f]{64}", verdict["model_sha256"])
        assert re.fullmatch("[0-9a-f]{64}", verdict["prompt_sha256"])
        assert verdict["prompt_tokens"] > 400
        assert verdict["output_tokens"] > 0
        assert verdict["seconds"] > 0
    files = [Path(path) for path in document["files"]]
    assert [path.name for path in files] == ["disagreements.jsonl", "decisions.jsonl"]
    assert files[0].parent == shift.place / "out" / "demo"
    assert len(files[0].read_text(encoding="utf-8").splitlines()) == document["disagreements"]
    assert "near chance" in shift.said("demo.err")
    assert "2 of 2 judged" in shift.said("demo.err")


@pytest.mark.sample_model
def test_no_process_of_a_shift_calls_a_socket(shift: Done) -> None:
    assert (shift.place / "logs" / "calls").read_text(encoding="utf-8") == ""


@pytest.mark.sample_model
def test_a_shift_needs_no_network(shift: Done) -> None:
    if not shift.isolated:
        pytest.skip("this system allows no network namespace of one's own; the calls were counted all the same")
    assert "verify" in {path.stem for path in (shift.place / "said").iterdir()}


def test_a_call_would_be_counted(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    script = "import socket, multiprocessing; multiprocessing.Pipe(); socket.socket()"
    environment = {**os.environ, "PYTHONPATH": str(FIXTURE), "DOCKET_SHIFT_CALLS": str(calls)}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=60)
    assert [line.split()[1] for line in calls.read_text(encoding="utf-8").splitlines()] == ["socket.__new__"]


@pytest.mark.sample_model
@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_nobody_else_can_read_what_a_shift_writes(shift: Done) -> None:
    # What the test itself made is left out; everything in these was written by Docket with a umask of 0.
    own = {shift.place / name for name in ("given", "said", "logs")}
    made = {shift.place / name for name in ("out", "tmp", "home")}
    modes: dict[str, str] = {}
    for path in shift.place.rglob("*"):
        if path in own | made or own & set(path.parents) or path.is_symlink():
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            modes[str(path.relative_to(shift.place))] = oct(mode)
    assert modes == {}
    names = {path.name for path in shift.place.rglob("*")}
    assert names >= {"workspace.db", "keys.json", "settings.toml", "support.zip", "desk.backup", "decisions", "report"}


@pytest.mark.sample_model
def test_no_log_error_or_report_holds_content(shift: Done) -> None:
    """The canary is in content, policy, passphrase, notes and what was typed wrong; all loggers are at debug."""
    log = (shift.place / "logs" / "debug.log").read_text(encoding="utf-8")
    assert "DEBUG" in log
    texts = {"stdout": shift.ended.stdout, "stderr": shift.ended.stderr, "debug.log": log}
    for path in (shift.place / "said").iterdir():
        if path.name not in HOLDS_CONTENT:
            texts[path.name] = path.read_text(encoding="utf-8")
    for folder in ("tmp", "home", "desk"):
        for path in (shift.place / folder).rglob("*"):
            if path.is_file():
                texts[str(path.relative_to(shift.place))] = path.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(shift.place / "out" / "support.zip") as bundle:
        texts |= {f"support.zip/{name}": bundle.read(name).decode() for name in bundle.namelist()}
    # A path that a person typed is said back to them.
    texts = {name: re.sub(rf"(given|/nowhere)/{CANARY}\.", "", text) for name, text in texts.items()}
    assert [name for name, text in texts.items() if CANARY in text] == []
    assert [name for name, text in texts.items() if PASSPHRASE in text] == []
    assert CANARY in shift.said("queue.out"), "the search would find it"
