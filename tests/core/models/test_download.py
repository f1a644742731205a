"""Downloads with the real hub library from a server that plays the hub: each ends checked or in a clear state."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import CancelledError, DownloadError, ModelFileError, UsageError
from core.models import download as module
from core.models.catalogue import installed_models
from core.models.download import DownloadProgress, download
from core.models.hub import Hub, HubPlan, parse_source
from core.models.provenance import read_provenance
from tests.fixtures.hub_server import COMMIT, REPO, HubServer, running
from tests.fixtures.tiny_models import write_tiny_gpt_oss

FILE = "guard.gguf"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_tiny_gpt_oss(tmp_path_factory.mktemp("hub") / FILE).read_bytes()


@pytest.fixture
def hub(model: bytes) -> Iterator[HubServer]:
    with running(HubServer({FILE: model, "README.md": b"# A model"})) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def plan_of(hub: HubServer, text: str = REPO) -> HubPlan:
    return Hub(endpoint=hub.endpoint).plan(parse_source(text))


def fetch(hub: HubServer, folder: Path, **options: object) -> Path:
    return download(plan_of(hub), source=Hub(endpoint=hub.endpoint), folder=folder, **options)  # type: ignore[arg-type]


def fetch_until_done(hub: HubServer, folder: Path) -> Path:
    """Run the same command again as long as it asks for that; nothing may be ready before the end."""
    for _ in range(40):
        with contextlib.suppress(DownloadError):
            return fetch(hub, folder)
        assert ready(folder) == []
    raise AssertionError("it never ended")


def ready(folder: Path) -> list[str]:
    """The files a person could load now."""
    return [found.path.name for found in installed_models(folder)]


def test_a_model_arrives_checked_with_its_origin(hub: HubServer, folder: Path, model: bytes) -> None:
    told: list[DownloadProgress] = []
    path = fetch(hub, folder, progress=told.append)
    assert path.read_bytes() == model
    origin = read_provenance(path)
    assert origin is not None
    assert (origin.sha256, origin.revision) == (hashlib.sha256(model).hexdigest(), COMMIT)
    assert origin.source == f"{REPO}/{FILE}"
    assert told[-1].done == told[-1].total == len(model)
    assert {news.phase for news in told} == {"fetching", "checking"}
    assert sorted(entry.name for entry in folder.iterdir() if not entry.name.endswith(".lock")) == [
        FILE, f"{FILE}.origin.json",
    ]  # fmt: skip


def test_what_is_there_is_not_fetched_again(hub: HubServer, folder: Path) -> None:
    fetch(hub, folder)
    fetch(hub, folder)
    assert len(hub.got(FILE)) == 1


def test_the_revision_is_pinned_to_a_commit(hub: HubServer) -> None:
    assert plan_of(hub, f"{REPO}@main").commit == COMMIT


@pytest.mark.parametrize("cuts", [3, pytest.param(30, marks=pytest.mark.slow)])
def test_a_connection_cut_at_random_goes_on_where_it_stopped(
    hub: HubServer, folder: Path, model: bytes, cuts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 4096)
    hub.cuts = cuts
    assert fetch_until_done(hub, folder).read_bytes() == model
    assert hub.cuts == 0
    ranges = [ranged for ranged in hub.got(FILE) if ranged]
    assert ranges, "it went on rather than begin again"


def test_stopping_keeps_what_came_and_the_next_run_goes_on(
    hub: HubServer, folder: Path, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel = threading.Event()
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 4096)

    def stop(news: DownloadProgress) -> None:
        if news.phase == "fetching" and news.done > 20_000:
            cancel.set()

    with pytest.raises(CancelledError):
        fetch(hub, folder, progress=stop, cancel=cancel)
    part = folder / f"{FILE}.part"
    assert ready(folder) == []
    there = part.stat().st_size
    assert 0 < there < len(model)
    assert fetch(hub, folder).read_bytes() == model
    assert hub.got(FILE)[-1] == f"bytes={there}-"


@pytest.mark.parametrize("at", [0, 1000, -1])
def test_bytes_that_went_wrong_on_the_way_are_mended_by_ranges(
    hub: HubServer, folder: Path, model: bytes, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(module, "RANGE_BYTES", 100_000)
    wrong = bytearray(model)
    wrong[at] ^= 0xFF
    folder.mkdir()
    plan = plan_of(hub)
    hub.served[FILE] = bytes(wrong)
    source = Hub(endpoint=hub.endpoint)

    class Mending(Hub):
        def fetch(self, plan: HubPlan, file: object, target: object, **span: object) -> None:  # type: ignore[override]
            source.fetch(plan, file, target, **span)  # type: ignore[arg-type]
            hub.served.clear()  # the next answer is right

    path = download(plan, source=Mending(endpoint=hub.endpoint), folder=folder)
    assert path.read_bytes() == model
    assert len(hub.got(FILE)) > len(model) // 100_000


def test_a_wrong_file_on_the_server_is_never_ready_and_is_begun_anew(
    hub: HubServer, folder: Path, model: bytes
) -> None:
    hub.served[FILE] = model[:-1] + b"!"
    with pytest.raises(DownloadError, match="SHA-256"):
        fetch(hub, folder)
    assert ready(folder) == []
    hub.served.clear()
    assert fetch(hub, folder).read_bytes() == model
    assert hub.got(FILE)[-1] is None


def test_a_file_that_shrank_on_the_server_is_told_and_not_used(hub: HubServer, folder: Path, model: bytes) -> None:
    hub.served[FILE] = model[: len(model) // 2]
    for _ in range(2):  # the second run asks beyond the end
        with pytest.raises(DownloadError, match="before the size"):
            fetch(hub, folder)
        assert ready(folder) == []
    hub.served.clear()
    assert fetch(hub, folder).read_bytes() == model


@pytest.mark.parametrize(("status", "words"), [(403, "HF_TOKEN"), (401, "HF_TOKEN"), (404, "kept")])
def test_a_refusal_says_what_to_do(hub: HubServer, folder: Path, status: int, words: str) -> None:
    hub.refuse = status
    with pytest.raises(DownloadError) as caught:
        fetch(hub, folder)
    assert str(status) in caught.value.message or status == 401
    assert words in caught.value.hint
    assert ready(folder) == []


def test_a_server_that_ignores_ranges_still_gives_the_whole(hub: HubServer, folder: Path, model: bytes) -> None:
    hub.ranges = False
    hub.cuts = 2
    assert fetch_until_done(hub, folder).read_bytes() == model


def test_right_bytes_that_are_no_model_are_not_ready(folder: Path) -> None:
    with running(HubServer({FILE: b"not a model" * 100})) as hub:
        with pytest.raises(ModelFileError, match="not a GGUF"):
            fetch(hub, folder)
        assert ready(folder) == []


def test_too_little_space_is_said_before_anything_is_fetched(
    hub: HubServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MARGIN_BYTES", 1 << 60)
    with pytest.raises(DownloadError, match="GiB are free"):
        fetch(hub, folder)
    assert hub.got(FILE) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which only Linux has")
def test_a_full_disk_is_told_and_keeps_the_part(hub: HubServer, folder: Path) -> None:
    folder.mkdir()
    plan = plan_of(hub)
    source = Hub(endpoint=hub.endpoint)

    class Full(Hub):
        def fetch(self, plan: HubPlan, file: object, target: object, **span: object) -> None:  # type: ignore[override]
            with Path("/dev/full").open("wb", buffering=0) as full:
                source.fetch(plan, file, full, **span)  # type: ignore[arg-type]

    with pytest.raises(DownloadError, match="No space left"):
        download(plan, source=Full(endpoint=hub.endpoint), folder=folder)
    assert ready(folder) == []


def test_two_downloads_of_one_model_do_not_meet(hub: HubServer, folder: Path) -> None:
    hub.delay_s = 0.05
    started = threading.Event()
    done: list[Path] = []
    first = threading.Thread(target=lambda: done.append(fetch(hub, folder, progress=lambda _: started.set())))
    first.start()
    assert started.wait(10)
    try:
        fetch(hub, folder)
    except DownloadError as error:
        assert "already" in error.message  # noqa: PT017 - the first may have ended in between
    first.join()
    assert done
    assert ready(folder) == [FILE]


def test_a_file_of_that_name_that_is_another_is_not_replaced(hub: HubServer, folder: Path) -> None:
    folder.mkdir()
    (folder / FILE).write_bytes(b"mine")
    with pytest.raises(DownloadError, match="another file"):
        fetch(hub, folder)
    assert (folder / FILE).read_bytes() == b"mine"


def test_split_parts_come_together_and_a_missing_one_is_named(model: bytes, folder: Path) -> None:
    parts = {f"q/big-{number:05d}-of-00003.gguf": model for number in (1, 2, 3)}
    with running(HubServer(parts)) as hub:
        path = fetch(hub, folder)
        assert path.name == "big-00001-of-00003.gguf"
        assert len(list(folder.glob("big-*.gguf"))) == 3
    del parts["q/big-00002-of-00003.gguf"]
    with running(HubServer(parts)) as hub, pytest.raises(DownloadError, match="big-00002-of-00003"):
        plan_of(hub)


def test_several_models_are_listed_to_choose_from(model: bytes) -> None:
    with running(HubServer({"a.gguf": model, "b.gguf": model, "c.bin": b""})) as hub:
        with pytest.raises(UsageError, match="2 models") as caught:
            plan_of(hub)
        assert "a.gguf, b.gguf" in caught.value.hint
        assert [file.path for file in plan_of(hub, f"{REPO}/b.gguf").files] == ["b.gguf"]
        with pytest.raises(UsageError, match="has no file"):
            plan_of(hub, f"{REPO}/d.gguf")


def test_nobody_there_is_an_error_not_a_wait(folder: Path) -> None:
    with pytest.raises(DownloadError, match="connection"):
        Hub(endpoint="http://127.0.0.1:9").plan(parse_source(REPO))


@pytest.mark.parametrize("text", ["", "nothing", "a/b/c", "../x/y.gguf", "a/../b.gguf", "http://a/b", "a/b@", "a b/c"])
def test_what_names_no_model_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_source(text)


def test_a_source_with_folder_and_revision() -> None:
    source = parse_source("o/r/q4/m-00001-of-00002.gguf@v1.0")
    assert (source.repo, source.file, source.revision) == ("o/r", "q4/m-00001-of-00002.gguf", "v1.0")


def test_a_read_only_folder_is_told(hub: HubServer, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(DownloadError, match="cannot be written"):
        fetch(hub, blocked / "models")
