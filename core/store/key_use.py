"""When each slot of a workspace opened it last on this workstation: `key-use.json` beside the slots.

It owns that file. It holds times and the names of slots, never anything of a secret; nothing depends on it, so that a
folder that cannot be written, or a file that cannot be read, changes nothing but what is shown.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from core.domain import SlotKind
from core.store.rows import from_time, to_time

FILE = "key-use.json"
_MOST_BYTES = 4096


def note_use(folder: Path, kind: SlotKind) -> None:
    """Keep that a slot opened the workspace now, where the folder can be written."""
    _write(folder, {**read_use(folder), kind: to_time(None)})


def forget_use(folder: Path, kind: SlotKind) -> None:
    """Drop what is kept of a slot: the one of that name is another now, or none."""
    used = read_use(folder)
    if used.pop(kind, None) is not None:
        _write(folder, used)


def _write(folder: Path, used: Mapping[SlotKind, str]) -> None:
    told = json.dumps({kind.value: at for kind, at in used.items()}, indent=1)
    with suppress(OSError):
        handle, partial = tempfile.mkstemp(prefix=f"{FILE}.", suffix=".part", dir=folder)  # readable by its owner only
        try:
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                stream.write(told)
            Path(partial).replace(folder / FILE)
        except OSError:
            Path(partial).unlink(missing_ok=True)
            raise


def read_use(folder: Path) -> dict[SlotKind, str]:
    """Return when each slot was last used, as ISO 8601 in UTC; what cannot be read is left out."""
    try:
        with (folder / FILE).open("rb") as stream:
            told = json.loads(stream.read(_MOST_BYTES))
        return {kind: told[kind.value] for kind in SlotKind if kind.value in told and _is_time(told[kind.value])}
    except (OSError, ValueError, TypeError, RecursionError):
        return {}


def _is_time(told: object) -> bool:
    try:
        return isinstance(told, str) and to_time(from_time(told)) == told
    except (ValueError, OverflowError):
        return False
