"""The pages that tell people how to use and change Docket, held against the program."""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from core.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "policies" / "golden").glob("*.md")]
EVERYWHERE = {"--workspace", "--json", "--help"}
ROW = re.compile(r"^\| `main\.py(?P<words>(?: [a-z][a-z-]*)*)(?P<rest>[^`]*)` \|", re.MULTILINE)
SECTION = re.compile(r"^##+ `main\.py(?P<words>(?: [a-z][a-z-]*)*)(?P<rest>.*(?:\n(?!#).*)*)", re.MULTILINE)
"""A command of docs/commands.md: its heading and everything up to the next one."""


def program_commands() -> dict[str, set[str]]:
    """Every command of --help with its own long options."""
    return dict(_walk("", get_command(app)))


def _walk(path: str, command: Any) -> Iterator[tuple[str, set[str]]]:
    children = getattr(command, "commands", None)
    if children is None:
        names = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
        yield path, names - EVERYWHERE
        return
    for name, child in children.items():
        yield from _walk(f"{path} {name}".strip(), child)


def listed_commands(page: str, command: re.Pattern[str], option: str) -> dict[str, set[str]]:
    """Every command the page lists with the long options it gives there; the bare program is left out."""
    listed: dict[str, set[str]] = {}
    for found in command.finditer(page):
        words = found["words"].strip()
        # The kinds of `export` stand where a sub-command would.
        name = "export" if words.startswith("export") else words
        if name:
            listed.setdefault(name, set()).update(re.findall(option, found["rest"], re.MULTILINE))
    return listed


def test_the_command_reference_is_what_the_program_says() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    reference = runpy.run_path(str(ROOT / "docs" / "write_commands.py"))["reference"]
    assert written == reference(), "run `uv run python docs/write_commands.py`"


def test_the_command_reference_has_every_command_with_every_option_and_no_other() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert listed_commands(page, SECTION, r"^\| `(--[a-z0-9-]+)") == program_commands()


def test_what_the_readme_lists_is_a_command_with_such_options() -> None:
    known = program_commands()
    listed = listed_commands(README, ROW, r"--[a-z0-9-]+")
    assert len(listed) > 20
    assert {
        name: options - known.get(name, set())
        for name, options in listed.items()
        if name not in known or options - known[name]
    } == {}


@pytest.mark.parametrize("command", ["pip install uv && uv run main.py demo --headless", "uv run pytest"])
def test_the_two_commands_stand_in_the_readme_word_for_word_and_first(command: str) -> None:
    blocks = re.findall(r"^```sh\n(.*?)```", README, re.MULTILINE | re.DOTALL)
    assert command in [block.strip() for block in blocks[:2]]


def test_every_command_has_a_line_of_help() -> None:
    def check(command: Any) -> None:
        assert command.help, command.name
        for child in getattr(command, "commands", {}).values():
            check(child)

    check(get_command(app))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def test_the_modules_that_architecture_names_are_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:core|ui|tests|docs|policies)/[\w/.]+)`", text)
    assert len(named) > 15
    assert [path for path in named if "NAME" not in path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda page: page.name)
def test_a_decision_record_is_one_short_page_with_a_number(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 40
    assert lines[0].startswith(f"# {page.name[:4]}: ")


def test_no_two_decision_records_share_a_number() -> None:
    numbers = [page.name[:4] for page in (ROOT / "docs" / "adr").glob("*.md")]
    assert sorted(numbers) == sorted(set(numbers))


def test_the_changelog_has_a_place_for_what_is_new() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_what_the_readme_says_of_the_demo_is_so() -> None:
    from core.services import DEMO_ITEMS

    assert DEMO_ITEMS == 12
    assert "judges twelve items" in README
    assert "sample items to judge (else 12)" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
