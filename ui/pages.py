"""The pages of an open workspace: which there are, what each is given, and what each must offer.

It owns the table of pages. A page is built when it is first looked at and lives as long as the workspace; it reaches
the desk through `PageContext.open_entries` and nothing else. The desk is the first page; the window makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from core.services import Workspace
from ui.actions import Act
from ui.desk_context import DeskContext
from ui.events import Events
from ui.tasks import TaskPool


class Page(QWidget):
    """A screen beside the desk. Read what is shown in `showEvent` and on `PageContext.events`.

    It is given the focus when it comes into view: set a focus proxy to the control that keys are for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def leave(self) -> None:
        """Keep what is not kept yet: the workspace is about to close. Called once, on the GUI thread."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every page is given.

    `open_entries(keys, title)` shows exactly these queue entries on the desk, under this title, and goes there.
    `model_changed()` lets the model that judges go, so that the one named in the settings is loaded next.
    """

    workspace: Workspace
    desk: DeskContext
    pool: TaskPool
    events: Events
    open_entries: Callable[[Sequence[int], str], None]
    model_changed: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page: the action that goes there, its word, its glyph, and how it is built."""

    act: Act
    name: str
    glyph: str
    build: Callable[[PageContext], Page]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Pages", text)


def review_name() -> str:
    """Return the word for the desk among the pages."""
    return _tr("Review")


def page_specs() -> tuple[PageSpec, ...]:
    """Return the pages beside the desk, in order. A page's module is imported when the page is first built."""
    return (
        PageSpec(Act.GO_POLICIES, _tr("Policies"), "policies", _policies),
        PageSpec(Act.GO_INSIGHT, _tr("Insight"), "insight", _insight),
        PageSpec(Act.GO_MODELS, _tr("Models"), "models", _models),
    )


def _policies(context: PageContext) -> Page:
    from ui.views.policies import PoliciesPage

    return PoliciesPage(context)


def _insight(context: PageContext) -> Page:
    from ui.views.insight import InsightPage  # it brings the library of plots along

    return InsightPage(context)


def _models(context: PageContext) -> Page:
    from ui.views.models import ModelsPage

    return ModelsPage(context)
