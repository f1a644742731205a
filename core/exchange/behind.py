"""The keys of what stands behind figures: a query as a short text, `compared?by=label&value=SP2`, and back.

It owns their spelling: a name or a field may be added, none renamed. It knows no workspace.
"""

from __future__ import annotations

from dataclasses import fields
from urllib.parse import parse_qsl, urlencode

from pydantic import TypeAdapter, ValidationError

from core.domain.behind import (
    Behind,
    Compared,
    Drawn,
    Held,
    Listed,
    Marked,
    OpenItems,
    Shared,
    Stepped,
    Waiting,
)
from core.errors import UsageError

_KINDS: dict[str, type[Behind]] = {
    "compared": Compared,
    "shared": Shared,
    "marked": Marked,
    "step": Stepped,
    "open": OpenItems,
    "drawn": Drawn,
    "held": Held,
    "waiting": Waiting,
    "entries": Listed,
}
_LARGEST = 2**53
_NAMES = {kind: name for name, kind in _KINDS.items()}


def key_of(behind: Behind) -> str:
    """Return the key of a query, `compared?by=label&value=SP2` say: what has its default is left out."""
    said: list[tuple[str, str]] = []
    for one in fields(behind):
        value = getattr(behind, one.name)
        if value == one.default:
            continue
        if isinstance(value, tuple):
            said += [(one.name, str(part)) for part in value]
        else:
            said.append((one.name, str(value).lower() if isinstance(value, bool) else str(value)))
    name = _NAMES[type(behind)]
    return f"{name}?{urlencode(said, errors='surrogatepass')}" if said else name


def behind_of(key: str) -> Behind:
    """Return the query of a key.

    Raises:
        UsageError: it is none.
    """
    name, _, rest = key.partition("?")
    kind = _KINDS.get(name)
    if kind is None:
        raise _unknown(f"A key begins with one of {', '.join(_KINDS)}.")
    said = parse_qsl(rest, keep_blank_values=True, errors="surrogatepass") if rest else []
    known = {one.name for one in fields(kind)}
    if any(word not in known for word, _ in said):
        raise _unknown(f"A key that begins with {name} has {', '.join(sorted(known))}.")
    values: dict[str, object] = dict(said)
    if kind is Listed:
        values = {"entries": [value for _, value in said]}
    try:
        found: Behind = TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        raise _unknown(f"{error.errors()[0]['loc'][0]} has a value it cannot have.") from None
    numbers = (getattr(found, one.name) for one in fields(found))
    whole = [n for number in numbers for n in (number if isinstance(number, tuple) else (number,)) if type(n) is int]
    if any(abs(n) > _LARGEST for n in whole):
        raise _unknown("A number in it is too large.")
    return found


def _unknown(why: str) -> UsageError:
    return UsageError(f"That is no key of a figure. {why}", "Take a key from `behind` in the --json of a figure.")
