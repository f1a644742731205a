"""The examples of a policy: on both sides, not against each other, each under a rule."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator

from core.policy.examples import Example
from core.policy.labels import fold_name
from core.policy.lint.findings import Finding, Fix
from core.policy.lint.text import Text

FEWEST = 4
"""The authors' guide asks for four to six examples."""

NEARLY = 0.9
"""Share of characters two texts have in common, in order, from which on they are nearly the same."""

MAX_COMPARED = 400
"""Examples compared with each other for near sameness; comparing grows with the square."""

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def check_examples(text: Text) -> Iterator[Finding]:
    """Yield P401 to P405."""
    if not text.examples:
        return
    yield from _one_side(text)
    yield from _against_each_other(text)
    yield from _uncovered(text)
    if len(text.examples) < FEWEST:
        number = len(text.examples)
        reason = f"Only {number} example{'s' if number > 1 else ''}: give four to six near the line."
        yield text.warn("P404", text.examples[0].line, reason)


def _one_side(text: Text) -> Iterator[Finding]:
    sides = {example.violates for example in text.examples if example.violates is not None}
    unknown = any(example.violates is None for example in text.examples)
    if len(sides) == 1 and not unknown:
        other = "is safe" if sides == {True} else "violates"
        yield text.warn("P401", text.examples[0].line, f"No example shows what {other}.")


def _fold(text: str) -> str:
    """Return an example's words as they are compared: no case, marks, accents, articles; every number the same."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    words = _ARTICLES.sub(" ", re.sub(r"\d+", "0", plain.casefold()))
    return " ".join(re.sub(r"[^\w]+", " ", words).split())


def _against_each_other(text: Text) -> Iterator[Finding]:
    """Yield P402 for texts that are the same or nearly so with different answers, P405 for those with one answer."""
    earlier: dict[str, Example] = {}
    for example in text.examples:
        folded = _fold(example.text)
        if not folded:
            continue
        before = earlier.get(folded)
        if before is not None:
            yield from _same_text(text, before, example)
            continue
        if len(earlier) < MAX_COMPARED:
            yield from _near_text(text, example, folded, earlier)
        earlier[folded] = example


def _same_text(text: Text, before: Example, example: Example) -> Iterator[Finding]:
    if _answers_differ(before, example):
        reason = f"The example on line {before.line + 1} is the same text, but is answered {before.answer}."
        yield text.fail("P402", example.line, reason, column=example.column)
    elif before.text == example.text and fold_name(before.answer) == fold_name(example.answer):
        lines = text.policy.document.split("\n")
        same = lines[before.line].strip() == lines[example.line].strip() and text.stands_alone(example.line)
        fix = Fix("take the second one out", example.line + 1, whole_line=True) if same else None
        reason = f"The same example stands on line {before.line + 1}."
        yield text.warn("P405", example.line, reason, column=example.column, fix=fix)


def _near_text(text: Text, example: Example, folded: str, earlier: dict[str, Example]) -> Iterator[Finding]:
    """Yield P402 for nearly the same text where neither example says what makes the difference."""
    matcher = difflib.SequenceMatcher(a="", b=folded, autojunk=False)
    for other, before in earlier.items():
        if example.explained and before.explained:
            continue
        matcher.set_seq1(other)
        alike = min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= NEARLY and matcher.ratio() >= NEARLY
        if alike and _answers_differ(before, example):
            reason = (
                f"The example on line {before.line + 1} is nearly the same text, but is answered {before.answer}, "
                "and neither says what makes the difference."
            )
            yield text.warn("P402", example.line, reason, column=example.column)
            return


def _answers_differ(one: Example, other: Example) -> bool:
    if one.label is not None and other.label is not None and one.label.code != other.label.code:
        return True
    if None not in (one.violates, other.violates) and one.violates != other.violates:
        return True
    return fold_name(one.answer) != fold_name(other.answer) and _is_finer(one, other)


def _is_finer(one: Example, other: Example) -> bool:
    """Tell whether two answers of one label are different levels or rules of it, and not the label and a rule."""
    codes = {answer.split(".")[0] for answer in (one.answer, other.answer)}
    generic = any(item.label is not None and item.answer == item.label.code for item in (one, other))
    return not generic and (len(codes) == 2 or None not in (one.rule_id, other.rule_id))


def _uncovered(text: Text) -> Iterator[Finding]:
    """Yield P403 where the policy has rules and an example leads to none of them."""
    owners = {rule.label for rule in text.policy.rules if "." in rule.id}
    if not owners:
        return
    for example in text.examples:
        if example.label is None or example.rule_id is not None:
            continue
        code = example.label.code
        missing = f"{code} has no rule" if code not in owners else f"it names {example.answer}, but no rule of it"
        reason = f"No rule covers this example: {missing}."
        yield text.warn("P403", example.line, reason, column=example.column)
