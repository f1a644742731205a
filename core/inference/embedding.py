"""Vectors of texts from a model file, made in a process of its own and nowhere else.

It owns the life of that process: started, fed by batches, ended. A native abort ends the process and becomes an error.
It must not import the engine or llama_cpp in the desk's own process.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.errors import AppError, ModelCrashError

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EmbeddingSpec:
    """A checked model file that is to give vectors; 0 threads: as many as there are cores for this process.

    `repack_folder` allows a copy of weights that do not batch.
    """

    path: str
    name: str
    sha256: str
    threads: int = 0
    repack_folder: str | None = None


class EmbeddingProcess:
    """One embedding model in one spawned process. A context manager; use from one thread."""

    def __init__(self, spec: EmbeddingSpec) -> None:
        """Start the process and wait until the model is loaded.

        Raises:
            ModelFileError: the file cannot be loaded, or gives no vectors.
            ModelCrashError: the process died while loading it.
        """
        self.spec = spec
        spawn = multiprocessing.get_context("spawn")
        self._pipe, there = spawn.Pipe()
        handle, name = tempfile.mkstemp(prefix="docket-embedding-", suffix=".log")
        os.close(handle)
        self._log = Path(name)
        self._process = spawn.Process(target=_serve, args=(there, spec, name), name="docket-embedding", daemon=True)
        self._process.start()
        there.close()
        try:
            self.size = int(self._receive())
        except AppError:
            self.close()
            raise

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a vector of length 1 for each text, in order: (texts, size), float32.

        Raises:
            ModelFileError: the model gives no vectors. ModelCrashError: the process died.
        """
        if not texts:
            return np.zeros((0, self.size), dtype=np.float32)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._pipe.send([text.encode("utf-8", "replace").decode("utf-8") for text in texts])
        found = np.frombuffer(self._receive(), dtype="<f4").reshape(len(texts), self.size)
        return np.asarray(found, dtype=np.float32)

    def _receive(self) -> bytes:
        try:
            answer = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join(5)
            raise ModelCrashError(
                f"The process of the embedding model died (exit status {self._process.exitcode}).",
                "The file may be damaged or too large for this machine's memory. Learn from words alone, or take "
                "another file.",
            ) from None
        if isinstance(answer, AppError):
            raise answer
        reply: bytes = answer
        return reply

    def close(self) -> None:
        """End the process and remove its log. May be called twice."""
        self._pipe.close()
        self._process.join(0.2)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._log.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def _serve(pipe: Connection, spec: EmbeddingSpec, log_path: str) -> None:
    """Load the model, say how long its vectors are, then answer lists of texts until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the desk
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, sys.stderr.fileno() if sys.stderr is not None else 2)
    from core.inference.engine.embedding import Embedder
    from core.inference.engine.repack import repacked
    from core.inference.engine.settings import free_cores

    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            path = spec.path
            if spec.repack_folder is not None:
                copy = repacked(Path(path), sha256=spec.sha256, cache=Path(spec.repack_folder))
                path = str(copy[0]) if copy else path
            embedder = Embedder(path, threads=spec.threads or free_cores())
            pipe.send(embedder.size)
            while True:
                pipe.send(embedder.embed(pipe.recv()).astype("<f4").tobytes())
        except AppError as error:
            pipe.send(error)
