"""An open store in a folder of its own, and the door for tests that change its file behind its back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from sqlcipher3 import dbapi2

from core.store.store import Store
from core.store.team import TeamStore
from tests.fixtures.server import TeamServer

DATA_KEY = bytes(range(32))


@contextmanager
def raw_connection(folder: Path, key: bytes = DATA_KEY) -> Iterator[Any]:
    """A bare connection with the key in hand: what someone with the key can do behind Docket's back."""
    with closing(dbapi2.connect(str(folder / "workspace.db"), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        yield connection


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a module that says `BOTH = True` a test of the store runs on a file and on a server."""
    named = inspect.signature(metafunc.function).parameters
    if getattr(metafunc.module, "BOTH", False) and "store" in metafunc.fixturenames and "tmp_path" not in named:
        metafunc.parametrize("store", ["file", "server"], indirect=True)


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new store; its folder is `tmp_path`. On a server where the test asks for it."""
    if getattr(request, "param", "file") == "server":
        server: TeamServer = request.getfixturevalue("team_server")
        made: Store = TeamStore.connect(tmp_path, make_url(server.url(server.database(empty=False))), DATA_KEY)
    else:
        made = Store.create(tmp_path, DATA_KEY)
    yield made
    made.close()


@pytest.fixture
def tamper(tmp_path: Path) -> Callable[..., None]:
    """Run statements on the store's file with all triggers gone."""

    def run(*statements: str) -> None:
        with raw_connection(tmp_path) as connection:
            names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
            kept = [row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")]
            for name in names:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement)
            for trigger in kept:
                connection.execute(trigger)

    return run
