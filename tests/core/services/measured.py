"""A small judged and decided workspace whose figures can be counted by hand."""

from __future__ import annotations

from core.services.workspace import Workspace
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict


def measured_by_two(workspace: Workspace) -> None:
    """Forty items under two versions of `fraud`: the second is milder; ana and kim decide all, some came labelled."""
    store = workspace.store
    old, new = make_policy("fraud"), make_policy("fraud", text="second")
    for policy in (old, new):
        store.add_policy(policy, author="kim", note="", actor="kim")
    items = [make_item(n, metadata={"language": "de" if n % 2 else "en"}) for n in range(40)]
    store.add_items(items, source="forum.jsonl", actor="kim")
    for policy, from_which in ((old, 20), (new, 15)):
        verdicts = [
            make_verdict(item, policy, "X2" if n >= from_which else "X0", score=n / 40) for n, item in enumerate(items)
        ]
        keys = [verdict.key for _, verdict in store.add_verdicts(verdicts, actor="kim")]
    reference = [make_decision(item, new, "X2" if n >= 18 else "X0", reviewer="import:gold", imported=True)
                 for n, item in enumerate(items[:24])]  # fmt: skip
    store.add_decisions(reference, actor="kim")
    for reviewer in ("ana", "kim"):
        store.add_decisions(
            [
                make_decision(item, new, "X2" if n >= (18 if reviewer == "kim" else 21) else "X0", reviewer=reviewer,
                              blind=n % 2 == 0, verdict_key=keys[n], seconds=float(n))
                for n, item in enumerate(items)
            ],
            actor=reviewer,
        )  # fmt: skip
