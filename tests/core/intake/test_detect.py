"""The format is found in the content, and what this version does not read is said plainly."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from core.errors import InputError, UsageError
from core.intake.detect import check_format, detect_format

ITEM = b'{"id": "a", "content": "x"}\n'
VERDICT = b'{"id": "a", "policy": "p", "messages": [], "output": "VALID"}\n'


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (ITEM, "a.jsonl", "jsonl"),
        (VERDICT, "a.jsonl", "verdicts"),
        (b"junk\n\n" + VERDICT + ITEM, "a.jsonl", "verdicts"),
        (ITEM + VERDICT, "a.csv", "jsonl"),
        (b"junk\n", "a.jsonl", "jsonl"),
        (b"", "a.txt", "jsonl"),
    ],
)
def test_the_first_readable_record_decides(data: bytes, name: str, found: str) -> None:
    stream = io.BytesIO(data)
    assert detect_format(stream, Path(name), {}) == found
    assert stream.tell() == 0


def test_mapped_fields_are_looked_at_after_mapping() -> None:
    data = b'{"id": "a", "rules": "p", "answer": "VALID"}\n'
    assert detect_format(io.BytesIO(data), Path("a"), {"policy": "rules", "output": "answer"}) == "verdicts"


@pytest.mark.parametrize(
    ("data", "name", "words"), [(b'[{"id": 1}]', "a.json", "JSON list"), (b"id,content\n", "a.csv", "no JSON object")]
)
def test_other_formats_are_refused_with_what_can_be_read(data: bytes, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        detect_format(io.BytesIO(data), Path(name), {})
    assert "jsonl and verdicts" in caught.value.hint


@pytest.mark.parametrize("name", ["csv", "chat", "nonsense", ""])
def test_unknown_formats_are_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_format(name)
    assert "jsonl and verdicts" in caught.value.hint


@pytest.mark.parametrize("name", ["auto", "jsonl", "verdicts"])
def test_known_formats_pass(name: str) -> None:
    check_format(name)
