"""The command `policy lint`. It owns its wording; what is wrong with a policy is the business of `core.policy.lint`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Any

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin
from core.cli.judging import ModelOption
from core.domain import PolicyVersion
from core.errors import UsageError
from core.exchange.records import finding_to_dict, lint_to_dict
from core.inference.protocol import Classifier
from core.policy.lint import LintReport


def lint(
    ctx: typer.Context,
    target: Annotated[str, typer.Argument(metavar="FILE|ID", help="A policy document, or a policy of the workspace.")],
    fix: Annotated[bool, typer.Option("--fix", help="Mend in the file what is sure, and show what changed.")] = False,
    model: ModelOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong with a policy, where and why, and how many tokens it has. Exit status 1 on an error."""
    call = begin(ctx, folder, as_json)
    path = Path(target)
    with ExitStack() as stack:
        classifier = _tokenizer(call, model, stack)
        if fix:
            if not path.is_file():
                raise UsageError("--fix goes with a file only.", "Save the policy as a file, mend it, add it again.")
            result = services.fix_policy(path, classifier=classifier)
            report, fixed = result.report, result
        else:
            report = services.lint(_find(call, target), classifier=classifier)
            fixed = None
    document: dict[str, Any] = lint_to_dict(report)
    if fixed is not None:
        document["fixed"] = [finding_to_dict(finding) for finding in fixed.fixed]
        document["diff"] = list(fixed.diff)
    call.answer(document, _lines(report, fixed.diff if fixed is not None else ()))
    if not report.ok:
        raise typer.Exit(1)


def _tokenizer(call: Call, model: str | None, stack: ExitStack) -> Classifier | None:
    """Load the model that was named; without one the tokens are estimated, because loading may take minutes."""
    if model is None:
        return None
    workspace = stack.enter_context(call.workspace()) if call.folder or services.last_workspace() else None
    return stack.enter_context(closing(services.open_classifier(workspace, model=model)))


def _find(call: Call, target: str) -> PolicyVersion:
    if Path(target).is_file() or target.endswith((".md", ".txt")):
        return services.read_policy(Path(target))
    with call.workspace() as workspace:
        return services.get_policy(workspace, policy_id=target)


def _lines(report: LintReport, diff: tuple[str, ...]) -> Iterator[str]:
    for line in diff:
        yield output.visible(line)
    for finding in report.findings:
        sure = f" [--fix: {finding.fix.what}]" if finding.fix else ""
        place = f"{report.policy_id}:{finding.line}:{finding.column}"
        yield output.visible(f"{place}: {finding.level.value} {finding.code} {finding.reason}{sure}")
    errors = sum(finding.level.value == "error" for finding in report.findings)
    yield f"{errors} errors, {len(report.findings) - errors} warnings"
    tokens = report.tokens
    yield ""
    yield from output.table(("tokens", "section"), [(count, name or "-") for name, count in tokens.sections], right=[0])
    by = "estimated; name a model with --model for the exact figure" if tokens.estimated else tokens.tokenizer
    yield output.visible(f"{tokens.total} in all ({by})")
