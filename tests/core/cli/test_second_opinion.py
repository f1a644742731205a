"""The commands of the second opinion and the audit stream, on a small workspace of our own making."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core import services
from tests.core.cli.conftest import CommandLine
from tests.fixtures.labelled import labelled_items
from tests.fixtures.tiny_models import write_tiny_chatml
from tests.fixtures.values import make_decision
from tests.fixtures.workspaces import bring_in, new_workspace, write_lines


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace with ninety items under `spam`, eighty of them decided; each test has a copy."""
    folder = tmp_path_factory.mktemp("labelled") / "desk"
    with new_workspace(folder) as workspace:
        pairs = labelled_items(90)
        bring_in(workspace, [{"id": item.id, "content": item.content, "policy": "spam"} for item, _ in pairs])
        policy = services.get_policy(workspace, policy_id="spam")
        said = [
            make_decision(item, policy, "SP4" if side else "SP0", reviewer="kim", agrees=None)
            for item, side in pairs[:80]
        ]
        workspace.store.add_decisions(said, actor="kim")
    return folder


@pytest.fixture
def labelled(cli: CommandLine, decided: Path) -> CommandLine:
    shutil.copytree(decided, cli.folder)
    services.remember_workspace(cli.folder)
    return cli


def test_train_score_show(labelled: CommandLine) -> None:
    card = labelled("second-opinion", "train", "--policy", "spam", "--json").document
    assert (card["version"], card["labels"]) == (1, 80)
    assert card["auc"]["value"] > 0.8
    assert [point["labels"] for point in card["learning_curve"]] == [50]
    assert (card["reads"], card["embedding"], card["scored"]) == ("words", None, 10)
    more = [{"id": f"later-{n}", "content": f"cheap offer {n}", "policy": "spam"} for n in range(3)]
    path = write_lines(labelled.folder.parent / "more.jsonl", more)
    assert labelled("import", path, "--no-score", "--json").document["scored"] == 0
    assert labelled("import", write_lines(path, [*more, {**more[0], "id": "last"}]), "--json").document["scored"] == 4
    scored = labelled("second-opinion", "score", "--policy", "spam", "--json").document
    assert scored["scored"] == 14
    shown = labelled("second-opinion", "show", "--policy", "spam", "--json").document
    assert shown["enough_labels"]
    assert shown["words"]
    assert shown["deferral"] is None
    assert "area under the curve" in labelled("second-opinion", "show", "--policy", "spam").out
    queue = labelled("queue", "--sort", "expected", "--state", "pending", "--json").document
    assert queue["total"] == 14
    useful = labelled("insight", "next", "--policy", "spam", "--limit", "3", "--json").document
    assert useful["total"] == 3


def test_vectors_need_a_file_and_words_do_not(labelled: CommandLine) -> None:
    train = ("second-opinion", "train", "--policy", "spam", "--json")
    assert "--embedding" in labelled(*train, "--features", "both").error["hint"]
    assert labelled(*train, "--embedding", "x.gguf").status == 1
    path = write_tiny_chatml(labelled.folder.parent / "tiny.gguf")
    card = labelled(*train, "--features", "vectors", "--embedding", path).document
    assert (card["reads"], card["embedding"], len(card["embedding_sha256"])) == ("vectors", "tiny-chatml", 64)
    assert "vectors of tiny-chatml" in labelled("second-opinion", "show", "--policy", "spam").out


def test_not_enough_labels_is_one_clear_line(desk: CommandLine) -> None:
    error = desk("second-opinion", "train", "--policy", "spam", "--json").error
    assert error["title"] == "Not enough labels"
    shown = desk("second-opinion", "show", "--policy", "spam")
    assert "Not enough labels" in shown.out
    assert desk("second-opinion", "show", "--policy", "spam", "--json").document["enough_labels"] is False


def test_waiting_says_what_it_needs(labelled: CommandLine) -> None:
    assert labelled("second-opinion", "wait", "--policy", "spam", "--json").status == 1
    error = labelled("second-opinion", "wait", "--policy", "spam", "--error", "0.05", "--json").error
    assert error["title"] == "Not enough labels"
    assert labelled("second-opinion", "wait", "--policy", "spam", "--off", "--json").status == 1


def test_an_audit_needs_verdicts(labelled: CommandLine) -> None:
    assert labelled("insight", "draw", "--policy", "spam", "--json").error["hint"]
    document = labelled("insight", "recall", "--policy", "spam", "--json").document
    assert (document["draws"], document["recall"]["value"]) == (0, None)
    assert "Nothing was drawn yet" in labelled("insight", "recall", "--policy", "spam").out


def test_the_report_is_one_command(labelled: CommandLine) -> None:
    out = labelled.folder.parent / "reports"
    ended = labelled("report", "--policy", "spam", "--out", out, "--date", "2026-11-24", "--json")
    assert ended.document["dated"] == "2026-11-24"
    assert {path.name for path in out.iterdir()} == {"spam-2026-11-24.html", "spam-2026-11-24.pdf"}
    assert labelled("report", "--policy", "nope", "--out", out, "--json").error["hint"]
