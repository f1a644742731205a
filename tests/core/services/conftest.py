"""A workspace whose policy and decided items a test of policies can be tried on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.services.workspace import Workspace
from tests.fixtures.workspaces import bring_in, new_workspace

NOISE = """---
id: noise
title: Noise
applies_to: [message, reply, conversation]
output: rationale
effort: low
labels:
  - {code: NO, name: Quiet, violates: false}
  - {code: YES, name: Noise, violates: true, severity: 2}
  - {code: WORSE, name: Worse noise, violates: true, severity: 4}
---

# Instructions

Is it noise?

# Violates

- YES.a Talk of a drum.
- WORSE.a Talk of a siren.

# Safe

- NO.a Whatever else there is to say.

# Examples

- "A drum at noon" -> YES.a, a drum.
"""

HUMAN = {"drum": "YES", "siren": "WORSE", "horn": "YES", "bird": "NO", "rain": "NO"}
"""What a human says of each word; nobody wrote a rule for the horn."""


@pytest.fixture
def noisy(tmp_path: Path) -> Iterator[Workspace]:
    """Twenty items, four of each word, all decided; the first of each word blind."""
    with new_workspace(tmp_path / "w", policies=()) as workspace:
        services.add_policy(workspace, text=NOISE)
        records = [
            {"id": f"{word}-{number}", "content": f"A {word} at {number}"} for word in HUMAN for number in range(4)
        ]
        bring_in(workspace, records, policy_id="noise")
        for word, label in HUMAN.items():
            for number in range(4):
                key = services.find_entry(workspace, item_id=f"{word}-{number}", policy_id="noise")
                services.decide(workspace, key=key, label=label, blind=number == 0)
        yield workspace
