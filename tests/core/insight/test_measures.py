"""Figures whole and by part against scikit-learn, and the items behind each count."""

from __future__ import annotations

import random
import warnings
from datetime import UTC, datetime, timedelta

import pytest
from scipy import stats
from sklearn import metrics

from core.domain import Cause
from core.domain.insight import Cell, Comparison, Dimension, Estimate, Figures
from core.insight.measures import cell_of, is_behind, measure, values_of

SIDES = {"SP0": False, "SP1": False, "SP2": True, "SP4": True}
START = datetime(2026, 1, 1, tzinfo=UTC)


def make(count: int = 400, seed: int = 1) -> list[Comparison]:
    chance = random.Random(seed)  # noqa: S311
    made = []
    for number in range(count):
        human = chance.choice(sorted(SIDES))
        model = human if chance.random() < 0.7 else chance.choice(sorted(SIDES))
        judged = chance.random() < 0.9
        made.append(
            Comparison(
                entry=number,
                item_id=f"i{number}",
                policy_id=chance.choice(["spam", "harassment"]),
                version=chance.randint(1, 2),
                human_label=human,
                human_violates=SIDES[human],
                model_label=model if judged else None,
                model_violates=SIDES[model] if judged else None,
                reviewer=chance.choice(["ana", "kim", "import:gold"]),
                decided_at=START + timedelta(days=number),
                blind=chance.random() < 0.3,
                cause=Cause.BORDERLINE if human != model else None,
                rule_id="SP2.a" if chance.random() < 0.2 else None,
                rule_ids=("SP2.a", "SP4.b") if chance.random() < 0.5 else (),
                language=chance.choice(["en", "de", ""]),
                seconds=chance.choice([None, 1.0, 4.0, 9.0]),
            )
        )
    return made


def check(figures: Figures, items: list[Comparison]) -> None:
    compared = [item for item in items if item.compared]
    assert (figures.decided, figures.compared) == (len(items), len(compared))
    human = [item.human_violates for item in compared]
    model = [bool(item.model_violates) for item in compared]
    pairs = [[item.human_label for item in compared], [item.model_label for item in compared]]
    expected = {
        "agreement": metrics.accuracy_score(*pairs),
        "kappa": metrics.cohen_kappa_score(human, model),
        "precision": metrics.precision_score(human, model),
        "recall": metrics.recall_score(human, model),
        "f1": metrics.f1_score(human, model),
    }
    for name, value in expected.items():
        assert getattr(figures, name).value == pytest.approx(value, abs=1e-9), name
    assert figures.labels == {
        (one, other): sum(a == one and b == other for a, b in zip(*pairs, strict=True))
        for one, other in set(zip(*pairs, strict=True))
    }


def test_the_whole_and_every_part_equal_scikit_learn() -> None:
    items = make()
    found = measure(items, dimensions=tuple(Dimension))
    check(found.whole, items)
    checked = 0
    for part in found.parts:
        if part.dimension in (Dimension.LABEL, Dimension.WEEK, Dimension.CLAUSE, Dimension.REVIEW):
            continue
        check(part.figures, [item for item in items if part.value in values_of(item, part.dimension)])
        checked += 1
    assert checked > 15


def test_a_label_is_measured_against_all_the_others() -> None:
    items = make()
    compared = [item for item in items if item.compared]
    labels = sorted(SIDES)
    human, model = [item.human_label for item in compared], [item.model_label for item in compared]
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(human, model, labels=labels)
    parts = measure(items, dimensions=[Dimension.LABEL]).parts
    assert [part.value for part in parts] == labels
    for number, part in enumerate(parts):
        assert part.figures.precision.value == pytest.approx(precision[number], abs=1e-9)
        assert part.figures.recall.value == pytest.approx(recall[number], abs=1e-9)
        assert part.figures.f1.value == pytest.approx(f1[number], abs=1e-9)


def test_a_label_only_the_model_gave_has_a_part() -> None:
    item = make(1)[0]
    other = "SP4" if item.human_label != "SP4" else "SP0"
    odd = Comparison(
        entry=1, item_id="x", policy_id="spam", version=1, human_label=item.human_label, reviewer="kim",
        human_violates=SIDES[item.human_label], decided_at=START, model_label=other, model_violates=SIDES[other],
    )  # fmt: skip
    assert [part.value for part in measure([odd], dimensions=[Dimension.LABEL]).parts] == sorted(
        [item.human_label, other]
    )


def test_every_count_has_its_items_behind_it() -> None:
    items = make()
    whole = measure(items).whole
    for cell in Cell:
        assert sum(is_behind(item, cell) for item in items) == whole.cells.get(cell, 0), cell
    for part in measure(items, dimensions=[Dimension.LABEL]).parts:
        for cell in (Cell.TRUE_POSITIVE, Cell.FALSE_POSITIVE, Cell.FALSE_NEGATIVE, Cell.TRUE_NEGATIVE):
            behind = [item for item in items if is_behind(item, cell, part.value)]
            assert len(behind) == part.figures.cells.get(cell, 0)
            assert all(cell_of(item, part.value) is cell for item in behind)


def test_blind_is_held_against_assisted_with_its_test() -> None:
    items = make(900)
    gap = measure(items).blind_gap
    assisted = [item.agrees for item in items if item.compared and not item.blind and not item.imported]
    blind = [item.agrees for item in items if item.compared and item.blind and not item.imported]
    assert gap.first.value == pytest.approx(sum(assisted) / len(assisted), abs=1e-12)
    assert gap.second.value == pytest.approx(sum(blind) / len(blind), abs=1e-12)
    table = [[sum(one), len(one) - sum(one)] for one in (assisted, blind)]
    assert gap.p == pytest.approx(stats.fisher_exact(table).pvalue, abs=1e-12)
    assert gap.difference.value == pytest.approx((gap.first.value or 0) - (gap.second.value or 0))


def test_labels_that_came_in_are_neither_blind_nor_assisted() -> None:
    items = [
        Comparison(
            entry=n, item_id=str(n), policy_id="spam", version=1, human_label="SP0", human_violates=False,
            reviewer="import:gold", decided_at=START, model_label="SP0", model_violates=False, imported=True,
            seconds=5.0,
        )
        for n in range(20)
    ]  # fmt: skip
    found = measure(items)
    assert (found.blind_gap.first.n, found.blind_gap.second.n, found.blind_gap.p) == (0, 0, None)
    assert found.whole.seconds == Estimate(None, 0)


def test_nothing_measured_is_no_number() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = measure([], dimensions=tuple(Dimension))
    assert found.parts == ()
    assert found.whole.agreement == Estimate(None, 0)
    assert found.whole.f1.words() == "too few (n 0)"
