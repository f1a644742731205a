"""Second opinions that learn from vectors, in a workspace: kept by content, purged with it, honest about the file."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.domain import Role, utc_now
from core.domain.opinions import Features
from core.errors import CancelledError, ModelError, ModelFileError, UsageError
from core.services.embedding import Embeddings
from core.services.workspace import Workspace
from tests.core.services.test_second_opinion import fill
from tests.fixtures.labelled import labelled_items
from tests.fixtures.tiny_models import EMBEDDING, write_tiny_chatml
from tests.fixtures.values import make_verdict
from tests.fixtures.workspaces import audit_kinds, new_workspace


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_chatml(tmp_path_factory.mktemp("vectors") / "tiny.gguf")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Path:
    folder = tmp_path_factory.mktemp("embedded") / "desk"
    with new_workspace(folder) as made:
        fill(made, 90, 20)
        services.train_second_opinion(made, policy_id="sales", reads=Features.BOTH, embedding=str(model))
    return folder


@pytest.fixture
def workspace(filled: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(filled, tmp_path / "desk")
    with services.open_workspace(tmp_path / "desk", passphrase="long enough") as opened:
        opened.reviewer = "kim"
        yield opened


def kept(workspace: Workspace) -> int:
    with workspace.store._db.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM embedding").scalar_one())


def test_the_card_says_what_was_read_and_of_which_file(workspace: Workspace, model: Path) -> None:
    [card] = services.second_opinions(workspace, policy_id="sales")
    assert card.reads is Features.BOTH
    assert card.embedding == "tiny-chatml"
    assert len(card.embedding_sha256) == 64
    assert card.auc.value is not None
    assert card.auc.value > 0.9
    assert workspace.settings.embedding_model == str(model)
    assert "embedding.chosen" in audit_kinds(workspace)


def test_vectors_are_made_once_for_a_content(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept(workspace) == 90
    services.score_queue(workspace, policy_id="sales")
    assert kept(workspace) == 110
    monkeypatch.setattr("core.services.embedding.EmbeddingProcess", None)  # whoever starts it now, fails
    card = services.train_second_opinion(workspace, policy_id="sales", reads=Features.VECTORS)
    assert (card.reads, card.features) == (Features.VECTORS, EMBEDDING)
    assert services.weighing_words(workspace, policy_id="sales") == []
    assert services.score_queue(workspace, policy_id="sales").scored == 20


def test_a_purge_takes_the_vectors(workspace: Workspace) -> None:
    services.purge(workspace, before=utc_now(), confirm=110)
    assert kept(workspace) == 0


def test_a_file_that_is_gone_is_named_and_import_goes_on(workspace: Workspace, model: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved.gguf"
    shutil.copy(model, moved)
    services.train_second_opinion(workspace, policy_id="sales", reads=Features.VECTORS, embedding=str(moved))
    moved.unlink()
    with pytest.raises(ModelError, match="tiny-chatml"):
        services.score_queue(workspace, policy_id="sales")
    assert services.score_new(workspace).scored == 0
    shutil.copy(model, moved)
    assert services.score_new(workspace).scored == 20


def test_another_file_in_its_place_is_not_taken_for_it(workspace: Workspace, model: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved.gguf"
    shutil.copy(model, moved)
    services.train_second_opinion(workspace, policy_id="sales", reads=Features.VECTORS, embedding=str(moved))
    write_tiny_chatml(moved, seed=99)
    with pytest.raises(ModelFileError, match="SHA-256"):
        services.score_queue(workspace, policy_id="sales")


def test_no_file_and_no_model_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError):
        services.train_second_opinion(workspace, policy_id="sales", reads=Features.BOTH, embedding=str(tmp_path / "no"))
    with new_workspace(tmp_path / "other") as other:
        fill(other, 60, 0)
        with pytest.raises(UsageError, match="No embedding model"):
            services.train_second_opinion(other, policy_id="sales", reads=Features.BOTH)


def test_stopped_it_keeps_what_was_made(workspace: Workspace, model: Path) -> None:
    fresh = [item for item, _ in labelled_items(70, seed=5, start=5000)]
    workspace.store.add_items(fresh, source="x", actor="kim")
    stop = threading.Event()
    before = kept(workspace)
    with (
        Embeddings(workspace, str(model), stop=stop, progress=lambda _words: stop.set()) as vectors,
        pytest.raises(CancelledError),
    ):
        vectors.of(fresh)
    assert before < kept(workspace) < before + 70


# Scoring what comes in


def test_what_comes_in_is_scored_and_in_the_order_at_once(workspace: Workspace) -> None:
    services.train_second_opinion(workspace, policy_id="sales")
    services.score_queue(workspace, policy_id="sales")
    policy = workspace.store.get_policy("sales")
    assert policy is not None
    fresh = [item for item, _ in labelled_items(30, seed=7, start=9000)]
    workspace.store.add_items(fresh, source="later", actor="kim")
    workspace.store.add_verdicts([make_verdict(item, policy, "X0", score=0.1) for item in fresh], actor="kim")
    assert services.score_new(workspace).scored == 30
    assert services.score_new(workspace).scored == 0
    truth = {item.id: side for item, side in labelled_items(30, seed=7, start=9000)}
    listed = services.most_useful_next(workspace, policy_id="sales", limit=8)
    assert sum(truth.get(one.item_id, False) for one in listed) >= 4
    assert "disputed" in listed[0].reasons


def test_scoring_what_comes_in_is_no_right_of_an_auditor(workspace: Workspace) -> None:
    services.train_second_opinion(workspace, policy_id="sales")
    services.add_member(workspace, name="eve", role=Role.AUDITOR)
    workspace.reviewer = "eve"
    assert services.score_new(workspace).scored == 0
