"""The JSON shapes of bundles: senders, manifests and what a merge brought.

It owns their field names, which others rely on: fields may be added, none renamed. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from typing import Any

from core.domain import BundleManifest, MergeSummary, Sender
from core.exchange.records import time_to_text


def sender_to_dict(sender: Sender) -> dict[str, Any]:
    """Return the object of one sender."""
    return {
        "key": sender.public_key,
        "name": sender.name,
        "trusted_by": sender.trusted_by,
        "trusted_at": time_to_text(sender.trusted_at),
        "serial": sender.serial,
        "imported_at": time_to_text(sender.imported_at),
    }


def manifest_to_dict(manifest: BundleManifest) -> dict[str, Any]:
    """Return the `bundle show` document."""
    origin = manifest.origin
    return {
        "origin": {"key": origin.public_key, "name": origin.name, "created_at": origin.created_at,
                   "serial": origin.serial, "head": origin.head, "checkpoint": dict(origin.checkpoint)},
        "what": manifest.what,
        "counts": dict(manifest.counts),
        "policies": [dict(policy) for policy in manifest.policies],
        "models": [dict(model) for model in manifest.models],
        "sha256": manifest.sha256,
    }  # fmt: skip


def merge_to_dict(summary: MergeSummary) -> dict[str, Any]:
    """Return the `import` document of a bundle: the counts of any import, and what only a merge has."""
    return {
        "read": summary.items + summary.duplicates,
        "stored": summary.items,
        "duplicates": summary.duplicates,
        "rejected": [],
        "verdicts": summary.verdicts,
        "decisions": summary.decisions,
        "formats": ["bundle"],
        "from": summary.sender,
        "policies": summary.policies,
        "second_reviews": summary.second_reviews,
        "already": summary.already,
        "conflicts": [
            {
                "item": conflict.item_id or None,
                "policy": conflict.policy_id or None,
                "reason": conflict.reason,
                "here": conflict.here or None,
                "there": conflict.there or None,
            }
            for conflict in summary.conflicts
        ],
    }
