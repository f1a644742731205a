"""Who may do what, what was done, and what was removed for good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.domain.results import Check


class Role(StrEnum):
    """What a member of a workspace may do: a lead everything, a reviewer judge and decide, an auditor only read."""

    LEAD = "lead"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a workspace. `role` None: removed, kept so that a name is never free to be taken silently."""

    name: str
    role: Role | None
    added_by: str
    added_at: datetime


class SlotKind(StrEnum):
    """A way to the data key of a workspace."""

    KEYCHAIN = "keychain"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a slot
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class KeySlot:
    """One wrapped copy of the data key. `added_at` is ISO 8601, "" of old slots; `backend` names the keychain.

    `last_used_at` is when it last opened the workspace on this workstation, ISO 8601, "" where nothing is known.
    """

    kind: SlotKind
    added_at: str
    backend: str = ""
    last_used_at: str = ""


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """A backup that was made: where, how large, its SHA-256 (hex) and how many audit events it is signed up to."""

    path: Path
    size_bytes: int
    sha256: str
    events: int


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup in the workspace's own folder. `sha256` (hex) is what the audit chain says of it, "" if nothing."""

    path: Path
    made_at: datetime
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupContents:
    """What a backup says of itself: when it was made (ISO 8601) and up to which audit event.

    `newer` is how many events the open workspace has beyond it, None if it is of another one.
    """

    path: Path
    created_at: str
    events: int
    needs_passphrase: bool
    newer: int | None


@dataclass(frozen=True, slots=True)
class RestoreSummary:
    """A backup that was proven and restored to `folder`. `workspace` is its id, `checks` what was looked at."""

    folder: Path
    workspace: str
    created_at: str
    events: int
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """What a purge would remove: so many items, of which nobody decided so many."""

    items: int
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class PurgeSummary:
    """What a purge removed. `verdicts` and `notes` count the records that lost their texts.

    `compacted` says that the bytes are gone from the database files; it is False while another program reads them.
    `backups` counts files of this workspace that still hold the content, `notes_in_chain` audit events of older
    versions that hold a reviewer's note, which nothing can take out of the chain.
    """

    items: int
    verdicts: int
    notes: int
    compacted: bool
    backups: int = 0
    notes_in_chain: int = 0


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One link of the audit chain; `number` counts from 1. `details` is what the payload holds besides the rest."""

    number: int
    at: datetime
    kind: str
    actor: str
    details: Mapping[str, Any]
    hash: str
