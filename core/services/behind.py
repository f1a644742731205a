"""The verb that opens a figure: from a query to the queue entries that stand behind it, whichever figure it is.

It owns how each kind of query finds its items, and that nobody sees through it what they may not see. It changes
nothing, and it reads no content.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable

from core.domain import Role
from core.domain.behind import (
    Behind,
    Compared,
    Drawn,
    Held,
    Listed,
    Marked,
    OpenItems,
    Right,
    Sampled,
    Shared,
    Side,
    Stepped,
    Waiting,
)
from core.domain.insight import REFERENCE, Cell, Comparison, Dimension
from core.errors import RoleError, UsageError
from core.services.insight import may_see_score
from core.services.members import role_of
from core.services.policies import check_policy
from core.services.workspace import Workspace
from core.store.behind import DrawnUnit
from core.store.opinions import AUDITED, WAITS

_EVERYTHING = Compared()


def entries_behind(workspace: Workspace, *, policy_id: str | None = None, behind: Behind = _EVERYTHING) -> array[int]:
    """Return the queue entries a figure stands for, in the order its query gives, each once.

    Without a policy: over all. Takes about as long as the figure itself.

    Raises:
        UsageError: there is no such policy, or the query speaks of one and none is named.
        RoleError: the acting person does not lead, and it would show how another reviewer did, or which items are
            golden.
    """
    check_policy(workspace, policy_id)
    if isinstance(behind, Listed):
        found: Iterable[int] = behind.entries
    elif isinstance(behind, Compared):
        found = _compared(workspace, policy_id, behind)
    elif isinstance(behind, Shared):
        found = _shared(workspace, policy_id, behind)
    elif isinstance(behind, Marked):
        found = _marked(workspace, policy_id, behind)
    elif policy_id is None:
        raise UsageError("That figure belongs to one policy.", "Name it with --policy.")
    else:
        found = _of_policy(workspace, policy_id, behind)
    return array("q", dict.fromkeys(found))


def _of_policy(
    workspace: Workspace, policy_id: str, behind: Stepped | OpenItems | Drawn | Held | Waiting
) -> Iterable[int]:
    store = workspace.store
    if isinstance(behind, Stepped):
        judged = store.entries_judged_by_both(policy_id, behind.before, behind.after)
        return [entry for entry, was, now in judged if was != now or not behind.flipped]
    if isinstance(behind, OpenItems):
        return store.entries_open_from(policy_id, behind.score_from)
    if isinstance(behind, Waiting):
        state = AUDITED if behind.audited or behind.violating else WAITS
        return store.entries_waiting(policy_id, state, violating=behind.violating)
    if isinstance(behind, Drawn):
        return [unit.entry for unit in store.drawn_units(policy_id) if _is_sampled(unit, behind)]
    return _held(workspace, policy_id, behind)


def _compared(workspace: Workspace, policy_id: str | None, behind: Compared) -> Iterable[int]:
    from core.insight.measures import is_behind, values_of

    one_label = behind.value if behind.by is Dimension.LABEL else None

    def stands(item: Comparison) -> bool:
        if behind.human not in (None, item.human_label) or behind.model not in (None, item.model_label):
            return False
        if behind.cause is not None and (item.cause is not behind.cause or item.agrees):
            return False
        if behind.by is not None and one_label is None and behind.value not in values_of(item, behind.by):
            return False
        if one_label is not None and behind.cell in (Cell.DECIDED, Cell.TIMED) and item.human_label != one_label:
            return False
        return _in_range(item.score, behind) and is_behind(item, behind.cell, one_label)

    return (item.entry for item in workspace.store.iter_comparisons(policy_id=policy_id) if stands(item))


def _in_range(score: float | None, behind: Compared) -> bool:
    if behind.score_from is None and behind.score_to is None:
        return True
    if score is None or score < (behind.score_from or 0.0):
        return False
    return behind.score_to is None or score < behind.score_to


def _shared(workspace: Workspace, policy_id: str | None, behind: Shared) -> Iterable[int]:
    wanted = {name for name in (behind.first, behind.second) if name}
    said: dict[int, dict[str, str]] = defaultdict(dict)
    entries: dict[int, int] = {}
    for rating in workspace.store.ratings(policy_id):
        if not rating.reviewer.startswith(REFERENCE) and (not wanted or rating.reviewer in wanted):
            said[rating.unit][rating.reviewer] = rating.label
            entries[rating.unit] = rating.entry
    for unit, labels in said.items():
        differ = len(set(labels.values())) > 1
        if len(labels) >= max(2, len(wanted)) and behind.differ in (None, differ) and entries[unit]:
            yield entries[unit]


def _marked(workspace: Workspace, policy_id: str | None, behind: Marked) -> Iterable[int]:
    if not may_see_score(workspace, behind.reviewer):
        raise RoleError("How a reviewer did is seen by a lead and that person alone.", "Ask a lead.")
    if behind.hidden and role_of(workspace) is not Role.LEAD:
        raise RoleError("Which items are golden is known to a lead alone.", "They go on measuring others.")
    if behind.hidden:
        for mark in workspace.store.golden_marks():
            right_policy = policy_id in (None, mark.policy_id)
            if right_policy and mark.reviewer == behind.reviewer and not (behind.wrong and mark.right):
                yield mark.entry
        return
    ratings = workspace.store.ratings(policy_id)
    reference = {rating.unit: rating.label for rating in ratings if rating.reviewer.startswith(REFERENCE)}
    for rating in ratings:
        if rating.reviewer != behind.reviewer or rating.unit not in reference or not rating.entry:
            continue
        if not behind.wrong or rating.label != reference[rating.unit]:
            yield rating.entry


def _is_sampled(unit: DrawnUnit, behind: Drawn) -> bool:
    from core.insight.audit_stream import Unit, layer_of

    if behind.draw not in (None, unit.draw):
        return False
    if behind.layer is not None:
        # What a human decided before the draw has a layer of its own; the rest lies where its score puts it.
        known = unit.violating if unit.known else None
        if layer_of(Unit(unit.entry, unit.flagged, unit.score, known)) != behind.layer:
            return False
    looked_at = unit.known or unit.layer is not None
    return {
        Sampled.ALL: True,
        Sampled.DRAWN: looked_at,
        Sampled.PENDING: unit.layer is not None and unit.violating is None,
        Sampled.DECIDED: looked_at and unit.violating is not None,
        Sampled.VIOLATING: looked_at and unit.violating is True,
        Sampled.PASSED: looked_at and unit.violating is not None and not unit.flagged,
        Sampled.MISSED: looked_at and unit.violating is True and not unit.flagged,
    }[behind.what]


def _held(workspace: Workspace, policy_id: str, behind: Held) -> Iterable[int]:
    trial = workspace.store.opinion_trial(policy_id, behind.version)
    items: list[tuple[int, bool, bool | None, bool, bool]] = trial.get("items", [])  # type: ignore[assignment]
    if behind.labels is not None and behind.cell is Cell.DISAGREEMENT:
        curve: dict[str, list[int]] = trial.get("curve", {})  # type: ignore[assignment]
        return curve.get(str(behind.labels), [])
    return [
        entry
        for entry, human, model, opinion, blind in items
        if (blind or not behind.blind)
        and (model is not None or not (behind.compared or behind.right or behind.side is Side.MODEL))
        and _is_side(human, bool(model) if behind.side is Side.MODEL else opinion, behind.cell)
        and (behind.right is None or _right(human, bool(model), opinion) is behind.right)
    ]


def _is_side(human: bool, said: bool, cell: Cell) -> bool:
    return {
        Cell.TRUE_POSITIVE: human and said,
        Cell.FALSE_POSITIVE: said and not human,
        Cell.FALSE_NEGATIVE: human and not said,
        Cell.TRUE_NEGATIVE: not human and not said,
        Cell.DISAGREEMENT: human != said,
        Cell.FLAGGED: said,
        Cell.VIOLATING: human,
        Cell.EITHER: human or said,
    }.get(cell, True)


def _right(human: bool, model: bool, opinion: bool) -> Right:
    if model == opinion:
        return Right.BOTH if model == human else Right.NEITHER
    return Right.MODEL if model == human else Right.OPINION
