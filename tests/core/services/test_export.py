"""Export through the verb: exactly the promised fields, one whole file, and an audit event that names it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import services
from core.domain import Cause, VerdictStatus
from core.errors import CancelledError, ExportError, UsageError
from core.exchange.records import decision_to_dict
from core.services.workspace import Workspace
from tests.fixtures.values import make_verdict
from tests.fixtures.workspaces import audit_kinds, new_workspace, write_lines

ITEMS = [
    {"id": "a", "content": "=HYPERLINK(1)", "policy": "spam", "lang": "de"},
    {"id": "b", "content": "no", "parent": "yes?"},
    {"id": "c", "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}], "target": 0},
]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Three items: `a` is decided against its verdict, `b` in agreement, `c` not judged."""
    with new_workspace(tmp_path / "w") as made:
        services.import_file(made, path=write_lines(tmp_path / "in.jsonl", ITEMS))
        policy = made.store.get_policy("spam")
        assert policy is not None
        for item_id, label in (("a", "SP4"), ("b", "SP0")):
            item = made.store.get_item(item_id)
            assert item is not None
            made.store.add_verdicts([make_verdict(item, policy, label)], actor="test")
        key = services.find_entry(made, item_id="a", policy_id="spam")
        services.decide(made, key=key, label="SP2")
        services.decide(made, key=key, label="SP0", cause=Cause.MODEL_MISREAD, rule_id=None, note="-1", seconds=2.5)
        services.decide(made, key=services.find_entry(made, item_id="b", policy_id="spam"), agree=True, blind=True)
        yield made


def export_jsonl(workspace: Workspace, what: str, **options: Any) -> list[dict[str, Any]]:
    out = workspace.folder.parent / f"{what}.out"
    summary = services.export(workspace, what=what, out=out, **options)
    lines = out.read_text(encoding="utf-8").splitlines()
    assert summary.rows == len(lines)
    return [json.loads(line) for line in lines]


def test_decisions_are_the_standing_ones(workspace: Workspace) -> None:
    first, second = export_jsonl(workspace, "decisions")
    assert {name: first[name] for name in ("id", "policy", "label", "agrees", "cause", "note", "seconds", "blind")} == {
        "id": "a", "policy": "spam", "label": "SP0", "agrees": False, "cause": "model_misread", "note": "-1",
        "seconds": 2.5, "blind": False,
    }  # fmt: skip
    assert (second["id"], second["agrees"], second["blind"], second["reviewer"]) == ("b", True, True, "kim")
    (stored,) = [decision for decision in workspace.store.iter_decisions() if decision.item_id == "a"]
    assert first == decision_to_dict(stored)


def test_disagreements_show_both_sides(workspace: Workspace) -> None:
    (only,) = export_jsonl(workspace, "disagreements")
    assert (only["id"], only["label"], only["content"]) == ("a", "SP0", "=HYPERLINK(1)")
    assert (only["verdict"]["label"], only["verdict"]["status"]) == ("SP4", "parsed")


def test_a_label_older_than_the_verdict_disagrees_with_it_too(workspace: Workspace, tmp_path: Path) -> None:
    gold = {"id": "g", "content": "x", "policy": "spam", "gold": "SP0"}
    services.import_file(workspace, path=write_lines(tmp_path / "gold.jsonl", [gold]), decide_from="gold")
    assert [row["id"] for row in export_jsonl(workspace, "disagreements")] == ["a"]
    policy, item = workspace.store.get_policy("spam"), workspace.store.get_item("g")
    assert policy is not None
    assert item is not None
    workspace.store.add_verdicts([make_verdict(item, policy, "SP2")], actor="test")
    rows = export_jsonl(workspace, "disagreements")
    assert [(row["id"], row["agrees"], row["verdict"]["label"]) for row in rows] == [
        ("a", False, "SP4"),
        ("g", False, "SP2"),
    ]


def test_an_unread_verdict_is_no_disagreement(workspace: Workspace) -> None:
    policy, item = workspace.store.get_policy("spam"), workspace.store.get_item("c")
    assert policy is not None
    assert item is not None
    workspace.store.add_verdicts([make_verdict(item, policy, None, status=VerdictStatus.UNPARSED)], actor="test")
    services.decide(workspace, key=services.find_entry(workspace, item_id="c", policy_id="spam"), label="SP4")
    assert [row["id"] for row in export_jsonl(workspace, "disagreements")] == ["a"]
    assert [row["agrees"] for row in export_jsonl(workspace, "decisions")] == [False, True, None]


def test_items_come_with_all_verdicts_and_standing_decisions(workspace: Workspace) -> None:
    first, second, third = export_jsonl(workspace, "items")
    assert (first["content"], first["policy"], first["metadata"]) == ("=HYPERLINK(1)", "spam", {"lang": "de"})
    assert [verdict["label"] for verdict in first["verdicts"]] == ["SP4"]
    assert [decision["label"] for decision in first["decisions"]] == ["SP0"]
    assert (second["parent"], len(second["verdicts"]), len(second["decisions"])) == ("yes?", 1, 1)
    assert third == ITEMS[2] | {"metadata": {}, "verdicts": [], "decisions": []}


def test_withdrawn_decisions_do_not_leave(workspace: Workspace) -> None:
    services.undo(workspace)
    assert [row["id"] for row in export_jsonl(workspace, "decisions")] == ["a"]
    assert [len(row["decisions"]) for row in export_jsonl(workspace, "items")] == [1, 0, 0]


def test_one_policy_only(workspace: Workspace) -> None:
    assert [row["id"] for row in export_jsonl(workspace, "items", policy_id="spam")] == ["a", "b"]
    for what in ("items", "decisions", "disagreements"):
        assert export_jsonl(workspace, what, policy_id="harassment") == []


def test_csv_is_safe_to_open(workspace: Workspace, tmp_path: Path) -> None:
    for what in ("items", "decisions", "disagreements"):
        summary = services.export(workspace, what=what, out=tmp_path / "out.csv", format="csv")
        rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8"), newline="")))
        assert summary.rows == len(rows)
        assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert rows[0]["content"] == "'=HYPERLINK(1)"
    assert (rows[0]["note"], rows[0]["verdict.label"]) == ("'-1", "SP4")


def test_a_folder_gets_a_file_of_the_kinds_name(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert services.export(workspace, what="items", out=folder).path == folder / "items.jsonl"
    assert services.export(workspace, what="items", out=folder, format="csv").path == folder / "items.csv"
    assert sorted(path.name for path in folder.iterdir()) == ["items.csv", "items.jsonl"]


def test_the_audit_chain_names_the_file(workspace: Workspace, tmp_path: Path) -> None:
    summary = services.export(workspace, what="items", out=tmp_path / "items.jsonl")
    assert summary.sha256 == hashlib.sha256(summary.path.read_bytes()).hexdigest()
    with workspace.store._db.read() as connection:
        kind, payload = connection.exec_driver_sql("SELECT kind, payload FROM audit_event ORDER BY id DESC").first()
    assert kind == "exported"
    told = json.loads(payload)
    assert (told["what"], told["rows"], told["sha256"], told["actor"]) == ("items", 3, summary.sha256, "kim")


def test_a_refused_target_leaves_no_file_and_no_event(workspace: Workspace, tmp_path: Path) -> None:
    events = audit_kinds(workspace)
    for out in (tmp_path / "nowhere" / "x.jsonl", tmp_path / "in.jsonl" / "x"):
        with pytest.raises(ExportError) as caught:
            services.export(workspace, what="items", out=out)
        assert caught.value.hint
    (tmp_path / "link").symlink_to(tmp_path / "in.jsonl")
    with pytest.raises(ExportError, match="is a link"):
        services.export(workspace, what="items", out=tmp_path / "link")
    assert audit_kinds(workspace) == events


def test_wrong_requests(workspace: Workspace, tmp_path: Path) -> None:
    for options in ({"what": "verdicts"}, {"format": "xlsx"}, {"policy_id": "nope"}):
        with pytest.raises(UsageError) as caught:
            services.export(workspace, **{"what": "items", "out": tmp_path / "x", **options})
        assert caught.value.hint
    assert not (tmp_path / "x").exists()


def test_cancelling_leaves_what_was_there(workspace: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "items.jsonl"
    out.write_text("old")
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        services.export(workspace, what="items", out=out, cancel=cancel)
    assert out.read_text() == "old"
    assert not list(tmp_path.glob(".docket-*"))


text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
turns = st.lists(st.fixed_dictionaries({"role": text, "content": text}), min_size=1, max_size=3)
bodies = st.fixed_dictionaries({"content": text}, optional={"parent": text, "lang": text}) | st.fixed_dictionaries(
    {"messages": turns}, optional={"metadata": st.dictionaries(text, text, max_size=2)}
)


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Workspace]]:
    folder = tmp_path_factory.mktemp("desks")
    with new_workspace(folder / "here", ()) as here, new_workspace(folder / "there", ()) as there:
        yield here, there


@given(st.lists(bodies, min_size=1, max_size=5))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_items_travel_to_another_workspace_unchanged(
    desks: tuple[Workspace, Workspace], records: list[dict[str, Any]]
) -> None:
    here, there = desks
    start = services.queue_counts(here).total
    numbered = [{"id": f"{start + number}", **record} for number, record in enumerate(records)]
    path = here.folder.parent / "travel.jsonl"
    assert services.import_file(here, path=write_lines(path, numbered), format="jsonl").stored == len(records)
    services.export(here, what="items", out=path)
    assert services.import_file(there, path=path).rejected == ()
    for record in numbered:
        left, right = here.store.get_item(record["id"]), there.store.get_item(record["id"])
        assert left is not None
        assert right == left
        assert right.content_hash == left.content_hash
