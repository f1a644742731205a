"""How an item and a policy become a prompt: pieces with spans, then the steps the model is led through.

It owns the serialisation of items, the output rule of each output form and the step vocabulary. A prompt format
(one file each: `harmony`, `chatml`) arranges these. Untrusted text is marked as such here and can never become a
control token: the engine tokenises every piece that is not `special` with control tokens switched off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from core.domain import Item, ItemKind, Label, OutputForm, PolicyVersion
from core.inference.protocol import JudgeOptions

Span = Literal["system", "policy", "content", "scaffold"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of prompt. Only `special` pieces, which hold our own fixed text, may yield control tokens."""

    text: str
    span: Span
    special: bool = False


@dataclass(frozen=True, slots=True)
class Think:
    """Let the model reason until any control token, for at most `budget` tokens.

    When the budget ends it and `force` is False, the run ends as cut off.
    """

    budget: int
    force: bool


@dataclass(frozen=True, slots=True)
class Force:
    """Put fixed text into the model's mouth. `special` texts hold control tokens; `shown` ones are output."""

    text: str
    special: bool = False
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """Let the model choose between `before + option + after` by its logits. Options map text to what it means.

    `scores` says that the probabilities of the options are the verdict's label scores.
    """

    before: str
    options: tuple[tuple[str, str], ...]
    after: str
    scores: bool


@dataclass(frozen=True, slots=True)
class ChooseRule:
    """Let the model choose one of the rules that belong to the label it chose.

    Written as `before + rule + after`; a label without rules writes nothing.
    """

    before: str
    rules: tuple[tuple[str, tuple[str, ...]], ...]
    after: str


@dataclass(frozen=True, slots=True)
class Write:
    """Let the model write a JSON string up to its closing quote. The budget closes it and is flagged."""

    budget: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Let the model answer freely until any control token. The budget cuts it off: `length`."""

    budget: int


Step = Think | Force | Choose | ChooseRule | Write | Answer


class PromptFormat(Protocol):
    """One way of talking to one family of models."""

    name: str

    def prefix(self, policy: PolicyVersion, options: JudgeOptions) -> list[Piece]:
        """Return what all items under this policy share, up to where the content begins."""
        ...

    def content(self, item: Item) -> list[Piece]:
        """Return the item and what stands between it and the model's first token."""
        ...

    def steps(self, policy: PolicyVersion, options: JudgeOptions) -> list[Step]:
        """Return what the model is led through after the prompt."""
        ...


def prompt_text(pieces: Sequence[Piece]) -> str:
    """Return the prompt as one text."""
    return "".join(piece.text for piece in pieces)


def prompt_sha256(pieces: Sequence[Piece]) -> str:
    """Return the SHA-256 (hex) of the prompt's UTF-8 text; a lone surrogate counts as its own three bytes."""
    return hashlib.sha256(prompt_text(pieces).encode("utf-8", "surrogatepass")).hexdigest()


def _indented(text: str) -> str:
    # Every line of untrusted text is indented, so that no content can forge a heading at the margin.
    return "\n".join("  " + line for line in (text.splitlines() or [""]))


def item_pieces(item: Item) -> list[Piece]:
    """Return the item as one user message: bare for a message, with its parent or all turns for the others.

    Headings of ours stand at the margin and are `scaffold`; everything from outside is `content` and indented
    there, role names included. The target turn is marked.
    """
    if item.kind is ItemKind.REPLY and item.parent is not None:
        return [
            Piece("Judge only the REPLY. The parent comment is context.\n\nPARENT COMMENT:\n", "scaffold"),
            Piece(_indented(item.parent), "content"),
            Piece("\n\nREPLY:\n", "scaffold"),
            Piece(_indented(item.content), "content"),
        ]
    if item.kind is ItemKind.CONVERSATION and item.messages:
        return _conversation_pieces(item)
    return [Piece(item.content, "content")]


def _conversation_pieces(item: Item) -> list[Piece]:
    target = len(item.messages) - 1 if item.target is None else item.target
    pieces = [Piece(f"Judge only turn {target + 1}, the TARGET. The other turns are context.\n", "scaffold")]
    for index, turn in enumerate(item.messages):
        mark = " TARGET" if index == target else ""
        pieces += [
            Piece(f"\nTURN {index + 1}{mark}, role:", "scaffold"),
            Piece(_indented(turn.role), "content"),
            Piece("\n", "scaffold"),
            Piece(_indented(turn.content), "content"),
        ]
    return pieces


def _code_list(labels: Sequence[Label]) -> str:
    return ", ".join(f"{label.code} ({label.name})" for label in labels)


def output_rule(policy: PolicyVersion) -> str:
    """Return the sentence that tells the model how to answer, "" for policies that say it themselves."""
    codes = _code_list(policy.labels)
    if policy.output is OutputForm.BINARY:
        return 'Answer with one JSON object: {"violation":1} for content that violates, {"violation":0} for the rest.'
    if policy.output is OutputForm.CATEGORY:
        return f'Answer with one JSON object: {{"label":"CODE"}}. CODE is one of: {codes}.'
    if policy.output is OutputForm.RATIONALE:
        return (
            'Answer with one JSON object: {"label":"CODE","rule_ids":["RULE"],"rationale":"TEXT"}. '
            f"CODE is one of: {codes}. RULE is the id of the rule that decided. TEXT says in one sentence why."
        )
    return ""


def verdict_steps(policy: PolicyVersion, options: JudgeOptions, answer: Answer, rationale_tokens: int) -> list[Step]:
    """Return the steps of the verdict itself for the policy's output form, after the reasoning.

    Fixed text is forced, labels and rules are read from the logits. A policy of free text is answered freely,
    except in a fast pass, which chooses between its label codes.
    """
    codes = tuple((label.code, label.code) for label in policy.labels)
    if policy.output is OutputForm.BINARY:
        safe = next(label.code for label in policy.labels if not label.violates)
        bad = next(label.code for label in policy.labels if label.violates)
        return [Choose('{"violation":', (("1", bad), ("0", safe)), "}", scores=True)]
    if policy.output is OutputForm.TEXT:
        return [Choose("", codes, "\n", scores=True)] if options.fast else [answer]
    if policy.output is OutputForm.CATEGORY or options.fast:
        return [Choose('{"label":"', codes, '"}', scores=True)]
    rules = tuple(
        (label.code, tuple(rule.id for rule in policy.rules if rule.label == label.code)) for label in policy.labels
    )
    return [
        Choose('{"label":"', codes, '","rule_ids":[', scores=True),
        ChooseRule('"', rules, '"'),
        Force('],"rationale":"', shown=True),
        Write(options.rationale_budget or rationale_tokens),
        Force("}", shown=True),
    ]
