"""The verb of publishing: a draft becomes the current version, once it was tested and what it breaks was seen.

It owns what stands in the way. The version, the event that says on which grounds, and the end of the draft are one
step.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.domain import Draft, DraftOrigin, Flip, FlipKind, PolicyVersion, TrialRun
from core.errors import UsageError
from core.policy.lint import LintReport, lint_policy
from core.services.drafts import LONGEST_NOTE, get_draft, parse_draft
from core.services.members import Deed, require
from core.services.workspace import Workspace


class Obstacle(StrEnum):
    """What stands between a draft and its publication. All but the first two a lead may wave through."""

    UNCHANGED = "unchanged"
    NOT_ACCEPTED = "not_accepted"
    LINT = "lint"
    UNTESTED = "untested"
    BREAKS = "breaks"


WAIVABLE = frozenset({Obstacle.LINT, Obstacle.UNTESTED, Obstacle.BREAKS})


@dataclass(frozen=True, slots=True)
class PublishCheck:
    """A draft before it is published. `run` is the newest test of exactly this text against the current version.

    `lost` are the cases that were right and are not any more; `obstacles` come in the order they are to be dealt with.
    """

    draft: Draft
    policy: PolicyVersion
    current: PolicyVersion | None
    lint: LintReport
    run: TrialRun | None
    lost: tuple[Flip, ...]
    obstacles: tuple[Obstacle, ...]

    def words(self, obstacle: Obstacle) -> tuple[str, str]:
        """Return what an obstacle is and what to do about it."""
        name = self.draft.name
        errors = sum(finding.level.value == "error" for finding in self.lint.findings)
        version = self.current.version if self.current is not None else 0
        against = f" --against {self.policy.policy_id}@{version}" if version else ""
        return {
            Obstacle.UNCHANGED: (
                f"The draft {name} is the current version, word for word.",
                "Change it, or discard it.",
            ),
            Obstacle.NOT_ACCEPTED: (
                f"The draft {name} was written by a model, and nobody has accepted it.",
                f"Read it (`policy diff draft:{name}`), then `main.py policy draft accept {name}`.",
            ),
            Obstacle.LINT: (f"The draft {name} has {errors} lint errors.", "Mend them, or pass --accept-lint."),
            Obstacle.UNTESTED: (
                f"There is no test of this text of {name} against the current version.",
                f"Run `main.py policy test {name} --cases SET{against}`, or pass --untested.",
            ),
            Obstacle.BREAKS: (
                f"{len(self.lost)} cases were right and are not any more.",
                "Mend the draft, or pass --accept-broken once you have looked at them.",
            ),
        }[obstacle]


def check_publication(workspace: Workspace, *, name: str) -> PublishCheck:
    """Return what stands in the way of publishing a draft. It changes nothing.

    Raises:
        UsageError: there is no such draft. InputError: it is no policy.
    """
    draft = get_draft(workspace, name=name)
    policy = parse_draft(draft)
    found = workspace.store.get_policy(policy.policy_id)
    current = found if found is not None and found.policy_id == policy.policy_id else None
    lint = lint_policy(policy)
    run = _run(workspace, policy, current)
    lost = tuple(flip for flip in run.flips if flip.lost) if run is not None else ()
    standing = {
        Obstacle.UNCHANGED: current is not None and current.hash == policy.hash,
        Obstacle.NOT_ACCEPTED: draft.origin is DraftOrigin.MODEL,
        Obstacle.LINT: not lint.ok,
        Obstacle.UNTESTED: run is None,
        Obstacle.BREAKS: bool(lost),
    }
    obstacles = tuple(obstacle for obstacle, stands in standing.items() if stands)
    return PublishCheck(draft, policy, current, lint, run, lost, obstacles)


def _run(workspace: Workspace, policy: PolicyVersion, current: PolicyVersion | None) -> TrialRun | None:
    """Return the newest run of exactly this text against the current version: it cannot be older than the draft."""
    runs = workspace.store.runs(policy_id=policy.policy_id, draft_hash=policy.hash)
    against = current.hash if current is not None else None
    return next((run for run in runs if not run.fast and (against is None or run.against_hash == against)), None)


def publish_draft(
    workspace: Workspace,
    *,
    name: str,
    note: str = "",
    accepted: frozenset[Obstacle] = frozenset(),
    seen: PublishCheck | None = None,
) -> PolicyVersion:
    """Make the current version of a draft and return it; the audit chain tells the test and what was waved through.

    `accepted` are the obstacles a lead waves through. `seen` is the check the person looked at: when the draft has
    changed since, nothing is published.

    Raises:
        RoleError: the acting person does not lead.
        UsageError: an obstacle stands, or the draft or the current version changed meanwhile.
        InputError: the draft is no policy.
    """
    require(workspace, Deed.PUBLISH)
    check = check_publication(workspace, name=name)
    if seen is not None and (seen.policy.hash, seen.run) != (check.policy.hash, check.run):
        raise UsageError(f"The draft {name} or its test changed meanwhile.", "Look at it again.")
    standing = [obstacle for obstacle in check.obstacles if obstacle not in accepted & WAIVABLE]
    if standing:
        raise UsageError(*check.words(standing[0]), title="The draft is not published")
    if len(note) > LONGEST_NOTE:
        raise UsageError(f"The note is longer than {LONGEST_NOTE:,} characters.", "Shorten it.")
    run = check.run
    details = {
        "before": check.current.hash if check.current is not None else "",
        "run": run.key if run is not None else None,
        "fixed": run.count(FlipKind.FIXED) if run is not None else None,
        "newly_broken": run.count(FlipKind.NEWLY_BROKEN) if run is not None else None,
        "unparsed": run.count(FlipKind.UNPARSED) if run is not None else None,
        "accepted": [obstacle.value for obstacle in check.obstacles],
    }
    return workspace.store.publish_draft(
        check.draft,
        check.policy,
        note=note or check.draft.note,
        current_hash=str(details["before"]),
        actor=workspace.reviewer,
        details=details,
    )
