"""What is taken out of values before any format sees them: names of reviewers, personal data, content, reasoning.

It owns these choices in one place, so that no format can forget one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from core.domain import Decision, Item, Turn, Verdict
from core.exchange.masking import mask_text, mask_value

_CONTENT_FIELDS = ("content", "messages", "target", "parent", "metadata")


class ContentChoice(StrEnum):
    """How much of what was judged leaves."""

    FULL = "full"
    HASH = "hash"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is taken out. `pseudonym_key` turns names of reviewers into the same pseudonyms in every export of it.

    Without the content, everything that may quote it goes, too: notes, rationales, quotes, reasoning.
    """

    pseudonym_key: bytes | None = None
    mask: bool = False
    content: ContentChoice = ContentChoice.FULL
    reasoning: bool = True

    def item(self, item: Item) -> Item:
        """Return the item with personal data masked, if asked for."""
        if not self.mask or item.removed_at is not None:
            return item
        turns = tuple(Turn(turn.role, mask_text(turn.content)) for turn in item.messages)
        return replace(
            item,
            content=mask_text(item.content),
            parent=mask_text(item.parent) if item.parent is not None else None,
            messages=turns,
            metadata=mask_value(dict(item.metadata)),
        )

    def decision(self, decision: Decision) -> Decision:
        """Return the decision under a pseudonym, its note masked or gone."""
        reviewer, note = self.reviewer(decision.reviewer), decision.note
        if self.content is not ContentChoice.FULL:
            note = ""
        elif self.mask:
            note = mask_text(note)
        return replace(decision, reviewer=reviewer, note=note)

    def reviewer(self, name: str) -> str:
        """Return the pseudonym of a reviewer, or the name where none is asked for."""
        return name if self.pseudonym_key is None else pseudonym(self.pseudonym_key, name)

    def verdict(self, verdict: Verdict) -> Verdict:
        """Return the verdict without reasoning, or with what quotes the content masked or gone."""
        if self.content is not ContentChoice.FULL:
            return replace(verdict, rationale="", reasoning="", raw_output="", quotes=(), invented=())
        if not self.reasoning:
            verdict = replace(verdict, reasoning="", raw_output="")
        if self.mask:
            verdict = replace(
                verdict,
                rationale=mask_text(verdict.rationale),
                reasoning=mask_text(verdict.reasoning),
                raw_output=mask_text(verdict.raw_output),
                quotes=tuple(mask_text(quote) for quote in verdict.quotes),
            )
        return verdict

    def record(self, record: dict[str, Any], item: Item) -> dict[str, Any]:
        """Return a record that shows of the content only what was chosen; `item` is the one it was made of."""
        if self.content is ContentChoice.FULL:
            return record
        shown = {name: value for name, value in record.items() if name not in _CONTENT_FIELDS}
        if self.content is ContentChoice.HASH:
            shown["content_hash"] = item.content_hash
        return shown


def pseudonym(key: bytes, name: str) -> str:
    """Return the pseudonym of a reviewer: the same for one key and name, and no way back without the key."""
    digest = hmac.new(key, b"docket-pseudonym-v1\0" + name.encode(), hashlib.sha256).digest()
    return "reviewer-" + base64.b32encode(digest[:5]).decode().lower()
