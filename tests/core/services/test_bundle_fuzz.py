"""Hostile bundles: damaged outside, changed inside, and signed by a sender who is trusted and means harm.

Each ends in time and memory, as a merge that adds up or as a known failure that changed nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import services
from core.errors import AppError
from core.services.workspace import Workspace
from core.store.bundles import signed_bytes
from tests.core.services.test_bundles import RECORDS, Desks, decide, opened, sealed
from tests.fixtures.fuzzing import FUZZ, damaged, dump, spoiled, within_bounds
from tests.fixtures.workspaces import audit_kinds, bring_in


class Sent:
    """Two workspaces, a bundle of one to the other, and the lines inside it."""

    def __init__(self, desks: Desks) -> None:
        self.desks = desks
        bring_in(desks.there, RECORDS)
        decide(desks.there, "a", "SP4", note="why", blind=True, seconds=3.0)
        path = desks.send()
        self.outside = path.read_bytes()
        self.lines = opened(desks, path)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sent]:
    with ExitStack() as stack:
        yield Sent(Desks(tmp_path_factory.mktemp("fuzz"), stack))


@pytest.fixture(scope="module")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sent]:
    """Two that nothing is asked of but that the second one is whole in the end."""
    with ExitStack() as stack:
        made = Sent(Desks(tmp_path_factory.mktemp("harm"), stack))
        yield made
        assert all(check.ok for check in services.verify(made.desks.here))


def refused(sent: Sent, path: Any) -> None:
    """Hold a bundle to being refused with a hint, and to having changed nothing."""
    here = sent.desks.here
    before = audit_kinds(here)
    with within_bounds(), pytest.raises(AppError) as caught:
        sent.desks.take(path)
    assert caught.value.hint
    assert audit_kinds(here) == before
    assert rows(here) == [0, 0, 0]


def rows(workspace: Workspace) -> list[int]:
    with workspace.store._db.read() as connection:
        return [
            int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608
            for table in ("item", "verdict", "decision")
        ]


@given(st.data())
@FUZZ
def test_no_damage_outside_gets_through(sent: Sent, data: st.DataObject) -> None:
    changed = data.draw(damaged(sent.outside))
    cut = data.draw(st.integers(0, len(changed)) | st.just(len(changed)))
    if changed[:cut] == sent.outside:
        return
    path = sent.desks.folder / "outside.docket"
    path.write_bytes(changed[:cut])
    refused(sent, path)


@given(st.data())
@FUZZ
def test_no_change_inside_gets_through(sent: Sent, data: st.DataObject) -> None:
    whole = b"".join(sent.lines)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 60)))
    changed = whole[:start] + data.draw(st.binary(max_size=60)) + whole[end:]
    if changed != whole:
        refused(sent, sealed(sent.desks, [changed]))


def resigned(sent: Sent, lines: list[dict[str, Any]], told: dict[str, Any]) -> list[bytes]:
    """Lines of a bundle with the right hashes, counts and signature for whatever they hold."""
    written = [dump(line) + b"\n" for line in lines]
    digests = {kind: hashlib.sha256() for kind in ("policy", "item")}
    counts = dict.fromkeys(("policies", "items", "verdicts", "decisions"), 0)
    for line, raw in zip(lines, written, strict=True):
        [(kind, value)] = line.items()
        digests[kind].update(raw)
        counts["policies" if kind == "policy" else "items"] += 1
        for name in ("verdicts", "decisions") if kind == "item" else ():
            counts[name] += len(value[name]) if isinstance(value.get(name), list) else 0
    manifest = {**told, "counts": counts, "sha256": {kind: digest.hexdigest() for kind, digest in digests.items()}}
    signature = sent.desks.there.store.sign(signed_bytes(manifest))
    return [sent.lines[0], *written, dump({"manifest": manifest}) + b"\n", dump({"signature": signature}) + b"\n"]


@given(st.data())
@FUZZ
def test_a_trusted_sender_who_means_harm_breaks_nothing(harmed: Sent, data: st.DataObject) -> None:
    parsed = [json.loads(line) for line in harmed.lines[1:-2]]
    lines = []
    for line in data.draw(st.lists(st.sampled_from(parsed), min_size=1, max_size=6)):
        [(kind, value)] = line.items()
        changed = data.draw(spoiled(value))
        lines.append({kind: changed if isinstance(changed, dict) else value})
    told = json.loads(harmed.lines[-2])["manifest"]
    path = sealed(harmed.desks, resigned(harmed, lines, told))
    here = harmed.desks.here
    before = audit_kinds(here), rows(here)
    try:
        with within_bounds():
            summary = harmed.desks.take(path)
    except AppError as error:
        assert error.hint  # noqa: PT017
        assert (audit_kinds(here), rows(here)) == before
    else:
        assert [summary.items, summary.verdicts, summary.decisions] == [
            now - then for now, then in zip(rows(here), before[1], strict=True)
        ]
