"""Fetching a model so that a bad file is never taken for a good one: `.part` files, resume, SHA-256, then one rename.

It owns the state on disk: `NAME.part` with its `NAME.part.json`, which says what it will be. A file gets its own name
only when its bytes have the stated SHA-256 and its header reads as a model. A whole file with a wrong hash is compared
with the server range by range and mended; one that stays wrong is fetched anew the next time.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

from filelock import FileLock, Timeout

from core.domain import utc_now
from core.errors import CancelledError, DownloadError, ModelFileError
from core.models.gguf import read_header
from core.models.hub import HubFile, HubPlan
from core.models.provenance import Provenance, read_provenance, write_provenance

RANGE_BYTES = 16 * 1024**2
MARGIN_BYTES = 64 * 1024**2
"""Space left free on the disk beside the model."""

Phase = Literal["fetching", "checking", "mending"]


class RangeSource(Protocol):
    """Where bytes come from: the hub, or what plays it."""

    def fetch(
        self,
        plan: HubPlan,
        file: HubFile,
        target: io.BufferedRandom | io.BytesIO,
        *,
        start: int,
        end: int,
        told: Callable[[int], None],
    ) -> None:
        """Write bytes `start` to `end` of a file; see `Hub.fetch`."""
        ...


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """Where a download stands: bytes of all files done and in all; `bytes_per_s` 0.0 and None while unknown."""

    name: str
    phase: Phase
    done: int
    total: int
    bytes_per_s: float = 0.0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """What a `.part` file will be. `bad` says that it was whole, wrong, and could not be mended."""

    repo: str
    commit: str
    path: str
    size_bytes: int
    sha256: str
    bad: bool = False


def download(
    plan: HubPlan,
    *,
    source: RangeSource,
    folder: Path,
    progress: Callable[[DownloadProgress], None] = lambda _: None,
    cancel: threading.Event | None = None,
) -> Path:
    """Fetch all files of a plan into `folder` and return the path of the first, checked and ready.

    Files that are there already with the stated SHA-256 are not fetched again. Cancelling keeps the `.part` file.

    Raises:
        DownloadError: see `Hub.fetch`; not enough space; another download of the same model runs; a wrong SHA-256.
        ModelFileError: the bytes are right and are no model. CancelledError: `cancel` was set.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{plan.files[0].name}.lock", timeout=0):
            return _Download(plan, source, folder, progress, cancel or threading.Event()).run()
    except Timeout:
        raise DownloadError(
            f"{plan.files[0].name} is being downloaded already.", "Wait for the other download."
        ) from None
    except OSError as error:
        raise DownloadError(f"{folder} cannot be written: {error.strerror}.", "Check space and permissions.") from None


class _Download:
    def __init__(
        self,
        plan: HubPlan,
        source: RangeSource,
        folder: Path,
        progress: Callable[[DownloadProgress], None],
        cancel: threading.Event,
    ) -> None:
        self._plan = plan
        self._source = source
        self._folder = folder
        self._progress = progress
        self._cancel = cancel
        self._before = 0  # bytes of the files that are done
        self._began = time.monotonic()
        self._fetched = 0

    def run(self) -> Path:
        self._check_space()
        for file in self._plan.files:
            if not self._ready(file):
                self._one(file)
            self._before += file.size_bytes
        return self._folder / self._plan.files[0].name

    def _ready(self, file: HubFile) -> bool:
        path = self._folder / file.name
        if not path.is_file():
            return False
        known = read_provenance(path)
        if known is not None and known.sha256 == file.sha256 and path.stat().st_size == file.size_bytes:
            return True
        if path.stat().st_size == file.size_bytes and self._hash(path, file) == file.sha256:
            self._note_origin(path, file)
            return True
        raise DownloadError(
            f"{path} is there already and is another file.", "Move it away, or download into another DOCKET_HOME."
        )

    def _check_space(self) -> None:
        here = sum(
            path.stat().st_size
            for file in self._plan.files
            for path in (self._folder / file.name, self._part(file))
            if path.is_file()
        )
        needed = self._plan.size_bytes - here + MARGIN_BYTES
        free = shutil.disk_usage(self._folder).free
        if needed > free:
            raise DownloadError(
                f"The model needs {needed / 1024**3:.1f} GiB and {free / 1024**3:.1f} GiB are free in {self._folder}.",
                "Free some space, or set DOCKET_HOME to another disk.",
            )

    def _part(self, file: HubFile) -> Path:
        return self._folder / f"{file.name}.part"

    def _one(self, file: HubFile) -> None:
        part, state = self._part(file), self._state(file)
        if self._read_state(part) != state:
            part.unlink(missing_ok=True)  # another revision, or bytes that could not be mended
        self._write_state(part, state)
        with part.open("r+b" if part.exists() else "w+b") as target:
            self._fill(file, target)
        if self._hash(part, file) != file.sha256:
            self._mend(part, file)
        try:
            read_header(part)
        except ModelFileError:
            self._write_state(part, self._state(file, bad=True))
            raise
        final = self._folder / file.name
        self._note_origin(final, file)
        part.replace(final)
        part.with_name(part.name + ".json").unlink(missing_ok=True)

    def _fill(self, file: HubFile, target: io.BufferedRandom) -> None:
        start = target.seek(0, io.SEEK_END)
        if start > file.size_bytes:
            target.truncate(0)
            start = target.seek(0)
        if start < file.size_bytes:
            told = self._teller(file, "fetching", start)
            self._source.fetch(self._plan, file, target, start=start, end=file.size_bytes, told=told)

    def _mend(self, part: Path, file: HubFile) -> None:
        """Fetch each range again and put right what differs; the file is known bad when the hash stays wrong."""
        told = self._teller(file, "mending", 0)
        with part.open("r+b") as target:
            for start in range(0, file.size_bytes, RANGE_BYTES):
                end = min(start + RANGE_BYTES, file.size_bytes)
                fresh = io.BytesIO()
                self._source.fetch(self._plan, file, fresh, start=start, end=end, told=told)
                target.seek(start)
                if target.read(end - start) != fresh.getvalue():
                    target.seek(start)
                    target.write(fresh.getvalue())
        if self._hash(part, file) != file.sha256:
            self._write_state(part, self._state(file, bad=True))
            raise DownloadError(
                f"{file.name} does not have the SHA-256 that the hub states, fetched twice.",
                "It is not used. The file on the server may have been changed: try another revision or mirror.",
            )

    def _hash(self, path: Path, file: HubFile) -> str:
        digest = hashlib.sha256()
        done = 0
        with path.open("rb") as opened:
            while chunk := opened.read(4 * 1024**2):
                self._stop_if_asked()
                digest.update(chunk)
                done += len(chunk)
                self._progress(DownloadProgress(file.name, "checking", self._before + done, self._plan.size_bytes))
        return digest.hexdigest()

    def _teller(self, file: HubFile, phase: Phase, start: int) -> Callable[[int], None]:
        done = start

        def told(count: int) -> None:
            nonlocal done
            done += count
            self._fetched += max(count, 0)
            elapsed = max(time.monotonic() - self._began, 1e-3)
            speed = self._fetched / elapsed
            left = (self._plan.size_bytes - self._before - done) / speed if speed else None
            self._progress(DownloadProgress(file.name, phase, self._before + done, self._plan.size_bytes, speed, left))
            self._stop_if_asked()

        return told

    def _stop_if_asked(self) -> None:
        if self._cancel.is_set():
            raise CancelledError("The download was stopped.", "What was fetched is kept; the same command goes on.")

    def _state(self, file: HubFile, *, bad: bool = False) -> _State:
        return _State(self._plan.repo, self._plan.commit, file.path, file.size_bytes, file.sha256, bad)

    def _read_state(self, part: Path) -> _State | None:
        try:
            return _State(**json.loads(part.with_name(part.name + ".json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _write_state(self, part: Path, state: _State) -> None:
        part.with_name(part.name + ".json").write_text(json.dumps(asdict(state)), encoding="utf-8")

    def _note_origin(self, path: Path, file: HubFile) -> None:
        write_provenance(
            path,
            Provenance(
                file.sha256,
                file.size_bytes,
                f"{self._plan.repo}/{file.path}",
                self._plan.commit,
                f"{utc_now():%Y-%m-%dT%H:%M:%SZ}",
            ),
        )
