"""What the desk and the model process say to each other: frozen values over one pipe, nothing else.

It owns the message types. Both sides import it; it must not import the engine, so that the desk stays free of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.domain import Item, PolicyVersion, PromptView
from core.errors import AppError
from core.inference.engine.offload import ModelShape
from core.inference.engine.settings import EngineSettings
from core.inference.protocol import ClassifierEvent, JudgeOptions, JudgeRequest


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model that has been found and checked: what the model process needs to load it."""

    path: str
    name: str
    sha256: str
    prompt_format: str
    size_bytes: int
    is_sample: bool = False
    settings: EngineSettings = field(default_factory=EngineSettings)
    shape: ModelShape = field(default_factory=ModelShape)


@dataclass(frozen=True, slots=True)
class SetPolicy:
    """Judge by this policy from now on. Answered by `PolicySet` or `Problem`."""

    policy: PolicyVersion
    options: JudgeOptions


@dataclass(frozen=True, slots=True)
class Submit:
    """Judge these items. Answered by events in `Progress`."""

    requests: tuple[JudgeRequest, ...]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Drop all items. Answered by `Cancelled` with the same number, after which no event of theirs comes."""

    number: int


@dataclass(frozen=True, slots=True)
class View:
    """Show the exact prompt. Answered by `Viewed` or `Problem`."""

    item: Item
    policy: PolicyVersion
    options: JudgeOptions


@dataclass(frozen=True, slots=True)
class Close:
    """End the process."""


@dataclass(frozen=True, slots=True)
class Loading:
    """Weights are about to be put on a graphics card, which may end the process. Followed by `Ready` or `Problem`."""

    device: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded. `placement` says where: `device`, and `fallback` where that is not as asked."""

    system_info: str
    placement: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policy has been read. `plan` is what the engine runs with."""

    plan: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class Progress:
    """What one step brought."""

    events: tuple[ClassifierEvent, ...]


@dataclass(frozen=True, slots=True)
class Cancelled:
    """All items were dropped."""

    number: int


@dataclass(frozen=True, slots=True)
class Viewed:
    """The exact prompt."""

    view: PromptView


@dataclass(frozen=True, slots=True)
class Problem:
    """The last request failed in a known way; the process goes on."""

    error: AppError


Request = SetPolicy | Submit | Cancel | View | Close
Reply = Loading | Ready | PolicySet | Progress | Cancelled | Viewed | Problem
