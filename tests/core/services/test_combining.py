"""Judging under several policies in one call: a verdict of each, what one alone waits for alone, and going on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.domain import Item, PolicyVersion, VerdictStatus
from core.errors import UsageError
from core.services.workspace import Workspace
from tests.core.services.conftest import NOISE
from tests.fixtures.classifiers import ScriptedClassifier, by_words
from tests.fixtures.workspaces import bring_in, new_workspace

SONG = NOISE.replace("id: noise", "id: song").replace("Talk of a drum.", "Talk of a bird.")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Workspace]:
    """Two policies, four items for both and one for the first alone."""
    with new_workspace(tmp_path / "w", policies=()) as workspace:
        services.add_policy(workspace, text=NOISE)
        services.add_policy(workspace, text=SONG)
        bring_in(workspace, [{"id": word, "content": f"A {word}"} for word in ("drum", "bird", "siren", "rain")])
        bring_in(workspace, [{"id": "own", "content": "A drum"}], policy_id="noise")
        yield workspace


def together(item: Item, policy: PolicyVersion) -> str:
    """Answer for both policies at once, or for one as alone."""
    if "+" not in policy.policy_id:
        return by_words(item, policy)
    if "rain" in item.content:
        return '{"noise":"NO"}'
    noise = "YES" if "drum" in item.content else "WORSE" if "siren" in item.content else "NO"
    return json.dumps({"noise": noise, "song": "YES" if "bird" in item.content else "NO"})


def test_each_policy_gets_its_verdict_of_one_call(two: Workspace) -> None:
    classifier = ScriptedClassifier(together)
    summary = services.classify_combined(two, classifier=classifier)
    assert (summary.judged, summary.by_status) == (9, {VerdictStatus.PARSED: 8, VerdictStatus.UNPARSED: 1})
    assert [policy.policy_id for policy in classifier.policies] == ["noise+song", "noise"]
    assert [item for _, item in classifier.judged] == ["drum", "bird", "siren", "rain", "own"]
    found = {
        (v.item_id, v.policy_id): v for word in ("drum", "bird", "rain", "own") for v in two.store.verdicts_of(word)
    }
    assert {key: verdict.label for key, verdict in found.items()} == {
        ("drum", "noise"): "YES", ("drum", "song"): "NO", ("bird", "noise"): "NO", ("bird", "song"): "YES",
        ("rain", "noise"): "NO", ("rain", "song"): None, ("own", "noise"): "YES",
    }  # fmt: skip
    one = found["drum", "song"]
    assert one.raw_output == '{"noise": "YES", "song": "NO"}'
    assert one.settings["combined"] == ["noise", "song"]
    assert one.policy_hash == services.get_policy(two, policy_id="song").hash
    assert "combined" not in found["own", "noise"].settings
    assert summary.output_tokens == sum(verdict.output_tokens for word in ("drum", "bird", "siren", "rain", "own")
                                        for verdict in two.store.verdicts_of(word))  # fmt: skip
    again = ScriptedClassifier(together)
    assert services.classify_combined(two, classifier=again).judged == 0


def test_a_run_that_was_stopped_goes_on(two: Workspace) -> None:
    stop = threading.Event()
    first = ScriptedClassifier(together, stop_after=2)
    assert services.classify_combined(two, classifier=first, cancel=stop).cancelled
    second = ScriptedClassifier(together)
    services.classify_combined(two, classifier=second)
    assert [item for _, item in (*first.judged, *second.judged)] == ["drum", "bird", "siren", "rain", "own"]


def test_a_limit_counts_items(two: Workspace) -> None:
    classifier = ScriptedClassifier(together)
    assert services.classify_combined(two, classifier=classifier, limit=2).judged == 4
    assert len(classifier.judged) == 2


def test_one_policy_alone_is_refused(tmp_path: Path) -> None:
    with new_workspace(tmp_path / "one", policies=("spam",)) as workspace, pytest.raises(UsageError, match="2 to 8"):
        services.classify_combined(workspace, classifier=ScriptedClassifier())
