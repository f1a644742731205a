"""What the linter answers with: findings, their codes, and how many tokens each section has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a finding is: an `error` makes verdicts wrong or unreadable, a `warning` makes them worse."""

    ERROR = "error"
    WARNING = "warning"


CODES = {
    "P101": "length outside the recommended range",
    "P102": "no instructions",
    "P103": "no definitions",
    "P104": "nothing named that violates",
    "P105": "nothing named that is safe",
    "P106": "no examples",
    "P107": "no precedence rule",
    "P108": "no ambiguity rule",
    "P109": "output rule not stated twice",
    "P201": "unknown rule id",
    "P202": "rule id used twice",
    "P203": "label never used",
    "P204": "names that clash",
    "P205": "rule on the wrong side",
    "P206": "label without a rule",
    "P301": "vague word",
    "P302": "hidden character",
    "P401": "examples on one side only",
    "P402": "contradicting examples",
    "P403": "example that no rule covers",
    "P404": "fewer than four examples",
    "P405": "example written twice",
}
"""Every code with its title; a code is never given another meaning."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A sure fix: columns from `start` to `end` (indexes) of a line (counted from 1) become `replacement`.

    `whole_line` takes the line out altogether. `what` says so in words.
    """

    what: str
    line: int
    start: int = 0
    end: int = 0
    replacement: str = ""
    whole_line: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `line` and `column` count from 1 in the document; `reason` quotes the policy only."""

    code: str
    level: Level
    line: int
    column: int
    reason: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class TokenCount:
    """How many tokens the model reads, in all and by section. `tokenizer` names the model, "" for an estimate."""

    total: int
    sections: tuple[tuple[str, int], ...]
    tokenizer: str = ""

    @property
    def estimated(self) -> bool:
        """Whether no tokenizer was at hand."""
        return not self.tokenizer


@dataclass(frozen=True, slots=True)
class LintReport:
    """All findings of one policy, in order of the text."""

    policy_id: str
    title: str
    policy_hash: str
    findings: tuple[Finding, ...]
    tokens: TokenCount

    @property
    def ok(self) -> bool:
        """Whether nothing was found that is an error."""
        return all(finding.level is not Level.ERROR for finding in self.findings)
