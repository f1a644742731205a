"""Bringing a model file from elsewhere, a stick say, into the models folder: checked, then linked or copied.

It owns the choice between link and copy and the comparison with a SHA-256 that was given or lies beside the file. A
file gets its name in the folder only when it is whole and right.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.domain import utc_now
from core.errors import CancelledError, ModelFileError
from core.models.catalogue import check_file, file_sha256, split_parts
from core.models.provenance import Provenance, read_provenance, write_provenance

SUMS_FILE = "SHA256SUMS"
_SUM = re.compile(r"^(?P<sha256>[0-9a-fA-F]{64})[ \t]+\*?(?P<name>.+)$")
MARGIN_BYTES = 64 * 1024**2
Way = Literal["hard link", "symbolic link", "copy", "already there"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A model file in the models folder: where, its SHA-256 (hex), how it came there, whether a sum vouched for it."""

    path: Path
    sha256: str
    way: Way
    vouched: bool


def place_model(
    first: Path,
    *,
    folder: Path,
    link: bool = False,
    sha256: str | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    cancel: threading.Event | None = None,
) -> list[Placed]:
    """Bring a model, all parts of a split one, into `folder`; return one entry for each part, in order.

    On the same file system a hard link takes no space; elsewhere the bytes are copied and hashed on the way. With
    `link` a symbolic link is made instead, and the file has to stay where it is. `sha256` (hex) is for a model in one
    file; a file `SHA256SUMS` beside the model is used when it names it. `progress` gets name, bytes done, bytes in all.

    Raises:
        ModelFileError: no model, missing parts, a wrong sum, not enough space, another file of that name.
        CancelledError: `cancel` was set; nothing half done stays.
    """
    check_file(first)
    parts = split_parts(first)
    sums = _sums_beside(first)
    if sha256 is not None:
        if len(parts) > 1:
            raise ModelFileError("One SHA-256 cannot vouch for several parts.", f"Put a {SUMS_FILE} file beside them.")
        sums = {first.name: sha256.strip().lower()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        placing = _Placing(folder, link, progress, cancel or threading.Event())
        return [placing.one(part, sums.get(part.name)) for part in parts]
    except OSError as error:
        raise ModelFileError(f"{folder} cannot be written: {error.strerror}.", "Check space and permissions.") from None


@dataclass(frozen=True, slots=True)
class _Placing:
    folder: Path
    link: bool
    progress: Callable[[str, int, int], None]
    cancel: threading.Event

    def one(self, part: Path, stated: str | None) -> Placed:
        target = self.folder / part.name
        if target.exists():
            return self._there_already(part, target, stated)
        way = self._linked(part, target)
        if way is not None:
            try:
                found = file_sha256(target, progress=lambda done, total: self._told(part.name, done, total))
                self._compare(part, found, stated)
            except BaseException:
                target.unlink(missing_ok=True)
                raise
        else:
            way, found = "copy", self._copied(part, target, stated)
        origin = Provenance(found, part.stat().st_size, str(part), "", f"{utc_now():%Y-%m-%dT%H:%M:%SZ}")
        write_provenance(target, origin)
        return Placed(target, found, way, stated is not None)

    def _there_already(self, part: Path, target: Path, stated: str | None) -> Placed:
        def told(done: int, total: int) -> None:
            self._told(part.name, done, total)

        found = file_sha256(part, progress=told)
        self._compare(part, found, stated)
        if not target.samefile(part) and file_sha256(target, progress=told) != found:
            raise ModelFileError(f"{target} is there already and is another file.", "Move it away or rename yours.")
        if read_provenance(target) is None:
            origin = Provenance(found, part.stat().st_size, str(part), "", f"{utc_now():%Y-%m-%dT%H:%M:%SZ}")
            write_provenance(target, origin)
        return Placed(target, found, "already there", stated is not None)

    def _linked(self, part: Path, target: Path) -> Way | None:
        if self.link:
            target.symlink_to(part.resolve())
            return "symbolic link"
        try:
            os.link(part.resolve(), target)
        except OSError:  # another file system, or one without links
            return None
        return "hard link"

    def _copied(self, part: Path, target: Path, stated: str | None) -> str:
        size = part.stat().st_size
        free = shutil.disk_usage(self.folder).free
        if size + MARGIN_BYTES > free:
            raise ModelFileError(
                f"The file takes {size / 1024**3:.1f} GiB and {free / 1024**3:.1f} GiB are free in {self.folder}.",
                "Free some space, set DOCKET_HOME to another disk, or use --link.",
            )
        partial = target.with_name(target.name + ".part")
        digest = hashlib.sha256()
        done = 0
        try:
            with part.open("rb") as source, partial.open("wb") as copy:
                while chunk := source.read(4 * 1024**2):
                    digest.update(chunk)
                    copy.write(chunk)
                    done += len(chunk)
                    self._told(part.name, done, size)
                copy.flush()
                os.fsync(copy.fileno())
            found = digest.hexdigest()
            self._compare(part, found, stated)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        return found

    def _told(self, name: str, done: int, total: int) -> None:
        self.progress(name, done, total)
        if self.cancel.is_set():
            raise CancelledError("Adding the model was stopped.", "Nothing was kept; run it again.")

    def _compare(self, part: Path, found: str, stated: str | None) -> None:
        if stated is not None and stated != found:
            raise ModelFileError(
                f"{part.name} has the SHA-256 {found[:16]}…, and {stated[:16]}… was stated.",
                "The file was damaged on the way or is another one. It was not added: copy it again.",
            )


def _sums_beside(first: Path) -> dict[str, str]:
    """Return the sums of a `SHA256SUMS` file beside the model by name; none when there is no readable one."""
    try:
        lines = (first.parent / SUMS_FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    found = (match for match in map(_SUM.match, lines) if match)
    return {Path(match["name"]).name: match["sha256"].lower() for match in found}


def verify_model(path: Path, *, progress: Callable[[str, int, int], None] = lambda *_: None) -> list[tuple[Path, str]]:
    """Check header and bytes of a model, all parts; return (path, problem) for each, "" where all is well.

    A part without a recorded origin is only checked for its header, and that is said.

    Raises:
        ModelFileError: parts are missing, or a header is damaged.
    """
    check_file(path)
    return [(part, _problem(part, progress)) for part in split_parts(path)]


def _problem(part: Path, progress: Callable[[str, int, int], None]) -> str:
    origin = read_provenance(part)
    if origin is None:
        return "no SHA-256 was recorded when it came here; only its header was checked"
    found = file_sha256(part, progress=lambda done, total: progress(part.name, done, total))
    return "" if found == origin.sha256 else f"its SHA-256 is {found[:16]}… and was {origin.sha256[:16]}…"
