"""Which column holds what, when the columns have names of their own.

It owns the names other people use and the guess from a few rows. A guess is always shown, and a person's word wins.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_CONTENT = (
    "content", "text", "comment_text", "comment", "message", "body", "post", "test_case", "example", "example prompt",
    "prompt", "tweet", "sentence", "utterance", "input", "selftext", "full_text", "review", "caption", "description",
)  # fmt: skip
_PARENT = ("parent", "parent_text", "parent_comment", "context", "in_reply_to_text", "parent_body", "previous")
_ID = (
    "id", "item_id", "uid", "uuid", "case_id", "comment_id", "post_id", "message_id", "tweet_id", "rev_id", "record_id",
    "external_id", "guid", "uri", "url",
)  # fmt: skip
_TEXT_LENGTH = 12  # mean characters that make a column of texts


def guess_fields(columns: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return which columns the fields `id`, `content` (or `messages`) and `parent` are read from, by field.

    `sample` are the first rows. A field that no column fits is left out.
    """
    names = {_fold(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    if not (_named(names, ("messages",)) and any(isinstance(row.get(names["messages"]), list) for row in sample)):
        content = _named(names, _CONTENT, sample) or _longest(columns, sample)
        if content is not None:
            found["content"] = content
    else:
        found["messages"] = names["messages"]
    taken = set(found.values())
    own_id = next((names[name] for name in _ID if name in names and _tells_apart(names[name], sample)), None)
    own_id = own_id or next(
        (name for name in columns if name.startswith("column ") and _tells_apart(name, sample, counted=True)), None
    )
    parent = _named(names, _PARENT, sample)
    for field, column in (("id", own_id), ("parent", parent)):
        if column is not None and column not in taken:
            found[field] = column
            taken.add(column)
    return found


def _fold(name: str) -> str:
    return " ".join(name.casefold().replace("-", "_").split())


def _named(names: Mapping[str, str], wanted: Sequence[str], sample: Sequence[Mapping[str, Any]] = ()) -> str | None:
    for name in wanted:
        column = names.get(name)
        if column is not None and (not sample or any(isinstance(row.get(column), str) for row in sample)):
            return column
    return None


def _longest(columns: Sequence[str], sample: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the column with the longest texts, None when none holds any."""
    best, best_mean = None, float(_TEXT_LENGTH)
    for column in columns:
        texts = [row[column] for row in sample if isinstance(row.get(column), str)]
        mean = sum(map(len, texts)) / len(sample) if texts else 0.0
        if mean > best_mean:
            best, best_mean = column, mean
    return best


def _tells_apart(column: str, sample: Sequence[Mapping[str, Any]], *, counted: bool = False) -> bool:
    """Whether a column has another short value in every row; `counted` wants whole numbers."""
    values = [row.get(column) for row in sample]
    there = [value for value in values if isinstance(value, str | int) and not isinstance(value, bool)]
    if counted:
        # Rows that name a section have none.
        numbers = [value for value in there if isinstance(value, str) and value.strip().isdigit()]
        return len(numbers) >= max(2, len(sample) * 0.8) and len(set(numbers)) == len(numbers)
    return len(there) == len(sample) > 0 and len(set(there)) == len(there) and max(len(str(v)) for v in there) <= 512
