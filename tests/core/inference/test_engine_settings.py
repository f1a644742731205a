"""What the engine takes of the machine, and that a person's word overrides it."""

from __future__ import annotations

import pytest

from core.inference.engine import settings
from core.inference.engine.settings import EngineSettings, plan_engine

KV_20B = 48 * 1024  # bytes a token of the 20b model


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "free_memory_bytes", lambda: 16 * 1024**3)
    monkeypatch.setattr(settings, "free_cores", lambda: 6)


def test_the_cache_takes_a_quarter_of_the_free_memory_at_most() -> None:
    plan = plan_engine(EngineSettings(), prefix_tokens=600, item_tokens=4500, window=131_072, kv_bytes_per_token=KV_20B)
    assert plan.threads == 6
    assert plan.cache_tokens * KV_20B <= 4 * 1024**3 + 256 * KV_20B
    assert 1 <= plan.slots <= settings.MAX_SLOTS
    assert plan.slot_tokens >= 600 + settings.CONTENT_TOKENS + 4500
    assert plan.cache_tokens == (settings.PREFIXES + plan.slots) * plan.slot_tokens


def test_a_small_machine_gets_one_slot_and_still_holds_one_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "free_memory_bytes", lambda: 64 * 1024**2)
    plan = plan_engine(EngineSettings(), prefix_tokens=600, item_tokens=1200, window=131_072, kv_bytes_per_token=KV_20B)
    assert plan.slots == 1
    assert plan.slot_tokens >= 600 + settings.CONTENT_TOKENS + 1200


def test_every_choice_can_be_overridden() -> None:
    chosen = EngineSettings(threads=2, slots=6, cache_tokens=16_384, batch_tokens=128)
    plan = plan_engine(chosen, prefix_tokens=600, item_tokens=100, window=8192, kv_bytes_per_token=1000)
    assert plan.as_dict() == {
        "threads": 2, "slots": 6, "slot_tokens": 2048, "cache_tokens": 16_384, "batch_tokens": 128,
    }  # fmt: skip


def test_room_for_long_content_takes_slots_not_memory() -> None:
    machine = {"prefix_tokens": 600, "item_tokens": 1200, "window": 131_072, "kv_bytes_per_token": KV_20B}
    usual = plan_engine(EngineSettings(), **machine)
    wide = plan_engine(EngineSettings(), **machine, content_tokens=20_000)
    assert wide.slot_tokens >= 600 + 20_000 + 1200
    assert wide.slots < usual.slots
    assert wide.cache_tokens * KV_20B <= 4 * 1024**3


def test_a_slot_is_never_longer_than_the_window() -> None:
    plan = plan_engine(EngineSettings(), prefix_tokens=600, item_tokens=9000, window=8192, kv_bytes_per_token=1000)
    assert plan.slot_tokens == 8192
    assert settings.longest_slot(EngineSettings(), plan, window=8192, kv_bytes_per_token=1000) == 8192


def test_this_machine_says_something() -> None:
    assert settings.free_cores() >= 1
    assert settings.free_memory_bytes() > 0
