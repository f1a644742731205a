"""The ids of a policy: rules named but not defined, defined twice, on the wrong side, labels without use or rule."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from core.domain import Label
from core.policy.labels import GENERIC_CODES, fold_name, label_names
from core.policy.lint.findings import Finding, Fix
from core.policy.lint.text import Text
from core.policy.outline import Role, mentions, part_of
from core.policy.structure import BULLET

_SEPARATORS = re.compile(r"[\s._-]+")
_OPENS = rf"[ \t]*(?P<bullet>{BULLET})?[*_`]{{0,2}}"


def check_rules(text: Text) -> Iterator[Finding]:
    """Yield P201 to P206."""
    yield from _unknown_ids(text)
    yield from _twice(text)
    yield from _unused(text)
    yield from _clashes(text)
    yield from _wrong_side(text)
    yield from _without_rule(text)


def _shape(text: Text) -> re.Pattern[str] | None:
    """Return the pattern of what looks like an id of this policy: a prefix of its codes, a number, a suffix."""
    ids = [label.code for label in text.policy.labels] + [rule.id for rule in text.policy.rules]
    ids += [part.answer for part in text.parts if part.answer]
    prefixes = {match.group(1) for name in ids if (match := re.match(r"([A-Z][A-Z-]{0,7}?)\d", name))}
    dotted = {rule.id.split(".")[0] for rule in text.policy.rules if "." in rule.id}
    words = {code for code in dotted if not any(map(str.isdigit, code))}
    forms = []
    if prefixes:
        suffix = r"(?:[._-]?[a-z]\d{0,2}(?![\w])|\.\d{1,2})?" if dotted else ""
        forms.append(rf"(?:{_any(prefixes)})\d{{1,3}}{suffix}")
    if words:
        forms.append(rf"(?:{_any(words)})\.[a-z0-9]{{1,2}}")
    return re.compile(rf"(?<![\w./#@-])(?:{'|'.join(forms)})(?![\w@/]|\.\w)", re.IGNORECASE) if forms else None


def _any(words: set[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _unknown_ids(text: Text) -> Iterator[Finding]:
    """Yield P201, with a fix where only case or the separator differ from one rule."""
    shape = _shape(text)
    if shape is None:
        return
    known = {name for label in text.policy.labels for name in label_names(label)}
    known |= {rule.id for rule in text.policy.rules} | {part.answer for part in text.parts}
    known |= {rule.id.split(".")[0] for rule in text.policy.rules}
    by_fold: dict[str, set[str]] = defaultdict(set)
    for name in known:
        by_fold[_folded(name)].add(name)
    for index, line in text.prose():
        for match in shape.finditer(line):
            written = match.group()
            if written in known:
                continue
            meant = by_fold.get(_folded(written), set())
            fix = None
            if len(meant) == 1:
                (name,) = meant
                fix = Fix(f"write {name}", index + 1, match.start(), match.end(), name)
            reason = f"{written} is neither a rule nor a label of this policy."
            yield text.fail("P201", index, reason, column=match.start(), fix=fix)


def _folded(name: str) -> str:
    return _SEPARATORS.sub("", name).casefold()


def _twice(text: Text) -> Iterator[Finding]:
    """Yield P202, with a fix where the second says the same as the first."""
    opens = {
        rule.id: re.compile(rf"{_OPENS}{re.escape(rule.id)}(?![\w.]\w|\w)(?P<said>.*)") for rule in text.policy.rules
    }
    first: dict[str, tuple[int, str]] = {}
    for index, line in text.lines():
        word = next(iter(re.findall(r"[A-Za-z][\w.-]*\w", line[:80])), "")
        match = opens[word].fullmatch(line) if word in opens and "." in word else None
        if match is None or (not match["bullet"] and not text.is_plain):
            continue
        if part_of(text.parts, index).role is Role.EXAMPLES:  # an example may open with the rule it shows
            continue
        if word not in first:
            first[word] = index, match["said"]
            continue
        at, said = first[word]
        same = said.strip() == match["said"].strip() and text.stands_alone(at) and text.stands_alone(index)
        fix = Fix("take the second one out", index + 1, whole_line=True) if same else None
        yield text.fail("P202", index, f"The id {word} opens the rule on line {at + 1} already.", fix=fix)


def _unused(text: Text) -> Iterator[Finding]:
    """Yield P203."""
    body = "\n".join(line for _, line in text.lines())
    used = {rule.label for rule in text.policy.rules}
    for label in text.policy.labels:
        if label.code not in used and not mentions(label, body):
            line = _line_of(text, label)
            yield text.warn("P203", line, f"The text never mentions the label {label.code}.")


def _line_of(text: Text, label: Label) -> int:
    """Return the index of the line of the front matter that gives the label, else of the text's first line."""
    lines = text.policy.document.split("\n")[: text.top - 1]
    pattern = re.compile(rf"\bcode:[ \t]*[\"']?{re.escape(label.code)}(?![\w.-])")
    return next((index for index, line in enumerate(lines) if pattern.search(line)), text.top - 1)


def _clashes(text: Text) -> Iterator[Finding]:
    """Yield P204: a code or alias is refused by the reader already, a name or a rule id is not."""
    rules = {fold_name(rule.id): rule for rule in text.policy.rules}
    owners: dict[str, Label] = {}
    for label in text.policy.labels:
        for name in label_names(label):
            owners[fold_name(name)] = label
            rule = rules.get(fold_name(name))
            if rule is not None and "." in rule.id:
                reason = f"{name} means the label {label.code} and is the id of a rule."
                yield text.fail("P204", _line_of(text, label), reason)
    for label in text.policy.labels:
        other = owners.setdefault(fold_name(label.name), label)
        if other.code != label.code:
            reason = f"The name of {label.code} means {other.code}, too: answers that use it cannot be told apart."
            yield text.fail("P204", _line_of(text, label), reason)


def _wrong_side(text: Text) -> Iterator[Finding]:
    """Yield P205."""
    for rule, index in _rule_lines(text).items():
        owner = next((item.label for item in text.policy.rules if item.id == rule), None)
        label = text.policy.label(owner or "")
        part = part_of(text.parts, index)
        if label is None or part.role not in (Role.VIOLATES, Role.SAFE):
            continue
        if label.violates != (part.role is Role.VIOLATES):
            stands = "violates" if label.violates else "is safe"
            reason = f"{rule} says what {stands}, but stands under the other heading."
            yield text.warn("P205", index, reason)


def _rule_lines(text: Text) -> dict[str, int]:
    """Return the index of the line each rule opens on."""
    wanted = {rule.id for rule in text.policy.rules if "." in rule.id}
    found: dict[str, int] = {}
    for index, line in text.lines():
        match = re.match(rf"{_OPENS}(?P<id>[A-Za-z][\w.-]*\w)", line)
        if match is not None and match["id"] in wanted and (match["bullet"] or text.is_plain):
            found.setdefault(match["id"], index)
    return found


def _without_rule(text: Text) -> Iterator[Finding]:
    """Yield P206 where other labels have rules: the model must name one."""
    owners = {rule.label for rule in text.policy.rules if "." in rule.id}
    if not owners:
        return
    for label in text.policy.labels:
        if label.code not in owners and label.code not in GENERIC_CODES:
            yield text.warn("P206", _line_of(text, label), f"No rule leads to the label {label.code}.")
