"""The address of a team's database: what it becomes, and that its password goes nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UsageError, WorkspaceError
from core.paths import home_folder
from core.store import place
from core.store.place import secret_name
from core.store.postgres import _complete

SECRET = "s3cret-word"
ADDRESS = f"postgresql+psycopg://ana:{SECRET}@db.example.org:5433/desk?application_name=x"


@pytest.mark.parametrize("named", ["/some/folder", "relative", "C:\\desk", "post", "postgres", "a:b", "~/x"])
def test_a_folder_is_a_folder(named: str) -> None:
    assert place.local_folder(named) == Path(named)
    assert not place.is_team(Path(named))


def test_an_address_is_a_small_folder_of_this_person() -> None:
    folder = place.local_folder(ADDRESS)
    assert folder.parent == home_folder() / "teams"
    assert folder.name.startswith("desk-at-db.example.org-")
    assert not folder.exists()
    assert place.is_team(folder)
    assert folder == place.local_folder(ADDRESS.replace(f":{SECRET}", ""))
    assert folder != place.local_folder(ADDRESS.replace("ana", "bo"))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "POSTGRESQL+psycopg"])
def test_all_spellings_are_one_driver(scheme: str) -> None:
    folder = place.local_folder(f"{scheme}://ana@host/desk")
    assert place.server_url(folder).drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "named",
    ["postgresql://", "postgresql://host", "postgresql+asyncpg://h/d", "postgresql+psycopg://h:port/d"],
)
def test_what_is_no_address_is_refused_without_repeating_it(named: str) -> None:
    with pytest.raises(UsageError) as caught:
        place.local_folder(named)
    assert "postgresql+psycopg://NAME@HOST/DATABASE" in caught.value.hint
    assert named not in str(caught.value)


def test_a_password_among_the_options_is_refused() -> None:
    with pytest.raises(UsageError, match="password among its options") as caught:
        place.local_folder(f"postgresql://h/d?sslpassword={SECRET}")
    assert SECRET not in str(caught.value)


def test_the_password_is_neither_written_nor_shown(tmp_path: Path) -> None:
    url = place.server_url(place.local_folder(ADDRESS))
    assert SECRET in str(url.password)
    assert SECRET not in place.shown(url)
    assert SECRET not in repr(url)
    assert SECRET not in secret_name(url)
    place.write_server(tmp_path, url)
    written = (tmp_path / place.FILE).read_text()
    assert SECRET not in written
    again = place.server_url(tmp_path)
    assert (again.username, again.host, again.port, again.database) == ("ana", "db.example.org", 5433, "desk")
    assert again.password is None


def test_a_damaged_note_is_said(tmp_path: Path) -> None:
    for text in ("", "{}", '{"url": 3}', '{"url": "mysql://h/d"}', "[]"):
        (tmp_path / place.FILE).write_text(text)
        with pytest.raises(WorkspaceError, match="cannot be read"):
            place.server_url(tmp_path)


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        ("postgresql://ana@db.example.org/desk", "require"),
        ("postgresql://ana@db.example.org/desk?sslmode=verify-full", "verify-full"),
        ("postgresql://ana@localhost/desk", None),
        ("postgresql://ana@/desk?host=/var/run/postgresql", None),
    ],
)
def test_what_leaves_the_machine_is_encrypted(address: str, mode: str | None) -> None:
    url = _complete(place.server_url(place.local_folder(address)))
    assert url.query.get("sslmode") == mode
