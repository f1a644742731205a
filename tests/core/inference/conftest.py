"""Models and policies for the inference tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain import Effort, ItemKind, Label, OutputForm, PolicyVersion, Rule
from core.inference.engine.settings import EngineSettings
from core.inference.messages import ModelSpec
from core.models.catalogue import file_sha256, sample_path
from tests.fixtures.tiny_models import write_tiny_chatml, write_tiny_gpt_oss


def make_policy(output: OutputForm = OutputForm.RATIONALE, body: str = "# Instructions\nJudge spam.") -> PolicyVersion:
    """Return a small policy with three labels; SP4 has no rule."""
    labels = (
        Label("SP0", "Not spam", False),
        Label("SP2", "Likely spam", True, 2),
        Label("SP4", "Malicious spam", True, 4, True),
    )
    rules = (
        Rule("SP0.a", "ok", "SP0", "Safe"),
        Rule("SP2.a", "ads", "SP2", "Violates"),
        Rule("SP2.b", "links", "SP2", "Violates"),
    )
    if output is OutputForm.BINARY:
        labels = (Label("OK", "fine", False), Label("BAD", "not fine", True, 2))
        rules = ()
    return PolicyVersion(
        hash=f"hash-{output.value}", policy_id="spam", title="Spam", document=body, body=body, labels=labels,
        rules=rules, sections={}, applies_to=tuple(ItemKind), output=output, effort=Effort.LOW,
    )  # fmt: skip


@pytest.fixture(scope="session")
def tiny_gpt_oss(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gpt_oss(tmp_path_factory.mktemp("models") / "tiny-gpt-oss.gguf")


@pytest.fixture(scope="session")
def tiny_chatml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_chatml(tmp_path_factory.mktemp("models") / "tiny-chatml.gguf")


@pytest.fixture(scope="session")
def sample_model() -> Path:
    path = sample_path()
    if path is None:
        pytest.fail("the sample model is missing: install the `sample` group")
    return path


def spec_for(path: Path, prompt_format: str, *, slots: int = 4) -> ModelSpec:
    """Return what the model process needs to load this file."""
    return ModelSpec(
        path=str(path),
        name=path.stem,
        sha256=file_sha256(path),
        prompt_format=prompt_format,
        size_bytes=path.stat().st_size,
        settings=EngineSettings(threads=2, slots=slots),
    )
