"""Where a team's workspace is: the address of its PostgreSQL database and the small local folder that goes with it.

It owns the address, how it becomes a folder name, and `server.json` in that folder. A password in an address is kept
for this process and nowhere else; what is written, shown and recorded has none.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import StorageError, UsageError, WorkspaceError
from core.paths import home_folder

FILE = "server.json"
_SCHEME = re.compile(r"postgres(?:ql)?(?:\+\w+)?:", re.IGNORECASE)
_EXAMPLE = "Write postgresql+psycopg://NAME@HOST/DATABASE."
_given: dict[Path, URL] = {}
"""Addresses named in this process, by their folder, with their passwords."""


def local_folder(named: str) -> Path:
    """Return the folder of a workspace as a person names it: a folder, or the address of a database on a server.

    For an address it is a folder under this person's Docket files; it need not exist yet.

    Raises:
        UsageError: it looks like an address and is none of PostgreSQL.
    """
    if not _SCHEME.match(named):
        return Path(named)
    url = _parse(named)
    where = url.host or url.query.get("host") or "local"
    digest = hashlib.sha256(shown(url).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{url.database} at {where}").strip("-.")[:60]
    folder = home_folder() / "teams" / f"{plain}-{digest}"
    _given[folder] = url
    return folder


def _parse(named: str) -> URL:
    try:
        url = make_url(named)
    except (ArgumentError, ValueError):
        raise UsageError("That is no address of a database.", _EXAMPLE) from None
    if url.drivername.lower() not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise UsageError("Docket speaks to PostgreSQL through psycopg only.", _EXAMPLE)
    if not url.database:
        raise UsageError("The address names no database.", _EXAMPLE)
    if any("password" in name.lower() for name in url.query):
        raise UsageError("The address has a password among its options.", "Put it into the file that PGPASSFILE names.")
    return url.set(drivername="postgresql+psycopg")


def shown(url: URL) -> str:
    """Return an address without its password."""
    return url._replace(password=None).render_as_string(hide_password=False)


def is_team(folder: Path) -> bool:
    """Whether the workspace of this folder lies on a server."""
    try:
        return folder in _given or (folder / FILE).is_file()
    except OSError:
        return False


def server_url(folder: Path) -> URL:
    """Return the address of a workspace, with the password if one was given in this process.

    Raises:
        WorkspaceError: `server.json` is missing or damaged.
    """
    if folder in _given:
        return _given[folder]
    try:
        return _parse(json.loads((folder / FILE).read_text(encoding="utf-8"))["url"])
    except (OSError, ValueError, KeyError, TypeError, UsageError):
        raise WorkspaceError(
            f"{FILE} cannot be read.", "Name the server again: `main.py init --workspace URL`."
        ) from None


def write_server(folder: Path, url: URL) -> None:
    """Note the address, without its password.

    Raises:
        StorageError: it cannot be written.
    """
    try:
        (folder / FILE).write_text(json.dumps({"url": shown(url)}, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{FILE} cannot be written: {error.strerror}.", "Check space and permissions.") from None


def secret_name(url: URL) -> str:
    """Return the name of a login's password in the keychain."""
    return f"postgresql:{url.username or ''}@{url.host or ''}:{url.port or 5432}/{url.database}"
