"""Rows to domain values and back. It owns the text forms: canonical JSON for lists, ISO 8601 in UTC for times."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from core.domain import (
    Cause,
    Decision,
    Effort,
    Item,
    ItemKind,
    Label,
    OutputForm,
    PolicyVersion,
    Rule,
    Turn,
    Verdict,
    VerdictStatus,
    utc_now,
)

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def to_json(value: object) -> str:
    """Return compact JSON text; keys keep their order."""
    return _ENCODER.encode(value)


def record_hash(columns: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) over all columns of a record but its key, by name: what the audit chain keeps of it."""
    named = {str(name): columns[name] for name in sorted(columns) if name != "id"}
    return hashlib.sha256(b"docket-record-v1\x00" + to_json(named).encode("utf-8")).hexdigest()


def item_record_hash(columns: Mapping[str, Any]) -> str:
    """Return the `record_hash` of an item; `removed_at` counts once it is set, so that older records hold."""
    unset = columns.get("removed_at") is None
    return record_hash({name: value for name, value in columns.items() if name != "removed_at" or not unset})


def to_time(moment: datetime | None) -> str:
    """Return ISO 8601 text in UTC with microseconds; None means now."""
    return (moment or utc_now()).astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def from_time(text: str) -> datetime:
    """Return the moment of `to_time`."""
    return datetime.fromisoformat(text)


def item_values(item: Item, *, source: str, imported_at: str) -> dict[str, Any]:
    """Return the columns of an item."""
    return {
        "item_id": item.id,
        "kind": item.kind.value,
        "content": item.content,
        "parent": item.parent,
        "messages": to_json([[turn.role, turn.content] for turn in item.messages]) if item.messages else "[]",
        "target": item.target,
        "meta": to_json(dict(item.metadata)) if item.metadata else "{}",
        "policy_id": item.policy,
        "content_hash": item.content_hash,
        "source": source,
        "imported_at": imported_at,
    }


def item_of(row: Row[Any]) -> Item:
    """Return the item of a row that has all columns of `item`."""
    return Item(
        id=row.item_id,
        kind=ItemKind(row.kind),
        content=row.content,
        parent=row.parent,
        messages=tuple(Turn(role, content) for role, content in json.loads(row.messages)),
        target=row.target,
        metadata=json.loads(row.meta),
        policy=row.policy_id,
        removed_at=from_time(row.removed_at) if row.removed_at else None,
        removed_hash=row.content_hash if row.removed_at else "",
    )


def policy_values(policy: PolicyVersion) -> dict[str, Any]:
    """Return the columns of a policy version, without number, author, note and time."""
    parsed = {
        "labels": [[x.code, x.name, x.violates, x.severity, x.escalate, list(x.aliases)] for x in policy.labels],
        "rules": [[rule.id, rule.text, rule.label, rule.section] for rule in policy.rules],
        "sections": dict(policy.sections),
        "applies_to": [kind.value for kind in policy.applies_to],
    }
    return {
        "hash": policy.hash,
        "policy_id": policy.policy_id,
        "title": policy.title,
        "document": policy.document,
        "body": policy.body,
        "parsed": to_json(parsed),
        "output": policy.output.value,
        "effort": policy.effort.value,
    }


def policy_of(row: Row[Any]) -> PolicyVersion:
    """Return the policy version of a row that has all columns of `policy_version`."""
    parsed = json.loads(row.parsed)
    return PolicyVersion(
        hash=row.hash,
        policy_id=row.policy_id,
        title=row.title,
        document=row.document,
        body=row.body,
        labels=tuple(
            Label(code, name, violates, severity, escalate, tuple(aliases))
            for code, name, violates, severity, escalate, aliases in parsed["labels"]
        ),
        rules=tuple(Rule(*rule) for rule in parsed["rules"]),
        sections=parsed["sections"],
        applies_to=tuple(ItemKind(kind) for kind in parsed["applies_to"]),
        output=OutputForm(row.output),
        effort=Effort(row.effort),
        version=row.version,
        author=row.author,
        note=row.note,
        created_at=from_time(row.created_at),
    )


def verdict_values(verdict: Verdict, item_key: int, created_at: str) -> dict[str, Any]:
    """Return the columns of a verdict."""
    return {
        "item_key": item_key,
        "policy_id": verdict.policy_id,
        "policy_hash": verdict.policy_hash,
        "status": verdict.status.value,
        "label": verdict.label,
        "violates": verdict.violates,
        "score": _real(verdict.score),
        "rationale": verdict.rationale,
        "reasoning": verdict.reasoning,
        "rule_ids": to_json(list(verdict.rule_ids)),
        "quotes": to_json(list(verdict.quotes)),
        "invented": to_json(list(verdict.invented)),
        "model": verdict.model,
        "model_sha256": verdict.model_sha256,
        "prompt_sha256": verdict.prompt_sha256,
        "prompt_tokens": verdict.prompt_tokens,
        "output_tokens": verdict.output_tokens,
        "seconds": float(verdict.seconds),  # a whole number would come back as another text
        "effort": verdict.effort.value if verdict.effort else None,
        "raw_output": verdict.raw_output,
        "detail": verdict.detail,
        "label_mass": _real(verdict.label_mass),
        "reasoning_cut": verdict.reasoning_cut,
        "rationale_cut": verdict.rationale_cut,
        "fast": verdict.fast,
        "settings": to_json(dict(verdict.settings)),
        "created_at": created_at,
    }


def verdict_of(row: Row[Any], item_id: str) -> Verdict:
    """Return the verdict of a row that has all columns of `verdict`."""
    values = row._mapping  # noqa: SLF001 - public despite its name
    return Verdict(
        item_id=item_id,
        policy_id=values["policy_id"],
        policy_hash=values["policy_hash"],
        status=VerdictStatus(values["status"]),
        label=values["label"],
        violates=None if values["violates"] is None else bool(values["violates"]),
        score=values["score"],
        rationale=values["rationale"],
        reasoning=values["reasoning"],
        rule_ids=tuple(json.loads(values["rule_ids"])),
        quotes=tuple(json.loads(values["quotes"])),
        invented=tuple(json.loads(values["invented"])),
        model=values["model"],
        model_sha256=values["model_sha256"],
        prompt_sha256=values["prompt_sha256"],
        prompt_tokens=values["prompt_tokens"],
        output_tokens=values["output_tokens"],
        seconds=values["seconds"],
        effort=Effort(values["effort"]) if values["effort"] else None,
        raw_output=values["raw_output"],
        detail=values["detail"],
        label_mass=values["label_mass"],
        reasoning_cut=bool(values["reasoning_cut"]),
        rationale_cut=bool(values["rationale_cut"]),
        fast=bool(values["fast"]),
        settings=json.loads(values["settings"]),
        created_at=from_time(values["created_at"]),
        key=values["id"],
    )


def decision_values(decision: Decision, item_key: int, supersedes: int | None) -> dict[str, Any]:
    """Return the columns of a decision."""
    return {
        "item_key": item_key,
        "policy_id": decision.policy_id,
        "policy_hash": decision.policy_hash,
        "verdict_key": decision.verdict_key,
        "label": decision.label,
        "violates": decision.violates,
        "agrees": decision.agrees,
        "cause": decision.cause.value if decision.cause else None,
        "rule_id": decision.rule_id,
        "note": decision.note,
        "reviewer": decision.reviewer,
        "blind": decision.blind,
        "seconds": _real(decision.seconds),
        "supersedes": supersedes,
        "withdrawn": decision.withdrawn,
        "imported": decision.imported,
        "decided_at": to_time(decision.decided_at),
    }


def decision_record(columns: Mapping[str, Any], *, with_note: bool = False) -> dict[str, Any]:
    """Return what the audit chain keeps of a decision: every column, fit for canonical JSON, and no content.

    A note may quote content, so only its hash is kept; the chain could never forget it. `with_note` gives the older
    form, which held it.
    """
    record = {
        "decision" if name == "id" else name: repr(value) if isinstance(value, float) else value
        for name, value in columns.items()
    }
    if not with_note:
        record["note_sha256"] = text_hash(record.pop("note"))
    return record


def text_hash(text: str) -> str | None:
    """Return the SHA-256 (hex) of a text, None for an empty one."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest() if text else None


def _real(value: float | None) -> float | None:
    return None if value is None else float(value)


def decision_of(row: Row[Any], item_id: str) -> Decision:
    """Return the decision of a row that has all columns of `decision`."""
    return Decision(
        item_id=item_id,
        policy_id=row.policy_id,
        policy_hash=row.policy_hash,
        label=row.label,
        violates=None if row.violates is None else bool(row.violates),
        agrees=None if row.agrees is None else bool(row.agrees),
        reviewer=row.reviewer,
        decided_at=from_time(row.decided_at),
        cause=Cause(row.cause) if row.cause else None,
        rule_id=row.rule_id,
        note=row.note,
        blind=bool(row.blind),
        seconds=row.seconds,
        verdict_key=row.verdict_key,
        supersedes=row.supersedes,
        withdrawn=bool(row.withdrawn),
        imported=bool(row.imported),
        key=row.id,
    )
