"""The verb `verify`: is what was recorded still there, unchanged and readable?

It owns nothing but the call: the checks belong to the store.
"""

from __future__ import annotations

from core.domain import Check
from core.services.workspace import Workspace
from core.store.keys import read_keys


def verify(workspace: Workspace) -> list[Check]:
    """Check pages, foreign keys, schema, triggers, audit chain, records, key slots and checkpoints.

    Raises:
        WorkspaceError: keys.json is missing or damaged.
    """
    return workspace.store.verify(read_keys(workspace.folder))
