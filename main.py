"""The composition root: joins the command line to the window and starts what was asked for.

It owns that join and nothing else. The model process imports this module again, so nothing is imported here before
`main` runs, and Qt only when a window opens.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
from pathlib import Path


def open_window(workspace: Path | None, sample: bool) -> int:
    """Open the desk on a workspace, on the sample, or on its first page; return the exit status once it is closed.

    Raises:
        DisplayError: a system library that Qt needs is missing, or there is no display.
    """
    from core import display

    display.check_libraries()
    gc.disable()
    try:
        from ui.app import run_window
    except ImportError as error:
        known = display.import_error(error)
        if known is None:
            raise
        raise known from None
    gc.enable()
    display.check_display()
    return run_window(sys.argv[:1], workspace_folder=workspace, sample=sample)


def main() -> int:
    """Run the command line and return its exit status."""
    gc.disable()  # what is imported stays: looking through it again and again takes a sixth of the start
    try:
        from core.cli import run
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        return 130
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"core", "ui"}:
            raise
        sys.stderr.write(f"Docket's packages are not installed here ({error.name}). Start it with: uv run main.py\n")
        return 1
    gc.enable()
    return run(sys.argv[1:], open_window=open_window)


if __name__ == "__main__":
    multiprocessing.freeze_support()  # in an installed build the model process is this program again
    raise SystemExit(main())
