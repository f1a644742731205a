"""From what a model wrote to a Verdict: the one door through which live and recorded runs are read.

It owns the statuses and the check of what the model cites. It never guesses a label, never raises on any output, and
keeps the raw text beside what it read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from core.domain import Effort, Item, ModelInfo, PolicyVersion, RawOutput, Verdict, VerdictStatus
from core.inference.channels import Channels, split_channels
from core.inference.verdict_json import MAX_CITATIONS, read_json
from core.inference.verdict_text import NO_LABEL, Reading, explicit_labels, is_bare, read_text
from core.policy.labels import plain_dashes

_REFUSAL = re.compile(
    r"\b(?:i['\u2019]?m|i am|we are|we['\u2019]re) (?:really |very |so )?sorry\b|^\W*sorry\b|"
    r"\bi (?:must|have to|need to) (?:decline|refuse)\b|\bi(?:['\u2019]m| am) (?:unable|not able|not allowed)\b|"
    r"\b(?:i|we) (?:can(?:['\u2019]t|not| not)|won['\u2019]t|will not|refuse to) "
    r"(?:help|assist|comply|provide|do|fulfil\w*|continue|engage|answer|judge|classify|evaluate|review|process|share)\b",
    re.IGNORECASE,
)
_QUOTE_MARKS = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u00a0": " ", "\u202f": " "})
_MAX_REASONS = 100_000


def interpret(
    raw: RawOutput,
    *,
    item: Item,
    policy: PolicyVersion,
    model: ModelInfo,
    effort: Effort | None,
    settings: Mapping[str, Any],
) -> Verdict:
    """Read a raw output as a verdict of (item, policy). Never raises on any text.

    Only `parsed` carries label and violates. `score` is the probability of violating where the engine read label
    probabilities, whatever the status. `invented` lists cited rules and quotes that policy or content do not hold.
    `detail` says in one sentence what happened when the status is not `parsed`.
    """
    channels = split_channels(raw.output, separated=bool(raw.reasoning))
    status, reading = _read(raw, _final(channels, policy), policy)
    rule_ids = _rule_ids(reading, policy)
    return replace(
        _run(raw, item, policy, model),
        status=status,
        label=reading.label.code if reading.label else None,
        violates=reading.label.violates if reading.label else None,
        rationale=reading.rationale,
        reasoning="\n\n".join(part for part in (raw.reasoning, channels.reasoning) if part),
        rule_ids=rule_ids,
        quotes=reading.quotes,
        invented=(*_unknown_rules(rule_ids, policy), *_unknown_quotes(reading.quotes, item)),
        effort=effort,
        detail=reading.problem,
        settings=dict(settings),
    )


def _run(raw: RawOutput, item: Item, policy: PolicyVersion, model: ModelInfo) -> Verdict:
    """Return what is known of a run before its answer is read."""
    return Verdict(
        item_id=item.id,
        policy_id=policy.policy_id,
        policy_hash=policy.hash,
        status=VerdictStatus.UNPARSED,
        score=_score(raw, policy),
        model=model.name,
        model_sha256=model.sha256,
        prompt_sha256=raw.prompt_sha256,
        prompt_tokens=raw.prompt_tokens,
        output_tokens=raw.output_tokens,
        seconds=raw.seconds,
        raw_output=raw.output,
        label_mass=raw.label_mass,
        reasoning_cut=raw.reasoning_cut,
        rationale_cut=raw.rationale_cut,
    )


def _final(channels: Channels, policy: PolicyVersion) -> str | None:
    """Return the text to read the answer from: with its opening, where that may be the real answer."""
    if channels.final is None or not explicit_labels(channels.opening, policy):
        return channels.final
    return f"{channels.opening}\n{channels.final}"


def _read(raw: RawOutput, final: str | None, policy: PolicyVersion) -> tuple[VerdictStatus, Reading]:
    if raw.finish == "error":
        return VerdictStatus.FAILED, Reading(None, raw.error or "The model run ended with an error.")
    if raw.finish == "length":
        return VerdictStatus.TRUNCATED, Reading(None, "The answer was cut off before it was complete.")
    if final is None:
        return VerdictStatus.UNPARSED, Reading(None, "The model stopped after its reasoning and gave no answer.")
    if not final.strip():
        return VerdictStatus.UNPARSED, Reading(None, "The model gave an empty answer.")
    reading = read_json(final, policy)
    if reading is None:
        reading = read_text(final, policy)
        if reading.label is not None and not is_bare(final, policy):
            reading = Reading(reading.label, rationale=final.strip()[:_MAX_REASONS])
    if reading.label is not None:
        return VerdictStatus.PARSED, reading
    if reading.problem == NO_LABEL and _REFUSAL.search(final):
        return VerdictStatus.REFUSED, Reading(None, "The model declined to judge this item.")
    return VerdictStatus.UNPARSED, reading


def _score(raw: RawOutput, policy: PolicyVersion) -> float | None:
    """Return the summed probability of the violating labels, None when the engine read none."""
    if not raw.label_scores:
        return None
    total = math.fsum(raw.label_scores.get(label.code, 0.0) for label in policy.labels if label.violates)
    return min(1.0, max(0.0, total)) if math.isfinite(total) else None


def _rule_ids(reading: Reading, policy: PolicyVersion) -> tuple[str, ...]:
    """Return the rule ids an answer cites: listed in its JSON, or written in its reasons in the policy's own form."""
    if reading.rule_ids or not reading.rationale:
        return reading.rule_ids
    prefixes = {match.group() for rule in policy.rules if (match := re.match(r"[A-Za-z-]+(?=\d|\.)", rule.id))}
    if not prefixes:
        return ()
    names = "|".join(map(re.escape, sorted(prefixes, key=len, reverse=True)))
    shape = rf"(?<![\w.-])(?:{names})\d*(?:\.[a-z0-9]{{1,4}})*\b"
    codes = {name for label in policy.labels for name in (label.code, *label.aliases)}
    known = {rule.id for rule in policy.rules}
    mentioned = (match.group() for match in re.finditer(shape, plain_dashes(reading.rationale)))
    found = [text for text in mentioned if text in known or (text not in codes and any(map(str.isdigit, text)))]
    return tuple(dict.fromkeys(found))[:MAX_CITATIONS]


def _unknown_rules(rule_ids: Iterable[str], policy: PolicyVersion) -> list[str]:
    known = {rule.id for rule in policy.rules}
    return [rule_id for rule_id in rule_ids if rule_id not in known]


def _unknown_quotes(quotes: Iterable[str], item: Item) -> list[str]:
    content = _fold(item.content)
    return [quote for quote in quotes if _fold(quote) not in content]


def _fold(text: str) -> str:
    """Return the text as quotes are compared: white space, quotation marks and dashes of any kind are one kind."""
    return re.sub(r"\s+", " ", plain_dashes(text.translate(_QUOTE_MARKS))).strip()
