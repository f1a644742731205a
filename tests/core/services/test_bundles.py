"""Bundles carry everything, merge without overwriting, and are refused with the reason when anything is wrong."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import services
from core.domain import Cause, MergeSummary, Role, SecondState
from core.errors import CancelledError, InputError, LockedError, RoleError, UsageError
from core.exchange.sealing import seal, unseal
from core.services.workspace import Workspace
from core.store.bundles import AGE_IDENTITY, signed_bytes
from core.store.tables import SECRET
from tests.fixtures.cheap_age import seal_cheaply
from tests.fixtures.workspaces import ROOT, audit_kinds, bring_in, new_workspace

RUN = {"policy": "spam", "model": "m", "output": '{"label":"SP0"}', "reasoning": "r"}
RECORDS = [{"id": name, "content": f"text of {name}", **RUN} for name in "abcd"]


class Desks:
    """Two workspaces that trust each other."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self.there, self.here = (
            stack.enter_context(new_workspace(folder / name / "w", policies=["spam"])) for name in ("there", "here")
        )
        services.add_member(self.there, name="ann", role=Role.LEAD)
        self.there.reviewer = "ann"
        services.trust_sender(self.here, public_key=services.bundle_keys(self.there)[0], name="Leeds")

    def send(self, what: str = "items", name: str = "b.docket", **options: Any) -> Path:
        recipients = [services.bundle_keys(self.here)[1]] if "passphrase" not in options else []
        out = self.folder / name
        services.export(self.there, what=what, out=out, format="bundle", recipients=recipients, **options)
        return out

    def take(self, path: Path, **options: Any) -> MergeSummary:
        return services.import_bundle(self.here, path=path, **options)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    with ExitStack() as stack:
        yield Desks(tmp_path, stack)


def decide(workspace: Workspace, item: str, label: str, **options: Any) -> None:
    key = services.find_entry(workspace, item_id=item, policy_id="spam")
    services.decide(workspace, key=key, label=label, **options)


def opened(desks: Desks, path: Path) -> list[bytes]:
    """The lines inside a bundle."""
    with desks.here.store._db.read() as connection:
        identity = connection.execute(SECRET.select().where(SECRET.c.name == AGE_IDENTITY)).one().value
    inside = io.BytesIO()
    with path.open("rb") as stream:
        unseal(stream, inside, identities=[identity])  # type: ignore[arg-type]
    return inside.getvalue().splitlines(keepends=True)


def sealed(desks: Desks, lines: list[bytes], name: str = "forged.docket") -> Path:
    path = desks.folder / name
    with path.open("wb") as stream:
        seal(lines, stream, recipients=[services.bundle_keys(desks.here)[1]])  # type: ignore[arg-type]
    return path


def exported(workspace: Workspace, folder: Path, name: str) -> bytes:
    return services.export(workspace, what="items", out=folder / name).path.read_bytes()


def test_a_bundle_brings_everything_and_the_export_is_the_same(desks: Desks) -> None:
    bring_in(desks.there, RECORDS)
    decide(desks.there, "a", "SP4", note="why", blind=True, seconds=3.0)
    path = desks.send()
    assert b"text of" not in path.read_bytes()
    manifest = services.inspect_bundle(desks.here, path=path)
    assert dict(manifest.counts) == {
        "policies": 1, "items": 4, "verdicts": 4, "decisions": 1, "independent": 0, "settled": 0,
    }  # fmt: skip
    assert manifest.models[0]["name"] == "m"
    summary = desks.take(path)
    assert (summary.items, summary.verdicts, summary.decisions, summary.conflicts) == (4, 4, 1, ())
    assert exported(desks.here, desks.folder, "1") == exported(desks.there, desks.folder, "2")
    assert all(check.ok for check in services.verify(desks.here))


def test_importing_twice_changes_nothing_and_an_older_one_is_refused(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:2])
    first = desks.send(name="1.docket")
    decide(desks.there, "a", "SP4")
    second = desks.send(name="2.docket")
    desks.take(first)
    before = audit_kinds(desks.here)
    assert desks.take(first).already
    assert audit_kinds(desks.here) == before
    assert desks.take(second).decisions == 1
    with pytest.raises(InputError, match="older than the last one of Leeds"):
        desks.take(first)
    third = desks.send(name="3.docket")
    summary = desks.take(third)
    assert (summary.items, summary.duplicates, summary.decisions, summary.second_reviews) == (0, 2, 0, 0)


def test_the_same_item_decided_twice_is_a_second_review_and_differences_are_listed(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:3])
    bring_in(desks.here, [{**record, "id": f"other-{record['id']}"} for record in RECORDS[:2]])
    for name, label in (("a", "SP4"), ("b", "SP0"), ("c", "SP2")):
        decide(desks.there, name, label)
    decide(desks.here, "other-a", "SP0")
    decide(desks.here, "other-b", "SP0")
    path = desks.send()
    summary = desks.take(path)
    assert (summary.items, summary.duplicates, summary.decisions, summary.second_reviews) == (1, 2, 1, 2)
    [conflict] = summary.conflicts
    assert (conflict.item_id, conflict.here, conflict.there) == ("other-a", "SP0", "SP4")
    [standing] = desks.here.store.decisions_of("other-a", "spam")
    assert (standing.label, standing.reviewer) == ("SP0", "kim")
    entry = services.find_entry(desks.here, item_id="other-a", policy_id="spam")
    [independent] = desks.here.store.independent_decisions(entry)
    assert (independent.label, independent.reviewer) == ("SP4", "ann")
    again = desks.take(desks.send(name="again.docket"))
    assert (again.second_reviews, again.decisions, again.conflicts) == (0, 0, ())
    assert all(check.ok for check in services.verify(desks.here))


def test_what_does_not_go_together_is_listed_and_left_as_it_is(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:2])
    bring_in(desks.here, [{"id": "a", "content": "quite another text"}])
    text = (ROOT / "policies" / "spam.md").read_text(encoding="utf-8")
    changed = desks.folder / "spam.md"
    changed.write_text(text + "\n- Another example -> SP0.a, fine.\n", encoding="utf-8")
    services.add_policy(desks.there, path=changed)
    bring_in(desks.there, [{"id": "new", "content": "under the new version", **RUN}])
    path = desks.send()
    summary = desks.take(path)
    assert summary.items == 1
    assert sorted((conflict.item_id, conflict.policy_id) for conflict in summary.conflicts) == [
        ("", "spam"), ("a", ""), ("new", ""),
    ]  # fmt: skip
    item = desks.here.store.get_item("a")
    assert item is not None
    assert item.content == "quite another text"
    assert len(desks.here.store.policy_history("spam")) == 1
    summary = desks.take(desks.send(name="more.docket"), take_policies=True)
    assert (summary.policies, summary.items) == (1, 1)
    assert len(desks.here.store.policy_history("spam")) == 2


def test_only_what_was_asked_for_leaves_and_never_what_is_fast_or_removed(desks: Desks) -> None:
    bring_in(desks.there, RECORDS)
    decide(desks.there, "a", "SP4")
    decide(desks.there, "b", "SP0")
    assert services.inspect_bundle(desks.here, path=desks.send("disagreements")).counts["items"] == 1
    assert services.inspect_bundle(desks.here, path=desks.send("decisions")).counts["items"] == 2


def test_a_passphrase_seals_too(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:1])
    path = desks.folder / "cheap.docket"
    path.write_bytes(seal_cheaply(b"".join(opened(desks, desks.send())), "correct horse"))
    assert services.needs_bundle_passphrase(path)
    with pytest.raises(LockedError, match="needs its passphrase"):
        desks.take(path)
    with pytest.raises(LockedError, match="does not open"):
        desks.take(path, passphrase="wrong horse")
    assert desks.take(path, passphrase="correct horse").items == 1
    with pytest.raises(UsageError, match="less than 8"):
        desks.send(passphrase="short")


@pytest.mark.slow
def test_the_library_seals_with_a_passphrase_at_its_own_cost(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:1])
    path = desks.send(passphrase="correct horse")
    assert services.needs_bundle_passphrase(path)
    assert desks.take(path, passphrase="correct horse").items == 1


def test_requests_that_make_no_sense_are_refused_before_anything_is_written(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:1])
    out = desks.folder / "x.docket"
    for recipients in ([], ["age1nonsense"]):
        with pytest.raises(UsageError):
            services.export(desks.there, what="items", out=out, format="bundle", recipients=recipients)
    for options in (services.ExportOptions(mask=True), services.ExportOptions(reasoning=False)):
        with pytest.raises(UsageError, match="has to be whole"):
            services.export(desks.there, what="items", out=out, format="bundle", options=options, passphrase="x" * 9)
    with pytest.raises(UsageError, match="no sender's key"):
        services.trust_sender(desks.here, public_key="12", name="x")
    assert not out.exists()


def test_bundles_for_others_and_from_strangers_are_refused(desks: Desks, tmp_path: Path) -> None:
    bring_in(desks.there, RECORDS[:1])
    path = desks.send()
    with new_workspace(tmp_path / "third" / "w") as third:
        with pytest.raises(LockedError, match="sealed to other recipients"):
            services.import_bundle(third, path=path)
        stranger = tmp_path / "stranger.docket"
        recipient = services.bundle_keys(desks.here)[1]
        bring_in(third, [{"id": "z", "content": "z"}])
        services.export(third, what="items", out=stranger, format="bundle", recipients=[recipient])
        key = services.bundle_keys(third)[0]
    with pytest.raises(InputError, match=f"nobody here has trusted: {key}"):
        desks.take(stranger)
    services.forget_sender(desks.here, public_key=services.bundle_keys(desks.there)[0])
    with pytest.raises(InputError, match="nobody here has trusted"):
        desks.take(path)


def edit_manifest(lines: list[bytes], change: Callable[[dict[str, Any]], None], key: Any = None) -> list[bytes]:
    manifest = json.loads(lines[-2])["manifest"]
    change(manifest)
    signature = lines[-1] if key is None else json.dumps({"signature": key.sign(signed_bytes(manifest)).hex()}).encode()
    return [*lines[:-2], json.dumps({"manifest": manifest}).encode() + b"\n", signature.rstrip(b"\n") + b"\n"]


def own_key(manifest: dict[str, Any], key: Ed25519PrivateKey) -> None:
    manifest["origin"] = key.public_key().public_bytes_raw().hex()


STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
# ruff: noqa: E501 - a table
FORGERIES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "content changed": (lambda lines: [lines[0], lines[1], lines[2].replace(b"text of", b"tuxt of"), *lines[3:]], "hash"),
    "item left out": (lambda lines: [*lines[:2], *lines[3:]], "hash"),
    "item twice": (lambda lines: [*lines[:3], lines[2], *lines[3:]], "hash"),
    "items swapped": (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "hash"),
    "end missing": (lambda lines: lines[:-1], "cut off"),
    "manifest missing": (lambda lines: [*lines[:-2], lines[-1]], "cut off"),
    "something behind": (lambda lines: [*lines, lines[2]], "behind the end"),
    "count lies": (lambda lines: edit_manifest(lines, lambda m: m["counts"].update(items=9)), "signature"),
    "serial lies": (lambda lines: edit_manifest(lines, lambda m: m.update(serial=10**6)), "signature"),
    "signed by a stranger": (lambda lines: edit_manifest(lines, lambda m: None, STRANGER), "signature"),
    "re-signed as a stranger": (lambda lines: edit_manifest(lines, lambda m: own_key(m, STRANGER), STRANGER), "trusted"),
    "malformed manifest": (lambda lines: edit_manifest(lines, lambda m: m.update(serial="1")), "malformed"),
    "huge number": (lambda lines: edit_manifest(lines, lambda m: m.update(serial=10**600)), "malformed|signature"),
    "other schema": (lambda lines: edit_manifest(lines, lambda m: m.update(schema="v9")), "malformed"),
    "newer version": (lambda lines: [b'{"docket_bundle": 2}\n', *lines[1:]], "no bundle, or one of a newer"),
    "unknown line": (lambda lines: [*lines[:2], b'{"secret": {}}\n', *lines[2:]], "no known kind"),
    "deep line": (lambda lines: [*lines[:2], b'{"item": ' + b"[" * 3000 + b"]" * 3000 + b"}\n", *lines[2:]], "broken"),
    "empty": (lambda lines: [], "cut off"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desks, list[bytes]]]:
    """Two desks and the lines of a bundle between them, for tests in which nothing comes in."""
    with ExitStack() as stack:
        desks = Desks(tmp_path_factory.mktemp("sent"), stack)
        bring_in(desks.there, RECORDS)
        yield desks, opened(desks, desks.send())
        assert list(desks.here.store.iter_items()) == []


@pytest.mark.parametrize("name", FORGERIES)
def test_forgeries_are_refused_with_the_reason_and_change_nothing(sent: tuple[Desks, list[bytes]], name: str) -> None:
    desks, lines = sent
    forge, words = FORGERIES[name]
    path = sealed(desks, forge(lines))
    before = audit_kinds(desks.here)
    with pytest.raises(InputError, match=words) as caught:
        desks.take(path)
    assert caught.value.hint
    assert audit_kinds(desks.here) == before


def test_a_damaged_or_truncated_file_is_refused(sent: tuple[Desks, list[bytes]]) -> None:
    desks, _ = sent
    whole = desks.send().read_bytes()
    path = desks.folder / "cut.docket"
    for data in (whole[:-1], whole[:200], whole[:-20] + b"x" * 20, whole[:300] + bytes([whole[300] ^ 1]) + whole[301:]):
        path.write_bytes(data)
        with pytest.raises((InputError, LockedError)) as caught:
            desks.take(path)
        assert caught.value.hint
    assert list(desks.here.store.iter_items()) == []


def test_a_bundle_that_is_stopped_or_fails_late_leaves_nothing(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(desks.there, RECORDS)
    path = desks.send()
    cancel = threading.Event()
    cancel.set()
    before = audit_kinds(desks.here)
    with pytest.raises(CancelledError):
        desks.take(path, cancel=cancel)
    assert audit_kinds(desks.here) == before
    assert list(desks.here.store.iter_items()) == []

    def fail(*_: object, **__: object) -> None:
        raise UsageError("no", "hint")

    monkeypatch.setattr(type(desks.here.store), "note_bundle", fail)
    with pytest.raises(UsageError):
        desks.take(path)
    assert audit_kinds(desks.here) == before
    assert all(check.ok for check in services.verify(desks.here))


def test_who_may_take_bundles_in(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:1])
    path = desks.send()
    services.add_member(desks.here, name="ann")
    desks.here.reviewer = "nobody"
    with pytest.raises(RoleError):
        desks.take(path)
    with pytest.raises(RoleError):
        services.trust_sender(desks.here, public_key="0" * 64, name="x")


def said_by(desks: Desks, name: str, label: str, item: str = "a", **options: Any) -> None:
    """Let somebody of the sending workspace decide an item."""
    workspace = desks.there
    other = Workspace(workspace.folder, workspace.store, workspace.settings, name)
    key = services.find_entry(other, item_id=item, policy_id="spam")
    services.decide(other, key=key, label=label, **options)


@pytest.fixture
def pairs(desks: Desks) -> Desks:
    """Items a (the two differ), b (differ, settled) and c (agree) of the sender, each decided by two."""
    bring_in(desks.there, RECORDS[:3])
    for name, role in (("ben", Role.REVIEWER), ("lea", Role.LEAD)):
        services.add_member(desks.there, name=name, role=role)
    services.set_review_rules(desks.there, policy_id="spam", blind_percent=0, second_percent=100)
    for item, first, second in (("a", "SP4", "SP0"), ("b", "SP4", "SP0"), ("c", "SP2", "SP2")):
        said_by(desks, "ann", first, item, note="first", cause=Cause.OTHER)
        said_by(desks, "ben", second, item, note="second", cause=Cause.OTHER)
    said_by(desks, "lea", "SP0", "b", note="ben is right", cause=Cause.OTHER)
    return desks


def looks(workspace: Workspace) -> dict[str, tuple[str, str | None, str | None, bool]]:
    """State, both labels and whether it was settled, of every second review, by item."""
    return {
        each.first.item_id: (each.state, each.first.label, each.second.label if each.second else None, each.adjudicated)
        for each in services.second_reviews(workspace)
    }


def test_pairs_and_what_settled_them_travel_as_such(pairs: Desks) -> None:
    path = pairs.send()
    counts = services.inspect_bundle(pairs.here, path=path).counts
    assert (counts["decisions"], counts["independent"], counts["settled"]) == (3, 3, 1)
    summary = pairs.take(path)
    assert (summary.decisions, summary.second_reviews, summary.conflicts) == (4, 3, ())
    assert looks(pairs.here) == looks(pairs.there) == {
        "a": (SecondState.DIFFERS, "SP4", "SP0", False),
        "b": (SecondState.SETTLED, "SP4", "SP0", True),
        "c": (SecondState.SETTLED, "SP2", "SP2", False),
    }  # fmt: skip
    [first, settling] = pairs.here.store.decisions_of("b", "spam")
    assert [(each.reviewer, each.label, each.note) for each in (first, settling)] == [
        ("ann", "SP4", "first"), ("lea", "SP0", "ben is right"),
    ]  # fmt: skip
    assert exported(pairs.here, pairs.folder, "1") == exported(pairs.there, pairs.folder, "2")
    again = pairs.take(pairs.send(name="again.docket"))
    assert (again.decisions, again.second_reviews, again.conflicts) == (0, 0, ())
    assert all(check.ok for check in services.verify(pairs.here))


def test_what_settles_a_pair_later_settles_it_here_too(pairs: Desks) -> None:
    pairs.take(pairs.send())
    said_by(pairs, "lea", "SP4", "a", note="ann is right", cause=Cause.OTHER)
    summary = pairs.take(pairs.send(name="later.docket"))
    assert (summary.decisions, summary.second_reviews, summary.conflicts) == (1, 0, ())
    assert looks(pairs.here)["a"] == (SecondState.SETTLED, "SP4", "SP0", True)
    assert all(check.ok for check in services.verify(pairs.here))


def test_a_pair_stands_beside_what_was_decided_here(pairs: Desks) -> None:
    bring_in(pairs.here, [{**RECORDS[1], "id": "mine"}])
    decide(pairs.here, "mine", "SP3")
    summary = pairs.take(pairs.send())
    assert (summary.decisions, summary.second_reviews) == (2, 2 + 3)
    assert [(each.item_id, each.here, each.there) for each in summary.conflicts] == [
        ("mine", "SP3", "SP4"), ("mine", "SP3", "SP0"), ("mine", "SP3", "SP0"),
    ]  # fmt: skip
    [standing] = pairs.here.store.decisions_of("mine", "spam")
    assert (standing.label, standing.reviewer) == ("SP3", "kim")
    entry = services.find_entry(pairs.here, item_id="mine", policy_id="spam")
    assert [each.reviewer for each in pairs.here.store.independent_decisions(entry)] == ["ann", "ben", "lea"]
    assert looks(pairs.here)["mine"] == (SecondState.DIFFERS, "SP3", "SP4", False)
    again = pairs.take(pairs.send(name="again.docket"))
    assert (again.decisions, again.second_reviews, again.conflicts) == (0, 0, ())
    assert all(check.ok for check in services.verify(pairs.here))


def test_one_reviewer_at_two_workstations_is_no_pair(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:1])
    bring_in(desks.here, RECORDS[:1])
    desks.here.reviewer = "ann"
    decide(desks.here, "a", "SP0")
    decide(desks.there, "a", "SP4")
    summary = desks.take(desks.send())
    assert (summary.second_reviews, len(summary.conflicts)) == (1, 1)
    assert looks(desks.here) == {}
    assert all(check.ok for check in services.verify(desks.here))


def test_a_decision_that_was_withdrawn_here_gives_way(desks: Desks) -> None:
    bring_in(desks.there, RECORDS[:1])
    bring_in(desks.here, RECORDS[:1])
    decide(desks.there, "a", "SP4")
    decide(desks.here, "a", "SP0")
    services.undo(desks.here)
    summary = desks.take(desks.send())
    assert (summary.decisions, summary.second_reviews, summary.conflicts) == (1, 0, ())
    assert desks.here.store.decisions_of("a", "spam")[-1].label == "SP4"


def test_pseudonyms_hide_who_reviewed_second(pairs: Desks) -> None:
    path = pairs.send(options=services.ExportOptions(pseudonyms=True))
    inside = b"".join(opened(pairs, path))
    assert b"reviewer-" in inside
    assert not any(name in inside for name in (b'"ann"', b'"ben"', b'"lea"'))
