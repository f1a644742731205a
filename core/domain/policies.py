"""Policies as the program uses them: labels, rules and immutable versions named by hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.items import ItemKind


class OutputForm(StrEnum):
    """What a policy asks the model to answer with."""

    BINARY = "binary"
    CATEGORY = "category"
    RATIONALE = "rationale"
    TEXT = "text"


class Effort(StrEnum):
    """How long the model may reason."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Label:
    """A code of a policy. `severity` runs from 0 (none) to 4 (gravest)."""

    code: str
    name: str
    violates: bool
    severity: int = 0
    escalate: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """An addressable clause of a policy: `SP2.a` and its text. `label` is the code the id starts with, if any."""

    id: str
    text: str
    label: str | None
    section: str


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One immutable version of a policy, named by the SHA-256 (hex) of its canonical document.

    `document` is the canonical text, front matter included; `body` is what the model reads. `sections` maps
    each first-level heading to its text, in document order. `version` counts from 1 within a workspace.
    """

    hash: str
    policy_id: str
    title: str
    document: str
    body: str
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]
    sections: Mapping[str, str]
    applies_to: tuple[ItemKind, ...]
    output: OutputForm
    effort: Effort
    version: int = 0
    author: str = ""
    note: str = ""
    created_at: datetime | None = None

    def label(self, code: str) -> Label | None:
        """Return the label with exactly this code, or None."""
        return next((label for label in self.labels if label.code == code), None)

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule with exactly this id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)
