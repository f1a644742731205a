"""The model hub through huggingface_hub: which files a repository holds at one revision, and their bytes by range.

It owns the translation of the hub's answers and failures into ours. It is the only importer of huggingface_hub, and it
imports it when first asked, so that nothing of it runs, and nothing leaves the machine, unless a person downloads.
`hf_hub_download` is not used: it deletes what it fetched when it fails (huggingface_hub 2.x), and a model of 60 GB must
go on where it stopped.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from core.errors import DownloadError, UsageError

_SOURCE = re.compile(
    r"^(?P<repo>[\w.-]+/[\w.-]+)(?:/(?P<file>[^@]+\.gguf))?(?:@(?P<revision>[\w./-]+))?$", re.IGNORECASE
)
_PART = re.compile(r"^(?P<stem>.+)-\d{5}-of-(?P<count>\d{5})\.gguf$", re.IGNORECASE)
_AGAIN = "What was fetched is kept: run the same command again to go on."


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of the hub, one of its files if named, and a revision (branch, tag or commit)."""

    repo: str
    file: str | None = None
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class HubFile:
    """One file to fetch: its path in the repository, its size in bytes and its SHA-256 (hex) as the hub states them."""

    path: str
    size_bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's own name, without folders."""
        return PurePosixPath(self.path).name


@dataclass(frozen=True, slots=True)
class HubPlan:
    """What a download would fetch: the parts of one model, in order, pinned to a commit."""

    repo: str
    commit: str
    files: tuple[HubFile, ...]

    @property
    def size_bytes(self) -> int:
        """The bytes of all files."""
        return sum(file.size_bytes for file in self.files)


def parse_source(text: str) -> HubSource:
    """Read `OWNER/REPO[/FILE.gguf][@REVISION]`.

    Raises:
        UsageError: it is not of that form.
    """
    match = _SOURCE.match(text.strip())
    if match is None or ".." in text:
        raise UsageError(
            f"{text!r} names no model to download.",
            "Give a name of `main.py model list`, or OWNER/REPO[/FILE.gguf][@REVISION].",
        )
    return HubSource(match["repo"], match["file"], match["revision"] or "main")


class Hub:
    """The hub, or a mirror of it at `endpoint`. `proxy` is an address such as `http://host:port`."""

    def __init__(self, *, endpoint: str | None = None, token: str | None = None, proxy: str | None = None) -> None:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        # One plain way to fetch, which can go on in the middle of a file.
        os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
        import huggingface_hub

        # It tells each retry with its address; ours says once what happened and what to do.
        huggingface_hub.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        self._library = huggingface_hub
        self._endpoint = endpoint.rstrip("/") if endpoint else None
        self._token = token
        if proxy:
            _use_proxy(proxy)

    def plan(self, source: HubSource, *, builds: Sequence[str] = ()) -> HubPlan:
        """Return the files of the model that a source names, pinned to the commit the revision stands at now.

        Where the source names no file and there are several, `builds` choose: what to look for in names, best first.

        Raises:
            DownloadError: the hub cannot be reached or refuses, or states no SHA-256 for a file.
            UsageError: no such file, or several models and none chosen; they are listed.
        """
        with _translated(f"{source.repo} at {source.revision}"):
            info = self._library.HfApi(endpoint=self._endpoint, token=self._token or False).model_info(
                source.repo, revision=source.revision, files_metadata=True
            )
        siblings = {sibling.rfilename: sibling for sibling in info.siblings or []}
        files = []
        for path in _chosen(source, sorted(siblings), builds):
            sibling = siblings[path]
            if sibling.lfs is None or sibling.size is None:
                raise DownloadError(
                    f"The hub states no SHA-256 for {path}.",
                    "Docket loads only what it can check. Choose another file.",
                )
            files.append(HubFile(path, sibling.size, sibling.lfs.sha256))
        return HubPlan(source.repo, info.sha or source.revision, tuple(files))

    def fetch(
        self, plan: HubPlan, file: HubFile, target: BinaryIO, *, start: int, end: int, told: Callable[[int], None]
    ) -> None:
        """Write bytes `start` (inclusive) to `end` (exclusive) of a file to `target` at its present place.

        `told` gets the number of bytes after each chunk, and may raise to stop; what was written stays written.

        Raises:
            DownloadError: the connection broke for good, the server refuses, or it has fewer bytes than stated.
        """
        from huggingface_hub.file_download import http_get

        url = self._library.hf_hub_url(plan.repo, file.path, revision=plan.commit, endpoint=self._endpoint)
        headers: dict[str, Any] = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        headers["Accept-Encoding"] = "identity"
        whole = end == file.size_bytes
        if not whole:
            headers["Range"] = f"bytes={start}-{end - 1}"
        with _translated(file.name):
            http_get(
                url,
                target,
                resume_size=start if whole else 0,
                headers=headers,
                expected_size=file.size_bytes if whole else end - start,
                displayed_filename=file.name,
                tqdm_class=_bar(told),
            )


def _chosen(source: HubSource, paths: list[str], builds: Sequence[str]) -> list[str]:
    models = [path for path in paths if path.lower().endswith(".gguf")]
    if source.file is not None:
        if source.file not in models:
            raise UsageError(
                f"{source.repo} has no file {source.file}.", f"It has: {', '.join(models) or 'no GGUF file'}."
            )
        wanted = source.file
    else:
        wholes = [path for path in models if not _PART.match(path) or "-00001-of-" in path]
        for build in builds:
            found = [path for path in wholes if build in path.lower()]
            if len(wholes) > 1 and len(found) == 1:
                wholes = found
        if len(wholes) != 1:
            raise UsageError(
                f"{source.repo} holds {len(wholes)} models.",
                f"Name one as {source.repo}/FILE: {', '.join(wholes) or '-'}.",
            )
        wanted = wholes[0]
    match = _PART.match(wanted)
    if match is None:
        return [wanted]
    count = int(match["count"])
    parts = [f"{match['stem']}-{number:05d}-of-{count:05d}.gguf" for number in range(1, count + 1)]
    missing = [part for part in parts if part not in models]
    if missing:
        raise DownloadError(f"{source.repo} lacks parts of the model: {', '.join(missing)}.", "Choose another file.")
    return parts


def _bar(told: Callable[[int], None]) -> type[Any]:
    """Return what the library takes for a progress bar and calls with each chunk."""

    class Bar:
        def __init__(self, *_args: object, **_options: object) -> None:
            pass

        def __enter__(self) -> Bar:
            return self

        def __exit__(self, *_error: object) -> None:
            pass

        def update(self, count: int) -> None:
            told(count)

        def close(self) -> None:
            pass

    return Bar


def _use_proxy(proxy: str) -> None:
    import httpx2
    from huggingface_hub import set_client_factory

    try:
        client = httpx2.Client(proxy=proxy)
    except ValueError:
        raise UsageError(f"{proxy!r} is no address of a proxy.", "Give it as http://HOST:PORT.") from None
    client.close()
    set_client_factory(lambda: httpx2.Client(proxy=proxy, follow_redirects=True, timeout=None))


@contextmanager
def _translated(what: str) -> Iterator[None]:
    """Turn the library's failures into ours; `what` is named in them."""
    import httpx2
    from huggingface_hub import errors

    try:
        yield
    except (errors.OfflineModeIsEnabled, errors.LocalEntryNotFoundError):
        raise DownloadError("The hub library is set to offline.", "Unset HF_HUB_OFFLINE to download.") from None
    except errors.GatedRepoError:
        raise DownloadError(
            f"{what} asks for an accepted licence.", "Accept it on the hub's page and give a token with HF_TOKEN."
        ) from None
    except errors.RevisionNotFoundError:
        raise DownloadError(f"There is no revision {what}.", "Name another with @REVISION, or none.") from None
    except errors.RepositoryNotFoundError:
        raise DownloadError(f"The hub knows no {what}.", "Check the name; a private one needs HF_TOKEN.") from None
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        if status == 416:
            raise _shrunk(what) from None
        hint = "It may need a token: set HF_TOKEN." if status in (401, 403) else _AGAIN
        raise DownloadError(f"The hub refuses {what} (HTTP {status}).", hint) from None
    except httpx2.HTTPError as error:
        raise DownloadError(f"The connection broke at {what} ({type(error).__name__}).", _AGAIN) from None
    except OSError as error:
        if error.errno is None:  # the library's own: fewer or more bytes came than were stated
            raise _shrunk(what) from None
        raise DownloadError(f"{what} cannot be written: {error.strerror}.", f"Free some space. {_AGAIN}") from None


def _shrunk(what: str) -> DownloadError:
    return DownloadError(
        f"The server ended {what} before the size the hub states.",
        f"If it happens again the file there is damaged. {_AGAIN}",
    )
