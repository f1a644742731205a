"""What a reviewer sees of the queue: their own list, and each entry without what they are to judge without.

It owns who may see which verdict and whose decisions. A verdict in the blind share is left out until this reviewer
has committed a label; what others decided is left out where an independent decision is wanted. What is left out here
never reaches the window.
"""

from __future__ import annotations

import hashlib
import hmac
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.domain import (
    EntryState,
    Hidden,
    PolicyVersion,
    QueueFilter,
    QueueRow,
    QueueSort,
    Review,
    ReviewRules,
    SecondReview,
    SecondState,
    Worklist,
)
from core.errors import UsageError
from core.services.members import Deed, refusal, require
from core.services.workspace import Workspace

OPEN_STATES = (EntryState.PENDING, EntryState.JUDGED)
FIRST_IDS = 200
"""How much of a long list is told before the rest is read: more than any screen shows."""
GOLDEN_EVERY = 20
"""One golden item among so many of the list, at a place nobody can guess."""
SPREAD_AHEAD = 2_000
"""How far down the list heavy and light items are interleaved; the list is read again long before its end."""
HEAVY = 3
"""The severity from which an item counts as heavy (of 4)."""


def in_share(workspace: Workspace, purpose: str, policy_id: str, item_id: str, percent: int) -> bool:
    """Whether a share of the items takes this one: always the same answer, which nobody can work out beforehand.

    A larger share takes all that a smaller one took. `purpose` keeps two shares independent of each other.
    """
    if not 0 < percent < 100:
        return percent >= 100
    text = f"{purpose}\0{policy_id}\0{item_id}".encode("utf-8", "surrogatepass")
    digest = hmac.new(workspace.sampling_secret(), text, hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) < percent * 2**64 // 100


def is_blind(workspace: Workspace, rules: ReviewRules, item_id: str) -> bool:
    """Whether an item belongs to the share whose verdict is hidden at first."""
    return in_share(workspace, "blind", rules.policy_id, item_id, rules.blind_percent)


def wants_second(workspace: Workspace, rules: ReviewRules, item_id: str) -> bool:
    """Whether an item belongs to the share that a second person reviews."""
    return in_share(workspace, "second", rules.policy_id, item_id, rules.second_percent)


def seen_ids(
    workspace: Workspace,
    *,
    filter: QueueFilter,  # noqa: A002 - the field's own word
    worklist: Worklist | None = None,
    interleave: bool = False,
) -> array[int]:
    """Return the keys of this reviewer's list, in order.

    The open list ends with what only others put aside, and has golden items strewn in. `interleave` spreads heavy
    items over the next 2,000.

    Raises:
        RoleError: the list of differences, for somebody who does not lead.
    """
    if worklist is not None:
        if worklist is Worklist.ADJUDICATE:
            require(workspace, Deed.OVERSEE)
        return array("q", workspace.store.worklist(worklist, workspace.reviewer, filter.policy_id))
    keys = workspace.store.queue_ids(filter)
    if filter.label is not None or filter.status is not None:
        keys = _without_blind(workspace, keys)
    plain = replace(filter, states=(), policy_id=None, sort=QueueSort.RISK) == QueueFilter()
    if tuple(filter.states) != OPEN_STATES or not plain:
        return keys
    keys = _without_held(workspace, keys)
    keys.extend(workspace.store.skipped_by_others(workspace.reviewer, filter.policy_id))
    golden = workspace.store.golden_for(workspace.reviewer, filter.policy_id)
    if golden:
        keys = _strew(workspace, keys, golden)
    return _spread(workspace, keys) if interleave else keys


def first_ids(
    workspace: Workspace,
    *,
    filter: QueueFilter,  # noqa: A002 - the field's own word
    keep: int | None = None,
) -> array[int] | None:
    """Return the beginning of what `seen_ids` is about to return, without reading the rest of it.

    None where the beginning cannot be told alone: what is listed is sorted afterwards, golden items are strewn in, it
    is no longer than a page or two, or the entry `keep` stands further down.
    """
    broad = replace(filter, states=(), policy_id=None, sort=QueueSort.RISK, disagreements_only=False)
    if broad != QueueFilter():
        return None
    keys = workspace.store.queue_ids(filter, limit=FIRST_IDS)
    if len(keys) < FIRST_IDS:
        return None
    if tuple(filter.states) == OPEN_STATES and not filter.disagreements_only:
        if workspace.store.golden_for(workspace.reviewer, filter.policy_id):
            return None
        keys = _without_held(workspace, keys)
    if keep is not None and keep not in keys and workspace.store.is_listed(filter, keep):
        return None
    return keys


def _without_held(workspace: Workspace, keys: array[int]) -> array[int]:
    """Leave out of the open list what somebody else is at: nobody is to review it unasked."""
    others = workspace.store.held_by_others(workspace.reviewer)
    return array("q", (key for key in keys if key not in others)) if others else keys


def _without_blind(workspace: Workspace, keys: array[int]) -> array[int]:
    """Leave out what waits for a blind decision: to be listed by its verdict would show the verdict."""
    rules = workspace.store.review_rules()
    blind = {
        key
        for key, item_id, policy_id in workspace.store.undecided(keys)
        if is_blind(workspace, rules.get(policy_id) or ReviewRules(policy_id), item_id)
    }
    return array("q", (key for key in keys if key not in blind)) if blind else keys


def _strew(workspace: Workspace, keys: array[int], golden: Sequence[int]) -> array[int]:
    among = set(golden)
    rest = array("q", (key for key in keys if key not in among))
    for number, key in enumerate(golden):
        text = f"golden\0{workspace.reviewer}\0{key}".encode()
        digest = hmac.new(workspace.sampling_secret(), text, hashlib.sha256).digest()
        rest.insert(min(len(rest), number * GOLDEN_EVERY + digest[0] % GOLDEN_EVERY), key)
    return rest


def _spread(workspace: Workspace, keys: array[int]) -> array[int]:
    ahead = keys[:SPREAD_AHEAD]
    grave = severe_entries(workspace, ahead)
    heavy, light = [key for key in ahead if key in grave], [key for key in ahead if key not in grave]
    if not heavy or not light:
        return keys
    mixed: list[int] = []
    taken = 0
    for number, key in enumerate(light, 1):
        due = number * len(heavy) // len(light)
        mixed += [key, *heavy[taken:due]]
        taken = due
    return array("q", mixed) + keys[SPREAD_AHEAD:]


def severe_entries(workspace: Workspace, keys: Sequence[int]) -> set[int]:
    """Return those entries whose verdict names a label of severity 3 or 4, whether or not it may be seen."""
    severity = {
        (policy.policy_id, label.code): label.severity
        for policy in workspace.store.list_policies()
        for label in policy.labels
    }
    rows = workspace.store.queue_rows(keys)
    return {row.key for row in rows if severity.get((row.policy_id, row.verdict_label or ""), 0) >= HEAVY}


def seen_rows(workspace: Workspace, *, keys: Sequence[int]) -> list[QueueRow]:
    """Return one row for each key as this reviewer may see it, in their order; a key that is gone is left out."""
    rows = workspace.store.queue_rows(keys)
    standing = workspace.store.standing_of(keys, workspace.reviewer)
    shown = []
    for row in rows:
        rules = standing.rules.get(row.policy_id) or ReviewRules(row.policy_id)
        independent = row.key in standing.independent
        if row.key in standing.skipped_by_others or independent:
            row = replace(row, state=_open_state(row))
        if independent:
            row = replace(row, decision_label=None, agrees=None, hidden=Hidden(decisions=True))
        undecided = row.decision_label is None and row.key not in standing.own and row.policy_id != ""
        if undecided and is_blind(workspace, rules, row.item_id):
            row = replace(
                row, status=None, verdict_label=None, verdict_violates=None, score=None, agrees=None,
                hidden=replace(row.hidden, verdict=True),
            )  # fmt: skip
        shown.append(row)
    return shown


def _open_state(row: QueueRow) -> EntryState:
    return EntryState.PENDING if row.status is None else EntryState.JUDGED


def seen_review(workspace: Workspace, *, key: int) -> Review:
    """Return everything about one entry that this reviewer may see.

    Raises:
        UsageError: it is gone.
    """
    review = workspace.store.get_review(key)
    if review is None:
        raise UsageError("There is no such queue entry.", "Reload the queue.")
    return as_seen(workspace, review)


def as_seen(workspace: Workspace, review: Review) -> Review:
    """Return a review without what this reviewer is to judge without."""
    standing = workspace.store.standing_of([review.key], workspace.reviewer)
    independent = review.key in standing.independent
    opened = EntryState.PENDING if review.verdict is None else EntryState.JUDGED
    if review.key in standing.skipped_by_others:
        review = replace(review, state=opened)
    hidden = Hidden(verdict=False, decisions=independent)
    if independent:
        review = replace(review, state=opened, decision=None, history=())
    policy_id = review.policy.policy_id if review.policy is not None else ""
    rules = standing.rules.get(policy_id) or ReviewRules(policy_id)
    undecided = review.decision is None and review.key not in standing.own
    if policy_id and undecided and is_blind(workspace, rules, review.item.id):
        hidden = replace(hidden, verdict=True)
        review = replace(review, verdict=None)
    return replace(review, hidden=hidden)


def sees_verdict(workspace: Workspace, *, item_id: str, policy_id: str) -> bool:
    """Whether this reviewer may see what the model said of an item under a policy."""
    key = workspace.store.find_entry(item_id, policy_id)
    review = workspace.store.get_review(key) if key is not None else None
    return review is None or not as_seen(workspace, review).hidden.verdict


def rules_of(workspace: Workspace, policy_id: str) -> ReviewRules:
    """Return the rules of review of a policy; the usual ones where nobody has set any."""
    return workspace.store.review_rules().get(policy_id) or ReviewRules(policy_id)


def second_review(workspace: Workspace, *, key: int) -> SecondReview | None:
    """Return both decisions of a second review, once this person may see them; None where there is none.

    Whoever leads sees two that differ; the two reviewers see what a lead settled.
    """
    found = workspace.store.second_review(key)
    if found is None or found.second is None:
        return None
    names = (found.first.reviewer, found.second.reviewer)
    leads = refusal(workspace, Deed.OVERSEE) is None
    return found if leads or (found.state is SecondState.SETTLED and workspace.reviewer in names) else None


def severity_of(policy: PolicyVersion | None, codes: Iterable[str | None]) -> int | None:
    """Return the severity of the first of these labels that the policy knows, None when it knows none."""
    known = {label.code: label.severity for label in policy.labels} if policy is not None else {}
    return next((known[code] for code in codes if code in known), None)
