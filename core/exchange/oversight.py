"""The JSON shapes of oversight: rules of review, golden items, how reviewers did on them, second reviews.

It owns their field names, which others rely on: fields may be added, none renamed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.domain import GoldenItem, GoldenScore, ReviewRules, SecondReview
from core.exchange.records import decision_to_dict, time_to_text


def rules_to_dict(rules: ReviewRules) -> dict[str, Any]:
    """Return the `policy rules` document; `set_by` is None for the usual rules, which nobody has set."""
    return {
        "policy": rules.policy_id,
        "blind_percent": rules.blind_percent,
        "second_percent": rules.second_percent,
        "cause_when": rules.cause_when.value,
        "note_when": rules.note_when.value,
        "set_by": rules.set_by or None,
    }


def golden_to_dict(golden: GoldenItem) -> dict[str, Any]:
    """Return the object of one golden item."""
    return {
        "id": golden.item_id,
        "policy": golden.policy_id,
        "label": golden.label,
        "added_by": golden.added_by,
        "added_at": time_to_text(golden.added_at),
    }


def scores_to_dict(scores: Iterable[GoldenScore]) -> dict[str, Any]:
    """Return the `golden scores` document."""
    return {
        "scores": [
            {"reviewer": score.reviewer, "policy": score.policy_id, "decided": score.decided, "right": score.right}
            for score in scores
        ]
    }


def second_reviews_to_dict(reviews: Iterable[SecondReview]) -> dict[str, Any]:
    """Return the `second` document; `second` is None while it waits."""
    return {
        "second_reviews": [
            {
                "id": review.first.item_id,
                "policy": review.first.policy_id,
                "state": review.state.value,
                "adjudicated": review.adjudicated,
                "first": decision_to_dict(review.first),
                "second": decision_to_dict(review.second) if review.second is not None else None,
            }
            for review in reviews
        ]
    }
