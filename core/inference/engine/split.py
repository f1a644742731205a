"""Long content in overlapping parts that each fit the model's window. Nothing is left out.

It owns where to cut, and how the outputs of the parts become one. Only the text under judgement is split; context (a
parent, other turns) is needed whole by each part, and an item whose context alone does not fit is refused with the
figures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.domain import Item, ItemKind, RawOutput, Turn
from core.errors import ContextError

OVERLAP = 0.1  # of a part, so that a sentence on a cut is whole in one of them


def split_content(item: Item, room: int, count_tokens: Callable[[Item], int]) -> list[Item]:
    """Return the item itself if it takes at most `room` tokens, else overlapping parts in order that each do.

    Raises:
        ContextError: not even a short part fits beside the item's context.
    """
    total = count_tokens(item)
    if total <= room:
        return [item]
    fixed = count_tokens(_with_content(item, ""))
    if fixed + 32 > room:
        raise ContextError(
            f"The context of this item takes {fixed} tokens and {room} are free in the model's window.",
            "Use a model with a larger window, or import the item with less context.",
        )
    text = item.content
    size = max(16, int(len(text) * (room - fixed) / max(total - fixed, 1) * 0.9))
    parts: list[Item] = []
    start = 0
    while start < len(text):
        end = min(len(text), start + size)
        while count_tokens(_with_content(item, text[start:end])) > room and end - start > 1:
            end = start + (end - start) // 2  # a stretch that is dense in tokens
        parts.append(_with_content(item, text[start:end]))
        if end >= len(text):
            break
        start = max(start + 1, end - int((end - start) * OVERLAP))
    return parts


def _with_content(item: Item, content: str) -> Item:
    if item.kind is ItemKind.CONVERSATION and item.messages:
        target = len(item.messages) - 1 if item.target is None else item.target
        turns = list(item.messages)
        turns[target] = Turn(turns[target].role, content)
        return replace(item, content=content, messages=tuple(turns))
    return replace(item, content=content)


def join_parts(parts: list[RawOutput]) -> RawOutput:
    """Return one output that carries the outputs of all parts of a long item, in order, with their sums."""
    return RawOutput(
        output="",
        prompt_sha256=parts[0].prompt_sha256,
        prompt_tokens=sum(part.prompt_tokens for part in parts),
        output_tokens=sum(part.output_tokens for part in parts),
        seconds=max(part.seconds for part in parts),
        parts=len(parts),
        part_outputs=tuple(parts),
    )
