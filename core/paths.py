"""Where Docket keeps things of one person on one machine: last workspace, models, caches, window layout.

It owns folder names. `DOCKET_HOME` moves them all under one folder. It creates nothing by itself.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP = "docket"


def home_folder() -> Path:
    """Return the folder of this person's Docket files."""
    chosen = os.environ.get("DOCKET_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir(APP, appauthor=False))


def models_folder() -> Path:
    """Return the folder in which model files are looked for."""
    return home_folder() / "models"


def cache_folder() -> Path:
    """Return the folder for what can be made again."""
    chosen = os.environ.get("DOCKET_HOME")
    return home_folder() / "cache" if chosen else Path(platformdirs.user_cache_dir(APP, appauthor=False))


def default_workspace_folder() -> Path:
    """Return where a new workspace is proposed."""
    return home_folder() / "workspace"


def faults_file() -> Path:
    """Return the log of Docket's own faults: kinds of errors and places in the code, no value."""
    return home_folder() / "faults.log"


def window_layout_file() -> Path:
    """Return the file that remembers the window's layout."""
    return home_folder() / "window.ini"


def program_folder() -> Path:
    """Return the folder that holds the program: the checkout, or the inside of an installed build."""
    return Path(__file__).resolve().parent.parent


def resources_folder() -> Path:
    """Return the folder of files that ship with Docket."""
    return program_folder() / "resources"


def shipped_policies_folder() -> Path:
    """Return the folder of the example policies that ship with Docket."""
    return program_folder() / "policies"


def last_workspace() -> Path | None:
    """Return the workspace that was open last, or None when there is none or it is gone."""
    try:
        name = (home_folder() / "last-workspace").read_text(encoding="utf-8").strip()
        return Path(name) if name and Path(name).is_dir() else None
    except (OSError, UnicodeDecodeError):
        return None


def remember_workspace(folder: Path) -> None:
    """Remember the workspace for the next start; a read-only home is not an error."""
    try:
        home_folder().mkdir(parents=True, exist_ok=True)
        (home_folder() / "last-workspace").write_text(str(folder.resolve()), encoding="utf-8")
    except (OSError, UnicodeEncodeError):
        return
