"""A policy document: its canonical form, its hash, and the reading of it into a PolicyVersion.

It owns what makes two documents the same policy. It stores nothing, judges nothing, and knows no model.
"""

from __future__ import annotations

import hashlib
import re

from core.domain import Effort, ItemKind, OutputForm, PolicyVersion
from core.errors import InputError
from core.policy.front_matter import Head, read_head, refuse
from core.policy.plaintext import infer_policy
from core.policy.structure import find_rules, find_sections

MAX_DOCUMENT_CHARS = 1024 * 1024
"""Some twenty times the 10,000 tokens a policy may have."""

_MARKS = ("---", "...")
_BAD_ID = re.compile(r"[\x00-\x1f\x7f/\\]")


def canonical_text(text: str) -> str:
    """Return the canonical form: LF line ends, no byte order mark, no trailing spaces, one newline at the end.

    Nothing else is changed; in particular the text is not normalised, so that look-alike characters stay what they are.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip(" \t") for line in text.split("\n")).rstrip("\n") + "\n"


def document_hash(canonical: str) -> str:
    """Return the SHA-256 (hex) of a canonical document's UTF-8 text."""
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def parse_policy(text: str, *, policy_id: str | None = None) -> PolicyVersion:
    """Read a policy: Markdown with YAML front matter, or plain text whose labels are inferred.

    `policy_id` (a file's stem, say) names policies that name themselves nowhere; an `id` in the front matter comes
    first. The result has version 0 and no author: the store gives those.

    Raises:
        InputError: the text is no policy; the message names the line, the hint says how to mend it.
    """
    _check_text(text)
    if policy_id is not None and (not policy_id.strip() or len(policy_id) > 128 or _BAD_ID.search(policy_id)):
        raise InputError("The id of a policy must be one short line without slashes.", "Use for example: spam.")
    document = canonical_text(text)
    lines = document.split("\n")
    start = next((number for number, line in enumerate(lines) if line), 0)
    if lines[start] == "---":
        return _with_front_matter(document, lines, start, policy_id)
    return _plain(document, policy_id)


def is_plain(policy: PolicyVersion) -> bool:
    """Tell whether a policy is a text without front matter, whose labels were inferred."""
    return policy.body == policy.document


def _check_text(text: str) -> None:
    if len(text) > MAX_DOCUMENT_CHARS:
        raise refuse(1, "the document is longer than 1 MiB.", "Split it into several policies.")
    if not text.lstrip("\ufeff").strip():
        raise refuse(1, "the document is empty.", "Write the policy, or choose another file.")
    bad = re.search("[\x00\ud800-\udfff]", text)
    if bad is not None:
        line = canonical_text(text[: bad.start()] + "x").count("\n")
        raise refuse(line, "a character that no text may hold.", "Save the file as UTF-8 text.")


def _with_front_matter(document: str, lines: list[str], start: int, policy_id: str | None) -> PolicyVersion:
    end = next((number for number in range(start + 1, len(lines)) if lines[number] in _MARKS), None)
    if end is None:
        raise refuse(
            start + 1,
            "the front matter is opened but never closed.",
            "Write a line `---` between it and the policy's text.",
        )
    head: Head = read_head("\n".join(lines[start + 1 : end]), start + 2)
    name = head.policy_id or policy_id
    if name is None:
        raise refuse(start + 2, "the front matter has no `id`.", "Write for example `id: spam`.")
    body = "\n".join(lines[end + 1 :]).strip("\n")
    if not body:
        raise refuse(end + 1, "nothing stands below the front matter.", "Write what violates and what is safe.")
    codes = [label.code for label in head.labels]
    return PolicyVersion(
        hash=document_hash(document),
        policy_id=name,
        title=head.title or name,
        document=document,
        body=body + "\n",
        labels=head.labels,
        rules=find_rules(body, codes),
        sections=find_sections(body),
        applies_to=head.applies_to,
        output=head.output,
        effort=head.effort,
    )


def _plain(document: str, policy_id: str | None) -> PolicyVersion:
    found = infer_policy(document)
    return PolicyVersion(
        hash=document_hash(document),
        policy_id=policy_id or _slug(found.title),
        title=found.title,
        document=document,
        body=document,
        labels=found.labels,
        rules=found.rules,
        sections=found.sections,
        applies_to=tuple(ItemKind),
        output=OutputForm.TEXT,
        effort=found.effort or Effort.MEDIUM,
    )


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:64].strip("-") or "policy"
