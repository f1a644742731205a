"""The verbs of policies: list, show, add.

It owns reading a policy file; what a policy means is the business of `core.policy`.
"""

from __future__ import annotations

from pathlib import Path

from core.domain import PolicyVersion
from core.errors import InputError, UsageError
from core.paths import shipped_policies_folder
from core.policy.document import parse_policy
from core.services.members import Deed, require
from core.services.workspace import Workspace

LARGEST_POLICY_BYTES = 1024 * 1024


def shipped_policies() -> list[Path]:
    """Return the files of the example policies that ship with Docket, by name."""
    return sorted(shipped_policies_folder().glob("*.md"))


def list_policies(workspace: Workspace) -> list[PolicyVersion]:
    """Return the current version of each policy, by id."""
    return workspace.store.list_policies()


def check_policy(workspace: Workspace, policy_id: str | None) -> None:
    """Refuse a policy id this workspace does not have; None is every policy.

    Raises:
        UsageError: there is none of that id.
    """
    if policy_id is not None and not workspace.store.policy_history(policy_id):
        raise UsageError("There is no policy of that id in this workspace.", "See `main.py policy list`.")


def get_policy(workspace: Workspace, *, policy_id: str) -> PolicyVersion:
    """Return the current version of a policy, or the version with this hash.

    Raises:
        UsageError: there is none.
    """
    policy = workspace.store.get_policy(policy_id)
    if policy is None:
        raise UsageError(f"There is no policy {policy_id}.", "See `main.py policy list`, or add it with `policy add`.")
    return policy


def read_policy_text(path: Path) -> str:
    """Return the text of a policy file as it stands: a byte order mark and line ends of any kind are kept.

    Raises:
        InputError: missing, not text, or too large.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST_POLICY_BYTES else None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from None
    if raw is None:
        raise InputError(f"{path.name} is larger than 1 MiB.", "A policy has some hundred words; check the file.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is not UTF-8 text.", "Save it as UTF-8.") from None


def read_policy(path: Path, *, policy_id: str | None = None) -> PolicyVersion:
    """Read a policy file without storing it. A plain text takes its id from the argument, else the file's name.

    Raises:
        InputError: missing, not text, too large, or not a policy.
    """
    text = read_policy_text(path)
    has_front_matter = text.lstrip("\ufeff").lstrip().startswith("---")
    return parse_policy(text, policy_id=policy_id or (None if has_front_matter else _name(path)))


def _name(path: Path) -> str:
    """Return a file's name without what only says that it is a policy: `x` of `x.policy.md`."""
    return path.stem.removesuffix(".policy")


def add_policy(
    workspace: Workspace,
    *,
    path: Path | None = None,
    text: str | None = None,
    policy_id: str | None = None,
    note: str = "",
) -> PolicyVersion:
    """Add a policy from a file or a text; it becomes the current version. The same text again changes nothing.

    Raises:
        RoleError: the acting person does not lead.
        InputError: it cannot be read as a policy. UsageError: the same text is there under another id.
    """
    require(workspace, Deed.PUBLISH)
    if path is not None:
        policy = read_policy(path, policy_id=policy_id)
    else:
        policy = parse_policy(text or "", policy_id=policy_id)
    return workspace.store.add_policy(policy, author=workspace.reviewer, note=note, actor=workspace.reviewer)
