"""The prompt formats Docket knows, by name. A new format is one file and one line here."""

from __future__ import annotations

from core.errors import ModelFileError
from core.inference.chatml import ChatML
from core.inference.harmony import Harmony
from core.inference.prompt import PromptFormat

FORMATS: dict[str, PromptFormat] = {"chatml": ChatML(), "harmony": Harmony()}


def prompt_format(name: str) -> PromptFormat:
    """Return the format of this name.

    Raises:
        ModelFileError: no such format.
    """
    try:
        return FORMATS[name]
    except KeyError:
        known = ", ".join(sorted(FORMATS))
        raise ModelFileError(f"No prompt format is called {name}.", f"Use one of: {known}.") from None
