"""A policy as a document: front matter with every label written out, then the text the model reads.

It owns the layout of the front matter. Reading it back gives the same policy; the text itself is never touched.
"""

from __future__ import annotations

import json
import re

from core.domain import Label, PolicyVersion

_PLAIN = re.compile(r"[A-Za-z](?:[A-Za-z0-9 _./+-]*[A-Za-z0-9])?")
_SAID_APART = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Words that other readers of YAML take for values of another kind; they are quoted, though Docket needs it not."""


def print_policy(policy: PolicyVersion) -> str:
    """Return the document of a policy: what `parse_policy` reads as the same id, labels, settings and text."""
    kinds = ", ".join(kind.value for kind in policy.applies_to)
    head = [
        "---",
        f"id: {_scalar(policy.policy_id)}",
        f"title: {_scalar(policy.title)}",
        f"applies_to: [{kinds}]",
        f"output: {policy.output.value}",
        f"effort: {policy.effort.value}",
        "labels:",
        *(f"  - {{{_label(label)}}}" for label in policy.labels),
        "---",
    ]
    return "\n".join(head) + "\n\n" + policy.body.strip("\n") + "\n"


def _label(label: Label) -> str:
    fields = [
        f"code: {_scalar(label.code)}",
        f"name: {_scalar(label.name)}",
        f"violates: {str(label.violates).lower()}",
        f"severity: {label.severity}",
    ]
    if label.escalate:
        fields.append("escalate: true")
    if label.aliases:
        fields.append(f"aliases: [{', '.join(map(_scalar, label.aliases))}]")
    return ", ".join(fields)


def _scalar(text: str) -> str:
    """Return a text as YAML; in quotes, as JSON writes it, wherever it could be read as anything else."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _SAID_APART
    return text if plain else json.dumps(text, ensure_ascii=False)
