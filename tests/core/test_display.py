"""Missing system libraries and displays, as the dynamic linker and the environment show them."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from core import display

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings its libraries elsewhere")


@linux_only
def test_only_what_cannot_be_loaded_is_missing() -> None:
    assert display.missing_libraries(["libc.so.6", "libdocket-none.so.9", "libdocket-none.so.9"]) == [
        "libdocket-none.so.9"
    ]


@pytest.mark.parametrize(
    ("message", "soname"),
    [
        ("libEGL.so.1: cannot open shared object file: No such file or directory", "libEGL.so.1"),
        ("DLL load failed: libxcb-cursor.so.0 not found", "libxcb-cursor.so.0"),
        ("cannot import name 'run_window'", None),
    ],
)
def test_the_missing_library_is_read_from_the_message(message: str, soname: str | None) -> None:
    assert display.missing_soname(message) == soname


def test_the_error_names_every_library_and_its_packages() -> None:
    error = display.packages_error(["libEGL.so.1", "libxcb-shm.so.0", "libxcb-sync.so.1", "libodd.so.3"])
    line = str(error)
    assert "libEGL.so.1, libxcb-shm.so.0, libxcb-sync.so.1, libodd.so.3" in line
    assert "apt-get install libegl1 libxcb-shm0 libxcb-sync1 " in line
    assert "dnf install libglvnd-egl libxcb)" in line
    assert "provides libodd.so.3" in line
    assert "\n" not in line


def test_an_import_error_about_qt_is_explained_and_another_is_ours() -> None:
    missing = display.import_error(ImportError("libGL.so.1: cannot open shared object file"))
    assert missing is not None
    assert "libgl1" in missing.hint
    absent = display.import_error(ModuleNotFoundError("No module named 'PySide6'", name="PySide6"))
    assert absent is not None
    assert "uv run main.py" in absent.hint
    assert display.import_error(ImportError("cannot import name 'x' from 'ui.app'")) is None


@linux_only
@pytest.mark.parametrize("platform", ["", "xcb"])
def test_no_display_is_told_before_qt_aborts(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    with pytest.raises(display.DisplayError, match="no display"):
        display.check_display()


@linux_only
def test_an_x_server_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(display.DisplayError, match="DISPLAY=:987"):
        display.check_display()


@linux_only
@pytest.mark.parametrize("chosen", ["", "wayland", "wayland;xcb"])
def test_a_compositor_that_does_not_answer_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: str
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", chosen)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(display.DisplayError, match="compositor"):
        display.check_display()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as compositor:
        monkeypatch.chdir(tmp_path)
        compositor.bind("wayland-9")  # by its short name: the path of a socket has 108 bytes at most
        compositor.listen()
        monkeypatch.setenv("XDG_RUNTIME_DIR", ".")
        display.check_display()


@linux_only
def test_a_platform_that_qt_does_not_have_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "zork")
    with pytest.raises(display.DisplayError, match="zork"):
        display.check_display()
    monkeypatch.setenv("QT_QPA_PLATFORM", "zork;offscreen")
    display.check_display()


def test_a_platform_without_a_screen_needs_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen:enable_fonts")
    monkeypatch.delenv("DISPLAY", raising=False)
    display.check_display()
    display.check_libraries()
