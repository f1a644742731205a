"""What narrows the queue, joined to the services: what there is to choose from, and the saved views.

It owns reading and writing those. It must not know how the panel looks.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot

from core import services
from core.domain import QueueFacets, SavedView
from core.services import Workspace
from ui.notices import Notices
from ui.tasks import TaskContext, TaskPool
from ui.widgets.queue_pane import QueuePane


class QueueFilters(QObject):
    """Joins the panel of one queue pane to one workspace."""

    def __init__(
        self, workspace: Workspace, pool: TaskPool, notices: Notices, pane: QueuePane, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = pool
        self._notices = notices
        self._pane = pane
        panel = pane.panel
        panel.view_chosen.connect(self._on_panel_view_chosen)
        panel.save_wanted.connect(self._on_panel_save_wanted)
        panel.remove_wanted.connect(self._on_panel_remove_wanted)

    def toggle(self) -> None:
        """Fold the panel out and read what there is, or away."""
        if self._pane.panel.isVisible():
            self._pane.close_panel()
        else:
            self.open()
            self._pane.panel.boxes["label"].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open(self) -> None:
        """Fold the panel out and read what there is to choose from."""
        self._pane.panel.show()
        self._read("")

    def choose_view(self) -> None:
        """Open the list of saved views."""
        self.open()
        self._pane.panel.views.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._pane.panel.views.showPopup()

    def name_view(self) -> None:
        """Put the cursor where a name for this view is typed."""
        self.open()
        self._pane.panel.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def read_views(self, then: Callable[[list[SavedView]], None]) -> None:
        """Read the saved views and hand them over."""

        def read(context: TaskContext) -> list[SavedView]:
            del context
            return services.list_views(self._workspace)

        self._pool.quick(read, succeeded=then, failed=self._notices.show_error)

    def _read(self, chosen: str) -> None:
        def read(context: TaskContext) -> tuple[QueueFacets, list[SavedView], str]:
            del context
            return services.queue_facets(self._workspace), services.list_views(self._workspace), chosen

        self._pool.long(read, succeeded=self._on_read, failed=self._notices.show_error)

    @Slot(object)
    def _on_read(self, found: tuple[QueueFacets, list[SavedView], str]) -> None:
        facets, views, chosen = found
        self._pane.panel.offer_facets(facets)
        self._pane.panel.set_views(views, chosen)

    @Slot(object)
    def _on_panel_view_chosen(self, view: SavedView) -> None:
        self._pane.apply(view.wanted)

    @Slot(str)
    def _on_panel_save_wanted(self, name: str) -> None:
        wanted = self._pane.current_filter()

        def write(context: TaskContext) -> SavedView:
            del context
            return services.save_view(self._workspace, name=name, wanted=wanted)

        def succeeded(view: SavedView) -> None:
            self._notices.show_info(self.tr("Saved as “{name}”.").format(name=view.name))
            self._read(view.name)

        self._pool.quick(write, succeeded=succeeded, failed=self._notices.show_error)

    @Slot(str)
    def _on_panel_remove_wanted(self, name: str) -> None:
        def write(context: TaskContext) -> str:
            del context
            services.remove_view(self._workspace, name)
            return name

        def succeeded(gone: str) -> None:
            self._notices.show_info(self.tr("The view “{name}” is gone.").format(name=gone))
            self._read("")

        self._pool.quick(write, succeeded=succeeded, failed=self._notices.show_error)
