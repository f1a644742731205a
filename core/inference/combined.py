"""Several policies in one call: the text that asks for all answers at once, and the answer to each taken apart.

It owns how the policies stand together and which part of an output belongs to which. A policy the output does not
answer, or answers twice differently, gets nothing; what a part means is read where every answer is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace

from core.domain import ItemKind, OutputForm, PolicyVersion, RawOutput
from core.errors import UsageError
from core.inference.channels import split_channels

MOST_POLICIES = 8
"""Accuracy falls with every policy beside another; beyond this a combined call saves nothing worth having."""

_OBJECT = re.compile(r"\{[^{}]*\}")


def combine_policies(policies: Sequence[PolicyVersion]) -> PolicyVersion:
    """Return one text that asks for a label under each policy, in this order, as one JSON object by policy id.

    It is no version of any policy: its hash names the combination.

    Raises:
        UsageError: fewer than two policies, or more than MOST_POLICIES.
    """
    if not 2 <= len(policies) <= MOST_POLICIES:
        raise UsageError(
            f"A combined call takes 2 to {MOST_POLICIES} policies, not {len(policies)}.",
            "Judge with one call each, or name fewer.",
        )
    form = ", ".join(f'"{policy.policy_id}":"LABEL"' for policy in policies)
    rule = f"Answer with one JSON object that holds a label for each policy, and nothing else: {{{form}}}."
    choices = [f"- {policy.policy_id}: {_choice(policy)}" for policy in policies]
    parts = [f"# Policy {policy.policy_id}: {policy.title}\n\n{_demoted(policy.body)}" for policy in policies]
    head = "Judge the content under each policy below, each by itself: none of them says anything about another."
    body = "\n\n".join(
        [
            "# Instructions",
            head,
            rule,
            "The labels:",
            "\n".join(choices),
            *(part.strip() for part in parts),
            "# Output",
            rule,
        ]
    )
    first = policies[0]
    effort = max((policy.effort for policy in policies), key=["low", "medium", "high"].index)
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
    return replace(
        first,
        hash=digest,
        policy_id="+".join(policy.policy_id for policy in policies),
        title="Combined",
        document=body,
        body=body + "\n",
        rules=(),
        sections={},
        applies_to=tuple(ItemKind),
        output=OutputForm.TEXT,
        effort=effort,
    )


def _choice(policy: PolicyVersion) -> str:
    return ", ".join(f"{label.code} ({label.name})" for label in policy.labels)


def _demoted(body: str) -> str:
    """Return a policy's text with its headings one level down, so that it stays one part of the whole."""
    return re.sub(r"^(#{1,5})(?=[ \t])", r"#\1", body, flags=re.MULTILINE)


def split_combined(raw: RawOutput, policies: Sequence[PolicyVersion]) -> list[RawOutput]:
    """Return the output for each policy, in order: its own answer, and its share of the tokens and the time.

    The whole text stays with the verdict by way of the caller. A run that failed or was cut did so for each. Content
    that was judged in parts is taken apart part by part.
    """
    if raw.part_outputs:
        parts = [split_combined(part, policies) for part in raw.part_outputs]
        whole = split_combined(replace(raw, part_outputs=()), policies)
        return [
            replace(output, part_outputs=tuple(part[index] for part in parts)) for index, output in enumerate(whole)
        ]
    channels = split_channels(raw.output, separated=bool(raw.reasoning))
    answers = _answers(channels.final or "", policies)
    reasoning = "\n\n".join(part for part in (raw.reasoning, channels.reasoning) if part)
    count = len(policies)
    return [
        replace(
            raw,
            output=answers.get(policy.policy_id, ""),
            reasoning=reasoning,
            label_scores={},
            label_mass=None,
            prompt_tokens=_part(raw.prompt_tokens, count, index),
            output_tokens=_part(raw.output_tokens, count, index),
            seconds=raw.seconds / count,
        )
        for index, policy in enumerate(policies)
    ]


def _part(total: int, count: int, index: int) -> int:
    """Return one share of a whole number; the shares sum to it."""
    return total // count + (index < total % count)


def _answers(final: str, policies: Sequence[PolicyVersion]) -> dict[str, str]:
    """Return what an answer says of each policy, by id: from JSON objects, else from lines `id: label`."""
    found: dict[str, set[str]] = {policy.policy_id: set() for policy in policies}
    for text in _OBJECT.findall(final):
        for name, value in _pairs(text):
            if name in found:
                found[name].add(value)
    if not any(found.values()):
        for policy_id, said in found.items():
            line = rf"^[^\w{{\n]*{re.escape(policy_id)}\W*?[:=][ \t*`\"]*(?P<label>[^\n{{}}]{{1,80}}?)[ \t*`\"]*$"
            said |= {match["label"] for match in re.finditer(line, final, re.MULTILINE | re.IGNORECASE)}
    return {name: said.pop() for name, said in found.items() if len(said) == 1}


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return the names and texts of a flat JSON object; a name that stands twice comes twice."""
    try:
        value = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError):
        return []
    return [(name, said) for name, said in value if isinstance(name, str) and isinstance(said, str)]
