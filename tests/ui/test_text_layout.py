"""Where lines, marks and quotes come to lie, in Qt's counting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text_layout import Section, lay_out, utf16_length
from ui.visible import make_visible


@given(st.lists(st.tuples(st.text(max_size=20).map(lambda t: t.replace("\n", " ")), st.text(max_size=200)), max_size=4))
def test_every_line_starts_where_it_is_said_to(sections: list[tuple[str, str]]) -> None:
    layout = lay_out([Section.of(heading, raw, muted=True) for heading, raw in sections])
    position = 0
    for line, start in zip(layout.lines, layout.starts, strict=True):
        assert start == position
        position += utf16_length(line) + 1
    assert layout.length == position
    assert [span[0] for span in layout.spans] == sorted(span[0] for span in layout.spans)
    assert all(start + length < layout.length for start, length, _ in layout.spans)


@given(st.text(min_size=1, max_size=3_000), st.data())
def test_a_quote_covers_exactly_its_characters(raw: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(raw) - 1))
    end = data.draw(st.integers(begin + 1, len(raw)))
    body = make_visible(raw)
    layout = lay_out([Section("HEAD 😀", body, quotes=((begin, end),))])
    text = "\n".join(layout.lines).encode("utf-16-le", "surrogatepass")
    cited = b"".join(
        text[2 * start : 2 * (start + length)] for start, length, kind in layout.spans if kind == "quote"
    ).decode("utf-16-le", "surrogatepass")
    expected = "".join(
        block[n]
        for block, sources in zip(body.blocks, body.sources, strict=True)
        for n in range(len(block))
        if begin <= sources[n] < end
    )
    assert cited == expected


@pytest.mark.parametrize("raw", ["Buy now\n", "Buy now\n\nSee you", "\n\nBuy now\n\n\n", "Hello\nBuy now\n\n"])
@pytest.mark.parametrize("cited", ["Buy now", "now", "Buy"])
def test_a_quote_before_an_empty_line_is_found(raw: str, cited: str) -> None:
    begin = raw.index(cited)
    layout = lay_out([Section("", make_visible(raw), quotes=((begin, begin + len(cited)),))])
    text = "\n".join(layout.lines)
    assert [text[start : start + length] for start, length, kind in layout.spans if kind == "quote"] == [cited]


def test_a_quote_in_a_hundred_thousand_lines_is_found_without_looking_at_each() -> None:
    raw = "line\n" * 100_000
    places = tuple((n * 5, n * 5 + 4) for n in range(0, 100_000, 2_000))
    layout = lay_out([Section("", make_visible(raw), quotes=places)])
    assert [start for start, _, kind in layout.spans if kind == "quote"] == [n * 5 for n in range(0, 100_000, 2_000)]


def test_only_a_line_that_was_cut_goes_on_the_one_before() -> None:
    layout = lay_out([Section("HEAD", make_visible("w" * 2_500 + "\nnext\n\nlast"))])
    assert layout.joined == {2, 3}
