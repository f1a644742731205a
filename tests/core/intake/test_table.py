"""Tables come in row by row; a row that does not fit is refused with its text and shifts nothing."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.rows import Row
from core.intake.table import Layout, TableReader, guess_layout

LAYOUT = Layout(",", 1, ("id", "text"))


def read(data: bytes, layout: Layout = LAYOUT) -> list[Row]:
    return list(TableReader(io.BytesIO(data), layout))


def test_good_rows_are_records_and_bad_ones_keep_their_bytes() -> None:
    data = (
        b'id,text\n1,"a\nb"\n2,too,many\n3\n4,"he said "hi" there"\n,\n\n5,caf\xe9\n6,fine\n7,"never closed\nand more\n'
    )
    rows = read(data)
    assert [(row.number, row.record) for row in rows if row.record] == [
        (2, {"id": "1", "text": "a\nb"}),
        (10, {"id": "6", "text": "fine"}),
    ]
    assert [(row.number, row.reason) for row in rows if row.reason] == [
        (4, "the row has 3 cells where the header has 2"),
        (5, "the row has 1 cell where the header has 2"),
        (6, "text stands behind a closing quote: a quote inside a cell must be doubled"),
        (9, "not valid UTF-8"),
        (11, "a quote that opens in this row is never closed"),
    ]
    assert rows[-1].raw == b'7,"never closed\nand more\n'
    assert rows[-2].raw == b"6,fine\n"


def test_a_row_without_end_is_cut_and_the_rest_read() -> None:
    rows = read(b'id,text\n1,"' + b"x" * 99_999 + (b"\n" + b"x" * 99_999) * 60 + b"\n2,fine\n")
    assert not rows[0].whole
    assert "quote never closed" in rows[0].reason
    assert rows[-1].record == {"id": "2", "text": "fine"}


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("a,b\n1,2\n", Layout(",", 1, ("a", "b"))),
        ("a;b\n1;x, y\n2;z\n", Layout(";", 1, ("a", "b"))),
        ("a\tb\n1\tx, y, z\n", Layout("\t", 1, ("a", "b"))),
        ("For internal use.,,\n,,\nid,text,label\n1,hello,ok\n2,bye,ok\n", Layout(",", 3, ("id", "text", "label"))),
        ("Exported 2026-01-01\n\nid,text\n1,hello\n2,bye\n3,again\n", Layout(",", 3, ("id", "text"))),
        ("1,hello there.\n2,bye now.\n", Layout(",", 0, ("column 1", "column 2"))),
        (",x,x\n1,2,3\n4,5,6\n", Layout(",", 0, ("column 1", "column 2", "column 3"))),
    ],
)
def test_layouts(text: str, layout: Layout) -> None:
    assert guess_layout(text.encode(), ended=True) == layout


@pytest.mark.parametrize("text", ["", "just words\n", "one, two words\nand none here\nnor here\nnor here\n"])
def test_no_layout(text: str) -> None:
    assert guess_layout(text.encode(), ended=True) is None


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(cells, cells), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_what_a_writer_wrote_is_read_back(rows: list[tuple[str, str]], separator: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *rows])
    found = read(text.getvalue().encode(), Layout(separator, 1, ("id", "text")))
    expected = [
        {name: cell for name, cell in zip(("id", "text"), row, strict=True) if cell.strip()}
        for row in rows
        if any(cell.strip() for cell in row)
    ]
    assert [row.record for row in found] == expected


@given(st.binary(max_size=80) | st.text('",;\n\ra', max_size=40).map(str.encode))
def test_every_byte_behind_the_header_is_in_one_row_or_blank(data: bytes) -> None:
    rows = read(data, Layout(",", 0, ("a", "b")))
    assert all((row.record is None) == bool(row.reason) for row in rows)
    numbers = [row.number for row in rows]
    assert numbers == sorted(set(numbers))
