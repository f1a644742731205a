"""The JSON shapes of trust: members, claims, purges, audit events and the lines of an exported audit chain.

It owns their field names, which others rely on: fields may be added, none renamed. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.domain import AuditEvent, Claim, Member, PurgeSummary, Role
from core.exchange.records import time_to_text

AUDIT_FORMAT = "docket-audit"
AUDIT_VERSION = 1


def member_to_dict(member: Member) -> dict[str, Any]:
    """Return the object of one member; `role` is None after removal."""
    return {
        "name": member.name,
        "role": member.role.value if member.role else None,
        "added_by": member.added_by,
        "added_at": time_to_text(member.added_at),
    }


def members_to_dict(members: Iterable[Member], name: str, role: Role | None) -> dict[str, Any]:
    """Return the `member list` document; `you` is whoever asks."""
    you = {"name": name, "role": role.value if role else None}
    return {"members": [member_to_dict(member) for member in members], "you": you}


def claims_to_dict(claims: Iterable[Claim], released: int) -> dict[str, Any]:
    """Return the `claims` document: who holds what until when, and how many were freed before that."""
    return {
        "claims": [
            {
                "item": claim.item_id,
                "policy": claim.policy_id or None,
                "holder": claim.holder,
                "since": time_to_text(claim.since),
                "until": time_to_text(claim.until),
            }
            for claim in claims
        ],
        "released": released,
    }


def purge_to_dict(summary: PurgeSummary) -> dict[str, Any]:
    """Return the `purge` document."""
    return {
        "items": summary.items,
        "verdicts": summary.verdicts,
        "notes": summary.notes,
        "compacted": summary.compacted,
        "backups": summary.backups,
        "notes_in_chain": summary.notes_in_chain,
    }


def events_to_dict(events: Iterable[AuditEvent]) -> dict[str, Any]:
    """Return the `audit show` document."""
    return {
        "events": [
            {
                "event": event.number,
                "at": time_to_text(event.at),
                "kind": event.kind,
                "actor": event.actor,
                "details": dict(event.details),
                "hash": event.hash,
            }
            for event in events
        ]
    }


def audit_header(workspace: str, signing_key: str, size: int, head: str) -> dict[str, Any]:
    """Return the first line of an exported chain: whose it is, and where it ends."""
    return {
        "format": AUDIT_FORMAT,
        "version": AUDIT_VERSION,
        "workspace": workspace,
        "signing_key": signing_key,
        "size": size,
        "head": head,
    }


def chain_line(number: int, payload: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """Return the line of one event; its hash is over the payload in canonical JSON and the hash before it."""
    return {"event": number, "payload": dict(payload), "hash": digest}


def checkpoint_line(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the line of one signed statement: the chain had this end at this size."""
    return {
        "checkpoint": row["id"],
        "size": row["size"],
        "head": row["head"],
        "at": row["created_at"],
        "signature": row["signature"],
    }
