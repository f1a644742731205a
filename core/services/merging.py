"""What another workspace decided, brought together with what is here: by content and policy version, never overwritten.

It owns the rules. The same content is the same item under whatever id; a decision on what nobody decided here stands;
one on what somebody decided here becomes a second review; what contradicts is listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.domain import Decision, Item, MergeConflict, Verdict
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
        for incoming in accepted:
            verdicts = runs.get(id(incoming), [])
            for decision in incoming.decisions:
                made = on_verdict(decision, verdicts)
                if fresh.get(incoming.item.id) is incoming.item or self._merge(made):
                    new.append(made)
                    touched.add(id(incoming))
        if new:
            self.workspace.store.add_decisions(new, actor=self.workspace.reviewer)
        self.decisions += len(new)
        return touched

    def _merge(self, decision: Decision) -> bool:
        """Tell whether a decision is to stand; else it is known, or was stored as a second review."""
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
        store.add_independent(entry, decision, actor=self.workspace.reviewer)
        self.second_reviews += 1
        if (standing.label, standing.policy_hash) != (decision.label, decision.policy_hash):
            reason = (
                f"{decision.reviewer} decided otherwise than {standing.reviewer}"
                if standing.policy_hash == decision.policy_hash
                else f"{decision.reviewer} decided under another version of the policy than {standing.reviewer}"
            )
            labels = (standing.label or "", decision.label or "")
            self.conflicts.append(MergeConflict(decision.item_id, decision.policy_id, reason, *labels))
        return False


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
    return replace(incoming, item=item, verdicts=tuple(verdicts), decisions=tuple(decisions))
