"""Reads the header of a GGUF file and checks it, without trusting a byte of it.

It owns the bounds: every count and length is checked against the file before anything is read or reserved, and every
tensor must lie inside the file. It never loads weights and never looks at a chat template.
The layout is the published GGUF specification, versions 2 and 3, little-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from core.errors import ModelFileError

MAGIC = b"GGUF"
MAX_KEYS = 4096
MAX_TENSORS = 65_536
MAX_ARRAY = 4_000_000
MAX_KEY_BYTES = 65_535
MAX_STRING_BYTES = 64 * 1024 * 1024
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_STRING, _ARRAY = 8, 9
# Block length and bytes of each tensor type; a type that is not listed is not checked for its size.
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 30: (1, 2), 39: (32, 17),
}  # fmt: skip
_MARKERS = {"<|im_start|>": "chatml", "<|channel|>": "harmony"}


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What the header says. `prompt_format` is None when no known one fits; sizes are in bytes, counts in tokens.

    `layers` are the blocks of the whole model, also of a split one; `weight_bytes` and `expert_bytes`, those of them
    that are experts, are of this file.
    """

    architecture: str
    name: str
    prompt_format: str | None
    window: int
    split_no: int
    split_count: int
    tensors: int
    size_bytes: int
    layers: int = 0
    weight_bytes: int = 0
    expert_bytes: int = 0


def read_header(path: Path) -> GgufHeader:
    """Read and check the header of a GGUF file.

    Raises:
        ModelFileError: missing, not a GGUF, truncated, or a header that contradicts the file.
    """
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode) and not S_ISDIR(found.st_mode):  # opening a pipe would wait for ever
            raise ModelFileError(f"{path} is no file.", "Give the path of a GGUF file with --model.")
        with path.open("rb") as file:
            return _Reader(file, found.st_size, path.name).header()
    except FileNotFoundError:
        raise ModelFileError(f"There is no file {path}.", "Give the path of a GGUF file with --model.") from None
    except IsADirectoryError:
        raise ModelFileError(f"{path} is a folder.", "Give the path of the GGUF file in it.") from None
    except OSError as error:
        raise ModelFileError(f"{path} cannot be read: {error.strerror}.", "Check the file's permissions.") from None


class _Reader:
    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        self._file = file
        self._size = size
        self._name = name
        self._found: set[str] = set()

    def _damaged(self, what: str) -> ModelFileError:
        return ModelFileError(f"{self._name} is damaged: {what}.", "Fetch the file again and compare its SHA-256.")

    def _bytes(self, count: int) -> bytes:
        if count > self._size - self._file.tell():
            raise self._damaged("it ends in the middle of its header")
        return self._file.read(count)

    def _number(self, layout: str) -> int:
        return int(struct.unpack(layout, self._bytes(struct.calcsize(layout)))[0])

    def _string(self, limit: int = MAX_STRING_BYTES) -> str:
        length = self._number("<Q")
        if length > limit:
            raise self._damaged("a text in its header is impossibly long")
        return self._bytes(length).decode("utf-8", "replace")

    def header(self) -> GgufHeader:
        if self._size < 24 or self._bytes(4) != MAGIC:
            raise ModelFileError(f"{self._name} is not a GGUF file.", "Docket reads models in the GGUF format only.")
        version = self._number("<I")
        if version not in (2, 3):
            raise ModelFileError(f"{self._name} is GGUF version {version}.", "Docket reads versions 2 and 3.")
        tensors, keys = self._number("<Q"), self._number("<Q")
        if tensors > MAX_TENSORS or keys > MAX_KEYS:
            raise self._damaged("its header counts more entries than any model has")
        values = dict(self._pair() for _ in range(keys))
        weights, experts = self._check_tensors(tensors, int(_whole(values.get("general.alignment"), 32)))
        architecture = str(values.get("general.architecture", ""))
        return GgufHeader(
            architecture=architecture,
            name=str(values.get("general.name", "")),
            prompt_format="harmony" if architecture == "gpt-oss" else self._format(),
            window=_whole(values.get(f"{architecture}.context_length"), 0),
            split_no=_whole(values.get("split.no"), 0),
            split_count=_whole(values.get("split.count"), 1) or 1,
            tensors=tensors,
            size_bytes=self._size,
            layers=_whole(values.get(f"{architecture}.block_count"), 0),
            weight_bytes=weights,
            expert_bytes=experts,
        )

    def _format(self) -> str | None:
        return next((name for marker, name in _MARKERS.items() if marker in self._found), None)

    def _pair(self) -> tuple[str, object]:
        key = self._string(MAX_KEY_BYTES)
        return key, self._value(self._number("<I"), key)

    def _value(self, kind: int, key: str) -> object:
        if kind == _STRING:
            return self._string()
        if kind == _ARRAY:
            self._array(key)
            return None
        if kind not in _SCALARS:
            raise self._damaged("a value in its header has an unknown type")
        return struct.unpack(_SCALARS[kind], self._bytes(struct.calcsize(_SCALARS[kind])))[0]

    def _array(self, key: str) -> None:
        kind, count = self._number("<I"), self._number("<Q")
        if count > MAX_ARRAY:
            raise self._damaged("a list in its header is impossibly long")
        if kind == _STRING:
            for _ in range(count):
                text = self._string()
                if key == "tokenizer.ggml.tokens" and text in _MARKERS:
                    self._found.add(text)
        elif kind in _SCALARS:
            self._bytes(count * struct.calcsize(_SCALARS[kind]))
        else:
            raise self._damaged("a list in its header has an unknown type")

    def _check_tensors(self, count: int, alignment: int) -> tuple[int, int]:
        """Check that every tensor lies in the file; return the bytes of all and of those that are experts."""
        ends: list[int] = []
        weights = experts = 0
        for _ in range(count):
            name = self._string(MAX_KEY_BYTES)
            dimensions = self._number("<I")
            if dimensions > 4:
                raise self._damaged("a tensor has more than four dimensions")
            elements = 1
            for _ in range(dimensions):
                elements *= self._number("<Q")
            kind, offset = self._number("<I"), self._number("<Q")
            block, size = _BLOCKS.get(kind, (1, 0))
            taken = elements // block * size
            ends.append(offset + taken)
            weights += taken
            experts += taken if "_exps." in name else 0
        if alignment <= 0 or alignment % 8:
            raise self._damaged("its alignment is not a multiple of eight")
        start = -(-self._file.tell() // alignment) * alignment
        if ends and start + max(ends) > self._size:
            missing = start + max(ends) - self._size
            raise self._damaged(f"its weights end {missing} bytes after the end of the file, so it was cut off")
        return weights, experts


def _whole(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise
