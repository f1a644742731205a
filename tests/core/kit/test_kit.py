"""The kit: laid out, refused where it must be, and installed on the other side of an air gap."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import pytest

from core import services
from core.errors import ExportError
from core.kit import build
from tests.fixtures.tiny_models import write_tiny_chatml


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kit of two wheels: what the whole one does, in a second."""

    def few(*_requirements: object, **_options: object) -> list[metadata.Distribution]:
        return [metadata.distribution(name) for name in ("platformdirs", "filelock")]

    monkeypatch.setattr(build, "distributions", few)


def install(kit: Path, *arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(kit / "install.py"), *map(str, arguments)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "DOCKET_HOME": str(home / "docket")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)


@pytest.mark.usefixtures("small")
def test_every_file_has_its_sum_and_damage_is_refused(tmp_path: Path) -> None:
    kit = services.make_kit(out=tmp_path / "kit", models=[str(write_tiny_chatml(tmp_path / "m.gguf"))])
    assert (kit.wheels, kit.models) == (2, ("m.gguf",))
    stated = {line.partition("  ")[2] for line in (kit.folder / "SHA256SUMS").read_text().splitlines()}
    there = {path.relative_to(kit.folder).as_posix() for path in kit.folder.rglob("*") if path.is_file()}
    assert stated == there - {"SHA256SUMS"}
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in kit.folder.rglob("*"))  # others install it
    assert "app/main.py" in stated
    assert not any("__pycache__" in name for name in stated)
    model = kit.folder / "models" / "m.gguf"
    model.write_bytes(model.read_bytes()[:-1] + b"!")
    ended = install(kit.folder, "--to", tmp_path / "there", home=tmp_path)
    assert ended.returncode == 1
    assert "models/m.gguf is damaged" in ended.stderr
    assert not (tmp_path / "there").exists()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("harm", ["added", "removed", "other python"])
def test_a_kit_that_is_not_as_it_was_made_is_refused(tmp_path: Path, harm: str) -> None:
    folder = services.make_kit(out=tmp_path / "kit").folder
    if harm == "added":
        (folder / "wheels" / "extra.whl").write_bytes(b"")
    elif harm == "removed":
        (folder / "app" / "main.py").unlink()
    else:
        about = json.loads((folder / "kit.json").read_text())
        (folder / "kit.json").write_text(json.dumps(about | {"python": "2.7"}))
    ended = install(folder, "--to", tmp_path / "there", home=tmp_path)
    assert ended.returncode == 1
    word = {"added": "not part of this kit", "removed": "missing", "other python": "python 2.7"}[harm]
    assert word in ended.stderr
    assert not (tmp_path / "there").exists()


@pytest.mark.usefixtures("small")
def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / "mine").write_text("keep")
    with pytest.raises(ExportError, match="not empty"):
        services.make_kit(out=tmp_path / "kit")
    assert [entry.name for entry in (tmp_path / "kit").iterdir()] == ["mine"]
    folder = services.make_kit(out=tmp_path / "other").folder
    ended = install(folder, "--to", tmp_path / "kit", home=tmp_path)
    assert "not empty" in ended.stderr


def without_network(command: Sequence[object], *, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a network namespace that holds nothing, not even loopback."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "DOCKET_HOME": str(home / "docket"), "LANG": "C.UTF-8",
        "DOCKET_PASSPHRASE": "long enough", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }  # fmt: skip
    words = ["unshare", "--net", *map(str, command)]
    return subprocess.run(words, capture_output=True, text=True, check=False, env=environment, timeout=900)


@pytest.mark.slow
@pytest.mark.sample_model
@pytest.mark.skipif(shutil.which("unshare") is None or os.getuid() != 0, reason="needs root for a network namespace")
def test_the_whole_kit_installs_and_judges_without_a_network(tmp_path: Path) -> None:
    kit = services.make_kit(out=tmp_path / "kit", models=["sample"]).folder
    target = tmp_path / "there"
    ended = without_network([sys.executable, kit / "install.py", "--to", target], home=tmp_path)
    assert ended.returncode == 0, ended.stderr
    shutil.rmtree(kit)  # the other side keeps nothing of the stick
    demo = without_network(
        [target / "docket", "demo", "--headless", "--limit", "2", "--json", "--out", tmp_path / "out"], home=tmp_path
    )
    assert demo.returncode == 0, demo.stderr
    assert len(json.loads(demo.stdout)["verdicts"]) == 2
    listed = without_network([target / "docket", "model", "list", "--json"], home=tmp_path)
    [model] = [one for one in json.loads(listed.stdout)["models"] if one["id"].startswith("SmolLM2")]
    assert model["installed"]
