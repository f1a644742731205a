"""What disagreements say of a policy: groups of them by cause and clause, and which of their texts are alike."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.decisions import Cause

NO_CLAUSE = "none"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One item on which a human and the model differ. `excerpt` is at most 200 characters, in one line."""

    item_id: str
    excerpt: str
    human_label: str
    human_violates: bool
    model_label: str
    model_violates: bool
    cited: tuple[str, ...]
    note: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class DisagreementGroup:
    """Disagreements of one cause that turn on one clause.

    `clause` is a rule's id, "" where neither side names one; `clause_text` and `line` (from 1, 0 for none) are of the
    current version. `alike` lists the indexes of items whose texts are alike, the largest cluster first.
    """

    policy_id: str
    cause: Cause | None
    clause: str
    clause_text: str
    line: int
    items: tuple[Disagreement, ...]
    alike: tuple[tuple[int, ...], ...]

    @property
    def key(self) -> str:
        """The group's name on a command line: `policy_gap/SP2.a`, `none/none`."""
        return f"{self.cause.value if self.cause else NO_CLAUSE}/{self.clause or NO_CLAUSE}"

    @property
    def missed(self) -> int:
        """How many the human says violate and the model does not."""
        return sum(item.human_violates and not item.model_violates for item in self.items)

    @property
    def overdone(self) -> int:
        """How many the model says violate and the human does not."""
        return sum(item.model_violates and not item.human_violates for item in self.items)
