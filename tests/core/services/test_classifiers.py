"""Opening a model: files, servers, consent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.domain import Item, ItemKind
from core.errors import ConsentError, ModelError, ModelFileError
from core.services.workspace import Workspace, create_workspace, open_workspace
from core.store.wrapping import Argon2Cost
from tests.fixtures.chat_server import ChatServer, completion, running
from tests.fixtures.tiny_models import write_tiny_gpt_oss
from tests.ui.fakes import FakeClassifier, says

ROOT = Path(__file__).resolve().parents[3]
GOOD = completion('{"label":"SP2","rule_ids":["SP2.a"],"rationale":"r"}', reasoning="because")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with create_workspace(tmp_path / "w", passphrase="long enough", cost=Argon2Cost(8, 1, 1)) as workspace:
        services.add_policy(workspace, path=ROOT / "policies/spam.md")
        workspace.store.add_items([Item("i0", ItemKind.MESSAGE, "x", policy="spam")], source="t", actor="t")
        yield workspace


def test_a_loopback_server_judges_without_asking(workspace: Workspace) -> None:
    with running(ChatServer(lambda _body, _n: (200, GOOD))) as server:
        classifier = services.open_classifier(workspace, model=f"{server.address}#guard")
        assert services.classify(workspace, classifier=classifier).judged == 1
        classifier.close()
    verdict = workspace.store.get_verdict("i0", "spam")
    assert verdict is not None
    assert (verdict.label, verdict.reasoning, verdict.model) == ("SP2", "because", "guard")
    assert verdict.model_sha256 == ""
    assert verdict.settings["engine"] == "server"


def test_another_host_is_asked_for_once_and_recorded(workspace: Workspace, tmp_path: Path) -> None:
    address = "http://models.invalid:9/v1#guard"
    with pytest.raises(ConsentError, match=r"models\.invalid") as caught:
        services.open_classifier(workspace, model=address)
    assert "--allow-remote" in caught.value.hint
    services.allow_remote(workspace, host="models.invalid")
    services.allow_remote(workspace, host="models.invalid")
    with pytest.raises(ModelError, match="does not answer"):
        services.open_classifier(workspace, model=address)
    workspace.close()
    with open_workspace(tmp_path / "w", passphrase="long enough") as again:
        assert again.settings.remote_hosts == ("models.invalid",)
        assert all(check.ok for check in services.verify(again))
        with pytest.raises(ConsentError):
            services.open_classifier(again, model="http://other.invalid/v1#guard")


def test_the_key_comes_from_the_environment(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(ChatServer(lambda _body, _n: (200, GOOD), key="s3cret")) as server:
        with pytest.raises(ModelError, match="refused the key"):
            services.open_classifier(workspace, model=f"{server.address}#guard")
        monkeypatch.setenv("DOCKET_API_KEY", "s3cret")
        services.open_classifier(workspace, model=f"{server.address}#guard").close()


class TestRerun:
    def test_the_same_answer_agrees_and_nothing_is_stored(self, workspace: Workspace) -> None:
        services.classify(workspace, classifier=FakeClassifier(), policy_id="spam")
        again = services.rerun(workspace, classifier=FakeClassifier(), item_id="i0")
        assert again.agrees
        assert again.same_text
        assert again.same_model
        assert len(workspace.store.verdicts_of("i0")) == 1

    def test_another_answer_does_not(self, workspace: Workspace) -> None:
        services.classify(workspace, classifier=FakeClassifier(), policy_id="spam")
        other = FakeClassifier(lambda _item, _policy: says("SP0"))
        assert not services.rerun(workspace, classifier=other, item_id="i0").agrees


class TestChoosing:
    """The model a workspace judges by."""

    def test_a_choice_is_kept_and_recorded_once(self, workspace: Workspace) -> None:
        for _ in range(2):
            settings = services.choose_model(workspace, model="sample")
        assert settings.model == workspace.settings.model == "sample"
        assert len(workspace.store.audit_events(limit=10, kind="model.chosen")) == 1

    def test_what_is_not_there_is_not_chosen(self, workspace: Workspace, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match="no model"):
            services.choose_model(workspace, model="nowhere")
        path = tmp_path / "cut.gguf"
        path.write_bytes(b"GGUF" + bytes(40))
        with pytest.raises(ModelFileError):
            services.choose_model(workspace, model=str(path))
        assert workspace.settings.model == ""

    def test_a_server_elsewhere_needs_consent_first(self, workspace: Workspace) -> None:
        address = "http://203.0.113.9:8000/v1#guard"
        assert services.host_to_allow(workspace, model=address) == "203.0.113.9"
        assert services.host_to_allow(workspace, model="http://127.0.0.1:8000/v1") is None
        with pytest.raises(ConsentError):
            services.choose_model(workspace, model=address)
        services.allow_remote(workspace, host="203.0.113.9")
        assert services.host_to_allow(workspace, model=address) is None
        assert services.choose_model(workspace, model=address).model == address


def test_the_hash_of_a_split_model_covers_all_its_parts(workspace: Workspace, tmp_path: Path) -> None:
    write_tiny_gpt_oss(tmp_path / "big.gguf", tensors_a_file=15)
    parts = sorted(tmp_path.glob("big-*.gguf"))
    classifier = services.open_classifier(workspace, model=str(parts[0]))
    whole = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()
    assert classifier.info.sha256 == whole
    classifier.close()
