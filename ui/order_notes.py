"""Says of an order that needs a second opinion when there is none to order by, or some items have no score of it.

It owns the question, asked off the GUI thread, and which answer is still wanted. It must not change the order.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from core import services
from core.domain import QueueFilter, QueueSort
from core.services import Workspace
from ui.events import Events
from ui.notices import Notices
from ui.tasks import TaskContext, TaskPool
from ui.widgets.queue_pane import QueuePane


class OrderNotes(QObject):
    """Watches the filter of a queue pane for as long as it lives."""

    def __init__(
        self, workspace: Workspace, pool: TaskPool, notices: Notices, events: Events, queue: QueuePane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._pool, self._notices, self._queue = workspace, pool, notices, queue
        queue.filter_changed.connect(self._on_filter_changed)
        events.changed.connect(lambda _: self._on_filter_changed(queue.current_filter()))

    @Slot(object)
    def _on_filter_changed(self, wanted: QueueFilter) -> None:
        if wanted.sort is not QueueSort.EXPECTED:
            self._queue.order_note.hide()
            return

        def read(context: TaskContext) -> int | None:
            del context
            found = services.policies_with_second_opinion(self._workspace)
            orders = wanted.policy_id in found if wanted.policy_id else bool(found)
            return services.count_unscored(self._workspace, policy_id=wanted.policy_id or None) if orders else None

        def show(unscored: int | None) -> None:
            now = self._queue.current_filter()
            if (now.sort, now.policy_id) == (wanted.sort, wanted.policy_id):
                self._queue.order_note.show_unscored(unscored)

        self._pool.quick(read, succeeded=show, failed=self._notices.show_error)
