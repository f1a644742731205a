"""The verbs of drafts: begin one, write it, look at what it changes, throw it away; and of versions: history, diff.

It owns how a text is named on a command line. A draft judges nothing for keeps; `publishing` makes a version of it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from core.domain import Draft, DraftOrigin, PolicyVersion, utc_now
from core.errors import UsageError
from core.policy.diff import PolicyDiff, diff_policies
from core.policy.document import canonical_text, is_plain, parse_policy
from core.policy.printing import print_policy
from core.services.members import Deed, require
from core.services.policies import get_policy, read_policy
from core.services.workspace import Workspace

LONGEST_NAME = 128  # characters
LONGEST_NOTE = 2000  # characters

_HASH = re.compile(r"[0-9a-f]{8,64}")
_NUMBERED = re.compile(r"(?P<id>.+)@(?P<version>\d{1,9})")
DRAFT_PREFIX = "draft:"


def policy_history(workspace: Workspace, *, policy_id: str) -> list[PolicyVersion]:
    """Return all versions of a policy, newest first.

    Raises:
        UsageError: there is no such policy.
    """
    versions = workspace.store.policy_history(policy_id)
    if not versions:
        raise UsageError(f"There is no policy {policy_id}.", "See `main.py policy list`.")
    return versions[::-1]


def find_text(workspace: Workspace, *, name: str) -> PolicyVersion:
    """Return the text a name means: a file, `draft:NAME`, `ID@VERSION`, the start of a hash, or a policy's id.

    Raises:
        UsageError: nothing, or more than one hash, is meant. InputError: the file or the draft is no policy.
    """
    if name.startswith(DRAFT_PREFIX):
        return parse_draft(get_draft(workspace, name=name.removeprefix(DRAFT_PREFIX)))
    numbered = _NUMBERED.fullmatch(name)
    if numbered:
        return _numbered(workspace, numbered["id"], int(numbered["version"]))
    if _is_file(name):
        return read_policy(Path(name))
    current = workspace.store.get_policy(name)
    if current is not None:
        return current
    if _HASH.fullmatch(name):
        return _hashed(workspace, name)
    return get_policy(workspace, policy_id=name)


def find_draft(workspace: Workspace, *, name: str) -> tuple[PolicyVersion, Draft | None]:
    """Return the text that a DRAFT on the command line means, and the draft when it is one: a draft first, or a file.

    Raises:
        UsageError: neither. InputError: it is no policy.
    """
    draft = workspace.store.get_draft(name.removeprefix(DRAFT_PREFIX))
    if draft is not None:
        return parse_draft(draft), draft
    if _is_file(name):
        return read_policy(Path(name)), None
    raise UsageError(f"There is no draft and no file {name}.", "Begin one with `main.py policy draft new POLICY`.")


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False


def _numbered(workspace: Workspace, policy_id: str, number: int) -> PolicyVersion:
    found = [version for version in policy_history(workspace, policy_id=policy_id) if version.version == number]
    if not found:
        raise UsageError(f"{policy_id} has no version {number}.", f"See `main.py policy history {policy_id}`.")
    return found[0]


def _hashed(workspace: Workspace, start: str) -> PolicyVersion:
    policies = workspace.store.list_policies()
    versions = [version for policy in policies for version in workspace.store.policy_history(policy.policy_id)]
    found = [version for version in versions if version.hash.startswith(start)]
    if len(found) != 1:
        what = "No version has" if not found else f"{len(found)} versions have"
        raise UsageError(f"{what} a hash that begins with {start}.", "See `main.py policy history ID`.")
    return found[0]


def diff(workspace: Workspace, *, before: str | None, after: str) -> PolicyDiff:
    """Compare two texts, each named as `find_text` takes it; None compares with the current version of that policy.

    Raises:
        UsageError: nothing is meant, or there is no current version. InputError: it is no policy.
    """
    newer = find_text(workspace, name=after)
    if before is not None:
        return diff_policies(find_text(workspace, name=before), newer)
    older = workspace.store.get_policy(newer.policy_id)
    if older is None:
        raise UsageError(f"There is no version of {newer.policy_id} to compare with.", "Name two texts.")
    return diff_policies(older, newer)


def list_drafts(workspace: Workspace) -> list[Draft]:
    """Return all drafts, by name."""
    return workspace.store.list_drafts()


def get_draft(workspace: Workspace, *, name: str) -> Draft:
    """Return one draft.

    Raises:
        UsageError: there is none of that name.
    """
    draft = workspace.store.get_draft(name)
    if draft is None:
        raise UsageError(f"There is no draft {name}.", "See `main.py policy draft list`.")
    return draft


def parse_draft(draft: Draft) -> PolicyVersion:
    """Return a draft as a policy; it has no version yet.

    Raises:
        InputError: it is no policy yet.
    """
    return replace(parse_policy(draft.document, policy_id=draft.policy_id), author=draft.author, note=draft.note)


def new_draft(
    workspace: Workspace, *, source: str, name: str | None = None, note: str = "", policy_id: str | None = None
) -> Draft:
    """Begin a draft from a version or a file, named as `find_text` takes it; its name is the policy's id by default.

    Of a plain text the front matter is written out with what was inferred of it, to be looked at and confirmed.
    `policy_id` makes it a draft of another, new policy.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: there is such a draft already, or nothing of that name. InputError: it is no policy.
    """
    require(workspace, Deed.DRAFT)
    policy = find_text(workspace, name=source)
    if policy_id is not None and policy_id != policy.policy_id:
        policy = replace(policy, policy_id=policy_id)
        document = print_policy(policy)
    else:
        document = print_policy(policy) if is_plain(policy) else policy.document
    current = workspace.store.get_policy(policy.policy_id)
    now = utc_now()
    draft = Draft(
        name=checked_name(name or policy.policy_id),
        policy_id=policy.policy_id,
        document=document,
        base_hash=current.hash if current is not None and current.policy_id == policy.policy_id else "",
        origin=DraftOrigin.PERSON,
        author=workspace.reviewer,
        note=_checked_note(note),
        created_at=now,
        updated_at=now,
    )
    if workspace.store.get_draft(draft.name) is not None:
        raise UsageError(
            f"There is a draft {draft.name} already.", "Go on with it, discard it, or give this one another --name."
        )
    return workspace.store.save_draft(draft, replaces="")


def save_draft(
    workspace: Workspace, *, name: str, text: str, note: str | None = None, replaces: str | None = None
) -> Draft:
    """Write a draft anew and return it; the text may be no policy yet, but what it says of its id must hold.

    `replaces` is the text the writer saw, so that nobody's work is overwritten unseen. Saving a model's draft does not
    accept it: `accept_draft` does.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: there is no such draft, it was changed meanwhile, or the text names another policy.
        InputError: the text is longer than a policy may be, or holds what no text may.
    """
    require(workspace, Deed.DRAFT)
    draft = get_draft(workspace, name=name)
    document = canonical_text(text)
    _check_id(document, draft)
    changed = replace(
        draft,
        document=document,
        author=workspace.reviewer,
        note=draft.note if note is None else _checked_note(note),
    )
    return workspace.store.save_draft(changed, replaces=replaces)


def accept_draft(workspace: Workspace, *, name: str) -> Draft:
    """Take responsibility for what a model wrote: from here on the draft is a person's, and may be published.

    Raises:
        RoleError: an auditor, or no member. UsageError: there is no such draft.
    """
    require(workspace, Deed.DRAFT)
    draft = get_draft(workspace, name=name)
    accepted = replace(draft, origin=DraftOrigin.PERSON, author=workspace.reviewer)
    return workspace.store.save_draft(accepted, replaces=draft.document)


def discard_draft(workspace: Workspace, *, name: str) -> Draft:
    """Throw a draft away and return what it was.

    Raises:
        RoleError: an auditor, or no member. UsageError: there is no such draft.
    """
    require(workspace, Deed.DRAFT)
    draft = get_draft(workspace, name=name)
    workspace.store.delete_draft(name)
    return draft


def _check_id(document: str, draft: Draft) -> None:
    """Refuse a text that says it is another policy; one that cannot be read yet says nothing."""
    found = re.search(r"^id:[ \t]*(?P<id>\S+)[ \t]*$", document.split("\n---", 1)[0], re.MULTILINE)
    said = found["id"].strip("\"'") if document.startswith("---") and found else draft.policy_id
    if said != draft.policy_id:
        raise UsageError(
            f"The text says it is the policy {said}, and the draft is one of {draft.policy_id}.",
            "Begin another draft for it, or write the id back.",
        )


def checked_name(name: str) -> str:
    """Return a draft's name without the space around it, or refuse it."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or "/" in name or "\\" in name:
        raise UsageError("That is no name for a draft.", f"Use 1 to {LONGEST_NAME} characters without slashes.")
    return name


def _checked_note(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        raise UsageError(f"The note is longer than {LONGEST_NOTE:,} characters.", "Shorten it.")
    return note
