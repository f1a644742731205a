"""What moves between workspaces: who sends bundles, and what became of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

BUNDLE_VERSION = 1
BUNDLE_SCHEMA = "docket-bundle-v1"


@dataclass(frozen=True, slots=True)
class Sender:
    """A workspace whose bundles are taken in, by its public signing key (hex).

    `serial` and `head` say where its audit chain stood in the last bundle, whose SHA-256 (hex) is `bundle`.
    """

    public_key: str
    name: str
    trusted_by: str
    trusted_at: datetime
    serial: int = 0
    head: str = ""
    bundle: str = ""
    imported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """Something of a bundle that does not go with what is here, and was left as it is here.

    `reason` says what. `here` and `there` are the labels of a decision on each side, "" where it is not about one.
    """

    item_id: str
    policy_id: str
    reason: str
    here: str = ""
    there: str = ""


@dataclass(frozen=True, slots=True)
class MergeSummary:
    """What a bundle brought. `second_reviews` are decisions on what was decided here already by somebody else.

    `already` says that this very bundle came in before, so nothing was to do.
    """

    sender: str
    policies: int = 0
    items: int = 0
    duplicates: int = 0
    verdicts: int = 0
    decisions: int = 0
    second_reviews: int = 0
    conflicts: tuple[MergeConflict, ...] = ()
    already: bool = False


@dataclass(frozen=True, slots=True)
class BundleOrigin:
    """Whose bundle it is: the public key that signs it (hex), and where the audit chain stood when it was made."""

    public_key: str
    name: str
    created_at: str
    serial: int
    head: str
    checkpoint: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BundleManifest:
    """What a bundle says of itself, once its signature and all hashes were right."""

    origin: BundleOrigin
    counts: Mapping[str, int]
    policies: tuple[Mapping[str, Any], ...]
    models: tuple[Mapping[str, Any], ...]
    what: str
    sha256: str
