"""Whether a window can open on this machine, and which system package to install when it cannot.

It owns the list of system libraries Qt needs on Linux and the words for a missing one or a missing display. It asks
the dynamic linker only: it never imports Qt, so it can speak when Qt itself cannot be loaded.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from core.errors import AppError

# soname -> package on Debian and Ubuntu, package on Fedora. What the libraries of PySide6-Essentials 6.11 name as
# needed and do not bring along; glib, zlib and the C++ library come with every desktop or with Python itself.
QT_LIBRARIES = {
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libX11.so.6": ("libx11-6", "libX11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
}
XCB_LIBRARIES = {
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
}
_PLATFORMS = frozenset(
    {"eglfs", "linuxfb", "minimal", "minimalegl", "offscreen", "vkkhrdisplay", "vnc", "wayland", "wayland-brcm"}
    | {"wayland-egl", "xcb"}
)
"""The platforms PySide6-Essentials brings along for Linux."""
_PACKAGES = {**QT_LIBRARIES, **XCB_LIBRARIES}
_SONAME = re.compile(r"\b(lib[\w.+-]+\.so(?:\.\d+)*)")


class DisplayError(AppError):
    """No window can open here: a system library or the display is missing."""

    title = "The window cannot open"


def missing_libraries(sonames: Iterable[str]) -> list[str]:
    """Return those of the shared libraries that cannot be loaded, in the order asked.

    Where a library is there and one that it needs in turn is not, the latter is named.
    """
    missing: dict[str, None] = {}
    for soname in sonames:
        try:
            ctypes.CDLL(soname)
        except OSError as error:
            missing[missing_soname(str(error)) or soname] = None
    return list(missing)


def missing_soname(message: str) -> str | None:
    """Return the library that a message of the dynamic linker or of an import names as missing, or None."""
    match = _SONAME.search(message)
    return match[1] if match else None


def packages_error(sonames: Iterable[str]) -> DisplayError:
    """Return the one line that names the missing libraries and the packages that bring them."""
    names = list(sonames)
    debian = [_PACKAGES[name][0] for name in names if name in _PACKAGES]
    fedora = [_PACKAGES[name][1] for name in names if name in _PACKAGES]
    unknown = [name for name in names if name not in _PACKAGES]
    advice = []
    if debian:
        advice.append(
            f"Install with: sudo apt-get install {_words(debian)}   (Fedora: sudo dnf install {_words(fedora)})"
        )
    if unknown:
        advice.append(f"Install the system package that provides {', '.join(unknown)}.")
    plural = "ies are" if len(names) > 1 else "y is"
    return DisplayError(f"The system librar{plural} missing that Qt needs: {', '.join(names)}.", " ".join(advice))


def _words(names: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(names))


def import_error(error: ImportError) -> DisplayError | None:
    """Return what a failed import of the window means, or None when it is not about Qt and so is a fault of Docket."""
    soname = missing_soname(str(error))
    if soname is not None:
        return packages_error(dict.fromkeys([soname, *missing_libraries(_needed())]))
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in {"PySide6", "shiboken6"}:
        return DisplayError("PySide6 is not installed.", "Start Docket with `uv run main.py`, which installs it.")
    return None


def _needed(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the libraries the window will need here: Qt's own, and those of X11 when the window goes there."""
    if not sys.platform.startswith("linux"):
        return ()
    xcb = _platform(os.environ if environment is None else environment) == "xcb"
    return (*QT_LIBRARIES, *XCB_LIBRARIES) if xcb else tuple(QT_LIBRARIES)


def _platform(environment: Mapping[str, str]) -> str:
    """Return the Qt platform a window would open on under Linux, "" when there is none."""
    return next(iter(_platforms(environment)), "")


def _platforms(environment: Mapping[str, str]) -> list[str]:
    """Return the Qt platforms that are tried under Linux, in order."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        return [name.partition(":")[0] for name in chosen.split(";") if name]
    places = {"wayland": "WAYLAND_DISPLAY", "xcb": "DISPLAY"}
    return [platform for platform, variable in places.items() if environment.get(variable)]


def check_libraries() -> None:
    """Refuse when a system library is missing that Qt needs on this display.

    Raises:
        DisplayError: it names every missing library and its package.
    """
    missing = missing_libraries(_needed())
    if missing:
        raise packages_error(missing)


def check_display() -> None:
    """Refuse when there is no display to open a window on; Qt itself would abort the process.

    Raises:
        DisplayError: no display is named, the one named does not answer, or Qt has no such platform.
    """
    if not sys.platform.startswith("linux"):
        return
    refusals = [_refusal(platform) for platform in _platforms(os.environ)] or [_nowhere()]
    if refusals[0] is not None and None not in refusals:
        raise refusals[0]


def _nowhere() -> DisplayError:
    return DisplayError(
        "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set.",
        "Start it in a desktop session. The commands need none: see `main.py --help`.",
    )


def _refusal(platform: str) -> DisplayError | None:
    """Return why no window can open on a platform, None where nothing speaks against it."""
    if platform not in _PLATFORMS and not os.environ.get("QT_QPA_PLATFORM_PLUGIN_PATH"):
        return DisplayError(
            f"Qt has no platform of the name QT_QPA_PLATFORM={platform}.",
            "Unset QT_QPA_PLATFORM, or use xcb or wayland.",
        )
    if platform == "xcb" and not os.environ.get("DISPLAY"):
        return _nowhere()
    if platform == "xcb" and not _x_server_answers():
        return DisplayError(
            f"The X server at DISPLAY={os.environ['DISPLAY']} does not answer.",
            "Check DISPLAY and the access rights (xauth). The commands need no display: see `main.py --help`.",
        )
    if platform.startswith("wayland") and not _wayland_answers():
        return DisplayError(
            "There is no display: no Wayland compositor answers.",
            "Start it in a desktop session, or unset WAYLAND_DISPLAY and QT_QPA_PLATFORM to use X11. The commands need "
            "no display: see `main.py --help`.",
        )
    return None


def _wayland_answers() -> bool:
    if os.environ.get("WAYLAND_SOCKET"):
        return True  # a connection that was handed over, and can be used once only
    place = Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / (os.environ.get("WAYLAND_DISPLAY") or "wayland-0")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(os.fspath(place))
        except OSError:
            return False
    return True


def _x_server_answers() -> bool:
    """Whether the X server takes a connection; one that it took stays open until the process ends.

    A server starts over when its last client leaves. Where nothing else runs on it, as on a virtual display, leaving it
    here would have it turn away Qt, which comes right behind.
    """
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    if xcb.xcb_connection_has_error(connection):
        xcb.xcb_disconnect(connection)
        return False
    return True
