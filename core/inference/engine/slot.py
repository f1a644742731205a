"""One item on its way through the model: the steps it is led through, token by token.

A slot consumes logits and says which tokens to feed next. It owns the state of one item and nothing of llama.cpp:
it is driven by the engine with a `Vocabulary`, which tests replace with a small one of their own.
"""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.domain import RawOutput
from core.inference.engine.phrases import Vocabulary
from core.inference.engine.trie import Trie
from core.inference.prompt import Answer, Choose, ChooseRule, Force, Step, Think, Write

Logits = NDArray[np.float32]


class Slot:
    """The run of one item after its prompt. Drive it: feed `pending`, then call `advance` with the last logits."""

    def __init__(
        self,
        *,
        vocabulary: Vocabulary,
        steps: Sequence[Step],
        prompt_tokens: int,
        prompt_sha256: str,
        parts: int = 1,
        unwritable: NDArray[np.bool_] | None = None,
    ) -> None:
        """Begin before the first step; `unwritable` marks tokens that would break a JSON string."""
        self._vocabulary = vocabulary
        self._steps = list(steps)
        self._at = 0
        self._prompt_tokens = prompt_tokens
        self._prompt_sha256 = prompt_sha256
        self._parts = parts
        self._unwritable = unwritable
        self._started = time.monotonic()
        self._used = 0
        self._shown = ""
        self._bytes = bytearray()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._reasoning = ""
        self._reasoning_cut = False
        self._rationale_cut = False
        self._label_scores: dict[str, float] = {}
        self._label_mass: float | None = None
        self._label = ""
        self._trie: Trie | None = None
        self.pending: list[int] = []
        self.output_tokens = 0
        self.delta = ""
        self.result: RawOutput | None = None

    def advance(self, logits: Logits | None) -> None:
        """Move on: with the logits after everything pending, or None before the first step needs any.

        Afterwards either `pending` holds tokens to feed, or `result` is set.
        """
        self.delta = ""
        while self.result is None:
            if self._at >= len(self._steps):
                self._finish("stop")  # what is pending would be fed for nothing
                return
            if self.pending:
                return
            step = self._steps[self._at]
            if isinstance(step, Force):
                self._force(step)
            elif isinstance(step, Choose | ChooseRule):
                logits = self._choose(step, logits)
            elif logits is None:
                return
            elif isinstance(step, Think):
                self._think(step, logits)
                logits = None
            elif isinstance(step, Write):
                self._write(step, logits)
                logits = None
            else:
                self._answer(step, logits)
                logits = None

    def gather_forced(self) -> None:
        """Append the fixed text of the steps that follow, so that it is fed in the same batch."""
        while self.result is None and self._at < len(self._steps):
            step = self._steps[self._at]
            if isinstance(step, Force):
                self._force(step)
            elif isinstance(step, Choose | ChooseRule) and self._trie is None:
                self._open_choice(step)  # goes on by itself where one option or none is left
                return
            else:
                return

    def _next(self) -> None:
        self._at += 1
        self._used = 0
        self._bytes.clear()
        self._decoder.reset()

    def _force(self, step: Force) -> None:
        read = self._vocabulary.tokenize_own if step.special else self._vocabulary.tokenize_untrusted
        tokens = read(step.text)
        self.pending += tokens
        if step.shown:
            self._shown += step.text
            self.output_tokens += len(tokens)
        self._next()

    # Reasoning

    def _stops_at(self, token: int) -> bool:
        # A control token in the middle of a text is the end of that text, well-formed or not.
        return bool(self._vocabulary.is_end[token] or self._vocabulary.is_special[token])

    def _think(self, step: Think, logits: Logits) -> None:
        token = int(logits.argmax())
        if self._stops_at(token):
            self._reasoning += self._decoder.decode(b"", final=True)
            self._next()
            self.gather_forced()
            return
        self._take(token)
        self.delta = self._decoder.decode(self._vocabulary.pieces[token])
        self._reasoning += self.delta
        if self._used >= step.budget:
            self._reasoning_cut = True
            if not step.force:
                self._finish("length")
                return
            self._next()
            self.gather_forced()

    def _take(self, token: int) -> None:
        self.pending.append(token)
        self._used += 1
        self.output_tokens += 1

    # The label

    def _choices(self, step: Choose | ChooseRule) -> tuple[tuple[str, str], ...]:
        if isinstance(step, Choose):
            return step.options
        rules = next((rules for label, rules in step.rules if label == self._label), ())
        return tuple((rule, rule) for rule in rules)

    def _open_choice(self, step: Choose | ChooseRule) -> None:
        choices = self._choices(step)
        if not choices:
            self._next()
            self.gather_forced()
            return
        paths = [self._vocabulary.tokenize_untrusted(f"{step.before}{text}{step.after}") for text, _ in choices]
        self._trie = Trie(paths)
        self.pending += self._trie.common
        if self._trie.decided:
            self._close_choice(step)

    def _choose(self, step: Choose | ChooseRule, logits: Logits | None) -> Logits | None:
        if self._trie is None:
            self._open_choice(step)
            return logits
        if logits is None:
            raise RuntimeError("a choice was reached without logits")
        self.pending += self._trie.branch(logits)
        if self._trie.decided:
            self._close_choice(step)
        return None

    def _close_choice(self, step: Choose | ChooseRule) -> None:
        trie, self._trie = self._trie, None
        if trie is None:
            return
        choices = self._choices(step)
        text, meaning = choices[trie.chosen]
        self._shown += f"{step.before}{text}{step.after}"
        self.output_tokens += len(trie.path)
        if isinstance(step, Choose):
            self._label = meaning
            if step.scores:
                scores = trie.probabilities()
                for (_, code), share in zip(choices, scores, strict=True):
                    self._label_scores[code] = self._label_scores.get(code, 0.0) + share
                self._label_mass = trie.mass
        self._next()
        self.gather_forced()

    # The rationale and free answers

    def _write(self, step: Write, logits: Logits) -> None:
        token = int(logits.argmax())
        if self._unwritable is not None and self._unwritable[token]:
            token = int(np.where(self._unwritable, np.float32(-np.inf), logits).argmax())
        piece = self._vocabulary.pieces[token]
        ended = bool(self._vocabulary.is_end[token])
        if not ended and b'"' not in piece:
            self._take(token)
            self._bytes += piece
            if self._used < step.budget:
                return
            self._rationale_cut = True
        elif not ended:
            self._bytes += piece[: piece.index(b'"')]
            self.output_tokens += 1
        self._shown += json.dumps(self._bytes.decode("utf-8", "replace"), ensure_ascii=False)[1:]
        if self._only_fixed_text_left():
            self.pending.clear()  # the verdict is complete: nothing more is fed to the model
            self._shown += "".join(s.text for s in self._steps[self._at + 1 :] if isinstance(s, Force) and s.shown)
            self._finish("stop")
            return
        self.pending += self._vocabulary.tokenize_untrusted('"')
        self._next()
        self.gather_forced()

    def _only_fixed_text_left(self) -> bool:
        return all(isinstance(step, Force) for step in self._steps[self._at + 1 :])

    def _answer(self, step: Answer, logits: Logits) -> None:
        token = int(logits.argmax())
        if self._stops_at(token):
            self._shown += self._bytes.decode("utf-8", "replace")
            self._finish("stop")
            return
        self._take(token)
        self._bytes += self._vocabulary.pieces[token]
        if self._used >= step.budget:
            self._shown += self._bytes.decode("utf-8", "replace")
            self._finish("length")

    def _finish(self, finish: str) -> None:
        self.pending.clear()
        self.result = RawOutput(
            output=self._shown,
            reasoning=self._reasoning.strip(),
            finish=finish,
            label_scores=dict(self._label_scores),
            label_mass=self._label_mass,
            reasoning_cut=self._reasoning_cut,
            rationale_cut=self._rationale_cut,
            prompt_sha256=self._prompt_sha256,
            prompt_tokens=self._prompt_tokens,
            output_tokens=self.output_tokens,
            seconds=time.monotonic() - self._started,
            parts=self._parts,
        )
