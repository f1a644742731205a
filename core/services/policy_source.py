"""Where an import finds the policy version that a recorded verdict names.

It owns the search in a folder of policy files and in the workspace, and adding what was found in the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.domain import PolicyVersion
from core.errors import InputError, UsageError
from core.intake import verdicts
from core.intake.records import RecordError
from core.policy.document import parse_policy
from core.services.members import Deed, require
from core.services.workspace import Workspace


class PolicySource:
    """Finds the policy version a recorded verdict names: in the folder of policy files, or in the workspace.

    A file is read once and its policy added to the workspace when the first record names it. A name that fails
    fails for every record with the same reason.
    """

    def __init__(self, workspace: Workspace, files: Mapping[str, list[Path]] | None) -> None:
        self._ws = workspace
        self._files = files
        self._found: dict[str, PolicyVersion | str] = {}

    def find(self, name: str) -> PolicyVersion:
        """Return the version, or raise RecordError with the reason."""
        found = self._found.get(name)
        if found is None:
            try:
                found = self._load(name)
            except RecordError as error:
                found = error.message
            # Names come from the file: remembering every unknown one would grow with it.
            if isinstance(found, PolicyVersion) or (self._files is not None and name in self._files):
                self._found[name] = found
        if isinstance(found, str):
            raise RecordError(found)
        return found

    def _load(self, name: str) -> PolicyVersion:
        if self._files is None:
            policy = self._ws.store.get_policy(name)
            if policy is None or policy.policy_id != name:
                raise RecordError(
                    "`policy` names no policy of this workspace: add it, or name the folder of its policies"
                )
            return policy
        text = verdicts.read_policy_text(self._files, name)
        try:
            policy = parse_policy(text, policy_id=name)
        except InputError as error:
            raise RecordError(f"the policy file cannot be used: {error.message}") from error
        versions = self._ws.store.policy_history(policy.policy_id)
        known = next((version for version in versions if version.hash == policy.hash), None)
        if known is not None:
            return known
        if versions:
            raise RecordError("the policy file differs from the policy of that id in this workspace")
        require(self._ws, Deed.PUBLISH)
        actor = self._ws.reviewer
        try:
            return self._ws.store.add_policy(policy, author=actor, note="imported with recorded verdicts", actor=actor)
        except UsageError as error:
            raise RecordError(f"the policy file cannot be used: {error.message}") from error
