"""The store: one encrypted workspace database with everything it answers. Services use this class and nothing below.

It owns opening, closing, migration and verification. Its methods may be called from any thread; each is one short
transaction. Values in and out are those of `core.domain`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, insert, select, text

from core.domain import Check
from core.errors import StorageError, WorkspaceError
from core.store import (
    audit,
    audit_streams,
    bundles,
    key_slots,
    members,
    migrations,
    opinions,
    oversight,
    second_reviews,
    verification,
)
from core.store.audit_log import AuditQueries
from core.store.audit_streams import AuditStreamQueries
from core.store.behind import BehindQueries
from core.store.bundles import BundleQueries
from core.store.claims import ClaimQueries
from core.store.database import FILE, Database, FileDatabase
from core.store.drafts import DraftQueries
from core.store.facets import FacetQueries
from core.store.groups import GroupQueries
from core.store.indexing import IndexUpkeep
from core.store.items import ItemQueries
from core.store.judgements import JudgementQueries
from core.store.keys import KeyFile
from core.store.measurements import MeasureQueries
from core.store.members import MemberQueries
from core.store.opinions import OpinionQueries
from core.store.oversight import OversightQueries
from core.store.places import PlaceQueries
from core.store.policies import PolicyQueries
from core.store.purging import PurgeQueries
from core.store.quarantine import QuarantineQueries
from core.store.queue import QueueQueries
from core.store.reports import ReportQueries
from core.store.second_reviews import SecondReviewQueries
from core.store.tables import SECRET
from core.store.trials import TrialQueries

SIGNING_KEY = "signing_key"
_RESTORE = "Keep this folder as it is and restore a backup into a new one."


class Store(
    ItemQueries,
    PolicyQueries,
    JudgementQueries,
    QueueQueries,
    ReportQueries,
    MeasureQueries,
    OpinionQueries,
    AuditStreamQueries,
    BehindQueries,
    MemberQueries,
    AuditQueries,
    PurgeQueries,
    GroupQueries,
    OversightQueries,
    SecondReviewQueries,
    DraftQueries,
    TrialQueries,
    QuarantineQueries,
    PlaceQueries,
    BundleQueries,
    FacetQueries,
    ClaimQueries,
    IndexUpkeep,
):
    """A workspace database. Make one with `create` or `open`."""

    on_server = False  # shared with others

    def __init__(self, database: Database) -> None:
        """Take an opened database whose tables are up to date."""
        self._db = database
        self._end: tuple[int, str] | None = None

    @classmethod
    def create(
        cls, folder: Path, data_key: bytes, *, creator: str = "", slots: Mapping[str, Any] | None = None
    ) -> Store:
        """Make a new database in the folder, with a signing key of its own and its creator as lead.

        `slots` is what the first event tells of the key file.

        Raises:
            WorkspaceError: there is one already, or it cannot be written.
        """
        _make_file(folder / FILE)
        database = FileDatabase(folder, data_key)
        try:
            with database.write() as connection:
                migrations.upgrade(connection)
                secret = Ed25519PrivateKey.generate().private_bytes_raw().hex()
                connection.execute(insert(SECRET).values(name=SIGNING_KEY, value=secret))
                lead = members.list_as_lead(connection, creator) if creator else {}
                made = {"schema": migrations.HEAD, **lead, **(slots or {})}
                audit.append(connection, key_slots.CREATED, creator, made)
        except BaseException:
            database.close()
            (folder / FILE).unlink(missing_ok=True)
            raise
        return cls(database)

    @classmethod
    def open(
        cls,
        folder: Path,
        data_key: bytes,
        *,
        name: str = FILE,
        before_upgrade: Callable[[Database], None] | None = None,
    ) -> Store:
        """Open the database of a workspace and bring its tables up to date, all of the way or not at all.

        `before_upgrade` is called first where the tables have to change; if it fails, nothing changes.

        Raises:
            LockedError: the key is not this database's. NewerError: a newer Docket wrote it.
            StorageError: it is damaged where it must be read to be opened; the message names the first bad page.
            WorkspaceError: it is not there.
        """
        if not (folder / name).is_file():
            raise WorkspaceError(f"{folder} has no {name}.", "Restore it from a backup.")
        if not os.access(folder, os.W_OK):  # SQLite would only say that a file cannot be opened
            raise StorageError(f"{folder} is read-only.", "Copy it to a folder you may write to.")
        database = FileDatabase(folder, data_key, name=name)
        try:
            with database.read() as connection:
                revision = migrations.current_revision(connection)
            if revision != migrations.HEAD:
                _bring_up_to_date(database, revision, before_upgrade)
        except StorageError as error:
            pages = verification.check_pages(database)
            database.close()
            raise error if pages.ok else StorageError(f"{FILE} is damaged: {pages.detail}.", _RESTORE) from None
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> tuple[int, str]:
        """Sign the end of the audit chain and close; return the chain's size and head.

        The database is closed even where signing fails, on a full disk say. A second call returns the same.
        """
        if self._end is not None:
            return self._end
        try:
            with self._db.read() as connection:
                end = audit.chain_end(connection)
                signed = connection.execute(text("SELECT size, head FROM checkpoint ORDER BY id DESC LIMIT 1")).first()
            if signed is None or tuple(signed) != end:
                end = self.sign_end()
        finally:
            self._db.close()
        self._end = end
        return end

    def record(self, kind: str, actor: str, details: Mapping[str, Any]) -> None:
        """Append an audit event for what changed nothing else in the database, such as an export."""
        with self._db.write() as connection:
            audit.append(connection, kind, actor, details)

    @property
    def file(self) -> Database:
        """The encrypted file itself, to copy it."""
        return self._db

    def data_key(self) -> bytes:
        """Return the key of the database (32 bytes), to wrap it for a slot. It must not be kept, shown or written."""
        return self._db.data_key

    def public_key(self) -> str:
        """Return the public half (hex) of the workspace's signing key."""
        with self._db.read() as connection:
            return self._signing_key(connection).public_key().public_bytes_raw().hex()

    def sign_end(self) -> tuple[int, str]:
        """Sign the end of the audit chain, if that was not done yet; return its size and head."""
        with self._db.write() as connection:
            audit.add_checkpoint(connection, self._signing_key(connection))
            return audit.chain_end(connection)

    def sign(self, message: bytes) -> str:
        """Return the signature (hex) of the workspace's key over a message that names its own domain."""
        with self._db.read() as connection:
            return self._signing_key(connection).sign(message).hex()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything this thread does within one transaction, kept or undone as a whole."""
        with self._db.transaction():
            yield

    def _signing_key(self, connection: Connection) -> Ed25519PrivateKey:
        value = connection.execute(select(SECRET.c.value).where(SECRET.c.name == SIGNING_KEY)).scalar_one()
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(value))

    def holds(self, size: int, head: str) -> bool:
        """Whether the audit chain had this end at this size, as it must when nobody cut it."""
        with self._db.read() as connection:
            return audit.holds(connection, size, head or audit.EMPTY_HEAD)

    def verify(self, kept: KeyFile) -> list[Check]:
        """Check pages, references, tables, triggers, chain, records, queue, slots and checkpoints; damage is an answer.

        `kept` is the `keys.json` beside the database: its signing key, its slots, the chain's end at the last close.
        """
        end = (kept.chain_size, kept.chain_head or audit.EMPTY_HEAD)
        questions: dict[str, verification.Question] = {
            "foreign_keys": verification.check_foreign_keys,
            "schema": verification.check_schema,
            "triggers": verification.check_triggers,
            "audit_chain": audit.check_chain,
            "records": verification.check_records,
            "members": members.check_members,
            "queue": verification.check_queue,
            "review_rules": oversight.check_rules,
            "second_reviews": second_reviews.check_second_reviews,
            "second_opinions": opinions.check_opinions,
            "audit_streams": audit_streams.check_draws,
            "senders": bundles.check_senders,
            "checkpoints": lambda connection: self._check_checkpoints(connection, kept.signing_key, end),
        }
        asked = [verification.ask(self._db, name, question) for name, question in questions.items()]
        return [verification.check_pages(self._db), *asked, self._check_slots(kept)]

    def _check_slots(self, kept: KeyFile) -> Check:
        check = verification.ask(
            self._db, "key_slots", lambda connection: key_slots.check_slots(connection, kept, shared=self._db.shared)
        )
        return check if check.ok else replace(check, hint=key_slots.HINT)

    def _check_checkpoints(self, connection: Connection, public_key: str, kept: tuple[int, str]) -> tuple[bool, str]:
        if self._signing_key(connection).public_key().public_bytes_raw().hex() != public_key:
            return False, "the signing key is not the one keys.json names"
        return audit.check_checkpoints(
            connection, [Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))], kept
        )


def _bring_up_to_date(
    database: Database, revision: str | None, before_upgrade: Callable[[Database], None] | None
) -> None:
    if revision is None:  # an empty file is what is left of a database, never a new one
        raise StorageError(f"{FILE} holds no tables.", _RESTORE)
    migrations.require_known(revision)
    if before_upgrade is not None:
        before_upgrade(database)
    with database.write() as connection:
        migrations.upgrade(connection)


def _make_file(path: Path) -> None:
    """Make the empty file for its owner only: SQLite gives its log the same permissions."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        message = f"{path.parent} already holds a workspace."
        raise WorkspaceError(message, "Open it, or choose another folder.") from None
    except OSError as error:
        raise StorageError(f"{path} cannot be made: {error.strerror}.", "Check space and permissions.") from None
