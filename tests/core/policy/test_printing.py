"""Documents: written out and read back they are the same policy, and the hash ignores what has no meaning."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import Effort, ItemKind, Label, OutputForm, PolicyVersion
from core.policy.document import canonical_text, document_hash, parse_policy
from core.policy.labels import fold_name
from core.policy.printing import print_policy
from core.services import shipped_policies
from tests.core.policy import texts

QUICK = settings(max_examples=80, deadline=None)
ONE_LINE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs"))
NAMES = st.text(ONE_LINE, min_size=1, max_size=20).map(str.strip).filter(lambda text: text and text.isprintable())
CODES = NAMES.filter(lambda text: '"' not in text and "\\" not in text)
LINES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=40)


@st.composite
def policies(draw: st.DrawFn) -> PolicyVersion:
    names = draw(st.lists(CODES, min_size=2, max_size=6, unique_by=fold_name))
    names = [name for name in names if fold_name(name)]
    if len(names) < 2:
        names = ["A", "B"]
    half = max(2, len(names) // 2)
    spare = iter(names[half:])
    labels = []
    for index, code in enumerate(names[:half]):
        alias = next(spare, None)
        labels.append(
            Label(
                code,
                draw(NAMES),
                violates=index % 2 == 1,
                severity=draw(st.integers(0, 4)),
                escalate=draw(st.booleans()),
                aliases=(alias,) if alias else (),
            )
        )
    rules = [f"- {label.code}.a {draw(LINES)}" for label in labels]
    body = "\n".join(["# Violates", *rules, *draw(st.lists(LINES, max_size=6)), "end"])
    return PolicyVersion(
        hash="",
        policy_id=draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)),
        title=draw(NAMES),
        document="",
        body=canonical_text(body),
        labels=tuple(labels),
        rules=(),
        sections={},
        applies_to=tuple(draw(st.lists(st.sampled_from(list(ItemKind)), min_size=1, unique=True))),
        output=draw(st.sampled_from([form for form in OutputForm if form is not OutputForm.BINARY])),
        effort=draw(st.sampled_from(list(Effort))),
    )


def meaning(policy: PolicyVersion) -> PolicyVersion:
    """A policy without what names the document."""
    return replace(policy, hash="", document="")


@QUICK
@given(policies())
def test_what_is_printed_is_read_as_the_same_policy(policy: PolicyVersion) -> None:
    read = parse_policy(print_policy(policy))
    assert replace(meaning(read), rules=(), sections={}) == policy
    assert len(read.rules) >= 1
    again = parse_policy(print_policy(read))
    assert again == read  # with rules, sections, document and hash


@pytest.mark.parametrize("path", shipped_policies(), ids=lambda path: path.stem)
def test_a_shipped_policy_printed_is_the_same_policy(path: object) -> None:
    policy = parse_policy(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    assert meaning(parse_policy(print_policy(policy))) == meaning(policy)


@pytest.mark.parametrize("text", [texts.WORDS, texts.CODES, texts.TIERS, texts.CATEGORIES])
def test_what_was_inferred_of_a_plain_text_can_be_written_out(text: str) -> None:
    plain = parse_policy(text, policy_id="plain")
    written = parse_policy(print_policy(plain))
    for name in ("policy_id", "title", "labels", "output", "effort", "applies_to"):
        assert getattr(written, name) == getattr(plain, name), name
    assert written.body.strip("\n") == plain.body.strip("\n")


ENDS = st.sampled_from(["\n", "\r\n", "\r"])
SPACES = st.sampled_from(["", " ", "\t", "  \t "])


@QUICK
@given(st.lists(LINES, min_size=1, max_size=8), st.data())
def test_the_hash_ignores_line_ends_trailing_space_and_a_mark(lines: list[str], data: st.DataObject) -> None:
    plain = document_hash(canonical_text("\n".join(lines)))
    end = data.draw(ENDS)
    spaced = "".join(line + data.draw(SPACES) + end for line in lines)
    assert document_hash(canonical_text(data.draw(st.sampled_from(["", "\ufeff"])) + spaced)) == plain


@QUICK
@given(st.lists(LINES, min_size=1, max_size=8), st.data())
def test_the_hash_ignores_nothing_else(lines: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    place = data.draw(st.integers(0, len(line)))
    added = data.draw(st.characters(codec="utf-8", exclude_characters="\r\n\t \x00\ufeff"))
    changed = [*lines[:at], line[:place] + added + line[place:], *lines[at + 1 :]]
    before, after = (document_hash(canonical_text("\n".join(text))) for text in (lines, changed))
    assert before != after
    indented = [*lines[:at], "x" + line, *lines[at + 1 :]]
    spaced = [*lines[:at], " x" + line, *lines[at + 1 :]]
    assert document_hash(canonical_text("\n".join(indented))) != document_hash(canonical_text("\n".join(spaced)))
