"""Refining: disagreements grouped by cause, clause and likeness; edits by hand and by a model, always as drafts."""

from __future__ import annotations

import pytest

from core import services
from core.domain import Cause, DraftOrigin, Item, OutputForm, PolicyVersion, Role
from core.errors import RoleError, UsageError
from core.services.workspace import Workspace
from tests.fixtures.classifiers import ScriptedClassifier
from tests.fixtures.workspaces import audit_kinds


@pytest.fixture
def apart(noisy: Workspace) -> Workspace:
    """The model judges after the humans did: all four horns are missed. One drum is called quiet by a human."""
    services.classify(noisy, classifier=ScriptedClassifier())
    for number in range(4):
        key = services.find_entry(noisy, item_id=f"horn-{number}", policy_id="noise")
        cause = Cause.POLICY_GAP if number else Cause.MODEL_MISREAD
        services.decide(noisy, key=key, label="YES", cause=cause, note="a horn is loud")
    key = services.find_entry(noisy, item_id="drum-0", policy_id="noise")
    services.decide(noisy, key=key, label="NO", cause=Cause.BORDERLINE, rule_id="NO.a")
    return noisy


def test_disagreements_are_grouped_by_cause_and_clause(apart: Workspace) -> None:
    groups = services.disagreement_groups(apart, policy_id="noise")
    assert [(group.key, len(group.items), group.missed, group.overdone) for group in groups] == [
        ("policy_gap/none", 3, 3, 0), ("borderline/NO.a", 1, 0, 1), ("model_misread/none", 1, 1, 0)
    ]  # fmt: skip
    gap, borderline, _ = groups
    assert gap.alike == ((0, 1, 2),)
    assert (borderline.line, borderline.clause_text) == (24, "- NO.a Whatever else there is to say.")
    item = borderline.items[0]
    assert (item.item_id, item.human_label, item.model_label, item.cited) == ("drum-0", "NO", "YES", ("YES.a",))
    assert services.find_group(apart, policy_id="noise", key="policy_gap/none") == gap
    with pytest.raises(UsageError, match="no group"):
        services.find_group(apart, policy_id="noise", key="other/none")


def test_an_edit_by_hand_is_a_draft_and_a_second_one_goes_on(apart: Workspace) -> None:
    draft = services.edit_clause(apart, policy_id="noise", clause="YES.a", text="Talk of a drum or a horn.")
    assert (draft.name, draft.origin, draft.author) == ("noise", DraftOrigin.PERSON, "kim")
    again = services.edit_clause(apart, policy_id="noise", clause="NO.a", text="All other talk.")
    rules = {rule.id: rule.text for rule in services.parse_draft(again).rules}
    assert (rules["YES.a"], rules["NO.a"]) == ("Talk of a drum or a horn.", "All other talk.")
    with pytest.raises(UsageError):
        services.edit_clause(apart, policy_id="noise", clause="NO.z", text="x")
    assert services.get_draft(apart, name="noise") == again
    assert services.get_policy(apart, policy_id="noise").version == 1


def test_an_item_becomes_an_example_in_one_step(apart: Workspace) -> None:
    draft = services.promote_to_example(apart, item_id="drum-0", policy_id="noise")
    assert draft.document.rstrip().split("\n")[-1] == '- "A drum at 0" -> NO.a.'
    draft = services.promote_to_example(apart, item_id="horn-1", policy_id="noise")
    assert draft.document.rstrip().split("\n")[-1] == '- "A horn at 1" -> YES, a horn is loud.'
    assert services.parse_draft(draft).sections["Examples"].count("->") == 3
    with pytest.raises(UsageError, match="not decided"):
        services.promote_to_example(apart, item_id="nowhere", policy_id="noise")


def test_a_model_proposes_and_nothing_is_published(apart: Workspace) -> None:
    group = services.find_group(apart, policy_id="noise", key="borderline/NO.a")
    seen: list[tuple[Item, PolicyVersion]] = []

    def answer(item: Item, policy: PolicyVersion) -> str:
        seen.append((item, policy))
        return "```\n- NO.a Whatever else there is to say, a lone drum too.\n```\nThat is my proposal."

    before = audit_kinds(apart)
    draft = services.suggest_edit(apart, group=group, classifier=ScriptedClassifier(answer))
    assert (draft.name, draft.origin) == ("noise-suggested", DraftOrigin.MODEL)
    [row] = services.diff(apart, before=None, after="draft:noise-suggested").changed
    assert (row.clause, row.change.value) == ("NO.a", "changed")
    assert audit_kinds(apart) == before
    assert services.get_policy(apart, policy_id="noise").version == 1
    [(item, policy)] = seen
    assert policy.output is OutputForm.TEXT
    assert "A drum at 0" in item.content
    assert "A drum at 0" not in policy.body
    with pytest.raises(UsageError, match="already"):
        services.suggest_edit(apart, group=group, classifier=ScriptedClassifier(answer))


def test_a_group_without_a_clause_asks_for_a_new_rule(apart: Workspace) -> None:
    group = services.find_group(apart, policy_id="noise", key="policy_gap/none")
    classifier = ScriptedClassifier(lambda _item, _policy: "<|channel|>final<|message|>YES.x Talk of a horn.")
    draft = services.suggest_edit(apart, group=group, classifier=classifier, name="horns")
    rules = {rule.id: rule.text for rule in services.parse_draft(draft).rules}
    assert rules["YES.b"] == "Talk of a horn."


@pytest.mark.parametrize("said", ["", "# Only a heading", "!fail", "I cannot help with that.\n" * 200, "x" * 5000])
def test_what_is_no_clause_makes_no_draft(apart: Workspace, said: str) -> None:
    group = services.find_group(apart, policy_id="noise", key="borderline/NO.a")
    if said.startswith("I cannot"):
        said = said.replace("\n", " ")
    with pytest.raises(UsageError, match="nothing that can be a clause"):
        services.suggest_edit(apart, group=group, classifier=ScriptedClassifier(lambda _item, _policy: said))
    assert services.list_drafts(apart) == []


def test_auditors_refine_nothing(apart: Workspace) -> None:
    services.add_member(apart, name="lee", role=Role.AUDITOR)
    apart.reviewer = "lee"
    assert services.disagreement_groups(apart, policy_id="noise")
    with pytest.raises(RoleError):
        services.edit_clause(apart, policy_id="noise", clause="YES.a", text="x")
    with pytest.raises(RoleError):
        services.promote_to_example(apart, item_id="drum-0", policy_id="noise")
