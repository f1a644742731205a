"""The commands `backup` and `restore`, as they are called."""

from __future__ import annotations

from pathlib import Path

from core import services
from tests.core.cli.conftest import PASSPHRASE, CommandLine


def test_there_and_back(desk: CommandLine, tmp_path: Path) -> None:
    made = desk("backup", "--out", tmp_path / "one.zip", "--json").document
    assert set(made) == {"path", "bytes", "sha256", "events"}
    done = desk("restore", tmp_path / "one.zip", "--workspace", tmp_path / "again", "--json")
    assert done.status == 0
    assert done.document["ok"] is True
    assert done.document["workspace"] == str(tmp_path / "again")
    assert {check["name"] for check in done.document["checks"]} >= {"pages", "audit_chain", "records", "checkpoints"}
    assert desk("verify", "--workspace", tmp_path / "again").status == 0
    services.open_workspace(tmp_path / "again", passphrase=PASSPHRASE).close()


def test_without_a_name_it_goes_to_the_workspaces_own_folder(desk: CommandLine) -> None:
    made = desk("backup")
    assert made.status == 0
    [path] = (desk.folder / "backups").iterdir()
    assert str(path) in made.out


def test_where_to_is_always_said(desk: CommandLine, tmp_path: Path) -> None:
    desk("backup", "--out", tmp_path / "one.zip")
    assert "--workspace" in desk("restore", tmp_path / "one.zip", "--json").error["hint"]
    over = desk("restore", tmp_path / "one.zip", "--workspace", desk.folder, "--json")
    assert (over.status, "already holds a workspace" in over.error["message"]) == (1, True)
    assert desk("verify").status == 0
