"""The verbs by which a second opinion orders the queue: score open items, and let sure negatives wait.

It owns which version scores what, and who may turn waiting on. A second opinion orders the queue; it decides nothing,
and nothing it says is ever stored as a verdict or a decision.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from core.domain.insight import Estimate
from core.domain.opinions import Deferral, Scored
from core.errors import AppError, UsageError
from core.insight.intervals import share_of
from core.services.members import Deed, refusal, require
from core.services.policies import check_policy
from core.services.second_opinion import newest_opinion, reading, train_for_bound
from core.services.workspace import Workspace
from core.store.opinions import AUDITED, WAITS

Progress = Callable[[str], None]


def score_queue(
    workspace: Workspace,
    *,
    policy_id: str,
    cancel: threading.Event | None = None,
    progress: Progress = lambda _words: None,
) -> Scored:
    """Let the second opinion score every undecided item of a policy, for the order `expected` and for what waits.

    With waiting turned on, the version it was proved for scores, and sure negatives wait, but for the audit sample.
    About two thousand items a second. Stopped, it keeps what was scored.

    Raises:
        RoleError: an auditor, or no member. UsageError: no such policy, or no second opinion to ask.
    """
    require(workspace, Deed.TRAIN)
    return _score(workspace, policy_id, cancel or threading.Event(), progress, unscored=False)


def score_new(
    workspace: Workspace,
    *,
    cancel: threading.Event | None = None,
    progress: Progress = lambda _words: None,
) -> Scored:
    """Let every policy's second opinion score the open items that none has scored: those that just came in.

    Where the acting person may not, or a model is not to be had, nothing is scored: it is no part of what brought the
    items in. Stopped, it keeps what was scored and goes on from there the next time.
    """
    started = time.monotonic()
    stop = cancel or threading.Event()
    counts = [0, 0, 0]
    for policy_id in workspace.store.policies_with_opinion() if refusal(workspace, Deed.TRAIN) is None else ():
        try:
            done = _score(workspace, policy_id, stop, progress, unscored=True)
        except AppError:  # its embedding model is gone, say; `score_queue` tells
            continue
        counts = [have + new for have, new in zip(counts, (done.scored, done.waiting, done.audited), strict=True)]
    return Scored(counts[0], counts[1], counts[2], time.monotonic() - started)


def _score(
    workspace: Workspace, policy_id: str, stop: threading.Event, progress: Progress, *, unscored: bool
) -> Scored:
    """Score open items a page at a time, each page in one short transaction, so that whoever reviews need not wait."""
    started = time.monotonic()
    deferral = workspace.store.deferral(policy_id)
    model, _ = newest_opinion(workspace, policy_id, None if deferral is None else deferral.version)
    counts = {0: 0, WAITS: 0, AUDITED: 0}
    done = 0
    with reading(workspace, model, stop, progress) as embed:
        for entries, items in workspace.store.iter_undecided(policy_id, unscored=unscored):
            if stop.is_set():
                break
            scores = list(model.score(items, embed))
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
    card = train_for_bound(workspace, policy_id=policy_id, error=error, cancel=stop, progress=progress)
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


def policies_with_second_opinion(workspace: Workspace) -> list[str]:
    """Return the policies whose queue a second opinion can order, by id."""
    return workspace.store.policies_with_opinion()


def count_unscored(workspace: Workspace, *, policy_id: str | None = None) -> int:
    """Return how many undecided items stand last in the order `expected` because no second opinion has scored them.

    Such are items imported without scoring, and those it learnt from whose decision was taken back since. Counted are
    those of one policy, or of every policy that has a second opinion; a policy without one has none.
    """
    having = workspace.store.policies_with_opinion()
    return workspace.store.count_unscored([one for one in having if policy_id in (None, one)])
