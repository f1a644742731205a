"""Chats: OpenAI messages, ShareGPT conversations and harmony, as JSON or as rendered text.

It owns the reading of turns. Control tokens in rendered text are only looked for to find the turns; in the items they
are gone, and any that stand inside a turn stay there as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.intake.records import RecordError, json_type

_SHAREGPT_ROLES = {
    "human": "user",
    "gpt": "assistant",
    "bing": "assistant",
    "chatgpt": "assistant",
    "bard": "assistant",
}
_TEXT_FIELDS = ("text", "prompt", "content", "harmony")
_HARMONY_TURN = re.compile(
    r"<\|start\|>(?P<role>[^<|]{1,64}?)(?: to=[^<|]{1,200})?"
    r"(?:<\|channel\|>(?P<channel>[^<|]{1,200}))?(?:<\|constrain\|>[^<|]{0,64})?<\|message\|>"
    r"(?P<text>.*?)(?=<\|end\|>|<\|return\|>|<\|call\|>|<\|start\|>|\Z)(?:<\|(?:end|return|call)\|>)?",
    re.DOTALL,
)


def is_openai(record: Mapping[str, Any]) -> bool:
    """Whether a record has messages of which some are not plain text."""
    messages = record.get("messages")
    if not isinstance(messages, list) or not messages:
        return False
    turns = [turn for turn in messages if isinstance(turn, Mapping)]
    return bool(turns) and any("role" in turn and not isinstance(turn.get("content"), str) for turn in turns)


def from_openai(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the item record of a list of OpenAI messages; parts that are no text are named, calls written out."""
    messages = record.get("messages")
    if not isinstance(messages, list):
        raise RecordError(f"`messages` must be a list, found {json_type(messages)}")
    turns = [_openai_turn(turn, index) for index, turn in enumerate(messages)]
    return [{**record, "messages": turns}]


def _openai_turn(turn: object, index: int) -> dict[str, Any]:
    if not isinstance(turn, Mapping):
        raise RecordError(f"`messages[{index}]` must be an object, found {json_type(turn)}")
    parts = [_part(part) for part in _as_list(turn.get("content"))]
    calls = turn.get("tool_calls")
    parts += [f"[calls {_call_words(call)}]" for call in (calls if isinstance(calls, list) else [])]
    rest = {name: value for name, value in turn.items() if name not in ("role", "content")}
    role = turn.get("role")
    if not isinstance(role, str):
        author = turn.get("author")
        role = author.get("role") if isinstance(author, Mapping) else None
    if not isinstance(role, str):
        raise RecordError(f"`messages[{index}].role` must be text, found {json_type(turn.get('role'))}")
    return {**rest, "role": role, "content": "\n".join(part for part in parts if part)}


def _as_list(content: object) -> list[object]:
    return [] if content is None else content if isinstance(content, list) else [content]


def _part(part: object) -> str:
    """Return the text of one part of a message; of another kind only its name stays."""
    if isinstance(part, str):
        return part
    if isinstance(part, Mapping):
        for name in ("text", "refusal", "input_text"):
            if isinstance(part.get(name), str):
                return str(part[name])
        kind = part.get("type") or part.get("content_type")
        return f"[{kind}]" if isinstance(kind, str) and len(kind) < 64 else "[part]"
    raise RecordError(f"a part of a message must be text or an object, found {json_type(part)}")


def _call_words(call: object) -> str:
    function = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping):
        return "a tool"
    return f"{function.get('name')}({function.get('arguments')})"


def is_sharegpt(record: Mapping[str, Any]) -> bool:
    """Whether a record has turns with `from` and `value`."""
    turns = record.get("conversations", record.get("conversation"))
    return isinstance(turns, list) and bool(turns) and isinstance(turns[0], Mapping) and "value" in turns[0]


def from_sharegpt(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the item record of a ShareGPT conversation."""
    name = "conversations" if "conversations" in record else "conversation"
    turns = record.get(name)
    if not isinstance(turns, list):
        raise RecordError(f"`{name}` must be a list, found {json_type(turns)}")
    messages = []
    for index, turn in enumerate(turns):
        if not isinstance(turn, Mapping) or not all(isinstance(turn.get(part), str) for part in ("from", "value")):
            raise RecordError(f"`{name}[{index}]` must have the texts `from` and `value`")
        rest = {part: value for part, value in turn.items() if part not in ("from", "value")}
        role = _SHAREGPT_ROLES.get(turn["from"], turn["from"])
        messages.append({**rest, "role": role, "content": turn["value"]})
    kept = {part: value for part, value in record.items() if part != name}
    system = kept.pop("system", None)
    if isinstance(system, str) and system:
        messages.insert(0, {"role": "system", "content": system})
    return [{**kept, "messages": messages}]


def is_harmony(record: Mapping[str, Any]) -> bool:
    """Whether a record is a rendered harmony text, or harmony messages with channels or authors."""
    if any(isinstance(record.get(name), str) and _HARMONY_TURN.search(record[name]) for name in _TEXT_FIELDS):
        return True
    messages = record.get("messages")
    turns = [turn for turn in messages if isinstance(turn, Mapping)] if isinstance(messages, list) else []
    return any("channel" in turn or isinstance(turn.get("author"), Mapping) for turn in turns)


def from_harmony(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the item record of a harmony conversation; a turn's channel is kept beside it.

    The judged turn is the last one that is no analysis, unless the record names one.
    """
    if isinstance(record.get("messages"), list):
        [converted] = from_openai(record)
        return [_with_target(converted)]
    name = next((name for name in _TEXT_FIELDS if isinstance(record.get(name), str)), "text")
    text = record.get(name)
    turns = list(_HARMONY_TURN.finditer(text)) if isinstance(text, str) else []
    if not turns:
        raise RecordError("no harmony turn is in the record")
    messages = []
    for turn in turns:
        channel = {"channel": turn["channel"].split(" ")[0]} if turn["channel"] else {}
        messages.append({"role": turn["role"].strip(), "content": turn["text"], **channel})
    kept = {part: value for part, value in record.items() if part != name}
    return [_with_target({**kept, "messages": messages})]


def _with_target(record: dict[str, Any]) -> dict[str, Any]:
    if record.get("target") is None:
        turns = record["messages"]
        said = [place for place, turn in enumerate(turns) if turn.get("channel") != "analysis" and turn["content"]]
        record["target"] = said[-1] if said else len(turns) - 1
    return record


def looks_rendered(text: str) -> bool:
    """Whether text is a rendered harmony conversation."""
    return _HARMONY_TURN.search(text) is not None
