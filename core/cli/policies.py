"""The commands about policies: `policy list`, `policy show`, `policy add`; the others have modules of their own.

It owns their wording; reading a policy document is the business of `core.policy`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output, oversight, policy_cases, policy_lint, policy_refine, policy_testing, policy_versions
from core.cli.call import JsonOption, WorkspaceOption, begin
from core.domain import PolicyVersion
from core.exchange.records import policy_to_dict

app = typer.Typer(help="The policies content is judged by.", no_args_is_help=True, rich_markup_mode=None)

SHORT_HASH = 12
"""Characters of a hash in plain text: enough to tell versions apart by eye. JSON has all 64."""


@app.command("list")
def list_policies(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the policies of the workspace, each in its current version."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        policies = services.list_policies(workspace)
    document = {
        "policies": [
            {
                "id": policy.policy_id,
                "title": policy.title,
                "hash": policy.hash,
                "version": policy.version,
                "labels": [label.code for label in policy.labels],
            }
            for policy in policies
        ]
    }
    rows = [
        (p.policy_id, p.version, p.hash[:SHORT_HASH], " ".join(label.code for label in p.labels), p.title)
        for p in policies
    ]
    call.answer(document, output.table(("policy", "version", "hash", "labels", "title"), rows, right=[1]))


@app.command("show")
def show_policy(
    ctx: typer.Context,
    policy_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a policy, or the hash of a version.")],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a policy: labels, sections and rules."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        policy = services.get_policy(workspace, policy_id=policy_id)
    call.answer(policy_to_dict(policy), _policy_lines(policy))


@app.command("add")
def add_policy(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Policy documents (Markdown) to add.")],
    policy_id: Annotated[
        str | None, typer.Option("--policy", metavar="ID", help="Id for a document that names none.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add policy documents, or a new version of a policy that is there."""
    call = begin(ctx, folder, as_json)
    if policy_id is not None and len(files) > 1:
        raise typer.BadParameter("goes with one FILE only", param_hint="--policy")
    with call.workspace() as workspace:
        added = [services.add_policy(workspace, path=path, policy_id=policy_id) for path in files]
    call.answer({**policy_to_dict(added[-1]), "added": [policy.hash for policy in added]}, _added_lines(added))


COMMANDS: dict[str, Callable[..., None]] = {
    "lint": policy_lint.lint,
    "history": policy_versions.history,
    "diff": policy_versions.diff,
    "test": policy_testing.try_policies,
    "runs": policy_testing.list_runs,
    "publish": policy_testing.publish,
    "rules": oversight.rules,
}
for name, command in COMMANDS.items():
    app.command(name)(command)
app.add_typer(policy_versions.drafts, name="draft")
app.add_typer(policy_cases.app, name="cases")
app.add_typer(policy_refine.app, name="refine")


def _added_lines(policies: list[PolicyVersion]) -> Iterator[str]:
    for policy in policies:
        labels = " ".join(output.visible(label.code) for label in policy.labels)
        yield f"{output.visible(policy.policy_id)}  version {policy.version}  {policy.hash[:SHORT_HASH]}  {labels}"


def _policy_lines(policy: PolicyVersion) -> Iterator[str]:
    yield from output.pairs(
        {
            "policy": policy.policy_id,
            "title": policy.title,
            "version": policy.version,
            "hash": policy.hash,
            "applies to": ", ".join(kind.value for kind in policy.applies_to),
            "output": policy.output.value,
            "effort": policy.effort.value,
        }
    )
    yield ""
    yield from output.table(
        ("label", "violates", "severity", "name"),
        [(label.code, "yes" if label.violates else "no", label.severity, label.name) for label in policy.labels],
        right=[2],
    )
    for line in policy.body.splitlines():
        yield output.visible(line)
