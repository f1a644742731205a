"""What Docket is made of: every dependency with its licence, none invented, and an SBOM that says the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import services
from core.errors import ExportError
from core.kit.components import UNSTATED
from core.kit.wheels import canonical

# Licences that may travel with a program under Apache-2.0, in the words the libraries use.
ALLOWED = (
    "MIT", "BSD", "Apache", "PSF", "Python Software Foundation", "ISC", "MPL", "Mozilla", "LGPL", "Unlicense", "zlib",
    "HPND", "0BSD", "CC0", UNSTATED,
)  # fmt: skip


def test_every_library_states_a_licence_that_may_travel() -> None:
    listed = services.list_components()
    names = {canonical(one.name) for one in listed}
    assert {"pyside6-essentials", "llama-cpp-python", "sqlcipher3"} <= names
    assert "docket-preflight" not in names
    wrong = [one for one in listed if not any(word.lower() in one.licence.lower() for word in ALLOWED)]
    assert wrong == []
    assert sum(one.licence == UNSTATED for one in listed) <= 3


def test_the_sbom_names_the_same(tmp_path: Path) -> None:
    path = services.write_sbom(out=tmp_path / "sbom.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert document["metadata"]["component"]["version"] == services.version()
    assert [one["name"] for one in document["components"]] == [one.name for one in services.list_components()]
    with pytest.raises(ExportError, match="exists"):
        services.write_sbom(out=path)
