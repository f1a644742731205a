"""What Docket is made of: every library it brings along, with version and licence, as a list and as an SBOM.

It owns the reading of licences from the metadata of installed distributions and the form of the SBOM
(CycloneDX 1.6, JSON). What a library does not state is said to be unstated, never guessed.
"""

from __future__ import annotations

import json
import tomllib
import uuid
from dataclasses import dataclass
from importlib import metadata

from core.domain import utc_now
from core.kit.wheels import canonical, closure
from core.paths import program_folder
from core.version import version

UNSTATED = "not stated"
_LONGEST = 60  # what is longer is the text of a licence, not its name


@dataclass(frozen=True, slots=True)
class Component:
    """A library: its name, its version and the licence it states."""

    name: str
    version: str
    licence: str


def components(*, with_sample: bool = True) -> list[Component]:
    """Return the libraries that run with Docket here, by name.

    Raises:
        ExportError: one is not installed.
    """
    return [Component(one.name, one.version, _licence(one.metadata)) for one in distributions(with_sample=with_sample)]


def distributions(*, with_sample: bool) -> list[metadata.Distribution]:
    """Return the installed distributions that Docket runs with, by name; a library of the machine's own is none."""
    project = tomllib.loads((program_folder() / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *(project["dependency-groups"]["sample"] if with_sample else ())]
    instead = {canonical(one["name"]): one["requires-dist"] for one in project["tool"]["uv"]["dependency-metadata"]}
    return closure(wanted, skip=LOCAL, instead=instead)


LOCAL = frozenset({"docket-preflight"})
"""Checks for a compiler while the environment is made; it holds nothing."""


def _licence(about: metadata.PackageMetadata) -> str:
    stated = _first(about, "License-Expression")
    if not stated:
        classifiers = [text.rpartition(" :: ")[2] for text in about.get_all("Classifier") or () if "License ::" in text]
        stated = " or ".join(name for name in classifiers if name != "OSI Approved")
    stated = stated or _first(about, "License")
    return stated if stated and len(stated) <= _LONGEST else UNSTATED


def _first(about: metadata.PackageMetadata, field: str) -> str:
    lines = "\n".join(about.get_all(field) or ()).strip().splitlines()
    return lines[0] if lines else ""


def sbom(listed: list[Component]) -> str:
    """Return the SBOM of Docket with these libraries as text."""
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": f"{utc_now():%Y-%m-%dT%H:%M:%SZ}",
            "component": {
                "type": "application", "bom-ref": "docket", "name": "docket", "version": version(),
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": [
            {
                "type": "library",
                "bom-ref": f"pkg:pypi/{canonical(one.name)}@{one.version}",
                "name": one.name,
                "version": one.version,
                "purl": f"pkg:pypi/{canonical(one.name)}@{one.version}",
                "licenses": [] if one.licence == UNSTATED else [{"license": {"name": one.licence}}],
            }
            for one in listed
        ],
    }  # fmt: skip
    return json.dumps(document, indent=1, ensure_ascii=False)
