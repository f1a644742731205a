"""The program as a person starts it: real processes, the real window's refusals, a clean end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings its libraries elsewhere")


def start(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run main.py to its end. An empty value takes a variable away."""
    merged = {name: value for name, value in {**os.environ, **environment}.items() if value}
    return subprocess.run(
        [sys.executable, "main.py", *map(str, arguments)],
        cwd=ROOT,
        env=merged,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def qt_without_libegl(tmp_path: Path) -> str:
    """A search path with a Qt that fails to load as it does where libEGL is not installed."""
    package = tmp_path / "PySide6"
    package.mkdir()
    message = "libEGL.so.1: cannot open shared object file: No such file or directory"
    (package / "__init__.py").write_text(f"raise ImportError({message!r})\n", encoding="utf-8")
    return str(tmp_path)


@linux_only
def test_a_missing_system_library_is_one_line_that_names_the_package(qt_without_libegl: str) -> None:
    ended = start(PYTHONPATH=qt_without_libegl)
    assert ended.returncode == 1
    [line] = ended.stderr.splitlines()
    assert "libEGL.so.1" in line
    assert "apt-get install libegl1" in line
    assert "dnf install libglvnd-egl" in line
    as_json = start("--json", PYTHONPATH=qt_without_libegl)
    assert json.loads(as_json.stdout)["error"]["title"] == "The window cannot open"


@linux_only
def test_the_tests_themselves_say_it_in_one_line(qt_without_libegl: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/core/test_display.py"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": qt_without_libegl},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    said = [line for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
    assert len(said) == 1
    assert "apt-get install libegl1" in said[0]


@linux_only
def test_the_commands_need_no_qt(qt_without_libegl: str) -> None:
    ended = start("model", "list", "--json", PYTHONPATH=qt_without_libegl)
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["models"]


@linux_only
@pytest.mark.parametrize("arguments", [(), ("demo",)])
def test_without_a_display_the_window_refuses_in_one_line(arguments: tuple[str, ...]) -> None:
    ended = start(*arguments, QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "no display" in ended.stderr


def test_without_its_packages_one_line_says_how_to_start() -> None:
    ended = subprocess.run(
        [sys.executable, "-S", "main.py", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "uv run main.py" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_an_interrupt_while_starting_shows_no_traceback(tmp_path: Path) -> None:
    # A module that everything needs takes its time, so that the signal surely comes while the program is importing.
    slow = "import sys, time\nsys.stderr.write('importing\\n')\nsys.stderr.flush()\ntime.sleep(60)\n"
    (tmp_path / "typer.py").write_text(slow, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "main.py", "queue"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "importing\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err


def test_limits_of_the_headless_run_do_not_go_with_the_window() -> None:
    assert start("demo", "--limit", "3").returncode == 2
