"""How long Docket takes to start, how much memory that takes, and which imports cost most.

Run `uv run python -m tests.bench.startup [--quick] [--installed PROGRAM]`. It needs no screen. It starts the program as
a person does: `--version`, `--help`, a command on a small workspace, and the window, on its first page and on that
workspace. The first frame is when Qt says it has flushed one (`QT_LOGGING_RULES`), so nothing of Docket is changed for
the measurement and an installed build (`dist/docket/docket` if it is there) is measured in the same way.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.report import emit

BENCH = "startup"
ROOT = Path(__file__).resolve().parents[2]
SOURCE = [sys.executable, str(ROOT / "main.py")]
INSTALLED = ROOT / "dist" / "docket" / "docket"
PATIENCE_S = 60
FLUSHED = "qt.widgets.painting: Flushing"
DEAREST = 15


def environment(home: Path) -> dict[str, str]:
    """The person's environment, with a home of its own, no keychain and no screen.

    Python's own variables are left out: a shell that forbids bytecode would have the source compiled at every start.
    """
    own = {
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
        "DOCKET_HOME": str(home / "docket"),
        "DOCKET_WORKSPACE": str(home / "desk"),
        "DOCKET_PASSPHRASE": "correct horse battery",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "QT_QPA_PLATFORM": "offscreen",
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | own


Figures = tuple[float, float, float]
"""Seconds by the clock, seconds of the processor (which say more on a busy machine), MiB of memory."""


def run_to_end(command: Sequence[str], surroundings: dict[str, str]) -> Figures:
    """Run a command; the memory is the most it held."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def run_to_first_frame(command: Sequence[str], surroundings: dict[str, str]) -> Figures:
    """Open the window; everything is until its first frame was flushed."""
    rules = {"QT_LOGGING_RULES": "qt.widgets.painting.debug=true", "QT_FORCE_STDERR_LOGGING": "1"}
    began = time.perf_counter()
    process = subprocess.Popen(command, env=surroundings | rules, stderr=subprocess.PIPE, text=True, errors="replace")
    alarm = threading.Timer(PATIENCE_S, process.kill)
    alarm.start()
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if line.startswith(FLUSHED):
                return time.perf_counter() - began, _processor_s(process.pid), _held_mib(process.pid)
    finally:
        alarm.cancel()
        process.kill()
        process.wait()
        process.stderr.close()
    raise SystemExit(f"{' '.join(command)} showed no frame in {PATIENCE_S} s")


def _held_mib(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def repeat(case: str, runs: int, measure: Callable[[], Figures], metric: str) -> None:
    """Measure once to warm the disk's cache, then `runs` times; print the medians."""
    measure()
    times, processor, sizes = zip(*(measure() for _ in range(runs)), strict=True)
    emit(BENCH, case, metric, statistics.median(times), "s", runs)
    emit(BENCH, case, "processor", statistics.median(processor), "s", runs)
    emit(BENCH, case, "memory", statistics.median(sizes), "MiB", runs)


def dearest_imports(command: Sequence[str], surroundings: dict[str, str]) -> list[tuple[str, float]]:
    """Return top-level packages with the milliseconds their own modules took to import, dearest first.

    Those of Docket stand as `core` and `ui`. Timing itself makes imports slower; the shares are what counts.
    """
    done = subprocess.run(
        [command[0], "-X", "importtime", *command[1:]], env=surroundings, capture_output=True, text=True, check=True
    )
    taken: Counter[str] = Counter()
    for own_us, name in re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", done.stderr, re.MULTILINE):
        taken[name.partition(".")[0]] += int(own_us)
    return [(name, us / 1000) for name, us in taken.most_common(DEAREST)]


def measure_program(name: str, program: Sequence[str], surroundings: dict[str, str], runs: int) -> None:
    """Measure the ways to start one program."""
    for words in (["--version"], ["--help"], ["queue", "--limit", "1"]):
        command = [*program, *words]
        repeat(f"{name} {words[0]}", runs, lambda command=command: run_to_end(command, surroundings), "wall")  # type: ignore[misc]
    first_page = {key: value for key, value in surroundings.items() if key != "DOCKET_WORKSPACE"}
    for case, where in (("first page", first_page), ("desk", surroundings)):
        repeat(
            f"{name} window, {case}",
            runs,
            lambda where=where: run_to_first_frame(program, where),  # type: ignore[misc]
            "first frame",
        )


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of each instead of seven")
    parser.add_argument("--installed", type=Path, default=INSTALLED, help="an installed build to measure, too")
    given = parser.parse_args()
    runs = 1 if given.quick else 7
    with tempfile.TemporaryDirectory(prefix="docket-bench-") as scratch:
        surroundings = environment(Path(scratch))
        subprocess.run([*SOURCE, "init"], env=surroundings, check=True, stdout=subprocess.DEVNULL)
        measure_program("source", SOURCE, surroundings, runs)
        if given.installed.is_file():
            measure_program("installed", [str(given.installed)], surroundings, runs)
        window = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import ui.app"]
        for case, command in (("source --help", [*SOURCE, "--help"]), ("source window", window)):
            for package, milliseconds in dearest_imports(command, surroundings):
                emit(BENCH, case, f"import {package}", milliseconds, "ms", 1)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
