"""Where the weights of a model go: how many layers on a graphics card, and whose experts stay on the processor.

It owns the choice, the way down when a card turns out too small, and the words for both, so that falling back is never
silent. It loads nothing itself: a `Backend` does. Not tried on a graphics card; the reserve is an estimate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from core.errors import ContextError, ModelError
from core.inference.device import Device
from core.inference.engine.settings import CACHE_SHARE, EngineSettings

GIB = 1024**3
RESERVE_BYTES = GIB
"""Of a card's free memory, for compute buffers and for what else is shown on it; estimated, never measured."""


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What decides where weights go: transformer layers, bytes of all weights, bytes of them that are experts."""

    layers: int = 0
    weight_bytes: int = 0
    expert_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the weights are. `layers` of `of` are on `devices`; the experts of the first `cpu_experts` are not.

    `cache_bytes` is what the cache of all layers may take so that the part on the card fits; None without a limit.
    `note` says what was asked for and could not be had, "" when all is as asked.
    """

    layers: int = 0
    of: int = 0
    cpu_experts: int = 0
    devices: tuple[str, ...] = ()
    cache_bytes: int | None = None
    note: str = ""

    @property
    def device(self) -> str:
        """Where the model runs, in words."""
        if not self.layers:
            return "processor"
        experts = f", experts of {self.cpu_experts} on the processor" if self.cpu_experts else ""
        return f"{' + '.join(self.devices)}: {min(self.layers, self.of)} of {self.of} layers{experts}"

    def as_dict(self) -> dict[str, int | str]:
        """Return the placement as plain values, to be stored with verdicts."""
        shown: dict[str, int | str] = {"device": self.device}
        return {**shown, "fallback": self.note} if self.note else shown


class Closable(Protocol):
    """What a backend loads."""

    def close(self) -> None:
        """Free it."""
        ...


M_co = TypeVar("M_co", bound=Closable, covariant=True)
M = TypeVar("M", bound=Closable)
T = TypeVar("T")


class Cards(Protocol):
    """What a build of llama.cpp can use besides the processor."""

    def devices(self) -> Sequence[Device]:
        """Graphics cards that layers can be put on."""
        ...

    def supports_offload(self) -> bool:
        """Whether the build has any backend for a graphics card."""
        ...

    def supports_cpu_experts(self) -> bool:
        """Whether the build can keep the experts of a layer on the processor."""
        ...


class Backend(Cards, Protocol[M_co]):
    """The library that loads models."""

    def load(self, path: str, *, layers: int, cpu_experts: int) -> M_co:
        """Load a model; 0 layers use no card at all, more than it has take its output along. Raises ModelError."""
        ...


def choose_placement(settings: EngineSettings, shape: ModelShape, cards: Cards) -> Placement:
    """Return where the weights should go: as set, else as much on the card as its free memory is sure to hold.

    A card that does not say how much memory is free gets everything; loading then shows whether it fits.
    """
    devices = list(cards.devices())
    asked = bool(settings.gpu_layers or settings.cpu_experts)
    if settings.gpu_layers == 0 or not devices:
        note = _no_card(cards) if asked and not devices else ""
        return Placement(of=shape.layers, note=note)
    free = sum(device.free_bytes for device in devices)
    room = free * (1 - CACHE_SHARE) - RESERVE_BYTES if all(device.free_bytes for device in devices) else float("inf")
    layers = settings.gpu_layers
    experts = _experts(settings, shape, cards, room if layers is None else None)
    if layers is None:
        kept = shape.expert_bytes * experts / max(shape.layers, 1)
        each = max((shape.weight_bytes - kept) / max(shape.layers, 1), 1)
        layers = shape.layers if each * shape.layers <= room else max(0, int(room // each))
    layers = min(layers, shape.layers) if shape.layers else layers
    if not layers:
        return Placement(of=shape.layers, note="The graphics memory holds no layer; the processor does it all.")
    cache = int(free * CACHE_SHARE * shape.layers / layers) if room != float("inf") and shape.layers else None
    names = tuple(device.name for device in devices)
    note = ""
    if settings.cpu_experts and not cards.supports_cpu_experts():
        note = "This build of llama.cpp cannot keep experts on the processor; they go with their layers."
    return Placement(layers, max(shape.layers, layers), min(experts, layers), names, cache, note)


def _experts(settings: EngineSettings, shape: ModelShape, cards: Cards, room: float | None) -> int:
    """Return of how many layers the experts stay on the processor."""
    if not shape.expert_bytes or not cards.supports_cpu_experts():
        return 0
    if settings.cpu_experts is not None:
        return settings.cpu_experts
    if room is None or shape.weight_bytes <= room:
        return 0
    each = shape.expert_bytes / shape.layers
    return min(shape.layers, int(-(-(shape.weight_bytes - room) // each)))


def _no_card(cards: Cards) -> str:
    if cards.supports_offload():
        return "No graphics card was found (is its driver installed?); the processor does it all."
    return "This build of llama.cpp has no backend for a graphics card; the processor does it all."


def step_down(placement: Placement, shape: ModelShape, *, can_keep_experts: bool) -> Placement | None:
    """Return the next smaller thing to try on the card, None when nothing is left on it.

    First all experts go to the processor, then half of the layers at a time.
    """
    if not placement.layers:
        return None
    if can_keep_experts and shape.expert_bytes and placement.cpu_experts < placement.layers:
        smaller = replace(placement, cpu_experts=placement.layers)
    else:
        layers = placement.layers // 2
        smaller = replace(placement, layers=layers, cpu_experts=min(placement.cpu_experts, layers))
    return replace(smaller, note=f"The graphics card had not enough memory; now {smaller.device}.")


class PlacedModel(Generic[M]):
    """A model in memory, with less of it on the graphics card each time that turns out too small."""

    def __init__(
        self,
        path: str,
        settings: EngineSettings,
        shape: ModelShape,
        backend: Backend[M],
        *,
        before_load: Callable[[Placement], None] = lambda _: None,
    ) -> None:
        """Load it; `before_load` is told where each try puts the weights.

        Raises:
            ModelError: it does not load on the processor alone either.
        """
        self._path, self._shape, self._backend, self._before_load = path, shape, backend, before_load
        self._load(choose_placement(settings, shape, backend))

    def _load(self, placement: Placement) -> None:
        whole = placement.layers and placement.layers >= placement.of  # the output counts as one more
        self._before_load(placement)
        try:
            self.model: M = self._backend.load(
                self._path, layers=placement.layers + bool(whole), cpu_experts=placement.cpu_experts
            )
        except ModelError:
            smaller = self._smaller(placement)
            if smaller is None:
                raise
        else:
            self.placement = placement
            return
        self._load(smaller)

    def _smaller(self, placement: Placement) -> Placement | None:
        return step_down(placement, self._shape, can_keep_experts=self._backend.supports_cpu_experts())

    def fitted(self, make: Callable[[M], T]) -> T:
        """Return what `make` makes of the model, a cache say, for which there has to be room beside it.

        Raises:
            ContextError: there is none with the model on the processor alone either.
        """
        while True:
            try:
                return make(self.model)
            except ContextError:
                smaller = self._smaller(self.placement)
                if smaller is None:
                    raise
            self.model.close()
            self._load(smaller)
