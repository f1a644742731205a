"""The search index after much was written: its pieces become one, a step at a time.

It owns that upkeep. Whatever writes later would be made to do it instead, each decision a bit: the slowest one in
twenty then took four times as long as the usual one. What is in the index is the business of triggers.
"""

from __future__ import annotations

import threading

from sqlalchemy import Connection

from core.store.database import Database

STEP_PAGES = 500
"""Pages merged while the writers' lock is held: 20 to 50 ms."""

LARGEST_SHARE = 0.75
"""The largest piece stays as it is from this share of the whole on: to write it anew would cost more than it saves."""


class IndexUpkeep:
    """What the store does for its search index."""

    _db: Database

    def merge_index(self, cancel: threading.Event | None = None) -> None:
        """Merge the pieces of the index, in short transactions; `cancel` leaves the rest to a later time.

        On a server there is nothing to do: it merges on its own.
        """
        if self._db.shared:
            return
        with self._db.read() as connection:
            sizes = [pages for (pages,) in connection.exec_driver_sql("SELECT count(*) FROM search_idx GROUP BY segid")]
        # A negative number takes in every piece; those that follow go on with it (https://www.sqlite.org/fts5.html).
        pages = -STEP_PAGES if len(sizes) > 1 and max(sizes) < LARGEST_SHARE * sum(sizes) else STEP_PAGES
        more = True
        while more and not (cancel is not None and cancel.is_set()):
            with self._db.write() as connection:
                before = _changes(connection)
                connection.exec_driver_sql("INSERT INTO search(search, rank) VALUES ('merge', ?)", (pages,))
                more = _changes(connection) - before > 1  # the statement itself counts as one
            pages = STEP_PAGES


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())
