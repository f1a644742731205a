"""What other tools call a record, turned into item records: one module for each family of tools.

A shape recognises its records by their fields and converts each into item records (usually one); everything it has no
place for is kept in their metadata. It reads no file and builds no item.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.intake.shapes import annotation, chat, reports

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one kind of record is told apart, and what it becomes. `words` name it to a person."""

    words: str
    recognise: Callable[[Record], bool]
    convert: Callable[[Record], list[dict[str, Any]]]


SHAPES: Mapping[str, Shape] = {
    "labelstudio": Shape("Label Studio tasks", annotation.is_label_studio, annotation.from_label_studio),
    "prodigy": Shape("Prodigy examples", annotation.is_prodigy, annotation.from_prodigy),
    "argilla": Shape("Argilla records", annotation.is_argilla, annotation.from_argilla),
    "ozone": Shape("Bluesky / Ozone reports", reports.is_ozone, reports.from_ozone),
    "mastodon": Shape("Mastodon reports", reports.is_mastodon, reports.from_mastodon),
    "sharegpt": Shape("ShareGPT conversations", chat.is_sharegpt, chat.from_sharegpt),
    "harmony": Shape("harmony conversations", chat.is_harmony, chat.from_harmony),
    "chat": Shape("OpenAI messages", chat.is_openai, chat.from_openai),
}
"""The shapes by the name of their format, most particular first."""


def recognise(records: Iterable[Record]) -> str | None:
    """Return the shape of the first record that has one, None for plain item records."""
    for record in records:
        for name, shape in SHAPES.items():
            if shape.recognise(record):
                return name
    return None
