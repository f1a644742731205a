"""gpt-oss as it comes: split files, and once the full vocabulary of 200,000 tokens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain import Item, ItemKind, OutputForm, RawOutput
from core.errors import ModelFileError
from core.inference.engine.scheduler import Engine
from core.inference.engine.settings import EngineSettings
from core.inference.protocol import Judged, JudgeOptions
from core.models.catalogue import resolve_model
from tests.core.inference.conftest import make_policy
from tests.fixtures.hostile import HOSTILE
from tests.fixtures.tiny_models import HARMONY_IDS, HARMONY_TOKENS, o200k_tokenizer, write_tiny_gpt_oss

SHORT = JudgeOptions(reasoning_budget=8, rationale_budget=6, force_verdict=True)


def judge(engine: Engine, texts: list[str]) -> dict[int, RawOutput]:
    engine.set_policy(make_policy(), SHORT)
    for key, text in enumerate(texts):
        engine.submit(key, Item(str(key), ItemKind.MESSAGE, text))
    done: dict[int, RawOutput] = {}
    while engine.busy:
        done.update((event.key, event.raw) for event in engine.step() if isinstance(event, Judged))
    return done


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    write_tiny_gpt_oss(tmp_path / "big.gguf", tensors_a_file=15)
    return sorted(tmp_path.glob("big-*.gguf"))


def test_a_split_model_loads_from_its_first_part(parts: list[Path], tmp_path: Path) -> None:
    assert [part.name for part in parts] == [f"big-0000{n}-of-00003.gguf" for n in (1, 2, 3)]
    found = resolve_model(str(parts[0]), folder=tmp_path / "none")
    assert found.prompt_format == "harmony"
    assert found.size_bytes == sum(part.stat().st_size for part in parts)
    engine = Engine(str(found.path), format_name="harmony", settings=EngineSettings(threads=1, slots=2))
    assert judge(engine, ["hello"])[0].finish == "stop"
    engine.close()


def test_a_missing_part_is_named_and_a_later_part_refused(parts: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="not the first part"):
        resolve_model(str(parts[1]), folder=tmp_path / "none")
    parts[1].unlink()
    with pytest.raises(ModelFileError, match=r"big-00002-of-00003\.gguf"):
        resolve_model(str(parts[0]), folder=tmp_path / "none")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("o200k") / "tiny-o200k.gguf"
    write_tiny_gpt_oss(path, tokenizer=o200k_tokenizer())
    engine = Engine(str(path), format_name="harmony", settings=EngineSettings(slots=8))
    yield engine
    engine.close()


@pytest.mark.slow
class TestFullVocabulary:
    """With all 200,019 tokens at their published ids."""

    def test_the_harmony_tokens_stand_at_their_published_ids(self, full: Engine) -> None:
        assert [full.model.special_id(text) for text in HARMONY_TOKENS] == list(HARMONY_IDS)

    def test_words_are_single_tokens_and_text_survives(self, full: Engine) -> None:
        text = "The quick brown fox verkauft Äpfel 日本語 \U0001f600"
        tokens = full.model.tokenize_untrusted(text)
        assert len(tokens) < 16
        assert b"".join(full.model.pieces[token] for token in tokens).decode() == text

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_never_becomes_a_control_token(self, full: Engine, text: str) -> None:
        view = full.prompt_view(Item("m", ItemKind.MESSAGE, text), make_policy(body=text), SHORT)
        assert not [token for token in view.tokens if token.control and token.span in ("content", "policy")]

    def test_a_batch_gives_the_labels_of_single_runs(self, full: Engine) -> None:
        texts = [f"Item {n}: buy gold at example.com" for n in range(12)]
        together = judge(full, texts)
        for key, text in enumerate(texts):
            alone = judge(full, [text])[0]
            assert json.loads(together[key].output)["label"] == json.loads(alone.output)["label"]
            for code, score in alone.label_scores.items():
                assert together[key].label_scores[code] == pytest.approx(score, abs=0.02)

    def test_every_output_form_ends(self, full: Engine) -> None:
        for output in (OutputForm.BINARY, OutputForm.CATEGORY):
            full.set_policy(make_policy(output), SHORT)
            full.submit(0, Item("m", ItemKind.MESSAGE, "hello"))
            while full.busy:
                for event in full.step():
                    if isinstance(event, Judged):
                        assert json.loads(event.raw.output)
