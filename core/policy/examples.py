"""The examples in a policy's text: what is quoted, which answer it gets, and where it stands.

It owns the forms examples are written in: `"text" -> SP2.a`, a bullet under a level, a row of a table, `VALID: "text"`,
`"text" = VALID`, a quotation behind a rule, and `Content: "text"` above the fields of an answer. An answer that means
no label of the policy is kept without one. It judges nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.domain import Label, PolicyVersion
from core.policy.labels import find_label, fold_name
from core.policy.outline import Part, body_lines, part_of
from core.policy.structure import BULLET

MAX_LINE_CHARS = 2000
ANSWER_LINES = 8
"""Lines below `Content: "…"` in which its answer is looked for."""

_QUOTED = r"(?:\"[^\"]+\"|\u201c[^\u201d]+\u201d)"
_ARROW = re.compile(
    rf"(?P<text>.*{_QUOTED}.{{0,80}}?)[ \t]*(?:->|=>|\u2192|\u21d2)[ \t]*[`*\"]*(?P<answer>[\w.+-]*[\w+])(?P<rest>.*)"
)
_PAIR = re.compile(rf"(?P<text>{_QUOTED})[ \t]*=[ \t]*`?(?P<answer>[A-Z][\w.-]*)")
_ROW = re.compile(rf"[ \t]*\|[ \t]*(?P<text>{_QUOTED})[ \t]*\|[ \t]*(?P<answer>[^|]+?)[ \t]*\|[ \t]*")
_SAID = re.compile(rf"\W{{0,8}}(?P<answer>[A-Za-z][\w.-]{{0,63}}):[ \t]*(?P<text>{_QUOTED})(?P<rest>.*)")
_BULLET = re.compile(rf"[ \t]*(?:{BULLET})?(?P<text>{_QUOTED})(?P<rest>.*)")
_CONTENT = re.compile(rf"\W{{0,8}}Content:[ \t]*(?P<text>{_QUOTED})[ \t]*", re.IGNORECASE)
_FIELD = re.compile(
    r"\W{0,8}(?P<name>[A-Za-z][\w /-]{1,39}?)\W{0,3}:\W{0,3}[ \t]*(?P<value>[A-Za-z][\w-]*)(?P<rest>.*)"
)
_ITEM = re.compile(rf"[ \t]*(?:{BULLET})?[*_`]*(?P<id>[A-Za-z][\w-]*(?:\.[A-Za-z0-9]{{1,8}}){{1,3}})\b")


@dataclass(frozen=True, slots=True)
class Example:
    """A quoted case. `line` and `column` are indexes into the document, `answer` is what the text says of it.

    `label` and `violates` are None where the answer means no label; `rule_id` is set where the answer is a rule.
    `explained` tells whether the example says in a word why.
    """

    text: str
    answer: str
    line: int
    column: int
    label: Label | None
    violates: bool | None
    rule_id: str | None
    explained: bool


def find_examples(policy: PolicyVersion, parts: Sequence[Part]) -> tuple[Example, ...]:
    """Return the examples of a policy in order of the text."""
    reader = _Reader(policy)
    lines = [(index, line) for index, line, fenced in body_lines(policy) if not fenced and len(line) <= MAX_LINE_CHARS]
    found: list[Example] = []
    for number, (index, line) in enumerate(lines):
        if "\u201c" not in line and '"' not in line:
            continue
        below = [text for _, text in lines[number + 1 : number + 1 + ANSWER_LINES]]
        found += reader.read(index, line, part_of(parts, index), below)
    return tuple(found)


class _Reader:
    """Reads one line at a time; the first form that fits is taken."""

    def __init__(self, policy: PolicyVersion) -> None:
        self._labels = policy.labels
        self._rules = {rule.id: rule for rule in policy.rules}

    def read(self, index: int, line: str, part: Part, below: Sequence[str]) -> list[Example]:
        if row := _ROW.fullmatch(line):
            return [self._example(row["text"], row["answer"], index, row.start("text"), explained=False)]
        if pairs := list(_PAIR.finditer(line)):
            return [self._example(pair["text"], pair["answer"], index, pair.start(), explained=False) for pair in pairs]
        if arrow := _ARROW.fullmatch(line):
            return [self._arrow(arrow, index, line)]
        if (said := _SAID.fullmatch(line)) and find_label(self._labels, said["answer"]) is not None:
            return [
                self._example(said["text"], said["answer"], index, said.start("text"), explained=bool(said["rest"]))
            ]
        if content := _CONTENT.fullmatch(line):
            answer = self._answer_below(below)
            return (
                [self._example(content["text"], answer, index, content.start("text"), explained=True)] if answer else []
            )
        return list(self._under_heading(index, line, part))

    def _arrow(self, arrow: re.Match[str], index: int, line: str) -> Example:
        rest = arrow["rest"].strip(" `*_.")
        answer = arrow["answer"]
        if answer.lower() in ("not", "no"):
            answer = f"{answer} {rest}".split("(")[0].strip()
        start = len(line) - len(re.sub(rf"^[ \t|]*(?:{BULLET})?", "", line))
        return self._example(arrow["text"][start:], answer, index, start, explained=bool(rest))

    def _answer_below(self, lines: Sequence[str]) -> str:
        """Return the last field below a content whose value is one label, "" when there is none."""
        answer = ""
        for line in lines:
            if not line.strip() or _CONTENT.fullmatch(line):
                break
            field = _FIELD.match(line)
            if field is None or field["rest"].startswith(","):
                continue
            names = (f"{field['name']}: {field['value']}", field["value"])
            answer = next((name for name in names if find_label(self._labels, name) is not None), answer)
        return answer

    def _under_heading(self, index: int, line: str, part: Part) -> Iterator[Example]:
        """Yield the quotations behind a rule, or a bullet under a heading that names a label."""
        item = _ITEM.match(line)
        if item is not None and item["id"] in self._rules:
            for quoted in re.finditer(_QUOTED, line):
                if quoted.group().count(" ") >= 2:  # a word or two in quotes is a term, not a case
                    yield self._example(quoted.group(), item["id"], index, quoted.start(), explained=True)
        elif part.label is not None and (bullet := _BULLET.fullmatch(line)):
            explained = bool(bullet["rest"].strip())
            yield self._example(bullet["text"], part.answer, index, bullet.start("text"), explained=explained)

    def _example(self, text: str, answer: str, index: int, column: int, *, explained: bool) -> Example:
        rule = self._rules.get(answer)
        label = find_label(self._labels, (rule.label or answer) if rule else answer)
        violates = label.violates if label else None
        if label is None and fold_name(answer).startswith(("not ", "no ")):
            violates = False
        rule_id = rule.id if rule and "." in rule.id else None
        return Example(text.strip(), answer, index, column, label, violates, rule_id, explained)
