"""The linter of policies: what is wrong with one, where, why, and how to mend it where that is sure.

It owns the codes (listed with their reasons in docs/policies.md). It reads a policy that could be parsed, calls no
model and changes nothing; `fixes` applies what is sure.
"""

from __future__ import annotations

from core.domain import PolicyVersion
from core.policy.examples import find_examples
from core.policy.lint.cases import check_examples
from core.policy.lint.findings import CODES as CODES
from core.policy.lint.findings import Finding as Finding
from core.policy.lint.findings import Fix as Fix
from core.policy.lint.findings import Level as Level
from core.policy.lint.findings import LintReport as LintReport
from core.policy.lint.findings import TokenCount as TokenCount
from core.policy.lint.fixes import apply_fixes as apply_fixes
from core.policy.lint.rules import check_rules
from core.policy.lint.size import check_size
from core.policy.lint.size import count_sections as count_sections
from core.policy.lint.structure import check_structure
from core.policy.lint.text import Text
from core.policy.lint.wording import check_wording
from core.policy.outline import find_parts


def lint_policy(policy: PolicyVersion, tokens: TokenCount | None = None) -> LintReport:
    """Return everything that is wrong with a policy, in order of the text.

    `tokens` is an exact count by a model's tokenizer; without one the count is estimated and says so.
    """
    parts = find_parts(policy)
    text = Text(policy, parts, find_examples(policy, parts))
    counted = tokens or count_sections(policy)
    findings = [
        *check_size(text, counted),
        *check_structure(text),
        *check_rules(text),
        *check_examples(text),
        *check_wording(text),
    ]
    findings.sort(key=lambda finding: (finding.line, finding.column, finding.code))
    return LintReport(policy.policy_id, policy.title, policy.hash, tuple(findings), counted)
