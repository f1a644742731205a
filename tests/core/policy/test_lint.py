"""The linter: each code on a text that earns it and not on one that does not, and no text that brings it down."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.policy.document import parse_policy
from core.policy.lint import CODES, Finding, Level, TokenCount, apply_fixes, lint_policy
from tests.core.policy import texts

ROOT = Path(__file__).resolve().parents[3]
SPAM = (ROOT / "policies" / "spam.md").read_text(encoding="utf-8")
LISTING = '- "Selling my kids\' bike, 60, pick-up only." -> SP0.a, one specific thing.\n'


def lint(text: str) -> list[Finding]:
    return list(lint_policy(parse_policy(text, policy_id="x")).findings)


def codes(text: str) -> list[str]:
    return [finding.code for finding in lint(text)]


def only(text: str, code: str) -> Finding:
    (finding,) = lint(text)
    assert finding.code == code
    return finding


def without(text: str, *words: str) -> str:
    """The text without the lines that hold one of these words."""
    return "".join(line for line in text.splitlines(keepends=True) if not any(word in line for word in words))


@pytest.mark.parametrize("path", sorted((ROOT / "policies").glob("*.md")), ids=lambda path: path.stem)
def test_the_policies_that_ship_are_clean(path: Path) -> None:
    assert codes(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (without(SPAM, "Is the content spam?", "# Instructions"), "P102"),
        (SPAM.replace("# Definitions", "# Words"), "P103"),
        (SPAM.replace("# Violates", "# Rules"), "P104"),
        (SPAM.replace("# Safe", "# Rest"), "P105"),
        (without(SPAM, "Precedence:"), "P107"),
        (without(SPAM, "Ambiguity:"), "P108"),
        (without(SPAM, "Output:", "Choose one label"), "P109"),
        (SPAM.replace("-> SP2.a,", "-> SP2.z,"), "P201"),
        (SPAM.replace("- SP2.b The same", "- SP2.a The same"), "P202"),
        (SPAM.replace("  - {code: SP2,", "  - {code: SP9, name: Odd, violates: true}\n  - {code: SP2,"), "P203"),
        (SPAM.replace("name: Deceptive spam", "name: SP4"), "P204"),
        (SPAM.replace("- SP0.d Order", "- SP3.d Order"), "P205"),
        (SPAM.replace("- SP0.c Ordinary", "- SP0.c Generally ordinary"), "P301"),
        (SPAM.replace("# Safe", "# Safe\u200b"), "P302"),
        (SPAM.replace("-> SP3.a, guaranteed", "-> SP3, guaranteed"), "P403"),
        (SPAM + LISTING, "P405"),
    ],
)
def test_each_fault_is_found(text: str, code: str) -> None:
    assert code in codes(text)
    assert code not in codes(SPAM)


def test_every_code_is_documented_and_tested() -> None:
    page = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
    here = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in CODES if f"| {code} |" not in page] == []
    assert [code for code in CODES if f'"{code}"' not in here] == []


def test_a_finding_says_where_it_stands() -> None:
    text = SPAM.replace("- SP0.c Ordinary", "- SP0.c Usually ordinary")
    finding = only(text, "P301")
    line = text.splitlines()[finding.line - 1]
    assert line[finding.column - 1 :].startswith("Usually ordinary")
    assert "`usually`" in finding.reason
    assert finding.level is Level.WARNING
    assert finding.fix is None


def test_a_vague_word_is_told_once_and_not_in_quotation_marks() -> None:
    finding = only(SPAM.replace("- SP0.c Ord", "- SP0.c Often ord").replace("- SP0.d Ord", "- SP0.d Often ord"), "P301")
    assert finding.reason.endswith("Also on line 49.")
    assert codes(SPAM.replace("Lovely photo!", "Usually lovely!")) == []


def test_the_length_is_told_outside_the_range_and_an_estimate_only_beyond_its_error() -> None:
    policy = parse_policy(SPAM)
    assert [x.code for x in lint_policy(policy, TokenCount(601, (), "m")).findings] == ["P101"]
    assert lint_policy(policy, TokenCount(601, ())).findings == ()
    assert [x.code for x in lint_policy(policy, TokenCount(631, ())).findings] == ["P101"]
    assert [x.code for x in lint_policy(policy, TokenCount(399, (), "m")).findings] == ["P101"]
    report = lint_policy(policy)
    assert report.tokens.estimated
    assert [name for name, _ in report.tokens.sections] == list(policy.sections)
    assert report.tokens.total == pytest.approx(596, rel=0.05)  # by o200k_base


def test_a_label_without_a_rule_is_told_where_others_have_some() -> None:
    text = SPAM.replace("  - {code: SP2,", "  - {code: SP9, name: Odd, violates: true}\n  - {code: SP2,")
    assert codes(text.replace("SP3 or SP4.", "SP3, SP9 or SP4.")) == ["P206"]
    assert "P206" not in codes(texts.WORDS)


def test_examples_on_one_side_only() -> None:
    found = codes(without(SPAM, "-> SP0"))
    assert "P401" in found
    assert "P404" in found
    assert "P106" in codes(SPAM[: SPAM.index("# Examples")])


@pytest.mark.parametrize(
    ("example", "level"),
    [
        ('- "selling MY kids\' bike: 75, pick up only" -> SP2.a, an advert.\n', Level.ERROR),
        ('- "Selling my kids\' bike, 60, pick-up today only." -> SP2.a\n', Level.WARNING),
    ],
)
def test_the_same_example_with_another_answer_contradicts(example: str, level: Level) -> None:
    (finding,) = [finding for finding in lint(SPAM + example) if finding.code == "P402"]
    assert finding.level is level
    assert f"line {SPAM.splitlines().index(LISTING.strip()) + 1} " in finding.reason


def test_nearly_the_same_examples_that_say_why_do_not_contradict() -> None:
    pair = '- "Selling my kids\' bike, 60, pick-up daily." -> SP2.a, a trader.\n'
    assert "P402" not in codes(SPAM + pair)


def test_sure_fixes_mend_and_leave_everything_else() -> None:
    broken = SPAM.replace("-> SP2.a,", "-> sp2-a,").replace("- SP2.b", "- SP2.b") + LISTING
    broken = broken.replace("# Safe\n", "# Safe\n\n- SP4.c Getting people to install a program for a false reason.\n")
    text = "\ufeff" + broken.replace("\n", "\r\n")
    findings = lint(text)
    assert sorted(x.code for x in findings if x.fix) == ["P201", "P202", "P405"]
    mended = apply_fixes(text, findings)
    assert mended == "\ufeff" + SPAM.replace("# Safe\n", "# Safe\n\n").replace("\n", "\r\n")
    assert codes(mended) == []


def test_nothing_is_fixed_that_is_not_sure() -> None:
    twice = SPAM.replace("- SP2.b The same", "- SP2.a The same")
    assert all(finding.fix is None for finding in lint(twice))
    rule = "- SP4.c Getting people to install a program for a false reason.\n"
    wrapped = SPAM.replace("# Safe", f"{rule}  Or two.\n\n# Safe")
    assert [finding.fix for finding in lint(wrapped) if finding.code == "P202"] == [None]


FOREIGN = {
    "recorded_verdicts/policies/fraud-1.txt": "P101",
    "recorded_verdicts/policies/multi-policy-1.txt": "P101 P103 P104 P105 P203 P301",
    "recorded_verdicts/policies/multi_turn-1.txt": "P101 P107 P301",
    "recorded_verdicts/policies/multi_turn-2.txt": "P101 P301 P301",
    "recorded_verdicts/policies/multi_turn-3.txt": "P101 P108 P301",
    "recorded_verdicts/policies/multi_turn-4.txt": "P101 P108 P301",
    "recorded_verdicts/policies/multi_turn-5.txt": "P101",
    "recorded_verdicts/policies/multi_turn-6.txt": "P101 P301",
    "recorded_verdicts/policies/risk-tiering-1.txt": "P101 P103 P104 P105",
    "recorded_verdicts/policies/unicode-1.txt": "P101 P107 P108 P301 P302",
    "teen_safety/age-restricted-goods-and-services.policy.md": "P101 P107 P301 P403 P403 P403 P403",
    "teen_safety/dangerous-content.policy.md": "P101 P107 P301 P403 P403 P403 P403 P403 P403",
    "teen_safety/graphic-violent-content.policy.md": "P101 P301 P301 P403 P403 P403 P403 P403",
    "openai_spam/policy.txt": "P101 P301 P301",
}
"""What is true of each of the fourteen, looked at one finding at a time by a person reading the text."""


@pytest.mark.parametrize("name", FOREIGN)
def test_findings_on_policies_of_others_are_those_reviewed(docket_data: Path, name: str) -> None:
    text = (docket_data / name).read_text(encoding="utf-8")
    assert sorted(codes(text)) == FOREIGN[name].split()


FRAGMENTS = st.sampled_from(
    ["# Examples\n", '- "', '" -> SP2.a\n', "| “x” | SP0 |\n", "SP2.b", "- SP2.a x\n", "SP9", '" = SP0', "Content: ",
     "etc.", "\u200b", "\n", "- ", "VALID: ", "`", "SP0: \"a b c d\"\n", "```\n", "->", "  "]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(FRAGMENTS | st.text(max_size=12), max_size=25).map("".join), st.booleans())
def test_no_text_brings_the_linter_down(text: str, plain: bool) -> None:
    try:
        policy = parse_policy((texts.WORDS if plain else SPAM) + text, policy_id="x")
    except InputError:
        return
    lines = policy.document.split("\n")
    for finding in lint_policy(policy).findings:
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1
        assert finding.code in CODES


@pytest.mark.parametrize(
    "text",
    ['- "a" ' * 40_000, '"' * 100_000, "- SP2.a x\n" * 10_000, '- "case number {}" -> SP0.a\n' * 3_000, "SP2." * 50_000,
     "a:" * 90_000, " " * 200_000 + "x", "\u201c" * 100_000, "| \u201cx" * 40_000]
)  # fmt: skip
def test_hostile_text_is_linted_in_seconds(text: str) -> None:
    assert lint(SPAM + text) is not None
