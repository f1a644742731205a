"""The verbs that bring models here: names of the catalogue, names of the hub, files, and the probe."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core import services
from core.errors import UsageError
from core.models.catalogue import CATALOGUE
from core.paths import models_folder
from tests.fixtures.hub_server import REPO, HubServer, running
from tests.fixtures.tiny_models import write_tiny_chatml, write_tiny_gpt_oss


def test_a_name_of_the_catalogue_chooses_the_best_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_tiny_gpt_oss(tmp_path / "m.gguf").read_bytes()
    entry = next(known for known in CATALOGUE if known.id == "gpt-oss-safeguard-20b")
    monkeypatch.setattr("tests.fixtures.hub_server.REPO", entry.hub)
    names = [f"gpt-oss-safeguard-20b-{build}.gguf" for build in ("Q4_K_M", "F16", "Q8_0")]
    with running(HubServer(dict.fromkeys(names, data))) as hub:
        path = services.download_model(wanted=entry.id, mirror=hub.endpoint)
    assert path == models_folder() / names[1]
    listed = {model.id: model for model in services.list_models()}
    assert listed["gpt-oss-safeguard-20b"].path == path
    assert services.verify_models() == [(path, "")]


def test_the_sample_is_not_downloaded() -> None:
    with pytest.raises(UsageError, match="not downloaded"):
        services.download_model(wanted="sample", mirror="http://127.0.0.1:9")


def test_verify_tells_damage_as_a_line(tmp_path: Path) -> None:
    [placed] = services.add_model(path=write_tiny_gpt_oss(tmp_path / "a.gguf"))
    (models_folder() / "b.gguf").write_bytes(placed.path.read_bytes()[:3000])
    results = dict(services.verify_models())
    assert results[placed.path] == ""
    assert "damaged" in results[models_folder() / "b.gguf"]
    with pytest.raises(UsageError, match="no model c"):
        services.verify_models(names=["c"])


def test_every_model_of_the_catalogue_is_fitted() -> None:
    fits = services.fit_models()
    assert [one.id for one in fits] == [entry.id for entry in CATALOGUE]
    assert all(one.fit.reasons or one.fit.fits is services.Fits.YES for one in fits)
    with pytest.raises(UsageError):
        services.fit_models(names=["nothing"])


def test_a_probe_measures_a_model_that_is_here() -> None:
    models_folder().mkdir(parents=True, exist_ok=True)
    write_tiny_chatml(models_folder() / "tiny.gguf", window=8192)
    [one] = services.fit_models(names=["tiny"], probe=True)
    assert one.probe is not None
    assert one.probe.items == 4
    assert one.probe.seconds > 0
    assert one.probe.output_tokens > 0
    assert one.probe.items_per_hour == pytest.approx(4 * 3600 / one.probe.seconds)


def test_a_downloaded_model_is_named_by_repository(tmp_path: Path) -> None:
    data = write_tiny_gpt_oss(tmp_path / "m.gguf").read_bytes()
    with running(HubServer({"x.gguf": data})) as hub:
        path = services.download_model(wanted=REPO, mirror=hub.endpoint)
    shutil.copy(path, tmp_path / "copy.gguf")
    assert path.name == "x.gguf"
