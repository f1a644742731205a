"""The search: what is found wherever it stands, in which records, and that a purge leaves nothing to be found."""

from __future__ import annotations

import string
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text

from core.domain import EntryState, PolicyVersion, QueueFilter, QueueSort, Turn, utc_now
from core.store import migrations
from core.store.keys import KeyFile
from core.store.search import search_terms
from core.store.store import Store
from tests.core.store.conftest import raw_connection
from tests.core.store.test_purging import plain_pages
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict

BOTH = True


@pytest.fixture
def policy(store: Store) -> PolicyVersion:
    """The policy of most tests here."""
    return store.add_policy(make_policy(), author="ana", note="", actor="ana")


def found(store: Store, text: str, **filters: object) -> list[str]:
    """The ids of the items a search lists, oldest first."""
    wanted = QueueFilter(search=text, sort=QueueSort.AGE, **filters)  # type: ignore[arg-type]
    return [row.item_id for row in store.queue_rows(store.queue_ids(wanted))]


@pytest.mark.parametrize(
    "text",
    [
        "100%",
        "a_b",
        "back\\slash",
        "quo'te",
        'quo"te',
        "ünïcode",
        "MiXed",
        "id-part",
        "*",
        "AND",
        "(",
        "日本",
        "🙂",
        "-x",
    ],
)
def test_search_takes_every_character_as_it_stands(store: Store, text: str) -> None:
    decoys = ["100 percent", "axb", "backslash", "quote", "unicode", "日 本", "mi xed", "id part"]
    store.add_items([make_item(n, content=words) for n, words in enumerate(decoys)], source="test", actor="ana")
    store.add_items([make_item(id="hit", content=f"before{text}after")], source="test", actor="ana")
    assert [item for item in found(store, text) if item == "hit" or text in ("AND", "-x")] == ["hit"]
    assert found(store, text.swapcase())[-1] == "hit"


def test_search_reads_id_parent_turns_reasoning_and_notes(store: Store, policy: PolicyVersion) -> None:
    turns = (Turn("user", 'the "needle" turn'), Turn("bot", "hay"))
    items = [
        make_item(1, parent="needle"),
        make_item(id="needle-2"),
        make_item(3, messages=turns, target=1, content="hay"),
        *(make_item(number) for number in (4, 5, 6, 7, 8)),
    ]
    store.add_items(items, source="test", actor="ana")
    store.add_verdicts([make_verdict(items[3], policy, reasoning="a needle, I think")], actor="ana")
    store.add_verdicts([make_verdict(items[4], policy, rationale="needle")], actor="ana")
    store.add_decision(make_decision(items[5], policy, note="Needles"), actor="ana")
    store.mark(store.find_entry("item-7", None) or 0, EntryState.ESCALATED, reviewer="ana", reason="what a needle")
    assert found(store, "  NEEDLE ") == [items[n].id for n in range(7)]


def test_all_words_must_be_there_and_a_phrase_as_it_stands(store: Store, policy: PolicyVersion) -> None:
    store.add_items(
        [make_item(n, content=words) for n, words in enumerate(["free red shoes", "red and free", "free blue"])],
        source="test",
        actor="ana",
    )
    assert found(store, "red free") == ["item-0", "item-1"]
    assert found(store, '"free red"') == ["item-0"]
    assert found(store, '"free red') == []  # an open quote is a character like any other
    store.add_decision(make_decision(make_item(2), policy, note="red"), actor="ana")
    assert found(store, "red free") == ["item-0", "item-1", "item-2"]  # one word in the content, one in the note


def test_a_search_goes_with_every_filter_and_order(store: Store, policy: PolicyVersion) -> None:
    items = [make_item(number, content="needle") for number in range(4)]
    store.add_items([*items, make_item(9)], source="test", actor="ana")
    for item, score in zip(items[:3], (0.1, 0.9, 0.5), strict=True):
        store.add_verdicts([make_verdict(item, policy, score=score)], actor="ana")
    by_risk = store.queue_rows(store.queue_ids(QueueFilter(search="needle", sort=QueueSort.RISK)))
    assert [row.item_id for row in by_risk] == ["item-1", "item-2", "item-0", "item-3"]
    assert found(store, "needle", states=(EntryState.JUDGED,), policy_id="spam") == ["item-0", "item-1", "item-2"]
    assert found(store, "needle", states=(EntryState.SKIPPED, EntryState.PENDING)) == ["item-3"]
    assert found(store, "needle", disagreements_only=True) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text(string.ascii_letters + " .%_*'(", min_size=1, max_size=40), data=st.data())
def test_any_piece_of_a_text_finds_it(store: Store, content: str, data: st.DataObject) -> None:
    item_id = f"item {len(store.queue_ids(QueueFilter()))}"
    store.add_items([make_item(id=item_id, content=content)], source="test", actor="ana")
    start = data.draw(st.integers(0, len(content) - 1))
    piece = content[start : start + data.draw(st.integers(1, 12))]
    if piece.strip():
        assert item_id in found(store, f'"{piece}"')


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_can_be_searched_for(store: Store, text: str) -> None:
    assert found(store, text) == [] or not search_terms(text)


def test_a_nul_hides_nothing(store: Store) -> None:
    store.add_items([make_item(content="be\x00hind"), make_item(2, content="\x00needle")], source="test", actor="ana")
    assert found(store, "hind") == ["item-1"]
    assert found(store, "needle\x00") == ["item-2"]


def test_a_purge_leaves_the_id_to_be_found_alone(store: Store, policy: PolicyVersion, tmp_path: Path) -> None:
    rare = "qzxjqzxj"
    item = make_item(1, content=rare, parent=rare)
    store.add_items([item, make_item(2)], source="test", actor="ana")
    store.add_verdicts([make_verdict(item, policy, reasoning=rare, rationale=rare)], actor="ana")
    store.add_decision(make_decision(item, policy, note=rare), actor="ana")
    assert found(store, rare) == ["item-1"]
    with store._db.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(FULL)")
    assert any(b"qzx" in page for page in plain_pages(tmp_path / "workspace.db"))  # the search for it can find it
    store.purge_batch(utc_now() + timedelta(seconds=1), actor="lea", limit=1)
    assert found(store, rare) == found(store, "qz") == []
    assert found(store, "item-1") == ["item-1"]
    assert store.compact()
    assert not any(b"qzx" in page or b"zxj" in page for page in plain_pages(tmp_path / "workspace.db"))
    assert found(store, "content") == ["item-2"]


def shape_at(step: str) -> tuple[set[str], dict[str, set[str]]]:
    """What a database holds at an older step: all names, and the columns of each table."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        names = set(connection.execute(text("SELECT name FROM sqlite_master")).scalars())
        look = inspect(connection)
        columns = {name: {column["name"] for column in look.get_columns(name)} for name in look.get_table_names()}
    engine.dispose()
    return names, columns


def test_an_older_workspace_is_searched_and_counted_after_its_step(
    store: Store, policy: PolicyVersion, tmp_path: Path
) -> None:
    items = [make_item(1, content="needle"), make_item(2), make_item(3)]
    store.add_items(items, source="test", actor="ana")
    store.add_verdicts([make_verdict(items[1], policy, reasoning="needle")], actor="ana")
    store.add_decision(make_decision(items[2], policy, note="needle"), actor="ana")
    counts = store.queue_counts()
    store.close()
    with raw_connection(tmp_path) as connection:
        kept, columns = shape_at("0004")
        made = connection.execute("SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        for kind in ("trigger", "index", "table"):
            for name in (name for found_kind, name in made if found_kind == kind and name not in kept):
                connection.execute(f"DROP {kind} IF EXISTS {name}")
        for table, old in columns.items():
            for column in [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in old]:
                connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    again = Store.open(tmp_path, bytes(range(32)))
    assert found(again, "needle") == ["item-1", "item-2", "item-3"]
    assert again.queue_counts() == counts
    checks = again.verify(KeyFile(signing_key=again.public_key()))
    assert [check for check in checks if not check.ok] == []
    again.close()


def test_the_terms_of_a_line() -> None:
    assert search_terms('one "two three"  four one') == ["one", "two three", "four"]
    assert search_terms('  "  " \x00 ') == []
    assert search_terms('half "open') == ["half", '"open']
