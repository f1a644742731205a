"""The keychain of the operating system. The only module that imports keyring.

It owns which backends are fit for secrets and the lock around them: keyring is not made for threads. A backend that
keeps secrets in plain text counts as none.
"""

from __future__ import annotations

import contextlib
import threading

from core.errors import LockedError

SERVICE = "docket"
_REFUSED = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt", "keyring.backends.chainer.fail")
_lock = threading.Lock()


def keychain_backend() -> str | None:
    """Return the name of the OS keychain that can be used, or None when there is none fit for secrets."""
    import keyring
    from keyring.errors import KeyringError

    try:
        with _lock:
            backend = keyring.get_keyring()
            name = f"{type(backend).__module__}.{type(backend).__qualname__}"
            if name.startswith("keyring.backends.chainer"):
                usable = [b for b in getattr(backend, "backends", []) if not _is_refused(b)]
                return f"{type(usable[0]).__module__}.{type(usable[0]).__qualname__}" if usable else None
            return None if _is_refused(backend) or backend.priority <= 0 else name
    except (KeyringError, RuntimeError):
        return None


def _is_refused(backend: object) -> bool:
    name = f"{type(backend).__module__}.{type(backend).__qualname__}"
    return name.startswith(_REFUSED) or "plaintext" in name.lower()


def get_secret(user: str) -> str | None:
    """Return what the keychain holds under a name, or None when that is nothing or it refuses."""
    import keyring
    from keyring.errors import KeyringError

    try:
        with _lock:
            return keyring.get_password(SERVICE, user)
    except (KeyringError, RuntimeError):
        return None


def set_secret(user: str, secret: str) -> None:
    """Put a secret into the keychain, over what was there.

    Raises:
        LockedError: it refused.
    """
    import keyring
    from keyring.errors import KeyringError

    try:
        with _lock:
            keyring.set_password(SERVICE, user, secret)
    except (KeyringError, RuntimeError):
        raise LockedError("The keychain refused to store the key.", "Unlock it, or use a passphrase instead.") from None


def delete_secret(user: str) -> None:
    """Take a secret out of the keychain, if it is there; a keychain that refuses keeps it."""
    import keyring
    from keyring.errors import KeyringError

    with contextlib.suppress(KeyringError, RuntimeError), _lock:
        keyring.delete_password(SERVICE, user)


def read_secret(name: str) -> str | None:
    """Return a secret of this person from the OS keychain, such as a server's key, or None when there is none."""
    return get_secret(name) if keychain_backend() is not None else None
