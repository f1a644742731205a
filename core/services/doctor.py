"""The verb `doctor`: what of this machine Docket needs, each as one check with a hint when it is not there.

It owns the list of checks. It changes nothing, loads no model, and asks the model runtime in a process of its own,
because a runtime built for another processor may end the process that loads it.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib import metadata

from core import display
from core.domain import Check, Effort
from core.errors import AppError
from core.inference.device import Device
from core.inference.engine.offload import ModelShape, choose_placement
from core.inference.engine.settings import EngineSettings, free_cores, free_memory_bytes, plan_engine
from core.inference.harmony import REASONING_TOKENS
from core.inference.isolated import IsolatedError, run_isolated
from core.inference.runtime import Runtime, describe_runtime
from core.models.catalogue import CATALOGUE, SAMPLE_ID, sample_path
from core.models.fit import Fits
from core.services.classifiers import engine_settings
from core.services.fetching import fit_models
from core.services.health import verify
from core.services.workspace import Workspace
from core.store.cipher import cipher_line
from core.store.keychain import keychain_backend

GIB = 1024**3
SAMPLE_MEMORY_BYTES = 1 * GIB
"""What the sample model needs with its cache, doubled; gpt-oss-safeguard-20b wants 16 GiB."""

POLICY_TOKENS = 600
WINDOW_TOKENS = 131_072
KV_BYTES_20B = 48 * 1024
"""gpt-oss-safeguard-20b under a policy of usual length: its window, and the size of a token in its cache."""

_NO_CARDS = {
    False: "none: this llama.cpp has no backend for one",
    True: "none found, though this llama.cpp could use one",
}
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY")
LIBRARY_TIMEOUT_S = 60.0
_REINSTALL = "Install the environment again: delete .venv, then `uv run main.py doctor`."


def doctor(workspace: Workspace | None) -> list[Check]:
    """Return the checks of this machine, and of the workspace when there is one, in the order a person would look."""
    checks = [
        _python(),
        _processor(),
        _memory(),
        _compiler(),
        _qt(),
        _window(),
        *_runtime(workspace),
        _engine(workspace),
    ]
    checks += [_cipher(), _keychain(), _sample_model()]
    checks += [_model_fit(workspace), _network(workspace)]
    if workspace is None:
        checks.append(Check("workspace", True, "none has been used yet", "Create one with `main.py init`."))
        return checks
    failed = [check.name for check in verify(workspace) if not check.ok]
    detail = f"{workspace.folder}: failed {', '.join(failed)}" if failed else f"{workspace.folder}: sound"
    return [*checks, Check("workspace", not failed, detail, "See `main.py verify`." if failed else "")]


def _python() -> Check:
    ok = (3, 11) <= sys.version_info[:2] < (3, 13)
    where = f"{platform.system()} {platform.release()} {platform.machine()}"
    return Check(
        "python",
        ok,
        f"{platform.python_version()} on {where}",
        "" if ok else "Docket runs on Python 3.11 and 3.12: `uv python install 3.12`.",
    )


def _processor() -> Check:
    return Check("cores", True, f"{free_cores()} of {os.cpu_count() or 1} may be used")


def _memory() -> Check:
    free = free_memory_bytes()
    ok = free >= SAMPLE_MEMORY_BYTES
    hint = "" if ok else "Close other programs: the sample model needs 1 GiB, gpt-oss-safeguard-20b 16 GiB."
    total = ""
    if hasattr(os, "sysconf"):
        total = f" of {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIB:.1f} GiB"
    return Check("memory", ok, f"about {free / GIB:.1f} GiB free{total}", hint)


def _engine(workspace: Workspace | None) -> Check:
    """Say what the engine would run the 20b model with: chosen from this machine, overridden by the settings."""
    chosen = workspace.settings if workspace is not None else None
    settings = engine_settings(chosen) if chosen else EngineSettings()
    plan = plan_engine(
        settings,
        prefix_tokens=POLICY_TOKENS,
        item_tokens=REASONING_TOKENS[Effort.MEDIUM],
        window=WINDOW_TOKENS,
        kv_bytes_per_token=KV_BYTES_20B,
    )
    cache = f"batches of {plan.batch_tokens}, {plan.cache_tokens:,} tokens of cache"
    overrides = "`main.py settings` changes threads, slots, batch_tokens, cache_tokens"
    return Check("engine", True, f"{plan.threads} threads, {plan.slots} slots, {cache} for the 20b model; {overrides}")


def _compiler() -> Check:
    found = next((path for path in map(shutil.which, ("c++", "g++", "clang++", "cl")) if path), None)
    # It is needed once, to build llama-cpp-python, which is there when this runs: not having it is no failure.
    return Check("compiler", True, found or "none found; it is needed only to build llama-cpp-python again")


def _qt() -> Check:
    try:
        version = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        return Check("qt", False, "PySide6 is not installed", _REINSTALL)
    return _ask_display("qt", f"PySide6 {version}", display.check_libraries)


def _window() -> Check:
    return _ask_display("display", "a window can open", display.check_display)


def _ask_display(name: str, detail: str, ask: Callable[[], None]) -> Check:
    try:
        ask()
    except AppError as error:
        # The commands work without a screen, so only a missing library is a failure.
        return Check(name, name == "display", error.message, error.hint)
    return Check(name, True, detail)


def _runtime(workspace: Workspace | None) -> list[Check]:
    """Say what llama.cpp was built with and which graphics cards it can use, from one look in another process."""
    try:
        runtime = run_isolated(describe_runtime, timeout_s=LIBRARY_TIMEOUT_S)
    except IsolatedError as error:
        detail = f"llama-cpp-python cannot be loaded ({error.reason})"
        return [Check("model runtime", False, detail, _REINSTALL)]
    built = Check("model runtime", True, f"llama-cpp-python {runtime.version}; {runtime.features}")
    return [built, graphics_check(runtime, engine_settings(workspace.settings) if workspace else EngineSettings())]


def graphics_check(runtime: Runtime, settings: EngineSettings) -> Check:
    """Say which graphics cards there are, what of the 20b model goes on them, and what was asked for in vain."""
    placement = choose_placement(settings, _shape_20b(), runtime)
    if not runtime.cards:
        hint = "Take it back with `main.py settings gpu_layers=auto cpu_experts=auto`, or see docs/models.md."
        detail = placement.note or _NO_CARDS[runtime.can_offload]
        return Check("graphics", not placement.note, detail, hint if placement.note else "")
    cards = ", ".join(f"{card.description} ({card.name}), {_memory_of(card)}" for card in runtime.cards)
    detail = f"{cards}; of gpt-oss-safeguard-20b goes on {placement.device}. {placement.note}".strip()
    return Check("graphics", True, f"{detail} Docket was not tried on a graphics card.")


def _shape_20b() -> ModelShape:
    entry = next(known for known in CATALOGUE if known.id == "gpt-oss-safeguard-20b")
    return ModelShape(entry.layers, entry.size_bytes, entry.expert_bytes)


def _memory_of(card: Device) -> str:
    return (
        f"{card.free_bytes / GIB:.1f} of {card.total_bytes / GIB:.1f} GiB free"
        if card.total_bytes
        else "memory unknown"
    )


def _cipher() -> Check:
    return _ask_library("sqlcipher", cipher_line, "the encrypted database")


def _ask_library(name: str, question: Callable[[], str], what: str) -> Check:
    """Let a native library speak for itself in a process of its own; the answer is one line about it."""
    try:
        return Check(name, True, run_isolated(question, timeout_s=LIBRARY_TIMEOUT_S))
    except IsolatedError as error:
        return Check(name, False, f"{what} cannot be loaded ({error.reason})", _REINSTALL)


def _keychain() -> Check:
    backend = keychain_backend()
    hint = "" if backend else "Set DOCKET_PASSPHRASE, or type the passphrase when asked."
    return Check("keychain", True, backend or "none: workspaces open by passphrase", hint)


def _model_fit(workspace: Workspace | None) -> Check:
    """Say whether the model that would judge runs here; how fast, only a probe says."""
    wanted = (workspace.settings.model if workspace is not None else "") or SAMPLE_ID
    if wanted.startswith(("http://", "https://")):
        return Check("model fit", True, f"a server judges: {wanted.partition('#')[0]}")
    try:
        [found] = fit_models(names=[wanted])
    except AppError as error:
        return Check("model fit", wanted.endswith(".gguf"), f"{wanted}: {error.message}", error.hint)
    here = "" if found.is_here else "; it is not on this machine"
    ok = found.is_here and found.fit.fits is not Fits.NO
    detail = f"{found.name}: {found.fit.fits.value}, {found.fit.memory_bytes / GIB:.1f} GiB while judging{here}"
    hint = "" if ok else "`main.py model fit` says what runs here; Ctrl+M in the window chooses."
    return Check("model fit", ok, " ".join([f"{detail}.", *found.fit.reasons]), hint)


def _network(workspace: Workspace | None) -> Check:
    """Say what could leave this machine; nothing is asked of the network."""
    hosts = workspace.settings.remote_hosts if workspace is not None else ()
    allowed = f"content may be sent to {', '.join(hosts)}" if hosts else "content is sent nowhere"
    proxy = "a proxy is set" if any(os.environ.get(name) for name in _PROXIES) else "no proxy"
    return Check("network", True, f"{allowed}; only `model download` and a server named as model go out; {proxy}")


def _sample_model() -> Check:
    path = sample_path()
    if path is None:
        return Check("sample model", False, "not installed", "Install it with `uv sync --group sample`.")
    return Check("sample model", True, f"{path.name}, {path.stat().st_size / 1024**2:.0f} MiB; near chance (AUC 0.56)")
