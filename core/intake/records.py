"""Records in their strict form: one JSON object from one line, and the item it describes.

It owns what a record may look like and the plain reasons why one is refused. Reasons name the field and never repeat
what stands in it. It reads no file and stores nothing.

Unknown fields are kept in the item's metadata. Where one has the name of a key of the record's own `metadata`
object, that object's key keeps the name and the field is kept as `record.NAME`. Fields of a turn besides `role` and
`content` are kept as `messages[N]`.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from core.domain import Decision, Item, ItemKind, ItemReviews, Label, PolicyVersion, Turn, Verdict
from core.errors import InputError

MAX_DEPTH = 64
"""Deepest nesting of a record: far above any real one, far below what breaks a JSON reader."""

MAX_DIGITS = 1000
"""Longest integer kept, in digits: Python refuses to convert more than 4,300."""

MAX_ID_CHARACTERS = 512

ITEM_FIELDS = ("id", "content", "messages", "target", "parent", "metadata", "policy")
"""The fields of an item record; every other field of a record is kept in metadata."""

_OWN = frozenset(ITEM_FIELDS)
_EXPORTED_LISTS = ("verdicts", "decisions")  # empty ones are what `export items` adds
_FORBIDDEN_IN_ID = frozenset({"Cc", "Cs", "Zl", "Zp"})
_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class RecordError(InputError):
    """A record that is refused; `message` is the reason, fit to be listed beside the line number."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One good record: the item, with verdicts and decisions on it, or a human label that came along under `policy`.

    `note` goes with the label where the file said less than the label says; `reviews` are decisions of a bundle that do
    not stand. `raw` are the bytes of the record's row.
    """

    line: int
    item: Item
    policy: PolicyVersion | None = None
    verdicts: tuple[Verdict, ...] = ()
    label: Label | None = None
    note: str = ""
    decisions: tuple[Decision, ...] = ()
    raw: bytes = b""
    reviews: ItemReviews | None = None


def parse_record(raw: bytes) -> dict[str, Any]:
    """Read one line as one JSON object, by the letter of RFC 8259.

    Raises:
        RecordError: it is no JSON value (see `parse_value`), or no object.
    """
    value = parse_value(raw)
    if not isinstance(value, dict):
        raise RecordError(f"not a JSON object: found {json_type(value)}")
    return value


def parse_value(raw: bytes) -> Any:  # noqa: ANN401 - a JSON value
    """Read bytes as one JSON value, by the letter of RFC 8259.

    Raises:
        RecordError: it is not UTF-8, not JSON; a name appears twice in an object; a number is not finite or has over
            MAX_DIGITS digits; nesting passes MAX_DEPTH; text holds half a surrogate pair.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError(f"not valid UTF-8 at byte {error.start + 1}") from None
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise RecordError(f"not valid JSON at character {error.pos + 1}") from None
    except RecursionError:
        raise RecordError(f"nested deeper than {MAX_DEPTH} levels") from None
    # Counting brackets is cheap and only overestimates; almost no record needs the walk.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH or _SURROGATE_ESCAPE.search(raw):
        for name, inner in value.items() if isinstance(value, dict) else [("", value)]:
            _check_inside(name, inner)
    return value


def json_type(value: object) -> str:
    """Name the JSON type of a value, in words for a person."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names: dict[type, str] = {str: "text", int: "number", float: "number", list: "list", dict: "object"}
    return names.get(type(value), "an unknown type")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise RecordError("a field name appears twice in one object")
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise RecordError(f"{name} is not a JSON number")


def _finite_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise RecordError("a number is too large")
    return value


def _short_int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise RecordError(f"a number has more than {MAX_DIGITS:,} digits")
    return int(text)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_refuse_constant, parse_float=_finite_float, parse_int=_short_int
)


def check_value(value: object) -> None:
    """Refuse a value that JSON could not hold, wherever it came from.

    Raises:
        RecordError: half a surrogate pair, nesting beyond MAX_DEPTH, or a number of over MAX_DIGITS digits.
    """
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise RecordError("a field holds half a surrogate pair, which is not Unicode text")
    elif isinstance(value, dict | list):
        _check_inside("", value)
    elif isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        raise RecordError(f"a number has more than {MAX_DIGITS:,} digits")


def _check_inside(name: str, value: object) -> None:
    """Refuse half surrogate pairs and deep nesting anywhere below one field of the record."""
    where = f"`{name}`" if name in ITEM_FIELDS else "a field"
    pending: list[tuple[object, int]] = [(name, 1), (value, 1)]
    while pending:
        current, depth = pending.pop()
        if isinstance(current, str):
            if _SURROGATE.search(current):
                raise RecordError(f"{where} holds half a surrogate pair, which is not Unicode text")
            continue
        if depth >= MAX_DEPTH and isinstance(current, list | dict):
            raise RecordError(f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(current, dict):
            pending.extend((key, depth + 1) for key in current)
            pending.extend((inner, depth + 1) for inner in current.values())
        elif isinstance(current, list):
            pending.extend((inner, depth + 1) for inner in current)


def rename_fields(record: Mapping[str, Any], field_map: Mapping[str, str]) -> dict[str, Any]:
    """Return the record with each field of `field_map` (field -> column) read from its column.

    A mapped field never falls back to the record's own field of that name: that one is kept as `record.NAME`.
    """
    if not field_map:
        return dict(record)
    columns = set(field_map.values())
    kept = {name: value for name, value in record.items() if name not in columns and name not in field_map}
    renamed = kept | {field: record[column] for field, column in field_map.items() if column in record}
    for name in field_map:
        if name in record and name not in columns:
            renamed[_free_name(name, renamed)] = record[name]
    return renamed


def build_item(
    record: Mapping[str, Any], *, policies: Container[str] = (), policy: str | None = None, known: Container[str] = ()
) -> Item:
    """Build the item a record describes.

    A single turn by `user` is the message itself; other `messages` are a conversation, judged at `target` (the last
    turn unless given). `policies` are the ids the record's own `policy` may restrict the item to; any other value of
    that field is kept in metadata. `policy` restricts it whatever the record says. `known` names further fields
    that belong to the record's format and stay out of metadata.

    Raises:
        RecordError: with the reason.
    """
    item_id = read_id(record)
    parent = read_text(record, "parent") or None
    extras = {
        name: value
        for name, value in record.items()
        if name not in _OWN and name not in known and not (value == [] and name in _EXPORTED_LISTS)
    }
    own_policy = record.get("policy")
    if policy is None and isinstance(own_policy, str) and own_policy in policies:
        policy = own_policy
    elif own_policy is not None and own_policy != policy and "policy" not in known:
        extras["policy"] = own_policy
    turns, turn_extras = _read_turns(record)
    extras |= turn_extras
    content, target = _read_judged(record, turns)
    if not turns and record.get("target") is not None:
        extras["target"] = record["target"]
    if len(turns) == 1 and turns[0].role == "user":
        turns, target = (), None
    kind = ItemKind.CONVERSATION if turns else ItemKind.REPLY if parent else ItemKind.MESSAGE
    return Item(item_id, kind, content, parent, turns, target, _merge_metadata(record, extras), policy)


def read_id(record: Mapping[str, Any]) -> str:
    """Return the record's `id`: text as it stands, an integer as its digits.

    Raises:
        RecordError: it is missing, of another type, blank, too long or holds control characters.
    """
    value = record.get("id")
    if value is None:
        raise RecordError("`id` is missing")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise RecordError(f"`id` must be text, found {json_type(value)}")
    if not value.strip():
        raise RecordError("`id` is empty")
    if len(value) > MAX_ID_CHARACTERS:
        raise RecordError(f"`id` is longer than {MAX_ID_CHARACTERS} characters")
    # What is printable has no character of those kinds; few ids need the walk.
    if not value.isprintable() and any(unicodedata.category(character) in _FORBIDDEN_IN_ID for character in value):
        raise RecordError("`id` holds control characters")
    return value


def read_text(record: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    """Return a text field, "" when it is absent or null and not required.

    Raises:
        RecordError: it is missing though required, or not text.
    """
    value = record.get(name)
    if value is None:
        if required:
            raise RecordError(f"`{name}` is missing")
        return ""
    if not isinstance(value, str):
        raise RecordError(f"`{name}` must be text, found {json_type(value)}")
    return value


def _read_turns(record: Mapping[str, Any]) -> tuple[tuple[Turn, ...], dict[str, Any]]:
    """Return the turns and, as `messages[N]`, what else they held; both empty when the record has no `messages`."""
    messages = record.get("messages")
    if messages is None:
        return (), {}
    if not isinstance(messages, list):
        raise RecordError(f"`messages` must be a list, found {json_type(messages)}")
    if not messages:
        raise RecordError("`messages` is empty")
    turns: list[Turn] = []
    extras: dict[str, Any] = {}
    for index, message in enumerate(messages):
        if not isinstance(message, dict):
            raise RecordError(f"`messages[{index}]` must be an object, found {json_type(message)}")
        for name in ("role", "content"):
            if not isinstance(message.get(name), str):
                found = json_type(message[name]) if name in message else "nothing"
                raise RecordError(f"`messages[{index}].{name}` must be text, found {found}")
        turns.append(Turn(message["role"], message["content"]))
        if rest := {name: value for name, value in message.items() if name not in ("role", "content")}:
            extras[f"messages[{index}]"] = rest
    return tuple(turns), extras


def _read_judged(record: Mapping[str, Any], turns: tuple[Turn, ...]) -> tuple[str, int | None]:
    """Return the text under judgement and, for turns, the index of the one that holds it."""
    if not turns:
        content = read_text(record, "content", required=True)
        if not content:
            raise RecordError("`content` is empty")
        return content, None
    if record.get("content") is not None:
        raise RecordError("`content` and `messages` are both given: which one is judged?")
    target = _read_target(record, len(turns))
    if not turns[target].content:
        raise RecordError("the target turn of `messages` is empty")
    return turns[target].content, target


def _read_target(record: Mapping[str, Any], turns: int) -> int:
    target = record.get("target")
    if target is None:
        return turns - 1
    if isinstance(target, bool) or not isinstance(target, int):
        raise RecordError(f"`target` must be a whole number, found {json_type(target)}")
    if not 0 <= target < turns:
        shown = str(target) if abs(target) < 10**9 else "a huge number"
        raise RecordError(f"`target` {shown} is outside the {turns} turns (the first is 0)")
    return target


def _merge_metadata(record: Mapping[str, Any], extras: Mapping[str, Any]) -> dict[str, Any]:
    own = record.get("metadata")
    if own is None:
        own = {}
    if not isinstance(own, dict):
        raise RecordError(f"`metadata` must be an object, found {json_type(own)}")
    merged = dict(own)
    for name, value in extras.items():
        merged[_free_name(name, merged) if name in merged else name] = value
    return merged


def _free_name(name: str, taken: Container[str]) -> str:
    """Return `record.NAME`, with the prefix repeated until nothing has that name."""
    free = f"record.{name}"
    while free in taken:
        free = f"record.{free}"
    return free
