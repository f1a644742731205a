"""The frame of the command line: it takes the arguments, runs one command, and turns every end into an exit status.

It owns the statuses (0 done, 1 refused or failed, 2 wrong usage, 128 + n stopped by signal n) and the rule that a
person never sees a traceback. It must not know what the commands do.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Protocol, TextIO, runtime_checkable

import typer
from typer.main import get_command

from core import services
from core.cli import (
    about,
    audit,
    backup,
    bundles,
    claims,
    deciding,
    demo,
    exporting,
    importing,
    insight,
    judging,
    keys,
    kit,
    listing,
    members,
    models,
    output,
    oversight,
    policies,
    purging,
    quarantine,
    reporting,
    second_opinion,
    workspace,
)
from core.cli.call import Call, JsonOption, OpenWindow, WorkspaceOption, begin
from core.cli.families import Commands
from core.cli.faults import record_fault
from core.cli.output import visible
from core.errors import AppError, CancelledError
from core.version import version

FAILED, WRONG_USAGE = 1, 2
INTERRUPTED = 130
PIPE_CLOSED = 141
"""128 + SIGPIPE: whoever read the output has gone."""

PROGRAM = "main.py"

app = typer.Typer(
    name=PROGRAM,
    help="Docket: a review desk for content moderators. Without a command the desk opens.",
    cls=Commands,
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
COMMANDS: dict[str, Callable[..., None]] = {
    "demo": demo.run_demo,
    "init": workspace.init,
    "import": importing.import_files,
    "classify": judging.classify,
    "queue": listing.show_queue,
    "decide": deciding.decide,
    "inspect": judging.inspect,
    "export": exporting.export,
    "stats": listing.show_stats,
    "report": reporting.write_report,
    "second": oversight.show_second,
    "claims": claims.show_claims,
    "purge": purging.purge,
    "kit": kit.make_kit,
    "licences": about.show_licences,
    "settings": workspace.change_settings,
    "verify": workspace.verify,
    "backup": backup.backup,
    "restore": backup.restore,
    "doctor": workspace.doctor,
}
for name, command in COMMANDS.items():
    app.command(name)(command)
app.add_typer(policies.app, name="policy")
app.add_typer(models.app, name="model")
app.add_typer(members.app, name="member")
app.add_typer(oversight.app, name="golden")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(bundles.app, name="bundle")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(insight.app, name="insight")
app.add_typer(second_opinion.app, name="second-opinion")


@runtime_checkable
class _CommandLineError(Protocol):
    """What the parser raises for a wrong command line, whichever package it lives in."""

    exit_code: int

    def format_message(self) -> str: ...

    def show(self, file: TextIO | None = None) -> None: ...


@app.callback(invoke_without_command=True)
def _open_desk(
    ctx: typer.Context,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
    show_version: Annotated[bool, typer.Option("--version", help="Say which Docket this is.")] = False,
) -> None:
    if show_version:
        output.print_lines([f"Docket {version()}"])
        raise typer.Exit
    call = begin(ctx, folder, as_json)
    if ctx.invoked_subcommand is None:
        raise typer.Exit(call.open_window(call.folder or services.last_workspace(), False))


def run(argv: Sequence[str], *, open_window: OpenWindow) -> int:
    """Run one command line and return its exit status. For the main thread."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    call = Call(open_window)
    before = os.umask(0o077)  # what Docket writes is for whoever started it, the window's and the model's files too
    try:
        status = get_command(app).main(list(argv), prog_name=PROGRAM, standalone_mode=False, obj=call)
        sys.stdout.flush()
    except CancelledError as error:
        call.fail(error)
        return INTERRUPTED
    except AppError as error:
        call.as_json = call.as_json or "--json" in argv  # an address is refused while the line is still being read
        call.fail(error)
        return FAILED
    except (BrokenPipeError, SystemExit):  # the parser turns a closed pipe into its own exit
        return _leave_pipe()
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("Stopped.\n")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place before the person: anything else is a fault of ours
        if isinstance(error, _CommandLineError):
            return _refuse_usage(error, call, argv)
        call.fail(_fault(error))
        return FAILED
    finally:
        os.umask(before)
    return status if isinstance(status, int) else 0


def _refuse_usage(error: _CommandLineError, call: Call, argv: Sequence[str]) -> int:
    call.as_json = call.as_json or "--json" in argv
    if call.as_json:
        call.fail(AppError(_plain_words(error.format_message()), f"See `{PROGRAM} --help`.", title="Wrong usage"))
    else:
        text = io.StringIO()
        error.show(text)
        sys.stderr.write(visible(_plain_words(text.getvalue()), keep="\n"))
    return WRONG_USAGE


def _plain_words(text: str) -> str:
    """Leave out the word that the parser's validator puts before a reason and that says nothing to a person."""
    return text.replace(": Value error, ", ": ", 1)


def _fault(error: Exception) -> AppError:
    log: Path | None = record_fault(error)
    where = f"Its log, which holds no content, is {log}." if log else "Its log could not be written."
    return AppError(
        f"This is a fault in Docket ({type(error).__name__}), not in what you did.",
        f"{where} Please report it.",
        title="Something went wrong inside Docket",
    )


def _leave_pipe() -> int:
    """Give up standard output, so that the interpreter does not fail on it once more at its end."""
    with contextlib.suppress(OSError, io.UnsupportedOperation):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    return PIPE_CLOSED
