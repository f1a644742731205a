"""The format is found in the content, what was guessed is said, and what nobody reads is refused plainly."""

from __future__ import annotations

import json

import pytest

from core.errors import InputError, UsageError
from core.intake.detect import Wishes, check_format, make_plan
from core.intake.plan import ReadPlan, plan_from_text, plan_to_text

ITEM = b'{"id": "a", "content": "x"}\n'
VERDICT = b'{"id": "a", "policy": "p", "messages": [], "output": "VALID"}\n'
DECISION = b'{"id": "a", "policy": "p", "label": "SP0", "reviewer": "kim"}\n'
CSV = b"id,content\n1,hello there\n2,how are you\n"
CHAT = {"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}
SHARE = {"id": "s", "conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "yo"}]}
TASK = {"id": 7, "data": {"text": "hi"}, "annotations": []}
HARMONY = "<|start|>system<|message|>s<|end|><|start|>user<|message|>u<|end|><|start|>assistant<|message|>a<|return|>"


def plan(data: bytes, name: str = "a.jsonl", **wishes: object) -> ReadPlan:
    return make_plan(data, name, Wishes(**wishes), ended=True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "name", "container", "shape"),
    [
        (ITEM, "a.jsonl", "jsonl", "items"),
        (VERDICT, "a.jsonl", "jsonl", "verdicts"),
        (b"junk\n\n" + VERDICT + ITEM, "a.jsonl", "jsonl", "verdicts"),
        (ITEM + VERDICT, "a.csv", "jsonl", "verdicts"),
        (DECISION, "a", "jsonl", "decisions"),
        (b"junk\n", "a.jsonl", "jsonl", "items"),
        (b"", "a.txt", "txt", "items"),
        (b"just words\nmore words\n", "a.txt", "txt", "items"),
        (CSV, "a.csv", "csv", "items"),
        (CSV, "no-name", "csv", "items"),
        (CSV.replace(b",", b"\t"), "a", "csv", "items"),
        (b"[" + ITEM + b"," + ITEM + b"]", "a", "json", "items"),
        (json.dumps({"events": [{"id": 1, "subject": {}, "event": {"comment": "x"}}]}).encode(), "a", "json", "ozone"),
        (json.dumps([TASK], indent=2).encode(), "a", "json", "labelstudio"),
        (json.dumps(CHAT).encode(), "a", "jsonl", "chat"),
        (json.dumps(CHAT, indent=1).encode(), "a", "json", "chat"),
        (json.dumps(SHARE).encode(), "a", "jsonl", "sharegpt"),
        (HARMONY.encode(), "a", "txt", "harmony"),
        (b'{"text": "x", "_task_hash": 5, "_input_hash": 6}\n', "a", "jsonl", "prodigy"),
        (b'{"id": "x", "fields": {"text": "x"}, "responses": {}}\n', "a", "jsonl", "argilla"),
        (b'{"id": 1, "target_account": {}, "statuses": []}\n', "a", "jsonl", "mastodon"),
        (b'{"id": "x", "content": "x", "metadata": {}, "verdicts": [], "decisions": []}\n', "a", "jsonl", "records"),
    ],
)
def test_the_content_decides(data: bytes, name: str, container: str, shape: str) -> None:
    found = plan(data, name)
    assert (found.container, found.shape) == (container, shape)


def test_mapped_fields_are_looked_at_after_mapping() -> None:
    data = b'{"id": "a", "rules": "p", "answer": "VALID"}\n'
    assert plan(data, field_map={"policy": "rules", "output": "answer"}).shape == "verdicts"


def test_what_is_guessed_is_said() -> None:
    found = plan(b"Internal use only,\nkey,comment\n1,Nice weather\n2,Call me now!\n", "a.csv")
    assert (found.header, found.columns) == (2, ("key", "comment"))
    assert found.field_map == {"content": "comment"}
    assert any("row 2 names the columns" in note for note in found.notes)
    assert any("`content` is read from `comment`" in note for note in found.notes)
    assert any("no id" in note for note in found.notes)
    assert plan(ITEM).notes == ()


def test_a_persons_word_wins() -> None:
    found = plan(CSV, "a.csv", header=0, field_map={"content": "column 1"})
    assert (found.header, found.columns[0], found.field_map["content"]) == (0, "column 1", "column 1")
    assert plan(CSV, "a.csv", format="txt").container == "txt"


def test_a_mapping_is_recalled_for_the_same_columns() -> None:
    found = make_plan(CSV, "a.csv", Wishes(), ended=True, recall=lambda columns: {"content": "id"})
    assert found.field_map["content"] == "id"
    assert any("last time" in note for note in found.notes)


def test_a_recalled_mapping_that_finds_no_content_gives_way_to_the_guess() -> None:
    data = b'{"prompt": "one thing"}\n{"prompt": "another"}\n'
    found = make_plan(data, "a.jsonl", Wishes(), ended=True, recall=lambda columns: {"content": "promt"})
    assert found.field_map == {"content": "prompt"}
    assert not any("last time" in note for note in found.notes)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "cp1251", "shift_jis"])
def test_other_encodings_are_found(encoding: str) -> None:
    text = {"cp1251": "Привет, как дела? Погода хорошая сегодня", "shift_jis": "こんにちは、今日はいい天気ですね"}.get(
        encoding, "Über Öl und Äpfel, naïve façade"
    )
    data = ("id,content\n" + "".join(f'{n},"{text}"\n' for n in range(20))).encode(encoding)
    found = plan(data, "a.csv")
    assert data.decode(found.encoding).replace("\ufeff", "") == data.decode(encoding).replace("\ufeff", "")


def test_a_few_bad_bytes_do_not_change_the_encoding() -> None:
    assert plan("id,content\n1,äöü äöü äöü\n".encode() + b"2,caf\xe9\n", "a.csv").encoding == "utf-8"


@pytest.mark.parametrize("data", [b"\x7fELF\0\0\0\0binary", b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0", bytes(range(256)) * 4])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="not a text file"):
        plan(data, "x")


@pytest.mark.parametrize("name", ["xlsx", "nonsense", ""])
def test_unknown_formats_are_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_format(name)
    assert "jsonl" in caught.value.hint


@pytest.mark.parametrize("name", ["auto", "jsonl", "csv", "chat", "verdicts", "mastodon", "bundle"])
def test_known_formats_pass(name: str) -> None:
    check_format(name)


def test_a_plan_survives_as_text() -> None:
    found = plan(CSV, "a.csv")
    assert plan_from_text(plan_to_text(found)) == ReadPlan(
        **{name: getattr(found, name) for name in ReadPlan.__slots__ if name != "notes"}
    )
    with pytest.raises(InputError, match="not known"):
        plan_from_text("{}x")
