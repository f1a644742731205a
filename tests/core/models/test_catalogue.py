"""Finding models by id, file name and path; split files; what cannot be used says why."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from core.errors import ModelFileError
from core.models.catalogue import file_sha256, installed_models, resolve_model, sample_path, split_parts
from tests.fixtures.tiny_models import write_tiny_chatml, write_tiny_gpt_oss


def test_a_path_and_a_name_in_the_folder_find_the_same(tmp_path: Path) -> None:
    path = write_tiny_gpt_oss(tmp_path / "mine.gguf")
    by_path = resolve_model(str(path), folder=tmp_path / "none")
    by_name = resolve_model("mine", folder=tmp_path)
    assert by_path.path == by_name.path.resolve()
    assert by_path.prompt_format == "harmony"
    assert by_path.size_bytes == path.stat().st_size
    assert not by_path.is_sample


@pytest.mark.sample_model
def test_the_sample_model_is_found_and_known_as_such() -> None:
    path = sample_path()
    assert path is not None
    by_id = resolve_model("sample", folder=path.parent / "none")
    assert by_id.is_sample
    assert by_id.prompt_format == "chatml"
    assert resolve_model(str(path), folder=path.parent / "none").is_sample


def test_a_catalogue_model_that_is_not_here_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError) as caught:
        resolve_model("gpt-oss-safeguard-20b", folder=tmp_path)
    assert str(tmp_path) in caught.value.hint


def test_a_catalogue_model_is_found_by_the_start_of_its_file_name(tmp_path: Path) -> None:
    write_tiny_gpt_oss(tmp_path / "gpt-oss-safeguard-20b-MXFP4.gguf")
    assert resolve_model("gpt-oss-safeguard-20b", folder=tmp_path).prompt_format == "harmony"


def test_a_name_that_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no model"):
        resolve_model("nothing-of-the-kind", folder=tmp_path)


def test_missing_parts_are_named(tmp_path: Path) -> None:
    first = tmp_path / "big-00001-of-00003.gguf"
    write_tiny_chatml(first)
    (tmp_path / "big-00003-of-00003.gguf").write_bytes(first.read_bytes())
    with pytest.raises(ModelFileError, match="big-00002-of-00003"):
        split_parts(first)
    with pytest.raises(ModelFileError, match="not the first part"):
        split_parts(tmp_path / "big-00003-of-00003.gguf")
    assert installed_models(tmp_path)[0].problem


def test_a_damaged_file_is_listed_with_its_problem(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"not a model")
    found = installed_models(tmp_path)
    assert [model.id for model in found] == ["bad"]
    assert "not a GGUF" in found[0].problem


def test_sha256_with_progress(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x" * 1000)
    seen: list[tuple[int, int]] = []
    assert (
        file_sha256(path, progress=lambda done, total: seen.append((done, total)))
        == hashlib.sha256(b"x" * 1000).hexdigest()
    )
    assert seen == [(1000, 1000)]
