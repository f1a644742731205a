"""The settings of one workspace: `settings.toml` in its folder, read and written with comments kept.

It owns names, types and defaults. It must not import Qt or anything that loads a model.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

from core.errors import StorageError, UsageError, WorkspaceError

FILE = "settings.toml"
_RANGES = {
    "threads": (1, 1024), "slots": (1, 250), "cache_tokens": (1, 4_194_304), "batch_tokens": (1, 8192),
    "gpu_layers": (0, 1000), "cpu_experts": (0, 1000),
    "lock_minutes": (0, 1440), "backup_hours": (0, 8760), "backups_kept": (1, 1000),
}  # fmt: skip
_LISTS = {"remote_hosts": "host names", "masked_words": "words"}
_FLAGS = ("repack", "judge_while_locked")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set. None and "" mean: Docket chooses.

    `model` is a catalogue id, a path or an address; `threads`, `slots`, `cache_tokens` and `batch_tokens` are the
    engine's, and so are `gpu_layers`, the layers on a graphics card, and `cpu_experts`, of how many of them the experts
    stay on the processor; `repack` allows a copy of weights that do not batch; `remote_hosts` are the servers content
    may be sent to; `reviewer` is the name decisions are recorded under; `theme` is light, dark or system. The window
    locks after `lock_minutes` without a key or a click, and `judge_while_locked` lets the model go on behind the lock;
    every `backup_hours` of use a backup is made, of which `backups_kept` stay. 0 minutes or hours: never.
    `masked_words` are shown with their letters covered. Second opinions have vectors from the file
    `embedding_model`.
    """

    model: str = ""
    threads: int | None = None
    slots: int | None = None
    cache_tokens: int | None = None
    batch_tokens: int | None = None
    gpu_layers: int | None = None
    cpu_experts: int | None = None
    repack: bool = True
    reviewer: str = ""
    theme: str = "system"
    remote_hosts: tuple[str, ...] = ()
    lock_minutes: int = 10
    judge_while_locked: bool = True
    backup_hours: int = 24
    backups_kept: int = 7
    masked_words: tuple[str, ...] = ()
    embedding_model: str = ""


def read_settings(folder: Path) -> Settings:
    """Read the settings of a workspace; a missing file gives the defaults.

    Raises:
        WorkspaceError: the file is not TOML, or a value has the wrong type.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"{FILE} cannot be read: {error}.", "Check the file's permissions.") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WorkspaceError(f"{FILE} is not valid TOML: {error}.", "Mend or delete the file.") from None
    chosen: dict[str, object] = {}
    for entry in fields(Settings):
        if entry.name in values:
            chosen[entry.name] = _checked(entry.name, values[entry.name])
    return replace(Settings(), **chosen)  # type: ignore[arg-type]


def parse_setting(name: str, text: str) -> object:
    """Return the value of a setting given as words; "auto" and "" are its default, a list is parted by commas.

    Raises:
        UsageError: no such setting, or a value it cannot have.
    """
    entry = next((entry for entry in fields(Settings) if entry.name == name), None)
    if entry is None:
        names = ", ".join(entry.name for entry in fields(Settings))
        raise UsageError(f"There is no setting {name}.", f"There are {names}.")
    if text.strip() in ("", "auto"):
        return entry.default
    if name in _LISTS:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if name in _FLAGS:
        if text not in ("true", "false"):
            raise UsageError(f"`{name}` is true or false.", "Write one of the two.")
        return text == "true"
    if name not in _RANGES:
        return text
    smallest, largest = _RANGES[name]
    if not text.isascii() or not text.isdigit() or not smallest <= int(text) <= largest:
        raise UsageError(f"`{name}` is a number from {smallest} to {largest}.", "`auto` lets Docket choose.")
    return int(text)


def _checked(name: str, value: object) -> object:
    if name in _LISTS:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise WorkspaceError(f"`{name}` in {FILE} must be a list of {_LISTS[name]}.", "Mend the line or delete it.")
        return tuple(value)
    wanted = bool if name in _FLAGS else int if name in _RANGES else str
    if type(value) is not wanted:
        raise WorkspaceError(f"`{name}` in {FILE} must be {wanted.__name__}.", "Mend the line or delete it.")
    if isinstance(value, int) and not isinstance(value, bool):
        smallest, largest = _RANGES[name]
        if not smallest <= value <= largest:
            raise WorkspaceError(
                f"`{name}` in {FILE} must be between {smallest} and {largest}.", "Mend the line or delete it."
            )
    return value


def write_settings(folder: Path, settings: Settings) -> None:
    """Write the settings that differ from the defaults; comments and unknown entries stay.

    Raises:
        StorageError: the file cannot be written. WorkspaceError: what stands in it is not TOML.
    """
    import tomlkit  # keeps comments; only reading has to be quick
    from tomlkit.exceptions import TOMLKitError

    path = folder / FILE
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
        for entry in fields(Settings):
            value = getattr(settings, entry.name)
            if value not in (None, entry.default):
                document[entry.name] = list(value) if isinstance(value, tuple) else value
            elif entry.name in document:
                del document[entry.name]
        partial = path.with_suffix(".part")
        partial.write_text(tomlkit.dumps(document), encoding="utf-8")
        os.replace(partial, path)  # noqa: PTH105 - atomic on every platform
    except (UnicodeError, TOMLKitError):
        raise WorkspaceError(
            f"{FILE} is not valid TOML, or a setting is no text.", "Mend or delete the file."
        ) from None
    except OSError as error:
        raise StorageError(f"{FILE} cannot be written: {error.strerror}.", "Check space and permissions.") from None
