"""Reads a verdict written as a JSON object, alone, in a code fence or between prose.

It owns the keys that such objects use and the strictness of their reading: no NaN, no key twice, no deep nesting. It
must not guess: an object that contradicts itself or another one gives no label.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from core.domain import Label, PolicyVersion
from core.inference.verdict_text import Reading, conflict, explicit_labels, value_label
from core.policy.answers import sided_word
from core.policy.labels import only_label, settle

MAX_JSON_CHARS = 100_000
MAX_OBJECTS = 50
MAX_CITATIONS = 100

_VIOLATION_KEYS = ("violation", "violates", "violating", "is_violation")
_LABEL_KEYS = ("label", "policy_category", "category", "classification", "code", "verdict", "answer")
_SIDE_KEYS = ("classification", "verdict", "answer")
_RULE_KEYS = ("rule_ids", "rule_id", "rules", "rule")
_QUOTE_KEYS = ("quotes", "quote", "evidence")
_REASON_KEYS = ("rationale", "reasoning", "reason", "explanation")
_TRUE = (1, "1", "true", "yes")
_FALSE = (0, "0", "false", "no")
_EMPTY = ("", "none", "null", "n/a")
_OPENING = re.compile(
    rf"\{{\s{{0,20}}[\"'](?:{'|'.join((*_VIOLATION_KEYS, *_LABEL_KEYS))})[\"']\s{{0,20}}:", re.IGNORECASE
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class _StrictError(ValueError):
    """The text is JSON that may not be read. Its message is the sentence that says why."""


def read_json(answer: str, policy: PolicyVersion) -> Reading | None:
    """Return what the verdict objects of an answer say, None when the answer holds none.

    Objects that name different labels, and prose beside them that does, give no label.
    """
    if "{" not in answer:
        return None
    if len(answer) > MAX_JSON_CHARS:
        return Reading(None, "The answer is too long to be one.")
    readings: list[Reading] = []
    rest = answer
    try:
        for found, text in _objects(answer):
            keys = _no_twins([(_key(name), value) for name, value in found.items()])
            if keys.keys() & {*_VIOLATION_KEYS, *_LABEL_KEYS}:
                readings.append(_read_object(keys, policy))
                rest = rest.replace(text, "", 1)
    except _StrictError as error:
        return Reading(None, str(error))
    if not readings:
        return Reading(None, "The answer's JSON is broken.") if _OPENING.search(answer) else None
    first = next((reading for reading in readings if reading.label is None), readings[0])
    if first.label is None:
        return first
    named = [reading.label for reading in readings if reading.label] + explicit_labels(rest, policy)
    return first if settle(named) else Reading(None, conflict(named))


def _objects(text: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each outermost JSON object in a text and its source."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_no_twins, parse_constant=_no_constant, parse_float=_finite, strict=False
    )
    start, tries = text.find("{"), 0
    while start >= 0 and tries < MAX_OBJECTS:
        tries += 1
        try:
            value, end = decoder.raw_decode(text, start)
            yield value, text[start:end]
        except _StrictError:
            raise
        except RecursionError:
            raise _StrictError("The answer's JSON is nested too deeply.") from None
        except ValueError:
            end = start + 1
        start = text.find("{", end)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _StrictError("The answer's JSON has a key twice.")
    return found


def _no_constant(_: str) -> NoReturn:
    raise _StrictError("The answer's JSON holds a number that JSON does not know.")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _StrictError("The answer's JSON holds a number that JSON does not know.")
    return value


def _key(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _read_object(keys: dict[str, Any], policy: PolicyVersion) -> Reading:
    rules, quotes = _texts(keys, _RULE_KEYS, split=True), _texts(keys, _QUOTE_KEYS, split=False)
    rationale = "\n\n".join(_texts(keys, _REASON_KEYS, split=False))
    label, problem, more = _object_label(keys, policy)
    rule_ids = tuple(dict.fromkeys((*rules, *more)))[:MAX_CITATIONS]
    return Reading(label, problem, rationale, rule_ids, tuple(dict.fromkeys(quotes))[:MAX_CITATIONS])


def _object_label(keys: dict[str, Any], policy: PolicyVersion) -> tuple[Label | None, str, tuple[str, ...]]:
    """Return the label an object gives, why there is none, and rule ids it was named by."""
    sides: set[bool] = set()
    for name in _VIOLATION_KEYS:
        if name in keys:
            side = _side(keys[name])
            if side is None:
                return None, "The answer's violation is neither 0 nor 1.", ()
            sides.add(side)
    named, cited, unknown = _named_labels(keys, policy, sides)
    if unknown:
        return None, "The answer names a label that the policy does not have.", ()
    if len(sides) > 1:
        return None, "The answer says both that the content violates and that it does not.", ()
    if not named:
        if not sides:
            return None, "The answer gives no label.", ()
        label = only_label(policy.labels, violates=sides == {True})
        side_is = "violates" if sides == {True} else "is safe"
        return label, "" if label else f"The answer says that the content {side_is}, but not which label it gets.", ()
    label = settle(named)
    if label is None:
        return None, conflict(named), ()
    if sides and sides != {label.violates}:
        said = "violates" if sides == {True} else "does not violate"
        return None, f"The answer says that the content {said}, but names {label.code}, which says otherwise.", ()
    return label, "", cited


def _named_labels(
    keys: dict[str, Any], policy: PolicyVersion, sides: set[bool]
) -> tuple[list[Label], tuple[str, ...], bool]:
    """Return the labels named under any label key, the rule ids used as such, and whether no name is known.

    Words that only say the side (`"verdict": "safe"`) are added to `sides`. Beside a known `label` other keys may hold
    what names no label.
    """
    named: list[Label] = []
    cited: list[str] = []
    unknown: list[str] = []
    for key, value in ((name, value) for name in _LABEL_KEYS for value in _values(keys.get(name))):
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if text is None or (isinstance(text, str) and text.strip().casefold() in _EMPTY):
            continue
        label = value_label(text, policy) or _label_of_rule(text.strip(), policy) if isinstance(text, str) else None
        word = sided_word(text) if isinstance(text, str) and key in _SIDE_KEYS else None
        if label is not None:
            named.append(label)
            if isinstance(text, str) and "." in text and policy.label(text.strip()) is None:
                cited.append(text.strip())
        elif word is not None:
            sides.add(word.violates)
        else:
            unknown.append(key)
    return named, tuple(cited), "label" in unknown or (bool(unknown) and "label" not in keys)


def _values(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _label_of_rule(text: str, policy: PolicyVersion) -> Label | None:
    """Return the label that a rule id belongs to, also of a rule the policy does not have (`SP2.z`)."""
    code, dot, _ = text.partition(".")
    return policy.label(code) if dot and re.fullmatch(r"[\w.-]{1,40}", text) else None


def _side(value: object) -> bool | None:
    if isinstance(value, str):
        value = value.strip().casefold()
    if isinstance(value, bool | int | str):
        return True if value in _TRUE else False if value in _FALSE else None
    return None


def _texts(keys: dict[str, Any], names: tuple[str, ...], *, split: bool) -> list[str]:
    """Return the texts under some keys: a text or a list of texts; anything else is left out."""
    found: list[str] = []
    for name in names:
        value = keys.get(name)
        for text in _values(value):
            if isinstance(text, str):
                parts = re.split(r"[,;\s]+", text) if split else [text]
                found += [_SURROGATE.sub("\ufffd", part.strip()) for part in parts if part.strip()]
    return found
