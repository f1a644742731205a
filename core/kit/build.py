"""Lays out the kit: wheels, the program, a model, the installer, and the SHA-256 of every file.

It owns the layout of the folder. The installer is `resources/kit/install.py`, which needs nothing but Python.
"""

from __future__ import annotations

import json
import platform
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from core.errors import CancelledError, ExportError
from core.kit.components import distributions
from core.kit.wheels import pack_wheel
from core.models.catalogue import file_sha256
from core.paths import program_folder, resources_folder

SUMS = "SHA256SUMS"
PROGRAM = ("main.py", "core", "ui", "resources", "policies", "docs", "pyproject.toml", "README.md", "LICENSE")
_LEFT_OUT = ("__pycache__", "*.pyc")


@dataclass(frozen=True, slots=True)
class Kit:
    """What was made: the folder, how many wheels, the models, the bytes of all files."""

    folder: Path
    wheels: int
    models: tuple[str, ...]
    size_bytes: int


def build_kit(
    out: Path,
    *,
    models: Sequence[Path] = (),
    with_sample: bool = True,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    cancel: threading.Event | None = None,
) -> Kit:
    """Gather everything into the new or empty folder `out`; `progress` gets what is added, how many done, how many.

    Raises:
        ExportError: the folder is not empty or cannot be written, or this is an installed build without wheels.
        CancelledError: `cancel` was set; what was written is removed.
    """
    stop = cancel or threading.Event()
    if getattr(sys, "frozen", False):
        raise ExportError(
            "An installed build holds no wheels to pass on.", "Make the kit where Docket runs from source."
        )
    wheels = distributions(with_sample=with_sample)
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise ExportError(f"{out} is not empty.", "Name a new or empty folder with --out.")
        try:
            return _build(out, wheels, models, progress, stop)
        except BaseException:
            for entry in out.iterdir():
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            raise
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror}.", "Check space and permissions.") from None


def _build(
    out: Path,
    wheels: Sequence[metadata.Distribution],
    models: Sequence[Path],
    progress: Callable[[str, int, int], None],
    stop: threading.Event,
) -> Kit:
    (out / "wheels").mkdir()
    count = len(wheels)
    for number, distribution in enumerate(wheels, start=1):
        if stop.is_set():
            raise CancelledError("The kit was stopped.", "What was written is removed.")
        path = pack_wheel(distribution, out / "wheels")
        progress(path.name, number, count)
    _copy_program(out / "app")
    if models:
        (out / "models").mkdir()
    for model in models:
        progress(model.name, count, count)
        shutil.copyfile(model, out / "models" / model.name)
    if models:
        _write_sums(out / "models")
    for name in ("install.py", "README.txt"):
        shutil.copyfile(resources_folder() / "kit" / name, out / name)
    (out / "kit.json").write_text(json.dumps(_about(), indent=1), encoding="utf-8")
    files = _write_sums(out)
    size = sum(path.stat().st_size for path in files)
    _open_to_all(out)
    return Kit(out, count, tuple(model.name for model in models), size)


def _open_to_all(folder: Path) -> None:
    """Let every account read a kit: it is carried to another machine and holds nothing of a workspace."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _write_sums(folder: Path) -> list[Path]:
    """Write the SHA-256 of every file below a folder into it, as `sha256sum` would; return the files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{file_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    return files


def _copy_program(target: Path) -> None:
    target.mkdir()
    for name in PROGRAM:
        source = program_folder() / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        elif source.is_file():
            shutil.copyfile(source, target / name)


def _about() -> dict[str, str]:
    """Return what the installer compares with the machine it runs on."""
    return {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "system": platform.system(),
        "machine": platform.machine(),
    }
