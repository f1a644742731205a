"""With and without context on one key, beside a run that gives way and goes on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from core import services
from core.domain import Item, ItemKind, PolicyVersion, RawOutput
from tests.fixtures.values import make_verdict
from tests.ui.conftest import ITEMS, Stage
from tests.ui.fakes import FakeClassifier, says

K = Qt.Key


def by_kind(item: Item, policy: PolicyVersion) -> RawOutput:
    alone = item.kind is ItemKind.MESSAGE and item.id in ("r-3", "c-5")
    return says(policy.labels[0 if alone else 1].code, rationale="Alone it is harmless." if alone else "It fits.")


def prepared(stage: Stage) -> None:
    stage.classifier.answer = by_kind
    services.set_review_rules(stage.desk._workspace, policy_id="spam", blind_percent=0)


def text(stage: Stage) -> str:
    return stage.desk.verdict.surface.toPlainText()


def test_a_reply_is_judged_without_its_parent_on_one_key(open_stage: Stage) -> None:
    stage = open_stage
    prepared(stage)
    stage.judge_all()
    stage.show("r-3")
    stage.press(K.Key_C)
    stage.until(lambda: "Alone it is harmless." in text(stage))
    assert text(stage).index("WITHOUT CONTEXT") < text(stage).index("It fits.")
    assert "SP0" in text(stage)
    assert len(stage.desk._workspace.store.verdicts_of("r-3")) == 1
    stage.press(K.Key_J)
    stage.until(lambda: "WITHOUT CONTEXT" not in text(stage))


def test_a_message_has_no_context_and_the_desk_says_so(open_stage: Stage) -> None:
    stage = open_stage
    prepared(stage)
    stage.judge_all()
    stage.show("m-1")
    stage.press(K.Key_C)
    assert "no context" in stage.notice


@pytest.mark.parametrize("classifier", [FakeClassifier(gated=True)], ids=["gated"])
def test_a_run_gives_way_and_goes_on(open_stage: Stage) -> None:
    stage = open_stage
    prepared(stage)
    stage.show("r-3")
    stage.ctrl(K.Key_J)
    stage.classifier.release()
    stage.until(lambda: stage.shown.review.verdict is not None)
    stage.press(K.Key_C)
    stage.classifier.release(2)  # one may go to the item the run was at
    stage.until(lambda: "Alone it is harmless." in text(stage))
    stage.classifier.release(len(ITEMS))
    stage.until(lambda: not stage.desk.judging.running and len(set(stage.classifier.judged)) == len(ITEMS))


def test_verdicts_of_other_policies_stand_below(open_stage: Stage) -> None:
    stage = open_stage
    prepared(stage)
    services.set_review_rules(stage.desk._workspace, policy_id="harassment", blind_percent=0)
    stage.judge_all()
    stage.show("m-1")
    workspace = stage.desk._workspace
    policy = next(p for p in stage.desk.policies if p.policy_id == "harassment")
    item = workspace.store.get_item("m-1")
    assert item is not None
    workspace.store.add_verdicts([make_verdict(item, policy, policy.labels[0].code)], actor="mira")
    stage.desk.events.everything_changed()
    stage.desk.reviewing.forget([stage.shown.review.key])
    stage.until(lambda: "OTHER VERDICTS ON THIS ITEM" in text(stage))
    assert f"{policy.title}, version 1 · {policy.labels[0].code}" in text(stage)
