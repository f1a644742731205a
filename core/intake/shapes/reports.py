"""Reports of platforms: what Bluesky's Ozone and Mastodon's moderation interface give out.

It owns where they keep the reported text, who reported it and why. A report of several posts becomes one item for each
post. Pages are read for their text alone: nothing in them is fetched, and no address in them is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from core.intake.records import RecordError

_BREAKING = frozenset({"p", "br", "div", "li", "blockquote", "pre", "h1", "h2", "h3", "tr"})


def is_ozone(record: Mapping[str, Any]) -> bool:
    """Whether a record is a moderation event, a report, a subject with its status or a record view of AT Protocol."""
    if "reasonType" in record or ("subject" in record and ("event" in record or "reviewState" in record)):
        return True
    value = record.get("value", record.get("record"))
    return isinstance(value, Mapping) and "$type" in value and "uri" in record


def from_ozone(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the item record of a report: the post's text where it came along, else what the reporter wrote."""
    subject = record.get("subject")
    subject = subject if isinstance(subject, Mapping) else {}
    event = record.get("event")
    event = event if isinstance(event, Mapping) else record
    post = _post_text(record) or _post_text(subject) or _post_text(_mapping(subject.get("repo")))
    comment = event.get("comment") if isinstance(event.get("comment"), str) else event.get("reason")
    text = post or (comment if isinstance(comment, str) else "")
    if not text:
        raise RecordError("the report holds neither the text of a post nor a comment")
    uri = record.get("uri") or subject.get("uri") or subject.get("did")
    own_id = record.get("id", uri)
    kept = {name: value for name, value in record.items() if name != "id"}
    # What was reported is judged; why it was reported is told beside it.
    reported = {"reported_text": "post" if post else "comment"}
    if post and isinstance(comment, str):
        reported["report_comment"] = comment
    item = {"content": text, "metadata": {**kept, **reported}}
    return [{"id": own_id, **item} if own_id is not None else item]


def _post_text(view: Mapping[str, Any]) -> str:
    for name in ("value", "record"):
        post = view.get(name)
        if isinstance(post, Mapping):
            for field in ("text", "description", "displayName"):
                if isinstance(post.get(field), str) and post[field]:
                    return str(post[field])
    return ""


def is_mastodon(record: Mapping[str, Any]) -> bool:
    """Whether a record is a report of Mastodon's admin interface."""
    return "target_account" in record and ("statuses" in record or "action_taken" in record)


def from_mastodon(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return one item record for each reported post; of a report without posts, its comment."""
    statuses = [status for status in _list(record.get("statuses")) if isinstance(status, Mapping)]
    report = {name: value for name, value in record.items() if name not in ("statuses", "id")}
    report["target_account"] = _account(record.get("target_account"))
    if "account" in record:
        report["account"] = _account(record.get("account"))
    own_id = record.get("id")
    items = []
    for status in statuses:
        text = _status_text(status)
        if text:
            kept = {name: status.get(name) for name in ("created_at", "url", "language", "in_reply_to_id", "sensitive")}
            item: dict[str, Any] = {"content": text, "metadata": {"report": report, "status": kept}}
            if own_id is not None and status.get("id") is not None:
                item["id"] = f"{own_id}/{status['id']}"
            items.append(item)
    comment = record.get("comment")
    if not items and isinstance(comment, str) and comment:
        items = [{"content": comment, "metadata": {"report": report, "reported_text": "comment"}}]
        if own_id is not None:
            items[0]["id"] = own_id
    if not items:
        raise RecordError("the report holds neither a post with text nor a comment")
    return items


def _status_text(status: Mapping[str, Any]) -> str:
    warning = status.get("spoiler_text")
    plain = status.get("text")
    content = status.get("content")
    body = plain if isinstance(plain, str) and plain else html_text(content) if isinstance(content, str) else ""
    return "\n\n".join(part for part in (warning if isinstance(warning, str) else "", body) if part)


def _account(value: object) -> object:
    """Keep of an account what names it; a profile is not part of the report."""
    if not isinstance(value, Mapping):
        return value
    return {name: value[name] for name in ("id", "username", "acct", "domain", "created_at") if name in value}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def html_text(page: str) -> str:
    """Return the text of a fragment of HTML, paragraphs apart; tags, scripts and addresses are dropped."""
    reader = _TextOfHtml()
    reader.feed(page)
    reader.close()
    lines = [line.strip() for line in "".join(reader.parts).split("\n")]
    return "\n".join(line for place, line in enumerate(lines) if line or (place and lines[place - 1])).strip()


class _TextOfHtml(HTMLParser):
    """Collects the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag in _BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BREAKING:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
