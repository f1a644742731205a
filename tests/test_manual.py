"""A person who has only the manual: every command block of README and docs is run in order, as it is written.

A block that cannot run here has a comment before it that says why. The model is the smallest there is, by
`DOCKET_MODEL`, as the manual says; the sample model judges in `test_shift.py`. What a person does between two commands,
such as mending a row in an editor, is done in `BETWEEN`.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli import run
from tests.fixtures.tiny_models import write_tiny_chatml
from tests.fixtures.workspaces import write_lines

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(?:^<!-- not run: (?P<why>[^>]+) -->\n\n?)?^```sh\n(?P<text>.*?)```", re.MULTILINE | re.DOTALL)
PROGRAM = ["uv", "run", "main.py"]


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return (text, reason why it is not run) of each block."""
    found = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [(match["text"], match["why"] or "") for match in found]


def commands(page: Path) -> list[str]:
    lines = [line for text, why in blocks(page) if not why for line in text.splitlines()]
    return [line for line in lines if line.strip()]


def _a_desk(place: Path) -> None:
    """A workspace with a policy and judged items, some of them decided."""
    rows = [{"id": f"p-{n}", "content": f"Buy followers {n}"} for n in range(4)]
    _do("init --workspace a-desk")
    _do("policy add policies/spam.md")
    _do(f"import {write_lines(place / 'some.jsonl', rows)} --policy spam")
    _do("classify --fast")
    _do("decide p-0 --policy spam --label SP2")
    _do("decide p-1 --policy spam --label SP0")


def _a_quarantine(place: Path) -> None:
    _a_desk(place)
    more = [{"id": f"q-{n}", "content": f"Go away {n}", "policy": "harassment"} for n in range(2)]
    _do(f"import {write_lines(place / 'more.jsonl', more)}")
    rows = [{"id": f"q-{n}", "policy": "harassment", "label": "HR0", "reviewer": "bo"} for n in range(2)]
    _do(f"import {write_lines(place / 'early.jsonl', rows)} --format decisions", status=1)
    (place / "torn.jsonl").write_text('{"id": "q-2", "content": \n', encoding="utf-8")
    _do("import torn.jsonl --format jsonl", status=1)


def _a_file_to_import(place: Path) -> None:
    write_lines(
        place / "posts.jsonl", [{"id": "1", "content": "Buy followers"}, {"id": "2", "content": "Good morning"}]
    )


PREPARED: dict[str, Callable[[Path], None]] = {
    "README.md": _a_file_to_import,
    "import.md": _a_quarantine,
    "models.md": _a_desk,
    "policies.md": _a_desk,
    "administration.md": _a_desk,
}


def _mend(place: Path) -> None:
    (place / "row.txt").write_text(json.dumps({"id": "q-2", "content": "text", "policy": "spam"}), encoding="utf-8")


def _change_policy(place: Path) -> None:
    text = (ROOT / "policies" / "spam.md").read_text(encoding="utf-8")
    (place / "spam.md").write_text(text.replace("title: Spam", "title: Spam and scams"), encoding="utf-8")


BETWEEN: dict[str, Callable[[Path], None]] = {
    "quarantine mend": _mend,
    "quarantine retry": lambda _: _do("policy add policies/harassment.md"),
    "policy draft save": _change_policy,
}
"""Before the command that begins so."""


def _do(line: str, status: int = 0) -> None:
    words = shlex.split(line, comments=True)
    assert run(words, open_window=lambda *_: 0) == status, line


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.name)
def test_every_command_works_as_written(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("policies", "resources"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DOCKET_PASSPHRASE", "long enough")
    monkeypatch.setenv("DOCKET_MODEL", str(write_tiny_chatml(tmp_path / "tiny.gguf", window=8192)))
    PREPARED.get(page.name, lambda _: None)(tmp_path)
    for line in commands(page):
        words = shlex.split(line, comments=True)
        assert words[:3] == PROGRAM, f"{line}: mark a block that is not Docket's with why it is not run"
        rest = " ".join(words[3:])
        for beginning, do in BETWEEN.items():
            if rest.startswith(beginning):
                do(tmp_path)
        _do(line.removeprefix("uv run main.py"))
    if page.name == "quick-start.md":
        assert (tmp_path / "decisions.jsonl").read_text(encoding="utf-8").count("\n") == 1
        assert (tmp_path / "my-desk.backup").stat().st_size > 0


def test_the_quick_start_opens_the_window_and_leaves_nothing_out() -> None:
    quick_start = ROOT / "docs" / "quick-start.md"
    assert "uv run main.py" in commands(quick_start)
    assert len(commands(quick_start)) > 10
    assert all(not why for _, why in blocks(quick_start))


def test_a_block_that_is_not_run_says_why() -> None:
    reasons = [why for page in PAGES for _, why in blocks(page) if why]
    assert reasons
    assert all(len(why.split()) > 3 for why in reasons)
