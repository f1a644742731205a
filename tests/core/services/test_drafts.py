"""Drafts and versions: how a text is named, begun, written and thrown away, and that nobody's work is lost unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import services
from core.domain import DraftOrigin, Role
from core.errors import AppError, InputError, RoleError, UsageError
from core.policy.diff import Change
from core.services.workspace import Workspace
from tests.core.policy import texts
from tests.core.services.conftest import NOISE

LOUD = NOISE.replace("Talk of a drum", "Loud talk of a drum")


def test_a_text_is_named_by_file_draft_version_hash_or_id(noisy: Workspace, tmp_path: Path) -> None:
    first = services.get_policy(noisy, policy_id="noise")
    second = services.add_policy(noisy, text=LOUD, note="louder")
    draft = services.new_draft(noisy, source="noise@1", name="mine")
    (tmp_path / "f.md").write_text(NOISE.replace("rain", "hail"))
    for name, wanted in {
        "noise": second.hash, "noise@1": first.hash, "noise@2": second.hash, first.hash: first.hash,
        second.hash[:8]: second.hash, "draft:mine": first.hash, str(tmp_path / "f.md"): first.hash,
    }.items():  # fmt: skip
        assert services.find_text(noisy, name=name).hash == wanted, name
    assert services.find_draft(noisy, name="mine")[1] == draft
    assert services.find_draft(noisy, name=str(tmp_path / "f.md"))[1] is None
    for name in ("noise@3", "other@1", "draft:none", "deadbeef", "nothing", "", "x" * 5000, "\x00"):
        with pytest.raises(UsageError):
            services.find_text(noisy, name=name)
        with pytest.raises(UsageError):
            services.find_draft(noisy, name=name)
    versions = services.policy_history(noisy, policy_id="noise")
    assert [(v.version, v.author, v.note) for v in versions] == [(2, "kim", "louder"), (1, "kim", "")]


def test_a_difference_is_told_by_clause(noisy: Workspace) -> None:
    services.new_draft(noisy, source="noise")
    services.save_draft(noisy, name="noise", text=LOUD)
    found = services.diff(noisy, before=None, after="draft:noise")
    assert [(row.change, row.clause) for row in found.changed] == [(Change.CHANGED, "YES.a")]
    assert services.diff(noisy, before="draft:noise", after="draft:noise").empty
    services.new_draft(noisy, source="noise", name="new", policy_id="other")
    with pytest.raises(UsageError, match="no version of other"):
        services.diff(noisy, before=None, after="draft:new")


def test_a_plain_text_becomes_a_draft_with_what_was_inferred_written_out(noisy: Workspace, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text(texts.WORDS, encoding="utf-8")
    draft = services.new_draft(noisy, source=str(tmp_path / "words.txt"))
    assert draft.document.startswith("---\nid: words\n")
    assert "code: INVALID" in draft.document
    policy = services.parse_draft(draft)
    assert [label.code for label in policy.labels] == [
        label.code for label in services.read_policy(tmp_path / "words.txt").labels
    ]
    assert (draft.base_hash, draft.policy_id) == ("", "words")


def test_work_is_never_overwritten_unseen(noisy: Workspace) -> None:
    draft = services.new_draft(noisy, source="noise", note="first")
    assert (draft.name, draft.origin, draft.author, draft.note) == ("noise", DraftOrigin.PERSON, "kim", "first")
    with pytest.raises(UsageError, match="already"):
        services.new_draft(noisy, source="noise")
    saved = services.save_draft(noisy, name="noise", text=LOUD, replaces=draft.document)
    assert (saved.document, saved.note, saved.base_hash) == (LOUD, "first", draft.base_hash)
    with pytest.raises(UsageError, match="changed meanwhile"):
        services.save_draft(noisy, name="noise", text=NOISE, replaces=draft.document)
    assert services.get_draft(noisy, name="noise") == saved
    assert services.list_drafts(noisy) == [saved]
    assert services.discard_draft(noisy, name="noise") == saved
    assert services.list_drafts(noisy) == []
    with pytest.raises(UsageError, match="no draft"):
        services.save_draft(noisy, name="noise", text=LOUD)


def test_a_draft_may_be_no_policy_yet_but_stays_one_of_its_own(noisy: Workspace) -> None:
    services.new_draft(noisy, source="noise")
    half = services.save_draft(noisy, name="noise", text="---\nid: noise\nlabels:\n")
    with pytest.raises(InputError):
        services.parse_draft(half)
    with pytest.raises(UsageError, match="song"):
        services.save_draft(noisy, name="noise", text=NOISE.replace("id: noise", "id: song"))


@pytest.mark.parametrize("name", ["", " ", "a/b", "x" * 200, "a\x1bb"])
def test_a_name_that_is_none_is_refused(noisy: Workspace, name: str) -> None:
    with pytest.raises(UsageError):
        services.new_draft(noisy, source="noise", name=name or " ")


def test_reviewers_write_drafts_and_auditors_read_them(noisy: Workspace) -> None:
    services.add_member(noisy, name="lee", role=Role.REVIEWER)
    services.add_member(noisy, name="ada", role=Role.AUDITOR)
    noisy.reviewer = "lee"
    services.new_draft(noisy, source="noise")
    noisy.reviewer = "ada"
    for forbidden in (
        lambda: services.new_draft(noisy, source="noise", name="x"),
        lambda: services.save_draft(noisy, name="noise", text=LOUD),
        lambda: services.accept_draft(noisy, name="noise"),
        lambda: services.discard_draft(noisy, name="noise"),
    ):
        with pytest.raises(RoleError):
            forbidden()
    assert services.get_draft(noisy, name="noise").author == "lee"


@pytest.mark.parametrize("text", ["", "\ud800", "x" * (1024 * 1024 + 2), "---\n", "\x00"])
def test_no_text_brings_a_draft_down(noisy: Workspace, text: str) -> None:
    services.new_draft(noisy, source="noise")
    with pytest.raises(AppError) as caught:
        services.parse_draft(services.save_draft(noisy, name="noise", text=text))
    assert caught.value.hint
    assert services.get_draft(noisy, name="noise").policy_id == "noise"
