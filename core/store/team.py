"""The store of a team: the same tables on a PostgreSQL server, with a signing key for each workstation.

It owns joining a server's database and the keys that sign its audit chain. A server does not keep a private key:
whoever runs it could sign with it. Each workstation signs with its own, which is derived from its data key, and tells
its public half to the chain when it joins.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import URL, Connection, insert, select

from core.domain import Role
from core.errors import RoleError, WorkspaceError
from core.store import audit, members, migrations
from core.store.key_slots import CREATED, JOINED
from core.store.postgres import ServerDatabase
from core.store.store import Store
from core.store.tables import AUDIT_EVENT, SECRET

_WORKSPACE, _SAMPLING = "workspace", "sampling"
_PURPOSE = b"docket-team-signing-key-v1"


class TeamStore(Store):
    """A workspace's database on a server. Make one with `join` or `connect`."""

    on_server = True
    _db: ServerDatabase

    def __init__(self, database: ServerDatabase) -> None:
        """Take a database whose tables are up to date."""
        super().__init__(database)
        self._signer = _derive(database.data_key)
        self.login = database.login()

    @classmethod
    def join(cls, folder: Path, url: URL, data_key: bytes, *, slots: Mapping[str, Any] | None = None) -> TeamStore:
        """Connect a workstation for the first time: make the workspace where there is none, with this login as lead.

        `slots` is what the chain is told of this workstation's key file.

        Raises:
            RoleError: there is one, and this login is no member of it. AppError: the server refuses, or cannot be used.
        """
        database = ServerDatabase(folder, url, data_key)
        try:
            login = database.login()
            with database.write() as connection:
                if migrations.current_revision(connection) is None:
                    migrations.upgrade(connection)
                    shared = {_WORKSPACE: str(uuid.uuid4()), _SAMPLING: secrets.token_hex(32)}
                    connection.execute(insert(SECRET), [{"name": name, "value": shared[name]} for name in shared])
                    made = {"schema": migrations.HEAD, "signing_key": public_key(data_key)}
                    made |= {**members.list_as_lead(connection, login), **(slots or {})}
                    audit.append(connection, CREATED, login, made)
            store = cls._current(database)
            store._require_member()  # noqa: SLF001 - our own
            if store.public_key() not in store.signers():
                store.record(JOINED, login, {"signing_key": store.public_key(), **(slots or {})})
        except BaseException:
            database.close()
            raise
        return store

    @classmethod
    def connect(cls, folder: Path, url: URL, data_key: bytes) -> TeamStore:
        """Open the workspace of a workstation that has joined.

        Raises:
            NewerError: a newer Docket wrote it. AppError: the server refuses, or cannot be used.
        """
        database = ServerDatabase(folder, url, data_key)
        try:
            return cls._current(database)
        except BaseException:
            database.close()
            raise

    @classmethod
    def _current(cls, database: ServerDatabase) -> TeamStore:
        """Bring the tables up to date. With another workstation's newer Docket the older ones are told to follow."""
        with database.read() as connection:
            revision = migrations.current_revision(connection)
        if revision is None:
            raise WorkspaceError("That database holds no workspace.", "Make it with `main.py init --workspace URL`.")
        if revision != migrations.HEAD:
            with database.write() as connection:
                migrations.upgrade(connection)
        return cls(database)

    def _require_member(self) -> None:
        if self.role_of(self.login) is None:
            hint = f"Ask a lead for `main.py member add {self.login}`."
            raise RoleError(f"{self.login} is no member of this workspace.", hint)

    def workspace_id(self) -> str:
        """Return the id that all workstations share."""
        return self._shared(_WORKSPACE)

    def sampling_secret(self) -> bytes:
        """Return the secret (32 bytes) by which shares take items: the same for all desks."""
        return bytes.fromhex(self._shared(_SAMPLING))

    def _shared(self, name: str) -> str:
        with self._db.read() as connection:
            return str(connection.execute(select(SECRET.c.value).where(SECRET.c.name == name)).scalar_one())

    def public_key(self) -> str:
        """Return the public half (hex) of this workstation's signing key."""
        return self._signer.public_key().public_bytes_raw().hex()

    def _signing_key(self, connection: Connection) -> Ed25519PrivateKey:
        del connection
        return self._signer

    def sign_end(self) -> tuple[int, str]:
        """Sign the end of the audit chain where this login may write; return its size and head."""
        if self.role_of(self.login) in (Role.LEAD, Role.REVIEWER):
            return super().sign_end()
        with self._db.read() as connection:
            return audit.chain_end(connection)

    def signers(self) -> list[str]:
        """Return the public keys (hex) of all workstations that joined, in the order they did."""
        with self._db.read() as connection:
            return _signers(connection)

    def _check_checkpoints(self, connection: Connection, public_key: str, kept: tuple[int, str]) -> tuple[bool, str]:
        known = _signers(connection)
        if public_key not in known:
            return False, "the chain does not know this workstation's signing key"
        keys = [Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)) for key in known]
        return audit.check_checkpoints(connection, keys, kept)


def public_key(data_key: bytes) -> str:
    """Return the public half (hex) of the key a workstation signs with."""
    return _derive(data_key).public_key().public_bytes_raw().hex()


def _derive(data_key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(data_key))


def _signers(connection: Connection) -> list[str]:
    event = AUDIT_EVENT.c
    announced = select(event.payload).where(event.kind.in_((CREATED, JOINED))).order_by(event.id)
    payloads = connection.execute(announced).scalars()
    return list(dict.fromkeys(str(json.loads(payload)["signing_key"]) for payload in payloads))
