"""The verbs that bring models here and say whether they run: download, add, verify, fit, probe.

It owns what a name means for each of them. Nothing here reaches the network but `download_model`, and that only when a
person asks; the probe judges items of the sample queue and stores nothing.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from core.domain import Effort, Item, ItemKind, RawOutput
from core.errors import ModelFileError, UsageError
from core.inference.engine.offload import ModelShape
from core.inference.engine.settings import EngineSettings, free_cores, free_memory_bytes
from core.inference.isolated import IsolatedError, run_isolated
from core.inference.protocol import Judged, JudgeOptions, JudgeRequest
from core.inference.runtime import Runtime, describe_runtime
from core.models.catalogue import CATALOGUE, SAMPLE_ID, check_file, installed_models, sample_path, shape_of
from core.models.download import DownloadProgress, download
from core.models.fit import Fit, Machine, fit
from core.models.placing import Placed, place_model, verify_model
from core.paths import models_folder, shipped_policies_folder
from core.services.classifiers import open_classifier
from core.services.demo import sample_queue_path
from core.services.policies import read_policy

PROBE_ITEMS = 4
PROBE_LIMIT_S = 180.0
_USUAL_KV_BYTES = 64 * 1024
RUNTIME_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Probe:
    """What a probe measured: items judged in full, seconds they took after loading, tokens read and written."""

    items: int
    seconds: float
    prompt_tokens: int
    output_tokens: int

    @property
    def items_per_hour(self) -> float:
        """Items an hour at low effort, as measured."""
        return self.items * 3600 / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class ModelFit:
    """How one model fits this machine; `probe` is None where it was not measured."""

    id: str
    name: str
    is_here: bool
    fit: Fit
    probe: Probe | None = None


def download_model(
    *,
    wanted: str,
    mirror: str | None = None,
    proxy: str | None = None,
    progress: Callable[[DownloadProgress], None] = lambda _: None,
    cancel: threading.Event | None = None,
) -> Path:
    """Fetch a model of the catalogue, or `OWNER/REPO[/FILE.gguf][@REVISION]`, into the models folder; return its path.

    The token of a gated repository comes from `HF_TOKEN`.

    Raises:
        UsageError: it names no model, or several. DownloadError: see `core.models.download`.
        CancelledError: stopped; what was fetched is kept.
    """
    from core.models.hub import Hub, HubSource, parse_source  # brings the hub library, which nobody else needs

    entry = next((known for known in CATALOGUE if known.id == wanted), None)
    if entry is not None and not entry.hub:
        raise UsageError(f"{entry.name} is not downloaded: it comes with Docket.", "Install it with `uv sync`.")
    source = HubSource(entry.hub) if entry is not None else parse_source(wanted)
    hub = Hub(endpoint=mirror, token=os.environ.get("HF_TOKEN"), proxy=proxy)
    plan = hub.plan(source, builds=entry.builds if entry is not None else ())
    return download(plan, source=hub, folder=models_folder(), progress=progress, cancel=cancel)


def add_model(
    *,
    path: Path,
    link: bool = False,
    sha256: str | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    cancel: threading.Event | None = None,
) -> list[Placed]:
    """Bring a model file, or all parts of a split one, into the models folder; see `core.models.placing`."""
    return place_model(
        path.expanduser(), folder=models_folder(), link=link, sha256=sha256, progress=progress, cancel=cancel
    )


def verify_models(
    *, names: list[str] | None = None, progress: Callable[[str, int, int], None] = lambda *_: None
) -> list[tuple[Path, str]]:
    """Check the files of the models folder, or those named, against their recorded SHA-256; see `verify_model`.

    A damaged file is a line with its problem, not an error.

    Raises:
        UsageError: a name is not among the files.
    """
    found = {model.id: model.path for model in installed_models(models_folder())}
    missing = [name for name in names or () if name not in found]
    if missing:
        raise UsageError(f"There is no model {missing[0]} here.", "See `main.py model list`.")
    results: list[tuple[Path, str]] = []
    for name in names or sorted(found):
        try:
            results += verify_model(found[name], progress=progress)
        except ModelFileError as error:
            results.append((found[name], error.message))
    return results


def this_machine() -> Machine:
    """Return what this machine has; graphics cards count only where the installed llama.cpp can use them."""
    folder = models_folder()
    while not folder.is_dir():
        folder = folder.parent
    free = free_memory_bytes()
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else free
    return Machine(max(total, free), free, shutil.disk_usage(folder).free, free_cores(), _runtime())


@lru_cache(maxsize=1)
def _runtime() -> Runtime:
    """Return what the installed llama.cpp can use; asked once, as it takes a process."""
    try:
        return run_isolated(describe_runtime, timeout_s=RUNTIME_TIMEOUT_S)
    except IsolatedError:
        return Runtime("", "", ())  # `doctor` says what is wrong with the runtime


def fit_models(
    *,
    names: list[str] | None = None,
    probe: bool = False,
    cancel: threading.Event | None = None,
    **engine_values: int | None,
) -> list[ModelFit]:
    """Say of the catalogue, or of the models named, whether they run here; `probe` measures those that are here.

    `engine_values` are engine settings to ask about (`gpu_layers=12`); without, Docket chooses.

    Raises:
        UsageError: a name is neither in the catalogue nor in the models folder.
    """
    machine = this_machine()
    found = {model.id: model.path for model in installed_models(models_folder()) if not model.problem}
    wanted = names or [entry.id for entry in CATALOGUE]
    settings = EngineSettings(**engine_values)  # type: ignore[arg-type]
    fits = [_fit_one(name, machine, found, settings) for name in wanted]
    if not probe:
        return fits
    return [
        replace(one, probe=probe_model(model=str(path), cancel=cancel, **engine_values))
        if (path := _path_of(one.id, found)) is not None
        else one
        for one in fits
    ]


def _fit_one(name: str, machine: Machine, found: dict[str, Path], settings: EngineSettings) -> ModelFit:
    entry = next((known for known in CATALOGUE if known.id == name), None)
    path = _path_of(name, found)
    if path is not None:
        shape = shape_of(check_file(path))
    elif entry is not None:
        shape = ModelShape(entry.layers, entry.size_bytes, entry.expert_bytes)
    else:
        raise UsageError(f"There is no model {name}.", "See `main.py model list`.")
    kv_bytes = entry.kv_bytes_per_token if entry is not None else _USUAL_KV_BYTES
    result = fit(machine, shape=shape, kv_bytes_per_token=kv_bytes, is_here=path is not None, settings=settings)
    return ModelFit(name, entry.name if entry is not None else name, path is not None, result)


def _path_of(name: str, found: dict[str, Path]) -> Path | None:
    if name == SAMPLE_ID:
        return sample_path()
    entry = next((known for known in CATALOGUE if known.id == name), None)
    if name in found or entry is None:
        return found.get(name)
    return next((path for id_, path in found.items() if id_.lower().startswith(entry.id)), None)


def probe_model(*, model: str, cancel: threading.Event | None = None, **engine_values: int | None) -> Probe:
    """Judge a few items of the sample queue at low effort and return what that took, loading left out.

    It stops by itself after three minutes with the items it has.

    Raises:
        ModelError: the model cannot be loaded or dies.
    """
    policy = read_policy(shipped_policies_folder() / "spam.md")
    items = enumerate(_probe_items())
    options = JudgeOptions(effort=Effort.LOW)
    stop = cancel or threading.Event()
    raws: list[RawOutput] = []
    classifier = open_classifier(None, model=model, **engine_values)
    try:
        began = time.monotonic()

        def next_request() -> JudgeRequest | None:
            key, item = next(items, (0, None)) if time.monotonic() - began < PROBE_LIMIT_S else (0, None)
            return JudgeRequest(key, item) if item is not None else None

        for event in classifier.judge(next_request, policy=policy, options=options, cancel=stop):
            if isinstance(event, Judged):
                raws.append(event.raw)
            if time.monotonic() - began > PROBE_LIMIT_S:
                stop.set()
        seconds = time.monotonic() - began
    finally:
        classifier.close()
    return Probe(len(raws), seconds, sum(r.prompt_tokens for r in raws), sum(r.output_tokens for r in raws))


def _probe_items() -> list[Item]:
    records = map(json.loads, sample_queue_path().read_text(encoding="utf-8").splitlines())
    messages = (record for record in records if "content" in record)
    return [Item(r["id"], ItemKind.MESSAGE, r["content"]) for r in itertools.islice(messages, PROBE_ITEMS)]
