"""JSON lines: the lossless form, one object a line in UTF-8, text as it stands rather than escaped.

It owns the bytes of a line; what stands in an object is the business of `records`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def encode_jsonl(records: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Yield one line for each record, ending in LF.

    U+2028, U+2029 and U+0085 are escaped: some readers take them for line ends.

    Raises:
        ValueError: a number is not finite, or text holds half a surrogate pair.
    """
    for record in records:
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for character in "\u2028\u2029\u0085":
            text = text.replace(character, f"\\u{ord(character):04x}")
        yield text.encode() + b"\n"
