"""The elements of a JSON list come out one by one, whatever is wrong with their neighbours."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake import elements
from core.intake.elements import ElementReader

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(['"', "\\", '\\"', "[", "]}", ","]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def cut(data: bytes, **options: int) -> list[bytes | None]:
    return [line.raw for line in ElementReader(io.BytesIO(data), **options)]


@given(st.lists(json_values, max_size=6), st.sampled_from([None, 2]), st.integers(1, 40))
def test_every_element_is_cut_out_as_it_stands(values: list[object], indent: int | None, chunk: int) -> None:
    data = json.dumps(values, indent=indent).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elements, "_CHUNK", chunk)
        assert [json.loads(raw or b"") for raw in cut(data)] == values


@given(st.binary(max_size=60) | st.text('[]{},":\\ 1ab', max_size=40).map(str.encode), st.integers(1, 9))
def test_no_bytes_hang_or_crash(data: bytes, chunk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elements, "_CHUNK", chunk)
        lines = list(ElementReader(io.BytesIO(data)))
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    if data.strip() and data.lstrip()[:1] not in (b"[", b"{", b"\xef"):
        assert lines


def test_a_broken_element_costs_itself() -> None:
    assert cut(b'[{"a": 1}, {"b": tru}, {"c": 3}]') == [b'{"a": 1}', b'{"b": tru}', b'{"c": 3}']
    assert cut(b'[{"a": 1}, {"b": 2') == [b'{"a": 1}', b'{"b": 2']
    assert cut(b'[{"a": 1}] trailing') == [b'{"a": 1}', b"trailing"]


def test_the_list_inside_an_object_is_found_and_parts_of_a_record_are_not_taken_for_it() -> None:
    assert cut(b'{"cursor": "[{", "events": [{"id": 1}, {"id": 2}], "more": [{"x": 1}]}') == [
        b'{"id": 1}',
        b'{"id": 2}',
    ]
    one = b'{"id": "a", "messages": [{"role": "user", "content": "x"}]}'
    assert cut(one) == [one]


@pytest.mark.parametrize("chunk", [7, 64, 4096])
def test_an_element_that_is_too_long_is_skipped_and_the_next_one_read(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elements, "_CHUNK", chunk)
    long = b'{"x": "' + rb"\"],[\\" * 100 + b'", "y": [' + b"1," * 200 + b"1]}"
    data = b'[{"a": 1},' + long + b',{"b": 2},' + long + b"]"
    found = list(ElementReader(io.BytesIO(data), max_bytes=100))
    assert [line.raw for line in found] == [b'{"a": 1}', None, b'{"b": 2}', None]
    assert found[1].head.startswith(b'{"x"')
