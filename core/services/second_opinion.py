"""The verbs of the second opinion: train it, read its card, see the words that weighed, ask it about an item.

It owns what it learns from: the standing decisions of one policy, and of their items the words, the vectors of an
embedding model, or both. What it is used for is the business of `core.services.opinion_scores`.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.domain import Item, utc_now
from core.domain.insight import Comparison
from core.domain.opinions import Features, OpinionCard, Word
from core.errors import UsageError
from core.services.members import Deed, require
from core.services.policies import check_policy
from core.services.workspace import Workspace

if TYPE_CHECKING:
    from core.insight.assessment import Assessment
    from core.insight.second_opinion import Embed, Given, SecondOpinion

HELD_OUT = 3
"""One in so many labels is held out to prove a bound on what may wait."""

Progress = Callable[[str], None]
_TRAIN = "main.py second-opinion train"


@dataclass(frozen=True, slots=True)
class _Labels:
    """What is learnt from: decisions and their items, aligned, oldest first."""

    decisions: tuple[Comparison, ...]
    items: tuple[Item, ...]

    @property
    def truth(self) -> list[bool]:
        return [decision.human_violates for decision in self.decisions]


def train_second_opinion(
    workspace: Workspace,
    *,
    policy_id: str,
    reads: Features = Features.WORDS,
    embedding: str | None = None,
    cancel: threading.Event | None = None,
    progress: Progress = lambda _words: None,
) -> OpinionCard:
    """Train a new version of a policy's second opinion from its standing decisions, and return its card.

    The card's figures come from five-fold cross-validation; the stored classifier has learnt from all labels. With
    vectors, `embedding` names the GGUF file that gives them, and is remembered. The queue is not scored yet: that is
    `score_queue`. About a minute for a thousand labels, and the time for vectors that are not kept yet.

    Raises:
        RoleError: an auditor, or no member. UsageError: no such policy, not enough labels, or no embedding model.
        ModelError: the embedding model is not there, or gives no vectors.
        CancelledError: `cancel` was set; nothing was stored.
    """
    return _train(workspace, policy_id, _Wish(reads, embedding), cancel or threading.Event(), progress)


def train_for_bound(
    workspace: Workspace, *, policy_id: str, error: float, cancel: threading.Event, progress: Progress
) -> OpinionCard:
    """Train a version without a third of the labels, on which a bound is proved, reading what the newest one reads.

    Raises:
        As `train_second_opinion`, and UsageError where the labels prove no such bound.
    """
    cards = second_opinions(workspace, policy_id=policy_id)
    reads = cards[-1].reads if cards else Features.WORDS
    return _train(workspace, policy_id, _Wish(reads, None, error), cancel, progress)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a version is to read, from which embedding model, and the error whose bound it is to prove."""

    reads: Features
    embedding: str | None = None
    error: float | None = None


def _train(
    workspace: Workspace, policy_id: str, wish: _Wish, cancel: threading.Event, progress: Progress
) -> OpinionCard:
    require(workspace, Deed.TRAIN)
    check_policy(workspace, policy_id)
    import numpy as np

    from core.insight.assessment import assess, head_to_head
    from core.insight.conformal import guarantee
    from core.insight.second_opinion import Labelled, check_labels, text_of

    labels = _labels(workspace, policy_id)
    check_labels(labels.truth)
    progress("Reading the labelled items")
    given = _given(workspace, labels.items, wish, cancel, progress)
    texts = [text_of(item) for item in labels.items]
    labelled = Labelled(texts, labels.truth, given=given, words=wish.reads is not Features.VECTORS)
    rows = np.arange(len(labels.items))
    proof = None
    if wish.error is not None:
        progress("Proving the bound on held-out labels")
        held = np.array([hold_out(item.id) for item in labels.items])
        check_labels(labelled.truth[~held].tolist())
        scores = labelled.score(rows[~held], rows[held]).tolist()
        proof = guarantee(scores, labelled.truth[held].tolist(), error=wish.error)
        rows = rows[~held]
    progress("Cross-validating")
    found = assess(labelled, stop=cancel.is_set)
    progress("Training")
    model = labelled.train(rows)
    heads = (head_to_head(labels.decisions, found.scores, blind=blind) for blind in (True, False))
    card = OpinionCard(
        policy_id=policy_id,
        version=0,
        trained_by=workspace.reviewer,
        trained_at=utc_now(),
        labels=len(rows),
        violating=int(labelled.truth[rows].sum()),
        policy_versions=tuple(sorted({decision.version for decision in labels.decisions})),
        features=model.features,
        auc=found.auc,
        precision=found.precision,
        recall=found.recall,
        f1=found.f1,
        curve=found.curve,
        heads=tuple(head for head in heads if head is not None),
        guarantee=proof,
        reads=wish.reads,
        embedding=given.name if given else "",
        embedding_sha256=given.sha256 if given else "",
    )
    trial = _trial(labels.decisions, found)
    return workspace.store.add_opinion(card, model.to_bytes(), trial=trial, actor=workspace.reviewer)


def _given(
    workspace: Workspace, items: Sequence[Item], wish: _Wish, cancel: threading.Event, progress: Progress
) -> Given | None:
    """Return the vectors a version is to read, None where it reads words alone."""
    if wish.reads is Features.WORDS:
        return None
    from core.insight.second_opinion import Given
    from core.services.embedding import Embeddings, embedding_model

    wanted = embedding_model(workspace, wish.embedding)
    with Embeddings(workspace, wanted, stop=cancel, progress=progress) as vectors:
        return Given(vectors.of(items), vectors.sha256, vectors.name)


@contextmanager
def reading(
    workspace: Workspace,
    model: SecondOpinion,
    stop: threading.Event,
    progress: Progress = lambda _words: None,
) -> Iterator[Embed | None]:
    """Hold ready what a second opinion needs to read items: the vectors of its embedding model, or nothing.

    Raises:
        ModelError: the embedding model it was trained with is not here.
    """
    if model.lens is None:
        yield None
        return
    from core.services.embedding import Embeddings, find_embedding

    found = find_embedding(workspace, sha256=model.lens.sha256, name=model.lens.name)
    with Embeddings(workspace, found, stop=stop, progress=progress) as vectors:
        yield vectors.of


def _trial(decisions: Sequence[Comparison], found: Assessment) -> dict[str, object]:
    """Return what stands behind the figures of a card: (entry, human, model, second opinion, blind), and errors."""
    from core.insight.assessment import DIVIDE

    items = [
        [one.entry, one.human_violates, one.model_violates if one.compared else None, bool(score >= DIVIDE), one.blind]
        for one, score in zip(decisions, found.scores, strict=True)
    ]
    curve = {str(labels): [decisions[row].entry for row in rows] for labels, rows in found.missed.items()}
    return {"items": items, "curve": curve}


def hold_out(item_id: str) -> bool:
    """Whether an item's label is kept back to prove a bound: by its id, so that it always is or never."""
    return hashlib.sha256(b"docket-hold-out-v1" + item_id.encode("utf-8", "surrogatepass")).digest()[0] % HELD_OUT == 0


def _labels(workspace: Workspace, policy_id: str) -> _Labels:
    decisions = list(workspace.store.iter_comparisons(policy_id=policy_id))
    items = workspace.store.items_of_entries([decision.entry for decision in decisions])
    pairs = [(decision, item) for decision, item in zip(decisions, items, strict=True) if item.removed_at is None]
    return _Labels(tuple(decision for decision, _ in pairs), tuple(item for _, item in pairs))


def second_opinions(workspace: Workspace, *, policy_id: str) -> list[OpinionCard]:
    """Return the cards of all versions of a policy's second opinion, oldest first.

    Raises:
        UsageError: there is no such policy.
    """
    check_policy(workspace, policy_id)
    return workspace.store.opinions(policy_id)


def weighing_words(workspace: Workspace, *, policy_id: str, item_id: str | None = None, count: int = 20) -> list[Word]:
    """Return the words that weigh most in the newest second opinion, or those that moved its score of one item.

    Raises:
        UsageError: no such policy or item, or no second opinion to ask.
    """
    model, _ = newest_opinion(workspace, policy_id)
    if item_id is None:
        return model.words(count)
    item = workspace.store.get_item(item_id)
    if item is None:
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    return model.words_of(item, count)


def newest_opinion(
    workspace: Workspace, policy_id: str, version: int | None = None
) -> tuple[SecondOpinion, OpinionCard]:
    """Return the newest second opinion of a policy, or this version of it, with its card.

    Raises:
        UsageError: there is none, or its model was forgotten with content.
    """
    from core.insight.second_opinion import SecondOpinion

    cards = [card for card in second_opinions(workspace, policy_id=policy_id) if version in (None, card.version)]
    if not cards:
        raise UsageError("This policy has no second opinion yet.", f"Train one: `{_TRAIN} --policy {policy_id}`.")
    stored = workspace.store.opinion_model(policy_id, cards[-1].version)
    if stored is None:
        raise UsageError(
            "The second opinion was forgotten when content was removed: it could hold words of it.",
            f"Train it again: `{_TRAIN} --policy {policy_id}`.",
        )
    return SecondOpinion.from_bytes(stored), cards[-1]


def opinion_of(workspace: Workspace, *, policy_id: str, items: Sequence[Item]) -> list[float]:
    """Return the newest second opinion's probability of violating for each item, in order.

    Raises:
        UsageError: no such policy, or no second opinion to ask. ModelError: its embedding model is not here.
    """
    model, _ = newest_opinion(workspace, policy_id)
    with reading(workspace, model, threading.Event()) as embed:
        return list(model.score(items, embed))
