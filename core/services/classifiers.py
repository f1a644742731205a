"""The verbs that open a model: find it, check it, start its process, or connect to a server that was allowed.

It owns the choice between these and the consent to send content away. It judges nothing.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from core.errors import ConsentError
from core.inference.engine.settings import EngineSettings
from core.inference.messages import ModelSpec
from core.inference.process import ModelProcess
from core.inference.protocol import Classifier
from core.models.catalogue import SAMPLE_ID, file_sha256, resolve_model, split_parts
from core.paths import cache_folder, models_folder
from core.services.members import Deed, require
from core.services.workspace import Workspace, save_settings
from core.settings import Settings
from core.store.keychain import read_secret

API_KEY_VARIABLE = "DOCKET_API_KEY"


def open_classifier(
    workspace: Workspace | None, *, model: str | None = None, **engine_values: int | None
) -> Classifier:
    """Find, check and load a model in a process of its own, or connect to a server (`http://host:port/v1#name`).

    None takes the workspace's model, then the sample. `engine_values` are engine settings for this once
    (`gpu_layers=12`), in place of the workspace's.

    Raises:
        ModelError: nothing of that name, a damaged file, an unknown prompt format, not enough memory, a server that
            does not answer or refuses.
        ConsentError: the server is not on this machine and nobody has allowed it yet.
    """
    wanted = model or (workspace.settings.model if workspace is not None else "") or SAMPLE_ID
    if wanted.startswith(("http://", "https://")):
        return _open_remote(workspace, wanted)
    found = resolve_model(wanted, folder=models_folder())
    sha256 = fingerprint(workspace, found.path)
    engine = EngineSettings()
    if workspace is not None:
        repack = str(cache_folder() / "weights") if workspace.settings.repack else None
        engine = replace(engine_settings(workspace.settings), repack_folder=repack)
    engine = replace(engine, **engine_values)  # type: ignore[arg-type]
    return ModelProcess(
        ModelSpec(
            path=str(found.path),
            name=found.name,
            sha256=sha256,
            prompt_format=found.prompt_format,
            size_bytes=found.size_bytes,
            is_sample=found.is_sample,
            settings=engine,
            shape=found.shape,
        )
    )


def fingerprint(workspace: Workspace | None, path: Path) -> str:
    """Return the SHA-256 of a model, all parts of a split one in order; a workspace remembers those of its files."""
    parts = split_parts(path)
    stats = [part.stat() for part in parts]
    key = (str(path), sum(stat.st_size for stat in stats), max(stat.st_mtime_ns for stat in stats))
    known = workspace.store.recall_model(*key) if workspace is not None else None
    if known is not None:
        return known
    sha256 = file_sha256(*parts)
    if workspace is not None:
        workspace.store.remember_model(*key, sha256)
    return sha256


def engine_settings(settings: Settings) -> EngineSettings:
    """Return what a workspace's settings say of the engine."""
    return EngineSettings(
        threads=settings.threads,
        slots=settings.slots,
        cache_tokens=settings.cache_tokens,
        batch_tokens=settings.batch_tokens,
        gpu_layers=settings.gpu_layers,
        cpu_experts=settings.cpu_experts,
    )


def _open_remote(workspace: Workspace | None, wanted: str) -> Classifier:
    from core.inference.remote import RemoteClassifier, parse_address  # brings a HTTP library nobody else needs

    address = parse_address(wanted)
    _check_consent(workspace, wanted)
    key = os.environ.get(API_KEY_VARIABLE) or read_secret(f"server:{address.host}")
    return RemoteClassifier(address, api_key=key)


def host_to_allow(workspace: Workspace | None, *, model: str) -> str | None:
    """Return the host that content would be sent to and that nobody has allowed yet, None when there is none.

    Raises:
        UsageError: an address that cannot be read.
    """
    from core.inference.remote import parse_address

    if not model.startswith(("http://", "https://")):
        return None
    address = parse_address(model)
    allowed = workspace.settings.remote_hosts if workspace is not None else ()
    return None if address.is_loopback or address.host in allowed else address.host


def _check_consent(workspace: Workspace | None, model: str) -> None:
    host = host_to_allow(workspace, model=model)
    if host is not None:
        raise ConsentError(
            f"Content would leave this machine for {host}.",
            f"Allow it once for this workspace with --allow-remote {host}.",
        )


def choose_model(workspace: Workspace, *, model: str) -> Settings:
    """Judge by this model from now on: a catalogue id, a path or an address. Recorded; return the settings.

    A file is checked and nothing is loaded; a server is not asked before it judges.

    Raises:
        RoleError: an auditor, or no member.
        ModelFileError: no such model, or one that cannot be used. UsageError: an address that cannot be read.
        ConsentError: the server is not on this machine and nobody has allowed it yet.
    """
    require(workspace, Deed.JUDGE)
    _check_consent(workspace, model)
    if not model.startswith(("http://", "https://")):
        resolve_model(model, folder=models_folder())
    if model == workspace.settings.model:
        return workspace.settings
    workspace.store.record("model.chosen", workspace.reviewer, {"model": model})
    return save_settings(workspace, settings=replace(workspace.settings, model=model))


def allow_remote(workspace: Workspace, *, host: str) -> Settings:
    """Allow content to be sent to a host from this workspace; recorded in the audit chain. Return the settings.

    Raises:
        RoleError: the acting person does not lead.
        WorkspaceError: the settings or the database cannot be written.
    """
    require(workspace, Deed.SEND)
    if host in workspace.settings.remote_hosts:
        return workspace.settings
    workspace.store.record("remote.allowed", workspace.reviewer, {"host": host})
    hosts = (*workspace.settings.remote_hosts, host)
    return save_settings(workspace, settings=replace(workspace.settings, remote_hosts=hosts))
