"""The YAML head of a policy document: reads it into typed fields and says by line what is wrong with it.

It owns the rules for ids, labels and their names. It builds no objects from YAML tags and follows no anchors: the text
is only composed into nodes, and every scalar stays the text that was written (`no`, `0` and `VALID` alike).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from core.domain import Effort, ItemKind, Label, OutputForm
from core.errors import InputError
from core.policy.labels import shared_name

MAX_HEAD_CHARS = 64 * 1024
MAX_LABELS = 200
MAX_NAME_CHARS = 120

_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TOP_FIELDS = ("id", "title", "applies_to", "output", "effort", "labels")
_LABEL_FIELDS = ("code", "name", "violates", "severity", "escalate", "aliases")


@dataclass(frozen=True, slots=True)
class Head:
    """What the front matter says. `policy_id` is None when it names none."""

    policy_id: str | None
    title: str
    applies_to: tuple[ItemKind, ...]
    output: OutputForm
    effort: Effort
    labels: tuple[Label, ...]


def refuse(line: int, what: str, mend: str) -> InputError:
    """Return the error for a fault of a policy document on a line (counted from 1) and how to mend it."""
    return InputError(f"Line {line} of the policy: {what}", mend, title="The policy cannot be read")


class _Loader(yaml.SafeLoader):
    """Composes nodes only; refuses anchors and references, which a policy never needs and an attacker may."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(
                problem="anchors and references are not used here", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)


def read_head(text: str, first_line: int) -> Head:
    """Return the typed front matter. `text` is the YAML between the marks, which starts on `first_line` of the file.

    Raises:
        InputError: it is not YAML, or a field is missing, unknown or holds something else than it should.
    """
    if len(text) > MAX_HEAD_CHARS:
        raise refuse(first_line, "the front matter is longer than 64 KiB.", "Keep rules and examples below it.")
    top = _Map(_compose(text, first_line), first_line, _TOP_FIELDS, "the front matter")
    labels = tuple(_labels(top, first_line))
    head = Head(
        policy_id=_policy_id(top),
        title=top.text("title") or top.text("id") or "",
        applies_to=_kinds(top),
        output=OutputForm(top.choice("output", tuple(OutputForm)) or OutputForm.RATIONALE),
        effort=Effort(top.choice("effort", tuple(Effort)) or Effort.MEDIUM),
        labels=labels,
    )
    _check_sides(head, top.line("labels"), top.line("output"))
    return head


def _compose(text: str, first_line: int) -> yaml.Node:
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise refuse(line, _yaml_problem(error), "Mend the line, or write the field anew.") from None
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise refuse(line, "a character that YAML does not allow.", "Remove the invisible character.") from None
    except (RecursionError, ValueError):
        raise refuse(
            first_line, "the front matter is nested too deeply.", "Use the flat form of the examples."
        ) from None
    finally:
        if loader is not None:
            loader.dispose()
    if node is None:
        raise refuse(first_line, "the front matter is empty.", "Write at least id and labels.")
    return node


def _yaml_problem(error: yaml.MarkedYAMLError) -> str:
    # PyYAML quotes single characters and token names in its problems, never whole stretches of the text.
    problem = re.sub(r"\s+", " ", error.problem or "it is not YAML")[:120]
    return f"not valid YAML, {problem}."


class _Map:
    """A YAML mapping with known fields; every question about a field that finds something else raises."""

    def __init__(self, node: yaml.Node, first_line: int, known: tuple[str, ...], what: str) -> None:
        self._first, self._what = first_line, what
        self.start = first_line + node.start_mark.line
        if not isinstance(node, yaml.MappingNode):
            raise refuse(self.start, f"{what} must be fields with values.", "Write one `field: value` a line.")
        self._nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            line = first_line + key.start_mark.line
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in self._nodes:
                raise refuse(line, f"`{name}` is written twice in {what}.", "Keep one of the two.")
            if name not in known:
                raise refuse(line, f"{what} has an unknown field.", _suggest(name, known))
            self._nodes[name] = value

    def line(self, name: str) -> int:
        """Return the line of a field, of the mapping when the field is missing."""
        node = self._nodes.get(name)
        return self.start if node is None else self._first + node.start_mark.line

    def node(self, name: str) -> yaml.Node | None:
        """Return the field's node, None when it is missing or empty."""
        node = self._nodes.get(name)
        empty = isinstance(node, yaml.ScalarNode) and node.style is None and node.value in _NULLS
        return None if empty else node

    def text(self, name: str) -> str | None:
        """Return a field of text, None when it is missing."""
        node = self.node(name)
        return None if node is None else _scalar(node, self.line(name), f"`{name}` in {self._what}")

    def choice(self, name: str, options: tuple[str, ...]) -> str | None:
        """Return a field that holds one of some words, None when it is missing."""
        value = self.text(name)
        if value is not None and value not in options:
            known = ", ".join(options)
            raise refuse(
                self.line(name), f"`{name}` must be one of {known}.", f"Write for example `{name}: {options[0]}`."
            )
        return value

    def truth(self, name: str) -> bool | None:
        """Return a field of yes or no, None when it is missing."""
        value = self.text(name)
        if value is None:
            return None
        if value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        raise refuse(self.line(name), f"`{name}` in {self._what} must be true or false.", f"Write `{name}: true`.")

    def items(self, name: str) -> list[yaml.Node]:
        """Return the entries of a list field, a lone value as a list of one, nothing when it is missing."""
        node = self.node(name)
        if node is None:
            return []
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def _suggest(name: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name[:40], known, n=1)
    return (
        f"Did you mean `{close[0]}`?"
        if close
        else f"Use only {', '.join(known)}; write the rest below the front matter."
    )


def _scalar(node: yaml.Node, line: int, what: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise refuse(line, f"{what} must be plain text.", "Write it as one value; quote it if it holds : or #.")
    value = str(node.value).strip()
    if not value:
        raise refuse(line, f"{what} is empty.", "Write its value, or leave the field out.")
    if len(value) > MAX_NAME_CHARS or not value.isprintable():
        raise refuse(line, f"{what} must be one line of at most {MAX_NAME_CHARS} characters.", "Shorten it.")
    return value


def _policy_id(top: _Map) -> str | None:
    value = top.text("id")
    if value is not None and not _ID.fullmatch(value):
        raise refuse(
            top.line("id"),
            "`id` may hold letters, digits, dots, hyphens and underscores.",
            "Write for example `id: spam`.",
        )
    return value


def _kinds(top: _Map) -> tuple[ItemKind, ...]:
    line = top.line("applies_to")
    kinds: list[ItemKind] = []
    for node in top.items("applies_to"):
        value = _scalar(node, line, "`applies_to`")
        if value not in tuple(ItemKind):
            raise refuse(
                line, "`applies_to` may list message, reply and conversation.", "Write `applies_to: [message, reply]`."
            )
        if ItemKind(value) not in kinds:
            kinds.append(ItemKind(value))
    return tuple(kinds) or tuple(ItemKind)


def _labels(top: _Map, first_line: int) -> Iterator[Label]:
    nodes = top.items("labels")
    line = top.line("labels")
    if not nodes:
        raise refuse(
            line, "`labels` is missing.", "List one label a line: `- {code: SP0, name: Not spam, violates: false}`."
        )
    if len(nodes) > MAX_LABELS:
        raise refuse(line, f"more than {MAX_LABELS} labels.", "Split the policy.")
    lines: dict[str, int] = {}
    labels: list[Label] = []
    for number, node in enumerate(nodes, 1):
        label, at = _label(node, first_line, number)
        if label.code in lines:
            raise refuse(
                at,
                f"the code {label.code} stands on line {lines[label.code]} already.",
                "Give each label its own code.",
            )
        lines[label.code] = at
        labels.append(label)
    shared = shared_name(labels)
    if shared is not None:
        name, one, other = shared
        raise refuse(
            lines[other.code],
            f"{name} would mean both {one.code} and {other.code}; case, hyphens and spaces tell no names apart.",
            "Remove the name from one of them.",
        )
    yield from labels


def _label(node: yaml.Node, first_line: int, number: int) -> tuple[Label, int]:
    what = f"label {number}"
    fields = _Map(node, first_line, _LABEL_FIELDS, what)
    code, name, violates = fields.text("code"), fields.text("name"), fields.truth("violates")
    if code is None or name is None or violates is None:
        missing = "code" if code is None else "name" if name is None else "violates"
        raise refuse(
            fields.start, f"{what} has no `{missing}`.", "Write it as {code: SP0, name: Not spam, violates: false}."
        )
    if any(mark in code for mark in '"\\') or len(code) > 64:
        raise refuse(
            fields.line("code"), "a code may hold no quotes or backslashes, and 64 characters.", "Use for example SP2."
        )
    line = fields.line("aliases")
    aliases = [_scalar(alias, line, f"an alias of {what}") for alias in fields.items("aliases")]
    return (
        Label(
            code=code,
            name=name,
            violates=violates,
            severity=_severity(fields, violates=violates),
            escalate=bool(fields.truth("escalate")),
            aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != code)),
        ),
        fields.start,
    )


def _severity(fields: _Map, *, violates: bool) -> int:
    value = fields.text("severity")
    if value is None:
        return 1 if violates else 0
    if value not in ("0", "1", "2", "3", "4"):
        raise refuse(
            fields.line("severity"), "`severity` runs from 0 to 4.", "Write one whole number, 4 for the gravest."
        )
    return int(value)


def _check_sides(head: Head, labels_line: int, output_line: int) -> None:
    violating = [label.code for label in head.labels if label.violates]
    safe = [label.code for label in head.labels if not label.violates]
    if not violating or not safe:
        side = "violates" if not violating else "is safe"
        wanted = "violates: true" if not violating else "violates: false"
        raise refuse(labels_line, f"no label says that content {side}.", f"Add a label with `{wanted}`.")
    if head.output is OutputForm.BINARY and len(head.labels) > 2:
        raise refuse(
            output_line,
            f"`output: binary` tells two labels apart, but there are {len(head.labels)}.",
            "Keep one label on each side, or write `output: category`.",
        )
