"""Personal data in text, replaced by what kind it was.

It owns the patterns: addresses, numbers and names that machines can recognise for sure by their form. A person's name
in a sentence is not among them, and whoever exports is told so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[handle]", re.compile(r"(?<![\w@/.])@[\w.-]{2,64}@[\w.-]{1,253}")),
    ("[email]", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
    ("[link]", re.compile(r"\b(?:https?|ftp|at|hxxps?)://[^\s<>\"']{1,2000}|\bwww\.[^\s<>\"']{1,2000}", re.IGNORECASE)),
    ("[did]", re.compile(r"\bdid:[a-z]{1,20}:[\w.:%-]{1,200}")),
    ("[ip]", re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")),
    ("[ip]", re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}(?![\w:])", re.IGNORECASE)),
    ("[iban]", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("[card]", re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")),
    ("[ssn]", re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)")),
    ("[phone]", re.compile(r"(?<![\w+])\+?\(?\d{1,4}\)?(?:[ ./-]?\(?\d{2,4}\)?){2,5}(?!\w)")),
    ("[handle]", re.compile(r"(?<![\w@/.])@[\w.-]{2,64}")),
)
"""What is looked for, in this order: a card is no telephone number, and half a handle no e-mail address."""

_MIN_PHONE_DIGITS = 8


def mask_text(text: str) -> str:
    """Return a text with e-mail and network addresses, links, account and telephone numbers and handles replaced."""
    for word, pattern in _PATTERNS:
        text = pattern.sub(lambda match, word=word: _replacement(match[0], word), text)  # type: ignore[misc]
    return text


def mask_value(value: Any) -> Any:  # noqa: ANN401 - a JSON value in, one of the same shape out
    """Return a JSON value with every text in it masked; names of fields stay."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {name: mask_value(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [mask_value(inner) for inner in value]
    return value


def _replacement(found: str, word: str) -> str:
    digits = sum(character.isdigit() for character in found)
    if word == "[card]" and not _passes_luhn(found):
        return found
    if word == "[phone]" and not _MIN_PHONE_DIGITS <= digits <= 15:
        return found
    return word


def _passes_luhn(text: str) -> bool:
    """Whether the check digit of a card number is right (ISO/IEC 7812-1, annex B)."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [2 * digit - 9 * (digit > 4) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
