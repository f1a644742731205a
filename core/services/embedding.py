"""Vectors of items from a local embedding model: out of the workspace where they are kept, else made and kept there.

It owns which model file is meant, the cache by content hash, and that the model's process is started only for what is
not known yet. Vectors tell of content: they live in the encrypted database and leave it with the content.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.domain import Item
from core.errors import CancelledError, ModelFileError, UsageError
from core.inference.embedding import EmbeddingProcess, EmbeddingSpec
from core.insight.second_opinion import text_of
from core.models.catalogue import installed_models, resolve_embedder
from core.paths import cache_folder, models_folder
from core.services.classifiers import engine_settings, fingerprint
from core.services.workspace import Workspace, save_settings

PAGE = 16
"""Items that are made vectors of before they are kept and a stop is looked for."""

Vectors = NDArray[np.float32]


class Embeddings:
    """The vectors one model gives the items of a workspace. A context manager; use from one thread."""

    def __init__(
        self,
        workspace: Workspace,
        wanted: str,
        *,
        stop: threading.Event | None = None,
        progress: Callable[[str], None] = lambda _words: None,
    ) -> None:
        """Find and check the model file, by the name of a file in the models folder or by path. Nothing is loaded.

        Raises:
            ModelFileError: there is none, or it is damaged.
        """
        found = resolve_embedder(wanted, folder=models_folder())
        settings = workspace.settings
        self.name, self.path = found.name, str(found.path)
        self.sha256 = fingerprint(workspace, found.path)
        self._workspace = workspace
        self._stop = stop or threading.Event()
        self._progress = progress
        self._process: EmbeddingProcess | None = None
        self._spec = EmbeddingSpec(
            path=self.path,
            name=self.name,
            sha256=self.sha256,
            threads=engine_settings(settings).threads or 0,
            repack_folder=str(cache_folder() / "weights") if settings.repack else None,
        )

    def of(self, items: Sequence[Item]) -> Vectors:
        """Return the vector of each item, in order: (items, numbers), float32.

        Raises:
            CancelledError: a stop was asked for; what was made is kept. ModelError: the model gives no vectors.
        """
        hashes = [item.content_hash for item in items]
        known = self._workspace.store.vectors(self.sha256, list(dict.fromkeys(hashes)))
        missing = {content: item for content, item in zip(hashes, items, strict=True) if content not in known}
        wanted = list(missing.items())
        for start in range(0, len(wanted), PAGE):
            if self._stop.is_set():
                raise CancelledError("Stopped; the vectors that were made are kept.", "Run it again to go on.")
            page = wanted[start : start + PAGE]
            made = self._model().embed([text_of(item) for _, item in page])
            fresh = {content: row.tobytes() for (content, _), row in zip(page, made.astype("<f4"), strict=True)}
            self._workspace.store.add_vectors(self.sha256, fresh)
            known |= fresh
            self._progress(f"{start + len(page):,} of {len(wanted):,} vectors")
        rows = [np.frombuffer(known[content], dtype="<f4") for content in hashes]
        if len({len(row) for row in rows}) > 1:
            raise ModelFileError(
                "The kept vectors of this model differ in length.", "Verify the workspace with `main.py verify`."
            )
        return np.vstack(rows).astype(np.float32) if rows else np.zeros((0, 0), dtype=np.float32)

    def _model(self) -> EmbeddingProcess:
        if self._process is None:
            self._progress(f"Loading {self.name}")
            self._process = EmbeddingProcess(self._spec)
        return self._process

    def close(self) -> None:
        """End the model's process, if it was started."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def embedding_model(workspace: Workspace, wanted: str | None) -> str:
    """Return the embedding model to use: the one named, which is remembered and recorded, else the remembered one.

    Raises:
        UsageError: none is named and none remembered. ModelFileError: the named one is not there or damaged.
    """
    if not wanted:
        if not workspace.settings.embedding_model:
            raise UsageError(
                "No embedding model is named.", "Name a GGUF file with --embedding, or learn from words alone."
            )
        return workspace.settings.embedding_model
    path = str(resolve_embedder(wanted, folder=models_folder()).path)
    if path != workspace.settings.embedding_model:
        workspace.store.record("embedding.chosen", workspace.reviewer, {"model": path})
        save_settings(workspace, settings=replace(workspace.settings, embedding_model=path))
    return path


def find_embedding(workspace: Workspace, *, sha256: str, name: str) -> str:
    """Return where the very model lies that a second opinion was trained with: remembered, or in the models folder.

    Raises:
        ModelFileError: it is not on this machine.
    """
    places = [workspace.settings.embedding_model] if workspace.settings.embedding_model else []
    places += [str(found.path) for found in installed_models(models_folder()) if not found.problem]
    for place in places:
        try:
            path = resolve_embedder(place, folder=models_folder()).path
        except ModelFileError:
            continue
        if fingerprint(workspace, path) == sha256:
            return str(path)
    raise ModelFileError(
        f"The embedding model this second opinion was trained with is not here: {name}, SHA-256 {sha256[:12]}.",
        "Put its file into the models folder, or train the second opinion again.",
    )
