"""What is reviewed: items and the turns of a conversation. Immutable, and every text in them hostile."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ItemKind(StrEnum):
    """What is being reviewed."""

    MESSAGE = "message"
    REPLY = "reply"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation. Both fields are untrusted text."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to review. Immutable after import; every text in it is hostile until shown otherwise.

    `content` is the text under judgement: the message, the reply, or the target turn of a conversation.
    `messages` holds all turns of a conversation (empty otherwise) and `target` the index of the one judged.
    `policy` restricts the item to one policy; None lets any policy that applies to its kind judge it.
    `removed_at` says when its content was removed for good; then every text is empty and `removed_hash` is the hash
    of what was there.
    """

    id: str
    kind: ItemKind
    content: str
    parent: str | None = None
    messages: tuple[Turn, ...] = ()
    target: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    policy: str | None = None
    removed_at: datetime | None = None
    removed_hash: str = ""
    _hash: str = field(default="", init=False, repr=False, compare=False)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over everything that is judged: kind, parent, turns, target and content; not id or metadata."""
        if self.removed_at is not None:
            return self.removed_hash
        if not self._hash:
            object.__setattr__(self, "_hash", self._hash_content())  # an import asks four times
        return self._hash

    def _hash_content(self) -> str:
        digest = hashlib.sha256(b"docket-item-v1")
        parts = [self.kind.value, self.parent or "", str(self.target), self.content]
        for turn in self.messages:
            parts += [turn.role, turn.content]
        for part in parts:
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(len(raw).to_bytes(8, "big"))
            digest.update(raw)
        return digest.hexdigest()
