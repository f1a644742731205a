"""The language an item is in, as far as it is known: what came with it, else no more than its script.

It owns which fields of the metadata say so. It never guesses a language from words.
"""

from __future__ import annotations

import re

from core.domain import Item
from core.scripts import script_tag

FIELDS = ("language", "lang", "langs")
"""Where importers and platforms keep it, first come first served. `langs` (Bluesky) is a list; its first one counts."""

_TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def language_of(item: Item) -> str:
    """Return a language tag (BCP 47, lower case): `en`, `pt-br`, `und-cyrl` for a script alone, "" for none."""
    for field in FIELDS:
        value = item.metadata.get(field)
        for tag in value if isinstance(value, list) else [value]:
            if isinstance(tag, str) and _TAG.fullmatch(tag.strip()):
                return tag.strip().replace("_", "-").lower()
    return script_tag(item.content).lower()
