"""The bundle for support holds what helps and nothing of content, people or places: canaries are looked for in it."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from core import services
from core.errors import ExportError
from core.paths import faults_file
from tests.fixtures.workspaces import new_workspace, write_lines

CANARY = "KANARIENVOGEL"


def everything_in(path: Path) -> str:
    with zipfile.ZipFile(path) as bundle:
        return "\n".join([*bundle.namelist(), *(bundle.read(name).decode() for name in bundle.namelist())])


def test_no_canary_of_content_people_or_places_gets_in(tmp_path: Path) -> None:
    items = write_lines(
        tmp_path / "items.jsonl",
        [{"id": f"{CANARY}-id", "content": f"{CANARY} content", "policy": "spam", "metadata": {CANARY: CANARY}}],
    )
    with new_workspace(tmp_path / f"{CANARY}-place") as workspace:
        services.import_file(workspace, path=items)
        workspace.reviewer = f"{CANARY}-reviewer"
        key = services.find_entry(workspace, item_id=f"{CANARY}-id")
        services.decide(workspace, key=key, label="SP2", note=f"{CANARY} note")
        workspace.settings = replace(
            workspace.settings, model=f"/{CANARY}/m.gguf", remote_hosts=(f"{CANARY}.test",), reviewer=CANARY, threads=3
        )
        faults_file().parent.mkdir(parents=True, exist_ok=True)
        faults_file().write_text("builtins.KeyError\n  core/x.py:1 f\n", encoding="utf-8")
        path = services.write_support_bundle(workspace, out=tmp_path / "support.zip")
    text = everything_in(path)
    assert CANARY not in text
    assert str(tmp_path) not in text
    assert str(Path.home()) not in text.replace('"', "") or str(Path.home()) == "/"
    with zipfile.ZipFile(path) as bundle:
        workspace_part = json.loads(bundle.read("workspace.json"))
        checks = {check["name"]: check for check in json.loads(bundle.read("checks.json"))}
    assert workspace_part["entries"]["decided"] == 1
    assert workspace_part["settings"]["threads"] == 3
    assert workspace_part["remote_hosts"] == 1
    assert checks["workspace"]["detail"] == ""
    assert "llama-cpp-python" in checks["model runtime"]["detail"]
    assert "KeyError" in text


def test_without_a_workspace_and_never_over_a_file(tmp_path: Path) -> None:
    path = services.write_support_bundle(None, out=tmp_path / "support.zip")
    before = path.read_bytes()
    with pytest.raises(ExportError, match="exists"):
        services.write_support_bundle(None, out=path)
    assert path.read_bytes() == before
