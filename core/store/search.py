"""Full-text search: which items hold what a person typed, in content, reasoning or notes.

It owns the way from a line of text to a statement that an index answers. Every term is found wherever it stands, inside
words and in any script. The index itself is kept in step by triggers (`migrations.search`); nothing here writes.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Select, column, literal_column, select, table

from core.store.tables import QUEUE_ENTRY

INDEXED_CHARACTERS = 3
"""Characters of one entry of the index: SQLite's `trigram` tokenizer."""

_TERM = re.compile(r'"([^"]+)"|(\S+)')
_SEARCH = table("search", column("rowid"), column("item_key"))
_TRIGRAM = table("search_trigram", column("term"), column("doc"))


def search_terms(text: str) -> list[str]:
    """Return what must all be there: words, and phrases in double quotes, each once, in their order."""
    found = (quoted or word for quoted, word in _TERM.findall(text.replace("\x00", " ")))
    return list(dict.fromkeys(term for term in found if term.strip()))


def holds(term: str) -> ColumnElement[bool]:
    """Whether the item of a queue entry holds a term, in upper or lower case, anywhere in what was said of it."""
    return QUEUE_ENTRY.c.item_key.in_(_items_with(term))


def _items_with(term: str) -> Select[tuple[int]]:
    if len(term) >= INDEXED_CHARACTERS:
        phrase = '"' + term.replace('"', '""') + '"'
        return select(_SEARCH.c.item_key).where(literal_column("search").op("MATCH")(phrase))
    # Too short to be looked up: all entries of the index that begin with it.
    low = term.lower()
    begins = select(_TRIGRAM.c.doc).where(_TRIGRAM.c.term >= low, _TRIGRAM.c.term < low + "\U0010ffff")
    return select(_SEARCH.c.item_key).where(_SEARCH.c.rowid.in_(begins))
