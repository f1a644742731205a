"""The commands about models: `model list`.

It owns their wording. It must not load a model.
"""

from __future__ import annotations

from itertools import chain

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, WorkspaceOption, begin
from core.paths import models_folder

app = typer.Typer(help="The models that judge.", no_args_is_help=True, rich_markup_mode=None)

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
