"""JSON lines are lossless and one line a record for every reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.jsonl import encode_jsonl

text = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(st.dictionaries(text, text | st.lists(text) | st.integers() | st.none(), max_size=4), max_size=4))
def test_each_record_is_one_line_and_reads_back(records: list[dict[str, Any]]) -> None:
    data = b"".join(encode_jsonl(records))
    lines = data.decode().splitlines()
    assert [json.loads(line) for line in lines] == records


def test_text_stands_unescaped() -> None:
    assert b"".join(encode_jsonl([{"a": "größer\u2028"}])) == '{"a":"größer\\u2028"}\n'.encode()


def test_what_is_no_json_is_not_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        list(encode_jsonl([{"a": float("nan")}]))
