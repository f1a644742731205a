"""What importing loads, proved in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def loaded_by(module: str) -> set[str]:
    """Return the names of all modules that importing one brings along."""
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}, sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["core.services", "core.cli", "core.inference.child"])
def test_no_qt_no_model_library_no_keychain(module: str) -> None:
    loaded = loaded_by(module)
    assert module in loaded
    assert loaded.isdisjoint({"PySide6", "shiboken6", "llama_cpp", "keyring"})


def test_no_measuring_library_before_something_is_measured() -> None:
    assert loaded_by("core.cli").isdisjoint({"sklearn", "scipy", "krippendorff", "pyqtgraph", "fpdf"})


def test_help_needs_neither_the_services_nor_what_they_bring() -> None:
    loaded = loaded_by("core.cli")
    assert loaded.isdisjoint({"core.services", "core.store", "sqlalchemy", "sqlmodel", "cryptography", "numpy"})


def test_a_command_line_is_read_without_the_services() -> None:
    script = """
import sys
from core.cli import run
assert run(["--version", "--workspace", "/some/where"], open_window=lambda *_: 2) == 0
assert "core.services" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)


def test_the_services_load_what_few_need_when_it_is_needed() -> None:
    loaded = loaded_by("core.services")
    assert "core.services.trials" in loaded
    few = {"numpy", "psycopg", "pyarrow", "charset_normalizer", "tomlkit", "huggingface_hub", "httpx", "alembic"}
    assert loaded.isdisjoint(few)


def test_the_services_are_there_however_they_are_asked_for() -> None:
    script = """
from core import services
from core.services import list_models
import core.services as whole
assert services.list_models is list_models is whole.list_models
services.version = lambda: "9"
assert whole.version() == "9"
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=60)


def test_the_model_process_imports_main_again_at_no_cost() -> None:
    loaded = loaded_by("main")
    assert not {name for name in loaded if name.partition(".")[0] in {"core", "ui", "typer", "sqlmodel", "PySide6"}}


def test_the_model_process_does_without_the_database() -> None:
    assert loaded_by("core.inference.child").isdisjoint({"sqlmodel", "sqlalchemy", "sqlcipher3", "core.store"})
