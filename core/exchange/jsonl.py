"""JSON lines: the lossless form, one object a line in UTF-8, text as it stands rather than escaped.

It owns the bytes of a line; what stands in an object is the business of `records`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# Made once: a call of `json.dumps` with these options makes a new one each time.
_LINE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_CELL = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def encode_jsonl(records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield one line for each record, ending in LF.

    U+2028, U+2029 and U+0085 are escaped: some readers take them for line ends.

    Raises:
        ValueError: a number is not finite, or text holds half a surrogate pair.
    """
    for record in records:
        text = _LINE.encode(record)
        if not text.isascii():
            for character in "\u2028\u2029\u0085":
                text = text.replace(character, f"\\u{ord(character):04x}")
        yield text.encode() + b"\n"


def encode_json(value: object) -> str:
    """Return the JSON text of a value that stands in one cell.

    Raises:
        ValueError: a number is not finite.
    """
    return _CELL.encode(value)
