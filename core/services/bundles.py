"""Sealed bundles: what leaves for another workspace, and what comes in from one.

It owns the order of checks on the way in (size, seal, signature, hashes, counts, sender, age, then one transaction) and
who may send. The inside of a bundle belongs to `core.exchange.bundle` and `core.intake.bundle`, merging to `merging`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from core.domain import BundleManifest, BundleOrigin, MergeConflict, MergeSummary, PolicyVersion, Sender, utc_now
from core.errors import CancelledError, InputError, UsageError
from core.exchange.bundle import BundleWriter
from core.exchange.records import time_to_text
from core.exchange.sealing import make_identity, recipient_of, seal, unseal, wants_passphrase
from core.exchange.target import TargetFile
from core.intake.bundle import BundleReader
from core.intake.detect import is_bundle
from core.intake.exported import RecordReader
from core.intake.lines import open_input
from core.intake.plan import RECORDS, ReadPlan
from core.intake.rows import Row
from core.policy.document import parse_policy
from core.services.members import Deed, refusal, require
from core.services.merging import MergeBatches
from core.services.workspace import Workspace

_BATCH = 500
_KEY = re.compile(r"[0-9a-f]{64}")
_LONGEST_NAME = 200


def bundle_keys(workspace: Workspace) -> tuple[str, str]:
    """Return what to give others: the key that signs this workspace's bundles (hex), and the recipient to seal to."""
    identity = workspace.store.age_identity(make_identity, actor=workspace.reviewer)
    return workspace.store.public_key(), recipient_of(identity)


def list_senders(workspace: Workspace) -> list[Sender]:
    """Return the workspaces whose bundles are taken in, by name."""
    return workspace.store.senders()


def trust_sender(workspace: Workspace, *, public_key: str, name: str) -> Sender:
    """Take in bundles signed with this key from now on; return the sender.

    Raises:
        RoleError: the acting person does not lead. UsageError: that is no key or no name.
    """
    require(workspace, Deed.MANAGE)
    key, name = public_key.strip().lower(), name.strip()
    if not _KEY.fullmatch(key):
        raise UsageError("That is no sender's key.", "It has 64 hexadecimal digits, as `bundle key` shows.")
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError("That is no name for a sender.", f"Use 1 to {_LONGEST_NAME} printable characters.")
    return workspace.store.trust_sender(key, name, actor=workspace.reviewer)


def forget_sender(workspace: Workspace, *, public_key: str) -> None:
    """Take in no bundle of this key any more. What came in stays.

    Raises:
        RoleError: the acting person does not lead. UsageError: there is no such sender.
    """
    require(workspace, Deed.MANAGE)
    workspace.store.forget_sender(public_key.strip().lower(), actor=workspace.reviewer)


def write_bundle(
    workspace: Workspace,
    target: TargetFile,
    *,
    what: str,
    name: str,
    records: Iterator[Mapping[str, Any]],
    recipients: Sequence[str],
    passphrase: str | None,
) -> int:
    """Write a sealed bundle of item records with every policy version; return how many items it holds.

    `name` is what the sender is called in it.

    Raises:
        UsageError: neither recipients nor a passphrase, or one of them is none.
    """
    serial, head = workspace.store.sign_end()
    checkpoint = workspace.store.checkpoints(serial)[-1]
    signed = {name: checkpoint[name] for name in ("size", "head", "created_at", "signature")}
    now = time_to_text(utc_now()) or ""
    origin = BundleOrigin(workspace.store.public_key(), name, now, serial, head, signed)
    writer = BundleWriter(origin, what, workspace.store.sign)
    versions = [
        version
        for policy in workspace.store.list_policies()
        for version in workspace.store.policy_history(policy.policy_id)
    ]
    seal(writer.lines(versions, records), _TargetSink(target), recipients=recipients, passphrase=passphrase)
    return writer.counts["items"]


class _TargetSink:
    """A target file as something that age can write to."""

    def __init__(self, target: TargetFile) -> None:
        self._target = target

    def write(self, data: bytes) -> int:
        self._target.write([bytes(data)])
        return len(data)

    def flush(self) -> None:
        """The target holds nothing back."""


def is_sealed(path: Path) -> bool:
    """Whether a file is a sealed bundle, by its first bytes; False for what cannot be opened."""
    try:
        with open_input(path) as stream:
            return is_bundle(stream.read(64))
    except InputError:
        return False


def needs_bundle_passphrase(path: Path) -> bool:
    """Whether a sealed bundle is opened with a passphrase.

    Raises:
        InputError: the file cannot be read.
    """
    with open_input(path) as stream:
        return wants_passphrase(stream.read(4096))


def inspect_bundle(workspace: Workspace, *, path: Path, passphrase: str | None = None) -> BundleManifest:
    """Return what a bundle says of itself, once seal, signature, hashes and counts were found right.

    Raises:
        InputError: it is damaged, cut off, or not what it claims. LockedError: it is sealed to others.
    """
    reader = BundleReader()
    with open_input(path) as stream:
        _unseal(workspace, stream, reader, passphrase)
    return reader.finish()


def import_bundle(
    workspace: Workspace,
    *,
    path: Path,
    passphrase: str | None = None,
    take_policies: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> MergeSummary:
    """Merge a bundle of another workspace, all of it or nothing, and return what it brought.

    It is read twice: first it is checked, then it is stored. Policies that are new here come in; of a policy that is
    here, another version comes in, and becomes the current one, only with `take_policies`.

    Raises:
        RoleError: an auditor, or no member; bringing in policies needs a lead.
        InputError: the bundle is damaged, not what it claims, from an unknown sender, or older than the last one.
        LockedError: it is sealed to others. CancelledError: `cancel` was set. Nothing has changed in any of these.
    """
    require(workspace, Deed.IMPORT)
    if take_policies:
        require(workspace, Deed.PUBLISH)
    manifest = inspect_bundle(workspace, path=path, passphrase=passphrase)
    name = _check_origin(workspace, manifest)
    sender = workspace.store.sender(manifest.origin.public_key)
    if sender is not None and sender.bundle == manifest.sha256:
        return MergeSummary(name, already=True)
    with open_input(path) as stream, workspace.store.transaction():
        size = path.stat().st_size

        def tell() -> None:
            if cancel is not None and cancel.is_set():
                raise CancelledError("The bundle was stopped; nothing has changed.", "Import it again when you like.")
            if progress:
                progress(min(stream.tell(), size), size)

        merge = _Merge(workspace, name, take_policies, tell)
        reader = BundleReader(merge.take)
        _unseal(workspace, stream, reader, passphrase)
        if reader.finish().sha256 != manifest.sha256:
            raise InputError("The bundle was changed while it was read.", "Copy it here and import it again.")
        merge.flush()
        origin = manifest.origin
        workspace.store.note_bundle(
            origin.public_key, serial=origin.serial, head=origin.head, bundle=manifest.sha256, actor=workspace.reviewer
        )
    workspace.store.merge_index(cancel)
    return merge.summary()


def _unseal(workspace: Workspace, stream: BinaryIO, reader: BundleReader, passphrase: str | None) -> None:
    identity = workspace.store.age_identity(make_identity, actor=workspace.reviewer)
    unseal(stream, reader, identities=[identity], passphrase=passphrase)


def _check_origin(workspace: Workspace, manifest: BundleManifest) -> str:
    """Return the sender's name here, or refuse what is unknown or older than what came in last."""
    origin = manifest.origin
    if origin.public_key == workspace.store.public_key():
        return "this workspace"
    sender = workspace.store.sender(origin.public_key)
    if sender is None:
        raise InputError(
            f"The bundle is from a sender nobody here has trusted: {origin.public_key}.",
            "Compare that key with the sender by another way, then `main.py bundle trust KEY --name NAME`.",
        )
    if origin.serial < sender.serial:
        raise InputError(
            f"The bundle is older than the last one of {sender.name}: event {origin.serial} of its history, "
            f"and event {sender.serial} is here already.",
            "Ask for a new one; an old one would take decisions back.",
        )
    if origin.serial == sender.serial and sender.head and origin.head != sender.head:
        raise InputError(
            f"The history of {sender.name} is not the one its last bundle came from.",
            "Its workspace was restored from a backup, or this is a forgery. Ask before you trust it again.",
        )
    return sender.name


class _Merge:
    """Takes policies and items of a bundle in, within the caller's transaction."""

    def __init__(self, workspace: Workspace, name: str, take_policies: bool, tell: Callable[[], None]) -> None:
        self._ws = workspace
        self._name = name
        self._take_policies = take_policies
        self._tell = tell
        self._rows: list[Row] = []
        self._policies = 0
        self._reader: RecordReader | None = None
        self._batches = MergeBatches(workspace, f"bundle of {name}", workspace.reviewer, ReadPlan(shape=RECORDS))

    def take(self, kind: str, value: Mapping[str, Any]) -> None:
        """Take one line in."""
        if kind == "policy":
            self._take_policy(value)
            return
        name = value.get("id")
        # A refused record is told by its id alone: conflicts are shown, content is not.
        self._rows.append(Row(len(self._rows) + 1, name.encode() if isinstance(name, str) else b"?", value))
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Store what waits."""
        rows, self._rows = self._rows, []
        if self._reader is None:
            current = {policy.policy_id for policy in self._ws.store.list_policies()}
            self._reader = RecordReader(self._ws.store.get_policy, current, with_reviews=True)
        for row in self._reader.read(rows):
            self._batches.add(row)
        self._batches.flush()
        self._tell()

    def summary(self) -> MergeSummary:
        """Return what came in."""
        batches = self._batches
        return MergeSummary(
            self._name,
            self._policies,
            batches.items,
            batches.read - batches.items,
            batches.verdicts,
            batches.decisions,
            batches.second_reviews,
            tuple(batches.conflicts),
        )

    def _take_policy(self, value: Mapping[str, Any]) -> None:
        document, policy_id, told = (value.get(name) for name in ("document", "id", "hash"))
        if not (isinstance(document, str) and isinstance(policy_id, str) and isinstance(told, str)):
            raise InputError("A policy of the bundle is malformed.", "Have it made again.")
        policy = parse_policy(document, policy_id=policy_id)
        if policy.hash != told:
            raise InputError("A policy of the bundle is not the version it claims to be.", "Have it made again.")
        history = self._ws.store.policy_history(policy.policy_id)
        if any(version.hash == policy.hash for version in history):
            return
        self._add_policy(policy, known=bool(history))

    def _add_policy(self, policy: PolicyVersion, *, known: bool) -> None:
        actor = self._ws.reviewer
        if (known and not self._take_policies) or refusal(self._ws, Deed.PUBLISH) is not None:
            reason = "a version of the policy that is not here; what was judged under it was left out"
            self._batches.conflicts.append(MergeConflict("", policy.policy_id, reason))
            return
        self._ws.store.add_policy(policy, author=actor, note=f"from the bundle of {self._name}", actor=actor)
        self._policies += 1
