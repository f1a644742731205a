"""Every format through the verb: rows in are rows stored, known or in quarantine; real folders come in as they are."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core import services
from core.domain import ItemKind
from core.errors import InputError, UsageError
from core.services import ImportOptions, Wishes
from core.services.workspace import Workspace
from tests.fixtures.workspaces import audit_kinds, figures, new_workspace

DATA = os.environ.get("DOCKET_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="DOCKET_DATA is not set: tests on real data did not run")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w", policies=["spam"]) as made:
        yield made


def bring(workspace: Workspace, data: bytes, name: str = "in", **options: object) -> services.ImportSummary:
    path = workspace.folder.parent / name
    path.write_bytes(data)
    return services.import_file(workspace, path=path, **options)  # type: ignore[arg-type]


def contents(workspace: Workspace) -> list[str]:
    return [item.content for item in workspace.store.iter_items()]


def test_csv_with_notes_comes_in_by_its_header(workspace: Workspace) -> None:
    data = "Notes,,\nid,comment,lang\n1,Ünïcode,de\n2,second,\n3\n".encode("cp1252")
    summary = bring(workspace, data, "a.csv")
    assert figures(summary) == (3, 2, 0, 1)
    assert summary.format == "csv"
    assert contents(workspace) == ["Ünïcode", "second"]
    item = workspace.store.get_item("1")
    assert item is not None
    assert item.metadata == {"lang": "de"}


def test_a_mapping_is_remembered_for_the_same_columns(workspace: Workspace) -> None:
    bring(workspace, b"a,b\nx,hello\ny,bye\n", "one.csv", field_map={"content": "a"})
    bring(workspace, b"b,a\nhello,z\n", "two.csv")
    assert contents(workspace) == ["x", "y", "z"]
    with pytest.raises(UsageError, match="no column nope"):
        bring(workspace, b"a,b\nx,hello\n", "one.csv", field_map={"content": "nope"})


def test_parquet_comes_in_from_a_file_and_from_a_pipe(workspace: Workspace) -> None:
    table = pa.table(
        {
            "id": ["a", "b"],
            "messages": [[{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}]] * 2,
            "when": [None, datetime(2026, 1, 2)],  # noqa: DTZ001 - Arrow has times without a zone
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    assert figures(bring(workspace, buffer.getvalue(), "a.parquet")) == (2, 2, 0, 0)
    item = workspace.store.get_item("b")
    assert item is not None
    assert (item.kind, item.metadata) == (ItemKind.CONVERSATION, {"when": "2026-01-02T00:00:00"})
    again = services.import_file(workspace, path=Path("-"), stdin=io.BytesIO(buffer.getvalue()))
    assert figures(again) == (2, 0, 2, 0)
    with pytest.raises(InputError, match="damaged or cut off"):
        bring(workspace, buffer.getvalue()[:-20], "cut.parquet")


def test_rows_without_id_are_known_by_their_content(workspace: Workspace) -> None:
    data = b'{"text": "one thing"}\n{"text": "another"}\n{"text": "one thing"}\n'
    assert figures(bring(workspace, data)) == (3, 2, 1, 0)
    assert figures(bring(workspace, data)) == (3, 0, 3, 0)


def test_known_content_under_another_id_can_be_left_out(workspace: Workspace) -> None:
    bring(workspace, b'{"id": "a", "content": "x"}\n')
    data = b'{"id": "b", "content": "x"}\n{"id": "c", "content": "y"}\n{"id": "d", "content": "y"}\n'
    assert figures(bring(workspace, data, skip_known=True)) == (3, 1, 2, 0)
    assert figures(bring(workspace, data)) == (3, 2, 1, 0)


def test_decisions_of_others_come_in_and_repeat_nothing(workspace: Workspace) -> None:
    bring(workspace, b'{"id": "a", "content": "x", "policy": "spam"}\n')
    lines = [
        {"id": "a", "policy": "spam", "label": "SP0", "reviewer": "ann", "decided_at": "2026-01-02T03:04:05Z"},
        {"id": "nowhere", "policy": "spam", "label": "SP0", "reviewer": "ann"},
    ]
    data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    summary = bring(workspace, data)
    assert (figures(summary), summary.decisions, summary.format) == ((2, 1, 0, 1), 1, "decisions")
    assert figures(bring(workspace, data)) == (2, 0, 1, 1)
    [decision] = workspace.store.decisions_of("a", "spam")
    assert (decision.reviewer, decision.imported) == ("ann", True)


def test_a_preview_shows_ten_rows_and_stores_nothing(workspace: Workspace) -> None:
    path = workspace.folder.parent / "a.csv"
    path.write_text("text,label\n" + "".join(f"words and words {n},ok\n" for n in range(30)) + "x\n")
    before = audit_kinds(workspace)
    preview = services.preview_import(workspace, path=path)
    assert (preview.format, len(preview.rows), dict(preview.field_map)) == ("csv", 10, {"content": "text"})
    assert preview.rows[0].items[0].content == "words and words 0"
    assert contents(workspace) == []
    assert audit_kinds(workspace) == before
    shown = services.preview_import(
        workspace, path=path, wishes=Wishes(field_map={"content": "label"}), options=ImportOptions(policy_id="spam")
    )
    assert (shown.rows[0].items[0].content, shown.rows[0].items[0].policy) == ("ok", "spam")


def test_lossless_export_comes_back_whole(workspace: Workspace, tmp_path: Path) -> None:
    bring(
        workspace,
        b'{"id": "a", "content": "x", "policy": "spam", "lang": "de"}\n'
        b'{"id": "b", "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "r", "n": 1}],'
        b' "target": 0}\n'
        b'{"id": "c", "content": "y", "parent": "p"}\n',
    )
    bring(
        workspace,
        b'{"id": "a", "content": "x", "policy": "spam", "model": "m", "output": "SP0", "reasoning": "r"}\n',
        format="verdicts",
    )
    key = services.find_entry(workspace, item_id="a", policy_id="spam")
    services.decide(workspace, key=key, label="SP4", note="=1+1 \u2028 note", blind=True, seconds=2.5)
    services.export(workspace, what="items", out=tmp_path / "one.jsonl")
    with new_workspace(tmp_path / "other", policies=["spam"]) as other:
        summary = services.import_file(other, path=tmp_path / "one.jsonl")
        assert (figures(summary), summary.verdicts, summary.decisions) == ((3, 3, 0, 0), 1, 1)
        services.export(other, what="items", out=tmp_path / "two.jsonl")
        assert figures(services.import_file(other, path=tmp_path / "one.jsonl")) == (3, 0, 3, 0)
        assert services.verify(other)[0].ok
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()
    with new_workspace(tmp_path / "bare", policies=[]) as bare:
        summary = services.import_file(bare, path=tmp_path / "one.jsonl")
        assert [row.line for row in summary.rejected] == [1]
        assert "policy version" in summary.rejected[0].reason


# Real data


MAPPINGS = {
    "context_toxicity/cat_small.csv": ({"content": "text", "parent": "parent_text"}, 978, 978, 0),
    "hatecheck/test_suite_cases.csv": ({"content": "test_case", "id": "case_id"}, 3728, 3728, 0),
    "hatecheck/test_suite_annotations.csv": ({"content": "test_case", "id": "case_id"}, 3728, 3728, 0),
    "moderation/samples-odd.jsonl": ({"content": "prompt"}, 840, 838, 0),
    "openai_spam/golden_dataset.csv": ({"content": "column 2"}, 48, 40, 8),
    "teen_safety/age-restricted-goods-and-services.csv": ({"content": "example"}, 34, 34, 0),
    "teen_safety/dangerous-content.csv": ({"content": "Example"}, 41, 41, 0),
    "teen_safety/graphic-violent-content.csv": ({"content": "Example Prompt"}, 19, 19, 0),
    "toxic_spans/tsd_test.csv": ({"content": "text"}, 2000, 2000, 0),
}
"""File, mapping that is guessed, rows, rows stored, rows in quarantine. tests/README.md shows the same."""


@needs_data
@pytest.mark.parametrize("name", MAPPINGS)
def test_real_files_come_in_without_a_script(workspace: Workspace, name: str) -> None:
    mapping, rows, stored, refused = MAPPINGS[name]
    path = Path(DATA or "") / name
    assert dict(services.preview_import(workspace, path=path).field_map) == mapping
    summary = services.import_file(workspace, path=path)
    assert figures(summary) == (rows, stored, rows - stored - refused, refused)
    assert services.quarantine_size(workspace) == refused
    assert f"`{name}`" in (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@needs_data
def test_replies_come_in_with_their_parent_by_a_mapping(workspace: Workspace) -> None:
    path = Path(DATA or "") / "teen_safety" / "dangerous-content.csv"
    summary = services.import_file(workspace, path=path, field_map={"content": "Responses", "parent": "Example"})
    assert summary.read == summary.stored + summary.duplicates + len(summary.rejected) == 41
    assert {item.kind for item in workspace.store.iter_items()} == {ItemKind.REPLY}
