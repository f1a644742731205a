"""The log is emptied behind the writers: it does not grow for ever, a commit never waits, and closing waits for it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from core.store.backfill import FULL_PAGES, Backfill
from core.store.database import open_keyed, sqlcipher
from core.store.store import Store
from tests.core.store.conftest import DATA_KEY
from tests.fixtures.values import make_item


def log_of(folder: Path) -> tuple[int, int]:
    """Pages in the log and how many of them are in the file, too."""
    connection = open_keyed(folder / "workspace.db", DATA_KEY)
    _, pages, moved = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    connection.close()
    return pages, moved


def test_a_full_log_is_emptied_after_the_commit(store: Store, tmp_path: Path) -> None:
    before, _ = log_of(tmp_path)
    store.add_items([make_item(1)], source="f", actor="kim")
    assert log_of(tmp_path)[1] == 0 or before >= FULL_PAGES
    store.add_items([make_item(2, content="x" * 4096 * FULL_PAGES)], source="f", actor="kim")
    store.file._backfill.wait()  # type: ignore[attr-defined]
    pages, moved = log_of(tmp_path)
    assert pages >= FULL_PAGES
    assert moved == pages


def test_what_goes_wrong_behind_a_commit_is_not_the_writers(store: Store, tmp_path: Path) -> None:
    def refuse() -> Any:
        raise sqlcipher.OperationalError("disk I/O error")

    tried = threading.Event()
    failing = Backfill(lambda: (tried.set(), refuse()))
    failing.after_commit(_Log(FULL_PAGES))
    failing.wait()
    assert tried.is_set()
    failing.after_commit(_Log(0))
    failing.after_commit(_Broken())
    failing.wait()


class _Log:
    """A connection whose log holds so many pages."""

    def __init__(self, pages: int) -> None:
        self._pages = pages

    def execute(self, _statement: str) -> _Log:
        return self

    def fetchone(self) -> tuple[int, int, int]:
        return 0, self._pages, 0


class _Broken:
    def execute(self, _statement: str) -> None:
        raise sqlcipher.OperationalError("disk I/O error")
