"""Wheels made of what is installed: the same files, sums that hold, names an installer takes."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from core.errors import ExportError
from core.kit.wheels import closure, pack_wheel


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


@pytest.mark.parametrize("name", ["platformdirs", "sqlcipher3", "typer", "pyrage"])
def test_a_wheel_holds_the_installed_files_and_its_record_holds(name: str, tmp_path: Path) -> None:
    distribution = metadata.distribution(name)
    path = pack_wheel(distribution, tmp_path)
    inside = members(path)
    [record_name] = [member for member in inside if member.endswith(".dist-info/RECORD")]
    rows = {row[0]: row[1] for row in csv.reader(io.StringIO(inside.pop(record_name).decode())) if row[1]}
    assert rows.keys() == inside.keys()
    for member, stated in rows.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(inside[member]).digest()).rstrip(b"=").decode()
        assert stated == f"sha256={digest}"
        if ".data/" not in member:
            assert Path(str(distribution.locate_file(member))).read_bytes() == inside[member]
    assert not any("__pycache__" in member or member.endswith("INSTALLER") for member in inside)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.mkdir(), two.mkdir()
    distribution = metadata.distribution("platformdirs")
    assert pack_wheel(distribution, one).read_bytes() == pack_wheel(distribution, two).read_bytes()


def test_a_binary_wheel_keeps_its_platform(tmp_path: Path) -> None:
    name = pack_wheel(metadata.distribution("sqlcipher3"), tmp_path).name
    assert f"cp3{sys.version_info.minor}" in name
    assert not name.endswith("none-any.whl")


def test_the_closure_follows_dependencies_extras_and_markers() -> None:
    names = {
        distribution.name.lower() for distribution in closure(["psycopg[binary]", "typer", "x; python_version<'3'"])
    }
    assert {"psycopg", "psycopg-binary", "typer", "rich"} <= names
    assert "psycopg-c" not in names


def test_a_distribution_can_be_left_out_or_be_told_its_needs() -> None:
    assert closure(["typer"], skip=frozenset({"typer"})) == []
    assert [distribution.name for distribution in closure(["typer"], instead={"typer": []})] == ["typer"]


def test_what_is_not_installed_is_told() -> None:
    with pytest.raises(ExportError, match="no-such-thing is not installed"):
        closure(["no_such.thing"])
