"""Splits an output that still holds harmony channel markup into reasoning and final answer.

It owns that split and nothing else: it reads text that looks like markup, and must never raise on markup that is
malformed, echoed from the content or cut in the middle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKS = tuple(f"<|{name}|>" for name in ("start", "end", "message", "channel", "constrain", "return", "call"))
_MARK = re.compile("|".join(map(re.escape, _MARKS)))
_STOP = re.compile(r"<\|(?:end|return|call)\|>")
_MESSAGE = "<|message|>"
_CHANNEL = re.compile(r"<\|channel\|>[ \t]*(final|analysis|commentary)\b")


@dataclass(frozen=True, slots=True)
class Channels:
    """What an output holds. `final` is None when the markup shows that no final answer was given.

    `opening` is text before the first mark, where the prompt may have opened the reasoning: it is part of `reasoning`,
    but could as well be an answer that repeats markup out of the content.
    """

    reasoning: str
    final: str | None
    opening: str = ""


def split_channels(output: str, *, separated: bool = False) -> Channels:
    """Return the reasoning and the final answer of an output; text without markup is all final.

    `separated` says that the source has taken the reasoning out already. Then, and in an output that opens as JSON,
    marks are echoes of the content and split nothing, unless the output opens with one. Several final messages are
    joined by a blank line, so that answers which differ are seen to differ.
    """
    head, *rest = output.split("<|start|>")
    opened = head.lstrip().startswith("<|channel|>") or (bool(rest) and not head.strip())
    if not opened and (separated or not rest or head.lstrip().startswith(("{", "`"))):
        return Channels("", _without_edge_marks(output))
    reasoning: list[str] = []
    finals: list[str] = []
    for number, part in enumerate([head, *rest]):
        header, found, body = part.partition(_MESSAGE)
        channel = _CHANNEL.search(header)
        is_final = bool(found) and channel is not None and channel.group(1) == "final"
        if number == 0 and not opened:
            is_final, body, found = False, part, _MESSAGE
        (finals if is_final else reasoning).append(_body(body if found else part))
    final = "\n\n".join(part for part in finals if part) if finals else None
    opening = "" if opened else _body(head)
    return Channels("\n\n".join(part for part in reasoning if part), final, opening)


def _without_edge_marks(text: str) -> str:
    """Return the text without marks at its ends; marks inside it may be quoted from the content and stay."""
    text = text.strip()
    while text.startswith(_MARKS):
        text = text[text.index("|>") + 2 :].lstrip()
    while text.endswith(_MARKS):
        text = text[: text.rindex("<|")].rstrip()
    return text


def _body(text: str) -> str:
    """Return a message's own text: up to its end mark, other marks blanked."""
    return _MARK.sub(" ", _STOP.split(text, maxsplit=1)[0]).strip()
