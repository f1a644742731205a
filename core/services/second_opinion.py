"""The verbs of the second opinion: train it, read its card, let it score the queue, and let sure negatives wait.

It owns what it learns from (the standing decisions of one policy) and who may turn waiting on. A second opinion orders
the queue; it decides nothing, and nothing it says is ever stored as a verdict or a decision.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.domain import Item, utc_now
from core.domain.insight import Comparison, Estimate
from core.domain.opinions import Deferral, OpinionCard, Scored, Word
from core.errors import UsageError
from core.insight.intervals import share_of
from core.services.insight import check_policy
from core.services.members import Deed, require
from core.services.workspace import Workspace

if TYPE_CHECKING:
    from core.insight.assessment import Assessment
    from core.insight.second_opinion import SecondOpinion

HELD_OUT = 3
"""One in so many labels is held out to prove a bound on what may wait."""

WAITS, AUDITED = 1, 2
_NO_ERROR = -1.0
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Labels:
    """What is learnt from: decisions and their items, aligned, oldest first."""

    decisions: tuple[Comparison, ...]
    items: tuple[Item, ...]

    @property
    def truth(self) -> list[bool]:
        return [decision.human_violates for decision in self.decisions]


def train_second_opinion(
    workspace: Workspace,
    *,
    policy_id: str,
    cancel: threading.Event | None = None,
    progress: Progress = lambda _words: None,
) -> OpinionCard:
    """Train a new version of a policy's second opinion from its standing decisions, and return its card.

    The card's figures come from five-fold cross-validation; the stored classifier has learnt from all labels. The
    queue is not scored yet: that is `score_queue`. About a minute for a thousand labels.

    Raises:
        RoleError: an auditor, or no member. UsageError: no such policy, or not enough labels.
        CancelledError: `cancel` was set; nothing was stored.
    """
    return _train(workspace, policy_id, _NO_ERROR, cancel or threading.Event(), progress)


def _train(
    workspace: Workspace, policy_id: str, error: float, cancel: threading.Event, progress: Progress
) -> OpinionCard:
    require(workspace, Deed.TRAIN)
    check_policy(workspace, policy_id)
    import numpy as np

    from core.insight.assessment import assess, head_to_head
    from core.insight.conformal import guarantee
    from core.insight.second_opinion import Labelled, check_labels, text_of

    labels = _labels(workspace, policy_id)
    check_labels(labels.truth)
    progress("Reading the labelled items")
    labelled = Labelled([text_of(item) for item in labels.items], labels.truth)
    rows = np.arange(len(labels.items))
    proof = None
    if error != _NO_ERROR:
        progress("Proving the bound on held-out labels")
        held = np.array([hold_out(item.id) for item in labels.items])
        check_labels(labelled.truth[~held].tolist())
        proof = guarantee(labelled.score(rows[~held], rows[held]).tolist(), labelled.truth[held].tolist(), error=error)
        rows = rows[~held]
    progress("Cross-validating")
    found = assess(labelled, stop=cancel.is_set)
    progress("Training")
    model = labelled.train(rows)
    heads = (head_to_head(labels.decisions, found.scores, blind=blind) for blind in (True, False))
    card = OpinionCard(
        policy_id=policy_id,
        version=0,
        trained_by=workspace.reviewer,
        trained_at=utc_now(),
        labels=len(rows),
        violating=int(labelled.truth[rows].sum()),
        policy_versions=tuple(sorted({decision.version for decision in labels.decisions})),
        features=model.features,
        auc=found.auc,
        precision=found.precision,
        recall=found.recall,
        f1=found.f1,
        curve=found.curve,
        heads=tuple(head for head in heads if head is not None),
        guarantee=proof,
    )
    trial = _trial(labels.decisions, found)
    return workspace.store.add_opinion(card, model.to_bytes(), trial=trial, actor=workspace.reviewer)


def _trial(decisions: Sequence[Comparison], found: Assessment) -> dict[str, object]:
    """Return what stands behind the figures of a card: (entry, human, model, second opinion, blind), and errors."""
    from core.insight.assessment import DIVIDE

    items = [
        [one.entry, one.human_violates, one.model_violates if one.compared else None, bool(score >= DIVIDE), one.blind]
        for one, score in zip(decisions, found.scores, strict=True)
    ]
    curve = {str(labels): [decisions[row].entry for row in rows] for labels, rows in found.missed.items()}
    return {"items": items, "curve": curve}


def hold_out(item_id: str) -> bool:
    """Whether an item's label is kept back to prove a bound: by its id, so that it always is or never."""
    return hashlib.sha256(b"docket-hold-out-v1" + item_id.encode("utf-8", "surrogatepass")).digest()[0] % HELD_OUT == 0


def _labels(workspace: Workspace, policy_id: str) -> _Labels:
    decisions = list(workspace.store.iter_comparisons(policy_id=policy_id))
    items = workspace.store.items_of_entries([decision.entry for decision in decisions])
    pairs = [(decision, item) for decision, item in zip(decisions, items, strict=True) if item.removed_at is None]
    return _Labels(tuple(decision for decision, _ in pairs), tuple(item for _, item in pairs))


def second_opinions(workspace: Workspace, *, policy_id: str) -> list[OpinionCard]:
    """Return the cards of all versions of a policy's second opinion, oldest first.

    Raises:
        UsageError: there is no such policy.
    """
    check_policy(workspace, policy_id)
    return workspace.store.opinions(policy_id)


def weighing_words(workspace: Workspace, *, policy_id: str, item_id: str | None = None, count: int = 20) -> list[Word]:
    """Return the words that weigh most in the newest second opinion, or those that moved its score of one item.

    Raises:
        UsageError: no such policy or item, or no second opinion to ask.
    """
    model, _ = _newest(workspace, policy_id)
    if item_id is None:
        return model.words(count)
    item = workspace.store.get_item(item_id)
    if item is None:
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    return model.words_of(item, count)


def _newest(workspace: Workspace, policy_id: str, version: int | None = None) -> tuple[SecondOpinion, OpinionCard]:
    """Return the newest second opinion of a policy that still has its model, or this version of it."""
    from core.insight.second_opinion import SecondOpinion

    cards = [card for card in second_opinions(workspace, policy_id=policy_id) if version in (None, card.version)]
    if not cards:
        raise UsageError("This policy has no second opinion yet.", f"Train one: `{_TRAIN} --policy {policy_id}`.")
    stored = workspace.store.opinion_model(policy_id, cards[-1].version)
    if stored is None:
        raise UsageError(
            "The second opinion was forgotten when content was removed: it could hold words of it.",
            f"Train it again: `{_TRAIN} --policy {policy_id}`.",
        )
    return SecondOpinion.from_bytes(stored), cards[-1]


_TRAIN = "main.py second-opinion train"


def score_queue(
    workspace: Workspace,
    *,
    policy_id: str,
    cancel: threading.Event | None = None,
    progress: Progress = lambda _words: None,
) -> Scored:
    """Let the second opinion score every undecided item of a policy, for the order `expected` and for what waits.

    With waiting turned on, the version it was proved for scores, and sure negatives wait, but for the audit sample.
    About five hundred items a second. Stopped, it keeps what was scored.

    Raises:
        RoleError: an auditor, or no member. UsageError: no such policy, or no second opinion to ask.
    """
    require(workspace, Deed.TRAIN)
    started = time.monotonic()
    deferral = workspace.store.deferral(policy_id)
    model, _ = _newest(workspace, policy_id, None if deferral is None else deferral.version)
    counts = {0: 0, WAITS: 0, AUDITED: 0}
    done = 0
    for entries, items in workspace.store.iter_undecided(policy_id):
        if cancel is not None and cancel.is_set():
            break
        scores = list(model.score(items))
        waits = [_waits(deferral, item.id, score) for item, score in zip(items, scores, strict=True)]
        workspace.store.set_opinions(list(zip(entries, scores, waits, strict=True)))
        for state in waits:
            counts[state] += 1
        done += len(entries)
        progress(f"{done:,} items scored")
    return Scored(done, counts[WAITS], counts[AUDITED], time.monotonic() - started)


def _waits(deferral: Deferral | None, item_id: str, score: float) -> int:
    if deferral is None or score >= deferral.guarantee.threshold:
        return 0
    return AUDITED if _chosen(item_id, deferral.audit_percent) else WAITS


def _chosen(item_id: str, percent: int) -> bool:
    """Whether the audit sample takes an item: by its id, so that scoring again does not draw again."""
    digest = hashlib.sha256(b"docket-deferral-audit-v1" + item_id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") % 100 < percent


def start_waiting(
    workspace: Workspace,
    *,
    policy_id: str,
    error: float = 0.05,
    audit_percent: int = 10,
    cancel: threading.Event | None = None,
    progress: Progress = lambda _words: None,
) -> Deferral:
    """Let items the second opinion is sure do not violate wait behind the model's queue; return how it stands.

    A version is trained without a third of the labels, on which the bound is proved: with 95% confidence at most
    `error` of the violating items wait. `audit_percent` of the sure ones, at least 1, do not wait, so that the
    error is measured as work goes on. Nothing is decided by it.

    Raises:
        RoleError: the acting person does not lead.
        UsageError: no such policy, values out of range, or not enough labels to prove the bound.
        CancelledError: `cancel` was set; nothing waits.
    """
    require(workspace, Deed.DEFER)
    if not 1 <= audit_percent <= 100:
        raise UsageError("The audit sample is 1 to 100 percent.", "Something has to be looked at to measure the error.")
    stop = cancel or threading.Event()
    card = _train(workspace, policy_id, error, stop, progress)
    if card.guarantee is None:
        raise RuntimeError("a version trained for a bound has none")
    workspace.store.set_deferral(policy_id, card.version, card.guarantee, audit_percent, actor=workspace.reviewer)
    score_queue(workspace, policy_id=policy_id, cancel=stop, progress=progress)
    return deferral(workspace, policy_id=policy_id) or _gone()


def _gone() -> Deferral:
    raise UsageError("Somebody else turned waiting off meanwhile.", "Turn it on again if it is wanted.")


def stop_waiting(workspace: Workspace, *, policy_id: str) -> int:
    """Let nothing of a policy wait any more; return how many items come back.

    Raises:
        RoleError: the acting person does not lead. UsageError: no such policy, or nothing waits.
    """
    require(workspace, Deed.DEFER)
    check_policy(workspace, policy_id)
    if workspace.store.deferral(policy_id) is None:
        raise UsageError("Nothing waits under this policy.", f"See `main.py second-opinion show --policy {policy_id}`.")
    return workspace.store.clear_deferral(policy_id, actor=workspace.reviewer)


def deferral(workspace: Workspace, *, policy_id: str) -> Deferral | None:
    """Return what waits under a policy and what its audit sample shows, None while nothing may wait.

    Raises:
        UsageError: there is no such policy.
    """
    check_policy(workspace, policy_id)
    found = workspace.store.deferral(policy_id)
    return None if found is None else replace(found, missed=_missed(found))


def _missed(found: Deferral) -> Estimate:
    return share_of(found.violating, found.decided)


def opinion_of(workspace: Workspace, *, policy_id: str, items: Sequence[Item]) -> list[float]:
    """Return the newest second opinion's probability of violating for each item, in order.

    Raises:
        UsageError: no such policy, or no second opinion to ask.
    """
    model, _ = _newest(workspace, policy_id)
    return list(model.score(items))
