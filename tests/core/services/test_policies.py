"""Policies through the verbs: from a file or a text into the workspace, with every refusal a person can act on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.errors import AppError, InputError, UsageError
from core.services.workspace import Workspace
from tests.fixtures.workspaces import audit_kinds, new_workspace

PLAIN = "# Ads\n\nDecide whether the content is VALID or INVALID.\n\nVALID: no ad.\nINVALID: an ad.\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w", policies=()) as made:
        yield made


def test_every_shipped_policy_can_be_added(workspace: Workspace) -> None:
    paths = services.shipped_policies()
    assert {path.stem for path in paths} >= {"spam", "harassment"}
    added = [services.add_policy(workspace, path=path) for path in paths]
    assert services.list_policies(workspace) == sorted(added, key=lambda policy: policy.policy_id)
    assert {policy.author for policy in added} == {"kim"}
    for policy in added:
        assert services.get_policy(workspace, policy_id=policy.policy_id) == policy
        assert services.get_policy(workspace, policy_id=policy.hash) == policy


def test_a_plain_text_is_named_by_its_file_or_the_caller(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "ads.txt").write_text(PLAIN)
    assert services.add_policy(workspace, path=tmp_path / "ads.txt", note="first").policy_id == "ads"
    (tmp_path / "ads.txt").write_text(PLAIN + "\nMore.\n")
    named = services.add_policy(workspace, path=tmp_path / "ads.txt", policy_id="adverts")
    assert (named.policy_id, named.version) == ("adverts", 1)
    assert services.add_policy(workspace, text=PLAIN + "\nOther.\n", policy_id="ads").version == 2


def test_line_ends_and_a_mark_make_no_new_version(workspace: Workspace, tmp_path: Path) -> None:
    first = services.add_policy(workspace, text=PLAIN, policy_id="ads")
    (tmp_path / "ads.md").write_bytes(b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode())
    assert services.add_policy(workspace, path=tmp_path / "ads.md") == first
    assert audit_kinds(workspace).count("policy.added") == 1


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"---\nid: x\n", b"x" * (1024 * 1024 + 1), b"---\n- no map\n---\n# X\n"]
)
def test_what_is_no_policy_is_refused(workspace: Workspace, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "bad.md").write_bytes(raw)
    with pytest.raises(InputError) as caught:
        services.add_policy(workspace, path=tmp_path / "bad.md")
    assert caught.value.hint
    assert services.list_policies(workspace) == []


def test_a_path_that_cannot_be_read_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.md", tmp_path, tmp_path / ("x" * 300)):
        with pytest.raises(AppError) as caught:
            services.read_policy(path)
        assert caught.value.hint


def test_a_policy_that_is_not_there_is_named(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="no policy spam"):
        services.get_policy(workspace, policy_id="spam")


def test_one_text_under_two_names_is_not_taken_for_the_other(workspace: Workspace) -> None:
    services.add_policy(workspace, text=PLAIN, policy_id="ads")
    with pytest.raises(UsageError, match="ads"):
        services.add_policy(workspace, text=PLAIN, policy_id="adverts")
    assert [policy.policy_id for policy in services.list_policies(workspace)] == ["ads"]


@pytest.mark.parametrize("name", ["insults.policy.md", "insults.txt"])
def test_a_plain_text_takes_its_id_from_what_its_file_is_about(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Insults\n\nClassify as VALID (no insult) or INVALID (insult).\n")
    assert services.read_policy(path).policy_id == "insults"
