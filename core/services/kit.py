"""The verb `make_kit`: everything an air-gapped machine needs, gathered into one folder.

It owns which models come along. The folder's layout belongs to `core.kit`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from core.kit.build import Kit as Kit
from core.kit.build import build_kit
from core.models.catalogue import resolve_model, split_parts
from core.paths import models_folder


def make_kit(
    *,
    out: Path,
    models: Sequence[str] = (),
    with_sample: bool = True,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    cancel: threading.Event | None = None,
) -> Kit:
    """Write the kit into a new or empty folder; `models` are names or paths, split ones come with all parts.

    Raises:
        ModelFileError: a model is not here or damaged. ExportError, CancelledError: see `build_kit`.
    """
    folder = models_folder()
    paths = [part for name in models for part in split_parts(resolve_model(name, folder=folder).path)]
    return build_kit(out, models=paths, with_sample=with_sample, progress=progress, cancel=cancel)
