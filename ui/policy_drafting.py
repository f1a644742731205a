"""The life of a draft on the page of policies: begun, written, looked at, kept, accepted, thrown away, published.

It owns the order of these steps and the questions before the last two. The editor shows, the services do.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QWidget

from core import services
from core.domain import DraftOrigin
from core.errors import AppError
from core.services import PublishCheck, TextLook
from ui.dialogs.confirm import ConfirmDialog, is_sure
from ui.dialogs.publish import PublishDialog
from ui.policy_work import PolicyWork
from ui.widgets.policy_editor import PolicyEditor


class PolicyDrafting(QObject):
    """One draft at a time. `begun` is called once a draft has been begun from here."""

    def __init__(self, work: PolicyWork, editor: PolicyEditor, begun: Callable[[], None], page: QWidget) -> None:
        super().__init__(page)
        self._work = work
        self._editor = editor
        self._begun = begun
        self._page = page
        editor.paused.connect(self.look)

    @property
    def modified(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._work.draft is not None and self._editor.text.document().isModified()

    @Slot()
    def look(self) -> None:
        """Let clauses, lint and size of the text be found, and show them unless it has changed by then."""
        text, policy_id = self._editor.document, self._work.policy_id

        def shown(look: TextLook) -> None:
            if text == self._editor.document:
                self._editor.show_look(look)

        self._work.read(lambda: services.look_at_text(text, policy_id=policy_id), shown)

    def begin(self) -> None:
        """Begin a draft of the current version."""
        work = self._work
        if work.draft is None and work.version is not None:
            policy_id = work.policy_id
            work.write(
                lambda: services.new_draft(work.workspace, source=policy_id),
                self.tr("A draft is open; the published version stays as it is."),
                lambda _draft: self._begun(),
            )

    def save(self) -> None:
        """Keep the text of the draft."""
        work, text = self._work, self._editor.document
        if work.draft is None or not self.modified:
            return
        name, before = work.draft.name, work.kept

        def kept(_draft: object) -> None:
            if work.draft_name == name and text == self._editor.document:
                self._editor.text.document().setModified(False)

        work.kept = text
        work.write(
            lambda: services.save_draft(work.workspace, name=name, text=text, replaces=before),
            self.tr("The draft is saved."),
            kept,
        )

    def keep(self) -> None:
        """Keep what was typed before everything closes, at once."""
        if self._work.draft is not None and self.modified:
            try:
                services.save_draft(self._work.workspace, name=self._work.draft.name, text=self._editor.document)
            except AppError as error:
                self._work.context.desk.notices.show_error(error)

    def accept(self) -> None:
        """Take responsibility for what the model wrote."""
        work, draft = self._work, self._work.draft
        if draft is not None and draft.origin is DraftOrigin.MODEL:
            work.write(
                lambda: services.accept_draft(work.workspace, name=draft.name), self.tr("The draft is yours now.")
            )

    def discard(self) -> None:
        """Ask, and throw the draft away."""
        work, draft = self._work, self._work.draft
        if draft is not None and self._is_sure():
            self._editor.text.document().setModified(False)
            work.write(lambda: services.discard_draft(work.workspace, name=draft.name), self.tr("The draft is gone."))

    def _is_sure(self) -> bool:
        words = self.tr("The draft is thrown away; the published version stays as it is.")
        title = self.tr("Discard the draft")
        return is_sure(ConfirmDialog(title, words, do=self.tr("&Discard"), lost=True, parent=self._page))

    def publish(self) -> None:
        """Look at what stands in the way, ask, and publish."""
        work, draft = self._work, self._work.draft
        if draft is None:
            return
        self.save()
        work.read(lambda: services.check_publication(work.workspace, name=draft.name), self._ask_publish)

    def _ask_publish(self, check: PublishCheck) -> None:
        work, dialog = self._work, PublishDialog(check, self._page)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            accepted, note = dialog.accepted_obstacles, dialog.note.text()
            work.write(
                lambda: services.publish_draft(
                    work.workspace, name=check.draft.name, note=note, accepted=accepted, seen=check
                ),
                self.tr("Published. The queue is judged by the new version from now on."),
            )
        dialog.deleteLater()
