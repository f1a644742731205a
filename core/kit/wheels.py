"""Makes wheels of what is installed here, so that exactly what was tried here runs on the other side.

It owns the way back from an installed distribution to its wheel: the files that its RECORD lists, without what an
installer added. It asks no package index, and llama-cpp-python, which takes minutes to compile, comes along as it was
built. Format: the binary distribution format of the Python Packaging Authority (wheel 1.0).
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement

from core.errors import ExportError

_INSTALLER_FILES = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json", "uv_build.json"}
_EPOCH = (2020, 1, 1, 0, 0, 0)  # the same input gives the same bytes


def closure(
    requirements: Iterable[str],
    *,
    skip: frozenset[str] = frozenset(),
    instead: Mapping[str, Sequence[str]] | None = None,
) -> list[metadata.Distribution]:
    """Return the installed distributions that these requirements need, dependencies included, by name.

    Markers are evaluated for this machine. `skip` names distributions that are left out with what only they need.
    `instead` holds, by canonical name, what to believe a distribution needs in place of what it says.

    Raises:
        ExportError: one is not installed.
    """
    found: dict[str, metadata.Distribution] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(Requirement(text), frozenset[str]()) for text in requirements]
    while waiting:
        requirement, extras = waiting.pop()
        if requirement.marker is not None and not any(
            requirement.marker.evaluate({"extra": extra}) for extra in extras or {""}
        ):
            continue
        name = canonical(requirement.name)
        wanted = frozenset(requirement.extras)
        if name in skip or (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            raise ExportError(f"{name} is not installed here.", "Run `uv sync` first.") from None
        found[name] = distribution
        needs = (instead or {}).get(name, distribution.requires or ())
        waiting += [(Requirement(text), wanted | {""}) for text in needs]
    return [found[name] for name in sorted(found)]


def canonical(name: str) -> str:
    """Return a distribution's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pack_wheel(distribution: metadata.Distribution, folder: Path) -> Path:
    """Write the wheel of an installed distribution into `folder` and return its path.

    Raises:
        ExportError: its files are not recorded, one of them is gone, or the folder cannot be written.
    """
    name, version = distribution.name, distribution.version
    stem = f"{re.sub(r'[-_.]+', '_', name)}-{version}"
    path = folder / f"{stem}-{_tags(distribution)}.whl"
    record: list[str] = []
    info = _info_folder(distribution)
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as wheel:
            for inside, source in _members(distribution, stem):
                data = source.read_bytes()
                digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                record.append(f"{_quoted(inside)},sha256={digest},{len(data)}")
                _write(wheel, inside, data, executable=source.stat().st_mode & 0o100 != 0)
            record.append(f"{info}/RECORD,,")
            _write(wheel, f"{info}/RECORD", ("\n".join(record) + "\n").encode())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ExportError(
            f"The wheel of {name} cannot be made: {error.strerror}.", "Check space, or run `uv sync --reinstall`."
        ) from None
    return path


def _write(wheel: zipfile.ZipFile, inside: str, data: bytes, *, executable: bool = False) -> None:
    entry = zipfile.ZipInfo(inside, _EPOCH)
    entry.external_attr = (0o755 if executable else 0o644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    wheel.writestr(entry, data, compresslevel=1)


def _quoted(inside: str) -> str:
    return f'"{inside}"' if "," in inside else inside


def _members(distribution: metadata.Distribution, stem: str) -> Iterator[tuple[str, Path]]:
    """Yield (path in the wheel, file) for each recorded file that was in the wheel."""
    if not distribution.files:
        raise ExportError(f"Which files {distribution.name} has is not recorded.", "Run `uv sync --reinstall`.")
    commands = {entry.name for entry in distribution.entry_points if entry.group in ("console_scripts", "gui_scripts")}
    for file in distribution.files:
        inside = PurePosixPath(file.as_posix())
        if inside.suffix == ".pyc" or inside.name in _INSTALLER_FILES:
            continue
        source = Path(str(distribution.locate_file(file)))
        if ".." not in inside.parts:
            yield inside.as_posix(), source
            continue
        outside = PurePosixPath(*(part for part in inside.parts if part != ".."))
        if outside.parts[0] in ("bin", "Scripts"):
            if outside.stem not in commands and outside.name not in commands:
                yield f"{stem}.data/scripts/{outside.name}", source
        else:
            yield f"{stem}.data/data/{outside.as_posix()}", source


def _info_folder(distribution: metadata.Distribution) -> str:
    for file in distribution.files or ():
        if file.name == "METADATA" and file.parent.name.endswith(".dist-info"):
            return file.parent.name
    raise ExportError(f"{distribution.name} was not installed from a wheel.", "Run `uv sync --reinstall`.")


def _tags(distribution: metadata.Distribution) -> str:
    text = distribution.read_text("WHEEL") or ""
    tags = [line.partition(":")[2].strip().split("-") for line in io.StringIO(text) if line.startswith("Tag:")]
    if not tags:
        raise ExportError(f"{distribution.name} was not installed from a wheel.", "Run `uv sync --reinstall`.")
    return "-".join(".".join(sorted({tag[place] for tag in tags})) for place in range(3))
