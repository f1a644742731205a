"""The commands about policies: `policy list`, `policy show`, `policy add`; the others have modules of their own.

It owns their wording; reading a policy document is the business of `core.policy`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output, oversight, policy_cases, policy_lint, policy_refine, policy_testing, policy_versions
from core.cli.asking import at_terminal
from core.cli.call import JsonOption, WorkspaceOption, begin
from core.cli.families import family
from core.domain import PolicyVersion
from core.errors import CancelledError
from core.exchange.records import policy_to_dict
from core.policy.document import is_plain

app = family("The policies content is judged by.")

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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show how they are read, and add nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask about what was inferred of a plain text.")] = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add policy documents; of a plain text what was inferred is shown, and at a terminal confirmed, first."""
    call = begin(ctx, folder, as_json)
    if policy_id is not None and len(files) > 1:
        raise typer.BadParameter("goes with one FILE only", param_hint="--policy")
    if dry_run:
        read = [services.read_policy(path, policy_id=policy_id) for path in files]
        shown = [{**policy_to_dict(policy), "inferred": is_plain(policy)} for policy in read]
        call.answer({"policies": shown}, chain.from_iterable(map(_policy_lines, read)))
        return
    with call.workspace() as workspace:
        if not yes:
            for path in files:
                _confirm(services.read_policy(path, policy_id=policy_id))
        known = {policy.policy_id for policy in services.list_policies(workspace)}
        added = [services.add_policy(workspace, path=path, policy_id=policy_id) for path in files]
    for policy in added:
        if policy.policy_id in known and policy.version > 1:
            output.say(
                f"{policy.policy_id} version {policy.version} was not held against past decisions; "
                "`policy draft`, `policy test` and `policy publish` do that."
            )
    call.answer({**policy_to_dict(added[-1]), "added": [policy.hash for policy in added]}, _added_lines(added))


def _confirm(policy: PolicyVersion) -> None:
    """Say what was inferred of a plain text; at a terminal, ask whether it is so.

    Raises:
        CancelledError: it is not.
    """
    if not is_plain(policy):
        return
    output.say(f"{policy.policy_id}: a plain text; this was inferred of it:")
    for label in policy.labels:
        side = "violates" if label.violates else "is safe"
        aliases = f", also written {', '.join(label.aliases)}" if label.aliases else ""
        output.say(f"  {label.code} ({label.name}) {side}{aliases}")
    output.say(f"  {len(policy.rules)} rules, effort {policy.effort.value}, answers as {policy.output.value}")
    if at_terminal() and not typer.confirm("Add it so?", default=True, err=True):
        raise CancelledError(
            "Nothing was added.", "Begin a draft of it with `main.py policy draft new FILE` and write what it means."
        )


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
