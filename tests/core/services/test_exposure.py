"""The count of what a person has seen: by day and severity, private, and never in the way."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.services.exposure import DAYS_KEPT, ExposureLog

DAY = date(2026, 11, 24)


def test_it_counts_by_day_and_severity(tmp_path: Path) -> None:
    log = ExposureLog(tmp_path / "exposure.json")
    for severity in (4, 4, 0, None):
        log.add(severity, day=DAY)
    log.add(4, day=DAY - timedelta(days=3))
    assert log.total(until=DAY) == {"4": 2, "0": 1, "?": 1}
    assert log.total(days=7, until=DAY) == {"4": 3, "0": 1, "?": 1}
    log.save()
    assert ExposureLog(tmp_path / "exposure.json").total(days=7, until=DAY) == {"4": 3, "0": 1, "?": 1}


def test_old_days_are_forgotten(tmp_path: Path) -> None:
    log = ExposureLog(tmp_path / "exposure.json")
    log.add(1, day=DAY - timedelta(days=DAYS_KEPT))
    log.add(1, day=DAY)
    assert log.total(days=365, until=DAY) == {"1": 1}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": {}}', '{"2026-11-24": 3}', '{"2026-11-24": {"4": "y"}}'])
def test_a_file_that_cannot_be_read_is_an_empty_one(tmp_path: Path, content: str) -> None:
    file = tmp_path / "exposure.json"
    file.write_text(content)
    log = ExposureLog(file)
    assert log.total(days=60, until=DAY) == {}
    log.add(2, day=DAY)
    log.save()
    assert json.loads(file.read_text()) == {"2026-11-24": {"2": 1}}


def test_a_home_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    log = ExposureLog(tmp_path / "home" / "exposure.json")
    log.add(3, day=DAY)
    log.save()
    log.clear()
    assert log.total(until=DAY) == {}
