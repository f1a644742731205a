"""Encryption of bundles with age: to named recipients, or with a passphrase.

It owns keys and streams of age and what its failures mean. It knows nothing of what is inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Protocol

import pyrage

from core.errors import InputError, LockedError, UsageError

MAX_PASSPHRASE_BYTES = 512 * 1024**2
"""Largest bundle under a passphrase: age's binding has to hold it in memory."""

_CHUNK = 1 << 17
_HEADER_BYTES = 64 * 1024
_PASSPHRASE_MARK = b"\n-> scrypt "
_LEAST_PASSPHRASE = 8  # characters
_DAMAGED = ("The bundle was changed on its way, or is cut off.", "Have it made and sent again.")


class Sink(Protocol):
    """Where bytes go, a piece at a time."""

    def write(self, data: bytes) -> int:
        """Take a piece; raise to stop."""
        ...

    def flush(self) -> None:
        """Nothing is held back."""
        ...


def make_identity() -> str:
    """Return a new secret identity."""
    return str(pyrage.x25519.Identity.generate())


def recipient_of(identity: str) -> str:
    """Return the recipient (`age1…`) that others encrypt to."""
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def seal(pieces: Iterable[bytes], sink: Sink, *, recipients: Sequence[str] = (), passphrase: str | None = None) -> None:
    """Write the encrypted form of what `pieces` hold together.

    Raises:
        UsageError: neither recipients nor a passphrase, or both; a recipient that is none, a short passphrase, or more
            than MAX_PASSPHRASE_BYTES under one.
    """
    if bool(recipients) == (passphrase is not None):
        raise UsageError("A bundle is sealed to recipients or with a passphrase.", "Name --to, or set a passphrase.")
    if passphrase is None:
        pyrage.encrypt_io(_Pieces(pieces), sink, [_recipient(each) for each in recipients])
        return
    if len(passphrase) < _LEAST_PASSPHRASE:
        raise UsageError(f"The passphrase has less than {_LEAST_PASSPHRASE} characters.", "Choose a longer one.")
    whole = _Pieces(pieces).read(MAX_PASSPHRASE_BYTES + 1)
    if len(whole) > MAX_PASSPHRASE_BYTES:
        raise UsageError("That is too much for a passphrase.", "Seal it to a recipient with --to.")
    sink.write(pyrage.passphrase.encrypt(whole, passphrase))


def wants_passphrase(head: bytes) -> bool:
    """Whether a sealed file is opened with a passphrase, by its first bytes."""
    return _PASSPHRASE_MARK in head[:_HEADER_BYTES]


def unseal(stream: BinaryIO, sink: Sink, *, identities: Sequence[str] = (), passphrase: str | None = None) -> None:
    """Decrypt a stream into a sink, a piece at a time.

    Raises:
        LockedError: no identity and no passphrase opens it. InputError: it is damaged, cut off or no bundle.
    """
    head = stream.read(_HEADER_BYTES)
    stream.seek(0)
    try:
        if wants_passphrase(head):
            if not passphrase:
                raise LockedError("The bundle needs its passphrase.", "Set DOCKET_BUNDLE_PASSPHRASE, or type it.")
            sealed = stream.read(MAX_PASSPHRASE_BYTES + _HEADER_BYTES + 1)
            if len(sealed) > MAX_PASSPHRASE_BYTES + _HEADER_BYTES:
                raise InputError("The bundle is too large for a passphrase.", "Have it sealed to this workspace.")
            whole = pyrage.passphrase.decrypt(sealed, passphrase)
            for start in range(0, len(whole), _CHUNK):
                sink.write(whole[start : start + _CHUNK])
            return
        pyrage.decrypt_io(stream, sink, [pyrage.x25519.Identity.from_str(each) for each in identities])
    except pyrage.DecryptError as error:
        raise _refusal(str(error)) from None
    except OSError as error:
        if error.errno is not None:  # the disk, not the seal
            raise
        raise InputError(*_DAMAGED) from None


def _refusal(words: str) -> InputError | LockedError:
    if "No matching keys" in words:
        return LockedError(
            "The bundle is sealed to other recipients than this workspace.",
            "Give the sender what `main.py bundle key` shows, and have it sealed again.",
        )
    if "Decryption failed" in words or "passphrase" in words.lower():
        return LockedError("The passphrase does not open the bundle, or it was changed.", "Check it and try again.")
    return InputError(*_DAMAGED)


def _recipient(text: str) -> object:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise UsageError(
            "One of the recipients is no age recipient.",
            "A recipient starts with age1; `main.py bundle key` shows that of a workspace.",
        ) from None


class _Pieces:
    """Pieces of bytes as something that can be read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces: Iterator[bytes] = iter(pieces)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        parts, have = [self._rest], len(self._rest)
        while (size < 0 or have < size) and (piece := next(self._pieces, None)) is not None:
            parts.append(piece)
            have += len(piece)
        whole = b"".join(parts)
        if size < 0:
            size = len(whole)
        self._rest = whole[size:]
        return whole[:size]
