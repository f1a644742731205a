"""`model list`: what is known and what is here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.paths import models_folder
from tests.core.cli.conftest import CommandLine


@pytest.mark.sample_model
def test_the_sample_is_listed_as_here_and_as_near_chance(cli: CommandLine) -> None:
    [sample] = [model for model in cli("model", "list", "--json").document["models"] if model["is_sample"]]
    assert sample["installed"]
    assert Path(sample["path"]).stat().st_size == sample["size_bytes"]
    assert "near chance" in sample["note"]


def test_known_models_are_listed_before_they_are_here(cli: CommandLine) -> None:
    models = {model["id"]: model for model in cli("model", "list", "--json").document["models"]}
    assert not models["gpt-oss-safeguard-20b"]["installed"]
    assert models["gpt-oss-safeguard-20b"]["prompt_format"] == "harmony"


def test_files_of_the_models_folder_are_listed_and_damaged_ones_marked(cli: CommandLine, tiny_model: Path) -> None:
    models_folder().mkdir(parents=True)
    shutil.copy(tiny_model, models_folder() / "mine.gguf")
    shutil.copy(tiny_model, models_folder() / "gpt-oss-safeguard-20b-Q4.gguf")
    (models_folder() / "broken.gguf").write_bytes(b"GGUF")
    models = {model["id"]: model for model in cli("model", "list", "--json").document["models"]}
    assert models["mine"]["installed"]
    assert models["mine"]["prompt_format"] == "chatml"
    assert models["gpt-oss-safeguard-20b"]["path"].endswith("gpt-oss-safeguard-20b-Q4.gguf")
    assert "gpt-oss-safeguard-20b-Q4" not in models
    assert not models["broken"]["installed"]
    assert models["broken"]["note"]
    assert "damaged" in cli("model", "list").out
