"""The clauses of a policy's text in order: headings, rules, list items and paragraphs, each with its place.

It owns where a clause begins and ends. It judges nothing and compares nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.domain import PolicyVersion
from core.policy.labels import strip_emphasis
from core.policy.outline import body_lines
from core.policy.structure import BULLET, heading_level, heading_text

_ITEM = re.compile(rf"[ \t]*{BULLET}(?P<rest>.*)")
_FIRST = re.compile(r"[A-Za-z0-9](?:[\w.-]*\w)?")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of lines that says one thing. `line` counts from 1 in the document, `lines` how many there are.

    `id` is the rule it states, "" for none; `level` is that of a heading, 0 for any other clause; `section` is the
    last heading above it, the heading's own words for a heading.
    """

    id: str
    section: str
    text: str
    line: int
    lines: int
    level: int = 0


def find_clauses(policy: PolicyVersion) -> tuple[Clause, ...]:
    """Return the clauses of the text the model reads, in order; blank lines stand between them and in none."""
    found: list[Clause] = []
    ids = {rule.id for rule in policy.rules}
    section, start, lines = "", 0, list[str]()

    def end() -> None:
        if lines:
            rule = _rule_id(lines[0], ids)
            ids.discard(rule)  # where an id opens several clauses the first one is the rule
            found.append(Clause(rule, section, "\n".join(lines), start + 1, len(lines)))
            lines.clear()

    for index, line, fenced in body_lines(policy):
        level = 0 if fenced else heading_level(line)
        if level:
            end()
            section = heading_text(line)
            found.append(Clause("", section, line, index + 1, 1, level))
        elif not fenced and not line.strip():
            end()
        else:
            if not fenced and (_ITEM.match(line) or _rule_id(line, ids)):
                end()
            if not lines:
                start = index
            lines.append(line)
    end()
    return tuple(found)


def _rule_id(line: str, ids: set[str]) -> str:
    """Return the id of the rule a line opens, "" for none."""
    item = _ITEM.match(line)
    said = strip_emphasis(item["rest"] if item else line).lstrip()
    first = _FIRST.match(said)
    return first.group() if first and first.group() in ids else ""
