"""CSV cells come back as they were, but no cell can start a formula."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.csv import COLUMNS, encode_csv

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝"]


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


@pytest.mark.parametrize("start", STARTS)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(start: str) -> None:
    record = {"id": f"{start}1+1", "note": f'{start}cmd|" /C calc"!A0', "label": f"SP{start}"}
    (row,) = read(b"".join(encode_csv([record], "decisions")))
    assert row["id"] == f"'{start}1+1"
    assert row["note"].startswith(f"'{start}cmd")
    assert row["label"] == f"SP{start}"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_cells_read_back(texts: list[str]) -> None:
    rows = read(b"".join(encode_csv([{"id": str(n), "note": text} for n, text in enumerate(texts)], "decisions")))
    for row, text in zip(rows, texts, strict=True):
        assert row["note"].removeprefix("'") == text.removeprefix("'")
        assert not row["note"].startswith(tuple(STARTS))


def test_columns_and_values() -> None:
    record = {
        "id": "a",
        "agrees": False,
        "seconds": 1.5,
        "messages": [{"role": "user", "content": "=1"}],
        "verdict": {"label": "SP4", "rule_ids": ["SP4.a"], "score": None, "seconds": 2},
    }
    data = b"".join(encode_csv([record], "disagreements"))
    assert data.startswith(b'"id","policy","policy_hash","label",')
    assert data.endswith(b"\r\n")
    (row,) = read(data)
    assert tuple(row) == COLUMNS["disagreements"]
    assert (row["agrees"], row["seconds"], row["cause"]) == ("false", "1.5", "")
    assert json.loads(row["messages"]) == record["messages"]
    assert (row["verdict.label"], row["verdict.rule_ids"], row["verdict.score"]) == ("SP4", '["SP4.a"]', "")
    assert row["verdict.seconds"] == "2"


def test_a_missing_verdict_leaves_its_cells_empty() -> None:
    (row,) = read(b"".join(encode_csv([{"id": "a", "verdict": None}], "disagreements")))
    assert row["verdict.label"] == ""


def test_no_records_still_have_a_header() -> None:
    assert b"".join(encode_csv([], "items")).decode().strip().split(",")[0] == '"id"'
