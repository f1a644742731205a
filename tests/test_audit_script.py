"""`.ci/audit`: a vulnerability fails, none passes, and a database out of reach is said and is no failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / ".ci" / "audit"
SOUND = {"name": "typer", "version": "1", "vulns": []}
UNKNOWN = {"name": "docket-preflight", "skip_reason": "not found"}
BAD = {"name": "jinja2", "version": "3.1.5", "vulns": [{"id": "CVE-2025-1", "fix_versions": ["3.1.6"]}]}


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ([SOUND, UNKNOWN], 0, "1 libraries audited, 0 vulnerabilities; 1 are not known"),
        ([SOUND, BAD], 1, "jinja2 3.1.5: CVE-2025-1, mended in 3.1.6"),
        ([UNKNOWN], 0, "Could not reach the database"),
        (None, 0, "Could not reach the database"),
    ],
)
def test_what_the_database_says_is_passed_on(
    tmp_path: Path, answer: list[dict[str, object]] | None, status: int, words: str
) -> None:
    written = (
        "" if answer is None else f"Path(sys.argv[-1]).write_text({json.dumps(json.dumps({'dependencies': answer}))})"
    )
    (tmp_path / "pip_audit.py").write_text(f"import sys\nfrom pathlib import Path\n{written}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, SCRIPT],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert words in done.stdout
