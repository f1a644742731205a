"""The verbs of linting: look at a policy file or a policy of the workspace, count its tokens, mend what is sure.

It owns where the text comes from and goes to; what is wrong with a policy is the business of `core.policy.lint`.
"""

from __future__ import annotations

import difflib
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from core.domain import Item, ItemKind, OutputForm, PolicyVersion
from core.exchange.target import TargetFile
from core.inference.protocol import Classifier, JudgeOptions
from core.policy.document import canonical_text
from core.policy.lint import Finding, LintReport, TokenCount, apply_fixes, lint_policy
from core.services.policies import read_policy, read_policy_text

_NO_ITEM = Item("", ItemKind.MESSAGE, "")


@dataclass(frozen=True, slots=True)
class FixResult:
    """What mending a file did: the findings that were mended, the changed lines as a diff, what is left."""

    fixed: tuple[Finding, ...]
    diff: tuple[str, ...]
    report: LintReport


def lint(policy: PolicyVersion, *, classifier: Classifier | None = None) -> LintReport:
    """Return what is wrong with a policy; tokens are counted by the classifier's model where it has a tokenizer.

    Raises:
        ModelError: the model cannot be used, or the policy does not fit its window.
    """
    return lint_policy(policy, count_tokens(policy, classifier) if classifier is not None else None)


def count_tokens(policy: PolicyVersion, classifier: Classifier) -> TokenCount | None:
    """Return the exact tokens of a policy and of each of its sections, None where the model shows no tokens."""
    total = _count(policy, policy.body, classifier)
    if total is None:
        return None
    sections = ((name, _count(policy, text, classifier) or 0) for name, text in policy.sections.items())
    return TokenCount(total, tuple(sections), classifier.info.name)


def _count(policy: PolicyVersion, text: str, classifier: Classifier) -> int | None:
    part = replace(policy, body=text, output=OutputForm.TEXT)
    view = classifier.prompt_view(_NO_ITEM, policy=part, options=JudgeOptions(effort=policy.effort))
    tokens = [token for token in view.tokens if token.span == "policy"]
    # A server's tokens are not known here: it shows each piece as one token of id -1.
    return None if not view.tokens or any(token.id < 0 for token in tokens) else len(tokens)


def fix_policy(path: Path, *, policy_id: str | None = None, classifier: Classifier | None = None) -> FixResult:
    """Mend in a policy file what is sure, and return what was done; the file is replaced in one step or not at all.

    Raises:
        InputError: the file cannot be read as a policy. ExportError: it cannot be written.
    """
    before = lint(read_policy(path, policy_id=policy_id), classifier=classifier)
    fixed = tuple(finding for finding in before.findings if finding.fix is not None)
    if not fixed:
        return FixResult((), (), before)
    text = read_policy_text(path)
    mended = apply_fixes(text, fixed)
    _replace(path, mended)
    report = lint(read_policy(path, policy_id=policy_id), classifier=classifier)
    return FixResult(fixed, tuple(_diff(text, mended)), report)


def _replace(path: Path, text: str) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    with TargetFile(path) as target:
        target.write([text.encode("utf-8")])
        target.finish()
        target.publish()
    path.chmod(mode)


def _diff(before: str, after: str) -> Iterator[str]:
    old, new = (canonical_text(text).split("\n") for text in (before, after))
    yield from difflib.unified_diff(old, new, "before", "after", lineterm="", n=1)
