"""Where a model file came from and what its bytes were: a small JSON file beside each file that Docket placed.

It owns that file's form. A model without one is usable; it can only not be compared with what it was.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import ModelFileError

SUFFIX = ".origin.json"


@dataclass(frozen=True, slots=True)
class Provenance:
    """`sha256` (hex) and `size_bytes` of the file as it was checked; `source` and `revision` say where it is from."""

    sha256: str
    size_bytes: int
    source: str
    revision: str
    added_at: str


def read_provenance(path: Path) -> Provenance | None:
    """Return what is known of a model file's origin, None when nothing readable is."""
    try:
        values = json.loads(path.with_name(path.name + SUFFIX).read_text(encoding="utf-8"))
        return Provenance(**values)
    except (OSError, ValueError, TypeError):
        return None


def write_provenance(path: Path, provenance: Provenance) -> None:
    """Write the origin beside a model file.

    Raises:
        ModelFileError: the folder cannot be written.
    """
    target = path.with_name(path.name + SUFFIX)
    partial = target.with_name(target.name + ".tmp")
    try:
        partial.write_text(json.dumps(asdict(provenance), indent=1), encoding="utf-8")
        os.replace(partial, target)  # noqa: PTH105 - atomic on every platform
    except OSError as error:
        raise ModelFileError(f"{target} cannot be written: {error.strerror}.", "Check space and permissions.") from None
