"""A display without a window manager, as on a kiosk or a remote desktop: after a dialog the keys go to the window."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = textwrap.dedent("""
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication
    from ui.app import make_window

    app = QApplication([])
    window = make_window(app)
    window.begin(None)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 20_000)
    before = app.focusWidget()
    assert before is not None

    def wait(until):
        for _ in range(100):
            if not until():
                QTest.qWait(50)

    def leave():
        palette = app.activeModalWidget()
        wait(palette.isActiveWindow)
        QTest.qWait(200)  # the server has to know, too
        QTest.keyClick(palette, Qt.Key.Key_Escape)

    QTimer.singleShot(0, leave)
    window.personal.open_palette()
    QTest.qWait(200)
    wait(window.isActiveWindow)
    print(window.isActiveWindow(), app.focusWidget() is before, flush=True)
    window.close()
""")


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a display with nothing on it."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("Xvfb is not installed: nothing was tried on a display without a window manager")
    read, write = os.pipe()
    command = [server, "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    try:
        assert number
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(20)


def test_the_window_has_the_keys_again_after_a_dialog(display: str, tmp_path: Path) -> None:
    environment = os.environ | {
        "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "DOCKET_HOME": str(tmp_path), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    if "Could not load the Qt platform plugin" in run.stderr:
        pytest.skip("Qt cannot open a window on X here: nothing was tried on a display without a window manager")
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["True", "True"]


def test_the_look_for_a_display_does_not_leave_a_server_that_has_no_other_client(display: str, tmp_path: Path) -> None:
    """Such a server starts over when its last client leaves, and turns away Qt, which comes right behind."""
    script = textwrap.dedent("""
        import os
        from core.display import check_display

        def sockets():
            links = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
            return sum(os.path.islink(link) and os.readlink(link).startswith("socket:") for link in links)

        before = sockets()
        check_display()
        print(sockets() - before)
    """)
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (run.returncode, run.stdout.split()) == (0, ["1"]), run.stderr
