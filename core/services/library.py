"""The verb behind the library of policies: each policy with its health, for one look at all of them.

It owns what health is: what lint says, the last test, the open disagreements, and whether a draft waits.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.domain import Draft, PolicyVersion, TrialRun
from core.policy.lint import Level, LintReport, lint_policy
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class PolicyHealth:
    """One policy at a glance. `run` is its newest test, of whatever text; `drafts` are in order of name.

    `policy` is None for a draft of a policy that has no version yet; then `lint` is None, too.
    """

    policy_id: str
    policy: PolicyVersion | None
    lint: LintReport | None
    run: TrialRun | None
    disagreements: int
    drafts: tuple[Draft, ...]

    @property
    def title(self) -> str:
        """What the policy is called."""
        return self.policy.title if self.policy is not None else self.policy_id

    @property
    def errors(self) -> int:
        """How many lint errors the current version has."""
        return self._count(Level.ERROR)

    @property
    def warnings(self) -> int:
        """How many lint warnings the current version has."""
        return self._count(Level.WARNING)

    def _count(self, level: Level) -> int:
        return sum(finding.level is level for finding in self.lint.findings) if self.lint is not None else 0


def policy_library(workspace: Workspace) -> list[PolicyHealth]:
    """Return every policy with its health, by id, those that are drafts only included."""
    current = {policy.policy_id: policy for policy in workspace.store.list_policies()}
    drafts = workspace.store.list_drafts()
    names = sorted(current.keys() | {draft.policy_id for draft in drafts})
    return [_health(workspace, name, current.get(name), drafts) for name in names]


def _health(workspace: Workspace, name: str, policy: PolicyVersion | None, drafts: list[Draft]) -> PolicyHealth:
    runs = workspace.store.runs(policy_id=name, limit=1)
    return PolicyHealth(
        policy_id=name,
        policy=policy,
        lint=lint_policy(policy) if policy is not None else None,
        run=runs[0] if runs else None,
        disagreements=workspace.store.queue_counts(name).disagreements if policy is not None else 0,
        drafts=tuple(draft for draft in drafts if draft.policy_id == name),
    )
