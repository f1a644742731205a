"""Which policy the page of policies is about, and the two ways its parts reach the services: read, and write.

It owns the policy in view, its current version and its draft. It must not show anything but news.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from core.domain import Draft, PolicyVersion
from core.services import Workspace
from ui.page import PageContext

Found = TypeVar("Found")


class PolicyWork(QObject):
    """`version` is None before the first publication, `draft` while there is none. `kept` is the text as stored."""

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.policy_id = ""
        self.version: PolicyVersion | None = None
        self.draft: Draft | None = None
        self.kept = ""

    @property
    def workspace(self) -> Workspace:
        """The open workspace."""
        return self.context.workspace

    @property
    def draft_name(self) -> str | None:
        """The name of the draft in view, None for the policy's own."""
        return self.draft.name if self.draft is not None else None

    def read(self, verb: Callable[[], Found], shown: Callable[[Found], None], *, slow: bool = False) -> None:
        """Read something off the GUI thread and show it, unless another policy is in view by then."""
        policy_id = self.policy_id

        def done(found: Found) -> None:
            if policy_id == self.policy_id:
                shown(found)

        start = self.context.pool.long if slow else self.context.pool.quick
        start(lambda _context: verb(), succeeded=done, failed=self.context.desk.notices.show_error)

    def write(self, verb: Callable[[], Any], words: str = "", then: Callable[[Any], None] | None = None) -> None:
        """Change what is stored, say so, and let every view read again."""

        def done(result: object) -> None:
            if words:
                self.context.desk.notices.show_info(words)
            if then is not None:
                then(result)
            self.context.events.everything_changed()

        self.context.pool.quick(lambda _context: verb(), succeeded=done, failed=self.context.desk.notices.show_error)
