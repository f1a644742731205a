"""The shared-prefix batch engine: a policy is read once, many items are judged at a time.

It owns the sequences of one context: the first few hold policy prefixes, the others are slots that begin as copies
of a prefix. Each step feeds one batch that mixes prompts, forced text and one token for each slot that is writing.
It must not know what a verdict means; it is used in the model process only, by one thread.
`set_policy` is called when nothing runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.domain import Item, PolicyVersion, PromptToken, PromptView, RawOutput
from core.errors import AppError, ContextError
from core.inference.engine.native import Context, Model
from core.inference.engine.repack import NAME as REPACKED_AS
from core.inference.engine.repack import repacked
from core.inference.engine.settings import EnginePlan, EngineSettings, plan_engine
from core.inference.engine.slot import Slot
from core.inference.engine.split import split_content
from core.inference.formats import prompt_format
from core.inference.prompt import Answer, Piece, Think, Write, prompt_sha256, prompt_text
from core.inference.protocol import ClassifierEvent, Delta, Judged, JudgeOptions

PREFIXES = 2  # policies whose prefix stays in the cache
FORCED_TOKENS = 96  # room for channel headers, the scaffold of the verdict and the label


@dataclass(slots=True)
class _Job:
    """One prompt of one item: the whole item, or one part of a long one."""

    key: int
    tokens: list[int]
    sha256: str
    part: int = 0
    parts: int = 1


@dataclass(slots=True)
class _Run:
    """A slot at work: which sequence, how far its prompt and output have been fed, how much cache it may take."""

    job: _Job
    slot: Slot
    sequence: int
    position: int
    reserve: int
    todo: deque[int] = field(default_factory=deque)


class Engine:
    """One model, one policy at a time, many items. Call `set_policy`, `submit`, then `step` while `busy`."""

    def __init__(self, path: str, *, format_name: str, settings: EngineSettings, sha256: str = "") -> None:
        """Load the model; `sha256` (of the file) names the copy of weights that do not batch.

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
            self.weights = f"repacked as {REPACKED_AS}"
        self.model = Model(str(copy or path), gpu_layers=settings.gpu_layers)
        self._sizes = self.model.sizes()
        self._unwritable = np.array(
            [any(b < 0x20 or b == 0x5C for b in piece) for piece in self.model.pieces], dtype=np.bool_
        ) | (self.model.is_special & ~self.model.is_end)
        self._context: Context | None = None
        self.plan: EnginePlan | None = None
        self._prefixes: dict[str, tuple[int, int]] = {}  # prefix hash -> (sequence, tokens)
        self._prefix_hash = ""
        self._prefix_pieces: list[Piece] = []
        self._policy: PolicyVersion | None = None
        self._options = JudgeOptions()
        self._waiting: deque[_Job] = deque()
        self._running: list[_Run] = []
        self._parts: dict[int, list[RawOutput | None]] = {}
        self._refused: list[ClassifierEvent] = []

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
        self._open_context(len(tokens))
        if self._prefix_hash not in self._prefixes:
            self._read_prefix(tokens)

    def _item_tokens(self) -> int:
        if self._policy is None:
            return 0
        steps = self._format.steps(self._policy, self._options)
        return FORCED_TOKENS + sum(step.budget for step in steps if isinstance(step, Think | Write | Answer))

    def _open_context(self, prefix_tokens: int) -> None:
        plan = plan_engine(
            self._settings,
            prefix_tokens=prefix_tokens,
            item_tokens=self._item_tokens(),
            window=self._sizes.window,
            kv_bytes_per_token=self._sizes.kv_bytes_per_token,
        )
        fits = self.plan is not None and plan.cache_tokens <= self.plan.cache_tokens and plan.slots <= self.plan.slots
        if self._context is not None and fits:
            return
        if self._context is not None:
            self._context.close()
        self._prefixes.clear()
        self.plan = plan
        self._context = Context(
            self.model,
            tokens=plan.cache_tokens,
            sequences=PREFIXES + plan.slots,
            batch=plan.batch_tokens,
            threads=plan.threads,
        )

    def _read_prefix(self, tokens: list[int]) -> None:
        context = self._require_context()
        if len(self._prefixes) >= PREFIXES:
            oldest = next(iter(self._prefixes))
            sequence, _ = self._prefixes.pop(oldest)
            context.drop_sequence(sequence)
        else:
            sequence = len(self._prefixes)
        for start in range(0, len(tokens), context.batch_size):
            chunk = tokens[start : start + context.batch_size]
            context.decode([(token, start + i, sequence, False) for i, token in enumerate(chunk)])
        self._prefixes[self._prefix_hash] = (sequence, len(tokens))

    def _require_context(self) -> Context:
        if self._context is None:
            raise RuntimeError("set_policy comes first")
        return self._context

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
        self._waiting.extend(jobs)

    def _jobs(self, key: int, item: Item) -> Iterator[_Job]:
        _, prefix_tokens = self._prefixes[self._prefix_hash]
        cache = self._require_context().tokens
        others = sum(tokens for digest, (_, tokens) in self._prefixes.items() if digest != self._prefix_hash)
        room = min(self._sizes.window, cache - others) - prefix_tokens - self._item_tokens()
        parts = split_content(item, room, lambda part: len(self._tokens(self._format.content(part))))
        for number, part in enumerate(parts):
            pieces = self._format.content(part)
            digest = prompt_sha256([*self._prefix_pieces, *pieces])
            yield _Job(key, self._tokens(pieces), digest, number, len(parts))

    # Judging

    @property
    def busy(self) -> bool:
        """Whether a step would do anything."""
        return bool(self._waiting or self._running or self._refused)

    def running_keys(self) -> list[int]:
        """Return the keys of all items that wait or run, each once."""
        return list(self._parts)

    def cancel(self) -> None:
        """Drop everything that waits or runs. The policy stays."""
        for run in self._running:
            self._require_context().drop_sequence(run.sequence)
        self._running.clear()
        self._waiting.clear()
        self._parts.clear()
        self._refused.clear()

    def step(self) -> list[ClassifierEvent]:
        """Feed one batch and return what came of it."""
        events, self._refused = self._refused, []
        self._admit()
        fed = self._feed()
        context = self._require_context() if fed else None
        for run, index in fed:
            if context is None or index is None:
                continue
            run.slot.advance(context.logits(index))
            run.todo.extend(run.slot.pending)
            run.slot.pending.clear()
            if run.slot.delta:
                events.append(Delta(run.job.key, run.slot.delta))
            if run.slot.result is not None:
                events += self._retire(run, run.slot.result)
        return events

    def _admit(self) -> None:
        context = self._context
        while context is not None and self.plan is not None and self._waiting and len(self._running) < self.plan.slots:
            job = self._waiting[0]
            source, prefix_tokens = self._prefixes[self._prefix_hash]
            reserve = len(job.tokens) + self._item_tokens()
            taken = sum(tokens for _, tokens in self._prefixes.values()) + sum(run.reserve for run in self._running)
            if taken + reserve > context.tokens and self._running:
                return  # it starts as soon as others have finished
            self._waiting.popleft()
            used = {run.sequence for run in self._running}
            sequence = next(s for s in range(PREFIXES, PREFIXES + self.plan.slots) if s not in used)
            context.copy_sequence(source, sequence)
            self._running.append(self._start(job, sequence, prefix_tokens, reserve))

    def _start(self, job: _Job, sequence: int, prefix_tokens: int, reserve: int) -> _Run:
        if self._policy is None:
            raise RuntimeError("set_policy comes first")
        slot = Slot(
            vocabulary=self.model,
            steps=self._format.steps(self._policy, self._options),
            prompt_tokens=prefix_tokens + len(job.tokens),
            prompt_sha256=job.sha256,
            parts=job.parts,
            unwritable=self._unwritable,
        )
        slot.gather_forced()
        run = _Run(job, slot, sequence, prefix_tokens, reserve, deque(job.tokens))
        run.todo.extend(slot.pending)
        slot.pending.clear()
        return run

    def _feed(self) -> list[tuple[_Run, int | None]]:
        """Build and decode one batch; return each run fed with the index of its logits, None while it has more."""
        if not self._running:
            return []
        context = self._require_context()
        entries: list[tuple[int, int, int, bool]] = []
        fed: list[tuple[_Run, int | None]] = []
        # Short stretches first, so that a long prompt never holds up the slots that are writing.
        for run in sorted(self._running, key=lambda run: len(run.todo)):
            take = min(len(run.todo), context.batch_size - len(entries))
            if take <= 0:
                break
            last = take == len(run.todo)
            for i in range(take):
                entries.append((run.todo.popleft(), run.position, run.sequence, last and i == take - 1))
                run.position += 1
            fed.append((run, len(entries) - 1 if last else None))
        context.decode(entries)
        return fed

    def _retire(self, run: _Run, result: RawOutput) -> list[ClassifierEvent]:
        self._require_context().drop_sequence(run.sequence)
        self._running.remove(run)
        parts = self._parts[run.job.key]
        parts[run.job.part] = result
        done = [part for part in parts if part is not None]
        if len(done) < len(parts):
            return []
        del self._parts[run.job.key]
        if len(done) == 1:
            return [Judged(run.job.key, done[0])]
        return [Judged(run.job.key, joined(done))]

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


def joined(parts: list[RawOutput]) -> RawOutput:
    """Return one output that carries the outputs of all parts of a long item, in order, with their sums."""
    return RawOutput(
        output="",
        prompt_sha256=parts[0].prompt_sha256,
        prompt_tokens=sum(part.prompt_tokens for part in parts),
        output_tokens=sum(part.output_tokens for part in parts),
        seconds=max(part.seconds for part in parts),
        parts=len(parts),
        part_outputs=tuple(parts),
    )
