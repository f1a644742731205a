"""What the encrypted database library says of itself, for a process of its own.

It owns that one line and must not import the rest of the store: a library that cannot be loaded has to be told, too.
"""

from __future__ import annotations

from typing import Any


def cipher_line() -> str:
    """Return the versions of SQLCipher and of the SQLite in it."""
    from sqlcipher3 import dbapi2

    library: Any = dbapi2
    [cipher] = library.connect(":memory:").execute("PRAGMA cipher_version").fetchone()
    return f"SQLCipher {cipher}, SQLite {library.sqlite_version}"
