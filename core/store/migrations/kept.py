"""What triggers keep in step with the records: the search index and the counts of the queue.

It owns their statements, word for word as `verify` wants to find them. The index holds no text of its own: an entry of
it is a record's key times four plus the number of its kind, and the key of its item.
"""

from __future__ import annotations

KINDS = {"item": 0, "verdict": 1, "decision": 2, "remark": 3}
"""The records that can be found, each with its number in the index."""

TABLES = (
    "CREATE VIRTUAL TABLE search USING fts5(text, item_key UNINDEXED, content='', contentless_delete=1,"
    " contentless_unindexed=1, tokenize='trigram')",
    "INSERT INTO search(search, rank) VALUES ('pgsz', 3950)",  # what fits in a page beside the cipher's reserve
    "CREATE VIRTUAL TABLE search_trigram USING fts5vocab(search, instance)",
)

# The two line ends let even the last characters of a text be found by fewer than three.
_TEXTS = {
    "item": "{0}.item_id || char(10) || coalesce((SELECT group_concat(json_extract(value, '$[1]'), char(10))"
    " FROM json_each({0}.messages)), {0}.content) || char(10) || coalesce({0}.parent, '') || char(10, 10)",
    "verdict": "{0}.reasoning || char(10) || {0}.rationale || char(10, 10)",
    "decision": "{0}.note || char(10, 10)",
    "remark": "{0}.reason || char(10, 10)",
}
_SAYS_SOMETHING = {
    "verdict": "NEW.reasoning <> '' OR NEW.rationale <> ''",
    "decision": "NEW.note <> ''",
    "remark": "NEW.reason <> ''",
}
_COUNT = (
    "INSERT INTO queue_count (policy_id, state, apart, entries)"
    " VALUES (coalesce({0}.policy_id, ''), {0}.state, {0}.disagrees = 1, {1})"
    " ON CONFLICT (policy_id, state, apart) DO UPDATE SET entries = entries + excluded.entries;"
)
_MOVED = "(NEW.policy_id, NEW.state, NEW.disagrees = 1) IS NOT (OLD.policy_id, OLD.state, OLD.disagrees = 1)"


def _indexed(table: str, row: str) -> str:
    item = f"{row}.id" if table == "item" else f"{row}.item_key"
    return f"({row}.id * 4 + {KINDS[table]}, {_TEXTS[table].format(row)}, {item})"


def search_triggers() -> dict[str, str]:
    """Return the statements, by name, of the triggers that keep the index: what is written is found, and no more.

    The only change a record can meet is a purge; of an item its id stays to be found.
    """
    made: dict[str, str] = {}
    for table in KINDS:
        entry = f"INSERT INTO search(rowid, text, item_key) VALUES {_indexed(table, 'NEW')};"  # noqa: S608 - our own names
        when = f"WHEN {_SAYS_SOMETHING[table]} " if table in _SAYS_SOMETHING else ""
        forget = f"DELETE FROM search WHERE rowid = OLD.id * 4 + {KINDS[table]};"  # noqa: S608 - our own names
        again = entry if table == "item" else ""
        made |= {
            f"search_{table}": f"CREATE TRIGGER search_{table} AFTER INSERT ON {table} {when}BEGIN {entry} END",
            f"search_{table}_purged": f"CREATE TRIGGER search_{table}_purged AFTER UPDATE ON {table}"
            f" BEGIN {forget} {again} END",
        }
    return made


def count_triggers() -> dict[str, str]:
    """Return the statements, by name, of the triggers that keep `queue_count`."""
    less, more = _COUNT.format("OLD", -1), _COUNT.format("NEW", 1)
    return {
        "count_added": f"CREATE TRIGGER count_added AFTER INSERT ON queue_entry BEGIN {more} END",
        "count_moved": "CREATE TRIGGER count_moved AFTER UPDATE OF policy_id, state, disagrees ON queue_entry"
        f" WHEN {_MOVED} BEGIN {less} {more} END",
        "count_removed": f"CREATE TRIGGER count_removed AFTER DELETE ON queue_entry BEGIN {less} END",
    }
