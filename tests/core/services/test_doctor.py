"""What `doctor` says of the machine and of a workspace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core import services
from core.domain import Check
from core.inference.device import Device
from core.inference.engine.settings import EngineSettings
from core.inference.runtime import Runtime
from core.services.doctor import GIB, graphics_check
from tests.fixtures.workspaces import new_workspace


def named(checks: list[Check], name: str) -> Check:
    return next(check for check in checks if check.name == name)


def test_a_check_that_fails_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "llama_cpp"
    broken.mkdir()
    (broken / "__init__.py").write_text("import os; os.kill(os.getpid(), 4)\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)  # a spawned process gets the path of its parent
    checks = services.doctor(None)
    runtime = named(checks, "model runtime")
    assert not runtime.ok
    assert "signal 4" in runtime.detail
    assert runtime.hint
    assert all(check.hint for check in checks if not check.ok)


def test_the_engine_follows_the_settings_of_the_workspace(tmp_path: Path) -> None:
    with new_workspace(tmp_path / "desk", policies=()) as workspace:
        workspace.settings = replace(workspace.settings, threads=3, slots=5)
        checks = services.doctor(workspace)
    assert named(checks, "engine").detail.startswith("3 threads, 5 slots")
    assert named(checks, "workspace").ok


def test_a_missing_keychain_is_no_failure(tmp_path: Path) -> None:
    keychain = named(services.doctor(None), "keychain")
    assert keychain.ok
    assert "passphrase" in keychain.detail


CARD = Runtime("0", "", (Device("CUDA0", "A card", 9 * GIB, 12 * GIB),), can_offload=True, can_keep_experts=True)


@pytest.mark.parametrize(
    ("runtime", "asked", "ok", "words"),
    [
        (Runtime("0", "", ()), EngineSettings(), True, "no backend"),
        (Runtime("0", "", (), can_offload=True), EngineSettings(), True, "none found"),
        (Runtime("0", "", ()), EngineSettings(gpu_layers=9), False, "no backend"),
        (CARD, EngineSettings(), True, "A card (CUDA0), 9.0 of 12.0 GiB free; of gpt-oss-safeguard-20b goes on CUDA0"),
        (CARD, EngineSettings(gpu_layers=2), True, "CUDA0: 2 of 24 layers"),
    ],
)
def test_graphics_cards_and_what_was_asked_of_them_in_vain(
    runtime: Runtime, asked: EngineSettings, ok: bool, words: str
) -> None:
    check = graphics_check(runtime, asked)
    assert (check.ok, bool(check.hint)) == (ok, not ok)
    assert words in check.detail


def test_the_model_that_would_judge_and_what_may_leave_are_told(tmp_path: Path) -> None:
    with new_workspace(tmp_path / "desk", policies=()) as workspace:
        checks = services.doctor(workspace)
        assert named(checks, "model fit").ok
        assert "sent nowhere" in named(checks, "network").detail
        workspace.settings = replace(workspace.settings, model="gpt-oss-safeguard-120b", remote_hosts=("judge.test",))
        checks = services.doctor(workspace)
    absent = named(checks, "model fit")
    assert not absent.ok
    assert absent.hint
    assert "not on this machine" in absent.detail
    assert "sent to judge.test" in named(checks, "network").detail
