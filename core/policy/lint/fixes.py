"""Applying sure fixes to the text of a file. It owns the edit and nothing else: what is sure the checks say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.policy.lint.findings import Finding, Fix

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")


def apply_fixes(text: str, findings: Iterable[Finding]) -> str:
    """Return the text of a file with the fixes of these findings; line ends and everything else stay as they are."""
    fixes = [finding.fix for finding in findings if finding.fix is not None]
    lines = _LINE.findall(text)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    if mark:
        lines[0] = lines[0].lstrip("\ufeff")
    for fix in sorted(fixes, key=lambda fix: (fix.line, fix.start), reverse=True):
        lines[fix.line - 1] = _edit(lines[fix.line - 1], fix)
    return mark + "".join(lines)


def _edit(line: str, fix: Fix) -> str:
    return "" if fix.whole_line else line[: fix.start] + fix.replacement + line[fix.end :]
