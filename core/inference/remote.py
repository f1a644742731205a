"""Any OpenAI-compatible server as a `Classifier`: vLLM, llama-server, Ollama, LM Studio.

It owns the requests: how many at once, time-outs, retries with back-off, and what each failure means. The server does
the batching. Content leaves this process here; whether it may leave the machine is asked before one is opened.
A server tokenises as it likes, so control-token spellings in outside text are broken up by a zero-width space and
the verdict records that.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from core.domain import Item, ModelInfo, OutputForm, PolicyVersion, PromptToken, PromptView, RawOutput
from core.errors import ModelError, UsageError
from core.inference.prompt import Piece, item_pieces, output_rule, prompt_sha256, prompt_text
from core.inference.protocol import ClassifierEvent, Judged, JudgeOptions, JudgeRequest

CONCURRENCY = 8
RETRIES = 4
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
CONNECT_S, ANSWER_S = 10.0, 600.0
# Room for reasoning and answer; recorded reasoning reaches 2,283 tokens at the 95th percentile.
OUTPUT_TOKENS = 8192
FAST_TOKENS = 32
DEAD_AFTER = 8  # items in a row that the server could not answer, after which the run ends
LARGEST_ANSWER_BYTES = 4 * 1024 * 1024
_MARK = re.compile(r"<(?=\|)")
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """A server and the model on it: `http://host:port/v1#name`. `model` is "" until the server was asked."""

    base: str
    model: str
    host: str
    is_loopback: bool


def parse_address(text: str) -> RemoteAddress:
    """Read `http://host:port/v1#name`.

    Raises:
        UsageError: not such an address, or one that carries a name and password.
    """
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("That is not the address of a server.", "Write it as http://host:port/v1#model-name.")
    if parts.username or parts.password:
        raise UsageError(
            "The address holds a password.", "Store the key with DOCKET_API_KEY or in the keychain instead."
        )
    base = parts._replace(fragment="", query="").geturl().rstrip("/")
    loopback = parts.hostname in ("localhost", "::1") or parts.hostname.startswith("127.")
    return RemoteAddress(base, parts.fragment, parts.hostname, loopback)


class RemoteClassifier:
    """A server that judges. Requests run on threads of its own; `judge` is called from one thread at a time."""

    def __init__(self, address: RemoteAddress, *, api_key: str | None = None, concurrency: int = CONCURRENCY) -> None:
        """Ask the server for its models, so that a wrong address fails now.

        Raises:
            ModelError: not reachable, key refused, model not there.
        """
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=concurrency + 1),
            follow_redirects=False,
            trust_env=not address.is_loopback,
        )
        self._address = address
        self._concurrency = concurrency
        self._closed = threading.Event()
        try:
            self._model = self._choose_model()
        except ModelError:
            self.close()
            raise

    @property
    def info(self) -> ModelInfo:
        """The model on the server; its weights cannot be hashed from here."""
        return ModelInfo(self._model, "", "server", f"{self._address.base}#{self._model}")

    @property
    def settings(self) -> dict[str, object]:
        """What shapes a run from this side."""
        return {
            "engine": "server",
            "address": self._address.base,
            "temperature": 0.0,
            "seed": 0,
            "concurrency": self._concurrency,
            "control_spellings": "broken by a zero-width space",
        }

    def _choose_model(self) -> str:
        try:
            reply = self._client.get(f"{self._address.base}/models", timeout=CONNECT_S)
        except httpx.HTTPError as error:
            raise ModelError(
                f"The server at {self._address.base} does not answer ({type(error).__name__}).",
                "Check that it runs, and the address: http://host:port/v1#model-name.",
            ) from None
        self._refuse(reply)
        try:
            names = [str(entry["id"]) for entry in reply.json()["data"]]
        except (ValueError, KeyError, TypeError):
            raise ModelError(
                f"What answers at {self._address.base} is not an OpenAI-compatible server.",
                "The path often ends in /v1.",
            ) from None
        if self._address.model in names:
            return self._address.model
        if not self._address.model and len(names) == 1:
            return names[0]
        offered = ", ".join(sorted(names)[:8]) or "none"
        wanted = f"has no model {self._address.model}" if self._address.model else "has several models"
        raise ModelError(f"The server {wanted}; it offers: {offered}.", "Name one after # in the address.")

    def _refuse(self, reply: httpx.Response) -> None:
        if reply.status_code in (401, 403):
            raise ModelError("The server refused the key.", "Set DOCKET_API_KEY, or store the key in the keychain.")
        if reply.status_code == 404:
            raise ModelError("The server does not know that address or model.", "The path often ends in /v1.")
        if reply.is_redirect:
            raise ModelError("The server answers from another address.", "Give the address it redirects to.")
        if reply.status_code not in _PASSING and reply.is_error:
            raise ModelError(
                f"The server refused the request (status {reply.status_code}).",
                "Its log says why; the item may be too long.",
            )

    # Judging

    def judge(
        self,
        next_request: Callable[[], JudgeRequest | None],
        *,
        policy: PolicyVersion,
        options: JudgeOptions,
        cancel: threading.Event,
    ) -> Iterator[ClassifierEvent]:
        """Judge items; see `Classifier.judge`. An item the server cannot answer gets a failed output.

        Raises:
            ModelError: the server failed for several items in a row; what was judged is kept.
        """
        done: queue.SimpleQueue[tuple[int, RawOutput]] = queue.SimpleQueue()
        stop = threading.Event()
        outstanding = 0
        failures = 0
        exhausted = False
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="docket-remote") as pool:
            try:
                while not cancel.is_set():
                    while not exhausted and outstanding < self._concurrency:
                        request = next_request()
                        exhausted = request is None
                        if request is not None:
                            outstanding += 1
                            pool.submit(self._work, request, policy, options, stop, done)
                    if not outstanding:
                        return
                    try:
                        key, raw = done.get(timeout=0.1)
                    except queue.Empty:
                        continue
                    outstanding -= 1
                    failures = failures + 1 if raw.finish == "error" else 0
                    yield Judged(key, raw)
                    if failures >= DEAD_AFTER:
                        raise ModelError(
                            f"The server failed {failures} items in a row: {raw.error}", "Check the server."
                        )
            finally:
                stop.set()

    def _work(
        self,
        request: JudgeRequest,
        policy: PolicyVersion,
        options: JudgeOptions,
        stop: threading.Event,
        done: queue.SimpleQueue[tuple[int, RawOutput]],
    ) -> None:
        started = time.monotonic()
        pieces = _pieces(request.item, policy)
        try:
            raw = self._answer(pieces, options, stop, started)
        except ModelError as error:
            raw = RawOutput(output="", finish="error", error=error.message, seconds=time.monotonic() - started)
        done.put((request.key, raw))

    def _answer(
        self, pieces: tuple[list[Piece], list[Piece]], options: JudgeOptions, stop: threading.Event, started: float
    ) -> RawOutput:
        body = {
            "model": self._model,
            "messages": [
                {"role": "system", "content": prompt_text(pieces[0])},
                {"role": "user", "content": prompt_text(pieces[1])},
            ],
            "temperature": 0.0,
            "seed": 0,
            "max_tokens": FAST_TOKENS if options.fast else options.reasoning_budget or OUTPUT_TOKENS,
            "reasoning_effort": "low" if options.fast else options.effort.value,
        }
        problem = "it was stopped"
        pause = FIRST_PAUSE_S
        for attempt in range(RETRIES + 1):
            if stop.is_set() or self._closed.is_set():
                break
            try:
                reply = self._client.post(f"{self._address.base}/chat/completions", json=body)
                self._refuse(reply)
                if reply.is_success and len(reply.content) <= LARGEST_ANSWER_BYTES:
                    return _read(reply, pieces, time.monotonic() - started)
                problem = f"the server answered with status {reply.status_code}"
                pause = max(pause, _asked_pause(reply))
            except httpx.TimeoutException:
                problem = "the server did not answer in time"
            except httpx.HTTPError as error:
                problem = f"the connection failed ({type(error).__name__})"
            except _BrokenAnswerError as error:
                problem = str(error)
            if attempt < RETRIES:
                stop.wait(min(pause, LONGEST_PAUSE_S))
                pause *= 2
        raise ModelError(f"No verdict after {RETRIES + 1} tries: {problem}.", "Run the classification again later.")

    def prompt_view(self, item: Item, *, policy: PolicyVersion, options: JudgeOptions) -> PromptView:
        """Return the text that is sent. The server's tokens are not known here: each piece stands as one, id -1."""
        del options
        system, user = _pieces(item, policy)
        pieces = [*system, *user]
        tokens = tuple(PromptToken(-1, piece.text, piece.span, control=False) for piece in pieces if piece.text)
        return PromptView(prompt_text(pieces), tokens, prompt_sha256(pieces))

    def close(self) -> None:
        """Close the connections; running requests end with an error of their own."""
        self._closed.set()
        self._client.close()


class _BrokenAnswerError(Exception):
    """An answer that is not what the protocol says."""


def _pieces(item: Item, policy: PolicyVersion) -> tuple[list[Piece], list[Piece]]:
    rule = output_rule(policy) if policy.output is not OutputForm.TEXT else ""
    system = [Piece(_broken_up(policy.body), "policy"), Piece(f"\n\n{rule}" if rule else "", "scaffold")]
    user = [Piece(_broken_up(piece.text), piece.span) for piece in item_pieces(item)]
    return system, user


def _broken_up(text: str) -> str:
    return _MARK.sub("<\u200b", text)


def _asked_pause(reply: httpx.Response) -> float:
    try:
        return min(LONGEST_PAUSE_S, max(0.0, float(reply.headers.get("retry-after", "0"))))
    except ValueError:
        return 0.0


def _read(reply: httpx.Response, pieces: tuple[list[Piece], list[Piece]], seconds: float) -> RawOutput:
    try:
        answer = reply.json()
        choice = answer["choices"][0]
        message = choice["message"]
        usage = answer.get("usage") or {}
        return RawOutput(
            output=_text(message.get("content")),
            reasoning=_text(message.get("reasoning") or message.get("reasoning_content")),
            finish="length" if choice.get("finish_reason") == "length" else "stop",
            prompt_sha256=prompt_sha256([*pieces[0], *pieces[1]]),
            prompt_tokens=int(usage.get("prompt_tokens") or 0),
            output_tokens=int(usage.get("completion_tokens") or 0),
            seconds=seconds,
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise _BrokenAnswerError("the server's answer is not a chat completion") from None


def _text(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError
    return value or ""
