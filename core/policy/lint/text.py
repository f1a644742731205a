"""A policy as the checks read it: parts, examples, and lines without what is quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.domain import PolicyVersion
from core.policy.examples import Example
from core.policy.lint.findings import Finding, Fix, Level
from core.policy.outline import Part, body_lines, body_start

# Bounded, so that a text of opening marks alone takes no time.
_QUOTED = re.compile(
    r"\"[^\"]{0,400}\"|\u201c[^\u201d]{0,400}\u201d|(?<!\w)\u2018[^\u2019]{0,400}\u2019(?!\w)|(?<!\w)'[^']{0,400}'(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Text:
    """The policy under the linter."""

    policy: PolicyVersion
    parts: tuple[Part, ...]
    examples: tuple[Example, ...]

    @property
    def top(self) -> int:
        """The line (from 1) findings about the whole text point to: the first one the model reads."""
        return body_start(self.policy) + 1

    @property
    def is_plain(self) -> bool:
        """Whether the document has no front matter, so that its labels were inferred."""
        return self.policy.body == self.policy.document

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield (index in the document, line) of the body."""
        for index, line, _ in body_lines(self.policy):
            yield index, line

    def prose(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with everything quoted blanked out; columns stay what they are."""
        for index, line in self.lines():
            yield index, _QUOTED.sub(lambda quoted: " " * len(quoted.group()), line)

    def stands_alone(self, index: int) -> bool:
        """Tell whether a line is the whole of its list item, so that taking it out leaves nothing behind."""
        following = self.policy.document.split("\n")[index + 1 : index + 2]
        return not following or not following[0].startswith((" ", "\t"))

    def warn(self, code: str, line: int, reason: str, *, column: int = 0, fix: Fix | None = None) -> Finding:
        """Return a warning; `line` and `column` are indexes."""
        return Finding(code, Level.WARNING, line + 1, column + 1, reason, fix)

    def fail(self, code: str, line: int, reason: str, *, column: int = 0, fix: Fix | None = None) -> Finding:
        """Return an error; `line` and `column` are indexes."""
        return Finding(code, Level.ERROR, line + 1, column + 1, reason, fix)

    def missing(self, code: str, reason: str) -> Finding:
        """Return a warning about something the text has nowhere."""
        return self.warn(code, self.top - 1, reason)
