"""A workspace against a plain model: whatever two people do in any order, and however it ends, the two agree.

The model is a dictionary. The steps are those of a working day: import, judge, decide, decide again, skip, escalate,
take back, claim, let go, export; and a program that stops without closing, in the middle of a write or between two.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from core import services
from core.domain import EntryState, QueueFilter, QueueSort
from core.errors import UsageError
from core.services.workspace import Workspace
from core.store import audit
from core.store.wrapping import Argon2Cost
from tests.fixtures.workspaces import ROOT, write_lines
from tests.ui.fakes import FakeClassifier

PASSPHRASE = "long enough"
PEOPLE = ("kim", "bo")
LABELS = ("SP0", "SP2", "SP3", "SP4")


@dataclass
class Known:
    """What the model knows of an item: all decisions (None: withdrawn), what the model said, its state, its holder."""

    key: int
    decisions: list[str | None] = field(default_factory=list)
    judged: bool = False
    state: EntryState = EntryState.PENDING
    holder: str | None = None

    @property
    def open(self) -> EntryState:
        return EntryState.JUDGED if self.judged else EntryState.PENDING

    @property
    def standing(self) -> str | None:
        return self.decisions[-1] if self.decisions else None


@dataclass
class Step:
    """What one person can take back: which of the item's decisions it made, and which one stood before."""

    item: str
    before: EntryState
    made: int | None = None
    stood: int | None = None


class Desk(RuleBasedStateMachine):
    """Two people at one workspace."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory(prefix="docket-machine-")
        self.folder = Path(self.place.name) / "w"
        self.known: dict[str, Known] = {}
        self.steps: dict[str, list[Step]] = {who: [] for who in PEOPLE}
        self.desks: dict[str, Workspace] = {}
        self.classifier = FakeClassifier()
        self.files = 0

    items = Bundle("items")

    @initialize(target=items)
    def create(self) -> object:
        cost = Argon2Cost(8, 1, 1)
        with services.create_workspace(self.folder, passphrase=PASSPHRASE, reviewer="kim", cost=cost) as made:
            services.add_policy(made, path=ROOT / "policies" / "spam.md")
            services.add_member(made, name="bo")
        for who in PEOPLE:
            self._open(who)
        return self.bring_in("kim", [0, 1, 2])

    def _open(self, who: str) -> None:
        workspace = services.open_workspace(self.folder, passphrase=PASSPHRASE)
        workspace.reviewer = who
        self.desks[who] = workspace
        self.steps[who] = []

    def teardown(self) -> None:
        if self.desks:
            failed = [check for check in services.verify(self.desks["kim"]) if not check.ok]
            for desk in self.desks.values():
                desk.close()
            assert failed == []
        self.place.cleanup()

    # Steps

    @rule(target=items, who=st.sampled_from(PEOPLE), numbers=st.lists(st.integers(0, 5), min_size=1, max_size=3))
    def bring_in(self, who: str, numbers: list[int]) -> object:
        records = [{"id": f"i{number}", "content": f"text {number} needle{number}"} for number in numbers]
        path = write_lines(Path(self.place.name) / "in.jsonl", records)
        summary = services.import_file(self.desks[who], path=path, policy_id="spam")
        fresh = list(dict.fromkeys(f"i{number}" for number in numbers if f"i{number}" not in self.known))
        assert (summary.read, summary.stored) == (len(numbers), len(fresh))
        for item in fresh:
            self.known[item] = Known(services.find_entry(self.desks[who], item_id=item, policy_id="spam"))
        return multiple(*fresh)

    @rule(who=st.sampled_from(PEOPLE), limit=st.integers(1, 4))
    def classify(self, who: str, limit: int) -> None:
        waiting = [item for item, known in self.known.items() if not known.judged]
        wanted = sorted(waiting, key=lambda item: self.known[item].key)[:limit]
        summary = services.classify(self.desks[who], classifier=self.classifier, policy_id="spam", limit=limit)
        assert summary.judged == len(wanted)
        for item in wanted:
            known = self.known[item]
            known.judged = True
            if known.state is EntryState.PENDING:
                known.state = EntryState.JUDGED

    def _may(self, who: str, item: str) -> bool:
        return self.known[item].holder in (None, who)

    @rule(item=items, who=st.sampled_from(PEOPLE), label=st.sampled_from(LABELS))
    def decide(self, item: str, who: str, label: str) -> None:
        known = self.known[item]
        before, stood = known.state, len(known.decisions) - 1 if known.standing is not None else None
        if not self._may(who, item):
            with pytest.raises(UsageError, match="holds that item"):
                services.decide(self.desks[who], key=known.key, label=label)
            return
        services.decide(self.desks[who], key=known.key, label=label)
        known.decisions.append(label)
        known.state, known.holder = EntryState.DECIDED, None
        self.steps[who].append(Step(item, before, len(known.decisions) - 1, stood))

    @rule(item=items, who=st.sampled_from(PEOPLE), labels=st.permutations(LABELS), back=st.integers(0, 3))
    def change_ones_mind(self, item: str, who: str, labels: list[str], back: int) -> None:
        """Decide the same item again and again, then take some of it back."""
        for label in labels[:3]:
            self.decide(item, who, label)
        for _ in range(back):
            self.undo(who)

    @rule(item=items, who=st.sampled_from(PEOPLE))
    def escalate(self, item: str, who: str) -> None:
        known = self.known[item]
        before = known.state
        if known.state is EntryState.DECIDED or not self._may(who, item):
            with pytest.raises(UsageError):
                services.escalate(self.desks[who], key=known.key)
            return
        services.escalate(self.desks[who], key=known.key, reason="look")
        known.state, known.holder = EntryState.ESCALATED, None
        self.steps[who].append(Step(item, before))

    @rule(who=st.sampled_from(PEOPLE))
    def undo(self, who: str) -> None:
        if not self.steps[who]:
            assert services.undo(self.desks[who]) is None
            return
        step = self.steps[who].pop()
        known = self.known[step.item]
        last = len(known.decisions) - 1
        stale = step.made != last if step.made is not None else known.state is not EntryState.ESCALATED
        if stale or not self._may(who, step.item):
            with pytest.raises(UsageError):
                services.undo(self.desks[who])
            return
        result = services.undo(self.desks[who])
        assert result is not None
        assert result.key == known.key
        known.holder = None
        if step.made is None:
            known.state = known.open if step.before in (EntryState.PENDING, EntryState.JUDGED) else step.before
            return
        known.decisions.append(None if step.stood is None else known.decisions[step.stood])
        if step.stood is None:
            known.state = step.before if step.before is EntryState.ESCALATED else known.open
            return
        known.state = EntryState.DECIDED
        for other in self.steps[who]:  # what stood before stands again, and may be taken back in its turn
            if other.item == step.item and other.made == step.stood:
                other.made = last + 1

    @rule(who=st.sampled_from(PEOPLE), count=st.integers(1, 3))
    def claim(self, who: str, count: int) -> None:
        free = [
            known
            for known in self.known.values()
            if known.holder is None and known.state in (EntryState.PENDING, EntryState.JUDGED)
        ]
        wanted = sorted(free, key=lambda known: known.key)[:count]
        taken = services.claim_next(self.desks[who], filter=QueueFilter(sort=QueueSort.AGE), count=count)
        assert [claim.key for claim in taken] == [known.key for known in wanted]
        for known in wanted:
            known.holder = who

    @rule(who=st.sampled_from(PEOPLE))
    def let_go(self, who: str) -> None:
        mine = [known for known in self.known.values() if known.holder == who]
        assert services.release_claims_of(self.desks[who], holder=who) == len(mine)
        for known in mine:
            known.holder = None

    @rule(who=st.sampled_from(PEOPLE))
    def export(self, who: str) -> None:
        self.files += 1
        out = Path(self.place.name) / f"out-{self.files}.jsonl"
        services.export(self.desks[who], what="decisions", out=out)
        told = {(line["id"], line["label"]) for line in map(json.loads, out.read_text().splitlines())}
        assert told == {(item, known.standing) for item, known in self.known.items() if known.standing is not None}

    @rule(who=st.sampled_from(PEOPLE), item=items, label=st.sampled_from(LABELS))
    def stop_in_the_middle_of_a_decision(self, who: str, item: str, label: str) -> None:
        """The last statement of the transaction does not come: nothing of it is left."""
        if not self._may(who, item):
            return
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(audit, "append_all", _stop)
            with pytest.raises(InterruptedError):
                services.decide(self.desks[who], key=self.known[item].key, label=label)
        self.stop_without_closing(who)

    @rule(who=st.sampled_from(PEOPLE))
    def stop_without_closing(self, who: str) -> None:
        """Nothing is signed and no claim is given back: it runs out by itself, or its holder lets go."""
        self.desks[who].store._db.close()
        self._open(who)

    @rule(who=st.sampled_from(PEOPLE))
    def close_and_open(self, who: str) -> None:
        self.desks[who].close()
        self._open(who)

    # What must hold after every step

    @invariant()
    def the_queue_is_what_the_model_says(self) -> None:
        if not self.desks:
            return
        wanted = Counter(known.state for known in self.known.values())
        assert services.queue_counts(self.desks["bo"]).by_state == dict(wanted)
        for state in EntryState:
            wanted_filter = QueueFilter(states=(state,), sort=QueueSort.AGE)
            keys = services.queue_ids(self.desks["kim"], filter=wanted_filter)
            assert list(keys) == sorted(known.key for known in self.known.values() if known.state is state)

    @invariant()
    def decisions_are_what_was_said(self) -> None:
        if not self.desks:
            return
        for item, known in self.known.items():
            history = self.desks["kim"].store.decisions_of(item, "spam")
            assert [decision.label for decision in history] == known.decisions
            assert [decision.supersedes for decision in history[1:]] == [decision.key for decision in history[:-1]]

    @invariant()
    def claims_are_what_was_taken(self) -> None:
        if not self.desks:
            return
        told = {(claim.key, claim.holder) for claim in services.list_claims(self.desks["kim"])}
        assert told == {(known.key, known.holder) for known in self.known.values() if known.holder}


def _stop(*_arguments: object, **_named: object) -> None:
    raise InterruptedError


TestDesk = Desk.TestCase
TestDesk.settings = settings(
    max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


class ManyDesks(Desk):
    """The same for long."""


TestManyDesks = pytest.mark.slow(ManyDesks.TestCase)
TestManyDesks.settings = settings(TestDesk.settings, max_examples=100)
