"""The verb behind the editor of policies: everything that is to be said of a text while it is being written.

It owns putting these answers together. A text that is no policy yet is an answer, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.domain import PolicyVersion
from core.errors import InputError
from core.policy.clauses import Clause, find_clauses
from core.policy.document import parse_policy
from core.policy.lint import LintReport, lint_policy


@dataclass(frozen=True, slots=True)
class TextLook:
    """What a text is. `problem` says why it is no policy yet; then everything else is empty."""

    policy: PolicyVersion | None
    clauses: tuple[Clause, ...]
    lint: LintReport | None
    problem: InputError | None


def look_at_text(text: str, *, policy_id: str) -> TextLook:
    """Return clauses, findings and tokens of a text, or why it is no policy yet. For any thread."""
    try:
        policy = parse_policy(text, policy_id=policy_id)
    except InputError as error:
        return TextLook(None, (), None, error)
    return TextLook(policy, find_clauses(policy), lint_policy(policy), None)
