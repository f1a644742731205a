"""The verbs about Docket itself: its version, what it is made of, and the SBOM.

It owns writing that file; reading the libraries belongs to `core.kit`.
"""

from __future__ import annotations

from pathlib import Path

from core.errors import ExportError
from core.kit.components import Component as Component
from core.kit.components import components, sbom
from core.version import version as version


def list_components() -> list[Component]:
    """Return the libraries Docket runs with and their licences, by name.

    Raises:
        ExportError: one is not installed.
    """
    return components()


def write_sbom(*, out: Path) -> Path:
    """Write the SBOM (CycloneDX 1.6, JSON) and return its path.

    Raises:
        ExportError: the file exists or cannot be written.
    """
    text = sbom(components())
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ExportError(f"{out} exists already.", "Name another file.") from None
    except OSError as error:
        raise ExportError(f"{out} cannot be written: {error.strerror}.", "Check space and permissions.") from None
    return out
