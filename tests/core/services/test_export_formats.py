"""Every format opens in its own reader, holds what was decided, and nothing that was to stay."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
import yaml

from core import services
from core.domain import Cause, EntryState, QueueFilter
from core.errors import ExportError, UsageError
from core.intake.shapes import recognise
from core.services import ContentChoice, ExportOptions
from core.services.workspace import Workspace
from tests.fixtures.workspaces import bring_in, figures, new_workspace

FORMULA = '=HYPERLINK("http://x.test","click")'
RECORDS = [
    {"id": "a", "content": "Call +44 20 7946 0958 or mail kim@example.org\u202e now", "lang": "en"},
    {"id": "b", "content": FORMULA, "parent": "what?"},
    {
        "id": "c",
        "messages": [{"role": "user", "content": "<|end|>"}, {"role": "assistant", "content": "no"}],
        "target": 0,
    },
    {"id": "d", "content": "undecided 中文"},
]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w", policies=["spam"]) as made:
        runs = [
            {**record, "policy": "spam", "model": "m", "output": '{"label":"SP0","rationale":"seems fine"}',
             "reasoning": "SECRET-REASONING"}
            for record in RECORDS
        ]  # fmt: skip
        bring_in(made, runs)
        for name, label, cause, blind in (
            ("a", "SP4", Cause.POLICY_GAP, True),
            ("b", "SP2", Cause.MODEL_MISREAD, False),
            ("c", "SP0", None, False),
        ):
            key = services.find_entry(made, item_id=name, policy_id="spam")
            services.decide(
                made, key=key, label=label, cause=cause, blind=blind, rule_id=f"{label}.a", note=f"note on {name}"
            )
        yield made


def write(workspace: Workspace, what: str, format_: str, **options: Any) -> Path:
    out = workspace.folder.parent / f"out.{format_}"
    summary = services.export(workspace, what=what, out=out, format=format_, options=ExportOptions(**options))
    return summary.path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_parquet_opens_in_two_readers_and_comes_back_byte_for_byte(workspace: Workspace, tmp_path: Path) -> None:
    path = write(workspace, "items", "parquet")
    frame = pl.read_parquet(path)
    assert frame["id"].to_list() == ["a", "b", "c", "d"]
    assert json.loads(frame["verdicts"][0])[0]["label"] == "SP0"
    assert pq.read_table(path).num_rows == 4
    with new_workspace(tmp_path / "other", policies=["spam"]) as other:
        assert figures(services.import_file(other, path=path)) == (4, 4, 0, 0)
        again = services.export(other, what="items", out=tmp_path / "again.parquet", format="parquet").path
    assert again.read_bytes() == path.read_bytes()
    decisions = pl.read_parquet(write(workspace, "disagreements", "parquet"))
    assert decisions["verdict.label"].to_list() == ["SP0", "SP0"]


def test_a_dataset_folder_has_a_card_and_loads(workspace: Workspace) -> None:
    folder = write(workspace, "decisions", "hf")
    card = (folder / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(card.split("---")[1])
    [split] = front["configs"][0]["data_files"]
    assert pl.read_parquet(folder / split["path"])["label"].to_list() == ["SP4", "SP2", "SP0"]
    assert "`spam`: Spam" in card
    with pytest.raises(ExportError, match="there already"):
        services.export(workspace, what="decisions", out=folder, format="hf")
    assert not list(folder.parent.glob(".*.part"))
    with pytest.raises(ExportError, match="There is no folder"):
        services.export(workspace, what="decisions", out=folder.parent / "nowhere" / "set", format="hf")


def test_label_studio_tasks_have_the_documented_shape_and_come_back(workspace: Workspace, tmp_path: Path) -> None:
    path = write(workspace, "items", "labelstudio")
    tasks = json.loads(path.read_text(encoding="utf-8"))
    assert [len(task["annotations"]) for task in tasks] == [1, 1, 1, 0]
    for task in tasks:
        assert isinstance(task["data"]["text"], str)
        for part in (*task["annotations"], *task["predictions"]):
            [result] = part["result"]
            assert (result["from_name"], result["to_name"], result["type"]) == ("label", "text", "choices")
            assert result["value"]["choices"][0].startswith("SP")
    assert recognise(tasks) == "labelstudio"
    with new_workspace(tmp_path / "other", policies=["spam"]) as other:
        summary = services.import_file(other, path=path, policy_id="spam", decide_from="label")
        assert (figures(summary), summary.decisions) == ((4, 4, 0, 0), 3)


def test_prodigy_examples_have_the_documented_shape(workspace: Workspace) -> None:
    examples = lines(write(workspace, "items", "prodigy"))
    assert recognise(examples) == "prodigy"
    for example in examples:
        options = {option["id"] for option in example["options"]}
        assert set(example.get("accept", [])) <= options == {"SP0", "SP2", "SP3", "SP4"}
        assert all(-(2**31) <= example[name] < 2**31 for name in ("_input_hash", "_task_hash"))
    assert [example.get("answer") for example in examples] == ["accept", "accept", "accept", None]


def test_evals_sft_and_preferences_hold_the_humans_answer(workspace: Workspace) -> None:
    samples = lines(write(workspace, "decisions", "evals"))
    assert [sample["ideal"] for sample in samples] == ["SP4", "SP2", "SP0"]
    chats = lines(write(workspace, "decisions", "sft"))
    assert [turn["role"] for turn in chats[0]["messages"]] == ["system", "developer", "user", "assistant"]
    assert json.loads(chats[0]["messages"][-1]["content"])["label"] == "SP4"
    assert "# Instructions" in chats[0]["messages"][1]["content"]
    pairs = lines(write(workspace, "decisions", "preferences"))
    assert [
        (json.loads(pair["chosen"][0]["content"])["label"], json.loads(pair["rejected"][0]["content"])["label"])
        for pair in pairs
    ] == [("SP4", "SP0"), ("SP2", "SP0")]


def test_a_harmony_renderer_makes_the_prompt_that_was_judged(workspace: Workspace) -> None:
    from core.inference.harmony import Harmony
    from core.inference.prompt import prompt_text
    from core.inference.protocol import JudgeOptions

    policy = workspace.store.get_policy("spam")
    item = workspace.store.get_item("b")
    assert policy is not None
    assert item is not None
    chat = lines(write(workspace, "decisions", "sft"))[1]
    rendered = "".join(f"<|start|>{turn['role']}<|message|>{turn['content']}<|end|>" for turn in chat["messages"][:-1])
    format_ = Harmony()
    prompt = prompt_text([*format_.prefix(policy, JudgeOptions(effort=policy.effort)), *format_.content(item)])
    assert rendered + "<|start|>assistant" == prompt
    assert chat["messages"][-1]["channel"] == "final"


@pytest.mark.parametrize("format_", ["html", "pdf"])
def test_the_report_shows_policy_clause_content_and_both_sides(workspace: Workspace, format_: str) -> None:
    path = write(workspace, "disagreements", format_)
    if format_ == "pdf":
        assert path.read_bytes().startswith(b"%PDF-")
        if shutil.which("pdftotext") is None:
            return
        text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    else:
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "default-src 'none'" in text
        assert "&lt;" not in text.split("<body>")[0]
    for words in (
        "Spam", "SP4.a", "SP0 · Not spam", "Which way", "only the reviewer says it violates", "s reasoning",
        "seems fine", "The policy has a gap", "note on a", "U+202E",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("format_", ["labelstudio", "prodigy", "evals", "sft", "preferences", "html"])
@pytest.mark.parametrize("what", ["disagreements", "decisions"])
def test_reasoning_stays_out_of_what_others_read(workspace: Workspace, what: str, format_: str) -> None:
    assert "SECRET-REASONING" not in write(workspace, what, format_).read_text(encoding="utf-8")


def test_a_bundle_is_whole_or_refused(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="whole"):
        write(workspace, "disagreements", "bundle", mask=True)


@pytest.mark.parametrize("format_", [name for name in services.EXPORT_FORMATS if name != "bundle"])
def test_names_and_personal_data_stay_out_of_every_format(workspace: Workspace, format_: str) -> None:
    path = write(workspace, "disagreements", format_, pseudonyms=True, mask=True, reasoning=False)
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    shown = "".join(
        str(pl.read_parquet(each).to_dicts())
        if each.suffix == ".parquet"
        else each.read_bytes().decode("utf-8", "replace")
        for each in files
    )
    for secret in ("kim@example.org", "7946 0958", "SECRET-REASONING", "'kim'", '"kim"', "(kim"):
        assert secret not in shown, secret
    if format_ != "pdf":
        assert "[email]" in shown


@pytest.mark.parametrize("content", [ContentChoice.HASH, ContentChoice.NONE])
@pytest.mark.parametrize("what", services.EXPORT_KINDS)
def test_without_the_content_nothing_that_quotes_it_leaves(
    workspace: Workspace, what: str, content: ContentChoice
) -> None:
    text = write(workspace, what, "jsonl", content=content).read_text(encoding="utf-8")
    for quoted in ("example.org", "HYPERLINK", "note on a", "seems fine", "SECRET", "undecided"):
        assert quoted not in text
    assert ('"content_hash"' in text) == (content is ContentChoice.HASH and what != "decisions")
    with pytest.raises(UsageError, match="nothing without the content"):
        write(workspace, "decisions", "sft", content=content)


def test_exports_keep_to_cause_blindness_and_view(workspace: Workspace) -> None:
    def ids(what: str = "decisions", **options: Any) -> list[str]:
        return [record["id"] for record in lines(write(workspace, what, "jsonl", **options))]

    assert ids(blind_only=True) == ["a"]
    assert ids(causes=(Cause.MODEL_MISREAD,)) == ["b"]
    assert ids("items", causes=(Cause.MODEL_MISREAD,)) == ["b"]
    assert ids("items", view=QueueFilter((EntryState.JUDGED,))) == ["d"]
    assert ids(view=QueueFilter(search="HYPERLINK")) == ["b"]


def test_pseudonyms_are_the_same_in_every_export_of_a_workspace(workspace: Workspace, tmp_path: Path) -> None:
    names = {record["reviewer"] for record in lines(write(workspace, "decisions", "jsonl", pseudonyms=True))}
    again = {record["reviewer"] for record in lines(write(workspace, "disagreements", "jsonl", pseudonyms=True))}
    assert names == again
    [name] = names
    assert name.startswith("reviewer-")


def formulas_in(path: Path, folder: Path) -> list[str]:
    """Open a table in LibreOffice without a screen and return the formulas it found in it."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: no spreadsheet opened the CSV")
    subprocess.run(
        [office, "--headless", "--convert-to", "fods", "--outdir", str(folder), str(path)],
        check=True, timeout=120, capture_output=True, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    text = (folder / f"{path.stem}.fods").read_text(encoding="utf-8")
    assert "<table:table-row" in text
    return re.findall(r'table:formula="([^"]*)"', text)


@pytest.mark.slow
def test_a_spreadsheet_runs_no_formula(workspace: Workspace, tmp_path: Path) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text('id,content\n1,=1+1\n2,"=HYPERLINK(""http://x.test"";""y"")"\n')
    assert len(formulas_in(bare, tmp_path)) == 2  # what a guard has to keep from happening
    starts = ["", "\t", "\n", "\r\n", " ", "\xa0", "\ufeff", "\u200b", "'", '"', "\0"]
    bodies = ["=1+1", "+1+1", "-1+1", "@SUM(1;1)", "＝1+1", "=cmd|' /C calc'!A0", FORMULA, 'x";"=1+1', "x\n=1+1"]
    texts = [start + body for start in starts for body in bodies]
    bring_in(workspace, [{"id": f"=1+{n}", "content": text, "parent": text} for n, text in enumerate(texts)])
    for name, text in zip("abc", texts, strict=False):
        key = services.find_entry(workspace, item_id=name, policy_id="spam")
        services.decide(workspace, key=key, label="SP4", note=text, cause=Cause.OTHER)
    for what in services.EXPORT_KINDS:
        assert formulas_in(write(workspace, what, "csv"), tmp_path) == [], what
