"""The sheets of the insight page: how one is made, and what stands behind its cells.

It owns which maker makes which kind. Making one reads the whole workspace, so it is done off the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from core import services
from core.domain.behind import Behind
from core.domain.insight import Dimension
from core.services import Workspace
from ui.sheets.agreement import blind_sheet, causes_sheet, confusion_sheet, divided_sheet
from ui.sheets.opinion import curve_sheet, next_sheet, opinion_sheet
from ui.sheets.overview import overview_sheet
from ui.sheets.people import golden_sheet, reviewers_sheet
from ui.sheets.scores import recall_sheet, reliability_sheet, thresholds_sheet, versions_sheet
from ui.sheets.values import Sheet, SheetKind

OPENED = 5000
"""Items a cell opens on the desk at most."""

_OF_ANY: dict[SheetKind, Callable[[Workspace, str | None], Sheet]] = {
    SheetKind.OVERVIEW: overview_sheet,
    SheetKind.CONFUSION: confusion_sheet,
    SheetKind.CAUSES: causes_sheet,
    SheetKind.BLIND: blind_sheet,
    SheetKind.REVIEWERS: reviewers_sheet,
    SheetKind.GOLDEN: golden_sheet,
}
_OF_ONE: dict[SheetKind, Callable[[Workspace, str], Sheet]] = {
    SheetKind.VERSIONS: versions_sheet,
    SheetKind.THRESHOLDS: thresholds_sheet,
    SheetKind.RELIABILITY: reliability_sheet,
    SheetKind.RECALL: recall_sheet,
    SheetKind.OPINION: opinion_sheet,
    SheetKind.CURVE: curve_sheet,
    SheetKind.NEXT: next_sheet,
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sheets", text)


def make_sheet(workspace: Workspace, kind: SheetKind, policy_id: str | None, by: Dimension) -> Sheet:
    """Return a sheet of one policy, or of all where the kind allows it. Not for the GUI thread.

    Raises:
        UsageError: there is no such policy.
    """
    if kind is SheetKind.AGREEMENT:
        return divided_sheet(workspace, policy_id, by)
    if kind in _OF_ANY:
        return _OF_ANY[kind](workspace, policy_id)
    if policy_id is None:
        return Sheet(kind, (_tr("Policy"),), (), (_tr("Choose a policy: this sheet speaks of one."),))
    return _OF_ONE[kind](workspace, policy_id)


def keys_behind(workspace: Workspace, policy_id: str | None, behind: Behind) -> list[int]:
    """Return the queue entries behind a cell, at most `OPENED`. Not for the GUI thread.

    Raises:
        RoleError: it would show how another reviewer did.
    """
    return list(services.entries_behind(workspace, policy_id=policy_id, behind=behind)[:OPENED])
