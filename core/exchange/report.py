"""A report for people: each case with its policy, the clause, the content, both sides and the cause, as HTML.

It owns the page. Everything from outside is escaped, nothing is loaded from anywhere, invisible characters are shown.
The model's reasoning is not in it.
"""

from __future__ import annotations

import html
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from core.domain import Cause
from core.exchange.cases import Case, judged_text

CAUSES = {
    Cause.POLICY_GAP: "The policy has a gap",
    Cause.MODEL_MISREAD: "The model misread",
    Cause.MISSING_CONTEXT: "Context was missing",
    Cause.BORDERLINE: "Borderline",
    Cause.BAD_EXAMPLE: "An example misleads",
    Cause.OTHER: "Other",
}
_STYLE = """
:root{color-scheme:light dark;--line:#c9ced6;--soft:#5b6472;--side:#f4f6f9}
@media(prefers-color-scheme:dark){:root{--line:#3a414d;--soft:#9aa4b2;--side:#1d222b}}
body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}
h2{font-size:1.05rem;margin:2.2rem 0 .4rem;border-top:1px solid var(--line);padding-top:1rem}
.soft{color:var(--soft);font-size:.9rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;
font:inherit;background:var(--side);padding:.7rem .9rem;border-radius:6px;margin:.5rem 0}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:600;width:8rem;vertical-align:top}th,td{padding:.25rem .6rem .25rem 0}
td{white-space:pre-wrap;overflow-wrap:anywhere}
@media print{h2{break-before:auto}pre,table{break-inside:avoid}}
"""


def overview(cases: Iterable[Case], left_out: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return name and value of what a reader wants to know first: how many, under which policy, which way, and why."""
    policies, ways, causes = Counter[str](), Counter[str](), Counter[str]()
    for case in cases:
        policies[f"{case.policy.title} ({case.policy.policy_id})" if case.policy is not None else "No policy"] += 1
        way = _way(case)
        if way:
            ways[way] += 1
        if case.decision is not None and case.decision.cause is not None:
            causes[CAUSES[case.decision.cause]] += 1
    told = [("Cases", f"{policies.total():,}"), ("By policy", _counts(policies)), ("Which way", _counts(ways))]
    told += [("By cause", _counts(causes)), ("Left out", "; ".join(left_out))]
    return [(name, value) for name, value in told if value]


def _way(case: Case) -> str:
    """Say in which direction the two sides of a case lie apart."""
    if case.decision is None or case.verdict is None:
        return ""
    human, model = case.decision.violates, case.verdict.violates
    if human is None or model is None:
        return "the model gave no answer that could be read"
    if human == model:
        return "both on the same side" if case.decision.label != case.verdict.label else "no difference"
    return "only the reviewer says it violates" if human else "only the model says it violates"


def _counts(counter: Counter[str]) -> str:
    """Return one line for each thing that was counted, the most frequent first."""
    return "\n".join(f"{count:,} {name}" for name, count in counter.most_common())


def html_report(
    cases: Iterable[Case], title: str, made_at: datetime, told: Sequence[tuple[str, str]] = ()
) -> Iterator[bytes]:
    """Yield the page in pieces, one for each case; `told` is what `overview` says of all of them."""
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{_text(title)}</h1>\n<p class=soft>Made {made_at:%Y-%m-%d %H:%M} UTC with Docket.</p>\n"
        f"{_table(told)}\n"
    ).encode()
    count = 0
    for count, case in enumerate(cases, 1):
        yield _section(count, case).encode()
    yield f"<p class=soft>{count} cases.</p>\n</body></html>\n".encode()


def _section(number: int, case: Case) -> str:
    content = f"<pre dir=auto>{_text(shown_content(case))}</pre>"
    return f"<h2>{number}. {_text(case.item.id)}</h2>\n{content}\n{_table(facts(case))}\n"


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><th scope=row>{_text(name)}</th><td dir=auto>{_text(value)}</td></tr>" for name, value in rows
    )
    return f"<table>{cells}</table>"


def shown_content(case: Case) -> str:
    """Return what was judged, or what is left of it to show."""
    if case.item.removed_at is not None:
        return f"The content was removed. Its hash is {case.item.content_hash}."
    return judged_text(case.item)


def facts(case: Case) -> Iterator[tuple[str, str]]:
    """Yield name and value of what is known of a case: policy, clause, both sides, cause, note."""
    policy, verdict, decision = case.policy, case.verdict, case.decision
    if policy is not None:
        yield "Policy", f"{policy.title} ({policy.policy_id}, version {policy.hash[:12]})"
    rule_id = (decision.rule_id if decision else None) or next(iter(verdict.rule_ids if verdict else ()), None)
    rule = policy.rule(rule_id) if policy is not None and rule_id else None
    if rule is not None:
        yield "Clause", f"{rule.id} {rule.text}"
    if verdict is not None:
        yield "Model", _label(case, verdict.label) if verdict.label else verdict.status.value
        if verdict.rationale:
            yield "It says", verdict.rationale
    if decision is not None:
        yield "Reviewer", f"{_label(case, decision.label)} ({decision.reviewer}{', blind' if decision.blind else ''})"
        if decision.cause is not None:
            yield "Cause", CAUSES[decision.cause]
        if decision.note:
            yield "Note", decision.note
        yield "Decided", f"{decision.decided_at:%Y-%m-%d %H:%M} UTC"


def _label(case: Case, code: str | None) -> str:
    label = case.policy.label(code) if case.policy is not None and code else None
    return f"{label.code} · {label.name}" if label is not None else code or "taken back"


def spell_out(text: str) -> str:
    """Return text with characters that cannot be seen written as their code points; line ends and tabs stay."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(_mark(letter) if _is_unseen(letter) else letter for letter in text)


def _is_unseen(letter: str) -> bool:
    return letter not in "\n\t" and unicodedata.category(letter)[0] == "C"


def _mark(letter: str) -> str:
    return f"⟨U+{ord(letter):04X}⟩"


def _text(text: str) -> str:
    return html.escape(spell_out(text))
