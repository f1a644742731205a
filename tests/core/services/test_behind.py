"""Every number opens the items behind it: as many as it says, on a small workspace that is decided by two people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core import services
from core.domain import Cause, Role
from core.domain.behind import (
    Behind,
    Compared,
    Drawn,
    Held,
    Listed,
    Marked,
    OpenItems,
    Right,
    Sampled,
    Shared,
    Side,
    Stepped,
    Waiting,
)
from core.domain.insight import Cell, Dimension
from core.errors import RoleError, UsageError
from core.exchange.behind import behind_of
from core.exchange.insight import (
    bin_behind,
    calibration_to_dict,
    drift_to_dict,
    measures_to_dict,
    reviewers_to_dict,
)
from core.exchange.opinions import card_to_dict, recall_to_dict
from core.services.workspace import Workspace
from tests.core.services.measured import measured_by_two
from tests.core.services.test_second_opinion import fill
from tests.fixtures.values import make_item, make_verdict
from tests.fixtures.workspaces import new_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """`fraud` with two versions and two reviewers, five open items of it; `sales` trained and partly drawn."""
    with new_workspace(tmp_path_factory.mktemp("behind") / "desk") as made:
        measured_by_two(made)
        policy = made.store.get_policy("fraud")
        assert policy is not None
        more = [make_item(100 + n) for n in range(5)]
        made.store.add_items(more, source="later", actor="kim")
        made.store.add_verdicts([make_verdict(item, policy, "X2", score=0.6) for item in more], actor="kim")
        fill(made, 100, 60)
        services.train_second_opinion(made, policy_id="sales")
        drawn = services.draw_audit(made, policy_id="sales", size=30, seed=1)
        for place, key in enumerate(drawn.entries[:20]):
            services.decide(made, key=key, label="X2" if place % 4 == 0 else "X0")
        yield made


def count(workspace: Workspace, behind: Behind, policy_id: str | None = "fraud") -> int:
    keys = services.entries_behind(workspace, policy_id=policy_id, behind=behind)
    assert len(services.queue_rows(workspace, keys=keys)) == len(set(keys)) == len(keys)
    return len(keys)


def test_cells_of_every_part_of_every_dimension(workspace: Workspace) -> None:
    measured = services.policy_measures(workspace, policy_id="fraud")
    for cell in Cell:
        assert count(workspace, Compared(cell=cell)) == measured.whole.cells.get(cell, 0), cell
        for part in measured.parts:
            behind = Compared(part.dimension, part.value, cell)
            assert count(workspace, behind) == part.figures.cells.get(cell, 0), (part.dimension, part.value, cell)


def test_pairs_of_labels_and_causes(workspace: Workspace) -> None:
    whole = services.policy_measures(workspace, policy_id="fraud", by=()).whole
    for (human, model), number in whole.labels.items():
        assert count(workspace, Compared(human=human, model=model)) == number
    key = services.entries_behind(workspace, policy_id="fraud", behind=Compared(cell=Cell.TRUE_NEGATIVE))[0]
    services.decide(workspace, key=key, label="X2", cause=Cause.POLICY_GAP)
    causes = services.policy_measures(workspace, policy_id="fraud", by=()).whole.causes
    assert {cause: count(workspace, Compared(cause=cause)) for cause in causes} == dict(causes)
    services.decide(workspace, key=key, label="X0")


def test_bins_and_thresholds(workspace: Workspace) -> None:
    found = services.calibration(workspace, policy_id="fraud")
    for part in found.curves[0].bins:
        assert count(workspace, bin_behind(part)) == part.violating.n
    for threshold in found.thresholds:
        assert threshold.score is not None
        assert count(workspace, Compared(score_from=threshold.score)) == threshold.precision.n
        assert count(workspace, Compared(cell=Cell.VIOLATING, score_from=0.0)) == threshold.recall.n
        assert count(workspace, OpenItems(threshold.score)) == threshold.workload
    assert count(workspace, OpenItems()) == found.thresholds[0].open_items == 5
    assert count(workspace, OpenItems(0.7)) == 0


def test_reviewers_and_their_differences(workspace: Workspace) -> None:
    measured = services.reviewer_measures(workspace, policy_id="fraud")
    [pair] = measured.pairs
    assert count(workspace, Shared()) == measured.alpha.n
    assert count(workspace, Shared("ana", "kim")) == pair.agreement.n
    same = count(workspace, Shared("ana", "kim", differ=False))
    assert pair.agreement.value == pytest.approx(same / pair.agreement.n)
    assert count(workspace, Shared("kim", "ana", differ=True)) == pair.agreement.n - same == 3
    assert count(workspace, Shared("ana", "nobody")) == 0


def test_marks_are_opened_by_a_lead_and_the_person_alone(workspace: Workspace) -> None:
    for mark in services.reviewer_measures(workspace, policy_id="fraud").golden:
        assert count(workspace, Marked(mark.reviewer)) == mark.score.n
        right = round((mark.score.value or 0) * mark.score.n)
        assert count(workspace, Marked(mark.reviewer, wrong=True)) == mark.score.n - right
    services.add_member(workspace, name="ana", role=Role.REVIEWER)
    acting, workspace.reviewer = workspace.reviewer, "ana"
    try:
        assert count(workspace, Marked("ana", wrong=True)) == 3
        with pytest.raises(RoleError, match="golden"):
            count(workspace, Marked("ana", hidden=True))
        with pytest.raises(RoleError):
            count(workspace, Marked("kim"))
    finally:
        workspace.reviewer = acting


def test_steps_between_versions(workspace: Workspace) -> None:
    [step] = services.version_drift(workspace, policy_id="fraud")
    assert count(workspace, Stepped(step.before, step.after)) == sum(step.flips.values())
    assert count(workspace, Stepped(step.before, step.after, flipped=True)) == 5
    assert count(workspace, Stepped(7, 8)) == 0


def test_layers_of_the_audit_stream(workspace: Workspace) -> None:
    found = services.audit_recall(workspace, policy_id="sales")
    for layer, draw in zip(found.strata, found.draw_of, strict=True):
        for what, number in (
            (Sampled.ALL, layer.size),
            (Sampled.DRAWN, layer.drawn),
            (Sampled.DECIDED, layer.decided),
            (Sampled.VIOLATING, layer.violating),
        ):
            assert count(workspace, Drawn(what, draw, layer.name), "sales") == number, (layer, what)
    assert count(workspace, Drawn(Sampled.PENDING), "sales") == found.pending == 10
    missed = sum(layer.violating for layer in found.strata if not layer.flagged)
    assert count(workspace, Drawn(Sampled.MISSED), "sales") == missed


def test_a_second_opinion_and_what_was_right_alone(workspace: Workspace) -> None:
    [card] = services.second_opinions(workspace, policy_id="sales")
    assert count(workspace, Held(card.version), "sales") == card.labels
    assert count(workspace, Held(card.version, cell=Cell.FLAGGED), "sales") == card.precision.n
    assert count(workspace, Held(card.version, cell=Cell.VIOLATING), "sales") == card.recall.n
    for head in card.heads:
        for side, contender in ((Side.MODEL, head.model), (Side.OPINION, head.opinion)):
            held = {"side": side, "blind": head.blind, "compared": True}
            for cell, figure in (
                (Cell.ALL, contender.agreement),
                (Cell.FLAGGED, contender.precision),
                (Cell.VIOLATING, contender.recall),
            ):
                assert count(workspace, Held(card.version, cell=cell, **held), "sales") == figure.n  # type: ignore[arg-type]
            wrong = count(workspace, Held(card.version, cell=Cell.DISAGREEMENT, **held), "sales")  # type: ignore[arg-type]
            assert contender.agreement.value == pytest.approx(1 - wrong / head.n)
        numbers = {
            right: count(workspace, Held(card.version, right=right, blind=head.blind), "sales") for right in Right
        }
        assert numbers[Right.MODEL] == head.only_model
        assert numbers[Right.OPINION] == head.only_opinion
        assert sum(numbers.values()) == head.n
    [point] = card.curve
    errors = count(workspace, Held(card.version, cell=Cell.DISAGREEMENT, labels=point.labels), "sales")
    assert 0 < errors < card.labels / 2
    assert count(workspace, Held(99), "sales") == 0


def test_waiting_and_lists(workspace: Workspace) -> None:
    assert count(workspace, Waiting(), "sales") == count(workspace, Waiting(violating=True), "sales") == 0
    keys = services.entries_behind(workspace, policy_id="sales")
    assert list(services.entries_behind(workspace, behind=Listed((keys[2], keys[0], keys[2])))) == [keys[2], keys[0]]


def test_what_belongs_to_a_policy_asks_for_one(workspace: Workspace) -> None:
    for behind in (Stepped(1, 2), OpenItems(), Drawn(), Held(1), Waiting()):
        with pytest.raises(UsageError):
            services.entries_behind(workspace, behind=behind)
    with pytest.raises(UsageError):
        services.entries_behind(workspace, policy_id="nope")


def keys_in(document: Any) -> Iterator[str]:
    """Yield every key a document names."""
    if isinstance(document, dict):
        for name, value in document.items():
            named = name.startswith("behind") or name in ("errors", "differ", "wrong")
            if named and isinstance(value, str):
                yield value
            elif named and isinstance(value, dict):
                yield from value.values()
            else:
                yield from keys_in(value)
    elif isinstance(document, list):
        for value in document:
            yield from keys_in(value)


def test_every_key_in_every_document_can_be_opened(workspace: Workspace) -> None:
    [card] = services.second_opinions(workspace, policy_id="sales")
    documents = {
        "fraud": [
            measures_to_dict(services.policy_measures(workspace, policy_id="fraud", by=[Dimension.LABEL])),
            reviewers_to_dict(services.reviewer_measures(workspace, policy_id="fraud")),
            drift_to_dict("fraud", services.version_drift(workspace, policy_id="fraud")),
            calibration_to_dict(services.calibration(workspace, policy_id="fraud")),
        ],
        "sales": [card_to_dict(card), recall_to_dict(services.audit_recall(workspace, policy_id="sales"), [])],
    }
    opened = 0
    for policy_id, listed in documents.items():
        for key in set(keys_in(listed)):
            services.entries_behind(workspace, policy_id=policy_id, behind=behind_of(key))
            opened += 1
    assert opened > 60
