"""The command `claims`, and the address of a server where a folder may stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import services
from core.domain import QueueFilter
from core.paths import home_folder
from tests.core.cli.conftest import PASSPHRASE, CommandLine
from tests.fixtures.server import TeamServer

SECRET = "s3cret-word"


def test_who_holds_what_is_listed_and_freed(desk: CommandLine, tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text("\n".join(json.dumps({"id": f"i-{n}", "content": "x"}) for n in range(3)), encoding="utf-8")
    assert desk("import", items, "--policy", "spam").status == 0
    assert desk("claims", "--json").document == {"claims": [], "released": 0}
    with services.open_workspace(desk.folder, passphrase=PASSPHRASE) as workspace:
        services.claim_next(workspace, filter=QueueFilter(), count=2)
        workspace.store.release_claims(keys=[])
    listed = desk("claims", "--json").document["claims"]
    assert [(claim["item"], claim["policy"], claim["holder"]) for claim in listed] == [
        ("i-0", "spam", "kim"),
        ("i-1", "spam", "kim"),
    ]
    assert "i-0" in desk("claims").out
    assert desk("claims", "--release", "kim", "--json").document == {"claims": [], "released": 2}
    assert desk("claims", "--release", "kim").out.startswith("0 freed")


def test_a_reviewer_may_not_free_what_others_hold(desk: CommandLine) -> None:
    assert desk("member", "add", "bo").status == 0
    (desk.folder / "settings.toml").write_text('reviewer = "bo"\n', encoding="utf-8")
    assert desk("claims", "--release", "kim", "--json").error["title"] == "Your role does not allow that"


def test_a_team_starts_joins_and_works_by_its_address(
    cli: CommandLine, team_server: TeamServer, tmp_path: Path
) -> None:
    address = team_server.url(team_server.database())
    made = cli("init", "--workspace", address, "--json")
    assert made.status == 0
    assert made.document["reviewer"] == "rev1"
    assert made.document["recovery_code"] is None
    assert "does not encrypt" in made.document["notice"]
    assert "does not encrypt" in made.err  # before anybody relies on it
    assert Path(made.document["workspace"]).parent == home_folder() / "teams"
    assert cli("policy", "add", "policies/spam.md", "--workspace", address).status == 0
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps({"id": "1", "content": "buy now"}), encoding="utf-8")
    assert cli("import", items, "--policy", "spam").status == 0  # the workspace used last
    assert cli("queue", "--json", "--search", "buy").document["total"] == 1
    assert cli("decide", "1", "--policy", "spam", "--label", "SP2", "--workspace", address).status == 0
    assert cli("verify", "--json").document["ok"]
    assert cli("--workspace", address).status == 0
    assert cli.opened == [(Path(made.document["workspace"]), False)]
    again = cli("init", "--workspace", address, "--json")
    assert again.error["message"].endswith("already holds a workspace.")


@pytest.mark.parametrize("named", [f"postgresql+psycopg://ana:{SECRET}@", f"postgresql+asyncpg://ana:{SECRET}@h/d"])
def test_a_wrong_address_is_refused_without_its_password(cli: CommandLine, named: str) -> None:
    ended = cli("queue", "--json", "--workspace", named)
    assert ended.status == 1
    assert SECRET not in ended.out + ended.err
    assert ended.error["hint"].startswith("Write postgresql+psycopg://")


def test_a_server_that_is_not_there_leaves_nothing_behind(cli: CommandLine, tmp_path: Path) -> None:
    address = f"postgresql+psycopg://ana:{SECRET}@/desk?host={tmp_path}"
    ended = cli("init", "--workspace", address, "--json")
    assert ended.error["message"] == "The server cannot be reached."
    assert SECRET not in ended.out + ended.err
    assert [path for path in (home_folder() / "teams").rglob("*") if path.is_file()] == []
    assert "has not joined" in cli("queue", "--json", "--workspace", address).error["message"]
