"""Full-text search: which items hold what a person typed, in content, reasoning or notes.

It owns the way from a line of text to a statement that an index answers. Every term is found wherever it stands, inside
words and in any script. Triggers (`migrations.kept`) or the server keep the index in step; nothing here writes.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, CompoundSelect, Select, column, literal_column, select, table, union_all

from core.store.migrations.server import SEARCHED
from core.store.tables import METADATA, QUEUE_ENTRY

INDEXED_CHARACTERS = 3
"""Characters of one entry of the index: SQLite's `trigram` tokenizer."""

_TERM = re.compile(r'"([^"]+)"|(\S+)')
_SEARCH = table("search", column("rowid"), column("item_key"))
_TRIGRAM = table("search_trigram", column("term"), column("doc"))


def search_terms(text: str) -> list[str]:
    """Return what must all be there: words, and phrases in double quotes, each once, in their order."""
    found = (quoted or word for quoted, word in _TERM.findall(text.replace("\x00", " ")))
    return list(dict.fromkeys(term for term in found if term.strip()))


def holds(term: str, dialect: str) -> ColumnElement[bool]:
    """Whether the item of a queue entry holds a term, in upper or lower case, anywhere in what was said of it."""
    found = _items_on_server(term) if dialect == "postgresql" else _items_with(term)
    return QUEUE_ENTRY.c.item_key.in_(found)


def _items_on_server(term: str) -> CompoundSelect[tuple[int]]:
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    pattern = f"%{escaped}%"
    selects = []
    for name, columns in SEARCHED.items():
        table = METADATA.tables[name]
        owner = table.c.id if name == "item" else table.c.item_key
        selects += [select(owner).where(table.c[column].ilike(pattern, escape="\\")) for column in columns]
    return union_all(*selects)


def _items_with(term: str) -> Select[tuple[int]]:
    if len(term) >= INDEXED_CHARACTERS:
        phrase = '"' + term.replace('"', '""') + '"'
        return select(_SEARCH.c.item_key).where(literal_column("search").op("MATCH")(phrase))
    # Too short to be looked up: all entries of the index that begin with it.
    low = term.lower()
    begins = select(_TRIGRAM.c.doc).where(_TRIGRAM.c.term >= low, _TRIGRAM.c.term < low + "\U0010ffff")
    return select(_SEARCH.c.item_key).where(_SEARCH.c.rowid.in_(begins))
