"""The version of this Docket, from its one place: pyproject.toml, which travels with the program.

It owns reading that one value.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache

from core.paths import program_folder


@lru_cache(maxsize=1)
def version() -> str:
    """Return the version as `0.1.0`, or "unknown" where the program lies without its pyproject.toml."""
    try:
        text = (program_folder() / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])
    except (OSError, ValueError, KeyError):
        return "unknown"
