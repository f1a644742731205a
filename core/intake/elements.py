"""The elements of a JSON list, cut out of the stream before anything parses them.

It owns finding the list (the document itself, or the first list of records inside the document's object) and the bytes
of its elements, each of which is then parsed on its own: a broken element costs itself, not the rest of the file. It
holds one element of at most MAX_LINE_BYTES.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from core.intake.lines import HEAD_BYTES, MAX_LINE_BYTES, Line, unreadable

_CHUNK = 256 * 1024
# A whole string, else one structural byte; a quote alone opens a string that does not end in what was read so far.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["\[\]{},]', re.DOTALL)
_STRING_REST = re.compile(rb'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_STARTS_OBJECT = re.compile(rb"\s*+\{")
_QUOTE, _COMMA = ord('"'), ord(",")
_OPEN = frozenset(b"[{")

_PARTS = frozenset(
    {b'"messages"', b'"conversations"', b'"turns"', b'"annotations"', b'"predictions"', b'"statuses"', b'"content"'}
)
"""Lists of objects that belong to one record, so that a document with one of them is that record."""


class ElementReader:
    """Iterates over the elements of the list in a stream of UTF-8 JSON, numbered from 1.

    A document without a list of records is one element itself. An element over `max_bytes` comes as
    `Line(number, None, head)`. What stands behind the end of a top-level list, or is left of a list that does not end,
    comes as one last element, which is no JSON.
    """

    def __init__(self, stream: BinaryIO, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._stream = stream
        self._max_bytes = max_bytes
        self._buffer = b""
        self._number = 0
        self.position = 0

    def __iter__(self) -> Iterator[Line]:
        self._more()
        self._buffer = self._buffer.removeprefix(codecs.BOM_UTF8)
        while (start := list_start(self._buffer)) is None and len(self._buffer) <= self._max_bytes and self._more():
            pass
        if start is None:
            if self._buffer.strip():
                yield self._line(self._buffer.strip())
            return
        at_top = not self._buffer[: start - 1].strip()
        self._buffer = self._buffer[start:]
        yield from self._elements()
        if at_top:
            while not self._buffer.strip() and self._more():
                pass
            if self._buffer.strip():
                yield self._line(self._buffer.strip()[:HEAD_BYTES])

    def _elements(self) -> Iterator[Line]:
        begin = scan = depth = 0
        while True:
            stop = None
            for token in _TOKEN.finditer(self._buffer, scan):
                kind = self._buffer[token.start()]
                if kind == _QUOTE:
                    if token.end() - token.start() == 1:
                        stop = token.start()
                        break
                elif kind in _OPEN:
                    depth += 1
                elif kind == _COMMA:
                    if depth == 0:
                        yield self._line(self._buffer[begin : token.start()].strip())
                        begin = token.end()
                elif depth:
                    depth -= 1
                else:
                    if last := self._buffer[begin : token.start()].strip():
                        yield self._line(last)
                    self._buffer = self._buffer[token.end() :]
                    return
            scan = (len(self._buffer) if stop is None else stop) - begin
            self._buffer, begin = self._buffer[begin:], 0
            if len(self._buffer) > self._max_bytes:
                yield self._line(self._buffer)
                self._skip_element(scan, depth)
                scan = begin = 1 if self._buffer.startswith(b",") else 0
                depth = 0
            elif not self._more():
                if rest := self._buffer.strip():
                    yield self._line(rest)
                self._buffer = b""
                return

    def _line(self, raw: bytes) -> Line:
        self._number += 1
        if len(raw) > self._max_bytes:
            return Line(self._number, None, raw[:HEAD_BYTES])
        return Line(self._number, raw)

    def _skip_element(self, scan: int, depth: int) -> None:
        """Drop the rest of an element; the buffer then starts with the comma or bracket that ends it, or is empty."""
        self._buffer = self._buffer[scan:]
        while True:
            for token in _TOKEN.finditer(self._buffer):
                kind = self._buffer[token.start()]
                if kind == _QUOTE:
                    if token.end() - token.start() == 1:
                        self._buffer = self._buffer[token.end() :]
                        self._skip_string()
                        break
                elif kind in _OPEN:
                    depth += 1
                elif depth == 0:
                    self._buffer = self._buffer[token.start() :]
                    return
                elif kind != _COMMA:
                    depth -= 1
            else:
                self._buffer = b""
                if not self._more():
                    return

    def _skip_string(self) -> None:
        """Drop the rest of a string whose opening quote is gone already."""
        while (end := _STRING_REST.match(self._buffer)) is None:
            backslashes = len(self._buffer) - len(self._buffer.rstrip(b"\\"))
            self._buffer = b"\\" * (backslashes % 2)
            if not self._more():
                return
        self._buffer = self._buffer[end.end() :]

    def _more(self) -> bool:
        try:
            chunk = self._stream.read(_CHUNK)
        except OSError as error:
            raise unreadable(self.position, error) from error
        self.position += len(chunk)
        self._buffer += chunk
        return bool(chunk)


def list_start(head: bytes) -> int | None:
    """Return the place behind the bracket that opens the list of records, None when the head shows none.

    That is the document's own list, or the first list of objects that is a member of the document's object and no part
    of a single record.
    """
    blank = len(head) - len(head.lstrip())
    if head[blank : blank + 1] == b"[":
        return blank + 1
    if head[blank : blank + 1] != b"{":
        return None
    depth, name = 0, b""
    for token in _TOKEN.finditer(head, blank):
        kind = head[token.start()]
        if kind == _QUOTE:
            if token.end() - token.start() == 1:
                return None
            if depth == 1:
                name = token[0]
        elif kind in _OPEN:
            depth += 1
            records = depth == 2 and token[0] == b"[" and _STARTS_OBJECT.match(head, token.end())
            if records and name not in _PARTS:
                return token.end()
        elif kind != _COMMA:
            depth -= 1
    return None
