"""The shared-prefix batch engine: a policy is read once, many items are judged at a time.

It owns the order of work: which item gets which slot, and what each step feeds. A step reads the prompts of slots
that have just been filled, several in one pass where they are alike in length, and then writes one token in all the
others at once. It must not know what a verdict means; it is used in the model process only, by one thread.
`set_policy` is called when nothing runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.domain import Item, PolicyVersion, PromptToken, PromptView, RawOutput
from core.errors import AppError, ContextError
from core.inference.engine.native import Context, Model, NativeBackend
from core.inference.engine.offload import Backend, ModelShape, PlacedModel, Placement
from core.inference.engine.passes import Job, Run, read_together, written_at_once
from core.inference.engine.phrases import Phrases
from core.inference.engine.repack import repacked
from core.inference.engine.sequences import Feed, Sequences
from core.inference.engine.settings import (
    CONTENT_TOKENS,
    READ_TOKENS,
    EnginePlan,
    EngineSettings,
    longest_slot,
    plan_engine,
)
from core.inference.engine.slot import Slot
from core.inference.engine.split import join_parts, split_content
from core.inference.formats import prompt_format
from core.inference.prompt import Answer, Piece, Think, Write, prompt_sha256, prompt_text
from core.inference.protocol import ClassifierEvent, Delta, Judged, JudgeOptions

FORCED_TOKENS = 96  # room for channel headers, the scaffold of the verdict and the label
LARGEST_ATTENTION_BYTES = 256 * 1024**2


class Engine:
    """One model, one policy at a time, many items. Call `set_policy`, `submit`, then `step` while `busy`."""

    def __init__(
        self,
        path: str,
        *,
        format_name: str,
        settings: EngineSettings,
        sha256: str = "",
        shape: ModelShape | None = None,
        backend: Backend[Model] | None = None,
        before_load: Callable[[Placement], None] = lambda _: None,
    ) -> None:
        """Load the model; `sha256` (of the file) names the copy of weights that do not batch.

        `shape` says how much a graphics card has to hold; `before_load` is told where each try puts the weights.

        Raises:
            ModelFileError: it cannot be loaded, or the format is unknown.
        """
        self._format = prompt_format(format_name)
        self._settings = settings
        self.weights = "as in the file"
        copy = None
        if settings.repack_folder is not None:
            copy = repacked(Path(path), sha256=sha256, cache=Path(settings.repack_folder))
        if copy is not None:
            path, self.weights = str(copy[0]), f"repacked as {copy[1].name}"
        self._weights = PlacedModel(
            path, settings, shape or ModelShape(), backend or NativeBackend(), before_load=before_load
        )
        self._sizes = self.model.sizes()
        self._unwritable = np.array(
            [any(b < 0x20 or b == 0x5C for b in piece) for piece in self.model.pieces], dtype=np.bool_
        ) | (self.model.is_special & ~self.model.is_end)
        self._phrases = Phrases(self.model)
        self._context: Context | None = None
        self._sequences: Sequences | None = None
        self.plan: EnginePlan | None = None
        self._prefix_hash = ""
        self._prefix_pieces: list[Piece] = []
        self._prefix_tokens: list[int] = []
        self._longest_slot = 0
        self._policy: PolicyVersion | None = None
        self._options = JudgeOptions()
        self._waiting: deque[Job] = deque()
        self._long: list[Job] = []  # longer than a slot; they are judged in a context of fewer and longer slots
        self._running: list[Run] = []
        self._jobs_made = 0
        self._tiles = True
        self._parts: dict[int, list[RawOutput | None]] = {}
        self._refused: list[ClassifierEvent] = []

    @property
    def model(self) -> Model:
        """The model as it is loaded now; opening a cache may have moved it off a graphics card."""
        return self._weights.model

    @property
    def placement(self) -> Placement:
        """Where its weights are."""
        return self._weights.placement

    # What to judge

    def set_policy(self, policy: PolicyVersion, options: JudgeOptions) -> None:
        """Judge by this policy from now on. Its prefix is read once and kept while another policy is used.

        Raises:
            ContextError: the policy leaves no room for content.
        """
        self._policy, self._options = policy, options
        self._prefix_pieces = self._format.prefix(policy, options)
        tokens = self._tokens(self._prefix_pieces)
        room = self._sizes.window - len(tokens) - self._item_tokens()
        if room < 64:
            raise ContextError(
                f"The policy takes {len(tokens)} tokens and the answer up to {self._item_tokens()}; "
                f"the model's window is {self._sizes.window}.",
                "Shorten the policy, lower the effort, or use a model with a larger window.",
            )
        self._prefix_hash = prompt_sha256(self._prefix_pieces)
        self._prefix_tokens = tokens
        plan = self._plan()
        grown = self.plan is None or plan.slots > self.plan.slots or plan.slot_tokens > self.plan.slot_tokens
        if grown or self._tiles != self._wants_tiles(plan):
            self._open_context(plan)
        self._cache().hold_prefix(self._prefix_hash, tokens)
        sizes = self._sizes
        self._longest_slot = longest_slot(
            self._settings,
            plan,
            window=sizes.window,
            kv_bytes_per_token=sizes.kv_bytes_per_token,
            cache_bytes=self.placement.cache_bytes,
        )

    def _item_tokens(self) -> int:
        if self._policy is None:
            return 0
        steps = self._format.steps(self._policy, self._options)
        return FORCED_TOKENS + sum(step.budget for step in steps if isinstance(step, Think | Write | Answer))

    def _plan(self, content_tokens: int = CONTENT_TOKENS) -> EnginePlan:
        return plan_engine(
            self._settings,
            prefix_tokens=len(self._prefix_tokens),
            item_tokens=self._item_tokens(),
            window=self._sizes.window,
            kv_bytes_per_token=self._sizes.kv_bytes_per_token,
            content_tokens=content_tokens,
            cache_bytes=self.placement.cache_bytes,
        )

    def _wants_tiles(self, plan: EnginePlan) -> bool:
        """Whether attention goes by tiles. A fast pass, which reads short prompts only, is quicker without.

        It then keeps the weights of attention of a whole batch, which must not take much memory.
        """
        kept = plan.slot_tokens * plan.batch_tokens * self._sizes.heads * 4
        return not self._options.fast or kept > LARGEST_ATTENTION_BYTES

    def _open_context(self, plan: EnginePlan) -> None:
        if self._context is not None:
            self._context.close()
        self._context = self._sequences = self.plan = None
        self._tiles = tiles = self._wants_tiles(plan)
        self._context = self._weights.fitted(lambda model: Context.planned(model, plan, tiles=tiles))
        self._phrases = Phrases(self.model)  # what was read of a model that has moved is gone
        least = READ_TOKENS if self._tiles else 2
        self._sequences = Sequences(self._context, slots=plan.slots, slot_tokens=plan.slot_tokens, least_rows=least)
        self.plan = plan

    def _cache(self) -> Sequences:
        if self._sequences is None:
            raise RuntimeError("set_policy comes first")
        return self._sequences

    def _require_plan(self) -> EnginePlan:
        if self.plan is None:
            raise RuntimeError("set_policy comes first")
        return self.plan

    def _taken_by(self, job: Job) -> int:
        return len(self._prefix_tokens) + len(job.tokens) + self._item_tokens()

    def _tokens(self, pieces: list[Piece]) -> list[int]:
        return [token for piece in pieces for token in self.model.tokenize(piece)]

    def submit(self, key: int, item: Item) -> None:
        """Queue an item. One that cannot be judged becomes a failed output at the next step, never an exception."""
        try:
            jobs = list(self._jobs(key, item))
        except AppError as error:
            self._refused.append(Judged(key, RawOutput(output="", finish="error", error=error.message)))
            return
        self._parts[key] = [None] * len(jobs)
        for job in jobs:
            if self._taken_by(job) <= self._require_plan().slot_tokens:
                self._waiting.append(job)
            else:
                self._long.append(job)

    def _jobs(self, key: int, item: Item) -> Iterator[Job]:
        room = self._longest_slot - len(self._prefix_tokens) - self._item_tokens()
        parts = split_content(item, room, lambda part: len(self._tokens(self._format.content(part))))
        for number, part in enumerate(parts):
            pieces = self._format.content(part)
            digest = prompt_sha256([*self._prefix_pieces, *pieces])
            self._jobs_made += 1
            yield Job(self._jobs_made, key, self._tokens(pieces), digest, number, len(parts))

    # Judging

    @property
    def busy(self) -> bool:
        """Whether a step would do anything."""
        return bool(self._waiting or self._long or self._running or self._refused)

    def running_keys(self) -> list[int]:
        """Return the keys of all items that wait or run, each once."""
        return list(self._parts)

    def cancel(self) -> None:
        """Drop everything that waits or runs. The policy stays."""
        self._running.clear()
        self._waiting.clear()
        self._long.clear()
        self._parts.clear()
        self._refused.clear()

    def step(self) -> list[ClassifierEvent]:
        """Read the prompts of some slots in one pass, then write in all other slots in another; return what came of it.

        Forced text of several tokens is written in one go, as many of it as all slots that have some share.
        """
        events, self._refused = self._refused, []
        self._admit()
        cache, size = self._cache(), self._require_plan().batch_tokens
        if reading := read_together(self._running, cache, batch_tokens=size):
            events += self._feed(reading, size, cache.read)
        if writing := [run for run in self._running if not run.reading]:
            stretch = written_at_once(writing, batch_tokens=size, tiles=self._tiles)
            events += self._feed(writing, stretch, cache.write)
        return events

    def _admit(self) -> None:
        if self._long and not self._waiting and not self._running:
            self._make_room()
        cache = self._cache()
        used = {run.sequence for run in self._running}
        free = [slot for slot in cache.slots if slot not in used]
        jobs = [self._waiting.popleft() for _ in range(min(len(free), len(self._waiting)))]
        # Neighbours of like length are read together.
        for job, slot in zip(sorted(jobs, key=lambda job: len(job.tokens)), free, strict=False):
            cache.begin(slot, self._prefix_hash)
            self._running.append(self._start(job, slot))
        self._running.sort(key=lambda run: run.sequence)
        self._close_ranks(free[len(jobs) :])

    def _close_ranks(self, holes: list[int]) -> None:
        """Move the last slots at work into holes before them: one pass takes a run of neighbours."""
        for hole in holes:
            last = self._running[-1] if self._running else None
            if last is None or last.sequence < hole:
                return
            self._cache().move(last.sequence, hole)
            last.sequence = hole
            self._running.sort(key=lambda run: run.sequence)

    def _make_room(self) -> None:
        """Open a context whose slots hold the longest job, and let all long jobs run in it."""
        self._open_context(self._plan(max(len(job.tokens) for job in self._long)))
        self._cache().hold_prefix(self._prefix_hash, self._prefix_tokens)
        self._waiting.extend(self._long)
        self._long.clear()

    def _start(self, job: Job, sequence: int) -> Run:
        if self._policy is None:
            raise RuntimeError("set_policy comes first")
        slot = Slot(
            vocabulary=self._phrases,
            steps=self._format.steps(self._policy, self._options),
            prompt_tokens=len(self._prefix_tokens) + len(job.tokens),
            prompt_sha256=job.sha256,
            parts=job.parts,
            unwritable=self._unwritable,
        )
        slot.gather_forced()
        run = Run(job, slot, sequence, [*job.tokens, *slot.pending])
        slot.pending.clear()
        return run

    def _feed(self, runs: list[Run], most: int, how: Callable[[Sequence[Feed]], list[int]]) -> list[ClassifierEvent]:
        """Feed at most so many tokens to each run, and move on the runs that have nothing left to feed."""
        feeds: list[Feed] = []
        for run in runs:
            feeds.append(Feed(run.sequence, run.todo[:most], wants_logits=len(run.todo) <= most))
            del run.todo[:most]
        context = self._context
        if context is None:
            raise RuntimeError("set_policy comes first")
        indices = how(feeds)
        events: list[ClassifierEvent] = []
        for run, index in zip(runs, indices, strict=True):
            if not run.todo:
                run.reading = False
                events += self._advance(run, context.logits(index))
        return events

    def _advance(self, run: Run, logits: NDArray[np.float32]) -> list[ClassifierEvent]:
        run.slot.advance(logits)
        run.todo += run.slot.pending
        run.slot.pending.clear()
        events: list[ClassifierEvent] = [Delta(run.job.key, run.slot.delta)] if run.slot.delta else []
        return events if run.slot.result is None else [*events, *self._retire(run, run.slot.result)]

    def _retire(self, run: Run, result: RawOutput) -> list[ClassifierEvent]:
        self._running.remove(run)
        parts = self._parts[run.job.key]
        parts[run.job.part] = result
        done = [part for part in parts if part is not None]
        if len(done) < len(parts):
            return []
        del self._parts[run.job.key]
        if len(done) == 1:
            return [Judged(run.job.key, done[0])]
        return [Judged(run.job.key, join_parts(done))]

    # Looking inside

    def prompt_view(self, item: Item, policy: PolicyVersion, options: JudgeOptions) -> PromptView:
        """Return the exact prompt: its pieces tokenised as for judging, each token with its span."""
        pieces = [*self._format.prefix(policy, options), *self._format.content(item)]
        tokens = tuple(self._seen(token, piece) for piece in pieces for token in self.model.tokenize(piece))
        return PromptView(prompt_text(pieces), tokens, prompt_sha256(pieces))

    def _seen(self, token: int, piece: Piece) -> PromptToken:
        text = self.model.pieces[token].decode("utf-8", "replace")
        return PromptToken(token, text, piece.span, bool(self.model.is_special[token]))

    def close(self) -> None:
        """Free cache and weights."""
        if self._context is not None:
            self._context.close()
            self._context = None
        self.model.close()
