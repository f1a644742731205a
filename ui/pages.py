"""The pages of an open workspace: which there are, and how each is built.

It owns the table of pages. A page is built when it is first looked at and lives as long as the workspace; what it is
given stands in `ui.page`. The desk is the first page; the window makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from ui.actions import Act
from ui.page import Page, PageContext


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
