"""The commands about the audit chain."""

from __future__ import annotations

import json
from pathlib import Path

from tests.core.cli.conftest import CommandLine


def test_events_are_shown_newest_first(desk: CommandLine) -> None:
    events = desk("audit", "show", "--json").document["events"]
    assert [event["kind"] for event in events] == ["policy.added", "policy.added", "workspace.created"]
    assert set(events[0]) == {"event", "at", "kind", "actor", "details", "hash"}
    assert [event["event"] for event in desk("audit", "show", "--limit", 1, "--json").document["events"]] == [3]
    assert desk("audit", "show", "--kind", "workspace", "--json").document["events"] == events[2:]
    assert desk("audit", "show", "--actor", "nobody", "--since", "2026-01-01", "--json").document == {"events": []}
    assert "policy: spam" in desk("audit", "show").out
    assert desk("audit", "show", "--since", "tomorrow").status == 2
    assert desk("audit", "show", "--limit", 0).status == 2


def test_the_chain_is_exported_once(desk: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "chain.jsonl"
    document = desk("audit", "export", "--out", out, "--json").document
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert lines[0]["format"] == "docket-audit"
    assert document["rows"] == len(lines) - 1
    again = desk("audit", "export", "--out", out, "--json")
    assert again.status == 1
    assert "never overwrites" in again.error["hint"]
