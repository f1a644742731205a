"""Strict records: what is refused and with which words, and the items that good ones become."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import ItemKind, Turn
from core.intake.records import MAX_DEPTH, RecordError, build_item, parse_record, rename_fields

USER = {"role": "user", "content": "one"}
REPLY = {"role": "assistant", "content": "two"}


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "not valid JSON"),
        (b'{"id": "a"} {"id": "b"}', "not valid JSON at character 13"),
        (b"[1]", "not a JSON object: found list"),
        (b'"text"', "not a JSON object: found text"),
        (b"null", "not a JSON object: found null"),
        (b'{"id": "\xff"}', "not valid UTF-8 at byte 9"),
        (b'{"id": "\xed\xa0\x80"}', "not valid UTF-8"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"a": 1e999}', "a number is too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "more than 1,000 digits"),
        (b'{"a": 1, "a": 2}', "appears twice"),
        (b'{"m": {"a": 1, "a": 2}}', "appears twice"),
        (rb'{"content": "\ud800"}', "`content` holds half a surrogate pair"),
        (rb'{"messages": [{"role": "user", "content": "\uDFFF"}]}', "`messages` holds half a surrogate pair"),
        (rb'{"x": {"\udc00": 1}}', "a field holds half a surrogate pair"),
        (rb'{"\udc00": 1}', "a field holds half a surrogate pair"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested deeper than 64 levels"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "nested deeper than 64 levels"),
        (b'{"a": "\x01"}', "not valid JSON"),
        (b'{"a": "\x00"}', "not valid JSON"),
    ],
)
def test_bad_lines_are_refused_with_a_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        parse_record(raw)
    assert reason in caught.value.message


def test_whole_surrogate_pairs_and_allowed_depth_are_read() -> None:
    assert parse_record(rb'{"a": "\ud83d\ude00"}') == {"a": "\U0001f600"}
    deep = b'{"a": ' + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b"}"
    assert "a" in parse_record(deep)
    wide = b'{"a": [' + b",".join([b"[]"] * 500) + b"]}"
    assert len(parse_record(wide)["a"]) == 500


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_reason(raw: bytes) -> None:
    try:
        record = parse_record(raw)
    except RecordError:
        return
    assert isinstance(record, dict)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), json_values, max_size=5))
def test_what_json_wrote_is_read_back(record: dict[str, Any]) -> None:
    assert parse_record(json.dumps(record).encode()) == record


FIELDS = ("id", "content", "messages", "target", "parent", "metadata", "policy", "record.x", "x")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, json_values)))
def test_any_object_is_an_item_or_a_reason(record: dict[str, Any]) -> None:
    try:
        item = build_item(record, policies={"spam"})
    except RecordError:
        return
    assert item.content
    assert item.id.strip()


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"content": "x"}, "`id` is missing"),
        ({"id": None, "content": "x"}, "`id` is missing"),
        ({"id": " ", "content": "x"}, "`id` is empty"),
        ({"id": True, "content": "x"}, "`id` must be text, found true or false"),
        ({"id": 1.5, "content": "x"}, "`id` must be text, found number"),
        ({"id": "x" * 513, "content": "x"}, "`id` is longer than 512 characters"),
        ({"id": "a\x07", "content": "x"}, "`id` holds control characters"),
        ({"id": "a\u2028", "content": "x"}, "`id` holds control characters"),
        ({"id": "a"}, "`content` is missing"),
        ({"id": "a", "content": 7}, "`content` must be text, found number"),
        ({"id": "a", "content": ""}, "`content` is empty"),
        ({"id": "a", "content": "x", "parent": []}, "`parent` must be text, found list"),
        ({"id": "a", "content": "x", "metadata": "m"}, "`metadata` must be an object, found text"),
        ({"id": "a", "content": "x", "messages": [USER]}, "both given"),
        ({"id": "a", "messages": {}}, "`messages` must be a list, found object"),
        ({"id": "a", "messages": []}, "`messages` is empty"),
        ({"id": "a", "messages": ["x"]}, "`messages[0]` must be an object, found text"),
        ({"id": "a", "messages": [{"role": "user"}]}, "`messages[0].content` must be text, found nothing"),
        ({"id": "a", "messages": [{"role": 1, "content": "x"}]}, "`messages[0].role` must be text, found number"),
        ({"id": "a", "messages": [USER, REPLY, USER], "target": 7}, "`target` 7 is outside the 3 turns"),
        ({"id": "a", "messages": [USER, REPLY], "target": -1}, "`target` -1 is outside the 2 turns"),
        ({"id": "a", "messages": [USER, REPLY], "target": 10**300}, "`target` a huge number is outside"),
        ({"id": "a", "messages": [USER, REPLY], "target": True}, "`target` must be a whole number"),
        ({"id": "a", "messages": [USER, {"role": "user", "content": ""}]}, "the target turn of `messages` is empty"),
    ],
)
def test_bad_records_are_refused_with_a_reason(record: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        build_item(record)
    assert reason in caught.value.message


def test_the_three_kinds() -> None:
    message = build_item({"id": 7, "content": "hello"})
    assert (message.id, message.kind, message.content) == ("7", ItemKind.MESSAGE, "hello")
    reply = build_item({"id": "a", "content": "no", "parent": "yes?"})
    assert (reply.kind, reply.parent) == (ItemKind.REPLY, "yes?")
    talk = build_item({"id": "a", "messages": [USER, REPLY, USER], "target": 1})
    assert (talk.kind, talk.content, talk.target) == (ItemKind.CONVERSATION, "two", 1)
    assert talk.messages[0] == Turn("user", "one")
    assert build_item({"id": "a", "messages": [USER, REPLY]}).target == 1


def test_a_single_user_turn_is_the_message_itself() -> None:
    single = build_item({"id": "a", "messages": [USER]})
    assert (single.kind, single.messages, single.target) == (ItemKind.MESSAGE, (), None)
    assert single.content_hash == build_item({"id": "b", "content": "one"}).content_hash
    assert build_item({"id": "a", "messages": [REPLY]}).kind is ItemKind.CONVERSATION


def test_unknown_fields_are_kept_and_never_overwrite_metadata() -> None:
    item = build_item(
        {
            "id": "a",
            "content": "x",
            "target": 3,
            "lang": "de",
            "score": 2,
            "metadata": {"lang": "fr", "record.lang": 1},
        }
    )
    assert item.metadata == {"lang": "fr", "record.lang": 1, "record.record.lang": "de", "score": 2, "target": 3}


def test_extra_fields_of_a_turn_are_kept() -> None:
    item = build_item({"id": "a", "messages": [USER, REPLY | {"name": "bot"}]})
    assert item.metadata == {"messages[1]": {"name": "bot"}}


@pytest.mark.parametrize(
    ("record_policy", "forced", "policy", "metadata"),
    [
        ("spam", None, "spam", {}),
        ("nowhere", None, None, {"policy": "nowhere"}),
        (["spam"], None, None, {"policy": ["spam"]}),
        (None, "spam", "spam", {}),
        ("spam", "spam", "spam", {}),
        ("other", "spam", "spam", {"policy": "other"}),
    ],
)
def test_policy_restriction(
    record_policy: object, forced: str | None, policy: str | None, metadata: dict[str, Any]
) -> None:
    item = build_item({"id": "a", "content": "x", "policy": record_policy}, policies={"spam", "other"}, policy=forced)
    assert (item.policy, item.metadata) == (policy, metadata)


def test_mapped_fields_come_from_their_columns() -> None:
    record = {"uid": 3, "text": "hi", "id": "row-3", "lang": "de"}
    renamed = rename_fields(record, {"id": "uid", "content": "text"})
    assert renamed == {"id": 3, "content": "hi", "record.id": "row-3", "lang": "de"}
    assert rename_fields({"id": "a"}, {"id": "uid"}) == {"record.id": "a"}
    assert rename_fields({"t": "a"}, {"id": "t", "content": "t"}) == {"id": "a", "content": "a"}
    assert rename_fields({"id": "a", "content": "b"}, {"id": "content", "content": "id"}) == {"id": "b", "content": "a"}
