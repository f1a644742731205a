"""How much of what gravity a person has seen, for that person alone: a file of counts beside the window's layout.

It owns the file: days, severities, counts. It holds no content, no item and no name, and nothing of it ever reaches a
workspace, an export or a colleague.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from core.paths import home_folder

FILE = "exposure.json"
DAYS_KEPT = 60
UNKNOWN = "?"
"""Stands for an item of which nobody said how grave it is."""


class ExposureLog:
    """Counts of items seen, by day and severity.

    A file that cannot be read counts as empty; one that cannot be written is kept until the window closes.
    """

    def __init__(self, file: Path | None = None) -> None:
        """`file` None means the usual place, in this person's own Docket folder."""
        self._file = file or home_folder() / FILE
        self._days = _read(self._file)

    def add(self, severity: int | None, *, day: date | None = None) -> None:
        """Count one item, seen today unless another day is named. `severity` is 0 to 4, None unknown."""
        today = day or _today()
        counts = self._days.setdefault(today.isoformat(), Counter())
        counts[UNKNOWN if severity is None else str(severity)] += 1
        first = (today - timedelta(days=DAYS_KEPT)).isoformat()
        self._days = {name: kept for name, kept in self._days.items() if name > first}

    def total(self, *, days: int = 1, until: date | None = None) -> Mapping[str, int]:
        """Return the counts by severity (`0` to `4`, `?` unknown) of the last `days` days, today among them."""
        last = until or _today()
        wanted = {(last - timedelta(days=back)).isoformat() for back in range(days)}
        total: Counter[str] = Counter()
        for name, counts in self._days.items():
            if name in wanted:
                total.update(counts)
        return total

    def save(self) -> None:
        """Write the file, readable by this person only; a read-only home is not an error."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial = self._file.with_suffix(".part")
            with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as stream:
                json.dump(self._days, stream)
            partial.replace(self._file)
        except OSError:
            return

    def clear(self) -> None:
        """Forget everything."""
        self._days = {}
        self.save()


def _read(file: Path) -> dict[str, Counter[str]]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return {
            date.fromisoformat(day).isoformat(): Counter({str(key): int(count) for key, count in counts.items()})
            for day, counts in stored.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _today() -> date:
    """Return the day it is for the person at the desk."""
    return datetime.now().astimezone().date()
