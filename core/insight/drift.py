"""What changed from one policy version to the next. It owns the figures of a step; it reads no database."""

from __future__ import annotations

from collections.abc import Mapping

from core.domain.insight import Figures, VersionDrift
from core.insight.intervals import share_of, sign_test
from core.insight.measures import compare_shares


def drift_between(
    policy_id: str,
    versions: tuple[int, int],
    figures: tuple[Figures, Figures],
    sides: tuple[tuple[int, int], tuple[int, int]],
    flips: Mapping[tuple[bool, bool], int],
) -> VersionDrift:
    """Return the step between two versions, each pair given as (before, after).

    `figures` are those of the decisions made under each, `sides` how many items each judged and how many of them as
    violating, `flips` the items both judged by (side before, side after). Differences are after less before.
    """
    before, after = figures
    (judged_before, violating_before), (judged_after, violating_after) = sides
    both = sum(flips.values())
    stricter, milder = flips.get((False, True), 0), flips.get((True, False), 0)
    return VersionDrift(
        policy_id=policy_id,
        before=versions[0],
        after=versions[1],
        agreement=compare_shares(after.agreement, before.agreement),
        violating=compare_shares(share_of(violating_after, judged_after), share_of(violating_before, judged_before)),
        flips=dict(flips),
        flipped=share_of(stricter + milder, both),
        p=sign_test(stricter, milder),
    )
