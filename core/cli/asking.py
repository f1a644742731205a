"""Asking a person for a secret: without echo, on standard error, twice when it is a new one.

It owns the questions and the variables that answer them where nobody can be asked. A secret never comes from the
command line itself, where every user of the machine could read it.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from core import services
from core.domain import SlotKind
from core.errors import LockedError, UsageError

NEW_PASSPHRASE_VARIABLE = "DOCKET_NEW_PASSPHRASE"  # noqa: S105 - the name of a variable
RECOVERY_CODE_VARIABLE = "DOCKET_RECOVERY_CODE"


def at_terminal() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask_passphrase(folder: Path, *, for_wrapping: bool = False) -> str | None:
    """Ask for the passphrase of a workspace, if it needs one and the environment has none; else None.

    `for_wrapping` asks wherever there is a passphrase, even if the keychain opens the workspace.
    """
    if not must_ask_passphrase() or not services.is_workspace(folder):
        return None
    has_one = for_wrapping and SlotKind.PASSPHRASE in [slot.kind for slot in services.list_keys(folder)]
    return ask_secret("Passphrase of the workspace: ") if has_one or services.needs_passphrase(folder) else None


def must_ask_passphrase() -> bool:
    """Whether a person is here and the environment has no passphrase, which a service would take by itself."""
    return not os.environ.get(services.PASSPHRASE_VARIABLE) and at_terminal()


def ask_secret(question: str) -> str:
    """Ask for one secret at the terminal."""
    return getpass.getpass(question, stream=sys.stderr)


def ask_twice(question: str) -> str | None:
    """Ask for a new secret twice; None when nothing was typed.

    Raises:
        LockedError: the two differ.
    """
    first = ask_secret(question)
    if first and ask_secret("Once more: ") != first:
        raise LockedError("The two passphrases differ.", "Nothing was changed. Run it again.")
    return first or None


def new_passphrase() -> str:
    """Return a new passphrase from the environment or the terminal.

    Raises:
        LockedError: the two that were typed differ, or nothing was. UsageError: nobody can be asked.
    """
    given = os.environ.get(NEW_PASSPHRASE_VARIABLE)
    if given:
        return given
    if not at_terminal():
        raise UsageError(
            "There is nobody here to ask for the new passphrase.", f"Put it into {NEW_PASSPHRASE_VARIABLE}."
        )
    typed = ask_twice("New passphrase: ")
    if typed is None:
        raise LockedError("No passphrase was typed.", "Nothing was changed. Run it again.")
    return typed


def recovery_code() -> str:
    """Return the recovery code from the environment or the terminal.

    Raises:
        UsageError: nobody can be asked.
    """
    given = os.environ.get(RECOVERY_CODE_VARIABLE)
    if given:
        return given
    if not at_terminal():
        raise UsageError("There is nobody here to ask for the recovery code.", f"Put it into {RECOVERY_CODE_VARIABLE}.")
    return ask_secret("Recovery code: ")
