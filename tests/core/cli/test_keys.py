"""The commands of keys: a code that is printed once, secrets from the environment, and no argument for any."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import services
from core.errors import LockedError
from tests.core.cli.conftest import PASSPHRASE, CommandLine


def slots(desk: CommandLine) -> list[str]:
    return [slot["slot"] for slot in desk("keys", "list", "--json").document["slots"]]


def test_init_prints_a_code_that_opens(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    document = cli("init", "--workspace", cli.folder, "--json").document
    assert slots(cli) == ["passphrase", "recovery"]
    monkeypatch.delenv("DOCKET_PASSPHRASE")
    services.open_workspace(cli.folder, recovery_code=document["recovery_code"]).close()
    monkeypatch.setenv("DOCKET_RECOVERY_CODE", document["recovery_code"])
    monkeypatch.setenv("DOCKET_NEW_PASSPHRASE", "another passphrase")
    assert cli("keys", "recover", "--json").status == 0
    services.open_workspace(cli.folder, passphrase="another passphrase").close()
    with pytest.raises(LockedError):
        services.open_workspace(cli.folder, passphrase=PASSPHRASE)


def test_a_code_is_printed_with_what_to_do_with_it(desk: CommandLine) -> None:
    done = desk("keys", "add", "recovery")
    assert "Recovery code: " in done.out
    assert "not shown again" in done.out
    assert "Recovery code: " not in desk("keys", "list").out


def test_a_passphrase_is_changed_and_a_slot_revoked(desk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_NEW_PASSPHRASE", "another passphrase")
    changed = desk("keys", "change", "passphrase", "--json").document
    assert set(changed) == {"slot", "added_at", "backend", "last_used_at"}
    assert "another passphrase" not in str(changed)
    assert desk("verify").status == 1
    monkeypatch.setenv("DOCKET_PASSPHRASE", "another passphrase")
    assert desk("verify").status == 0
    assert desk("keys", "revoke", "passphrase", "--json").error["message"] == "The passphrase slot is the only way in."
    desk("keys", "add", "recovery")
    assert desk("keys", "revoke", "recovery", "--json").document["slots"][0]["slot"] == "passphrase"


def test_where_nobody_can_be_asked_it_says_how(desk: CommandLine) -> None:
    assert "DOCKET_NEW_PASSPHRASE" in desk("keys", "change", "passphrase", "--json").error["hint"]
    assert "DOCKET_RECOVERY_CODE" in desk("keys", "recover", "--json").error["hint"]
    assert desk("keys", "add", "tattoo").status == 2


def test_a_failure_names_no_secret(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setenv("DOCKET_NEW_PASSPHRASE", "a secret of some length")
    (desk.folder / "keys.json.part").mkdir()
    failed = desk("keys", "change", "passphrase", "--json")
    assert failed.status == 1
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert b"a secret of some length" not in path.read_bytes()
    for text in (failed.out, failed.err):
        assert "secret" not in text
        assert PASSPHRASE not in text
