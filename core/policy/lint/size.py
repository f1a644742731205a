"""The size of a policy: tokens by section, and whether the whole is in the range its model was made for."""

from __future__ import annotations

from collections.abc import Iterator

from core.domain import PolicyVersion
from core.policy.lint.findings import Finding, TokenCount
from core.policy.lint.text import Text
from core.policy.tokens import RECOMMENDED, estimate_tokens

MARGIN = 0.05
"""An estimate has to be this far outside the range before it is told: it is a few percent off itself."""


def count_sections(policy: PolicyVersion) -> TokenCount:
    """Return the estimated size of a policy: what the model reads in all, and the text of each section."""
    sections = tuple((name, estimate_tokens(text)) for name, text in policy.sections.items())
    return TokenCount(estimate_tokens(policy.body), sections)


def check_size(text: Text, tokens: TokenCount) -> Iterator[Finding]:
    """Yield P101."""
    least, most = RECOMMENDED
    margin = MARGIN if tokens.estimated else 0.0
    if least * (1 - margin) <= tokens.total <= most * (1 + margin):
        return
    about = "about " if tokens.estimated else ""
    advice = "Say more of where the line is." if tokens.total < least else "Shorten it, or split it into two policies."
    reason = f"The policy has {about}{tokens.total} tokens; {least} to {most} are recommended. {advice}"
    yield text.missing("P101", reason)
