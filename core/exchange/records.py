"""The JSON shapes of Docket: what each value looks like on standard output and in exported files.

It owns the field names, which others rely on: fields may be added, none renamed. It reads no database and writes no
file. Times are ISO 8601 in UTC; enums are their values.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from core.domain import (
    Check,
    ClassifySummary,
    Decision,
    ImportPreview,
    ImportSummary,
    Item,
    ItemReviews,
    PolicyStats,
    PolicyVersion,
    PromptView,
    QuarantinedRow,
    RejectedRow,
    Review,
    Verdict,
    VerdictStatus,
)
from core.errors import AppError
from core.exchange.insight import intervals_to_dict
from core.policy.lint import Finding, LintReport


def time_to_text(moment: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC with microseconds and `Z`, or None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """Return the VERDICT object."""
    return {
        "item": verdict.item_id,
        "policy": verdict.policy_id,
        "policy_hash": verdict.policy_hash,
        "status": verdict.status.value,
        "label": verdict.label,
        "violates": verdict.violates,
        "score": verdict.score,
        "rationale": verdict.rationale,
        "reasoning": verdict.reasoning,
        "rule_ids": list(verdict.rule_ids),
        "quotes": list(verdict.quotes),
        "model": verdict.model,
        "model_sha256": verdict.model_sha256,
        "prompt_sha256": verdict.prompt_sha256,
        "prompt_tokens": verdict.prompt_tokens,
        "output_tokens": verdict.output_tokens,
        "seconds": verdict.seconds,
        "effort": verdict.effort.value if verdict.effort else None,
        "raw_output": verdict.raw_output,
    }


def decision_to_dict(decision: Decision) -> dict[str, Any]:
    """Return the decision object; `agrees` is None where no parsed verdict was there to agree with."""
    return {
        "id": decision.item_id,
        "policy": decision.policy_id,
        "policy_hash": decision.policy_hash,
        "label": decision.label,
        "agrees": decision.agrees,
        "cause": decision.cause.value if decision.cause else None,
        "rule_id": decision.rule_id,
        "note": decision.note,
        "reviewer": decision.reviewer,
        "blind": decision.blind,
        "seconds": decision.seconds,
        "decided_at": time_to_text(decision.decided_at),
        "imported": decision.imported,
    }


def content_to_dict(item: Item) -> dict[str, Any]:
    """Return what is judged, as an item record holds it: `content` or `messages` with `target`, and `parent`.

    Of an item whose content was removed: `content_hash` and `removed_at`, and nothing else.
    """
    if item.removed_at is not None:
        return {"content_hash": item.content_hash, "removed_at": time_to_text(item.removed_at)}
    judged: dict[str, Any] = {}
    if item.messages:
        judged["messages"] = [{"role": turn.role, "content": turn.content} for turn in item.messages]
        judged["target"] = item.target
    else:
        judged["content"] = item.content
    if item.parent is not None:
        judged["parent"] = item.parent
    return judged


def item_to_dict(item: Item, verdicts: Iterable[Verdict] = (), decisions: Iterable[Decision] = ()) -> dict[str, Any]:
    """Return the object of `export items`; importing it again gives an item of the same content hash."""
    shown: dict[str, Any] = {"id": item.id, **content_to_dict(item)}
    if item.policy is not None:
        shown["policy"] = item.policy
    shown["metadata"] = dict(item.metadata)
    shown["verdicts"] = [verdict_to_dict(verdict) for verdict in verdicts]
    shown["decisions"] = [decision_to_dict(decision) for decision in decisions]
    return shown


def reviews_to_dict(reviews: ItemReviews) -> dict[str, Any]:
    """Return what a bundle adds to an item for decisions that do not stand; {} when there is none."""
    listed = {"independent": reviews.independent, "settled": reviews.settled}
    return {name: [decision_to_dict(each) for each in decisions] for name, decisions in listed.items() if decisions}


def disagreement_to_dict(decision: Decision, item: Item, verdict: Verdict) -> dict[str, Any]:
    """Return the object of `export disagreements`: the decision, what was judged, and what the model said.

    `agrees` is false even for a decision that is older than the verdict and could not yet know.
    """
    return {
        **decision_to_dict(decision),
        "agrees": False,
        **content_to_dict(item),
        "verdict": verdict_to_dict(verdict),
    }


def queue_item_to_dict(review: Review) -> dict[str, Any]:
    """Return one object of the `queue` list; `content` is the whole text under judgement.

    An item whose content was removed also has `content_hash` and `removed_at`.
    """
    removed = content_to_dict(review.item) if review.item.removed_at is not None else {}
    return {
        "id": review.item.id,
        "state": review.state.value,
        "content": review.item.content,
        "policy": review.policy.policy_id if review.policy else None,
        "verdict": verdict_to_dict(review.verdict) if review.verdict else None,
        **removed,
    }


def queue_to_dict(total: int, reviews: Iterable[Review]) -> dict[str, Any]:
    """Return the `queue` document; `total` counts all entries that match, not only those shown."""
    return {"total": total, "items": [queue_item_to_dict(review) for review in reviews]}


def policy_to_dict(policy: PolicyVersion) -> dict[str, Any]:
    """Return the `policy show` document."""
    return {
        "id": policy.policy_id,
        "title": policy.title,
        "hash": policy.hash,
        "version": policy.version,
        "applies_to": [kind.value for kind in policy.applies_to],
        "output": policy.output.value,
        "effort": policy.effort.value,
        "labels": [
            {
                "code": label.code,
                "name": label.name,
                "violates": label.violates,
                "severity": label.severity,
                "escalate": label.escalate,
                "aliases": list(label.aliases),
            }
            for label in policy.labels
        ],
        "sections": dict(policy.sections),
        "rules": [
            {"id": rule.id, "text": rule.text, "label": rule.label, "section": rule.section} for rule in policy.rules
        ],
    }


def lint_to_dict(report: LintReport) -> dict[str, Any]:
    """Return the `policy lint` document."""
    return {
        "id": report.policy_id,
        "title": report.title,
        "hash": report.policy_hash,
        "ok": report.ok,
        "findings": [finding_to_dict(finding) for finding in report.findings],
        "tokens": {
            "total": report.tokens.total,
            "estimated": report.tokens.estimated,
            "tokenizer": report.tokens.tokenizer or None,
            "sections": [{"name": name, "tokens": count} for name, count in report.tokens.sections],
        },
    }


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """Return one object of `findings`; line and column count from 1."""
    return {
        "code": finding.code,
        "level": finding.level.value,
        "line": finding.line,
        "column": finding.column,
        "reason": finding.reason,
        "fix": finding.fix.what if finding.fix else None,
    }


def import_to_dict(summaries: Iterable[ImportSummary], *, scored: int = 0) -> dict[str, Any]:
    """Return the `import` document: the sums over the files of one command, rejected rows in file order.

    `scored` items got the opinion of a second opinion afterwards.
    """
    listed = list(summaries)
    return {
        "read": sum(summary.read for summary in listed),
        "stored": sum(summary.stored for summary in listed),
        "duplicates": sum(summary.duplicates for summary in listed),
        "rejected": [_rejected(row) for summary in listed for row in summary.rejected],
        "verdicts": sum(summary.verdicts for summary in listed),
        "decisions": sum(summary.decisions for summary in listed),
        "quarantined": sum(summary.quarantined for summary in listed),
        "scored": scored,
        "formats": [summary.format for summary in listed],
        "notes": [list(summary.notes) for summary in listed],
        "continued_from": [summary.continued_from for summary in listed],
    }


def _rejected(row: RejectedRow) -> dict[str, Any]:
    shown: dict[str, Any] = {"line": row.line, "reason": row.reason}
    return shown | {"part": row.part} if row.part else shown


def preview_to_dict(preview: ImportPreview) -> dict[str, Any]:
    """Return the document of `import --preview` for one file."""
    return {
        "format": preview.format,
        "notes": list(preview.notes),
        "map": dict(preview.field_map),
        "columns": list(preview.columns),
        "part": preview.part,
        "rows": [
            {
                "line": row.line,
                "items": [{"id": item.id, "kind": item.kind.value, **content_to_dict(item)} for item in row.items],
                "decision": row.decision or None,
                "reason": row.reason or None,
            }
            for row in preview.rows
        ],
    }


def quarantined_to_dict(row: QuarantinedRow, *, whole: bool = False) -> dict[str, Any]:
    """Return one object of `quarantine list`; `quarantine show` adds the bytes, as text and in base64."""
    shown: dict[str, Any] = {
        "row": row.key,
        "file": row.source,
        "line": row.line,
        "reason": row.reason,
        "bytes": len(row.raw),
        "whole": row.whole,
        "at": time_to_text(row.at),
    }
    if whole:
        shown["text"] = row.raw.decode("utf-8", "replace")
        shown["base64"] = base64.b64encode(row.raw).decode()
    return shown


def classify_to_dict(summary: ClassifySummary) -> dict[str, Any]:
    """Return the `classify` document."""
    return {
        "judged": summary.judged,
        **by_status_to_dict(summary.by_status),
        "seconds": summary.seconds,
        "items_per_s": summary.items_per_s,
        "output_tokens": summary.output_tokens,
        "model": summary.model.name,
        "model_sha256": summary.model.sha256,
        "cancelled": summary.cancelled,
        "device": summary.device,
        "fallback": summary.fallback,
    }


def by_status_to_dict(by_status: Mapping[VerdictStatus, int]) -> dict[str, int]:
    """Return the count of every status, 0 where none ended so."""
    return {status.value: by_status.get(status, 0) for status in VerdictStatus}


def stats_to_dict(stats: Iterable[PolicyStats]) -> dict[str, Any]:
    """Return the `stats` document."""
    return {
        "policies": [
            {
                "policy": figures.policy_id,
                "items": figures.items,
                "judged": figures.judged,
                "decided": figures.decided,
                "compared": figures.compared,
                "agreement": figures.agreement,
                "kappa": figures.kappa,
                "precision": figures.precision,
                "recall": figures.recall,
                "f1": figures.f1,
                "by_status": by_status_to_dict(figures.by_status),
                "intervals": intervals_to_dict(figures.estimates),
            }
            for figures in stats
        ]
    }


def prompt_to_dict(view: PromptView, verdict: Verdict | None) -> dict[str, Any]:
    """Return the `inspect` document; `raw_output` is "" while nothing has judged the item."""
    return {
        "prompt": view.text,
        "prompt_sha256": view.sha256,
        "tokens": [
            {"id": token.id, "text": token.text, "span": token.span, "control": token.control} for token in view.tokens
        ],
        "raw_output": verdict.raw_output if verdict else "",
        "verdict": verdict_to_dict(verdict) if verdict else None,
    }


def checks_to_dict(checks: Iterable[Check]) -> dict[str, Any]:
    """Return the `verify` document; it is ok when every check is."""
    listed = list(checks)
    return {
        "ok": all(check.ok for check in listed),
        "checks": [
            {"name": check.name, "ok": check.ok, "detail": check.detail, "hint": check.hint} for check in listed
        ],
    }


def error_to_dict(error: AppError) -> dict[str, Any]:
    """Return the document of a known failure."""
    return {"error": {"title": error.title, "message": error.message, "hint": error.hint}}
