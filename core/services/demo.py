"""The sample: a throwaway workspace with the sample queue and its policies, and the whole way run over it once.

It owns what the sample is made of and the headless run. The labels it decides by are the sample authors' opinion; the
run shows that everything works and measures nothing.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from core.domain import Cause, Decision, ModelInfo, PolicyVersion, QueueFilter, QueueSort, Verdict, VerdictStatus
from core.errors import ExportError
from core.inference.protocol import Classifier
from core.paths import resources_folder, shipped_policies_folder
from core.services.export import export
from core.services.intake import import_file
from core.services.judging import JudgingEvent, JudgingStarted, VerdictStored, classify
from core.services.policies import add_policy
from core.services.review import decide, get_review, queue_ids, queue_rows
from core.services.workspace import Workspace, create_workspace

SAMPLE_REVIEWER = "sample"
SAMPLE_POLICIES = ("harassment.md", "spam.md")
DEMO_ITEMS = 12
"""Items of a run without a limit: both policies and all kinds of item, in under a minute on two free cores."""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What a headless run brought. `verdicts` and `decisions` are aligned, in the order of the sample queue."""

    verdicts: tuple[Verdict, ...]
    decisions: tuple[Decision, ...]
    files: tuple[Path, ...]
    model: ModelInfo
    cancelled: bool

    @property
    def disagreements(self) -> int:
        """How many of the decisions differ from a verdict that could be read."""
        return sum(decision.agrees is False for decision in self.decisions)


def sample_queue_path() -> Path:
    """Return the file of the sample queue."""
    return resources_folder() / "sample" / "queue.jsonl"


def create_sample_workspace(folder: Path, passphrase: str) -> Workspace:
    """Create a workspace that holds the sample queue and the policies it names, not yet judged, and return it open.

    Raises:
        WorkspaceError: the folder cannot be used.
    """
    workspace = create_workspace(folder, passphrase=passphrase, reviewer=SAMPLE_REVIEWER)
    try:
        add_sample_policies(workspace)
        import_file(workspace, path=sample_queue_path(), format="jsonl")
    except BaseException:
        workspace.close()
        raise
    return workspace


def add_sample_policies(workspace: Workspace) -> list[PolicyVersion]:
    """Add the policies the sample queue names, as far as the workspace has none of that id; return those added.

    Raises:
        RoleError: the acting person does not lead.
    """
    there = {policy.policy_id for policy in workspace.store.list_policies()}
    paths = [shipped_policies_folder() / name for name in SAMPLE_POLICIES if Path(name).stem not in there]
    return [add_policy(workspace, path=path) for path in paths]


@contextmanager
def throwaway_workspace() -> Iterator[Workspace]:
    """Open a sample workspace that is removed at the end; its passphrase exists in memory only."""
    with (
        tempfile.TemporaryDirectory(prefix="docket-sample-", ignore_cleanup_errors=True) as folder,
        create_sample_workspace(Path(folder) / "workspace", secrets.token_urlsafe(32)) as workspace,
    ):
        yield workspace


def run_demo(
    *,
    classifier: Classifier,
    out: Path,
    limit: int | None = None,
    on_event: Callable[[JudgingEvent], None] | None = None,
    cancel: threading.Event | None = None,
) -> DemoResult:
    """Judge the first `limit` sample items (None: DEMO_ITEMS), decide each by its label, and export into `out`.

    Setting `cancel` ends the judging; what was judged until then is decided and exported.

    Raises:
        ExportError: `out` cannot be written. ModelError: the model is gone.
    """
    _make_folder(out)
    stop = cancel or threading.Event()
    with throwaway_workspace() as workspace:
        keys = queue_ids(workspace, filter=QueueFilter(sort=QueueSort.AGE))[: limit or DEMO_ITEMS]
        verdicts = _judge(workspace, keys, classifier, on_event, stop)
        judged = [key for key in keys if key in verdicts]
        decisions = [_decide_by_label(workspace, key) for key in judged]
        files = [
            export(workspace, what=what, out=out / f"{what}.jsonl", format="jsonl").path
            for what in ("disagreements", "decisions")
        ]
    return DemoResult(
        verdicts=tuple(verdicts[key] for key in judged),
        decisions=tuple(decisions),
        files=tuple(files),
        model=classifier.info,
        cancelled=stop.is_set(),
    )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{out} cannot be made a folder: {error.strerror}.", "Name another with --out.") from None


def _judge(
    workspace: Workspace,
    keys: Sequence[int],
    classifier: Classifier,
    on_event: Callable[[JudgingEvent], None] | None,
    stop: threading.Event,
) -> dict[int, Verdict]:
    """Judge exactly these entries, which are the oldest of their policies; return their verdicts by entry."""
    tally = _Tally(len(keys), on_event)
    if on_event is not None:
        on_event(JudgingStarted(len(keys), classifier.info))
    for policy_id, count in Counter(row.policy_id for row in queue_rows(workspace, keys=keys)).items():
        if not stop.is_set():
            classify(
                workspace,
                classifier=classifier,
                policy_id=policy_id,
                limit=count,
                on_event=tally.take,
                cancel=stop,
            )
    return tally.verdicts


class _Tally:
    """Joins the runs under each policy into one: collects the verdicts and counts over all of them."""

    def __init__(self, total: int, on_event: Callable[[JudgingEvent], None] | None) -> None:
        self.verdicts: dict[int, Verdict] = {}
        self._total = total
        self._on_event = on_event
        self._began = monotonic()  # the run under one policy

    def take(self, event: JudgingEvent) -> None:
        if isinstance(event, JudgingStarted):
            self._began = monotonic()
            return
        if isinstance(event, VerdictStored):
            self.verdicts[event.key] = event.verdict
            event = replace(event, done=len(self.verdicts), total=self._total, seconds_left=self._seconds_left(event))
        if self._on_event is not None:
            self._on_event(event)

    def _seconds_left(self, event: VerdictStored) -> float | None:
        """Return the time left under this policy, and as long an item for those of the policies after it."""
        if event.seconds_left is None:
            return None
        an_item = (monotonic() - self._began + event.seconds_left) / event.total
        later = self._total - len(self.verdicts) - (event.total - event.done)
        return event.seconds_left + an_item * later


def _decide_by_label(workspace: Workspace, key: int) -> Decision:
    """Take the decision the sample's authors wrote beside the item; a cause goes with an override only."""
    review = get_review(workspace, key=key)
    said, verdict = review.item.metadata, review.verdict
    read = verdict is not None and verdict.status is VerdictStatus.PARSED
    overrides = read and verdict is not None and verdict.label != said["label"]
    return decide(
        workspace,
        key=key,
        label=said["label"],
        cause=Cause(said["cause"]) if overrides and said.get("cause") else None,
        rule_id=said.get("rule_id"),
        reviewer=SAMPLE_REVIEWER,
    )
