"""Front matter: what is accepted, and for each fault the line and how to mend it."""

from __future__ import annotations

import pytest

from core.domain import Effort, ItemKind, OutputForm
from core.errors import InputError
from core.policy.document import parse_policy

HEAD = "---\nid: p\nlabels:\n  - {code: A0, name: fine, violates: false}\n  - {code: A1, name: bad, violates: true}\n"
BODY = "---\n# Violates\n- A1.a x\n"


def refusal(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_policy(text)
    assert caught.value.hint
    return caught.value


def test_defaults() -> None:
    policy = parse_policy(HEAD + BODY)
    assert (policy.title, policy.output, policy.effort) == ("p", OutputForm.RATIONALE, Effort.MEDIUM)
    assert policy.applies_to == tuple(ItemKind)
    assert [label.severity for label in policy.labels] == [0, 1]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[0, 1.0, 0x10]", ("0", "1.0", "0x10")),
        ('["0", VALID]', ("0", "VALID")),
        ("[no, Off, yes]", ("no", "Off", "yes")),
        ("OK", ("OK",)),
        ("2024-01-01", ("2024-01-01",)),
        ("~", ()),
        ("[A0, A0]", ()),
        ('["a, b", "c: d"]', ("a, b", "c: d")),
    ],
)
def test_aliases_are_the_text_that_was_written(written: str, read: tuple[str, ...]) -> None:
    text = HEAD.replace("violates: false}", f"violates: false, aliases: {written}}}") + BODY
    assert parse_policy(text).labels[0].aliases == read


@pytest.mark.parametrize(
    ("word", "value"), [("true", True), ("Yes", True), ("on", True), ("FALSE", False), ("no", False), ('"true"', True)]
)
def test_truth_values(word: str, value: bool) -> None:
    text = HEAD.replace("violates: true}", f"violates: true, escalate: {word}}}") + BODY
    assert parse_policy(text).labels[1].escalate is value


def test_labels_may_be_written_as_blocks_and_the_end_as_dots() -> None:
    labels = "- code: A0\n  name: fine\n  violates: no\n- code: A1\n  name: bad\n  violates: yes\n"
    text = f"---\nid: p\nlabels:\n{labels}...\nbody\n"
    assert [label.code for label in parse_policy(text).labels] == ["A0", "A1"]


FAULTS = [
    (HEAD, 1, "never closed"),
    (HEAD + "---\n\n", 6, "nothing stands below"),
    (HEAD.replace("id: p\n", "") + BODY, 2, "no `id`"),
    (HEAD.replace("id: p", "id: a b") + BODY, 2, "`id` may hold"),
    (HEAD.replace("id: p", "id: [p]") + BODY, 2, "plain text"),
    (HEAD.replace("id: p", 'id: ""') + BODY, 2, "empty"),
    (HEAD.replace("id: p", "id: p\nid: q") + BODY, 3, "written twice"),
    (HEAD + "lables: x\n" + BODY, 6, "unknown field"),
    (HEAD + "? [a]\n: b\n" + BODY, 6, "unknown field"),
    (HEAD + "output: essay\n" + BODY, 6, "`output` must be one of"),
    (HEAD + "effort: max\n" + BODY, 6, "`effort` must be one of"),
    (HEAD + "applies_to: [image]\n" + BODY, 6, "`applies_to`"),
    (HEAD + "applies_to: {a: b}\n" + BODY, 6, "must be plain text"),
    (HEAD + "title: |\n  two\n  lines\n" + BODY, 6, "one line"),
    (HEAD + f"title: {'x' * 200}\n" + BODY, 6, "at most"),
    (HEAD.replace("violates: true}", "violates: maybe}") + BODY, 5, "true or false"),
    (HEAD.replace("violates: true}", "violates: true, severity: 5}") + BODY, 5, "from 0 to 4"),
    (HEAD.replace("violates: true}", "violates: true, severity: high}") + BODY, 5, "from 0 to 4"),
    (HEAD.replace("violates: true}", "violates: true, sevrity: 2}") + BODY, 5, "unknown field"),
    (HEAD.replace("code: A1, ", "") + BODY, 5, "no `code`"),
    (HEAD.replace("name: bad, ", "") + BODY, 5, "no `name`"),
    (HEAD.replace(", violates: true", "") + BODY, 5, "no `violates`"),
    (HEAD.replace("code: A1", "code: A0") + BODY, 5, "stands on line 4 already"),
    (HEAD.replace("code: A1", "code: 'A\"1'") + BODY, 5, "no quotes"),
    (HEAD.replace("violates: true}", "violates: true, aliases: [a0]}") + BODY, 5, "both A0 and A1"),
    (HEAD.replace("violates: true}", "violates: true, aliases: [{}]}") + BODY, 5, "plain text"),
    (HEAD.replace("violates: true", "violates: false") + BODY, 4, "violates"),
    (HEAD.replace("violates: false", "violates: true") + BODY, 4, "is safe"),
    (HEAD + "  - {code: A2, name: x, violates: true}\noutput: binary\n" + BODY, 7, "tells two labels apart"),
    ("---\nid: p\n" + BODY, 2, "`labels` is missing"),
    ("---\nid: p\nlabels: [A, B]\n" + BODY, 3, "fields with values"),
    ("---\n- a\n" + BODY, 2, "fields with values"),
    ("---\n\n" + BODY, 2, "empty"),
    ("---\nid: p\nlabels: [\n" + BODY, 3, "not valid YAML"),
    ("---\nid: p\n\ttitle: x\n" + BODY, 3, "not valid YAML"),
    ("---\nid: &a p\n" + BODY, 2, "anchors"),
    ("---\nid: p\nb: &b [&a [x, x], *a, *a]\n" + BODY, 3, "anchors"),
    ("---\nid: p\ntitle: \x07\n" + BODY, 3, "does not allow"),
    ("---\n" + "[" * 20_000 + "\n" + BODY, 2, "nested too deeply"),
    ("---\nx: " + "y" * 70_000 + "\n" + BODY, 2, "longer than 64 KiB"),
    (
        "---\nid: p\nlabels:\n" + "".join(f"- {{code: A{n}, name: x, violates: no}}\n" for n in range(201)) + BODY,
        4,
        "200",
    ),
]


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_each_fault_is_named_with_its_line(text: str, line: int, words: str) -> None:
    error = refusal(text)
    assert error.message.startswith(f"Line {line} of the policy: "), error.message
    assert words in error.message


def test_an_unknown_field_brings_the_nearest_known_one() -> None:
    assert refusal(HEAD + "lables: x\n" + BODY).hint == "Did you mean `labels`?"


def test_tags_build_nothing() -> None:
    policy = parse_policy(HEAD.replace("id: p", "id: !!python/object/apply:os.getcwd p") + BODY)
    assert policy.policy_id == "p"
