"""Whether a policy has the parts its model was trained to read, says which rule wins, and how to answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.domain import OutputForm
from core.policy.labels import label_names
from core.policy.lint.findings import Finding
from core.policy.lint.text import Text
from core.policy.outline import Role

_GOAL = re.compile(r"\W*(?:goal|task|purpose|instructions?)\b", re.IGNORECASE)
_PRECEDENCE = re.compile(
    r"\bprecedence\b|\bpriorit\w+|\btakes? priority\b|\bwins?\b|\bbeats?\b|\boverrid\w+|\boutranks?\b|\btrumps?\b|"
    r"\b(?:highest|most|gravest)[- ]sever\w+|\bhighest level\b|\bmost severe\b|\bgravest\b|"
    r"\beven (?:if|when|where|with|in)\b",
    re.IGNORECASE,
)
_AMBIGUITY = re.compile(
    r"\bambigu\w+|\bunclear\b|\bin doubt\b|\bdoubtful\b|\buncertain\w*|\bunsure\b|\bnot sure\b|"
    r"\bcannot (?:tell|decide)\b|\bfits? equally\b|\bequally well\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:return|answer|respond|reply|output|print|write|classify|choose|label|determine|decide)\w*\b|"
    r"\bgets? \w+ labels?\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\bJSON\b|\b(?:one|exactly|only|single|a) (?:\w+ )?(?:label|word|code|digit|number)\b|\bgets? \w+ labels?\b|"
    r"^\W*answer \(|\breturn:\W*$",
    re.IGNORECASE,
)

_FIELD = re.compile(r"\W{0,8}[A-Z][\w /-]{1,40}:[ \t]*\[[^\]]+\][ \t]*")

_PARTS = (
    ("P102", Role.INSTRUCTIONS, "No heading names instructions: say first what to decide and how."),
    ("P103", Role.DEFINITIONS, "No heading names definitions: define the words the rules turn on."),
    ("P104", Role.VIOLATES, "No heading names what violates."),
    ("P105", Role.SAFE, "No heading names what is safe: say what looks alike and does not violate."),
)


def check_structure(text: Text) -> Iterator[Finding]:
    """Yield P102 to P109."""
    roles = {part.role for part in text.parts}
    if any(_GOAL.match(line) for _, line in text.lines()):
        roles.add(Role.INSTRUCTIONS)
    for code, role, reason in _PARTS:
        if role not in roles:
            yield text.missing(code, reason)
    if Role.EXAMPLES not in roles and not text.examples:
        yield text.missing("P106", "The text has no examples: give four to six near the line, on both sides.")
    prose = "\n".join(line for _, line in text.prose())
    if not _PRECEDENCE.search(prose):
        yield text.missing("P107", "Nothing says which rule wins when several match.")
    if not _AMBIGUITY.search(prose):
        yield text.missing("P108", "Nothing says what to do when the case is unclear.")
    yield from _output_rule(text)


def _output_rule(text: Text) -> Iterator[Finding]:
    """Yield P109. Docket's prompt itself states the rule once for every form but free text."""
    lines = [index for index, line in text.lines() if _FIELD.fullmatch(line) or _states_output(text, line)]
    stated = [index for index in lines if index - 1 not in lines]  # neighbours are one statement
    needed = 2 if text.policy.output is OutputForm.TEXT else 1
    if len(stated) >= needed:
        return
    if stated:
        yield text.warn("P109", stated[0], "How to answer is said only here: say it again at the end.")
    else:
        again = ", at the beginning and at the end" if needed == 2 else ""
        yield text.missing("P109", f"Nothing says how to answer{again}.")


def _states_output(text: Text, line: str) -> bool:
    if not _ASKS.search(line):
        return False
    names = {name for label in text.policy.labels for name in label_names(label)}
    named = {word for word in re.findall(r"[\w.+-]+", line) if word.rstrip(".") in names}
    return len(named) >= 2 or bool(_FORM.search(line))
