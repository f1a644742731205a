"""What a model says: the model itself, its raw output, the verdict read from it, the exact prompt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.domain.policies import Effort


class VerdictStatus(StrEnum):
    """How a model run ended. Only `parsed` carries a label; every other status goes to a human."""

    PARSED = "parsed"
    UNPARSED = "unparsed"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model that judged. `sha256` is of the weights file (of the first part when split), "" for a server."""

    name: str
    sha256: str
    prompt_format: str
    source: str
    is_sample: bool = False
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class RawOutput:
    """What came out of a model for one item, before anyone interprets it.

    `output` is the final text, `reasoning` what came before it. `label_scores` maps label codes to probabilities
    normalised over the policy's labels (they sum to 1) when the engine read them from the logits, else it is empty;
    `label_mass` is the probability that fell on any label before normalising. `finish` is `stop`, `length`
    (output cut by a limit) or `error`. `reasoning_cut` and `rationale_cut` say that a budget ended that part.
    Content longer than the window is judged in `parts`; then `part_outputs` holds one output for each, in order.
    """

    output: str
    reasoning: str = ""
    finish: str = "stop"
    label_scores: Mapping[str, float] = field(default_factory=dict)
    label_mass: float | None = None
    reasoning_cut: bool = False
    rationale_cut: bool = False
    prompt_sha256: str = ""
    prompt_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    error: str = ""
    parts: int = 1
    part_outputs: tuple[RawOutput, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a model said of (item, policy version). `score` is the probability of violating, None when unknown.

    `quotes` are spans the model cited; `invented` lists the rule ids and quotes among them that the policy or the
    content does not hold. `settings` records what else shaped the run (temperature, seed, budget, engine).
    `fast` marks a first pass that read the label's score only, to order the queue; a full verdict follows it.
    """

    item_id: str
    policy_id: str
    policy_hash: str
    status: VerdictStatus
    label: str | None = None
    violates: bool | None = None
    score: float | None = None
    rationale: str = ""
    reasoning: str = ""
    rule_ids: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()
    model: str = ""
    model_sha256: str = ""
    prompt_sha256: str = ""
    prompt_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    effort: Effort | None = None
    raw_output: str = ""
    detail: str = ""
    label_mass: float | None = None
    reasoning_cut: bool = False
    rationale_cut: bool = False
    fast: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    key: int = 0


@dataclass(frozen=True, slots=True)
class PromptToken:
    """One token of an exact prompt. `span` is `system`, `policy`, `content` or `scaffold`."""

    id: int
    text: str
    span: str
    control: bool


@dataclass(frozen=True, slots=True)
class PromptView:
    """The exact prompt the model reads: its text and its tokens, in order."""

    text: str
    tokens: tuple[PromptToken, ...]
    sha256: str
