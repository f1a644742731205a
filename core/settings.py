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
_CHOICES = {"theme": ("system", "light", "dark", "contrast")}
_LISTS = {"remote_hosts": "host names", "masked_words": "words"}
_LONGEST_TEXT = {"reviewer": 200}
_MEND = "Mend the line or delete it."
_FLAGS = ("repack", "judge_while_locked")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set. None and "" mean: Docket chooses.

    `model` is a catalogue id, a path or an address; `threads`, `slots`, `cache_tokens` and `batch_tokens` are the
    engine's, and so are `gpu_layers`, the layers on a graphics card, and `cpu_experts`, of how many of them the experts
    stay on the processor; `repack` allows a copy of weights that do not batch; `remote_hosts` are the servers content
    may be sent to; `reviewer` is the name decisions are recorded under; `theme` is the look of the window for a person
    who chose none: system, light, dark or contrast. The window locks after `lock_minutes` without a key or a click, and
    `judge_while_locked` lets the model go on behind the lock; every `backup_hours` of use a backup is made, of which
    `backups_kept` stay. 0 minutes or hours: never. `masked_words` are shown with their letters covered. Second opinions
    have vectors from the file `embedding_model`.
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


def read_settings(folder: Path, problems: list[str] | None = None) -> Settings:
    """Read the settings of a workspace; a missing file gives the defaults.

    A value that a setting cannot have is left out for its default, so that no slip of the pen keeps a person from their
    work; `problems` is told each, in a sentence.

    Raises:
        WorkspaceError: the file cannot be read, or is not TOML.
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
        if entry.name not in values:
            continue
        value = values[entry.name]
        problem = _problem(entry.name, value)
        if not problem:
            chosen[entry.name] = tuple(value) if entry.name in _LISTS else value
        elif problems is not None:
            problems.append(f"`{entry.name}` in {FILE} is not used: it is {problem}. {_MEND}")
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
    value: object = text
    if name in _LISTS:
        value = [part.strip() for part in text.split(",") if part.strip()]
    elif name in _FLAGS:
        value = {"true": True, "false": False}.get(text, text)
    elif name in _RANGES and text.isascii() and text.isdigit() and len(text) <= len(str(_RANGES[name][1])):
        value = int(text)
    problem = _problem(name, value)
    if problem:
        raise UsageError(f"`{name}` is {problem}.", "`auto` lets Docket choose.")
    return tuple(value) if isinstance(value, list) else value


def _problem(name: str, value: object) -> str:
    """Say what a setting may be, as the rest of a sentence, if `value` is not that; "" if it is."""
    if name in _LISTS:
        right = isinstance(value, list) and all(isinstance(entry, str) and entry.isprintable() for entry in value)
        return "" if right else f"a list of {_LISTS[name]}"
    if name in _FLAGS:
        return "" if isinstance(value, bool) else "true or false"
    if name in _RANGES:
        smallest, largest = _RANGES[name]
        right = isinstance(value, int) and not isinstance(value, bool) and smallest <= value <= largest
        return "" if right else f"a number from {smallest} to {largest}"
    if name in _CHOICES:
        *others, last = _CHOICES[name]
        return "" if value in _CHOICES[name] else f"{', '.join(others)} or {last}"
    longest = _LONGEST_TEXT.get(name, 4096)
    right = isinstance(value, str) and value.isprintable() and len(value) <= longest
    return "" if right else f"a text of one line, {longest:,} characters at most"


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
