"""Policies for the tests of the readers, built from the domain alone."""

from __future__ import annotations

from core.domain import Effort, ItemKind, Label, OutputForm, PolicyVersion

LABELS = (
    Label("SP0", "Not spam", False, 0, aliases=("VALID", "0")),
    Label("SP2", "Nuisance", True, 2),
    Label("SP4", "Malicious", True, 4, True, aliases=("SCAM",)),
)


def make_policy(policy_id: str = "spam", labels: tuple[Label, ...] = LABELS) -> PolicyVersion:
    """A policy of that id whose hash is made from the id."""
    return PolicyVersion(
        f"hash-{policy_id}", policy_id, "Spam", "", "", labels, (), {}, tuple(ItemKind), OutputForm.CATEGORY, Effort.LOW
    )
