"""`init`, `verify` and `doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import services
from tests.core.cli.conftest import CommandLine


def test_init_creates_a_workspace_and_remembers_it(cli: CommandLine) -> None:
    ended = cli("init", "--workspace", cli.folder, "--reviewer", "noor", "--json")
    assert ended.status == 0
    code = ended.document["recovery_code"]
    assert ended.document == {"workspace": str(cli.folder), "reviewer": "noor", "recovery_code": code}
    assert services.is_workspace(cli.folder)
    assert services.last_workspace() == cli.folder
    assert cli("queue", "--json").document["total"] == 0


def test_init_leaves_a_workspace_that_is_there_alone(desk: CommandLine) -> None:
    before = (desk.folder / "keys.json").read_bytes()
    ended = desk("init", "--workspace", desk.folder)
    assert ended.status == 1
    assert "already holds a workspace" in ended.err
    assert (desk.folder / "keys.json").read_bytes() == before


def test_init_without_keychain_and_passphrase_is_refused(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKET_PASSPHRASE")
    ended = cli("init", "--workspace", cli.folder, "--json")
    assert ended.status == 1
    assert "DOCKET_PASSPHRASE" in ended.error["hint"]
    assert not cli.folder.exists()


def test_verify_says_what_was_checked(desk: CommandLine) -> None:
    ended = desk("verify", "--json")
    assert ended.status == 0
    document = ended.document
    assert document["ok"] is True
    assert {"pages", "foreign_keys", "audit_chain", "checkpoints"} <= {check["name"] for check in document["checks"]}
    assert desk("verify").out.count("\nok") == len(document["checks"])


def test_verify_fails_when_the_end_of_the_chain_was_tampered_with(desk: CommandLine) -> None:
    path = desk.folder / "keys.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["chain"]["head"] = "0" * 64
    path.write_text(json.dumps(kept), encoding="utf-8")
    ended = desk("verify", "--json")
    assert ended.status == 1
    assert ended.document["ok"] is False
    assert [check["name"] for check in ended.document["checks"] if not check["ok"]] == ["checkpoints"]


def test_doctor_checks_the_machine_and_the_workspace(desk: CommandLine) -> None:
    ended = desk("doctor", "--json")
    checks = {check["name"]: check for check in ended.document["checks"]}
    assert {"python", "qt", "model runtime", "engine", "sqlcipher", "keychain", "sample model"} <= set(checks)
    assert checks["model runtime"]["ok"], checks["model runtime"]
    assert "llama-cpp-python" in checks["model runtime"]["detail"]
    assert "SQLCipher 4" in checks["sqlcipher"]["detail"]
    assert checks["workspace"]["detail"] == f"{desk.folder}: sound"
    assert ended.document["ok"] is (ended.status == 0)


def test_doctor_says_that_a_workspace_cannot_be_opened(desk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_PASSPHRASE", "not the right one")
    ended = desk("doctor")
    assert ended.status == 1
    assert "FAILED  workspace" in ended.out
    assert "workspace: Check it and try again." in ended.out


def test_doctor_needs_no_workspace(cli: CommandLine) -> None:
    [check] = [check for check in cli("doctor", "--json").document["checks"] if check["name"] == "workspace"]
    assert check["ok"]
    assert "main.py init" in check["hint"]


def test_a_folder_that_is_none_is_named(cli: CommandLine, tmp_path: Path) -> None:
    ended = cli("verify", "--workspace", tmp_path / "nowhere")
    assert ended.status == 1
    assert "nowhere is not a workspace" in ended.err


def test_settings_are_shown_and_set(desk: CommandLine) -> None:
    assert "gpu_layers          auto" in desk("settings").out
    document = desk("settings", "gpu_layers=12", "masked_words=one, two", "judge_while_locked=false", "--json").document
    assert document["settings"]["gpu_layers"] == 12
    assert document["settings"]["masked_words"] == ["one", "two"]
    assert document["settings"]["judge_while_locked"] is False
    assert desk("settings", "gpu_layers=auto", "--json").document["settings"]["gpu_layers"] is None
    assert "masked_words        one, two" in desk("settings").out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("nothing=1", "no setting nothing"),
        ("gpu_layers=-1", "from 0 to 1000"),
        ("threads=many", "from 1 to 1024"),
        ("repack=maybe", "true or false"),
        ("remote_hosts=judge.example", "not set here"),
        ("model=no-such-model", "no model"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_nothing_is_set(desk: CommandLine, given: str, words: str) -> None:
    ended = desk("settings", "slots=3", given, "--json")
    assert ended.status == 1
    assert words in ended.error["message"]
    assert desk("settings", "--json").document["settings"]["slots"] is None


def test_a_setting_without_a_value_is_wrong_usage(desk: CommandLine) -> None:
    assert desk("settings", "slots").status == 2


def test_a_stored_setting_that_cannot_be_is_said_and_not_used(desk: CommandLine) -> None:
    (desk.folder / "settings.toml").write_text('theme = "pink"\nslots = 3\n', encoding="utf-8")
    ended = desk("settings", "--json")
    assert ended.status == 0
    assert ended.document["settings"]["theme"] == "system"
    assert ended.document["settings"]["slots"] == 3
    assert "`theme` in settings.toml is not used: it is system, light, dark or contrast." in ended.err


def test_a_setting_out_of_its_set_is_refused_with_what_it_may_be(desk: CommandLine) -> None:
    ended = desk("settings", "theme=pink", "slots=3", "--json")
    assert ended.status == 1
    assert ended.error["message"] == "`theme` is system, light, dark or contrast."
    assert desk("settings", "--json").document["settings"]["slots"] is None
