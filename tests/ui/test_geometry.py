"""Nothing an item, a label, a policy or a verdict says moves the panes of the desk or the buttons below them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from core import services
from tests.ui.conftest import PASSPHRASE, Stage, make_workspace
from tests.ui.fakes import says
from ui.views.welcome import WorkspaceRequest

LONG = "Verharmlosung_strafbarer_Inhalte_".ljust(40, "x")
SPACED = "Gewaltverherrlichung gegen Minderjährige, öffentlich geäußert und wiederholt"


def policy_text(name: str, count: int, label: str) -> str:
    labels = "\n".join(
        f"  - {{code: {name.upper()}{n}, name: '{label} {n}', violates: {str(n > 0).lower()}}}" for n in range(count)
    )
    rules = "\n".join(f"- {name.upper()}{n}.a Die Regel {n}." for n in range(1, count))
    head = f"---\nid: {name}\ntitle: '{SPACED} {name}'\noutput: category\nlabels:\n{labels}\n---\n"
    return f"{head}# Instructions\nEntscheide.\n# Violates\n{rules}\n# Safe\n- {name.upper()}0.a Sonst.\n"


POLICIES = {
    "two": (2, "Ja"),
    "four": (4, SPACED),
    "ten": (10, SPACED),
    "word": (9, LONG),
    "VERYLONGCODEOFALABEL": (6, LONG),
}


@pytest.fixture
def mixed(stage: Stage, tmp_path: Path) -> Stage:
    items: list[dict[str, object]] = [
        {"id": f"{name}-{n}" + n * "-sehr-lange-Kennung" * 8, "content": f"{name} {n}", "policy": name}
        for name in POLICIES
        for n in range(2)
    ]
    items += [{"id": "none", "content": "y" * 5000}, {"id": "spam", "content": "z", "policy": "spam"}]
    folder = tmp_path / "mixed"
    make_workspace(folder, ({"id": "0", "content": "first", "policy": "spam"},))
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        for name, (count, label) in POLICIES.items():
            services.add_policy(workspace, text=policy_text(name, count, label))
            services.set_review_rules(workspace, policy_id=name, blind_percent=0)
        path = tmp_path / "mixed.jsonl"
        path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
        assert services.import_file(workspace, path=path).rejected == ()
    stage.classifier.answer = lambda item, policy: says(
        policy.labels[-1].code,
        reasoning="Weil es so dasteht. " * 40,
        rationale=" ".join(f"{policy.policy_id.upper()}{n}.a" for n in range(1, 9)),
    )
    stage.window.open_workspace(WorkspaceRequest(folder, PASSPHRASE, create=False))
    stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
    stage.until(lambda: len(stage.desk.policies) == 2 + len(POLICIES))
    return stage


def places(stage: Stage) -> dict[str, QRect]:
    """Where the parts stand in the window, by name."""
    desk = stage.desk
    parts: dict[str, QWidget] = {
        "queue": desk.queue, "tabs": desk.queue.views, "list": desk.queue.table, "content": desk.content,
        "content head": desk.content.facts, "verdict": desk.verdict, "policy": desk.policy,
        "bar": desk.decisions, "agree": desk.decisions.agree, "first label": desk.decisions.label_buttons[0],
        **desk.decisions.verbs, "strip below": stage.window.strip,
    }  # fmt: skip
    return {name: QRect(part.mapTo(stage.window, part.rect().topLeft()), part.size()) for name, part in parts.items()}


def walk(stage: Stage) -> None:
    """Go through all entries and each strip that can be opened on them; nothing may move."""
    model = stage.desk.model
    keys = [key for key in map(model.key_at, range(model.rowCount())) if key is not None]
    assert len(keys) == 2 * len(POLICIES) + 3
    before: dict[str, QRect] = {}
    for key in keys:
        stage.desk.open(key)
        stage.until(lambda wanted=key: stage.desk.reviewing.current is not None and stage.shown.review.key == wanted)
        stage.qtbot.wait(20)
        now = places(stage)
        first = now["first label"]  # two labels share the row, or four
        now["first label"] = QRect(first.left() if QApplication.isLeftToRight() else first.right(), first.top(), 0, 0)
        before = before or now
        moved = {name: (before[name], place) for name, place in now.items() if before[name] != place}
        assert moved == {}, stage.item_id
        if stage.shown.review.policy is not None:
            stage.press(Qt.Key.Key_1)
            stage.qtbot.wait(20)
            for name in ("queue", "bar", "content head", "strip below"):
                assert places(stage)[name] == before[name], (stage.item_id, name)
            stage.press(Qt.Key.Key_Escape)


@pytest.mark.parametrize("width", [1280, 1000])
def test_nothing_moves_between_items_of_different_policies(mixed: Stage, width: int) -> None:
    mixed.window.resize(width, 800)
    mixed.ctrl(Qt.Key.Key_J)
    mixed.until(lambda: not mixed.desk.judging.running and len(mixed.classifier.judged) >= 2 * len(POLICIES))
    assert mixed.desk.queue.views.height() == 40 or width < 1280  # the five lists stand in one row
    walk(mixed)


def test_nothing_moves_from_right_to_left(mixed: Stage) -> None:
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        walk(mixed)
    finally:
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
