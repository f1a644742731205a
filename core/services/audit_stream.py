"""The verbs of looking where nobody looked: draw an audit sample, estimate recall from it, list what is useful next.

It owns from what is drawn and which open items are candidates; arithmetic belongs to `core.insight`.
"""

from __future__ import annotations

import secrets
from itertools import chain

from core.domain import EntryState, QueueFilter, QueueSort
from core.domain.insight import AuditDraw, AuditRecall
from core.domain.opinions import Useful
from core.errors import UsageError
from core.services.members import Deed, require
from core.services.policies import check_policy
from core.services.workspace import Workspace

CANDIDATES = 1000
"""Open items from each end of the queue that are weighed for "most useful next"."""

_LARGEST_SEED = 2**53


def draw_audit(workspace: Workspace, *, policy_id: str, size: int = 200, seed: int | None = None) -> AuditDraw:
    """Draw a sample of what the model judged since the last draw, stratified by score; return it.

    Items somebody decided already are known and count in full. The entries come in random order: review them in any,
    but all of them. `seed` draws the same again.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: no such policy, a size below 1, or nothing new was judged.
    """
    require(workspace, Deed.TRAIN)
    check_policy(workspace, policy_id)
    if size < 1:
        raise UsageError("A sample has at least one item.", "Give --size 200, say.")
    from core.insight.audit_stream import Unit, draw

    judged = workspace.store.judged_since(policy_id, workspace.store.last_drawn_verdict(policy_id))
    if not judged:
        raise UsageError("The model has judged nothing new under this policy.", "Classify first, then draw.")
    chosen = secrets.randbelow(_LARGEST_SEED) if seed is None else seed
    units = [Unit(one.entry, one.flagged, one.score, one.violating) for one in judged]
    strata, sample = draw(units, size, seed=chosen)
    return workspace.store.add_draw(
        policy_id,
        strata,
        sample,
        seed=chosen,
        up_to=max(one.verdict for one in judged),
        actor=workspace.reviewer,
    )


def audit_recall(workspace: Workspace, *, policy_id: str) -> AuditRecall:
    """Return recall over everything that was judged, misses included, from all draws of a policy.

    `entries` are the sampled ones that nobody has decided yet, in the order of the draws.

    Raises:
        UsageError: there is no such policy.
    """
    check_policy(workspace, policy_id)
    from core.insight.audit_stream import estimate

    draws = workspace.store.draws(policy_id)
    strata = tuple(chain.from_iterable(draw.strata for draw in draws))
    draw_of = tuple(draw.number for draw in draws for _ in draw.strata)
    recall, precision, misses = estimate(strata)
    entries = tuple(dict.fromkeys(chain.from_iterable(draw.entries for draw in draws)))
    return AuditRecall(policy_id, len(draws), strata, recall, precision, misses, len(entries), entries, draw_of)


def most_useful_next(workspace: Workspace, *, policy_id: str, limit: int = 50) -> list[Useful]:
    """Return the open items whose labels would teach the most, each with its reasons.

    Candidates are the least certain and the most disputed open items and some by age; what they are and why is the
    business of `core.insight.usefulness`.

    Raises:
        UsageError: there is no such policy, or the limit is below 1.
    """
    check_policy(workspace, policy_id)
    if limit < 1:
        raise UsageError("The list has at least one item.", "Give --limit 50, say.")
    from core.insight.second_opinion import text_of
    from core.insight.usefulness import Candidate, most_useful

    wanted = QueueFilter((EntryState.PENDING, EntryState.JUDGED), policy_id)
    ends = [
        workspace.store.queue_ids(QueueFilter(wanted.states, policy_id, sort=sort))[:CANDIDATES]
        for sort in (QueueSort.UNCERTAINTY, QueueSort.EXPECTED, QueueSort.AGE)
    ]
    keys = list(dict.fromkeys(chain.from_iterable(ends)))
    cited = workspace.store.clause_counts(policy_id)
    facts = workspace.store.candidate_facts(keys)
    items = workspace.store.items_of_entries([fact.entry for fact in facts])
    candidates = [
        Candidate(
            fact.entry,
            item.id,
            max(0.0, fact.uncertainty),
            fact.expected if fact.expected >= 0 else None,
            fact.clauses,
            text_of(item),
        )
        for fact, item in zip(facts, items, strict=True)
        if item.removed_at is None
    ]
    return most_useful(candidates, cited, limit)
