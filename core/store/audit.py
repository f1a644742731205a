"""The audit chain: every change leaves a link in the same transaction, and links are signed at the end of a session.

It owns the hash rule, the checkpoints and their check. The rule: `hash = SHA256(domain || previous hash || payload)`
with the payload in canonical JSON (RFC 8785). A chain alone cannot show that its end was cut off; the signed
checkpoints and the head that is kept beside the database do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Row, insert, select

from core.store.bulk import insert_rows
from core.store.rows import to_json, to_time
from core.store.tables import AUDIT_EVENT, CHECKPOINT

DOMAIN = b"docket-audit-v1\x00"
CHECKPOINT_DOMAIN = b"docket-checkpoint-v1\x00"
PAGE = 1000
"""Links read at a time when all are wanted."""

EMPTY_HEAD = hashlib.sha256(DOMAIN).hexdigest()


def link_hash(previous: str, payload: bytes) -> str:
    """Return the hash (hex) of a link, from the previous link's hash (hex) and its canonical payload."""
    return hashlib.sha256(DOMAIN + bytes.fromhex(previous) + payload).hexdigest()


def append(connection: Connection, kind: str, actor: str, details: Mapping[str, Any]) -> None:
    """Append a link to the chain, in the caller's write transaction. `details` is JSON without content."""
    append_all(connection, kind, actor, [details])


def append_all(connection: Connection, kind: str, actor: str, several: Sequence[Mapping[str, Any]]) -> None:
    """Append a link for each of `several`, in their order, as `append` does."""
    size, head = chain_end(connection)
    links: list[dict[str, Any]] = []
    for number, details in enumerate(several, size + 1):
        event = {"kind": kind, "actor": actor, "at": to_time(None), **details}
        try:
            payload = rfc8785.dumps(event)
        except rfc8785.CanonicalizationError:
            to_json(event).encode("utf-8")  # half a surrogate pair is told as anywhere else
            raise
        head = link_hash(head, payload)
        # Its number is given here: a sequence would leave gaps where a transaction was rolled back.
        links.append({"id": number, "kind": kind, "payload": payload.decode("utf-8"), "hash": head})
    insert_rows(connection, AUDIT_EVENT, links)


def chain_end(connection: Connection) -> tuple[int, str]:
    """Return how many links there are and the hash of the last."""
    last = connection.execute(
        select(AUDIT_EVENT.c.id, AUDIT_EVENT.c.hash).order_by(AUDIT_EVENT.c.id.desc()).limit(1)
    ).first()
    return (int(last[0] or 0), last[1]) if last is not None else (0, EMPTY_HEAD)


def _statement(size: int, head: str, created_at: str) -> bytes:
    return CHECKPOINT_DOMAIN + rfc8785.dumps({"size": size, "head": head, "at": created_at})


def add_checkpoint(connection: Connection, key: Ed25519PrivateKey) -> tuple[int, str] | None:
    """Sign the end of the chain if it has grown since the last checkpoint; return size and head, else None."""
    size, head = chain_end(connection)
    last = connection.execute(
        select(CHECKPOINT.c.size, CHECKPOINT.c.head, CHECKPOINT.c.id).order_by(CHECKPOINT.c.id.desc()).limit(1)
    ).first()
    if last is not None and tuple(last[:2]) == (size, head):
        return None
    number = last.id + 1 if last is not None else 1
    now = to_time(None)
    signature = key.sign(_statement(size, head, now)).hex()
    connection.execute(insert(CHECKPOINT).values(id=number, size=size, head=head, created_at=now, signature=signature))
    return size, head


def check_chain(connection: Connection) -> tuple[bool, str]:
    """Walk the whole chain; return whether it holds and what was found, naming the first bad link."""
    head, expected = EMPTY_HEAD, 1
    event = AUDIT_EVENT.c
    query = select(event.id, event.kind, event.payload, event.hash).order_by(event.id)
    with connection.execute(query.execution_options(yield_per=PAGE)) as rows:
        for number, kind, payload, stored in rows:
            if number != expected:
                return False, f"event {expected} is missing: the next one is {number}"
            head = link_hash(head, payload.encode("utf-8"))
            if head != stored:
                return False, f"event {number} was changed, or the one before it was"
            if json.loads(payload).get("kind") != kind:
                return False, f"event {number} was given another kind"
            expected += 1
    return True, f"{expected - 1} events"


def check_checkpoints(
    connection: Connection, keys: Sequence[Ed25519PublicKey], kept: tuple[int, str]
) -> tuple[bool, str]:
    """Check every signed checkpoint, by any of these keys, and the head kept beside the database against the chain."""
    count, signed = 0, 0
    rows = connection.execute(select(CHECKPOINT).order_by(CHECKPOINT.c.id))
    for row in [*rows]:
        count += 1
        if row.id != count:
            return False, f"checkpoint {count} is missing: the next one is {row.id}"
        if not any(_signed_by(key, row) for key in keys):
            return False, f"checkpoint {row.id} has a wrong signature"
        if not holds(connection, row.size, row.head):
            return False, f"checkpoint {row.id} says {row.size} events; {_lost_end(connection, row.size)}"
        signed = max(signed, row.size)
    if not holds(connection, *kept):
        return False, _wrong_head(connection, kept[0])
    if kept[0] > signed:  # closing signs first and notes the head beside the database after that
        return False, f"checkpoint {count + 1} is missing: it signed {kept[0]} events when it was closed last"
    return True, f"{count} checkpoints"


def _signed_by(key: Ed25519PublicKey, row: Row[Any]) -> bool:
    try:
        key.verify(bytes.fromhex(row.signature), _statement(row.size, row.head, row.created_at))
    except (InvalidSignature, ValueError):
        return False
    return True


def _lost_end(connection: Connection, size: int) -> str:
    """Say what became of the end a chain once had, naming the first event that is gone."""
    now, _ = chain_end(connection)
    if now < size:
        return f"the chain has {now} now: event {now + 1} is missing"
    return f"event {size} is not the one that stood there"


def _wrong_head(connection: Connection, size: int) -> str:
    """Say how the head kept in keys.json differs from the chain; a checkpoint of that size may bear witness."""
    witness = connection.execute(select(CHECKPOINT.c.head).where(CHECKPOINT.c.size == size)).scalar()
    if witness is not None and holds(connection, size, witness):
        return f"keys.json and the checkpoint of event {size} name different heads: one of the two was changed"
    return f"the chain had {size} events when it was closed last; {_lost_end(connection, size)}"


def holds(connection: Connection, size: int, head: str) -> bool:
    """Whether the chain had this head (hex) when it had this many links."""
    if size == 0:
        return head == EMPTY_HEAD
    found = connection.execute(select(AUDIT_EVENT.c.hash).where(AUDIT_EVENT.c.id == size)).scalar()
    return bool(found == head)
