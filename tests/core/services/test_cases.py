"""Case sets: what is frozen stays, blind decisions come first, labelled rows come in, one item is promoted."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import services
from core.domain import CaseSource, Role, utc_now
from core.errors import RoleError, UsageError
from core.services import Blind
from core.services.workspace import Workspace
from tests.fixtures.workspaces import ROOT, audit_kinds, bring_in, write_lines


def test_freezing_takes_the_standing_decisions_and_nothing_changes_them(noisy: Workspace) -> None:
    frozen = services.freeze_cases(noisy, name="all", policy_ids=["noise"], note="spring")
    assert (frozen.added, frozen.known) == (20, 0)
    shown = frozen.case_set
    assert (shown.cases, shown.violating, shown.blind, shown.policies) == (20, 12, 5, ("noise",))
    assert (shown.note, shown.created_by) == ("spring", "kim")
    before = services.list_cases(noisy, name="all")
    key = services.find_entry(noisy, item_id="bird-1", policy_id="noise")
    services.decide(noisy, key=key, label="YES")
    again = services.freeze_cases(noisy, name="all", policy_ids=["noise"])
    assert (again.added, again.known) == (0, 20)
    assert services.list_cases(noisy, name="all") == before
    assert next(case for case in before if case.item_id == "bird-1").label == "NO"
    assert services.list_case_sets(noisy) == [again.case_set]


def test_blind_decisions_come_first_and_may_be_asked_for_alone(noisy: Workspace) -> None:
    some = services.freeze_cases(noisy, name="some", policy_ids=["noise"], limit=7)
    assert (some.case_set.cases, some.case_set.blind) == (7, 5)
    only = services.freeze_cases(noisy, name="only", policy_ids=["noise"], blind=Blind.ONLY)
    assert (only.case_set.cases, only.case_set.blind) == (5, 5)
    oldest = services.freeze_cases(noisy, name="oldest", policy_ids=["noise"], blind=Blind.ANY, limit=4)
    assert (oldest.case_set.cases, oldest.case_set.blind) == (4, 1)
    with pytest.raises(UsageError, match="no decision"):
        services.freeze_cases(noisy, name="none", policy_ids=["noise"], reviewers=["lee"])
    assert [case_set.name for case_set in services.list_case_sets(noisy)] == ["oldest", "only", "some"]


def test_labelled_rows_become_cases_and_refused_rows_are_listed(noisy: Workspace, tmp_path: Path) -> None:
    rows = [
        {"id": "n1", "content": "A drum again", "verdict": "Noise"},
        {"id": "n2", "content": "Silence", "verdict": "NO"},
        {"id": "n3", "content": "Unknown", "verdict": "PERHAPS"},
        {"id": "bird-0", "content": "A bird at 0", "verdict": "YES"},
    ]
    path = write_lines(tmp_path / "golden.jsonl", rows)
    result = services.import_cases(noisy, name="golden", path=path, policy_id="noise", label_field="verdict")
    assert result.imported is not None
    assert [row.line for row in result.imported.rejected] == [3]
    cases = {case.item_id: case for case in services.list_cases(noisy, name="golden")}
    assert {name: case.label for name, case in cases.items()} == {"n1": "YES", "n2": "NO", "bird-0": "NO"}
    assert cases["n1"].source is CaseSource.IMPORTED
    assert cases["bird-0"].source is CaseSource.BLIND  # what stands here is what counts
    with pytest.raises(UsageError, match="other"):
        services.import_cases(noisy, name="golden", path=path, policy_id="noise", label_field="other")


def test_a_golden_set_that_ships_can_be_brought_in(noisy: Workspace) -> None:
    services.add_policy(noisy, path=ROOT / "policies" / "spam.md")
    path = ROOT / "policies" / "golden" / "spam.jsonl"
    result = services.import_cases(noisy, name="spam", path=path, policy_id="spam")
    assert result.added >= 30
    assert {case.rule_id for case in services.list_cases(noisy, name="spam")} >= {"SP0.a", "SP2.a", "SP4.b"}
    assert 0 < result.case_set.violating < result.case_set.cases


def test_one_item_is_promoted_in_one_step(noisy: Workspace) -> None:
    result = services.promote_to_cases(noisy, item_id="horn-2", policy_id="noise")
    assert (result.added, result.case_set.name, result.case_set.cases) == (1, "golden-noise", 1)
    assert services.promote_to_cases(noisy, item_id="horn-2", policy_id="noise").added == 0
    bring_in(noisy, [{"id": "new", "content": "Undecided"}], policy_id="noise")
    for item_id in ("new", "nowhere"):
        with pytest.raises(UsageError, match="not decided"):
            services.promote_to_cases(noisy, item_id=item_id, policy_id="noise")


def test_only_who_may_write_drafts_makes_cases(noisy: Workspace) -> None:
    services.add_member(noisy, name="lee", role=Role.AUDITOR)
    noisy.reviewer = "lee"
    with pytest.raises(RoleError):
        services.freeze_cases(noisy, name="x", policy_ids=["noise"])
    with pytest.raises(RoleError):
        services.promote_to_cases(noisy, item_id="horn-2", policy_id="noise")


def test_what_was_recorded_is_verified_and_removed_content_is_out(noisy: Workspace) -> None:
    services.freeze_cases(noisy, name="all", policy_ids=["noise"], limit=3)
    services.promote_to_cases(noisy, item_id="horn-2", policy_id="noise", name="all")
    assert audit_kinds(noisy)[-3:] == ["cases.made", "cases.added", "cases.added"]
    assert [check.name for check in services.verify(noisy) if not check.ok] == []
    services.purge(noisy, before=utc_now(), confirm=20)
    assert all(case.removed for case in services.list_cases(noisy, name="all"))
    with pytest.raises(UsageError):
        services.freeze_cases(noisy, name="late", policy_ids=["noise"])
    assert [check.name for check in services.verify(noisy) if not check.ok] == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 200, "a\nb"])
def test_a_name_that_is_none_is_refused(noisy: Workspace, name: str) -> None:
    with pytest.raises(UsageError):
        services.freeze_cases(noisy, name=name, policy_ids=["noise"])
