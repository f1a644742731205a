"""The verb of testing policies: a text, and the one it is to replace, over a case set; and the report of what flips.

It owns which cases are judged, what is found again of an earlier run, and the making of a report. Every verdict is kept
as it comes, so a run that was stopped goes on. Nothing here touches the queue, and nothing is published.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.domain import (
    Case,
    ClauseFigures,
    Difference,
    Effort,
    Figures,
    Flip,
    FlipKind,
    Item,
    LabelFigures,
    McNemar,
    ModelInfo,
    PolicyVersion,
    TrialRun,
    Verdict,
    VerdictStatus,
    utc_now,
)
from core.domain.insight import Estimate
from core.errors import CancelledError, UsageError
from core.inference.protocol import Classifier, Judged, JudgeOptions, JudgeRequest, Restarted
from core.policy.flips import answer_of, compare_case
from core.services.cases import list_cases
from core.services.judging import ModelRestarted, judge_options, verdict_of
from core.services.members import Deed, require
from core.services.workspace import Workspace
from core.store.trials import cases_sha256


@dataclass(frozen=True, slots=True)
class TrialStarted:
    """A run begins: `total` answers are needed, `reused` of them are there from earlier runs or from the queue."""

    total: int
    reused: int
    model: ModelInfo | None


@dataclass(frozen=True, slots=True)
class TrialJudged:
    """One more answer is kept. `seconds_left` is None until there is a basis for it."""

    done: int
    total: int
    seconds_left: float | None


TrialEvent = TrialStarted | TrialJudged | ModelRestarted


@dataclass(frozen=True, slots=True)
class FlipReport:
    """What a run found. Figures of `against` and what follows from them are None where nothing was compared.

    `kept` says that the run is stored; one over part of a set (`--limit`) is not, and publishes nothing. `left_out`
    counts cases without content, or in a run of recorded verdicts without a verdict.
    """

    run: TrialRun
    draft: Figures
    against: Figures | None
    difference: Difference | None
    mcnemar: McNemar | None
    labels: tuple[LabelFigures, ...]
    clauses: tuple[ClauseFigures, ...]
    kept: bool = True
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class AllRight:
    """How many items are answered right under every tested policy at once, by the drafts and by what they replace."""

    policies: tuple[str, ...]
    items: int
    draft: Estimate
    against: Estimate | None


@dataclass(frozen=True, slots=True)
class _Made:
    """Who answers: a model with its options, or the verdicts that are recorded."""

    classifier: Classifier | None
    effort: Effort | None
    fast: bool

    def options(self, policy: PolicyVersion) -> JudgeOptions:
        return judge_options(policy, self.effort, fast=self.fast)


@dataclass(slots=True)
class _Progress:
    """Counts what a run has done and tells it."""

    tell: Callable[[TrialEvent], None]
    total: int
    done: int
    started: float = field(default_factory=time.monotonic)
    fresh: int = 0

    def count(self) -> None:
        self.done += 1
        self.fresh += 1
        passed = time.monotonic() - self.started
        self.tell(TrialJudged(self.done, self.total, passed / self.fresh * (self.total - self.done)))


def run_policy_test(
    workspace: Workspace,
    *,
    draft: PolicyVersion,
    case_set: str,
    against: PolicyVersion | None = None,
    classifier: Classifier | None = None,
    effort: Effort | None = None,
    fast: bool = False,
    limit: int | None = None,
    on_event: Callable[[TrialEvent], None] | None = None,
    cancel: threading.Event | None = None,
) -> FlipReport:
    """Judge the cases of a set under a draft, and under what it is to replace, and report what flips.

    Without a classifier the verdicts recorded in the queue answer, whoever made them. What the same model said of the
    same text at the same effort is never asked again, so a run that was stopped goes on where it was.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: no such set, no case of this policy in it, or nothing recorded.
        CancelledError: `cancel` was set; what was judged is kept. ModelError: the model is gone; the same.
    """
    require(workspace, Deed.JUDGE)
    started = utc_now()
    made = _Made(classifier, effort, fast)
    cases = _cases(workspace, case_set, draft.policy_id)
    present = [case for case in cases if not case.removed]
    chosen = present[:limit]
    texts = [draft, *([against] if against is not None and against.hash != draft.hash else [])]
    answers = _answers(workspace, texts, chosen, made, on_event or _ignore, cancel or threading.Event())
    flips = _flips(chosen, draft, against, answers)
    if not flips:
        raise UsageError(
            "No case has a verdict under that text.", "Run the test with a model, not on what is recorded."
        )
    run = _run_of(workspace, draft, against, case_set, flips, answers, made, started)
    whole = len(chosen) == len(present)
    kept = workspace.store.add_run(run) if whole else run
    return report_of(kept, kept=whole, left_out=len(cases) - len(flips) if whole else 0)


def _ignore(_event: TrialEvent) -> None:
    """Take an event and do nothing."""


def _cases(workspace: Workspace, case_set: str, policy_id: str) -> list[Case]:
    cases = list_cases(workspace, name=case_set, policy_id=policy_id)
    if not cases:
        raise UsageError(f"The case set {case_set} has no case of {policy_id}.", "Freeze decisions of it into the set.")
    return cases


def _answers(
    workspace: Workspace,
    texts: Sequence[PolicyVersion],
    cases: Sequence[Case],
    made: _Made,
    tell: Callable[[TrialEvent], None],
    cancel: threading.Event,
) -> dict[str, dict[str, Verdict]]:
    """Return what was said of each item, by text and id; ask the model for what is missing."""
    ids = [case.item_id for case in cases]
    found = {text.hash: _known(workspace, text, ids, made) for text in texts}
    total = len(ids) * len(texts)
    reused = sum(map(len, found.values()))
    tell(TrialStarted(total, reused, made.classifier.info if made.classifier is not None else None))
    if made.classifier is None:
        return found
    progress = _Progress(tell, total, reused)
    for text in texts:
        missing = [item_id for item_id in ids if item_id not in found[text.hash]]
        items = workspace.store.items_by_id(missing)
        _judge(workspace, text, [items[item_id] for item_id in missing], made, found[text.hash], progress, cancel)
        if cancel.is_set():
            raise CancelledError(
                f"The test was stopped after {progress.done} of {total} answers; they are kept.",
                "Run it again to go on.",
            )
    return found


def _known(workspace: Workspace, text: PolicyVersion, ids: Sequence[str], made: _Made) -> dict[str, Verdict]:
    if made.classifier is None:
        return workspace.store.recorded_verdicts(text.hash, ids)
    info = made.classifier.info
    effort = made.options(text).effort.value
    return workspace.store.trial_verdicts(text.hash, ids, model=(info.name, info.sha256), effort=effort, fast=made.fast)


def _judge(
    workspace: Workspace,
    text: PolicyVersion,
    items: Sequence[Item],
    made: _Made,
    found: dict[str, Verdict],
    progress: _Progress,
    cancel: threading.Event,
) -> None:
    classifier = made.classifier
    if classifier is None or not items:
        return
    options = made.options(text)
    waiting = iter(enumerate(items))

    def next_request() -> JudgeRequest | None:
        number, item = next(waiting, (0, None))
        return JudgeRequest(number, item) if item is not None else None

    for event in classifier.judge(next_request, policy=text, options=options, cancel=cancel):
        if isinstance(event, Restarted):
            progress.tell(ModelRestarted(event.reason))
        elif isinstance(event, Judged):
            verdict = verdict_of(
                event.raw,
                item=items[event.key],
                policy=text,
                model=classifier.info,
                options=options,
                settings=classifier.settings,
            )
            if verdict.status is not VerdictStatus.FAILED:  # a failure is asked again the next time
                workspace.store.add_trial_verdict(verdict)
            found[verdict.item_id] = verdict
            progress.count()


def _flips(
    cases: Sequence[Case],
    draft: PolicyVersion,
    against: PolicyVersion | None,
    answers: dict[str, dict[str, Verdict]],
) -> tuple[Flip, ...]:
    flips = []
    for case in cases:
        after = answers[draft.hash].get(case.item_id)
        before = answers[against.hash].get(case.item_id) if against is not None else None
        if after is None or (against is not None and before is None):
            continue
        flips.append(
            compare_case(
                case,
                draft=draft,
                after=answer_of(after),
                against=against,
                before=answer_of(before) if before is not None else None,
            )
        )
    return tuple(flips)


def _run_of(
    workspace: Workspace,
    draft: PolicyVersion,
    against: PolicyVersion | None,
    case_set: str,
    flips: tuple[Flip, ...],
    answers: dict[str, dict[str, Verdict]],
    made: _Made,
    started: datetime,
) -> TrialRun:
    said = [verdict for verdicts in answers.values() for verdict in verdicts.values()]
    hashes = {verdict.model_sha256 for verdict in said}
    efforts = {verdict.effort.value for verdict in said if verdict.effort is not None}
    return TrialRun(
        policy_id=draft.policy_id,
        draft_hash=draft.hash,
        against_hash=against.hash if against is not None else "",
        case_set=case_set,
        cases_sha256=cases_sha256([flip.case for flip in flips]),
        model=", ".join(sorted({verdict.model for verdict in said})),
        model_sha256=hashes.pop() if len(hashes) == 1 else "",
        effort=efforts.pop() if len(efforts) == 1 else "",
        fast=made.fast,
        actor=workspace.reviewer,
        started_at=started,
        finished_at=utc_now(),
        flips=flips,
    )


def report_of(run: TrialRun, *, kept: bool = True, left_out: int = 0) -> FlipReport:
    """Return the figures of a run; the same run always gives the same ones."""
    from core.insight import comparison  # brings numpy

    pairs = [(flip.case.violates, flip.before, flip.after, flip) for flip in run.flips]
    compared = [(human, before, after, flip) for human, before, after, flip in pairs if before is not None]
    draft = comparison.measure_side([(human, after, flip.is_right) for human, _, after, flip in pairs])
    read = [flip for flip in run.flips if flip.after.status is VerdictStatus.PARSED]
    labels = comparison.measure_labels((flip.case.label, flip.after.label or "") for flip in read)
    if not compared:
        return FlipReport(run, draft, None, None, None, labels, comparison.measure_clauses(run.flips), kept, left_out)
    both = [flip for flip in read if flip.before is not None and flip.before.status is VerdictStatus.PARSED]
    return FlipReport(
        run=run,
        draft=draft,
        against=comparison.measure_side([(human, before, bool(flip.was_right)) for human, before, _, flip in compared]),
        difference=comparison.measure_difference([(human, before, after) for human, before, after, _ in compared]),
        mcnemar=comparison.mcnemar(
            sum(flip.kind is FlipKind.FIXED for flip in both), sum(flip.kind is FlipKind.NEWLY_BROKEN for flip in both)
        ),
        labels=labels,
        clauses=comparison.measure_clauses(run.flips),
        kept=kept,
        left_out=left_out,
    )


def all_right(runs: Sequence[TrialRun]) -> AllRight | None:
    """Return how often every policy is right at once, over the items that are a case of each; None for one policy."""
    from core.insight import comparison

    by_item: dict[str, list[Flip]] = defaultdict(list)
    for run in runs:
        for flip in run.flips:
            by_item[flip.case.item_id].append(flip)
    shared = [flips for flips in by_item.values() if len(flips) == len(runs)]
    if len(runs) < 2:
        return None
    rights = sum(all(flip.is_right for flip in flips) for flips in shared)
    compared = [flips for flips in shared if all(flip.was_right is not None for flip in flips)]
    before = sum(all(flip.was_right for flip in flips) for flips in compared)
    return AllRight(
        policies=tuple(run.policy_id for run in runs),
        items=len(shared),
        draft=comparison.measure_share(rights, len(shared)),
        against=comparison.measure_share(before, len(compared)) if compared else None,
    )


def list_runs(workspace: Workspace, *, policy_id: str | None = None, limit: int = 20) -> list[TrialRun]:
    """Return the newest runs first, of one policy if named."""
    return workspace.store.runs(policy_id=policy_id, limit=limit)


def get_run(workspace: Workspace, *, key: int) -> FlipReport:
    """Return the report of a kept run.

    Raises:
        UsageError: there is none of that number.
    """
    run = workspace.store.get_run(key)
    if run is None:
        raise UsageError(f"There is no test run {key}.", "See `main.py policy runs`.")
    return report_of(run)


@dataclass(frozen=True, slots=True)
class CaseLook:
    """A case of a run as it can still be read: the item, and both answers whole; None for what is not there."""

    item: Item | None
    after: Verdict | None
    before: Verdict | None


def look_at_case(workspace: Workspace, *, run: TrialRun, item_id: str) -> CaseLook:
    """Return the item of a case and both answers behind it."""
    before = trial_answer(workspace, run=run, item_id=item_id, draft=False) if run.against_hash else None
    return CaseLook(workspace.store.get_item(item_id), trial_answer(workspace, run=run, item_id=item_id), before)


def trial_answer(workspace: Workspace, *, run: TrialRun, item_id: str, draft: bool = True) -> Verdict | None:
    """Return the whole verdict behind one answer of a run, None when it is not there any more."""
    policy_hash = run.draft_hash if draft else run.against_hash
    model = (run.model, run.model_sha256)
    kept = workspace.store.trial_verdicts(policy_hash, [item_id], model=model, effort=run.effort, fast=run.fast)
    return kept.get(item_id) or workspace.store.recorded_verdicts(policy_hash, [item_id]).get(item_id)
