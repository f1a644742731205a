"""Item lines: each is an item or a numbered reason, and labels are read when asked for."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import PolicyVersion, RejectedRow
from core.intake.items import ItemReader
from core.intake.lines import MAX_LINE_BYTES, LineReader
from core.intake.records import Incoming
from core.intake.rows import Refused, rows_of_lines
from tests.core.intake.policies import make_policy

SPAM = make_policy()


def lookup(policy_id: str) -> PolicyVersion | None:
    return SPAM if policy_id == "spam" else None


def read(data: bytes | list[dict[str, Any]], **options: Any) -> list[Incoming | RejectedRow]:
    if isinstance(data, list):
        data = b"".join(json.dumps(record).encode() + b"\n" for record in data)
    reader = ItemReader(lookup, policies={"spam"}, **options)
    rows = reader.read(rows_of_lines(LineReader(io.BytesIO(data))))
    return [RejectedRow(row.line, row.reason) if isinstance(row, Refused) else row for row in rows]


def test_every_bad_line_is_listed_and_every_good_one_read() -> None:
    rows = read(
        b'{"id": "a", "content": "1"}\n'
        b"not json\n"
        b"\n"
        b'{"content": "2"}\n'
        b'{"id": "a", "content": "3"}\n' + b'{"id": "big", "content": "' + b"x" * (MAX_LINE_BYTES + 10**6) + b'"}\n'
        rb'{"id": "s", "content": "\ud800"}' + b"\n"
        b'{"id": "b", "content": 7}\r\n'
        b'{"id": "c", "content": "4"}'
    )
    good = [(row.line, row.item.id) for row in rows if isinstance(row, Incoming)]
    bad = {row.line: row.reason for row in rows if isinstance(row, RejectedRow)}
    assert good == [(1, "a"), (5, "a"), (9, "c")]  # whether an id came before is for the store to say
    assert bad == {
        2: "not valid JSON at character 1",
        4: "`id` is missing",
        6: "the line is longer than 4 MiB",
        7: "`content` holds half a surrogate pair, which is not Unicode text",
        8: "`content` must be text, found number",
    }


def test_a_refused_line_does_not_use_up_its_id() -> None:
    rows = read([{"id": "a"}, {"id": "a", "content": "x"}])
    assert [type(row) for row in rows] == [RejectedRow, Incoming]


def test_labels_are_read_only_when_asked_for() -> None:
    record = {"id": "a", "content": "x", "policy": "spam", "label": "SCAM"}
    (plain,) = read([record])
    assert isinstance(plain, Incoming)
    assert (plain.label, plain.policy) == (None, None)
    assert plain.item.metadata == {"label": "SCAM"}
    (labelled,) = read([record], decide_from="label")
    assert isinstance(labelled, Incoming)
    assert (labelled.label, labelled.policy) == (SPAM.label("SP4"), SPAM)
    assert labelled.item.metadata == {"label": "SCAM"}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"policy": "spam", "label": "SP9"}, "decision not recorded: `label` is no label of the policy"),
        ({"policy": "spam", "label": ["SP0"]}, "decision not recorded: `label` must be a label, found list"),
        ({"label": "SP0"}, "decision not recorded: the record names no policy of this workspace"),
        ({"policy": "nowhere", "label": "SP0"}, "decision not recorded: the record names no policy of this workspace"),
    ],
)
def test_a_label_that_means_nothing_refuses_the_row(record: dict[str, Any], reason: str) -> None:
    assert read([{"id": "a", "content": "x"} | record], decide_from="label") == [RejectedRow(1, reason)]


def test_a_record_without_the_label_field_is_an_item_without_a_decision() -> None:
    (row,) = read([{"id": "a", "content": "x", "label": None}], decide_from="label")
    assert isinstance(row, Incoming)
    assert row.label is None


def test_labels_in_metadata_and_in_mapped_columns_are_found() -> None:
    (nested,) = read([{"id": "a", "content": "x", "metadata": {"gold": "SP0"}}], decide_from="gold", policy_id="spam")
    assert isinstance(nested, Incoming)
    assert nested.label == SPAM.label("SP0")
    (mapped,) = read(
        [{"uid": 1, "text": "x", "gold": "SP0"}],
        decide_from="gold",
        policy_id="spam",
        field_map={"id": "uid", "content": "text"},
    )
    assert isinstance(mapped, Incoming)
    assert (mapped.item.id, mapped.item.content, mapped.label) == ("1", "x", SPAM.label("SP0"))


lines = st.lists(
    st.binary(max_size=30)
    | st.sampled_from([b'{"id": "a", "content": "x"}', b'{"id": 1, "content": "y"}', b'{"id": "a"}', b"[1]", b""]),
    max_size=12,
)


@given(lines, st.sampled_from([b"\n", b"\r\n"]))
def test_every_line_that_is_not_blank_comes_out_once(parts: list[bytes], end: bytes) -> None:
    data = end.join(parts)
    expected = [line.number for line in LineReader(io.BytesIO(data))]
    assert [row.line for row in read(data)] == expected
