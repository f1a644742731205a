"""The verb `export`: disagreements, decisions or items leave as one file or folder that is there whole or not at all.

It owns what goes into each kind of export, what is left out of it, and the audit event that names the file's hash; the
shapes and formats belong to `core.exchange`. Records stream from the store to the disk a page at a time.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.domain import Cause, Decision, Item, ItemReviews, PolicyVersion, QueueFilter, Verdict, utc_now
from core.errors import CancelledError, ExportError, UsageError
from core.exchange.annotation import label_studio_tasks, prodigy_examples
from core.exchange.cases import Case
from core.exchange.columns import HF_FILE, dataset_card, make_folder, write_parquet
from core.exchange.csv import encode_csv
from core.exchange.formats import EXPORT_FORMATS as EXPORT_FORMATS
from core.exchange.formats import SUFFIXES
from core.exchange.jsonl import encode_jsonl
from core.exchange.records import decision_to_dict, disagreement_to_dict, item_to_dict, reviews_to_dict
from core.exchange.redaction import ContentChoice, Redaction
from core.exchange.report import html_report, overview
from core.exchange.target import TargetFile
from core.exchange.training import evals_samples, preference_pairs, sft_chats
from core.services.bundles import write_bundle
from core.services.policies import check_policy
from core.services.workspace import Workspace

EXPORT_KINDS = ("disagreements", "decisions", "items")

_OF_RECORDS = frozenset({"jsonl", "csv", "parquet", "hf"})
_NEED_DECISIONS = frozenset({"evals", "sft", "preferences"})
_CONTENT_NOTES = {ContentChoice.HASH: "the content; its hash stands for it", ContentChoice.NONE: "the content"}
_TITLES = {
    "disagreements": "Where people and model disagree",
    "decisions": "What was decided",
    "items": "What was reviewed",
}


def suggested_name(what: str, format_name: str) -> str:
    """Return a usual name for the file, or the folder, of an export."""
    suffix = SUFFIXES.get(format_name, "")
    return f"{what}.{suffix}" if suffix else f"{what}-dataset"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is taken and what is left out.

    `view` keeps to the queue entries of a filter. `blind_only` and `causes` keep to decisions of that kind, and leave
    items without one out. `pseudonyms` replaces names of reviewers, the same way in every export of this workspace;
    `mask` replaces personal data in texts. `content` says how much of what was judged leaves; without it all that may
    quote it stays here, too. `reasoning` lets the model's reasoning into formats that have a place for it.
    """

    policy_id: str | None = None
    view: QueueFilter | None = None
    blind_only: bool = False
    causes: tuple[Cause, ...] = ()
    pseudonyms: bool = False
    mask: bool = False
    content: ContentChoice = ContentChoice.FULL
    reasoning: bool = True


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """A written file: how many records it holds and the SHA-256 (hex) of its bytes, which the audit chain names."""

    path: Path
    rows: int
    sha256: str


def export(
    workspace: Workspace,
    *,
    what: str,
    out: Path,
    format: str = "jsonl",  # noqa: A002  the name of the option
    policy_id: str | None = None,
    options: ExportOptions | None = None,
    recipients: Sequence[str] = (),
    passphrase: str | None = None,
    cancel: threading.Event | None = None,
) -> ExportSummary:
    """Write disagreements, decisions or items to `out`; a folder gets a file `WHAT.FORMAT`, `hf` makes a new folder.

    Decisions are the standing ones, oldest first; disagreements are those that differ from the parsed verdict they
    were made on (a label that came before any verdict: from the latest one of that policy version). `options` says
    what is taken and left out; `policy_id` alone keeps to one policy, of items to those queued under it. The audit
    chain names the file's hash before the file appears in its place. A bundle is sealed to `recipients` or with a
    `passphrase`.

    Raises:
        UsageError: unknown kind, format or policy, or a format that needs what is to be left out.
        ExportError: the target cannot be written; what stood there is untouched.
        CancelledError: `cancel` was set; nothing was written.
    """
    options = options or ExportOptions(policy_id=policy_id)
    _check_request(workspace, what, format, options)
    source = _Source(workspace, what, options, cancel)
    if format == "hf":
        return _export_folder(source, out)
    target_path = _target_path(out, suggested_name(what, format))
    with TargetFile(target_path) as target:
        if format == "bundle":
            rows = write_bundle(
                workspace,
                target,
                what=what,
                name=source.sender(),
                records=source.whole_items(),
                recipients=recipients,
                passphrase=passphrase,
            )
        else:
            rows = _write(source, format, target)
        digest = target.finish()
        source.record(format, rows, digest, target_path)
        target.publish()
    return ExportSummary(target_path, rows, digest)


def _check_request(workspace: Workspace, what: str, format_name: str, options: ExportOptions) -> None:
    if what not in EXPORT_KINDS:
        raise UsageError("There is nothing of that name to export.", f"Name one of {', '.join(EXPORT_KINDS)}.")
    if format_name not in SUFFIXES:
        raise UsageError("There is no export format of that name.", f"Name one of {', '.join(SUFFIXES)}.")
    check_policy(workspace, options.policy_id)
    if options.content is not ContentChoice.FULL and format_name not in (*_OF_RECORDS, "html", "pdf"):
        raise UsageError(f"The format {format_name} is nothing without the content.", "Leave --content out.")
    if format_name == "bundle" and (options.mask or not options.reasoning):
        raise UsageError("A bundle is merged by its content, which has to be whole.", "Leave --mask and the like out.")
    if format_name in _NEED_DECISIONS and what == "items":
        raise UsageError(f"The format {format_name} is made of decisions.", "Export disagreements or decisions.")


def _target_path(out: Path, name: str) -> Path:
    try:
        return out / name if out.is_dir() else out
    except (OSError, ValueError) as error:
        raise ExportError("The target's name is no usable path.", "Choose another name.") from error


def _is_full(out: Path) -> bool:
    try:
        return out.is_dir() and any(out.iterdir())
    except (OSError, ValueError) as error:
        raise ExportError("The target's name is no usable path.", "Choose another name.") from error


class _Source:
    """What is exported, as records or as cases, with everything taken out that is to stay here."""

    def __init__(self, workspace: Workspace, what: str, options: ExportOptions, cancel: threading.Event | None) -> None:
        self.what = what
        self.options = options
        self._ws = workspace
        self._cancel = cancel
        key = workspace.sampling_secret() if options.pseudonyms else None
        self._redaction = Redaction(key, options.mask, options.content, options.reasoning)
        self._policies: dict[str, PolicyVersion | None] = {}
        self._pairs = self._pairs_of(options.view) if options.view is not None else None

    def records(self) -> Iterator[Mapping[str, Any]]:
        """Yield the records of the formats that hold everything."""
        redact = self._redaction
        if self.what == "items":
            for item, verdicts, decisions in self._items():
                shown, said = [redact.verdict(verdict) for verdict in verdicts], [redact.decision(d) for d in decisions]
                yield redact.record(item_to_dict(redact.item(item), shown, said), item)
            return
        for decision, item, verdict in self._decided():
            if self.what == "disagreements" and verdict is not None:
                record = disagreement_to_dict(redact.decision(decision), redact.item(item), redact.verdict(verdict))
                yield redact.record(record, item)
            else:
                yield decision_to_dict(redact.decision(decision))

    def whole_items(self) -> Iterator[Mapping[str, Any]]:
        """Yield item records for a bundle: those that are exported, or whose decisions are; none without content."""
        wanted = None if self.what == "items" else {decision.item_id for decision, _, _ in self._decided()}
        twice = self._ws.store.items_reviewed_twice()
        for item, verdicts, decisions in self._items():
            if item.removed_at is None and (wanted is None or item.id in wanted):
                full = [verdict for verdict in verdicts if not verdict.fast]
                shown = item_to_dict(item, full, [self._redaction.decision(decision) for decision in decisions])
                yield shown | (reviews_to_dict(self._reviews(item.id)) if item.id in twice else {})

    def _reviews(self, item_id: str) -> ItemReviews:
        """Return what was decided on an item beside its standing decisions, as far as it is asked for."""
        found = self._ws.store.item_reviews(item_id, self.options.policy_id)
        independent, settled = (
            tuple(self._redaction.decision(decision) for decision in decisions if self._wants(decision))
            for decisions in (found.independent, found.settled)
        )
        return ItemReviews(independent, settled)

    def sender(self) -> str:
        """Return what the person who exports is called in it."""
        return self._redaction.reviewer(self._ws.reviewer)

    def cases(self) -> Iterator[Case]:
        """Yield cases for the formats that others read; none of them shows the model's reasoning."""
        redact = self._redaction
        if self.what != "items":
            for decision, item, verdict in self._decided():
                yield Case(
                    self._shown(item),
                    self._policy(decision.policy_hash),
                    redact.decision(decision),
                    redact.verdict(verdict) if verdict is not None else None,
                )
            return
        for item, verdicts, decisions in self._items():
            latest = {verdict.policy_hash: verdict for verdict in verdicts}
            decided = {decision.policy_hash: decision for decision in decisions}
            for version in dict.fromkeys((*latest, *decided)):
                verdict, made = latest.get(version), decided.get(version)
                yield Case(
                    self._shown(item),
                    self._policy(version),
                    redact.decision(made) if made is not None else None,
                    redact.verdict(verdict) if verdict is not None else None,
                )
            if not latest and not decided:
                yield Case(self._shown(item))

    def policies(self) -> list[PolicyVersion]:
        """Return the current version of each policy this is about."""
        wanted = self.options.policy_id
        return [policy for policy in self._ws.store.list_policies() if wanted in (None, policy.policy_id)]

    def record(self, format_name: str, rows: int, digest: str, path: Path) -> None:
        """Tell the audit chain what leaves, before it does."""
        options = self.options
        left_out = {
            "pseudonyms": options.pseudonyms, "mask": options.mask, "content": options.content.value,
            "blind_only": options.blind_only, "causes": [cause.value for cause in options.causes],
        }  # fmt: skip
        details: dict[str, Any] = {"what": self.what, "format": format_name, "policy": options.policy_id, "rows": rows}
        details |= {"sha256": digest, "file": path.name, "options": left_out}
        self._ws.store.record("exported", self._ws.reviewer, details)

    def notes(self, *, reasoning: bool = True) -> list[str]:
        """Say in words what was left out; `reasoning` is whether the format has a place for it."""
        options = self.options
        notes = ["names of reviewers: they are pseudonyms"] if options.pseudonyms else []
        notes += ["personal data that can be recognised by its form"] if options.mask else []
        if options.content is not ContentChoice.FULL:
            notes.append(_CONTENT_NOTES[options.content])
        notes += [] if reasoning and options.reasoning else ["the model's reasoning"]
        notes += ["decisions that were not blind"] if options.blind_only else []
        return notes or ["nothing"]

    def _shown(self, item: Item) -> Item:
        if self.options.content is ContentChoice.FULL:
            return self._redaction.item(item)
        text = f"sha256:{item.content_hash}" if self.options.content is ContentChoice.HASH else "[left out]"
        return Item(item.id, item.kind, text)

    def _items(self) -> Iterator[tuple[Item, list[Verdict], list[Decision]]]:
        filtered = self.options.blind_only or self.options.causes
        for item, verdicts, decisions in self._ws.store.iter_judged_items(policy_id=self.options.policy_id):
            self._stop_if_asked()
            kept = [decision for decision in decisions if self._wants(decision)]
            if (filtered and not kept) or (self._pairs is not None and (item.id, None) not in self._pairs):
                continue
            yield item, verdicts, kept

    def _decided(self) -> Iterator[tuple[Decision, Item, Verdict | None]]:
        store, policy_id = self._ws.store, self.options.policy_id
        rows: Iterable[tuple[Decision, Item, Verdict | None]] = (
            store.iter_disagreements(policy_id=policy_id)
            if self.what == "disagreements"
            else store.iter_decided(policy_id=policy_id)
        )
        for decision, item, verdict in rows:
            self._stop_if_asked()
            if self._wants(decision) and (self._pairs is None or (decision.item_id, decision.policy_id) in self._pairs):
                yield decision, item, verdict

    def _wants(self, decision: Decision) -> bool:
        options = self.options
        return (not options.blind_only or decision.blind) and (not options.causes or decision.cause in options.causes)

    def _pairs_of(self, view: QueueFilter) -> set[tuple[str, str | None]]:
        """Return item and policy of every entry of a view, and the item alone."""
        keys = self._ws.store.queue_ids(view)
        pairs: set[tuple[str, str | None]] = set()
        for start in range(0, len(keys), 500):
            for row in self._ws.store.queue_rows(keys[start : start + 500]):
                pairs |= {(row.item_id, row.policy_id or None), (row.item_id, None)}
        return pairs

    def _policy(self, version: str) -> PolicyVersion | None:
        if version not in self._policies:
            self._policies[version] = self._ws.store.get_policy(version)
        return self._policies[version]

    def _stop_if_asked(self) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise CancelledError("The export was stopped; nothing was written.", "Export again when you need it.")


def _write(source: _Source, format_name: str, target: TargetFile) -> int:
    """Write one format; return how many records it holds."""
    if format_name == "csv":
        return target.write(encode_csv(source.records(), source.what)) - 1
    if format_name == "parquet":
        return write_parquet(target, source.records(), source.what)
    if format_name == "labelstudio":
        return target.write(label_studio_tasks(source.cases())) - 2
    if format_name in ("html", "pdf"):
        return _write_report(source, format_name, target)
    lines = {"prodigy": prodigy_examples, "evals": evals_samples, "sft": sft_chats, "preferences": preference_pairs}
    records = lines[format_name](source.cases()) if format_name in lines else source.records()
    return target.write(encode_jsonl(records))


def _write_report(source: _Source, format_name: str, target: TargetFile) -> int:
    """Write a report for people, which never shows the model's reasoning; return how many cases it holds."""
    told = overview(source.cases(), source.notes(reasoning=False))
    title, now = _TITLES[source.what], utc_now()
    if format_name == "html":
        return target.write(html_report(source.cases(), title, now, told)) - 2
    from core.exchange.pdf import pdf_report

    document, cases = pdf_report(source.cases(), title, now, told)
    target.write([document])
    return cases


def _export_folder(source: _Source, folder: Path) -> ExportSummary:
    """Write a Hugging Face dataset folder beside its place, then move it there."""
    if _is_full(folder):
        raise ExportError(f"{folder} is there already.", "Name a new folder for the dataset.")
    making = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    make_folder(making)
    try:
        with TargetFile(making / HF_FILE) as target:
            rows = write_parquet(target, source.records(), source.what)
            digest = target.finish()
            target.publish()
        policies = [(policy.policy_id, policy.title, policy.hash) for policy in source.policies()]
        card = dataset_card(source.what, rows, policies, source.notes())
        with TargetFile(making / "README.md") as readme:
            readme.write([card.encode()])
            readme.finish()
            readme.publish()
        source.record("hf", rows, digest, folder)
        if folder.is_dir():
            folder.rmdir()
        making.rename(folder)
    except OSError as error:
        raise ExportError(f"{folder} cannot be written.", "Choose another place.") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return ExportSummary(folder, rows, digest)
