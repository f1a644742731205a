"""The test bench and the model's proposals at work: a run that can be stopped, decisions frozen, a clause proposed.

It owns the one long task of the page that holds a model. It opens a model of its own and closes it after the task.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from core import services
from core.domain import DisagreementGroup, Draft, Flip, Verdict, utc_now
from core.errors import AppError, CancelledError, UsageError
from core.services import CaseLook, Classifier, FlipReport, TrialJudged, TrialStarted, Workspace
from ui.policy_work import PolicyWork
from ui.tasks import Task, TaskContext
from ui.text_layout import Section
from ui.visible import one_line
from ui.widgets.policy_bench import PolicyBench
from ui.words import status_word


def _tr(text: str) -> str:
    return QCoreApplication.translate("PolicyTrying", text)


def case_sections(look: CaseLook) -> list[Section]:
    """Return a case as sections: the content, what the model said of it now, and what it said before."""
    content = look.item.content if look.item is not None and look.item.removed_at is None else _tr("Content removed.")
    sections = [Section.of(_tr("CONTENT"), content), Section.of(_tr("NOW"), _said(look.after))]
    if look.before is not None:
        sections.append(Section.of(_tr("BEFORE"), _said(look.before)))
    return sections


def _said(verdict: Verdict | None) -> str:
    if verdict is None:
        return _tr("The answer is not kept any more.")
    said = " · ".join([verdict.label or status_word(verdict.status), *verdict.rule_ids])
    return f"{one_line(said)}\n{verdict.rationale or verdict.detail or verdict.raw_output}".strip()


class PolicyTrying(QObject):
    """`suggested` carries the draft a model wrote, `refused` fires where it wrote none."""

    suggested = Signal(object)
    refused = Signal()

    def __init__(self, work: PolicyWork, bench: PolicyBench, keep: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._bench = bench
        self._keep = keep
        self._task: Task | None = None
        bench.run_wanted.connect(self.run_test)
        bench.stop_wanted.connect(self.stop)
        bench.freeze_wanted.connect(self.freeze)
        bench.flip_chosen.connect(self._read_case)

    @property
    def running(self) -> bool:
        """Whether a test or a proposal is under way."""
        return self._task is not None

    @property
    def _factory(self) -> Callable[[Workspace], Classifier]:
        return self._work.context.desk.classifier_factory or services.open_classifier

    def read_run(self) -> None:
        """Show the newest run of the policy in view."""
        work, policy_id = self._work, self._work.policy_id

        def read() -> FlipReport | None:
            runs = services.list_runs(work.workspace, policy_id=policy_id, limit=1)
            return services.report_of(runs[0]) if runs else None

        def shown(report: FlipReport | None) -> None:
            if self._task is None:
                self._bench.show_report(report)

        work.read(read, shown)

    @Slot(object)
    def _read_case(self, flip: Flip) -> None:
        """Show a case and both answers in their own words."""
        work, run = self._work, self._bench.run_in_view
        if run is None:
            return

        def read() -> list[Section]:
            return case_sections(services.look_at_case(work.workspace, run=run, item_id=flip.case.item_id))

        def shown(sections: list[Section]) -> None:
            if self._bench.run_in_view is run and self._bench.flip_in_view == flip:
                self._bench.surface.show_sections(sections)

        work.read(read, shown)

    @Slot()
    def freeze(self) -> None:
        """Freeze all decisions under this policy into a set named after the day."""
        work, policy_id = self._work, self._work.policy_id
        name = f"{policy_id} {utc_now():%Y-%m-%d}"
        work.write(
            lambda: services.freeze_cases(work.workspace, name=name, policy_ids=[policy_id]),
            self.tr("The decisions are frozen as “{name}”.").format(name=name),
        )

    @Slot(str)
    def run_test(self, case_set: str) -> None:
        """Judge the cases under the text in view and, of a draft, under the current version."""
        if self._task is not None:
            return
        self._keep()
        workspace, factory = self._work.workspace, self._factory
        version, name = self._work.version, self._work.draft_name

        def run(context: TaskContext) -> FlipReport:
            text = services.parse_draft(services.get_draft(workspace, name=name)) if name else version
            if text is None:
                raise UsageError("There is no text to test.", "Write a draft first.")
            with closing(factory(workspace)) as classifier:
                return services.run_policy_test(
                    workspace,
                    draft=text,
                    case_set=case_set,
                    against=version if name else None,
                    classifier=classifier,
                    on_event=context.report,
                    cancel=context.cancel,
                )

        self._bench.set_running(is_running=True, words=self.tr("Loading the model…"))
        self._task = self._work.context.pool.long(
            run, succeeded=self._on_run_succeeded, failed=self._on_run_failed, progressed=self._on_run_progressed
        )

    @Slot()
    def stop(self) -> None:
        """Ask the task to stop; what was judged is kept."""
        if self._task is not None:
            self._task.cancel()

    @Slot(object)
    def _on_run_progressed(self, event: object) -> None:
        if isinstance(event, TrialStarted):
            words = self.tr("{count} answers needed, {reused} are there already")
            said = words.format(count=event.total, reused=event.reused)
            self._bench.set_running(is_running=True, words=said, done=event.reused, total=event.total)
        elif isinstance(event, TrialJudged):
            words = self.tr("{done} of {total} answers").format(done=event.done, total=event.total)
            self._bench.set_running(is_running=True, words=words, done=event.done, total=event.total)

    @Slot(object)
    def _on_run_succeeded(self, report: FlipReport) -> None:
        self._task = None
        self._bench.set_running(is_running=False)
        if report.run.policy_id == self._work.policy_id:
            self._bench.show_report(report)
        self._work.context.events.everything_changed()

    @Slot(object)
    def _on_run_failed(self, error: AppError) -> None:
        self._task = None
        self._bench.set_running(is_running=False)
        if isinstance(error, CancelledError):
            self._bench.words.setText(f"{error.message} {error.hint}")
        else:
            self._work.context.desk.notices.show_error(error)

    def suggest(self, group: DisagreementGroup) -> None:
        """Let the model propose the clause of a group anew, in a draft of its own."""
        if self._task is not None:
            return
        workspace, factory = self._work.workspace, self._factory

        def run(context: TaskContext) -> Draft:
            with closing(factory(workspace)) as classifier:
                return services.suggest_edit(workspace, group=group, classifier=classifier, cancel=context.cancel)

        self._task = self._work.context.pool.long(
            run, succeeded=self._on_suggest_succeeded, failed=self._on_suggest_failed
        )

    @Slot(object)
    def _on_suggest_succeeded(self, draft: Draft) -> None:
        self._task = None
        words = self.tr("The model's proposal is a draft; read it before you accept it.")
        self._work.context.desk.notices.show_info(words)
        self.suggested.emit(draft)

    @Slot(object)
    def _on_suggest_failed(self, error: AppError) -> None:
        self._task = None
        self._work.context.desk.notices.show_error(error)
        self.refused.emit()
