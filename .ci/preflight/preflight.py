"""Build backend of an empty package: refuses to build where no C and C++ compiler is found.

It owns one check and one message. uv builds it beside llama-cpp-python and stops at the first failure, so the person
reads one clear line instead of the log of a failed CMake run. It must not import anything outside the standard library.
"""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

NAME = "docket_preflight-1"
COMPILERS = {"CC": ("cc", "gcc", "clang", "cl"), "CXX": ("c++", "g++", "clang++", "cl")}
INSTALL = {
    "linux": "sudo apt-get install build-essential   (Fedora: sudo dnf install gcc gcc-c++ make)",
    "darwin": "xcode-select --install",
    "win32": "winget install Microsoft.VisualStudio.2022.BuildTools   (with 'Desktop development with C++')",
}


def missing_compilers() -> list[str]:
    """Return the kinds of compiler (`CC`, `CXX`) that neither the environment nor PATH offers."""
    return [
        kind
        for kind, names in COMPILERS.items()
        if not any(shutil.which(name) for name in (*os.environ.get(kind, "").split()[:1], *names))
    ]


def _refuse_without_compiler() -> None:
    # On Windows the compiler is found through the Visual Studio registration, not PATH.
    if sys.platform != "win32" and missing_compilers():
        command = INSTALL.get(sys.platform, INSTALL["linux"])
        raise SystemExit(f"Docket needs a C and C++ compiler to build llama-cpp-python. Install one with: {command}")


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    """Write an empty wheel (PEP 517), or exit with one line that names the package to install."""
    del config_settings, metadata_directory
    _refuse_without_compiler()
    wheel = f"{NAME}-py3-none-any.whl"
    info = f"{NAME}.dist-info"
    with zipfile.ZipFile(Path(wheel_directory) / wheel, "w") as archive:
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: docket-preflight\nVersion: 1\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: docket\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", f"{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return wheel
