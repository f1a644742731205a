"""What goes on a graphics card, what happens when it turns out too small, and that falling back is always said.

There is no graphics card here: a fake stands at the protocol of the backend, another at that of the model process.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from core.domain import Item, ItemKind, RawOutput
from core.errors import ContextError, ModelCrashError, ModelFileError
from core.inference.device import Device
from core.inference.engine.native import Model
from core.inference.engine.offload import GIB, ModelShape, PlacedModel, Placement, choose_placement, step_down
from core.inference.engine.scheduler import Engine
from core.inference.engine.settings import EngineSettings, plan_engine
from core.inference.messages import (
    Close,
    Loading,
    ModelSpec,
    PolicySet,
    Progress,
    Ready,
    SetPolicy,
    Submit,
)
from core.inference.process import ModelProcess
from core.inference.protocol import Judged, JudgeOptions, JudgeRequest
from core.inference.runtime import Runtime
from core.models.catalogue import check_file, shape_of
from tests.core.inference.conftest import make_policy

AUTO = EngineSettings()
BIG = ModelShape(layers=24, weight_bytes=12 * GIB, expert_bytes=10 * GIB)
DENSE = ModelShape(layers=24, weight_bytes=12 * GIB)


def cards(*gib: float, experts: bool = True) -> Runtime:
    devices = tuple(Device(f"CUDA{n}", "a card", int(size * GIB), int(size * GIB)) for n, size in enumerate(gib))
    return Runtime("0", "", devices, can_offload=True, can_keep_experts=experts)


@pytest.mark.parametrize(
    ("machine", "shape", "layers", "experts"),
    [
        (cards(24), BIG, 24, 0),
        (cards(12, 12), BIG, 24, 0),
        (cards(12), BIG, 24, 10),  # 12 * 0.75 - 1 = 8 GiB: 4 of 10 GiB of experts have to stay off
        (cards(4), BIG, 24, 24),  # 2 GiB: everything but the experts
        (cards(2), BIG, 6, 6),
        (cards(12), DENSE, 16, 0),
        (cards(12, experts=False), BIG, 16, 0),
        (cards(0), BIG, 24, 0),  # a driver that does not say
    ],
)
def test_as_much_goes_on_the_card_as_its_memory_holds(
    machine: Runtime, shape: ModelShape, layers: int, experts: int
) -> None:
    placement = choose_placement(AUTO, shape, machine)
    assert (placement.layers, placement.cpu_experts, placement.note) == (layers, experts, "")
    on_card = (shape.weight_bytes - shape.expert_bytes) * layers / 24
    on_card += shape.expert_bytes * (layers - experts) / 24
    if free := machine.cards[0].free_bytes:
        assert on_card <= sum(card.free_bytes for card in machine.cards) * 0.75 - GIB
        assert free > 0
        assert placement.cache_bytes is not None
        assert placement.cache_bytes * layers / 24 <= sum(card.free_bytes for card in machine.cards) * 0.25 + 1


def test_what_is_set_is_done() -> None:
    placement = choose_placement(EngineSettings(gpu_layers=7, cpu_experts=3), BIG, cards(1))
    assert (placement.layers, placement.cpu_experts) == (7, 3)
    assert placement.device == "CUDA0: 7 of 24 layers, experts of 3 on the processor"
    assert choose_placement(EngineSettings(gpu_layers=99), BIG, cards(1)).layers == 24
    assert choose_placement(EngineSettings(gpu_layers=0), BIG, cards(24)).device == "processor"


@pytest.mark.parametrize("asked", [EngineSettings(gpu_layers=4), EngineSettings(cpu_experts=4)])
def test_what_was_asked_in_vain_is_said(asked: EngineSettings) -> None:
    none = Runtime("0", "", ())
    assert "no backend" in choose_placement(asked, BIG, none).note
    assert "driver" in choose_placement(asked, BIG, replace(none, can_offload=True)).note
    assert choose_placement(AUTO, BIG, none).note == ""


def test_an_old_build_keeps_no_experts_and_says_so() -> None:
    placement = choose_placement(EngineSettings(gpu_layers=4, cpu_experts=4), BIG, cards(24, experts=False))
    assert placement.cpu_experts == 0
    assert "cannot keep experts" in placement.note


def test_a_card_that_holds_no_layer_is_said() -> None:
    placement = choose_placement(AUTO, DENSE, cards(1.5))
    assert placement.layers == 0
    assert "no layer" in placement.note


def test_the_way_down_ends_on_the_processor() -> None:
    placement: Placement | None = choose_placement(AUTO, BIG, cards(24))
    seen = []
    while placement is not None:
        seen.append((placement.layers, placement.cpu_experts))
        placement = step_down(placement, BIG, can_keep_experts=True)
    assert seen == [(24, 0), (24, 24), (12, 12), (6, 6), (3, 3), (1, 1), (0, 0)]


def test_the_cache_on_the_card_is_no_larger_than_its_share() -> None:
    small = plan_engine(
        AUTO, prefix_tokens=600, item_tokens=400, window=8192, kv_bytes_per_token=48 * 1024, cache_bytes=GIB // 2
    )
    assert small.cache_tokens * 48 * 1024 <= GIB // 2


class SmallCard:
    """A backend whose card takes so many layers, and so many tokens of cache beside them; the model is real."""

    def __init__(self, layers: int, *, experts: bool = False) -> None:
        self.room = layers
        self.experts = experts
        self.tried: list[tuple[int, int]] = []

    def devices(self) -> list[Device]:
        return [Device("CUDA0", "a card", 0, 0)]

    def supports_offload(self) -> bool:
        return True

    def supports_cpu_experts(self) -> bool:
        return self.experts

    def load(self, path: str, *, layers: int, cpu_experts: int) -> Model:
        self.tried.append((layers, cpu_experts))
        if layers > self.room:
            raise ModelFileError("llama.cpp could not load the model file.", "")
        return Model(path)


def test_the_engine_judges_after_the_card_turned_out_too_small(tiny_gpt_oss: Path) -> None:
    card = SmallCard(1)
    told: list[Placement] = []
    engine = Engine(
        str(tiny_gpt_oss),
        format_name="harmony",
        settings=EngineSettings(threads=1, slots=2),
        shape=shape_of(check_file(tiny_gpt_oss)),
        backend=card,
        before_load=told.append,
    )
    try:
        assert card.tried == [(3, 0), (1, 0)]
        assert [placement.layers for placement in told] == [2, 1]
        assert engine.placement.as_dict()["device"] == "CUDA0: 1 of 2 layers"
        assert "not enough memory" in str(engine.placement.as_dict()["fallback"])
        engine.set_policy(make_policy(), JudgeOptions(reasoning_budget=8, rationale_budget=6, force_verdict=True))
        engine.submit(1, Item("i", ItemKind.MESSAGE, "buy gold"))
        done = [event for _ in range(200) if engine.busy for event in engine.step() if isinstance(event, Judged)]
        assert [event.raw.finish for event in done] == ["stop"]
    finally:
        engine.close()


class Weights:
    """What the fakes below load."""

    closed = 0

    def close(self) -> None:
        Weights.closed += 1


class FakeBackend(SmallCard):
    def load(self, path: str, *, layers: int, cpu_experts: int) -> Weights:  # type: ignore[override]
        del path
        self.tried.append((layers, cpu_experts))
        return Weights()


def test_a_cache_that_finds_no_room_takes_weights_off_the_card() -> None:
    backend = FakeBackend(24, experts=True)
    placed = PlacedModel("m.gguf", AUTO, BIG, backend)
    closed = Weights.closed

    def open_cache(_model: Weights) -> str:
        if len(backend.tried) < 3:
            raise ContextError("There is not enough memory.", "")
        return "cache"

    assert placed.fitted(open_cache) == "cache"
    assert backend.tried == [(25, 0), (25, 24), (12, 12)]
    assert Weights.closed == closed + 2
    assert "not enough memory" in placed.placement.note


def test_a_cache_that_never_fits_is_the_error_it_was() -> None:
    placed = PlacedModel("m.gguf", EngineSettings(gpu_layers=0), BIG, FakeBackend(24))
    with pytest.raises(ContextError, match="not enough"):
        placed.fitted(lambda _: (_ for _ in ()).throw(ContextError("There is not enough memory.", "")))


def test_the_real_library_keeps_the_experts_of_the_first_layer_in_the_processors_buffer(tiny_gpt_oss: Path) -> None:
    script = f"""
import ctypes, llama_cpp
from core.inference.engine import native
native.start_backend()
lines = []
log = llama_cpp.llama_log_callback(lambda level, text, data: lines.append(text.decode()))
llama_cpp.llama_log_set(log, ctypes.c_void_p(0))
model = native.Model({str(tiny_gpt_oss)!r}, cpu_experts=1)
print("\\n".join(sorted(line.split()[1] for line in lines if "buffer type overridden to CPU" in line)))
model.close()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    kinds = ("down", "gate", "up")
    assert done.stdout.split() == [f"blk.0.ffn_{kind}_exps.{part}" for kind in kinds for part in ("bias", "weight")]


def card_child(pipe: Connection, spec: ModelSpec, log_path: str) -> None:
    """A model process whose card kills it: while loading, or once it judges when the file is called `later`."""
    del log_path
    on_card = spec.settings.gpu_layers != 0
    if on_card:
        pipe.send(Loading("CUDA0: 24 of 24 layers"))
        if spec.name != "later":
            os.kill(os.getpid(), signal.SIGABRT)
    if spec.name == "broken":
        os.kill(os.getpid(), signal.SIGABRT)
    pipe.send(Ready("", {"device": "CUDA0: 24 of 24 layers" if on_card else "processor"}))
    while not isinstance(request := pipe.recv(), Close):
        if isinstance(request, SetPolicy):
            pipe.send(PolicySet({"slots": 1, "device": "CUDA0: 24 of 24 layers" if on_card else "processor"}))
        elif isinstance(request, Submit):
            if on_card:
                os.kill(os.getpid(), signal.SIGABRT)
            pipe.send(Progress(tuple(Judged(one.key, RawOutput("{}", finish="stop")) for one in request.requests)))


def spec(name: str) -> ModelSpec:
    return ModelSpec(path="m.gguf", name=name, sha256="", prompt_format="harmony", size_bytes=1)


def test_a_card_that_kills_the_process_while_loading_is_left_and_that_is_said() -> None:
    process = ModelProcess(spec("m"), child=card_child)
    try:
        assert process.settings["device"] == "processor"
        assert process.settings["fallback"] == "The graphics card failed (signal SIGABRT); the processor does it all."
    finally:
        process.close()


def test_a_card_that_kills_the_process_while_judging_is_left_after_the_second_time() -> None:
    process = ModelProcess(spec("later"), child=card_child)
    queue = [JudgeRequest(n, Item(f"i{n}", ItemKind.MESSAGE, "text")) for n in range(3)]
    try:
        assert process.settings["device"] == "CUDA0: 24 of 24 layers"
        events = process.judge(
            lambda: queue.pop(0) if queue else None,
            policy=make_policy(),
            options=JudgeOptions(),
            cancel=threading.Event(),
        )
        done = [event.key for event in events if isinstance(event, Judged)]
        assert sorted(done) == [0, 1, 2]
        assert process.settings["device"] == "processor"
        assert "graphics card failed" in str(process.settings["fallback"])
    finally:
        process.close()


def test_a_file_that_kills_the_process_without_a_card_too_is_an_error() -> None:
    with pytest.raises(ModelCrashError, match="SIGABRT"):
        ModelProcess(spec("broken"), child=card_child)
