"""The page of policies, driven by keys: library, draft and live lint, history, test bench, publication, the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QLabel

from core import services
from core.domain import DraftOrigin, FlipKind
from core.services import Obstacle, Workspace
from tests.fixtures.classifiers import ScriptedClassifier, by_words
from tests.ui.conftest import Stage
from ui.actions import specs
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.publish import PublishDialog
from ui.views.policies import PoliciesPage

K, Mod = Qt.Key, Qt.KeyboardModifier
GOLDEN = Path(__file__).resolve().parents[3] / "policies" / "golden" / "spam.jsonl"


@pytest.fixture
def page(open_stage: Stage) -> PoliciesPage:
    """The page on the policy `spam`, reached by key."""
    open_stage.press(K.Key_2, Mod.AltModifier)
    shelf = open_stage.window.shelf
    assert shelf is not None
    found = shelf.stack.currentWidget()
    assert isinstance(found, PoliciesPage)
    open_stage.until(lambda: found.library_model.rowCount() == 2)
    open_stage.press(K.Key_F2)
    open_stage.press(K.Key_Down)
    open_stage.until(lambda: found.title.full_text == "Spam" and found.editor.outline.count() > 0)
    open_stage.until(lambda: not open_stage.desk.judging.running)
    return found


def workspace_of(page: PoliciesPage) -> Workspace:
    return page.work.workspace


def settled(stage: Stage, page: PoliciesPage, condition: Callable[[], bool]) -> None:
    """Wait for a condition, then until nothing is under way."""
    stage.until(condition)
    stage.until(lambda: not page.work.context.pool.busy)


def begin(stage: Stage, page: PoliciesPage) -> None:
    stage.ctrl(K.Key_D)
    settled(stage, page, lambda: page.work.draft is not None and not page.editor.text.isReadOnly())


def replace_text(page: PoliciesPage, old: str, new: str) -> None:
    """Type over a stretch of the text."""
    cursor = page.editor.text.document().find(old)
    assert not cursor.isNull()
    cursor.insertText(new)


def freeze(stage: Stage, page: PoliciesPage) -> None:
    services.import_cases(workspace_of(page), name="golden", path=GOLDEN, policy_id="spam")
    page.reload()
    settled(stage, page, lambda: page.bench.cases.count() == 1)


def test_the_library_shows_each_policy_with_its_health(open_stage: Stage, page: PoliciesPage) -> None:
    rows = [page.library_model.health(row) for row in range(2)]
    assert [row.policy_id for row in rows if row] == ["harassment", "spam"]
    assert all(row is not None and row.errors == row.warnings == 0 for row in rows)
    assert page.editor.text.isReadOnly()
    assert page.begin.isVisible()
    assert not page.publish.isVisible()


def test_a_draft_is_begun_written_linted_and_saved_with_keys(open_stage: Stage, page: PoliciesPage) -> None:
    begin(open_stage, page)
    replace_text(page, "Begging for likes", "Begging for likes, etc")
    settled(open_stage, page, lambda: page.editor.findings.count() == 1)
    assert "P301" in page.editor.findings.item(0).text()
    assert page.save.isEnabled()
    open_stage.press(K.Key_F8)
    assert page.editor.text.textCursor().block().text().startswith("- SP2.c")
    open_stage.ctrl(K.Key_S)
    settled(open_stage, page, lambda: not page.save.isEnabled())
    assert "likes, etc" in services.get_draft(workspace_of(page), name="spam").document
    assert services.get_policy(workspace_of(page), policy_id="spam").version == 1


def test_a_text_that_is_no_policy_says_why(open_stage: Stage, page: PoliciesPage) -> None:
    begin(open_stage, page)
    replace_text(page, "output: rationale", "output: nothing")
    settled(open_stage, page, lambda: page.editor.verdict.text() == "Not a policy yet")
    assert "Line 5" in page.editor.findings.item(0).text()


def test_history_shows_what_a_draft_changes(open_stage: Stage, page: PoliciesPage) -> None:
    begin(open_stage, page)
    replace_text(page, "Begging for likes", "Asking for likes")
    open_stage.ctrl(K.Key_S)
    open_stage.ctrl(K.Key_2)
    settled(open_stage, page, lambda: page.history.diff.rows.rowCount() == 1)
    assert page.history.versions.count() == 2
    index = page.history.diff.rows.index(0, 0)
    assert index.data() == "SP2.c\nchanged"
    assert "Asking" in page.history.diff.rows.index(0, 2).data()
    page.history.only_changes.setChecked(False)
    assert page.history.diff.rows.rowCount() > 20


def test_the_bench_runs_and_opens_what_broke_on_the_desk(open_stage: Stage, page: PoliciesPage) -> None:
    def answer(item: object, policy: object) -> str:
        broken = getattr(policy, "version") == 0 and item.id == "golden-spam-002"  # type: ignore[attr-defined]  # noqa: B009
        return '{"label":"SP0"}' if broken else by_words(item, policy)  # type: ignore[arg-type]

    scripted = ScriptedClassifier(answer)
    freeze(open_stage, page)
    begin(open_stage, page)
    replace_text(page, "- SP2.a Unasked promotion that is not a listing.", "- SP2.a Promotion: look at balcony.")
    object.__setattr__(page.work.context.desk, "classifier_factory", lambda _workspace: scripted)
    open_stage.ctrl(K.Key_3)
    open_stage.ctrl(K.Key_R)
    settled(open_stage, page, lambda: not page.trying.running and bool(services.list_runs(workspace_of(page))))
    run = services.list_runs(workspace_of(page))[0]
    assert len(run.flips) >= 30
    counts = [run.count(kind) for kind in (FlipKind.NEWLY_BROKEN, FlipKind.UNPARSED, FlipKind.FIXED)]
    shown = page.bench.shown
    assert shown
    assert sum(counts) + run.count(FlipKind.UNCHANGED) == len(run.flips)
    page.bench.table.selectRow(0)
    settled(open_stage, page, lambda: "CONTENT" in page.bench.surface.toPlainText())
    assert "NOW" in page.bench.surface.toPlainText()
    page.bench.table.setFocus()
    open_stage.press(K.Key_Return)
    open_stage.until(lambda: open_stage.window.shelf is not None and open_stage.window.shelf.index == 0)
    open_stage.until(lambda: open_stage.item_id == shown[0].case.item_id)


def test_a_test_can_be_stopped_and_says_so(open_stage: Stage, page: PoliciesPage) -> None:
    open_stage.classifier.__init__(gated=True)  # type: ignore[misc]
    freeze(open_stage, page)
    open_stage.ctrl(K.Key_3)
    open_stage.ctrl(K.Key_R)
    open_stage.until(lambda: page.bench.stop.isVisible())
    page.bench.stop.click()
    settled(open_stage, page, lambda: not page.trying.running)
    assert "stopped" in page.bench.words.text()


def test_publishing_asks_and_shows_what_stands_in_the_way(
    open_stage: Stage, page: PoliciesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(open_stage, page)
    replace_text(page, "Begging for likes", "Asking for likes")
    seen: list[PublishDialog] = []

    def agree(dialog: PublishDialog) -> int:
        seen.append(dialog)
        assert not dialog.publish.isEnabled()
        dialog._boxes[Obstacle.UNTESTED].setChecked(True)
        assert dialog.publish.isEnabled()
        dialog.note.setText("asking, too")
        return int(PublishDialog.DialogCode.Accepted)

    monkeypatch.setattr(PublishDialog, "exec", agree)
    open_stage.ctrl(K.Key_Return)
    settled(
        open_stage,
        page,
        lambda: page.work.draft is None and page.work.version is not None and page.work.version.version == 2,
    )
    assert len(seen) == 1
    assert services.policy_history(workspace_of(page), policy_id="spam")[0].note == "asking, too"
    assert page.begin.isVisible()


def test_what_a_model_wrote_cannot_be_published_from_here(open_stage: Stage, page: PoliciesPage) -> None:
    workspace = workspace_of(page)
    begin(open_stage, page)
    draft = services.get_draft(workspace, name="spam")
    workspace.store.save_draft(replace(draft, origin=DraftOrigin.MODEL, document=draft.document + "\nMore.\n"))
    dialog = PublishDialog(services.check_publication(workspace, name="spam"))
    open_stage.qtbot.addWidget(dialog)
    for box in dialog._boxes.values():
        box.setChecked(True)
    assert not dialog.publish.isEnabled()
    page.reload()
    settled(open_stage, page, lambda: page.accept.isVisible())
    open_stage.press(K.Key_Y, Mod.ControlModifier, Mod.ShiftModifier)
    settled(open_stage, page, lambda: not page.accept.isVisible())
    assert services.get_draft(workspace, name="spam").origin is DraftOrigin.PERSON


def test_leaving_keeps_what_was_typed_and_discarding_asks(
    open_stage: Stage, page: PoliciesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(open_stage, page)
    replace_text(page, "Begging for likes", "Asking for likes")
    page.leave()
    assert "Asking for likes" in services.get_draft(workspace_of(page), name="spam").document
    asked: list[str] = []
    monkeypatch.setattr(ConfirmDialog, "exec", lambda box: asked.append(box.words.text()) or 0)
    open_stage.press(K.Key_D, Mod.ControlModifier, Mod.ShiftModifier)
    assert len(asked) == 1
    assert services.list_drafts(workspace_of(page))


def test_another_policy_in_view_keeps_the_draft_of_the_first(open_stage: Stage, page: PoliciesPage) -> None:
    begin(open_stage, page)
    replace_text(page, "Begging for likes", "Asking for likes")
    open_stage.press(K.Key_F2)
    open_stage.press(K.Key_Up)
    settled(open_stage, page, lambda: page.title.full_text == "Harassment and hate")
    assert "Asking for likes" in services.get_draft(workspace_of(page), name="spam").document
    assert "harassment" in page.editor.document
    assert page.work.draft is None


def disagree(stage: Stage, page: PoliciesPage) -> None:
    """The model calls an item spam and a human does not; the page looks at the disagreements."""
    workspace = workspace_of(page)
    said = '{"label":"SP2","rule_ids":["SP2.a"],"rationale":"It sells."}'
    services.classify(workspace, classifier=ScriptedClassifier(lambda _item, _policy: said), policy_id="spam")
    key = services.find_entry(workspace, item_id="m-2", policy_id="spam")
    services.decide(workspace, key=key, label="SP0", note="a match is no offer")
    stage.ctrl(K.Key_4)
    stage.qtbot.waitUntil(lambda: page.refine.groups.count() == 1, timeout=20_000)
    stage.until(lambda: not page.work.context.pool.busy)


def test_a_disagreement_leads_to_an_edit_an_example_and_a_case(open_stage: Stage, page: PoliciesPage) -> None:
    disagree(open_stage, page)
    workspace = workspace_of(page)
    assert "SP2.a" in page.refine.groups.item(0).text()
    assert "match on Sunday" in page.refine.items.item(0).text()
    page.refine.clause.setPlainText("- SP2.a Unasked promotion of goods.")
    open_stage.ctrl(K.Key_T)
    settled(open_stage, page, lambda: page.work.draft is not None)
    open_stage.press(K.Key_M, Mod.ControlModifier, Mod.ShiftModifier)
    settled(open_stage, page, lambda: "See you at the match" in services.get_draft(workspace, name="spam").document)
    assert "- SP2.a Unasked promotion of goods." in services.get_draft(workspace, name="spam").document
    open_stage.ctrl(K.Key_B)
    settled(open_stage, page, lambda: bool(services.list_case_sets(workspace)))
    assert services.list_cases(workspace, name="golden-spam")[0].item_id == "m-2"
    page.refine.groups.setFocus()
    page.refine.items.setFocus()
    open_stage.press(K.Key_Return)
    open_stage.until(lambda: open_stage.window.shelf is not None and open_stage.window.shelf.index == 0)


def test_a_proposal_of_the_model_is_a_draft_of_its_own(open_stage: Stage, page: PoliciesPage) -> None:
    disagree(open_stage, page)
    writer = ScriptedClassifier(lambda _item, _policy: "SP2.a Unasked promotion of goods.")
    object.__setattr__(page.work.context.desk, "classifier_factory", lambda _workspace: writer)
    open_stage.ctrl(K.Key_L)
    settled(open_stage, page, lambda: page.work.draft is not None and page.accept.isVisible())
    assert page.work.draft is not None
    assert page.work.draft.origin is DraftOrigin.MODEL
    assert services.get_policy(workspace_of(page), policy_id="spam").version == 1
    assert writer.closed == 1


def test_every_label_of_the_page_is_plain_text(open_stage: Stage, page: PoliciesPage) -> None:
    labels = page.findChildren(QLabel)
    assert len(labels) > 5
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert QApplication.focusWidget() is not None


def test_no_key_of_the_page_means_anything_else_while_it_is_in_view(open_stage: Stage, page: PoliciesPage) -> None:
    own = {shortcut.key().toString() for shortcut in page.findChildren(QShortcut)}
    assert len(own) >= 18
    assert own & {key for spec in specs() if not spec.bound for key in spec.keys} == set()
