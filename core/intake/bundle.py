"""The inside of a sealed bundle, read back (its lines are described in `core.exchange.bundle`).

It owns the order of checks: size, lines, then signature, hashes and counts against the manifest. It stores nothing,
and what it hands on counts only once `finish` has returned.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.domain import BUNDLE_SCHEMA, BUNDLE_VERSION, BundleManifest, BundleOrigin
from core.errors import InputError
from core.intake.lines import MAX_LINE_BYTES
from core.intake.records import RecordError, parse_record
from core.store.bundles import signed_bytes

MAX_BYTES = 64 * 1024**3
"""Most that a bundle may hold, decrypted."""

_KINDS = ("policy", "item")
_COUNTED = ("verdicts", "decisions", "independent", "settled")
_HINT = "Have it made and sent again by the workspace it claims to be from."


class BundleReader:
    """Takes the decrypted bytes of a bundle piece by piece, and hands each policy and item record on.

    `take` gets kind and record as they pass; the bundle is right only once `finish` returned its manifest.
    """

    def __init__(self, take: Callable[[str, Mapping[str, Any]], None] | None = None) -> None:
        self._take = take
        self._rest = b""
        self._size = 0
        self._lines = 0
        self._whole = hashlib.sha256()
        self._digests = {kind: hashlib.sha256() for kind in _KINDS}
        self._counts = dict.fromkeys(("policies", "items", *_COUNTED), 0)
        self._manifest: Mapping[str, Any] | None = None
        self._signature: str | None = None

    def write(self, data: bytes) -> int:
        """Take a piece.

        Raises:
            InputError: it is too large, or a line is none of a bundle's.
        """
        self._size += len(data)
        if self._size > MAX_BYTES:
            raise InputError(f"The bundle holds more than {MAX_BYTES // 2**30} GiB.", "Have it sent in parts.")
        self._whole.update(data)
        pieces = (self._rest + data).split(b"\n")
        self._rest = pieces.pop()
        if len(self._rest) > 2 * MAX_LINE_BYTES:
            raise InputError("A line of the bundle is too long.", _HINT)
        for piece in pieces:
            self._read_line(piece)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back but an unfinished line."""

    def _read_line(self, line: bytes) -> None:
        self._lines += 1
        try:
            record = parse_record(line)
        except RecordError as error:
            raise InputError(f"Line {self._lines} of the bundle is broken: {error.message}.", _HINT) from None
        [kind] = record if len(record) == 1 else [""]
        if self._lines == 1:
            if record.get("docket_bundle") != BUNDLE_VERSION:
                raise InputError("That is no bundle, or one of a newer Docket.", "Update Docket.")
            return
        if self._signature is not None or (self._manifest is not None and kind != "signature"):
            raise InputError("Something stands behind the end of the bundle.", _HINT)
        value = record.get(kind)
        if kind in _KINDS and isinstance(value, dict):
            self._digests[kind].update(line + b"\n")
            self._count(kind, value)
            if self._take is not None:
                self._take(kind, value)
        elif kind == "manifest" and isinstance(value, dict):
            self._manifest = value
        elif kind == "signature" and isinstance(value, str):
            self._signature = value
        else:
            raise InputError(f"Line {self._lines} of the bundle is of no known kind.", _HINT)

    def _count(self, kind: str, value: Mapping[str, Any]) -> None:
        if kind == "policy":
            self._counts["policies"] += 1
            return
        self._counts["items"] += 1
        for name in _COUNTED:
            listed = value.get(name)
            self._counts[name] += len(listed) if isinstance(listed, list) else 0

    def finish(self) -> BundleManifest:
        """Return the manifest, once signature, hashes and counts were found right.

        Raises:
            InputError: the bundle is cut off, its signature is wrong, or the manifest tells other than what is in it.
        """
        if self._rest or self._manifest is None or self._signature is None:
            raise InputError("The bundle is cut off: its end is missing.", _HINT)
        manifest = _read_manifest(self._manifest, self._whole.hexdigest())
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest.origin.public_key))
            public.verify(bytes.fromhex(self._signature), signed_bytes(self._manifest))
        except (InvalidSignature, ValueError):
            raise InputError("The bundle's signature is not that of its sender.", _HINT) from None
        told = self._manifest.get("sha256")
        if told != {kind: digest.hexdigest() for kind, digest in self._digests.items()}:
            raise InputError("The bundle's content is not what its manifest says: a hash differs.", _HINT)
        if dict(manifest.counts) != self._counts:
            raise InputError("The bundle's content is not what its manifest says: a count differs.", _HINT)
        return manifest


def _read_manifest(value: Mapping[str, Any], sha256: str) -> BundleManifest:
    texts = ("schema", "origin", "name", "created_at", "head", "what")
    shaped = (
        all(isinstance(value.get(name), str) for name in texts)
        and value["schema"] == BUNDLE_SCHEMA
        and isinstance(value.get("serial"), int)
        and not isinstance(value["serial"], bool)
        and value["serial"] >= 0
        and all(isinstance(value.get(name), dict) for name in ("counts", "checkpoint", "sha256"))
        and all(_is_objects(value.get(name)) for name in ("policies", "models"))
    )
    if not shaped:
        raise InputError("The bundle's manifest is malformed, or of a newer Docket.", _HINT)
    origin = BundleOrigin(
        value["origin"], value["name"], value["created_at"], value["serial"], value["head"], value["checkpoint"]
    )
    return BundleManifest(
        origin, value["counts"], tuple(value["policies"]), tuple(value["models"]), value["what"], sha256
    )


def _is_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)
