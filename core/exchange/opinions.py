"""The JSON shapes of second opinions and what they lead to. It owns field names: fields may be added, none renamed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.domain.behind import Drawn, Held, Right, Sampled, Waiting
from core.domain.insight import AuditDraw, AuditRecall, Cell, Stratum
from core.domain.opinions import Contender, Deferral, Guarantee, HeadToHead, OpinionCard, Scored, Useful, Word
from core.exchange.behind import key_of
from core.exchange.insight import estimate_to_dict
from core.exchange.records import time_to_text


def card_to_dict(card: OpinionCard) -> dict[str, Any]:
    """Return one version of a second opinion; every figure is out of fold."""
    return {
        "policy": card.policy_id,
        "version": card.version,
        "trained_by": card.trained_by,
        "trained_at": time_to_text(card.trained_at),
        "labels": card.labels,
        "violating": card.violating,
        "policy_versions": list(card.policy_versions),
        "features": card.features,
        "has_model": card.has_model,
        "reads": card.reads.value,
        "embedding": card.embedding or None,
        "embedding_sha256": card.embedding_sha256 or None,
        "auc": estimate_to_dict(card.auc),
        "precision": estimate_to_dict(card.precision),
        "recall": estimate_to_dict(card.recall),
        "f1": estimate_to_dict(card.f1),
        "learning_curve": [
            {
                "labels": point.labels,
                "auc": estimate_to_dict(point.auc),
                "errors": key_of(Held(card.version, cell=Cell.DISAGREEMENT, labels=point.labels)),
            }
            for point in card.curve
        ],
        "head_to_head": [_head_to_dict(card.version, head) for head in card.heads],
        "behind": key_of(Held(card.version)),
        "errors": key_of(Held(card.version, cell=Cell.DISAGREEMENT)),
        "guarantee": _guarantee_to_dict(card.guarantee) if card.guarantee else None,
    }


def _head_to_dict(version: int, head: HeadToHead) -> dict[str, Any]:
    held = Held(version, blind=head.blind, compared=True)
    return {
        "blind": head.blind,
        "n": head.n,
        "model": _contender_to_dict(head.model),
        "second_opinion": _contender_to_dict(head.opinion),
        "only_model_right": head.only_model,
        "only_second_opinion_right": head.only_opinion,
        "p": head.p,
        "test": "McNemar's exact test",
        "behind": {
            "n": key_of(held),
            **{f"{right.value} right": key_of(replace(held, right=right)) for right in Right},
        },
    }


def _contender_to_dict(side: Contender) -> dict[str, Any]:
    return {
        "agreement": estimate_to_dict(side.agreement),
        "precision": estimate_to_dict(side.precision),
        "recall": estimate_to_dict(side.recall),
        "f1": estimate_to_dict(side.f1),
        "auc": estimate_to_dict(side.auc),
    }


def _guarantee_to_dict(guarantee: Guarantee) -> dict[str, Any]:
    return {
        "error": guarantee.error,
        "confidence": 1 - guarantee.risk,
        "threshold": guarantee.threshold,
        "calibrated_on": guarantee.calibrated_on,
        "waiting": estimate_to_dict(guarantee.waiting),
    }


def opinion_to_dict(
    policy_id: str, cards: Iterable[OpinionCard], words: Iterable[Word], waiting: Deferral | None
) -> dict[str, Any]:
    """Return the `second-opinion show` document, versions oldest first; `enough_labels` is false without any."""
    listed = [card_to_dict(card) for card in cards]
    return {
        "policy": policy_id,
        "enough_labels": bool(listed),
        "versions": listed,
        "words": words_to_list(words),
        "deferral": deferral_to_dict(waiting) if waiting else None,
    }


def words_to_list(words: Iterable[Word]) -> list[dict[str, Any]]:
    """Return words with their weights; above 0 speaks for violating."""
    return [{"word": word.text, "weight": word.weight} for word in words]


def scored_to_dict(scored: Scored) -> dict[str, Any]:
    """Return what a scoring run did."""
    return {
        "scored": scored.scored,
        "waiting": scored.waiting,
        "audited": scored.audited,
        "seconds": scored.seconds,
    }


def deferral_to_dict(waiting: Deferral) -> dict[str, Any]:
    """Return what waits under a policy; `missed` is the share of the audit sample that violates."""
    return {
        "policy": waiting.policy_id,
        "version": waiting.version,
        **_guarantee_to_dict(waiting.guarantee),
        "audit_percent": waiting.audit_percent,
        "set_by": waiting.set_by,
        "set_at": time_to_text(waiting.set_at),
        "items_waiting": waiting.waiting,
        "items_audited": waiting.audited,
        "missed": estimate_to_dict(waiting.missed),
        "behind": {
            "waiting": key_of(Waiting()),
            "audited": key_of(Waiting(audited=True)),
            "violating": key_of(Waiting(violating=True)),
        },
    }


def draw_to_dict(draw: AuditDraw, item_ids: Iterable[str]) -> dict[str, Any]:
    """Return the `insight draw` document; the items are in the order to be looked at."""
    return {
        "draw": draw.number,
        "policy": draw.policy_id,
        "drawn_at": time_to_text(draw.drawn_at),
        "strata": [_stratum_to_dict(stratum) for stratum in draw.strata],
        "items": list(item_ids),
    }


def recall_to_dict(found: AuditRecall, item_ids: Iterable[str]) -> dict[str, Any]:
    """Return the `insight recall` document; `items` are sampled and not decided yet."""
    return {
        "policy": found.policy_id,
        "draws": found.draws,
        "recall": estimate_to_dict(found.recall),
        "precision": estimate_to_dict(found.precision),
        "misses": estimate_to_dict(found.misses),
        "pending": found.pending,
        "strata": [_stratum_to_dict(stratum) for stratum in found.strata],
        "items": list(item_ids),
        "behind": {what.value: key_of(Drawn(what)) for what in Sampled},
    }


def _stratum_to_dict(stratum: Stratum) -> dict[str, Any]:
    return {
        "name": stratum.name,
        "flagged": stratum.flagged,
        "size": stratum.size,
        "drawn": stratum.drawn,
        "decided": stratum.decided,
        "violating": stratum.violating,
        "behind": key_of(Drawn(layer=stratum.name)),
    }


def useful_to_dict(policy_id: str, listed: Iterable[Useful]) -> dict[str, Any]:
    """Return the `insight next` document, the most useful item first."""
    items = [
        {"entry": one.entry, "id": one.item_id, "usefulness": one.usefulness, "reasons": list(one.reasons)}
        for one in listed
    ]
    return {"policy": policy_id, "total": len(items), "items": items}
