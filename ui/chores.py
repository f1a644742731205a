"""The verbs of the file menu on an open workspace: import, export, add a policy, each as a task.

It owns starting them and the words of their outcome. It must not show dialogs: it is handed what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from core import services
from core.domain import BackupSummary, BundleManifest, ImportPreview, ImportSummary, MergeSummary, PolicyVersion
from core.domain.opinions import Scored
from core.errors import AppError
from core.services import ExportOptions, ExportSummary, Workspace
from ui.events import Events
from ui.notices import Notices, Offer
from ui.tasks import Task, TaskContext, TaskPool
from ui.visible import one_line


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file to bring in. `policy_id` restricts what is in it to one policy."""

    path: Path
    format: str = "auto"
    policy_id: str | None = None
    policies: Path | None = None
    decide_from: str | None = None
    field_map: Mapping[str, str] = field(default_factory=dict)
    skip_known: bool = False
    passphrase: str | None = None


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to write where. `what` is disagreements, decisions or items; a bundle is sealed to somebody or something."""

    what: str
    out: Path
    format: str
    options: ExportOptions = field(default_factory=ExportOptions)
    recipients: tuple[str, ...] = ()
    passphrase: str | None = None


class Chores(QObject):
    """One at a time. `progressed` carries words, done and total; `ended` fires however it ended.

    `refused_wanted` fires when the person wants to see the rows that an import refused.
    """

    progressed = Signal(str, int, int)
    ended = Signal()
    refused_wanted = Signal()

    def __init__(
        self, workspace: Workspace, pool: TaskPool, notices: Notices, events: Events, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = pool
        self._notices = notices
        self._events = events
        self._task: Task | None = None

    @property
    def running(self) -> bool:
        """Whether a chore is under way."""
        return self._task is not None

    def cancel(self) -> None:
        """Ask the chore to stop. An import keeps what it has stored."""
        if self._task is not None:
            self._task.cancel()

    def import_file(self, request: ImportRequest) -> None:
        """Bring a file in."""
        words = self.tr("Importing {name}").format(name=request.path.name)

        def run(context: TaskContext) -> ImportSummary | MergeSummary:
            def progress(done: int, total: int) -> None:
                context.report((words, done, total))

            if services.is_sealed(request.path):
                return services.import_bundle(
                    self._workspace,
                    path=request.path,
                    passphrase=request.passphrase,
                    progress=progress,
                    cancel=context.cancel,
                )
            summary = services.import_file(
                self._workspace,
                path=request.path,
                format=request.format,
                policies=request.policies,
                policy_id=request.policy_id,
                field_map=request.field_map,
                decide_from=request.decide_from,
                skip_known=request.skip_known,
                progress=progress,
                cancel=context.cancel,
            )
            if summary.stored:
                services.group_items(self._workspace, cancel=context.cancel)
            return summary

        self._start(run, words, self._on_import_succeeded)

    def look(
        self,
        request: ImportRequest,
        shown: Callable[[ImportPreview | BundleManifest], None],
        failed: Callable[[AppError], None],
    ) -> None:
        """Look at the first rows of a file, or check a bundle; nothing is stored."""

        def run(context: TaskContext) -> ImportPreview | BundleManifest:
            del context
            if services.is_sealed(request.path):
                return services.inspect_bundle(self._workspace, path=request.path, passphrase=request.passphrase)
            return services.preview_import(
                self._workspace,
                path=request.path,
                wishes=services.Wishes(request.format, request.field_map),
                options=services.ImportOptions(request.policies, request.policy_id, request.decide_from),
            )

        self._pool.long(run, succeeded=shown, failed=failed)

    def export(self, request: ExportRequest) -> None:
        """Write a file out."""

        def run(context: TaskContext) -> ExportSummary:
            return services.export(
                self._workspace,
                what=request.what,
                out=request.out,
                format=request.format,
                options=request.options,
                recipients=request.recipients,
                passphrase=request.passphrase,
                cancel=context.cancel,
            )

        self._start(run, self.tr("Exporting"), self._on_export_succeeded)

    def add_policy(self, path: Path) -> None:
        """Add a policy document, or a new version of one."""

        def run(context: TaskContext) -> PolicyVersion:
            del context
            return services.add_policy(self._workspace, path=path)

        self._start(run, self.tr("Adding a policy"), self._on_policy_succeeded)

    def back_up(self) -> None:
        """Copy the workspace into its folder of backups."""
        words = self.tr("Backing up")

        def run(context: TaskContext) -> BackupSummary:
            return services.make_backup(
                self._workspace,
                progress=lambda done, total: context.report((words, done, total)),
                cancel=context.cancel,
            )

        self._start(run, words, self._on_backup_succeeded)

    def _start(self, run: Callable[[TaskContext], Any], words: str, succeeded: Callable[[Any], None]) -> None:
        if self._task is not None:
            self._notices.show_info(self.tr("Something else is still running. Wait for it, or cancel it first."))
            return
        self.progressed.emit(words, 0, 0)
        self._task = self._pool.long(
            run, succeeded=succeeded, failed=self._on_task_failed, progressed=self._on_task_progressed
        )

    def _end(self, words: str) -> None:
        self._task = None
        self.ended.emit()
        if words:
            self._notices.show_info(words)

    @Slot(object)
    def _on_task_progressed(self, step: tuple[str, int, int]) -> None:
        words, done, total = step
        # Thousandths: Qt counts progress in 32 bits and files may be larger.
        self.progressed.emit(words, round(1000 * done / total) if total else 0, 1000 if total else 0)

    @Slot(object)
    def _on_task_failed(self, error: AppError) -> None:
        self._task = None
        self.ended.emit()
        self._notices.show_error(error)
        self._events.everything_changed()

    @Slot(object)
    def _on_import_succeeded(self, summary: ImportSummary | MergeSummary) -> None:
        if isinstance(summary, MergeSummary):
            self._tell_merge(summary)
            return
        parts = [self.tr("{count} stored").format(count=f"{summary.stored:,}")]
        if summary.continued_from:
            parts.append(self.tr("went on behind line {line}").format(line=f"{summary.continued_from:,}"))
        if summary.duplicates:
            parts.append(self.tr("{count} already there").format(count=f"{summary.duplicates:,}"))
        if summary.rejected:
            first = summary.rejected[0]
            parts.append(self.tr("{count} lines rejected").format(count=f"{len(summary.rejected):,}"))
            parts.append(self.tr("the first is line {line}: {reason}").format(line=first.line, reason=first.reason))
        self._events.everything_changed()
        if summary.stored:
            self._score_new()
        words = self.tr("Import: {parts}.").format(parts=", ".join(parts))
        self._end("" if summary.rejected else words)
        if summary.rejected:
            look = Offer(self.tr("&Look at them"), self.refused_wanted.emit) if summary.quarantined else None
            self._notices.show_report(words, look)

    def _score_new(self) -> None:
        """Let second opinions score what came in, beside whatever is done next; nobody waits for it."""
        workspace = self._workspace

        def scored(done: Scored) -> None:
            if done.scored:
                self._events.everything_changed()

        self._pool.long(lambda task: services.score_new(workspace, cancel=task.cancel), succeeded=scored)

    def _tell_merge(self, summary: MergeSummary) -> None:
        self._events.everything_changed()
        sender = one_line(summary.sender, 60)
        if summary.already:
            self._end(self.tr("This bundle of {sender} came in before; nothing changed.").format(sender=sender))
            return
        words = self.tr("Bundle of {sender}: {items} items, {decisions} decisions, {second} second reviews.")
        told = words.format(
            sender=sender,
            items=f"{summary.items:,}",
            decisions=f"{summary.decisions:,}",
            second=f"{summary.second_reviews:,}",
        )
        self._end("" if summary.conflicts else told)
        if summary.conflicts:
            first = summary.conflicts[0]
            place = one_line(first.item_id or first.policy_id, 60)
            more = self.tr("{count} conflicts were left as they are here; the first is {place}: {reason}.")
            conflict = more.format(count=f"{len(summary.conflicts):,}", place=place, reason=one_line(first.reason, 160))
            self._notices.show_report(f"{told} {conflict}")

    @Slot(object)
    def _on_export_succeeded(self, summary: ExportSummary) -> None:
        words = self.tr("Exported {rows} records to {name}.")
        self._end(words.format(rows=f"{summary.rows:,}", name=Path(summary.path).name))

    @Slot(object)
    def _on_policy_succeeded(self, policy: PolicyVersion) -> None:
        self._events.everything_changed()
        words = self.tr("Policy “{title}” is in, version {version}, {count} labels.")
        title = policy.title or policy.policy_id
        self._end(words.format(title=title, version=policy.version, count=len(policy.labels)))

    @Slot(object)
    def _on_backup_succeeded(self, summary: BackupSummary) -> None:
        self._end(self.tr("Backed up to {name}.").format(name=summary.path.name))
