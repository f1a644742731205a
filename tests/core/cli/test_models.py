"""The commands about models: what is known, what is here, what comes, and whether it is sound and runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.paths import models_folder
from tests.core.cli.conftest import CommandLine
from tests.fixtures.hub_server import REPO, HubServer, running


@pytest.mark.sample_model
def test_the_sample_is_listed_as_here_and_as_near_chance(cli: CommandLine) -> None:
    [sample] = [model for model in cli("model", "list", "--json").document["models"] if model["is_sample"]]
    assert sample["installed"]
    assert Path(sample["path"]).stat().st_size == sample["size_bytes"]
    assert "near chance" in sample["note"].lower()


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


def test_a_model_is_downloaded_verified_and_found_damaged(cli: CommandLine, tiny_model: Path) -> None:
    with running(HubServer({"guard.gguf": tiny_model.read_bytes()})) as hub:
        ended = cli("model", "download", REPO, "--mirror", hub.endpoint, "--json")
    path = Path(ended.document["path"])
    assert path == models_folder() / "guard.gguf"
    assert cli("model", "verify", "--json").document["ok"]
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    ended = cli("model", "verify", "guard", "--json")
    assert ended.status == 1
    assert not ended.document["ok"]
    assert "DAMAGED" in cli("model", "verify").out


def test_a_hub_that_is_not_there_is_a_clear_error(cli: CommandLine) -> None:
    ended = cli("model", "download", REPO, "--mirror", "http://127.0.0.1:9", "--json")
    assert ended.status == 1
    assert "connection" in ended.error["message"]


def test_a_file_is_added_and_its_sum_compared(cli: CommandLine, tiny_model: Path) -> None:
    refused = cli("model", "add", tiny_model, "--sha256", "0" * 64, "--json")
    assert refused.status == 1
    [added] = cli("model", "add", tiny_model, "--json").document["files"]
    again = cli("model", "add", tiny_model, "--sha256", added["sha256"], "--json").document["files"][0]
    assert again["vouched"]
    assert again["way"] == "already there"
    assert "already there" in cli("model", "add", tiny_model).out


def test_fit_says_which_models_run(cli: CommandLine) -> None:
    models = {model["id"]: model for model in cli("model", "fit", "--json").document["models"]}
    assert models["sample"]["installed"]
    assert models["gpt-oss-safeguard-120b"]["memory_bytes"] > 59 * 1024**3
    assert models["sample"]["probe"] is None
    assert "not measured" in cli("model", "fit", "sample").out
