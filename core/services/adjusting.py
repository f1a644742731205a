"""The verb `change_settings`: the settings of a workspace set one by one, from words.

It owns what each may be set to and which have a verb of their own. Reading and writing the file belong to
`core.settings`; the window's preferences save through `save_settings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.errors import UsageError
from core.services.classifiers import choose_model
from core.services.members import Deed, require
from core.services.workspace import Workspace, save_settings
from core.settings import Settings, parse_setting


def change_settings(workspace: Workspace, *, values: Mapping[str, str]) -> Settings:
    """Set what is named; "auto" gives a setting back to Docket. All or nothing; return the settings.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: no such setting, or a value it cannot have. ModelError: a model that cannot be used.
    """
    require(workspace, Deed.JUDGE)
    if "remote_hosts" in values:
        raise UsageError(
            "Where content may be sent is not set here.", "Allow a server with `main.py classify --allow-remote HOST`."
        )
    parsed = {name: parse_setting(name, text) for name, text in values.items()}
    if model := parsed.pop("model", None):
        choose_model(workspace, model=str(model))
    elif "model" in values:
        parsed["model"] = ""
    if not parsed:
        return workspace.settings
    return save_settings(workspace, settings=replace(workspace.settings, **parsed))  # type: ignore[arg-type]


def engine_values(**texts: str | None) -> dict[str, int | None]:
    """Return engine settings given as words for one run; those that are None are left out, "auto" is None.

    Raises:
        UsageError: a value it cannot have.
    """
    found = {name: parse_setting(name, text) for name, text in texts.items() if text is not None}
    return {name: value if isinstance(value, int) else None for name, value in found.items()}
