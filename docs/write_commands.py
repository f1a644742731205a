"""Write docs/commands.md: every command of Docket with its arguments, options and defaults, read from the program.

Run `uv run python docs/write_commands.py` after a change of the command line; a test compares the page with the
program. What a command does is said once, in its own help. This file owns the order and the look of the page only.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from typer import Context  # noqa: E402 - the program is found above
from typer.main import get_command  # noqa: E402

from core.cli.app import PROGRAM, app  # noqa: E402

PAGE = ROOT / "docs" / "commands.md"
EVERYWHERE = {"--workspace", "--json", "--help"}

GUIDES = {
    "import": "import.md",
    "classify": "models.md",
    "queue": "review.md",
    "decide": "review.md",
    "export": "export.md",
    "report": "insight.md",
    "second": "review.md",
    "claims": "team.md",
    "purge": "audit.md",
    "kit": "air-gap.md",
    "verify": "audit.md",
    "backup": "keys.md",
    "restore": "keys.md",
    "doctor": "models.md",
    "policy": "policies.md",
    "settings": "models.md",
    "model": "models.md",
    "member": "audit.md",
    "golden": "review.md",
    "quarantine": "import.md",
    "bundle": "bundles.md",
    "audit": "audit.md",
    "keys": "keys.md",
    "insight": "insight.md",
    "second-opinion": "insight.md",
}
"""Command or family -> the chapter that says more."""

HEAD = """# Commands

Written by `uv run python docs/write_commands.py` from the program itself; change the program, not this page.

Every command takes `--workspace DIR|URL` (a folder, or a team's `postgresql+psycopg://` address; else
`DOCKET_WORKSPACE`, else the workspace used last), `--json`, which makes it answer with one JSON document on standard
output, and `--help`. Progress and warnings go to standard error. `main.py` alone opens the desk, `main.py --version`
says which Docket this is.

| exit status | means |
|---|---|
| 0 | done |
| 1 | refused or failed; with `--json` the answer is `{"error": {"title", "message", "hint"}}` |
| 2 | the command line was wrong |
| 130 | stopped with Ctrl+C; what was finished is kept |
| 141 | whoever read the output has gone |
"""


def reference() -> str:
    """Return the whole page as Markdown."""
    root: Any = get_command(app)
    context = Context(root, info_name=PROGRAM)
    return HEAD + "".join(f"\n{block}\n" for block in _family(root, context))


def _family(group: Any, context: Context) -> Iterator[str]:
    for name, command in group.commands.items():
        inner = Context(command, info_name=name, parent=context)
        top = context.parent is None
        is_family = hasattr(command, "commands")
        if not is_family:
            yield from _command(command, inner, "##" if top else "###")
        elif top:
            yield f"## {inner.command_path} …"
            yield _text(command.help)
        if top and name in GUIDES:
            yield f"More: [{_title(GUIDES[name])}]({GUIDES[name]})"
        if is_family:
            yield from _family(command, inner)


def _command(command: Any, context: Context, heading: str) -> Iterator[str]:
    parameters = [parameter for parameter in command.params if not EVERYWHERE & set(parameter.opts)]
    needed = [f"{_declared(p, context)}" for p in parameters if p.param_type_name == "argument" or p.required]
    yield f"{heading} `{' '.join([context.command_path, *needed])}`"
    yield _text(command.help)
    rows = [_row(parameter, context) for parameter in parameters]
    if rows:
        yield "\n".join(["| | what it is | default, limits |", "|---|---|---|", *rows])


def _declared(parameter: Any, context: Context) -> str:
    """Return how a parameter is written: `FILE…`, `[ITEM]`, `--policy ID`, `--cause C …` where it may be repeated."""
    if parameter.param_type_name == "argument":
        many = parameter.nargs == -1
        name = parameter.metavar.rstrip(".…")
        text = (f"({name})" if "|" in name else name) + ("…" if many else "")
        return text if parameter.required or text.startswith("[") else f"[{text}]"
    declared: str = parameter.get_help_record(context)[0]
    return re.sub(r"<list\[(.*)\]>", r"<\1>", declared) + (" …" if parameter.multiple else "")


def _row(parameter: Any, context: Context) -> str:
    """Return a line of the table; the parser puts default, range and environment in brackets at the end."""
    text, gap, extra = parameter.get_help_record(context)[1].rpartition("  [")
    if not gap:
        text, extra = parameter.help or "", ""
    cells = (f"`{_declared(parameter, context)}`", text.strip(), extra.removesuffix("]"))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _title(page: str) -> str:
    return (PAGE.parent / page).read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# ")


def _text(text: str | None) -> str:
    return inspect.cleandoc(text or "").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written")
