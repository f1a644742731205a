"""What another workspace decided, brought together with what is here: by content and policy version, never overwritten.

It owns the rules. The same content is the same item under whatever id; a decision on what nobody decided here stands;
one on what somebody decided here becomes a second review; what contradicts is listed. Pairs of decisions, and what
settled them, go on here as they stood there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain import Decision, Item, ItemReviews, MergeConflict, Verdict
from core.intake.records import Incoming
from core.intake.rows import Refused
from core.services.import_batches import Batches, on_verdict
from core.services.review import find_entry


@dataclass(slots=True)
class MergeBatches(Batches):
    """Batches that merge: conflicts are collected, nothing goes to the quarantine."""

    conflicts: list[MergeConflict] = field(default_factory=list)
    items: int = 0
    second_reviews: int = 0

    def add(self, row: Incoming | Refused) -> None:
        """Take one record in; a refused one is a conflict."""
        if isinstance(row, Refused):
            self.conflicts.append(MergeConflict(row.raw.decode("utf-8", "replace"), "", row.reason))
            return
        self.read += 1
        self.pending.append(row)

    def _sort_out(self, batch: list[Incoming]) -> tuple[dict[str, Item], list[Incoming]]:
        """Return the items that are new, by id, and all records with the id their content has here."""
        known = self.workspace.store.known_items([incoming.item.id for incoming in batch])
        elsewhere = self.workspace.store.items_by_content([incoming.item.content_hash for incoming in batch])
        fresh: dict[str, Item] = {}
        accepted: list[Incoming] = []
        for incoming in batch:
            item = incoming.item
            if known.get(item.id) == item.content_hash:
                accepted.append(incoming)
            elif item.content_hash in elsewhere:
                accepted.append(_under(incoming, elsewhere[item.content_hash]))
            elif item.id in known:
                reason = "its id belongs to other content here; it was left out"
                self.conflicts.append(MergeConflict(item.id, "", reason))
            else:
                fresh[item.id] = item
                known[item.id] = item.content_hash
                elsewhere[item.content_hash] = item.id
                accepted.append(incoming)
        self.items += len(fresh)
        return fresh, accepted

    def _store_decisions(
        self, accepted: list[Incoming], fresh: Mapping[str, Item], runs: Mapping[int, list[Verdict]]
    ) -> set[int]:
        """Store decisions where none stands, second reviews where one does; return whose they are."""
        touched: set[int] = set()
        new: list[Decision] = []
        pairs: list[tuple[Incoming, _Pair]] = []
        for incoming in accepted:
            verdicts = runs.get(id(incoming), [])
            is_fresh = fresh.get(incoming.item.id) is incoming.item
            several = _pairs_of(incoming, verdicts)
            pairs += [(incoming, pair) for pair in several]
            paired = {pair.policy_id for pair in several}
            for decision in incoming.decisions:
                made = on_verdict(decision, verdicts)
                if decision.policy_id not in paired and (is_fresh or self._merge(made)):
                    new.append(made)
                    touched.add(id(incoming))
        if new:
            self.workspace.store.add_decisions(new, actor=self.workspace.reviewer)
        self.decisions += len(new)
        return touched | {id(incoming) for incoming, pair in pairs if self._merge_pair(pair)}

    def _merge_pair(self, pair: _Pair) -> bool:
        """Take in what several people said of an item; tell whether anything was new.

        Where nobody decided here, or the same first decision stands, the pair goes on here as it did there: first and
        independent decisions, then the one that settled them. Else each of them is a decision beside the one here.
        """
        before = self.decisions, self.second_reviews
        history = self.workspace.store.decisions_of(pair.first.item_id, pair.policy_id)
        standing = history[-1] if history and not history[-1].withdrawn else None
        if standing is None:
            self._add(pair.first)
        same_pair = standing is None or _is_same(standing, pair.first)
        for decision in pair.independent if same_pair else (pair.first, *pair.independent):
            self._merge(decision, listed=not same_pair)
        if pair.settling is not None and not any(_is_same(pair.settling, each) for each in history):
            if same_pair:
                self._add(pair.settling)
            else:
                self._merge(pair.settling)
        return (self.decisions, self.second_reviews) != before

    def _add(self, decision: Decision) -> None:
        self.workspace.store.add_decisions([decision], actor=self.workspace.reviewer)
        self.decisions += 1

    def _merge(self, decision: Decision, *, listed: bool = True) -> bool:
        """Tell whether a decision is to stand; else it is known, or was stored as a second review.

        One that contradicts the standing one is a conflict, unless (not `listed`) the pair came in as it is.
        """
        store = self.workspace.store
        history = store.decisions_of(decision.item_id, decision.policy_id)
        if not history:
            return True
        entry = find_entry(self.workspace, item_id=decision.item_id, policy_id=decision.policy_id)
        if any(_is_same(decision, other) for other in (*history, *store.independent_decisions(entry))):
            return False
        standing = history[-1]
        if standing.withdrawn:
            return True
        store.add_independent(entry, decision, actor=self.workspace.reviewer, opens=True)
        self.second_reviews += 1
        if listed and (standing.label, standing.policy_hash) != (decision.label, decision.policy_hash):
            self._list_conflict(standing, decision)
        return False

    def _list_conflict(self, standing: Decision, decision: Decision) -> None:
        reason = (
            f"{decision.reviewer} decided otherwise than {standing.reviewer}"
            if standing.policy_hash == decision.policy_hash
            else f"{decision.reviewer} decided under another version of the policy than {standing.reviewer}"
        )
        labels = (standing.label or "", decision.label or "")
        self.conflicts.append(MergeConflict(decision.item_id, decision.policy_id, reason, *labels))


@dataclass(frozen=True, slots=True)
class _Pair:
    """What was said of an item under one policy where more than one person said something."""

    first: Decision
    independent: tuple[Decision, ...]
    settling: Decision | None

    @property
    def policy_id(self) -> str:
        """The policy it was decided under."""
        return self.first.policy_id


def _pairs_of(incoming: Incoming, verdicts: Sequence[Verdict]) -> list[_Pair]:
    """Return what several people said, by policy. Independent decisions without a standing one came to nothing."""
    reviews = incoming.reviews
    if reviews is None or not (reviews.independent or reviews.settled):
        return []
    settled = {decision.policy_id: on_verdict(decision, verdicts) for decision in reviews.settled}
    pairs = []
    for standing in incoming.decisions:
        said = tuple(on_verdict(each, verdicts) for each in reviews.independent if each.policy_id == standing.policy_id)
        first = settled.get(standing.policy_id)
        made = on_verdict(standing, verdicts)
        if first is not None:
            pairs.append(_Pair(first, said, made))
        elif said:
            pairs.append(_Pair(made, said, None))
    return pairs


def _is_same(one: Decision, other: Decision) -> bool:
    return (one.reviewer, one.decided_at, one.label, one.policy_hash) == (
        other.reviewer,
        other.decided_at,
        other.label,
        other.policy_hash,
    )


def _under(incoming: Incoming, item_id: str) -> Incoming:
    """Return the record with the id its content has here."""
    verdicts: Sequence[Verdict] = [replace(verdict, item_id=item_id) for verdict in incoming.verdicts]
    decisions: Sequence[Decision] = [replace(decision, item_id=item_id) for decision in incoming.decisions]
    item = replace(incoming.item, id=item_id)
    reviews = incoming.reviews
    if reviews is not None:
        independent, settled = (
            tuple(replace(each, item_id=item_id) for each in listed)
            for listed in (reviews.independent, reviews.settled)
        )
        reviews = ItemReviews(independent, settled)
    return replace(incoming, item=item, verdicts=tuple(verdicts), decisions=tuple(decisions), reviews=reviews)
