"""Splits an output that still holds harmony channel markup into reasoning and final answer.

It owns that split and nothing else: it reads text that looks like markup, and must never raise on markup that is
malformed, echoed from the content or cut in the middle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"<\|(?:start|end|message|channel|constrain|return|call)\|>")
_STOP = re.compile(r"<\|(?:end|return|call)\|>")
_MESSAGE = "<|message|>"
_CHANNEL = re.compile(r"<\|channel\|>[ \t]*(final|analysis|commentary)\b")


@dataclass(frozen=True, slots=True)
class Channels:
    """What an output holds. `final` is None when the markup shows that no final answer was given."""

    reasoning: str
    final: str | None


def split_channels(output: str) -> Channels:
    """Return the reasoning and the final answer of an output; text without markup is all final.

    Several final messages are joined by a blank line, so that answers which differ are seen to differ.
    """
    if not _MARK.search(output):
        return Channels("", output)
    head, *rest = output.split("<|start|>")
    opened = head.lstrip().startswith("<|channel|>")
    if not opened and not rest and _MESSAGE not in head:
        return Channels("", _body(head))
    reasoning: list[str] = []
    finals: list[str] = []
    for number, part in enumerate([head, *rest]):
        if number == 0 and not opened:
            # The prompt may have opened the first message: then its header is not in the output.
            reasoning.append(_body(part))
            continue
        header, found, body = part.partition(_MESSAGE)
        channel = _CHANNEL.search(header)
        is_final = bool(found) and channel is not None and channel.group(1) == "final"
        (finals if is_final else reasoning).append(_body(body if found else part))
    if not finals and not rest and not opened:
        return Channels("", _MARK.sub(" ", output))
    final = "\n\n".join(part for part in finals if part) if finals else None
    return Channels("\n\n".join(part for part in reasoning if part), final)


def _body(text: str) -> str:
    """Return a message's own text: up to its end mark, other marks blanked."""
    return _MARK.sub(" ", _STOP.split(text, maxsplit=1)[0]).strip()
