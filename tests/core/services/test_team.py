"""A team on one server: joining, who one is there, and eight people who review two thousand items at once."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from core import services
from core.domain import QueueFilter, Role
from core.errors import RoleError, UsageError, WorkspaceError
from core.services.workspace import Workspace
from core.settings import Settings
from core.store.wrapping import Argon2Cost
from tests.fixtures.server import LOGINS, TeamServer
from tests.fixtures.workspaces import ROOT, bring_in

CHEAP = Argon2Cost(8, 1, 1)
PASSPHRASE = "long enough"


def join_as(url: str) -> Workspace:
    """Join, or make, the workspace at an address."""
    return services.create_workspace(services.workspace_folder(url), passphrase=PASSPHRASE, cost=CHEAP)


@pytest.fixture
def database(team_server: TeamServer) -> str:
    """The name of an empty database."""
    return team_server.database()


@pytest.fixture
def lead(team_server: TeamServer, database: str) -> Iterator[Workspace]:
    """The open workspace of the first login, who made it; `rev2` is a reviewer and `rev3` an auditor."""
    workspace = join_as(team_server.url(database))
    services.add_policy(workspace, path=ROOT / "policies" / "spam.md")
    services.add_member(workspace, name="rev2")
    services.add_member(workspace, name="rev3", role=Role.AUDITOR)
    yield workspace
    workspace.close()


def broken(workspace: Workspace) -> dict[str, str]:
    """What the failed checks of `verify` say."""
    return {check.name: check.detail for check in services.verify(workspace) if not check.ok}


def test_the_first_login_leads_and_others_join_when_a_lead_added_them(
    team_server: TeamServer, database: str, lead: Workspace
) -> None:
    assert (lead.reviewer, services.role_of(lead), lead.is_team) == ("rev1", Role.LEAD, True)
    with join_as(team_server.url(database, "rev2")) as second:
        assert (second.reviewer, services.role_of(second)) == ("rev2", Role.REVIEWER)
    with pytest.raises(RoleError, match=r"rev4 is no member"):
        join_as(team_server.url(database, "rev4"))
    assert not services.is_workspace(services.workspace_folder(team_server.url(database, "rev4")))
    lead.close()


def test_nobody_takes_another_name(team_server: TeamServer, database: str, lead: Workspace) -> None:
    folder = services.workspace_folder(team_server.url(database, "rev2"))
    with pytest.raises(UsageError, match="On this server you are rev2"):
        services.create_workspace(folder, passphrase=PASSPHRASE, cost=CHEAP, reviewer="rev1")
    with join_as(team_server.url(database, "rev2")) as second:
        services.save_settings(second, settings=Settings(reviewer="rev1"))
        assert second.reviewer == "rev2"
    with services.open_workspace(folder, passphrase=PASSPHRASE) as again:
        assert again.reviewer == "rev2"
    lead.close()


def test_a_workstation_that_has_not_joined_is_told_how(team_server: TeamServer, database: str) -> None:
    with pytest.raises(WorkspaceError, match="has not joined") as caught:
        services.open_workspace(services.workspace_folder(team_server.url(database)), passphrase=PASSPHRASE)
    assert "main.py init" in caught.value.hint


def test_what_lies_here_is_small_and_holds_no_secret(team_server: TeamServer, database: str, lead: Workspace) -> None:
    bring_in_near(lead, [{"id": "1", "content": "canary-here"}])
    lead.close()
    files = sorted(path.name for path in lead.folder.iterdir())
    assert files == ["keys.json", "server.json"]
    written = b"".join(path.read_bytes() for path in lead.folder.iterdir())
    assert b"canary-here" not in written
    assert lead.store.public_key().encode() in written
    assert (lead.folder.stat().st_mode & 0o777, (lead.folder / "keys.json").stat().st_mode & 0o777) == (0o700, 0o600)
    # The folder alone names the workspace from now on.
    services.remember_workspace(lead.folder)
    with services.open_workspace(services.last_workspace() or Path(), passphrase=PASSPHRASE) as again:
        assert services.queue_counts(again).total == 1


def bring_in_near(workspace: Workspace, records: list[dict[str, str]]) -> None:
    """Import records; their file lies in the home of this test."""
    bring_in(workspace, records, policy_id="spam")


def test_each_workstation_signs_with_a_key_that_never_leaves_it(
    team_server: TeamServer, database: str, lead: Workspace
) -> None:
    lead.close()
    second = join_as(team_server.url(database, "rev2"))
    bring_in_near(second, [{"id": "1", "content": "x"}])
    second.close()
    with services.open_workspace(lead.folder, passphrase=PASSPHRASE) as again:
        assert broken(again) == {}
        assert again.store.signers() == [lead.store.public_key(), second.store.public_key()]  # type: ignore[attr-defined]
    with team_server.admin(database) as admin:
        said = repr(admin.execute("SELECT name, value FROM secret").fetchall())
    assert "signing_key" not in said
    assert [json.loads((w.folder / "keys.json").read_text())["signing_key"] for w in (lead, second)] == [
        lead.store.public_key(),
        second.store.public_key(),
    ]


def test_a_checkpoint_by_a_key_nobody_announced_is_named(
    team_server: TeamServer, database: str, lead: Workspace
) -> None:
    lead.close()
    with team_server.admin(database) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE checkpoint SET signature = repeat('ab', 64) WHERE id = 1")
    with services.open_workspace(lead.folder, passphrase=PASSPHRASE) as again:
        assert broken(again) == {"checkpoints": "checkpoint 1 has a wrong signature"}


def test_a_chain_that_was_cut_on_the_server_is_found_by_every_workstation(
    team_server: TeamServer, database: str, lead: Workspace
) -> None:
    bring_in_near(lead, [{"id": "1", "content": "x"}])
    lead.close()
    with team_server.admin(database) as admin:
        admin.execute("SET session_replication_role = replica")
        for statement in (
            "DELETE FROM audit_event WHERE kind = 'items.imported'", "DELETE FROM checkpoint",
            "DELETE FROM queue_entry", "DELETE FROM queue_count", "DELETE FROM item",
        ):  # fmt: skip
            admin.execute(statement)
    with services.open_workspace(lead.folder, passphrase=PASSPHRASE) as again:
        assert "is missing" in broken(again)["checkpoints"]


def test_an_auditor_reads_and_closes_without_a_trace(team_server: TeamServer, database: str, lead: Workspace) -> None:
    auditor = join_as(team_server.url(database, "rev3"))
    with pytest.raises(RoleError):
        services.claim_next(auditor, filter=QueueFilter())
    bring_in_near(lead, [{"id": "1", "content": "x"}])
    auditor.close()
    lead.close()
    with team_server.admin(database) as admin:
        assert admin.execute("SELECT count(*) FROM checkpoint").fetchone() == (1,)


def test_claims_end_when_a_workspace_is_closed(team_server: TeamServer, database: str, lead: Workspace) -> None:
    bring_in_near(lead, [{"id": str(n), "content": f"x{n}"} for n in range(3)])
    second = join_as(team_server.url(database, "rev2"))
    services.claim_next(second, filter=QueueFilter(), count=2)
    services.claim_next(lead, filter=QueueFilter())
    assert [claim.holder for claim in services.list_claims(lead)] == ["rev1", "rev2", "rev2"]
    assert [claim.holder for claim in services.list_claims(second)] == ["rev2", "rev2"]
    second.close()
    assert [claim.holder for claim in services.list_claims(lead)] == ["rev1"]
    lead.close()


def test_only_a_lead_frees_what_others_hold(team_server: TeamServer, database: str, lead: Workspace) -> None:
    bring_in_near(lead, [{"id": str(n), "content": f"x{n}"} for n in range(3)])
    with join_as(team_server.url(database, "rev2")) as second:
        services.claim_next(lead, filter=QueueFilter())
        with pytest.raises(RoleError, match="Only a lead"):
            services.release_claims_of(second, holder="rev1")
        services.claim_next(second, filter=QueueFilter())
        assert services.release_claims_of(second, holder="rev2") == 1
        services.claim_next(second, filter=QueueFilter(), count=2)
        assert services.release_claims_of(lead, holder="rev2") == 2
    lead.close()


def _review(url: str, home: str, out: str, together: Barrier) -> None:
    """One person's day: take a few, decide each, until nothing is left."""
    os.environ["DOCKET_HOME"] = home
    done: list[str] = []
    claimed: list[str] = []
    with join_as(url) as workspace:
        together.wait(300)  # on a busy machine the first would be done before the last has come
        while taken := services.claim_next(workspace, filter=QueueFilter(), count=5):
            claimed += [claim.item_id for claim in taken]
            for claim in taken:
                services.decide(workspace, key=claim.key, label="SP2", policy_id="spam")
                done.append(claim.item_id)
    Path(out).write_text(json.dumps({"claimed": claimed, "done": done}))


@pytest.mark.parametrize("items", [240, pytest.param(2000, marks=pytest.mark.slow)])
def test_eight_people_decide_every_item_once(
    team_server: TeamServer, database: str, tmp_path: Path, items: int
) -> None:
    with join_as(team_server.url(database)) as lead:
        services.add_policy(lead, path=ROOT / "policies" / "spam.md")
        for login in LOGINS[1:]:
            services.add_member(lead, name=login)
        bring_in_near(lead, [{"id": str(n), "content": f"text {n}"} for n in range(items)])
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])  # read the program once, not eight times
    outs = [tmp_path / f"{login}.json" for login in LOGINS]
    together = context.Barrier(len(LOGINS))
    people = [
        context.Process(
            target=_review,
            args=(team_server.url(database, login), str(tmp_path / f"home of {login}"), str(out), together),
        )
        for login, out in zip(LOGINS, outs, strict=True)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join(500)
        assert person.exitcode == 0
    told = [json.loads(out.read_text()) for out in outs]
    everything = Counter({str(n): 1 for n in range(items)})
    assert Counter(item for one in told for item in one["claimed"]) == everything  # none claimed twice, none left
    assert Counter(item for one in told for item in one["done"]) == everything  # none lost
    assert min(len(one["done"]) for one in told) > 0  # all of them at once
    with services.open_workspace(services.workspace_folder(team_server.url(database)), passphrase=PASSPHRASE) as lead:
        assert broken(lead) == {}
        decisions = list(lead.store.iter_decisions())
        assert services.list_claims(lead) == []
    assert Counter(decision.item_id for decision in decisions) == everything  # each decided once
    assert all(decision.supersedes is None for decision in decisions)
    by_person = Counter(decision.reviewer for decision in decisions)
    assert by_person == {login: len(one["done"]) for login, one in zip(LOGINS, told, strict=True)}
