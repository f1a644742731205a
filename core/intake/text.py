"""Bytes of unknown encoding to UTF-8, as they stream by.

It owns the guess of an encoding from the head of a file and the recoding. Text that already is UTF-8, but for a few
bad bytes, is left as it is: those rows are refused one by one, where a wrong guess would garble all others.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import BinaryIO

from core.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SNIFFED_BYTES = 64 * 1024
_CHUNK = 128 * 1024
_AS_GOOD = 0.03
_MOSTLY = 0.7
_HIGH_RUNS = re.compile(rb"[\x80-\xff]+")
_WESTERN = frozenset({"cp1250", "cp1252", "cp1254", "cp1257", "latin_1", "iso8859_2", "iso8859_9", "iso8859_15"})
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def sniff_encoding(head: bytes) -> str | None:
    """Return the encoding of text by its first bytes, as Python names it; None for what is not text."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    head = head[:_SNIFFED_BYTES]
    if wide := _wide_encoding(head):
        return wide
    text = head.decode("utf-8", "surrogateescape")
    bad = sum(1 for character in text[:-3] if "\udc80" <= character <= "\udcff")
    good = sum(1 for character in text if character > "\x7f") - bad
    if len(_CONTROLS.findall(head)) > max(1, len(head) // 50):
        return None
    if (
        bad <= good
    ):  # two bytes of another encoding seldom make a letter of UTF-8, so a letter weighs more than a bad byte
        return "utf-8"
    from charset_normalizer import from_bytes  # only where the encoding has to be guessed

    matches = from_bytes(head)
    best = matches.best()
    if best is None:
        return "cp1252"
    runs = _HIGH_RUNS.findall(head)
    if best.encoding not in _WESTERN and sum(len(run) == 1 for run in runs) > len(runs) * _MOSTLY:
        return "cp1252"  # letters with accents stand alone among ASCII ones; other scripts come in words
    # Western text often reads just as well in a neighbouring code page; the usual one is meant.
    usual = next((match for match in matches if match.encoding in ("cp1252", "latin_1")), None)
    return "cp1252" if usual is not None and usual.chaos <= best.chaos + _AS_GOOD else best.encoding


def _wide_encoding(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark by the zero bytes of its ASCII characters."""
    even, odd = head[0::2], head[1::2]
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if len(zeros) > 1 and zeros.count(0) > len(zeros) * 0.6 and others.count(0) < len(others) * 0.1:
            return name
    return None


def as_utf8(stream: BinaryIO, encoding: str) -> BinaryIO:
    """Return a stream of the same text in UTF-8; bytes that are none of the encoding become U+FFFD.

    Raises:
        InputError: Python knows no text encoding of that name.
    """
    try:
        name = codecs.lookup(encoding).name
        decoder = codecs.getincrementaldecoder(name)("replace")
        decoder.decode(b"", True)
        decoder.reset()
    except (LookupError, UnicodeError, TypeError, ValueError):
        raise InputError("There is no text encoding of that name.", "Use utf-8, utf-16, cp1252 or the like.") from None
    return stream if name == "utf-8" else io.BufferedReader(_Recoder(stream, decoder), _CHUNK)


class _Recoder(io.RawIOBase):
    """Reads text in one encoding and gives it out in UTF-8."""

    def __init__(self, stream: BinaryIO, decoder: codecs.IncrementalDecoder) -> None:
        self._stream = stream
        self._decoder = decoder
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        while not self._ready and not self._ended:
            chunk = self._stream.read(_CHUNK)
            self._ended = not chunk
            self._ready = self._decoder.decode(chunk, self._ended).encode("utf-8", "replace")
        part, self._ready = self._ready[: len(target)], self._ready[len(target) :]
        target[: len(part)] = part
        return len(part)
