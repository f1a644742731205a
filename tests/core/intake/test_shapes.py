# ruff: noqa: E501
"""Records of other tools become item records, each with what the tool said kept beside it."""

from __future__ import annotations

from typing import Any

import pytest

from core.intake.records import RecordError, build_item
from core.intake.shapes import SHAPES, recognise
from core.intake.shapes.reports import html_text

STATUS = {"id": "9", "content": "<p>Buy <b>now</b> &amp; save</p><p>second</p>", "spoiler_text": ""}
HARMONY = (
    "<|start|>system<|message|>You help.<|end|><|start|>user<|message|>hi<|end|>"
    "<|start|>assistant<|channel|>analysis<|message|>think<|end|>"
    "<|start|>assistant<|channel|>final<|message|>answer<|return|>"
)


@pytest.mark.parametrize(
    ("shape", "record", "wanted"),
    [
        (
            "chat",
            {"id": "a", "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image_url"}]},
                                     {"role": "assistant", "content": None, "tool_calls": [
                                         {"function": {"name": "f", "arguments": "{}"}}]}]},
            {"id": "a", "messages": ["hi\n[image_url]", "[calls f({})]"]},
        ),
        (
            "sharegpt",
            {"id": "a", "conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "yo"}]},
            {"id": "a", "messages": ["hi", "yo"]},
        ),
        ("harmony", {"id": "a", "text": HARMONY}, {"messages": ["You help.", "hi", "think", "answer"], "target": 3}),
        (
            "harmony",
            {"id": "a", "messages": [{"author": {"role": "user"}, "content": [{"type": "text", "text": "hi"}]},
                                     {"role": "assistant", "channel": "analysis", "content": "hm"}]},
            {"messages": ["hi", "hm"], "target": 0},
        ),
        (
            "labelstudio",
            {"id": 3, "data": {"text": "hi", "lang": "en"}, "annotations": [
                {"result": [{"type": "choices", "value": {"choices": ["Spam"]}}]}], "predictions": []},
            {"id": 3, "content": "hi", "label": "Spam"},
        ),
        (
            "labelstudio",
            {"id": 3, "data": {"text": "hi"}, "annotations": [
                {"result": [{"type": "choices", "value": {"choices": [name]}}]} for name in ("Spam", "Fine")]},
            {"content": "hi", "label": None},
        ),
        ("prodigy", {"text": "hi", "_task_hash": 5, "label": "SPAM", "answer": "accept"}, {"id": 5, "label": "SPAM"}),
        ("prodigy", {"text": "hi", "_task_hash": 5, "label": "SPAM", "answer": "reject"}, {"label": None}),
        ("prodigy", {"text": "hi", "_input_hash": 1, "_task_hash": 5, "accept": ["A"], "options": []}, {"label": "A"}),
        (
            "argilla",
            {"id": "r", "fields": {"text": "hi"}, "responses": {"label": [{"value": "spam", "status": "submitted"}]}},
            {"id": "r", "content": "hi", "label": "spam"},
        ),
        (
            "argilla",
            {"id": "r", "text": "hi", "annotation": "spam", "annotation_agent": "kim", "prediction_agent": None},
            {"content": "hi", "label": "spam"},
        ),
        (
            "ozone",
            {"id": 4, "event": {"$type": "tools.ozone.moderation.defs#modEventReport", "comment": "spam!"},
             "subject": {"uri": "at://x/1", "value": {"$type": "app.bsky.feed.post", "text": "buy"}}},
            {"id": 4, "content": "buy"},
        ),
        ("ozone", {"id": 4, "reasonType": "spam", "reason": "look", "subject": {"did": "did:x"}}, {"content": "look"}),
        ("mastodon", {"id": "1", "target_account": {"acct": "x"}, "statuses": [STATUS]}, {"id": "1/9",
                                                                                          "content": "Buy now & save\n\nsecond"}),
        ("mastodon", {"id": "1", "target_account": {}, "comment": "rude", "action_taken": False, "statuses": []},
         {"id": "1", "content": "rude"}),
    ],
)  # fmt: skip
def test_records_become_items(shape: str, record: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert recognise([record]) == shape
    [found] = SHAPES[shape].convert(record)
    for name, value in wanted.items():
        shown = [turn["content"] for turn in found["messages"]] if name == "messages" else found.get(name)
        assert shown == value, name
    build_item({"id": "x", **found})


def test_a_report_of_several_posts_is_several_items() -> None:
    record = {"id": "1", "target_account": {"acct": "x"}, "statuses": [STATUS, {**STATUS, "id": "10"}]}
    assert [item["id"] for item in SHAPES["mastodon"].convert(record)] == ["1/9", "1/10"]


def test_nothing_the_tool_said_is_lost() -> None:
    [found] = SHAPES["labelstudio"].convert(
        {"id": 3, "data": {"text": "hi", "lang": "en"}, "annotations": [{"id": 1, "result": []}], "project": 8}
    )
    assert found["metadata"] == {"lang": "en", "annotations": [{"id": 1, "result": []}], "project": 8}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "record",
    [{}, {"messages": None}, {"data": 3}, {"conversations": [3]}, {"fields": {}}, {"statuses": [[]]}, {"subject": "x"}],
)
def test_what_is_none_of_them_is_refused_with_a_reason(shape: str, record: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        SHAPES[shape].convert(record)


def test_html_is_read_for_its_text_alone() -> None:
    page = "<p>one<br>two</p><script>bad()</script><p><a href='http://x'>link</a> &lt;b&gt;</p>"
    assert html_text(page) == "one\ntwo\n\nlink <b>"
    assert html_text("<" * 10_000)
