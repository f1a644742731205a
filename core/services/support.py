"""The verb `write_support_bundle`: what helps to find a fault, in one file, without content, people or places.

It owns what goes in: a list of what may, not of what may not. Figures are counts, settings are numbers and switches,
faults are kinds of errors with places in the code, and texts of checks have folders and names taken out.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import platform
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from importlib import metadata
from pathlib import Path
from typing import Any

from core.domain import Check, utc_now
from core.errors import ExportError
from core.paths import faults_file, home_folder
from core.services.doctor import doctor
from core.services.workspace import Workspace
from core.settings import Settings
from core.store.keychain import keychain_backend

_LIBRARIES = (
    "PySide6-Essentials", "SQLAlchemy", "alembic", "cryptography", "huggingface_hub", "keyring", "llama-cpp-python",
    "numpy", "pyarrow", "scikit-learn", "sqlcipher3", "sqlmodel", "typer",
)  # fmt: skip
_WITHOUT_TEXT = ("python", "cores", "memory", "qt", "model runtime", "graphics", "engine", "sqlcipher", "sample model")
"""Checks whose details are figures and versions; of the others only the result is told."""


def write_support_bundle(workspace: Workspace | None, *, out: Path) -> Path:
    """Write a ZIP with the state of the machine and counts of the workspace; return its path.

    Raises:
        ExportError: the file exists or cannot be written.
    """
    checks = doctor(workspace)
    parts = {
        "about.json": _about(),
        "checks.json": [_check(check) for check in checks],
        "workspace.json": _workspace(workspace),
    }
    try:
        with zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED) as bundle:
            for name, part in parts.items():
                bundle.writestr(name, json.dumps(part, indent=1, ensure_ascii=False))
            bundle.writestr("faults.log", _faults())
    except FileExistsError:
        raise ExportError(f"{out} exists already.", "Name another file.") from None
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror}.", "Check space and permissions.") from None
    return out


def _about() -> dict[str, Any]:
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "missing"
    return {
        "written_at": f"{utc_now():%Y-%m-%dT%H:%MZ}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "keychain": keychain_backend() or "none",
        "libraries": versions,
    }


def _check(check: Check) -> dict[str, Any]:
    told = check.name in _WITHOUT_TEXT
    return {"name": check.name, "ok": check.ok, "detail": redacted(check.detail) if told else ""}


def _workspace(workspace: Workspace | None) -> Mapping[str, Any]:
    if workspace is None:
        return {}
    counts = workspace.store.queue_counts(None)
    settings = workspace.settings
    kept = {
        field.name: getattr(settings, field.name)
        for field in fields(Settings)
        if isinstance(getattr(settings, field.name), bool | int | float | None)
    }
    return {
        "entries": {state.value: count for state, count in counts.by_state.items()},
        "disagreements": counts.disagreements,
        "settings": kept,
        "model_is_named": bool(settings.model),
        "remote_hosts": len(settings.remote_hosts),
    }


def _faults() -> str:
    try:
        return redacted(faults_file().read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""


def redacted(text: str) -> str:
    """Return a text with this person's folders and name taken out."""
    words = {str(home_folder()): "~docket", str(Path.home()): "~"}
    with contextlib.suppress(OSError, KeyError):
        words[getpass.getuser()] = "user"
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 2:  # a home of "/" or a name of two letters would take the text apart
            text = text.replace(word, words[word])
    return text
