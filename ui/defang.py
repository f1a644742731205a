"""Makes addresses in copied text harmless: `http://a.example/x` becomes `hxxp[:]//a[.]example/x`.

It owns what counts as an address. It must never be used on what is stored or judged: only on the way to the clipboard.
"""

from __future__ import annotations

import re

_WEB = re.compile(r"\bhttp(s?)(?=:)", re.IGNORECASE)
# A scheme with its slashes, and those that open a program without them.
_SCHEME = re.compile(
    r"\b([a-z][a-z0-9+.-]{1,15})://|\b(mailto|javascript|data|file|tel|sms|magnet):(?=\S)", re.IGNORECASE
)
# Names with dots between them that end like a domain, and IPv4 addresses.
_HOST = re.compile(
    r"(?<![\w.\[-])(?:[\w-]{1,63}\.){1,10}(?:[^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})(?![\w-])"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
)
_MAIL = re.compile(r"(?<=[\w+-])@(?=[\w-]+(?:\.|\[\.\]))")


def defang(text: str) -> str:
    """Return the text with schemes, hosts and mail addresses written so that no program takes them for a link."""
    text = _WEB.sub(r"hxxp\1", text)
    text = _SCHEME.sub(lambda match: match.group().replace(":", "[:]"), text)
    text = _HOST.sub(lambda match: match.group().replace(".", "[.]"), text)
    return _MAIL.sub("[@]", text)
