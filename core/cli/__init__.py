"""The command line: one module for each family of commands, each thin over `core.services`.

`run` is the only way in. Nothing here holds a rule of moderation, and nothing here imports Qt: the window is handed in.
"""

from core.cli.app import run

__all__ = ["run"]
