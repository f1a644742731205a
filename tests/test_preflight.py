"""The compiler check that runs before llama-cpp-python is built."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PREFLIGHT = ROOT / ".ci" / "preflight"


def build(target: Path, path: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build the empty wheel as uv does: in a process of its own, inside the backend's folder."""
    return subprocess.run(
        [sys.executable, "-c", "import sys, preflight; print(preflight.build_wheel(sys.argv[1]))", str(target)],
        cwd=PREFLIGHT,
        env={**{name: value for name, value in os.environ.items() if name not in {"CC", "CXX"}}, "PATH": path}
        | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def compilers(tmp_path: Path) -> Path:
    """A folder with programs of the names of a C and a C++ compiler."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cc", "c++"):
        (folder / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="compilers are not looked for on PATH there")
def test_without_a_compiler_one_line_names_what_to_install(tmp_path: Path) -> None:
    ended = build(tmp_path, str(tmp_path))
    assert ended.returncode != 0
    [line] = ended.stderr.splitlines()
    assert "C and C++ compiler" in line
    assert "install" in line
    assert not list(tmp_path.glob("*.whl"))


@pytest.mark.skipif(sys.platform == "win32", reason="compilers are not looked for on PATH there")
def test_half_a_compiler_is_none(tmp_path: Path, compilers: Path) -> None:
    (compilers / "c++").unlink()
    assert build(tmp_path, str(compilers)).returncode != 0
    assert build(tmp_path, str(compilers), CXX=str(compilers / "cc")).returncode == 0


def test_with_a_compiler_an_empty_wheel_is_built(tmp_path: Path, compilers: Path) -> None:
    ended = build(tmp_path, str(compilers))
    assert ended.returncode == 0, ended.stderr
    with zipfile.ZipFile(tmp_path / ended.stdout.strip()) as wheel:
        assert wheel.testzip() is None
        assert {name.rpartition("/")[2] for name in wheel.namelist()} == {"METADATA", "WHEEL", "RECORD"}


def test_the_check_is_installed_with_the_model_library() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    settings = document["tool"]["uv"]
    assert "docket-preflight" in document["project"]["dependencies"]
    assert "extra-build-dependencies" not in settings  # it would tie the compiled wheel to the path of one clone
    assert (ROOT / settings["sources"]["docket-preflight"]["path"] / "pyproject.toml").is_file()
