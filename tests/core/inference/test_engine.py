"""The real engine on tiny random models of both formats: injection, verdict forms, batches, splitting, cancel."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain import Item, ItemKind, OutputForm, RawOutput, Turn
from core.errors import ContextError, ModelFileError
from core.inference.engine.scheduler import Engine
from core.inference.engine.settings import EngineSettings
from core.inference.protocol import Delta, Judged, JudgeOptions
from tests.core.inference.conftest import make_policy
from tests.fixtures.hostile import HOSTILE

SHORT = JudgeOptions(reasoning_budget=8, rationale_budget=6, force_verdict=True)


@pytest.fixture(scope="module", params=["harmony", "chatml"])
def engine(request: pytest.FixtureRequest, tiny_gpt_oss: Path, tiny_chatml: Path) -> Iterator[Engine]:
    path = tiny_gpt_oss if request.param == "harmony" else tiny_chatml
    engine = Engine(str(path), format_name=request.param, settings=EngineSettings(threads=1, slots=4))
    yield engine
    engine.close()


def judge(engine: Engine, items: list[Item], output: OutputForm, options: JudgeOptions = SHORT) -> dict[int, RawOutput]:
    engine.set_policy(make_policy(output), options)
    for key, item in enumerate(items):
        engine.submit(key, item)
    done: dict[int, RawOutput] = {}
    while engine.busy:
        for event in engine.step():
            if isinstance(event, Judged):
                assert event.key not in done
                done[event.key] = event.raw
    return done


def messages(count: int) -> list[Item]:
    return [Item(f"i{n}", ItemKind.MESSAGE, f"Item {n}: buy gold at example.com " * (n % 3 + 1)) for n in range(count)]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_becomes_a_control_token(engine: Engine, text: str) -> None:
    item = Item("h", ItemKind.CONVERSATION, text, messages=(Turn(text, text), Turn("user", text)), target=1)
    reply = Item("r", ItemKind.REPLY, text, parent=text)
    policy = make_policy(body=f"# Instructions\n{text}")
    for subject in (item, reply, Item("m", ItemKind.MESSAGE, text)):
        view = engine.prompt_view(subject, policy, SHORT)
        assert not [token for token in view.tokens if token.control and token.span in ("content", "policy", "system")]
    content = [token.id for token in view.tokens if token.span == "content"]
    assert b"".join(engine.model.pieces[token] for token in content) == text.encode("utf-8", "replace")


def test_the_scaffold_does_hold_control_tokens(engine: Engine) -> None:
    view = engine.prompt_view(messages(1)[0], make_policy(), SHORT)
    assert sum(token.control for token in view.tokens if token.span == "scaffold") >= 5
    assert "".join(t.text for t in view.tokens) == view.text


@pytest.mark.parametrize("output", [OutputForm.RATIONALE, OutputForm.CATEGORY, OutputForm.BINARY])
def test_every_form_ends_in_json_with_scores(engine: Engine, output: OutputForm) -> None:
    for raw in judge(engine, messages(5), output).values():
        answer = json.loads(raw.output)
        assert sum(raw.label_scores.values()) == pytest.approx(1.0)
        assert 0.0 <= (raw.label_mass or 0.0) <= 1.0
        best = max(raw.label_scores, key=lambda code: raw.label_scores[code])
        codes = {"1": "BAD", "0": "OK"}
        assert best == (codes[str(answer["violation"])] if output is OutputForm.BINARY else answer["label"])
        assert raw.finish == "stop"
        assert raw.prompt_tokens > 0
        assert raw.output_tokens > 0
        if output is OutputForm.RATIONALE:
            rules = {"SP0": ["SP0.a"], "SP2": ["SP2.a", "SP2.b"], "SP4": []}[answer["label"]]
            assert set(answer["rule_ids"]) <= set(rules)
            assert len(answer["rule_ids"]) == min(1, len(rules))


def test_free_text_without_an_end_is_cut_and_says_so(engine: Engine) -> None:
    raw = judge(engine, messages(1), OutputForm.TEXT)[0]
    assert raw.finish in ("stop", "length")
    assert raw.label_scores == {}


@pytest.mark.parametrize("options", [SHORT, JudgeOptions(fast=True)], ids=["full", "fast"])
def test_an_item_gets_the_same_text_and_score_whatever_runs_beside_it(engine: Engine, options: JudgeOptions) -> None:
    items = messages(9)
    together = judge(engine, items, OutputForm.RATIONALE, options)
    for key, item in enumerate(items):
        alone = judge(engine, [item], OutputForm.RATIONALE, options)[0]
        assert (together[key].reasoning, together[key].output) == (alone.reasoning, alone.output)
        for code, score in together[key].label_scores.items():
            assert score == pytest.approx(alone.label_scores[code], abs=1e-4)


def test_reasoning_that_does_not_end_is_cut_off_unless_forced(engine: Engine) -> None:
    options = JudgeOptions(reasoning_budget=4, force_verdict=False)
    raw = judge(engine, messages(1), OutputForm.CATEGORY, options)[0]
    if raw.reasoning_cut:
        assert raw.finish == "length"
        assert raw.output == ""
    forced = judge(engine, messages(1), OutputForm.CATEGORY)[0]
    assert json.loads(forced.output)["label"] in ("SP0", "SP2", "SP4")


def test_a_fast_pass_reads_the_label_only(engine: Engine) -> None:
    fast = judge(engine, messages(3), OutputForm.RATIONALE, JudgeOptions(fast=True))
    for raw in fast.values():
        assert raw.reasoning == ""
        assert set(json.loads(raw.output)) == {"label"}
        assert sum(raw.label_scores.values()) == pytest.approx(1.0)


def test_long_content_is_judged_in_overlapping_parts(engine: Engine) -> None:
    words = [f"word{n}" for n in range(900)]
    item = Item("long", ItemKind.MESSAGE, " ".join(words))
    raw = judge(engine, [item], OutputForm.CATEGORY)[0]
    assert raw.parts > 1
    assert len(raw.part_outputs) == raw.parts
    assert all(part.label_scores for part in raw.part_outputs)


def test_content_longer_than_a_slot_is_judged_whole_where_the_window_allows(tiny_chatml: Path) -> None:
    settings = EngineSettings(threads=2, slots=6, cache_tokens=8 * 512)
    engine = Engine(str(tiny_chatml), format_name="chatml", settings=settings)
    long = Item("long", ItemKind.MESSAGE, "word " * 80)
    try:
        done = judge(engine, [*messages(3), long, *messages(3)], OutputForm.CATEGORY, JudgeOptions(fast=True))
        assert sorted(done) == list(range(7))
        assert all(raw.parts == 1 and raw.label_scores for raw in done.values())
        again = judge(engine, [long, *messages(2)], OutputForm.CATEGORY, JudgeOptions(fast=True))
        assert again[0].label_scores == done[3].label_scores
    finally:
        engine.close()


def test_context_that_cannot_fit_is_an_error_of_that_item_only(engine: Engine) -> None:
    huge = Item("r", ItemKind.REPLY, "short", parent="p" * 20_000)
    done = judge(engine, [huge, *messages(1)], OutputForm.CATEGORY)
    assert done[0].finish == "error"
    assert "window" in done[0].error
    assert done[1].finish == "stop"


def test_a_policy_larger_than_the_window_is_refused(engine: Engine) -> None:
    with pytest.raises(ContextError, match="window"):
        engine.set_policy(make_policy(body="word " * 4000), SHORT)


def test_cancel_drops_all_and_the_engine_goes_on(engine: Engine) -> None:
    engine.set_policy(make_policy(), SHORT)
    for key, item in enumerate(messages(8)):
        engine.submit(key, item)
    engine.step()
    assert len(engine.running_keys()) == 8
    engine.cancel()
    assert not engine.busy
    assert len(judge(engine, messages(2), OutputForm.CATEGORY)) == 2


def test_reasoning_streams_as_it_is_decoded(engine: Engine) -> None:
    engine.set_policy(make_policy(), SHORT)
    engine.submit(0, messages(1)[0])
    streamed, final = "", None
    while engine.busy:
        for event in engine.step():
            if isinstance(event, Delta):
                streamed += event.text
            else:
                final = event
    assert isinstance(final, Judged)
    assert streamed.strip().startswith(final.raw.reasoning[:20].strip()[:5])


def test_a_second_policy_keeps_the_first_in_the_cache(engine: Engine) -> None:
    first = judge(engine, messages(2), OutputForm.RATIONALE)
    judge(engine, messages(2), OutputForm.BINARY)
    again = judge(engine, messages(2), OutputForm.RATIONALE)
    assert [raw.output for raw in again.values()] == [raw.output for raw in first.values()]


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(ModelFileError):
        Engine(str(path), format_name="harmony", settings=EngineSettings())
