"""The verbs of case sets: freeze decisions, bring in labelled rows, promote one item, list.

It owns which decisions go into a set. What is frozen stays: a decision that is changed later changes no case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.domain import Blind, Case, CaseSet, CaseSource, Decision, ImportSummary
from core.errors import UsageError
from core.services.intake import import_file
from core.services.members import Deed, require
from core.services.workspace import Workspace

GOLDEN = "golden"
"""The set an item is promoted to when none is named: `golden-POLICY`."""

LONGEST_NAME = 128  # characters


@dataclass(frozen=True, slots=True)
class FreezeResult:
    """What freezing did: cases added, cases that were there already, and the set as it is now."""

    added: int
    known: int
    case_set: CaseSet
    imported: ImportSummary | None = None


def list_case_sets(workspace: Workspace) -> list[CaseSet]:
    """Return all case sets, by name."""
    return workspace.store.list_case_sets()


def get_case_set(workspace: Workspace, *, name: str) -> CaseSet:
    """Return one case set.

    Raises:
        UsageError: there is none of that name.
    """
    found = next((case_set for case_set in workspace.store.list_case_sets() if case_set.name == name), None)
    if found is None:
        raise UsageError(
            f"There is no case set {name}.",
            "See `main.py policy cases list`, or freeze one with `policy cases freeze`.",
        )
    return found


def list_cases(workspace: Workspace, *, name: str, policy_id: str | None = None) -> list[Case]:
    """Return the cases of a set, of one policy if named, in the order they were added.

    Raises:
        UsageError: there is no such set.
    """
    get_case_set(workspace, name=name)
    return workspace.store.cases(name, policy_id)


def freeze_cases(
    workspace: Workspace,
    *,
    name: str,
    policy_ids: Sequence[str],
    blind: Blind = Blind.FIRST,
    reviewers: Sequence[str] = (),
    limit: int | None = None,
    note: str = "",
) -> FreezeResult:
    """Freeze the standing decisions under these policies into a set, made if it is not there.

    `blind` says which are taken, and which first when `limit` (for each policy) does not reach for all. Decisions on
    content that was removed are left out.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: no such policy, or nothing was decided that could be frozen.
    """
    require(workspace, Deed.DRAFT)
    cases: list[Case] = []
    for policy_id in policy_ids:
        if not workspace.store.policy_history(policy_id):
            raise UsageError(f"There is no policy {policy_id}.", "See `main.py policy list`.")
        decisions = workspace.store.decisions_to_freeze(policy_id)
        cases += _chosen(decisions, blind, reviewers, limit)
    if not cases:
        only = " blind" if blind is Blind.ONLY else ""
        raise UsageError(f"There is no{only} decision to freeze.", "Decide some items first, or import labelled rows.")
    return _add(workspace, name, cases, note)


def _chosen(decisions: Iterable[Decision], blind: Blind, reviewers: Sequence[str], limit: int | None) -> list[Case]:
    wanted = [decision for decision in decisions if not reviewers or decision.reviewer in reviewers]
    if blind is Blind.ONLY:
        wanted = [decision for decision in wanted if decision.blind]
    elif blind is Blind.FIRST:
        wanted.sort(key=lambda decision: not decision.blind)  # keeps the order among equals
    return [case_of(decision) for decision in wanted[:limit]]


def case_of(decision: Decision) -> Case:
    """Return the frozen pair of a standing decision."""
    source = CaseSource.BLIND if decision.blind else CaseSource.ASSISTED
    return Case(
        item_id=decision.item_id,
        policy_id=decision.policy_id,
        label=decision.label or "",
        violates=bool(decision.violates),
        rule_id=decision.rule_id,
        source=CaseSource.IMPORTED if decision.imported else source,
        decision_key=decision.key,
    )


def import_cases(
    workspace: Workspace,
    *,
    name: str,
    path: Path,
    policy_id: str,
    label_field: str = "label",
    format: str = "auto",  # noqa: A002  the name of the option
    field_map: Mapping[str, str] | None = None,
    note: str = "",
) -> FreezeResult:
    """Bring in labelled rows as items with their human labels, and freeze these into a set.

    Rows that are refused are listed in `imported`; the others are in. A row that was there already is frozen, too,
    with the label that stands for it here.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: unknown policy, format or field, or no row with a label. InputError: the file cannot be read.
    """
    require(workspace, Deed.DRAFT)
    seen: list[str] = []
    summary = import_file(
        workspace,
        path=path,
        format=format,
        policy_id=policy_id,
        field_map=field_map,
        decide_from=label_field,
        on_labelled=seen.extend,
    )
    cases = _with_rules(workspace, policy_id, workspace.store.decisions_to_freeze(policy_id, item_ids=seen))
    if not cases:
        reasons = "; ".join(dict.fromkeys(f"line {row.line}: {row.reason}" for row in summary.rejected[:3]))
        raise UsageError(
            f"No row of {path.name} has a label in `{label_field}` that {policy_id} knows. {reasons}".strip(),
            "Name the field with --label-field, or map it with --map.",
        )
    result = _add(workspace, name, cases, note)
    return FreezeResult(result.added, result.known, result.case_set, summary)


def _with_rules(workspace: Workspace, policy_id: str, decisions: Iterable[Decision]) -> list[Case]:
    """Return the cases of imported rows, with the rule a row names in `rule_id` where the policy has it."""
    cases = [case_of(decision) for decision in decisions]
    policy = workspace.store.get_policy(policy_id)
    items = workspace.store.items_by_id([case.item_id for case in cases])
    written = {case.item_id: items[case.item_id].metadata.get("rule_id") for case in cases}
    return [
        replace(case, rule_id=case.rule_id or str(rule))
        if policy is not None and isinstance(rule := written[case.item_id], str) and policy.rule(rule)
        else case
        for case in cases
    ]


def promote_to_cases(
    workspace: Workspace, *, item_id: str, policy_id: str, name: str | None = None, note: str = ""
) -> FreezeResult:
    """Add one decided item to a set, by default the policy's golden set.

    Raises:
        RoleError: an auditor, or no member. UsageError: nobody has decided that item under that policy.
    """
    require(workspace, Deed.DRAFT)
    decisions = list(workspace.store.decisions_to_freeze(policy_id, item_ids=[item_id]))
    if not decisions:
        raise UsageError(
            f"That item is not decided under {policy_id}.", "Decide it first; the human label is the case."
        )
    return _add(workspace, name or f"{GOLDEN}-{policy_id}", [case_of(decisions[0])], note)


def _add(workspace: Workspace, name: str, cases: Sequence[Case], note: str) -> FreezeResult:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError("That is no name for a case set.", f"Use 1 to {LONGEST_NAME} printable characters.")
    added = workspace.store.add_cases(name, cases, note=note, actor=workspace.reviewer)
    return FreezeResult(added, len(cases) - added, get_case_set(workspace, name=name))
