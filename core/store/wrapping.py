"""How a data key is wrapped: by a passphrase (Argon2id), by a recovery code, by a key from the keychain; AES-GCM each.

It owns the cryptography of slots and the form of a recovery code. It must not read or write any file.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import unicodedata
from dataclasses import astuple, dataclass
from typing import Any

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import LockedError, WorkspaceError

KEY_BYTES = 32
_CODE_BYTES = 20
_CHECK_CHARACTERS = 4
_GROUP = 6
# Crockford's base 32 has no I, L, O and U: https://www.crockford.com/base32.html
_RFC_4648, _CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = str.maketrans(_RFC_4648, _CROCKFORD)
_FROM_CROCKFORD = str.maketrans(_CROCKFORD, _RFC_4648)
_MISREAD = str.maketrans("ILO", "110")


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """How hard a passphrase is to guess. The default is the second choice of RFC 9106: 64 MiB, 3 passes, 4 lanes."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


LARGEST_COST = Argon2Cost(memory_kib=4 * 1024 * 1024, passes=64, lanes=64)


def wrap(wrapping: bytes, data_key: bytes, bound: bytes) -> dict[str, str]:
    """Return the data key sealed with a wrapping key (32 bytes each), as the hex fields of a slot."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(wrapping).encrypt(nonce, data_key, bound)
    return {"nonce": nonce.hex(), "wrapped": sealed.hex()}


def unwrap(wrapping: bytes, slot: dict[str, Any], bound: bytes) -> bytes | None:
    """Return the data key of a slot, or None when the wrapping key or the slot is not the right one."""
    try:
        return AESGCM(wrapping).decrypt(bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["wrapped"]), bound)
    except (InvalidTag, ValueError, KeyError, TypeError):
        return None


def derive(passphrase: str, slot: dict[str, Any]) -> bytes:
    """Return the wrapping key of a passphrase; the same letters typed on another system give the same key.

    Raises:
        WorkspaceError: the slot names a cost that no passphrase has. LockedError: it cannot be paid here.
    """
    cost = Argon2Cost(int(slot["memory_kib"]), int(slot["passes"]), int(slot["lanes"]))
    # A damaged or hostile file must not make this machine count for hours or take all its memory.
    parts = zip(astuple(cost), astuple(LARGEST_COST), strict=True)
    if not all(1 <= part <= largest for part, largest in parts):
        raise WorkspaceError("keys.json names a cost that no passphrase has.", "Restore it from a backup.")
    try:
        return hash_secret_raw(
            unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"),
            bytes.fromhex(slot["salt"]),
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError:
        raise LockedError(
            "The passphrase could not be checked: the cost in keys.json cannot be paid here.",
            f"Free {cost.memory_kib // 1024} MiB of memory and try again, or restore keys.json from a backup.",
        ) from None


def new_recovery_code() -> str:
    """Return a new code to print: 160 random bits and 20 bits that show a slip, in six groups of six characters."""
    raw = secrets.token_bytes(_CODE_BYTES)
    characters = base64.b32encode(raw).decode("ascii").translate(_TO_CROCKFORD) + _check_of(raw)
    return "-".join(characters[start : start + _GROUP] for start in range(0, len(characters), _GROUP))


def derive_recovery(code: str, salt: bytes) -> bytes:
    """Return the wrapping key of a recovery code, however it is grouped and whatever case it is typed in.

    A code carries 160 random bits, so HKDF (RFC 5869) is enough where a passphrase needs Argon2.

    Raises:
        LockedError: it is no recovery code, or a character was mistyped.
    """
    raw = _read_code(code)
    if raw is None:
        raise LockedError(
            "That is no recovery code, or a character of it was mistyped.",
            "It has six groups of six characters, as printed when the workspace was made.",
        )
    return HKDF(SHA256(), KEY_BYTES, salt, b"docket-recovery-v1").derive(raw)


def is_recovery_code(text: str) -> bool:
    """Whether a text has the form of a recovery code and bears out its check characters."""
    return _read_code(text) is not None


def _read_code(code: str) -> bytes | None:
    typed = "".join(character for character in code.upper() if character.isalnum()).translate(_MISREAD)
    if not typed.isascii() or len(typed) != _CODE_BYTES * 8 // 5 + _CHECK_CHARACTERS or "U" in typed:
        return None
    raw = base64.b32decode(typed[:-_CHECK_CHARACTERS].translate(_FROM_CROCKFORD))
    return raw if _check_of(raw) == typed[-_CHECK_CHARACTERS:] else None


def _check_of(raw: bytes) -> str:
    digest = hashlib.sha256(b"docket-recovery-check\x00" + raw).digest()
    return base64.b32encode(digest).decode("ascii").translate(_TO_CROCKFORD)[:_CHECK_CHARACTERS]
