"""The installed build: made by PyInstaller, it judges, decides and exports in a clean folder without the source."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
@pytest.mark.sample_model
@pytest.mark.skipif(sys.platform != "linux", reason="built and tried on Linux only")
def test_the_build_judges_decides_and_exports(tmp_path: Path) -> None:
    pytest.importorskip("PyInstaller", reason="install it with `uv sync --group installers`")
    subprocess.run(
        [
            sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR",
            "--distpath", tmp_path / "dist", "--workpath", tmp_path / "work", ROOT / ".ci/packaging/docket.spec",
        ],
        check=True, timeout=1200, cwd=tmp_path,
    )  # fmt: skip
    program = tmp_path / "dist" / "docket" / "docket"
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", "DOCKET_PASSPHRASE": "long enough",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "DOCKET_WORKSPACE": str(tmp_path / "desk"),
    }  # fmt: skip

    _commands_load_no_qt(program, environment)
    _window_opens(program, environment)

    def run(*words: object) -> str:
        done = subprocess.run(
            [program, *map(str, words)],
            env=environment,
            cwd=home,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    items = tmp_path / "items.jsonl"
    items.write_text('{"id": "a", "content": "Buy followers now", "policy": "spam"}\n', encoding="utf-8")
    policy = next((tmp_path / "dist").rglob("policies/spam.md"))
    run("init")
    run("policy", "add", policy)
    run("import", items)
    assert json.loads(run("classify", "--json"))["judged"] == 1
    run("decide", "a", "--policy", "spam", "--label", "SP2")
    out = tmp_path / "decisions.jsonl"
    run("export", "decisions", "--out", out)
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[0])["label"] == "SP2"
    assert json.loads(run("verify", "--json"))["ok"]
    checks = {check["name"]: check for check in json.loads(run("doctor", "--json"))["checks"]}
    assert checks["model runtime"]["ok"], checks["model runtime"]
    assert os.access(program, os.X_OK)


def _commands_load_no_qt(program: Path, environment: dict[str, str]) -> None:
    """A machine without Qt's libraries still has the command line, and no command pays for loading them."""
    done = subprocess.run(
        [program, "--version"], env=environment | {"LD_DEBUG": "files"}, capture_output=True, text=True, check=True
    )
    assert "libpython3" in done.stderr
    assert "libQt6Core" not in done.stderr


def _window_opens(program: Path, environment: dict[str, str]) -> None:
    """The window shows a first frame with the plugins that came along."""
    shown = {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.widgets.painting.debug=true"}
    process = subprocess.Popen(
        [program], env=environment | shown | {"QT_FORCE_STDERR_LOGGING": "1"}, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    alarm = threading.Timer(60, process.kill)
    alarm.start()
    try:
        assert any(line.startswith("qt.widgets.painting: Flushing") for line in process.stderr)
    finally:
        alarm.cancel()
        process.kill()
        process.wait()
        process.stderr.close()
