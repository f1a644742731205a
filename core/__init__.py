"""Docket's core: everything the desk knows and does, without any Qt. `ui` imports from here, never the reverse.

`from core import services` does not load the services before one of them is used: `--help` needs none of what they
bring along, the database among them.
"""

from __future__ import annotations

import importlib
from types import ModuleType


class _Deferred(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        return getattr(importlib.import_module(self.__name__), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(importlib.import_module(self.__name__), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(importlib.import_module(self.__name__), name)


def __getattr__(name: str) -> ModuleType:
    if name == "services":
        return _Deferred("core.services")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
