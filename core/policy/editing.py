"""Edits of a policy's text that keep everything else as it is: a clause replaced, a rule added, an example added.

It owns where such a line goes. It judges nothing; whether the result is a policy the parser says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.domain import Item, ItemKind, PolicyVersion
from core.errors import UsageError
from core.policy.clauses import Clause, find_clauses
from core.policy.outline import Role, find_parts
from core.policy.structure import BULLET

LONGEST_CLAUSE = 2000  # characters
LONGEST_EXAMPLE = 400
"""Characters of an example's content: the authors' guide wants short ones, and every policy call pays for them."""

LONGEST_REASON = 80

_ITEM = re.compile(rf"[ \t]*{BULLET}")


def replace_clause(policy: PolicyVersion, rule_id: str, text: str) -> str:
    """Return the document with one rule said anew; a text without its bullet or id is given them.

    Raises:
        UsageError: there is no such rule, or the text is no clause.
    """
    clause = next((clause for clause in find_clauses(policy) if clause.id == rule_id), None)
    if clause is None:
        raise UsageError(f"The policy {policy.policy_id} has no rule {rule_id}.", "See `main.py policy show`.")
    return _replace(policy, clause, _clause_lines(rule_id, text))


def add_rule(policy: PolicyVersion, label: str, text: str) -> tuple[str, str]:
    """Return the document with one rule more, behind the last one of its label, and the new rule's id.

    Raises:
        UsageError: no such label, or the text is no clause.
    """
    found = policy.label(label)
    if found is None:
        raise UsageError(f"The policy {policy.policy_id} has no label {label}.", "See `main.py policy show`.")
    taken = {rule.id for rule in policy.rules}
    rule_id = next(name for suffix in _suffixes() if (name := f"{label}.{suffix}") not in taken)
    other = rf"^(?P<bullet>[ \t]*{BULLET})?[*_`]*{re.escape(label)}\.[A-Za-z0-9]{{1,8}}[*_`]*[:.]?[ \t]+"
    lines = _clause_lines(rule_id, re.sub(other, "", text.strip(), count=1))  # an id it came with may be taken
    own = [clause for clause in find_clauses(policy) if clause.id.startswith(f"{label}.")]
    if own:
        return _insert(policy, own[-1].line - 1 + own[-1].lines, lines), rule_id
    wanted = Role.VIOLATES if found.violates else Role.SAFE
    return _append_to(policy, wanted, "Violates" if found.violates else "Safe", lines), rule_id


def _suffixes() -> Sequence[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [*letters, *(f"{one}{other}" for one in letters for other in letters)]


def add_example(policy: PolicyVersion, item: Item, answer: str, reason: str = "") -> str:
    """Return the document with an item as one more example of an answer (a rule or a label).

    Raises:
        UsageError: the content is too long or empty for an example.
    """
    line = f"- {_quoted(item)} -> {answer}"
    reason = " ".join(reason.split())
    line += f", {reason.rstrip('.')}." if 0 < len(reason) <= LONGEST_REASON else "."
    return _append_to(policy, Role.EXAMPLES, "Examples", [line])


def _quoted(item: Item) -> str:
    """Return an item as the examples of policies quote it: in one line, with its parent where it has one."""

    def quote(text: str) -> str:
        flat = " ".join(text.split()).replace('"', "'")
        if not flat or len(flat) > LONGEST_EXAMPLE:
            raise UsageError(
                f"An example holds 1 to {LONGEST_EXAMPLE} characters, and that content has {len(flat):,}.",
                "Write a short one of your own that turns on the same point.",
            )
        return f'"{flat}"'

    if item.kind is ItemKind.REPLY and item.parent:
        return f"Parent {quote(item.parent)} Reply {quote(item.content)}"
    return quote(item.content)


def _clause_lines(rule_id: str, text: str) -> list[str]:
    lines = [line.rstrip() for line in text.strip().split("\n")]
    said = _ITEM.sub("", lines[0], count=1).strip()
    if not said or len(text) > LONGEST_CLAUSE or any(not line or line.startswith("#") for line in lines):
        raise UsageError(
            f"That is no clause: it must be one list item of at most {LONGEST_CLAUSE:,} characters.",
            "Leave out headings and empty lines.",
        )
    bare = re.sub(rf"^[*_`]*{re.escape(rule_id)}[*_`]*[:.]?[ \t]+", "", said)
    more = [f"  {line.strip()}" for line in lines[1:]]
    return [f"- {rule_id} {bare}", *more]


def _replace(policy: PolicyVersion, clause: Clause, lines: Sequence[str]) -> str:
    document = policy.document.split("\n")
    document[clause.line - 1 : clause.line - 1 + clause.lines] = lines
    return "\n".join(document)


def _insert(policy: PolicyVersion, at: int, lines: Sequence[str]) -> str:
    document = policy.document.split("\n")
    document[at:at] = lines
    return "\n".join(document)


def _append_to(policy: PolicyVersion, role: Role, heading: str, lines: Sequence[str]) -> str:
    """Return the document with lines at the end of the last part of a role, or of a new part at the end."""
    document = policy.document.rstrip("\n").split("\n")
    part = next((part for part in reversed(find_parts(policy)) if part.role is role), None)
    if part is None:
        return "\n".join([*document, "", f"# {heading}", "", *lines]) + "\n"
    end = min(part.end, len(document))
    while end > part.line + 1 and not document[end - 1].strip():
        end -= 1
    gap = [""] if end == part.line + 1 else []
    document[end:end] = [*gap, *lines]
    return "\n".join(document) + "\n"
