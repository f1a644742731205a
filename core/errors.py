"""The errors a person can act on. Each has a title, a message and a hint that says what to do.

    AppError
    ├── UsageError            the request itself makes no sense (unknown policy, label, item, format)
    ├── InputError            a file or record that cannot be read as what it claims to be
    ├── WorkspaceError        the folder, its database or its settings
    │   ├── LockedError       no key slot could be opened: wrong or missing passphrase, no keychain
    │   ├── BusyError         another process holds the workspace
    │   ├── NewerError        written by a newer Docket than this one
    │   └── StorageError      the disk is full or read-only, or a page cannot be read
    ├── ModelError            a model file or server that cannot be used
    │   ├── ModelFileError    missing, truncated, not a GGUF, unknown prompt format
    │   ├── ModelCrashError   the model process died and was not restarted again
    │   ├── DownloadError     a model could not be fetched: connection, refusal, space, a wrong SHA-256
    │   ├── ContextError      the policy and the content do not fit the model's window
    │   └── ConsentError      content would leave the machine and nobody has allowed it yet
    ├── ExportError           the target cannot be written
    ├── RoleError             the acting person's role does not allow it
    └── CancelledError        the person stopped it; what was finished is kept

Anything else that is raised is a bug in Docket. This module imports nothing of the project.
"""

from __future__ import annotations


class AppError(Exception):
    """A known failure. `title` names it, `message` says what happened, `hint` says what to do. No content in any."""

    title = "Docket could not do that"

    def __init__(self, message: str, hint: str = "", *, title: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if title is not None:
            self.title = title

    def __str__(self) -> str:
        """Return one line: title, message and hint."""
        return " ".join(part for part in (f"{self.title}: {self.message}", self.hint) if part)

    def __reduce__(self) -> tuple[object, tuple[type[AppError], str, str, str]]:
        """Survive the pipe to and from the model process."""
        return _rebuild, (type(self), self.message, self.hint, self.title)


def _rebuild(kind: type[AppError], message: str, hint: str, title: str) -> AppError:
    return kind(message, hint, title=title)


class UsageError(AppError):
    """The request names something that does not exist or does not go together."""

    title = "That request cannot be carried out"


class InputError(AppError):
    """A file or record cannot be read as what it claims to be."""

    title = "The input cannot be read"


class WorkspaceError(AppError):
    """The workspace folder, its database or its settings cannot be used."""

    title = "The workspace cannot be used"


class LockedError(WorkspaceError):
    """No key slot could be opened."""

    title = "The workspace is locked"


class BusyError(WorkspaceError):
    """Another process holds the workspace."""

    title = "The workspace is in use"


class NewerError(WorkspaceError):
    """The database was written by a newer version of Docket."""

    title = "The workspace is newer than this Docket"


class StorageError(WorkspaceError):
    """The disk is full or read-only, or a page of the database cannot be read."""

    title = "The workspace could not be written or read"


class ModelError(AppError):
    """A model file or server cannot be used."""

    title = "The model cannot be used"


class ModelFileError(ModelError):
    """The model file is missing, truncated, not a GGUF, or has no known prompt format."""

    title = "The model file cannot be used"


class ModelCrashError(ModelError):
    """The model process died and was not restarted again."""

    title = "The model process stopped"


class DownloadError(ModelError):
    """A model could not be fetched. What was fetched is kept and nothing unchecked is used."""

    title = "The model could not be downloaded"


class ContextError(ModelError):
    """The policy and the content do not fit the model's window."""

    title = "The text does not fit the model's window"


class ConsentError(ModelError):
    """Content would leave the machine and nobody has allowed it yet."""

    title = "Content would leave this machine"


class ExportError(AppError):
    """The export target cannot be written."""

    title = "The export could not be written"


class RoleError(AppError):
    """The role of the acting person does not allow it."""

    title = "Your role does not allow that"


class CancelledError(AppError):
    """The person stopped it; what was finished is kept."""

    title = "Stopped"
