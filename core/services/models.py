"""The verb `list_models`: the models Docket knows of joined with the model files found on this machine.

It owns that join; the catalogue and the check of a file belong to `core.models`. It never loads weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import ModelFileError
from core.models.catalogue import (
    CATALOGUE,
    SAMPLE_ID,
    CatalogueEntry,
    FoundModel,
    installed_models,
    sample_path,
    split_parts,
)
from core.paths import models_folder


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One line of the list. `path` is None when it is not on this machine; `problem` says why a file cannot be used.

    `size_bytes` is that of the file with all its parts, or about what the weights take when there is no file;
    `prompt_format` is "" if unknown; `fetched_bytes` came of a download that was paused.
    """

    id: str
    name: str
    path: Path | None
    prompt_format: str
    size_bytes: int
    is_sample: bool
    note: str = ""
    problem: str = ""
    fetched_bytes: int = 0


def list_models() -> list[ListedModel]:
    """Return the catalogue in its order, each with its file if there is one, then the other model files by name."""
    found = installed_models(models_folder())
    listed = [_known(entry, found) for entry in CATALOGUE]
    claimed = {model.path for model in listed}
    return [*listed, *(_unknown(model) for model in found if model.path not in claimed)]


def _known(entry: CatalogueEntry, found: list[FoundModel]) -> ListedModel:
    file: FoundModel | None = None
    path = sample_path() if entry.id == SAMPLE_ID else None
    if entry.id != SAMPLE_ID:
        file = next((model for model in found if model.id.lower().startswith(entry.id)), None)
        path = file.path if file else None
    return ListedModel(
        id=entry.id,
        name=entry.name,
        path=path,
        prompt_format=entry.prompt_format,
        size_bytes=_size_of(path) if path else entry.size_bytes,
        is_sample=entry.id == SAMPLE_ID,
        note=entry.note,
        problem=file.problem if file else "",
        fetched_bytes=0 if path else _fetched(entry),
    )


def _fetched(entry: CatalogueEntry) -> int:
    """Return how much of a model lies in the folder unfinished; whole parts of a split one count, too."""
    folder = models_folder()
    ours = [path for path in folder.glob("*") if path.name.lower().startswith(entry.id)] if folder.is_dir() else []
    parts = [path for path in ours if path.suffix == ".part"]
    whole = [path for path in ours if "-of-" in path.name and path.suffix == ".gguf"] if parts else []
    return sum(map(_size_of_file, (*parts, *whole)))


def _size_of(path: Path) -> int:
    """Return the bytes of a model with all its parts; of a damaged one those of the file that is there."""
    try:
        return sum(map(_size_of_file, split_parts(path)))
    except ModelFileError:
        return _size_of_file(path)


def _size_of_file(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # a link to nothing, or a file that went meanwhile: the list names it all the same
        return 0


def _unknown(model: FoundModel) -> ListedModel:
    header = model.header
    return ListedModel(
        id=model.id,
        name=header.name if header and header.name else model.id,
        path=model.path,
        prompt_format=header.prompt_format or "" if header else "",
        size_bytes=_size_of(model.path),
        is_sample=False,
        problem=model.problem,
    )
