"""The formats an export can have, with the end of their file's name. It imports nothing, so that `--help` is quick."""

from __future__ import annotations

SUFFIXES = {
    "jsonl": "jsonl", "csv": "csv", "parquet": "parquet", "hf": "", "labelstudio": "labelstudio.json",
    "prodigy": "prodigy.jsonl", "evals": "evals.jsonl", "sft": "sft.jsonl", "preferences": "preferences.jsonl",
    "html": "html", "pdf": "pdf", "bundle": "docket",
}  # fmt: skip
"""The formats, each with how the name of its file ends; `hf` is a folder."""

EXPORT_FORMATS = tuple(SUFFIXES)
