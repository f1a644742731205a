"""The frame: arguments, exit statuses, and errors as a person or a program meets them."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from core import services
from core.cli.app import app
from core.errors import AppError
from tests.core.cli.conftest import CommandLine
from tests.fixtures.workspaces import write_lines

ROOT = Path(__file__).resolve().parents[3]


def test_without_a_command_the_desk_opens_on_the_workspace_used_last(desk: CommandLine) -> None:
    assert desk().status == 0
    assert desk.opened == [(desk.folder, False)]


def test_without_a_workspace_the_desk_opens_its_first_page(cli: CommandLine) -> None:
    assert cli().status == 0
    assert cli.opened == [(None, False)]


def test_the_desk_opens_on_the_workspace_named(cli: CommandLine, tmp_path: Path) -> None:
    cli("--workspace", tmp_path)
    assert cli.opened == [(tmp_path, False)]


def test_the_status_of_the_window_is_the_status_of_the_program(cli: CommandLine) -> None:
    cli.window = lambda: 3
    assert cli().status == 3


def test_help_lists_the_commands_and_nothing_else(cli: CommandLine) -> None:
    ended = cli("--help")
    assert ended.status == 0
    listed = ended.out.partition("Commands:\n")[2].splitlines()
    names = {line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "}
    assert names == set(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("family", [(), ("policy",), ("policy", "draft"), ("second-opinion",), ("keys",)])
def test_help_cuts_no_sentence_off(cli: CommandLine, family: tuple[str, ...]) -> None:
    assert "..." not in cli(*family, "--help").out.partition("Commands:")[2]


@pytest.mark.parametrize(
    "arguments",
    [("frobnicate",), ("queue", "--limit", "many"), ("import",), ("export", "everything", "--out", "x"), ("--frob",)],
)
def test_wrong_usage_is_status_2_with_the_reason(desk: CommandLine, arguments: tuple[str, ...]) -> None:
    plain = desk(*arguments)
    assert (plain.status, plain.out) == (2, "")
    assert "Error: " in plain.err
    as_json = desk(*arguments, "--json")
    assert as_json.status == 2
    assert as_json.error["message"] in plain.err.replace("\n", " ")


def test_a_wrong_word_cannot_steer_the_terminal(desk: CommandLine) -> None:
    ended = desk("\x1b[31mqueue")
    assert ended.status == 2
    assert r"\x1b[31mqueue" in ended.err
    assert "\x1b" not in ended.err


@pytest.mark.parametrize("command", ["queue", "stats", "verify", "classify"])
def test_without_any_workspace_the_error_says_how_to_get_one(cli: CommandLine, command: str) -> None:
    ended = cli(command)
    assert (ended.status, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 1
    assert "main.py init" in ended.err
    assert "main.py init" in cli(command, "--json").error["hint"]


def test_options_may_stand_before_the_command(desk: CommandLine) -> None:
    assert desk("--json", "--workspace", desk.folder, "queue").document == {"total": 0, "items": []}


def test_the_workspace_may_come_from_the_environment(
    desk: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKET_WORKSPACE", str(tmp_path / "elsewhere"))
    assert "elsewhere" in desk("queue", "--json").error["message"]


def test_a_workspace_that_was_typed_wins_over_the_environment_on_either_side_of_the_command(
    desk: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKET_WORKSPACE", str(desk.folder))
    other = str(tmp_path / "other")
    for line in (("--workspace", other, "queue"), ("queue", "--workspace", other)):
        ended = desk(*line, "--json")
        assert (ended.status, other in ended.error["message"]) == (1, True)


def test_a_wrong_word_is_answered_without_the_parsers_own_words(desk: CommandLine) -> None:
    plain, told = desk("queue", "--sort", "rsk"), desk("queue", "--sort", "rsk", "--json")
    for text in (plain.err, told.error["message"]):
        assert "'rsk' is not one of 'risk'" in text
        assert "Value error" not in text


def test_a_wrong_passphrase_is_a_clear_refusal(desk: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_PASSPHRASE", "not the right one")
    ended = desk("queue", "--json")
    assert ended.status == 1
    assert ended.error["title"] == "The workspace is locked"


def test_a_known_failure_of_the_window_is_one_line(cli: CommandLine) -> None:
    def refuse() -> int:
        raise AppError("Nothing to see.", "Look away.", title="No")

    cli.window = refuse
    ended = cli()
    assert (ended.status, ended.out, ended.err) == (1, "", "No: Nothing to see. Look away.\n")


def test_a_fault_shows_no_traceback_and_its_log_holds_no_content(cli: CommandLine) -> None:
    def fail() -> int:
        try:
            return {"known": 0}["confidential content"]
        except KeyError as error:
            raise RuntimeError("more confidential content") from error

    cli.window = fail
    ended = cli()
    assert ended.status == 1
    assert len(ended.err.splitlines()) == 1
    assert "Traceback" not in ended.err
    log = services.default_workspace_folder().parent / "faults.log"
    assert str(log) in ended.err
    written = log.read_text(encoding="utf-8")
    assert "confidential" not in written + ended.err
    assert "builtins.RuntimeError" in written
    assert "builtins.KeyError" in written
    assert "test_app.py" in written
    assert str(log) in cli("--json").error["hint"]


def test_an_interrupt_is_status_130_without_a_traceback(cli: CommandLine) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    cli.window = interrupt
    ended = cli()
    assert ended.status == 128 + signal.SIGINT
    assert "Traceback" not in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end differently on Windows")
def test_a_reader_that_goes_away_ends_the_command_quietly(desk: CommandLine, tmp_path: Path) -> None:
    many = [{"id": f"i-{n}", "content": "word " * 400, "policy": "spam"} for n in range(300)]
    assert desk("import", write_lines(tmp_path / "many.jsonl", many)).status == 0
    with subprocess.Popen(
        [sys.executable, "main.py", "queue", "--json", "--workspace", desk.folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(20).startswith(b'{"total": 300')
        process.stdout.close()
        assert process.wait(30) == 128 + signal.SIGPIPE
        assert process.stderr.read() == b""
