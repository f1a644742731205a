"""The inside of a sealed bundle: JSON lines that begin with policies, go on with items and end signed.

    {"docket_bundle": 1}
    {"policy": {…}}         each policy version that a judgement needs
    {"item": {…}}           as `export items` writes it; `independent` and `settled` decisions, where there are some
    {"manifest": {…}}       counts, hashes, policy versions, models, the sender's chain
    {"signature": "…"}      Ed25519 over the manifest's canonical JSON (RFC 8785)

It owns writing these lines and their hashes; `core.intake.bundle` reads them. It touches no file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from core.domain import BUNDLE_SCHEMA, BUNDLE_VERSION, BundleOrigin, PolicyVersion
from core.exchange.jsonl import encode_jsonl
from core.store.bundles import signed_bytes

_KINDS = ("policy", "item")
_COUNTED = ("verdicts", "decisions", "independent", "settled")


class BundleWriter:
    """Writes the lines of one bundle; counts and hashes as they pass."""

    def __init__(self, origin: BundleOrigin, what: str, sign: Callable[[bytes], str]) -> None:
        self._origin = origin
        self._what = what
        self._sign = sign
        self._digests = {kind: hashlib.sha256() for kind in _KINDS}
        self.counts = dict.fromkeys(("policies", "items", *_COUNTED), 0)
        self._models: dict[tuple[str, str], None] = {}

    def lines(self, policies: Iterable[PolicyVersion], items: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
        """Yield all lines of the bundle, in order."""
        yield from encode_jsonl([{"docket_bundle": BUNDLE_VERSION}])
        listed = []
        for policy in policies:
            listed.append({"id": policy.policy_id, "hash": policy.hash, "title": policy.title})
            self.counts["policies"] += 1
            yield self._data("policy", {"id": policy.policy_id, "hash": policy.hash, "document": policy.document})
        for item in items:
            self.counts["items"] += 1
            for name in _COUNTED:
                self.counts[name] += len(item.get(name, ()))
            for verdict in item["verdicts"]:
                self._models[verdict["model"], verdict["model_sha256"]] = None
            yield self._data("item", item)
        manifest = self._manifest(listed)
        yield from encode_jsonl([{"manifest": manifest}, {"signature": self._sign(signed_bytes(manifest))}])

    def _data(self, kind: str, value: Mapping[str, Any]) -> bytes:
        [line] = encode_jsonl([{kind: value}])
        self._digests[kind].update(line)
        return line

    def _manifest(self, policies: list[dict[str, Any]]) -> dict[str, Any]:
        origin = self._origin
        return {
            "schema": BUNDLE_SCHEMA,
            "origin": origin.public_key,
            "name": origin.name,
            "created_at": origin.created_at,
            "serial": origin.serial,
            "head": origin.head,
            "checkpoint": dict(origin.checkpoint),
            "what": self._what,
            "counts": dict(self.counts),
            "policies": policies,
            "models": [{"name": name, "sha256": digest} for name, digest in self._models],
            "sha256": {kind: digest.hexdigest() for kind, digest in self._digests.items()},
        }
