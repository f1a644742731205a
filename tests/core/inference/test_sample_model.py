"""The real engine on the real sample model: sharing the policy's prefix changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain import Item, PolicyVersion, RawOutput
from core.inference.engine.scheduler import Engine
from core.inference.engine.settings import EngineSettings
from core.inference.protocol import Judged, JudgeOptions
from core.intake.records import build_item
from core.models.catalogue import file_sha256
from core.policy.document import parse_policy

ROOT = Path(__file__).resolve().parents[3]

pytestmark = [pytest.mark.sample_model, pytest.mark.slow]


@pytest.fixture(scope="module", params=["as in the file", "repacked"])
def engine(
    request: pytest.FixtureRequest, sample_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder = str(tmp_path_factory.mktemp("weights")) if request.param == "repacked" else None
    settings = EngineSettings(slots=16, repack_folder=folder)
    engine = Engine(str(sample_model), format_name="chatml", settings=settings, sha256=file_sha256(sample_model))
    yield engine
    engine.close()


def sample_items(policy_id: str) -> list[Item]:
    lines = (ROOT / "resources/sample/queue.jsonl").read_text(encoding="utf-8").splitlines()
    items = [build_item(json.loads(line), policies={"spam", "harassment"}) for line in lines]
    return [item for item in items if item.policy == policy_id]


def judge(engine: Engine, items: list[Item]) -> dict[int, RawOutput]:
    for key, item in enumerate(items):
        engine.submit(key, item)
    done: dict[int, RawOutput] = {}
    while engine.busy:
        done.update((event.key, event.raw) for event in engine.step() if isinstance(event, Judged))
    return done


def best(raw: RawOutput) -> str:
    return max(raw.label_scores, key=lambda code: raw.label_scores[code])


def violating_score(raw: RawOutput, policy: PolicyVersion) -> float:
    return sum(raw.label_scores[label.code] for label in policy.labels if label.violates)


@pytest.mark.parametrize("policy_id", ["spam", "harassment"])
def test_a_batch_gives_the_labels_and_scores_of_single_runs(engine: Engine, policy_id: str) -> None:
    policy = parse_policy((ROOT / f"policies/{policy_id}.md").read_text(encoding="utf-8"))
    items = sample_items(policy_id)
    engine.set_policy(policy, JudgeOptions(fast=True))
    together = judge(engine, items)
    for key, item in enumerate(items):
        alone = judge(engine, [item])[0]
        score = violating_score(alone, policy)
        assert score == pytest.approx(violating_score(together[key], policy), abs=0.02), item.id
        assert best(alone) == best(together[key]), item.id


def test_a_full_pass_in_a_batch_writes_what_single_runs_write(engine: Engine) -> None:
    policy = parse_policy((ROOT / "policies/spam.md").read_text(encoding="utf-8"))
    items = sample_items("spam")[:24]
    engine.set_policy(policy, JudgeOptions(reasoning_budget=48))
    together = judge(engine, items)
    for key, item in enumerate(items):
        alone = judge(engine, [item])[0]
        assert (alone.reasoning, alone.output) == (together[key].reasoning, together[key].output), item.id
        score = violating_score(alone, policy)
        assert score == pytest.approx(violating_score(together[key], policy), abs=0.02), item.id
