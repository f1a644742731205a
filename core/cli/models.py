"""The commands about models: `model list`, `model download`, `model add`, `model verify`, `model fit`.

It owns their wording and how a long read or download is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, WorkspaceOption, begin
from core.cli.families import family
from core.cli.judging import ExpertsOption, LayersOption
from core.cli.progress import ProgressLine, duration_text
from core.cli.stopping import stoppable
from core.paths import models_folder

app = family("The models that judge.")

_Names = Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Only these.")]
_GIB = 1024**3


@app.command("list")
def list_models(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the models Docket knows and the model files it finds on this machine."""
    call = begin(ctx, folder, as_json)
    listed = services.list_models()
    document = {
        "folder": str(models_folder()),
        "models": [
            {
                "id": model.id,
                "name": model.name,
                "installed": model.path is not None and not model.problem,
                "path": str(model.path) if model.path else None,
                "prompt_format": model.prompt_format,
                "size_bytes": model.size_bytes,
                "is_sample": model.is_sample,
                "note": model.problem or model.note,
            }
            for model in listed
        ],
    }
    rows = [
        (
            model.id,
            "damaged" if model.problem else "yes" if model.path else "no",
            f"{model.size_bytes / _GIB:.1f} GiB",
            model.prompt_format or "unknown",
            model.problem or model.note,
        )
        for model in listed
    ]
    lines = output.table(("model", "here", "size", "format", "note"), rows, right=[2])
    call.answer(document, chain(lines, [f"Put model files into {output.visible(str(models_folder()))}"]))


@app.command("download")
def download_model(
    ctx: typer.Context,
    wanted: Annotated[str, typer.Argument(metavar="ID|OWNER/REPO[/FILE][@REVISION]", help="What to fetch.")],
    mirror: Annotated[
        str | None, typer.Option("--mirror", metavar="URL", help="Fetch from a mirror of the hub (else HF_ENDPOINT).")
    ] = None,
    proxy: Annotated[
        str | None, typer.Option("--proxy", metavar="URL", help="Go through this proxy (else HTTPS_PROXY).")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch a model from the hub and check its SHA-256. Ctrl+C keeps what came; run it again to go on."""
    call = begin(ctx, folder, as_json)
    line = ProgressLine()
    try:
        with stoppable() as stop:
            path = services.download_model(
                wanted=wanted,
                mirror=mirror,
                proxy=proxy,
                progress=lambda news: line.show(_download_text(news), last=news.done == news.total),
                cancel=stop.event,
            )
    finally:
        line.close()
    call.answer({"path": str(path)}, [f"Ready: {output.visible(str(path))}"])


def _download_text(news: services.DownloadProgress) -> str:
    share = f"{news.done / _GIB:.2f} of {news.total / _GIB:.2f} GiB"
    word = {"fetching": "fetched", "checking": "checked", "mending": "compared"}[news.phase]
    speed = f", {news.bytes_per_s / 1024**2:.1f} MiB/s" if news.bytes_per_s else ""
    left = f", {duration_text(news.seconds_left)} left" if news.seconds_left is not None else ""
    return f"{output.visible(news.name)}: {share} {word}{speed}{left}"


@app.command("add")
def add_model(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A GGUF file; the first part of a split one.")],
    link: Annotated[bool, typer.Option("--link", help="Leave the file where it is and link to it.")] = False,
    sha256: Annotated[
        str | None, typer.Option("--sha256", metavar="HEX", help="What the file's SHA-256 has to be.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a model file from elsewhere, a stick say, into the models folder: checked, then linked or copied."""
    call = begin(ctx, folder, as_json)
    with _reading() as told, stoppable() as stop:
        placed = services.add_model(path=path, link=link, sha256=sha256, progress=told, cancel=stop.event)
    document = {
        "files": [
            {"path": str(one.path), "sha256": one.sha256, "way": one.way, "vouched": one.vouched} for one in placed
        ]
    }
    rows = [(one.path.name, one.way, "yes" if one.vouched else "no sum was given", one.sha256) for one in placed]
    call.answer(document, output.table(("file", "way", "sum compared", "sha256"), rows))


@app.command("verify")
def verify_models(
    ctx: typer.Context,
    names: _Names = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read every byte of the model files again and compare it with what was recorded when they came.

    Exit status 1 when one differs.
    """
    call = begin(ctx, folder, as_json)
    with _reading() as told:
        results = services.verify_models(names=names, progress=told)
    unrecorded = "no SHA-256 was recorded"
    damaged = [path for path, problem in results if problem and not problem.startswith(unrecorded)]
    document = {
        "ok": not damaged,
        "files": [{"path": str(path), "ok": path not in damaged, "detail": problem} for path, problem in results],
    }
    rows = [("DAMAGED" if path in damaged else "ok", path.name, problem or "as it came") for path, problem in results]
    call.answer(document, output.table(("", "file", "detail"), rows))
    if damaged:
        raise typer.Exit(1)


@app.command("fit")
def fit_models(
    ctx: typer.Context,
    names: _Names = None,
    probe: Annotated[
        bool, typer.Option("--probe", help="Measure the models that are here: a few items, three minutes at most.")
    ] = False,
    gpu_layers: LayersOption = None,
    cpu_experts: ExpertsOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which models run on this machine, from its memory, disk and cores, and measure how fast."""
    call = begin(ctx, folder, as_json)
    with stoppable() as stop:
        engine = services.engine_values(gpu_layers=gpu_layers, cpu_experts=cpu_experts)
        fits = services.fit_models(names=names, probe=probe, cancel=stop.event, **engine)
    document = {
        "models": [
            {
                "id": one.id,
                "installed": one.is_here,
                "fits": one.fit.fits.value,
                "memory_bytes": one.fit.memory_bytes,
                "disk_bytes": one.fit.disk_bytes,
                "reasons": list(one.fit.reasons),
                "gpu_layers": one.fit.placement.layers,
                "cpu_experts": one.fit.placement.cpu_experts,
                "probe": asdict(one.probe) | {"items_per_hour": one.probe.items_per_hour} if one.probe else None,
            }
            for one in fits
        ]
    }
    rows = [
        (
            one.id,
            one.fit.fits.value,
            f"{one.fit.memory_bytes / _GIB:.1f} GiB",
            f"{one.probe.items_per_hour:.0f} items/h" if one.probe else "not measured",
            " ".join(one.fit.reasons),
        )
        for one in fits
    ]
    call.answer(document, output.table(("model", "runs", "memory", "speed", "why"), rows, right=[2, 3]))


@contextmanager
def _reading() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far files have been read while the block runs."""
    line = ProgressLine()

    def told(name: str, done: int, total: int) -> None:
        line.show(f"{output.visible(name)}: {done / _GIB:.2f} of {total / _GIB:.2f} GiB read", last=done == total)

    try:
        yield told
    finally:
        line.close()
