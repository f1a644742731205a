"""The languages: every text of the source is in the German catalogue, and the window speaks it from edge to edge."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PASSPHRASE, Stage, make_workspace
from tests.ui.fakes import FakeClassifier
from tests.ui.looking import assert_nothing_cut, cut_off
from tests.ui.pseudo import PseudoTranslator, pseudo
from tests.ui.screens import VIEWS, dialogs
from ui.app import make_window
from ui.theme import Theme
from ui.translation import LANGUAGES, catalogue_folder, install_language, wanted_language
from ui.views.welcome import WorkspaceRequest

PLACEHOLDER = re.compile(r"\{\w*\}")


def load_update() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update", catalogue_folder() / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


UPDATE = load_update()
SOURCE: dict[tuple[str, str], str] = UPDATE.source_strings()
GERMAN: dict[tuple[str, str], str] = UPDATE.read_catalogue(catalogue_folder() / "docket_de.ts")


MISSING = [f"{SOURCE[key]}: {key}" for key in SOURCE if key not in GERMAN]
ADVICE = "translate these in docket_de.ts, then run resources/translations/update.py"


def test_nine_in_ten_texts_are_german_at_any_time() -> None:
    """A new screen may land a little before its words are translated."""
    assert len(MISSING) <= len(SOURCE) / 10, (MISSING, ADVICE)


@pytest.mark.slow
def test_a_release_is_german_from_end_to_end() -> None:
    assert MISSING == [], ADVICE
    assert sorted(GERMAN.keys() - SOURCE.keys()) == [], ADVICE


@pytest.mark.parametrize("key", GERMAN, ids=lambda key: key[1][:40])
def test_placeholders_and_line_ends_survive(key: tuple[str, str]) -> None:
    for kind in (PLACEHOLDER, re.compile("\n")):
        assert sorted(kind.findall(key[1])) == sorted(kind.findall(GERMAN[key]))


def test_every_menu_letter_survives() -> None:
    for (context, text), said in GERMAN.items():
        if context == "Actions" and re.search(r"&\w", text):
            assert re.search(r"&\w", said), (text, said)


def test_the_compiled_catalogue_says_what_the_readable_one_says(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(catalogue_folder() / "docket_de.qm"))
    for (context, text), said in GERMAN.items():
        assert translator.translate(context, text) == said, "run resources/translations/update.py"


def test_the_language_is_the_one_chosen_else_the_system_s_else_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wanted_language("de") == "de"
    for name, language in (("de_AT", "de"), ("fr_FR", "en"), ("en_GB", "en")):
        monkeypatch.setattr(QLocale, "system", lambda name=name: QLocale(name))
        assert wanted_language("") == language
        assert wanted_language("xx") == language
    assert set(LANGUAGES) >= {"en", "de"}


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    before = QLocale()
    assert install_language(qapp, "de") == "de"
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)


@pytest.fixture
def pseudo_language(qapp: QApplication) -> Iterator[PseudoTranslator]:
    translator = PseudoTranslator({context for context, _ in SOURCE})
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)


def open_again(qtbot: QtBot, qapp: QApplication, theme: Theme, folder: Path) -> Stage:
    """A window that is made after the language was chosen, with a workspace open."""
    classifier = FakeClassifier()
    window = make_window(qapp, classifier_factory=lambda workspace: classifier, theme=theme)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.begin(None)
    with qtbot.waitExposed(window):
        window.show()
    stage = Stage(window, qtbot, folder, classifier)
    assert_nothing_cut(window)
    window.open_workspace(WorkspaceRequest(folder, PASSPHRASE, create=False))
    stage.until(lambda: window.desk is not None and stage.desk.reviewing.current is not None)
    stage.until(lambda: len(stage.desk.policies) == 2)
    stage.desk.toggle_judging()
    stage.until(lambda: not stage.desk.judging.running and len(classifier.judged) == 6)
    stage.until(lambda: stage.shown.review.verdict is not None)
    return stage


def walk(stage: Stage) -> list[str]:
    """Look at every dialog and at every state of every screen; name what is cut off at 1280 by 800."""
    found = []
    for dialog in dialogs(stage):
        found += [f"{type(dialog).__name__}: {cut}" for cut in cut_off(dialog)]
        if dialog.width() > 1280 or dialog.height() > 800:
            found.append(f"{type(dialog).__name__}: {dialog.width()}x{dialog.height()}")
    for view in VIEWS.values():
        for name, widget in view(stage):
            found += [f"{name}: {cut}" for cut in cut_off(widget)]
    if (stage.window.width(), stage.window.height()) != (1280, 800):
        found.append(f"the window grew to {stage.window.width()}x{stage.window.height()}")
    stage.window.close()
    return list(dict.fromkeys(found))


def test_nothing_is_cut_off_in_words_forty_percent_longer(
    qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path, pseudo_language: PseudoTranslator
) -> None:
    stage = open_again(qtbot, qapp, theme, make_workspace(tmp_path / "desk"))
    assert stage.desk.decisions.agree.text() == pseudo("Agree")
    found = walk(stage)
    assert found == [], "\n".join(found)
    assert len(pseudo_language.asked) > 200
    said = {text for _, text in SOURCE}
    assert {text for _, text in pseudo_language.asked} <= said  # nothing is said that the catalogue cannot know


def test_nothing_is_cut_off_in_german(
    qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path, german: None
) -> None:
    stage = open_again(qtbot, qapp, theme, make_workspace(tmp_path / "desk"))
    assert stage.desk.decisions.agree.text() == "Zustimmen"
    assert stage.window.menuBar().actions()[0].text() == "&Datei"
    for top in stage.window.menuBar().actions():
        texts = [action.text().replace("&&", "") for action in top.menu().actions() if action.isVisible()]
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(letters) == len(set(letters)), (top.text(), letters)
    assert stage.desk.queue.views.height() == 40  # the lists of the queue stand in one row
    found = walk(stage)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("text", "grown"),
    [("Agree", "Ágréé~~"), ("{count} of {total}", "{count} óf {total}~~"), ("&File", "&Fílé~~"), ("a\nb", "á\nb~")],
)
def test_the_made_up_language_keeps_what_must_stay(text: str, grown: str) -> None:
    assert pseudo(text) == grown


def test_a_subclass_speaks_with_the_words_of_the_class_above(qapp: QApplication) -> None:
    """`tr` in an inherited method looks under the class that wrote the text, too."""
    assert QCoreApplication.translate("NoSuchContext", "Agree") == "Agree"
