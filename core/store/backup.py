"""A backup: one file that holds the encrypted database, its keys and its settings, and says what it holds.

It owns the format, a ZIP file whose entries are stored as they are, and its check on the way out. A backup is there
whole or not at all, and nothing is unpacked over a file that exists. Whether what is in it is sound is not asked here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from core.domain import utc_now
from core.errors import CancelledError, InputError, NewerError, StorageError
from core.store import database, keys
from core.store.copying import Progress, copy_online
from core.store.database import Database
from core.store.keys import KeyFile, decode_keys, encode_keys, sync_folder

FOLDER = "backups"
FORMAT, VERSION = "docket-backup", 1
MANIFEST = "manifest.json"
_PREFIX, _SUFFIX, _UPGRADE = "docket-", ".zip", "-before-upgrade"
_CHUNK = 1024 * 1024
_LARGEST_SMALL_FILE = 16 * 1024 * 1024
SETTINGS = "settings.toml"
_FILES = (database.FILE, keys.FILE, SETTINGS)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `chain_size` and `chain_head` are the end of the audit chain its keys name."""

    workspace: str
    created_at: str
    chain_size: int
    chain_head: str
    files: dict[str, tuple[int, str]]


def new_path(folder: Path, *, before_upgrade: bool = False) -> Path:
    """Return a free name for a backup in the workspace's own folder of backups, which is made if need be.

    Raises:
        StorageError: the folder cannot be made.
    """
    place = folder / FOLDER
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        for left in place.glob(".docket-*.part"):  # of a backup that was killed
            left.unlink()
    except OSError as error:
        raise _refused(place, error) from None
    stem = f"{_PREFIX}{utc_now():%Y%m%d-%H%M%S}"
    names = (f"{stem}{extra}{_UPGRADE if before_upgrade else ''}{_SUFFIX}" for extra in _counters())
    return next(place / name for name in names if not (place / name).exists())


def _counters() -> Iterator[str]:
    yield ""
    number = 1
    while True:
        number += 1
        yield f"-{number}"


def own_backups(folder: Path) -> list[Path]:
    """Return the backups in the workspace's own folder, oldest first."""
    with contextlib.suppress(OSError):
        return sorted(
            (folder / FOLDER).glob(f"{_PREFIX}*{_SUFFIX}"), key=lambda path: (path.stat().st_mtime, path.name)
        )
    return []


def prune(folder: Path, keep: int) -> int:
    """Delete the oldest backups of each sort, scheduled and before upgrades, beyond `keep`; return how many went."""
    gone = 0
    for upgrades in (False, True):
        those = [path for path in own_backups(folder) if path.stem.endswith(_UPGRADE) is upgrades]
        for path in those[: max(0, len(those) - keep)]:
            with contextlib.suppress(OSError):
                path.unlink()
                gone += 1
    return gone


class BackupFile:
    """Writes a backup beside `path`; `publish` puts it there. Leaving the context removes what was not published.

    Raises:
        StorageError: there is such a file, the disk is full or the folder cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        mark = secrets.token_hex(8)
        self._snapshot = path.with_name(f".docket-{mark}-db.part")
        self._archive = path.with_name(f".docket-{mark}.part")

    def __enter__(self) -> BackupFile:
        if self.path.is_symlink() or self.path.exists():
            raise StorageError(f"{self.path} is there already.", "Choose another name: a backup never overwrites one.")
        if not self.path.parent.is_dir():
            raise StorageError(f"There is no folder {self.path.parent}.", "Create it, or choose another place.")
        return self

    def __exit__(self, *_: object) -> None:
        self._drop(self._snapshot)
        self._drop(self._archive)

    def _drop(self, path: Path) -> None:
        for name in (path.name, f"{path.name}-journal", f"{path.name}-wal", f"{path.name}-shm"):
            with contextlib.suppress(OSError):
                path.with_name(name).unlink(missing_ok=True)

    def write(
        self,
        source: Database,
        kept: KeyFile,
        settings: bytes | None,
        *,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> str:
        """Copy the database as it is now with these keys and settings; return the SHA-256 (hex) of the file.

        Raises:
            AppError: a page is damaged, the disk is full. CancelledError: `cancel` was set.
        """
        try:
            copy_online(source, self._snapshot, progress=progress, cancel=cancel)
            with os.fdopen(os.open(self._archive, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream:
                with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                    files = {database.FILE: self._pack_snapshot(archive, cancel), keys.FILE: encode_keys(kept)}
                    if settings is not None:
                        files[SETTINGS] = settings
                    _write_small(archive, kept, files)
                stream.flush()
                os.fsync(stream.fileno())
                stream.seek(0)
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            self._drop(self._snapshot)
        except OSError as error:
            raise _refused(self.path, error) from None
        return digest

    def _pack_snapshot(self, archive: zipfile.ZipFile, cancel: threading.Event | None) -> tuple[int, str]:
        digest, size = hashlib.sha256(), 0
        with self._snapshot.open("rb") as source, archive.open(_entry(database.FILE), "w", force_zip64=True) as target:
            while chunk := source.read(_CHUNK):
                if cancel is not None and cancel.is_set():
                    raise CancelledError("The backup was stopped.", "Nothing was written.")
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        return size, digest.hexdigest()

    def publish(self) -> None:
        """Put the finished file in its place.

        Raises:
            StorageError: it cannot be moved there.
        """
        try:
            self._archive.replace(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            raise _refused(self.path, error) from None


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, utc_now().timetuple()[:6])
    info.external_attr = 0o600 << 16
    return info


def _write_small(archive: zipfile.ZipFile, kept: KeyFile, files: dict[str, Any]) -> None:
    told: dict[str, dict[str, Any]] = {}
    for name, content in files.items():
        if isinstance(content, bytes):
            archive.writestr(_entry(name), content)
            content = (len(content), hashlib.sha256(content).hexdigest())
        told[name] = {"size": content[0], "sha256": content[1]}
    manifest = {
        "format": FORMAT, "version": VERSION, "workspace": kept.workspace,
        "created_at": utc_now().isoformat(timespec="seconds"),
        "chain": {"size": kept.chain_size, "head": kept.chain_head}, "files": told,
    }  # fmt: skip
    archive.writestr(_entry(MANIFEST), json.dumps(manifest, indent=1))


@contextlib.contextmanager
def open_backup(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open a backup to read it.

    Raises:
        InputError: it is none, or damaged. NewerError: a newer Docket wrote it.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _read_manifest(path, archive)
    except FileNotFoundError:
        raise InputError(f"There is no file {path}.", "Name a backup, see the folder `backups`.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Check the file and its permissions.") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
        raise _damaged(path, "it is no ZIP file, or cut short") from None


def _read_manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    names = [info.filename for info in archive.infolist()]
    if MANIFEST not in names:
        raise InputError(f"{path} is no backup of a Docket workspace.", "Name a file that `main.py backup` wrote.")
    try:
        said = json.loads(_read_small(path, archive, MANIFEST))
        if said["format"] == FORMAT and int(said["version"]) > VERSION:
            raise NewerError(f"{path} was written by a newer Docket.", "Restore it with that one.")
        files = {str(name): (int(told["size"]), str(told["sha256"])) for name, told in said["files"].items()}
        chain = said["chain"]
        manifest = Manifest(
            str(said["workspace"]), str(said["created_at"]), int(chain["size"]), str(chain["head"]), files
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged(path, "its list of contents cannot be read") from None
    wanted = {*files, MANIFEST}
    if sorted(names) != sorted(wanted) or not set(files) <= set(_FILES) or not set(_FILES[:2]) <= set(files):
        raise _damaged(path, "it does not hold what it says")
    return manifest


def read_backup_keys(path: Path) -> KeyFile:
    """Return the keys a backup holds.

    Raises:
        InputError: it is no backup, or damaged. WorkspaceError: its keys are damaged.
    """
    with open_backup(path) as (archive, _):
        return decode_keys(_read_small(path, archive, keys.FILE))


def _read_small(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _LARGEST_SMALL_FILE:
        raise _damaged(path, f"{name} is too large")
    return archive.read(name)


def unpack(
    path: Path, folder: Path, *, progress: Progress | None = None, cancel: threading.Event | None = None
) -> Manifest:
    """Unpack a backup into an empty folder, each file held against its hash; return what the backup says of itself.

    Raises:
        InputError: it is no backup, or damaged; the file that is wrong is named. StorageError: no room, no permission.
        CancelledError: `cancel` was set.
    """
    with open_backup(path) as (archive, manifest):
        total = sum(size for size, _ in manifest.files.values())
        done = 0
        for name, (size, sha256) in manifest.files.items():
            info = archive.getinfo(name)
            if info.compress_type != zipfile.ZIP_STORED or info.file_size != size:
                raise _damaged(path, f"{name} is not as it was written")
            digest = hashlib.sha256()
            with _new_file(folder / name) as target:
                for chunk in _chunks(path, archive, info):
                    if cancel is not None and cancel.is_set():
                        raise CancelledError("The restore was stopped.", "Nothing was restored.")
                    target.write(chunk)
                    digest.update(chunk)
                    done += len(chunk)
                    if progress is not None:
                        progress(done, total)
            if digest.hexdigest() != sha256:
                raise _damaged(path, f"{name} is not as it was written")
        return manifest


def _chunks(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except (zipfile.BadZipFile, EOFError):
        raise _damaged(path, f"{info.filename} is not as it was written") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Check the disk it is on.") from None


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise _refused(path, error) from None


def _damaged(path: Path, what: str) -> InputError:
    return InputError(f"{path} is damaged: {what}.", "Nothing was restored. Use another backup.")


def _refused(path: Path, error: OSError) -> StorageError:
    reason = (error.strerror or str(error)).lower()
    return StorageError(f"{path} cannot be written: {reason}.", "Free some space or choose another place.")
