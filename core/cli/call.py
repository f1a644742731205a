"""One call of a command: where its workspace is, whether it answers in JSON, and how it ends.

It owns the options that every command takes and the way from them to an open workspace. It must not know any command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from core import services
from core.cli import asking, output
from core.errors import AppError, UsageError, WorkspaceError
from core.exchange.records import error_to_dict

OpenWindow = Callable[[Path | None, bool], int]
"""Opens the desk on a workspace (None: its first page) or, with True, on the sample; returns the exit status."""


def _folder(text: str) -> Path:
    """Take a folder as it is; only an address needs the services, which `--help` and `--version` do without."""
    return services.workspace_folder(text) if ":" in text else Path(text)


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        envvar="DOCKET_WORKSPACE",
        metavar="DIR|URL",
        parser=_folder,
        help="Workspace folder, or a team's postgresql+psycopg:// address (else the one used last).",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
PolicyOption = Annotated[str | None, typer.Option("--policy", metavar="ID", help="Only this policy.")]


@dataclass(slots=True)
class Call:
    """What a command was called with, and its way to answer."""

    open_window: OpenWindow
    folder: Path | None = None
    as_json: bool = False

    def chosen_folder(self) -> Path:
        """Return the workspace folder that was named, else the one used last.

        Raises:
            WorkspaceError: none was named and none was used before.
        """
        folder = self.folder or services.last_workspace()
        if folder is None:
            raise WorkspaceError(
                "No workspace was named, and none has been used before.",
                "Create one with `main.py init`, or name one with --workspace DIR.",
            )
        return folder

    def workspace(self) -> services.Workspace:
        """Open the chosen workspace; at a terminal, ask for its passphrase when it needs one.

        Raises:
            WorkspaceError: there is none, or it cannot be opened.
        """
        folder = self.chosen_folder()
        workspace = services.open_workspace(folder, passphrase=asking.ask_passphrase(folder))
        for remark in workspace.remarks:
            output.say(remark)
        return workspace

    def answer(self, document: Mapping[str, Any], plain: Iterable[str]) -> None:
        """Print the document, or with plain text asked for the lines."""
        if self.as_json:
            output.print_document(document)
        else:
            output.print_lines(plain)

    def fail(self, error: AppError) -> None:
        """Print a known failure: as a document on standard output, or as one line on standard error."""
        if self.as_json:
            output.print_document(error_to_dict(error))
        else:
            output.say(str(error))


def begin(ctx: typer.Context, workspace: Path | None, as_json: bool) -> Call:
    """Return the call with the options of its command added to those given before the command's name.

    What was typed wins over the environment, wherever on the line it was typed.
    """
    call: Call = ctx.obj
    source = ctx.get_parameter_source("folder")
    if call.folder is None or (source is not None and source.name == "COMMANDLINE"):
        call.folder = workspace or call.folder
    call.as_json = as_json or call.as_json
    return call


def named_place(out: Path | None) -> Path | None:
    """Refuse `-` for `--out`: what is written is there whole or not at all, and a file of that name helps nobody.

    Raises:
        UsageError: it is `-`.
    """
    if out == Path("-"):
        raise UsageError("Nothing is written to standard output.", "Name a file with --out FILE, or a folder.")
    return out
