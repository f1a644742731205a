"""Second opinions, what waits, audit draws and senders, each held against the events that told of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from core.domain.insight import Estimate, Stratum
from core.domain.opinions import Guarantee, OpinionCard
from core.store.store import Store
from tests.core.store.test_audit import failed
from tests.fixtures.values import make_item, make_policy

HALF = Estimate(0.5, 10, 0.4, 0.6)
GUARANTEE = Guarantee(0.1, 0.05, 0.2, 40, HALF)
OPINION = "version 1 of the second opinion on spam"
KEY = "ab" * 32


@pytest.fixture
def told(store: Store) -> Store:
    """One of each: event 4 is an opinion, 5 what waits, 6 a draw of two entries, 7 a sender, 8 a bundle of theirs."""
    store.add_policy(make_policy(), author="ana", note="", actor="ana")
    store.add_items([make_item(number, policy="spam") for number in (1, 2, 3)], source="f", actor="ana")
    moment = datetime(2026, 5, 4, tzinfo=UTC)
    card = OpinionCard("spam", 0, "ana", moment, 50, 20, (1,), 99, HALF, HALF, HALF, HALF, (), ())
    store.add_opinion(card, b"a model", actor="ana")
    store.set_deferral("spam", 1, GUARANTEE, 5, actor="ana")
    store.add_draw("spam", [Stratum("passed", False, 3, 2)], {3: 0, 1: 0}, seed=7, up_to=0, actor="ana")
    store.trust_sender(KEY, "North", actor="ana")
    store.note_bundle(KEY, serial=12, head="cd", bundle="ef", actor="ana")
    return store


def test_what_the_program_did_passes(told: Store) -> None:
    assert failed(told) == {}
    told.clear_deferral("spam", actor="ana")
    told.set_deferral("spam", 1, GUARANTEE, 6, actor="ana")
    told.forget_sender(KEY, actor="ana")
    told.trust_sender(KEY, "South", actor="ana")
    assert failed(told) == {}


@pytest.mark.parametrize(
    ("statement", "check", "detail"),
    [
        ("UPDATE second_opinion SET card = replace(card, '0.5', '0.9')", "second_opinions", f"{OPINION} differs from"),
        ("UPDATE second_opinion SET model = x'00'", "second_opinions", f"{OPINION} differs from what event 4"),
        ("DELETE FROM second_opinion", "second_opinions", f"{OPINION} is missing (event 4 recorded it)"),
        ("UPDATE second_opinion SET version = 2", "second_opinions", f"{OPINION} is missing"),
        (
            "INSERT INTO second_opinion (policy_id, version, card, model_sha256) VALUES ('spam', 2, '', '')",
            "second_opinions",
            "version 2 of the second opinion on spam was never recorded",
        ),
        ("UPDATE deferral SET audit_percent = 0", "second_opinions", "what waits under spam differs from what event 5"),
        ("DELETE FROM deferral", "second_opinions", "what waits under spam is missing (event 5 recorded it)"),
        ("UPDATE deferral SET policy_id = 'x'", "second_opinions", "what waits under x was never recorded"),
        ("UPDATE audit_draw SET seed = 8", "audit_streams", "audit draw 1 differs from what event 6 recorded"),
        ("UPDATE audit_draw SET drawn_by = 'bo'", "audit_streams", "audit draw 1 differs from what event 6 recorded"),
        ("UPDATE audit_sample SET entry_key = 2 WHERE entry_key = 3", "audit_streams", "audit draw 1 differs"),
        ("DELETE FROM audit_sample WHERE entry_key = 3", "audit_streams", "audit draw 1 differs"),
        ("DELETE FROM audit_draw", "audit_streams", "audit draw 1 is missing (event 6 recorded it)"),
        ("UPDATE audit_draw SET id = 2", "audit_streams", "audit draw 1 is missing"),
        ("UPDATE sender SET serial = 0", "senders", f"sender {KEY[:16]} differs from what event 8 recorded"),
        ("UPDATE sender SET public_key = 'ff'", "senders", "sender ff was never recorded"),
        ("DELETE FROM sender", "senders", f"sender {KEY[:16]} is missing (event 8 recorded it)"),
    ],
)
def test_what_was_done_behind_its_back_is_named(
    told: Store, tamper: Callable[..., None], statement: str, check: str, detail: str
) -> None:
    tamper("PRAGMA foreign_keys = OFF", statement)
    assert failed(told)[check].startswith(detail)
