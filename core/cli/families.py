"""Families of commands: how each is made, and how its help lists what it holds.

It owns the shape that all families share; what a command does belongs to the family's own module.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup


class Commands(TyperGroup):
    """A list of commands that says of each the whole first sentence, over several lines where it is long."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - typer does not export their types
        """Write every command with what it does; nothing ends in dots."""
        rows = [
            (name, command.get_short_help_str(limit=10_000))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def family(about: str) -> typer.Typer:
    """Return an empty family of commands; called without one it shows its help."""
    return typer.Typer(help=about, cls=Commands, no_args_is_help=True, rich_markup_mode=None)
