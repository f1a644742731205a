"""The one line form of every benchmark: what was measured, its unit and n; a ratio names the peer of the same run."""

from __future__ import annotations

import json


def emit(bench: str, case: str, metric: str, value: float, unit: str, n: int, *, against: str | None = None) -> None:
    """Print one JSON line to standard output."""
    line: dict[str, object] = {
        "bench": bench,
        "case": case,
        "metric": metric,
        "value": round(value, 4),
        "unit": unit,
        "n": n,
    }
    if against is not None:
        line["against"] = against
    print(json.dumps(line), flush=True)
