"""The verb `report`: one policy's evaluation as an HTML page and a PDF, dated, the same again from the same workspace.

It owns what evidence a report is given and the audit event that names the files. Names of reviewers and content of
items are in none of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.domain import FlipKind, TrialRun, utc_now
from core.errors import CancelledError, ExportError
from core.exchange.csv import encode_table
from core.exchange.target import TargetFile
from core.services.audit_stream import audit_recall
from core.services.insight import calibration, policy_measures, reviewer_measures, version_drift
from core.services.policies import get_policy
from core.services.second_opinion import second_opinions
from core.services.trials import list_runs
from core.services.workspace import Workspace

if TYPE_CHECKING:
    from core.insight.evaluation import Evidence, FlipSummary

RUNS = 10
KIND = "report.written"
"""The event of a report itself, which the next one does not speak of: the same workspace gives the same report."""


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What was written, each with the SHA-256 (hex) of its bytes, which the audit chain names."""

    policy_id: str
    dated: date
    html: Path
    html_sha256: str
    pdf: Path
    pdf_sha256: str


def write_evaluation(
    workspace: Workspace,
    *,
    policy_id: str,
    out: Path,
    dated: date | None = None,
    cancel: threading.Event | None = None,
    progress: Callable[[str], None] = lambda _words: None,
) -> ReportFiles:
    """Write the evaluation report of a policy into the folder `out`, which is made if it is not there.

    The files are `POLICY-YYYY-MM-DD.html` and `.pdf`. With `dated`, a report of an unchanged workspace comes out byte
    for byte as on that day; the facts name the end of the audit chain it speaks of.

    Raises:
        UsageError: there is no such policy. ExportError: the folder cannot be written; nothing is half there.
        CancelledError: `cancel` was set; nothing was written.
    """
    from core.exchange.report_html import report_to_html
    from core.exchange.report_pdf import report_to_pdf
    from core.insight.evaluation import write_report

    day = dated or utc_now().date()
    evidence = _evidence(workspace, policy_id, cancel or threading.Event(), progress)
    report = write_report(evidence, dated=day)
    progress("Writing the pages")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise ExportError(f"{out} cannot be made a folder.", "Name another with --out.") from error
    name = f"{_file_name(policy_id)}-{day:%Y-%m-%d}"
    with TargetFile(out / f"{name}.html") as html, TargetFile(out / f"{name}.pdf") as pdf:
        html.write(report_to_html(report))
        pdf.write([report_to_pdf(report)])
        digests = html.finish(), pdf.finish()
        told = {"policy": policy_id, "dated": day.isoformat(), "html_sha256": digests[0], "pdf_sha256": digests[1]}
        workspace.store.record(KIND, workspace.reviewer, told)
        html.publish()
        pdf.publish()
    return ReportFiles(policy_id, day, out / f"{name}.html", digests[0], out / f"{name}.pdf", digests[1])


def _file_name(policy_id: str) -> str:
    """Return a policy id as part of a file name: letters, digits, dots and dashes stay."""
    return "".join(one if one.isalnum() or one in "-_." else "-" for one in policy_id).strip(".") or "policy"


def _evidence(
    workspace: Workspace, policy_id: str, cancel: threading.Event, progress: Callable[[str], None]
) -> Evidence:
    from core.insight.evaluation import BY, Evidence

    policy = get_policy(workspace, policy_id=policy_id)
    chain = workspace.store.last_event_besides(KIND)

    def step(words: str) -> None:
        if cancel.is_set():
            raise CancelledError("The report was stopped; nothing was written.", "Write it again when you need it.")
        progress(words)

    step("Measuring agreement")
    measures = policy_measures(workspace, policy_id=policy_id, by=BY)
    step("Comparing reviewers")
    reviewers = reviewer_measures(workspace, policy_id=policy_id)
    step("Calibrating")
    calibrated = calibration(workspace, policy_id=policy_id)
    step("Comparing versions")
    cards = second_opinions(workspace, policy_id=policy_id)
    return Evidence(
        policy=policy,
        versions=len(workspace.store.policy_history(policy_id)),
        models=workspace.store.models_of(policy.hash),
        measures=measures,
        reviewers=reviewers,
        calibration=calibrated,
        drift=version_drift(workspace, policy_id=policy_id),
        recall=audit_recall(workspace, policy_id=policy_id),
        opinion=cards[-1] if cards else None,
        flips=[_flips(run) for run in list_runs(workspace, policy_id=policy_id, limit=RUNS)],
        chain=chain,
    )


def _flips(run: TrialRun) -> FlipSummary:
    from core.insight.evaluation import FlipSummary

    return FlipSummary(
        when=f"{run.finished_at:%Y-%m-%d}",
        case_set=run.case_set,
        cases_sha256=run.cases_sha256,
        model_sha256=run.model_sha256,
        draft=run.draft_hash,
        against=run.against_hash,
        fixed=run.count(FlipKind.FIXED),
        broken=run.count(FlipKind.NEWLY_BROKEN),
        unchanged=run.count(FlipKind.UNCHANGED),
        unparsed=run.count(FlipKind.UNPARSED),
    )


def save_table(
    workspace: Workspace, *, path: Path, headers: Sequence[str], rows: Sequence[Sequence[str]], title: str
) -> Path:
    """Write a table of figures as CSV, whole or not at all, with an audit event; return its path.

    Raises:
        ExportError: it cannot be written; what stood there is untouched.
    """
    with TargetFile(path) as target:
        target.write(encode_table(headers, rows))
        digest = target.finish()
        told = {"what": "figures", "title": title, "rows": len(rows), "sha256": digest, "file": path.name}
        workspace.store.record("exported", workspace.reviewer, told)
        target.publish()
    return path
