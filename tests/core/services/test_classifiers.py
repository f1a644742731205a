"""Opening a model: files, servers, consent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.domain import Item, ItemKind
from core.errors import ConsentError, ModelError
from core.services.workspace import Workspace, create_workspace, open_workspace
from core.store.wrapping import Argon2Cost
from tests.fixtures.chat_server import ChatServer, completion, running
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
