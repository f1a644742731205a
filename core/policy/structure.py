"""The addressable parts of a policy's text: sections by heading, rules by the id that opens them.

It owns how headings and rule ids are recognised. It must not interpret what a rule says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.domain import Rule

BULLET = r"(?:[-*+\u2022\u2013]|\d{1,3}[.)])[ \t]+"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(rf"[ \t]*{BULLET}(?P<rest>.*)")
_AFTER_ID = r"(?:\*\*|__|`)?(?:[ \t]*[:.)\]\u2013\u2014-]+)?(?:\*\*|__|`)?(?:[ \t]+|$)"
_SUB = r"(?:\.[A-Za-z0-9]{1,8}){1,3}"


def text_lines(body: str) -> Iterator[tuple[int, str, bool]]:
    """Yield (index, line, whether it stands inside a fenced block) for each line of a text."""
    fence = ""
    for index, line in enumerate(body.split("\n")):
        mark = _FENCE.match(line)
        if fence:
            yield index, line, True
            if mark and mark.group(1).startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark.group(1)
            yield index, line, True
        else:
            yield index, line, False


def heading_level(line: str) -> int:
    """Return the level of a Markdown heading line, 0 when the line is none."""
    rest = line.lstrip("#")
    level = len(line) - len(rest)
    return level if level <= 6 and rest[:1] in ("", " ", "\t") else 0


def heading_text(line: str) -> str:
    """Return the words of a heading line, without its marks."""
    text = line.strip().lstrip("#").strip()
    closed = text.rstrip("#")
    return closed.strip() if closed[-1:] in ("", " ", "\t") else text


def find_sections(body: str) -> dict[str, str]:
    """Return the text under each first-level heading, in order.

    Text before the first heading stands under the empty name; headings that repeat share one entry.
    """
    parts: list[tuple[str, list[str]]] = [("", [])]
    for _, line, fenced in text_lines(body):
        if not fenced and heading_level(line) == 1:
            parts.append((heading_text(line), []))
        else:
            parts[-1][1].append(line)
    return join_sections(parts)


def join_sections(parts: Sequence[tuple[str, list[str]]]) -> dict[str, str]:
    """Return named stretches of lines as texts; the unnamed first one is left out when it is blank."""
    sections: dict[str, str] = {}
    for name, lines in parts:
        text = "\n".join(lines).strip()
        if not name and not text:
            continue
        before = sections.get(name)
        sections[name] = f"{before}\n\n{text}".strip() if before else text
    return sections


def find_rules(body: str, codes: Sequence[str]) -> tuple[Rule, ...]:
    """Return the rules of a document: list items that open with a label code, a dot and a suffix (`SP2.a`).

    In order of appearance; where an id opens several items the first defines it. The text runs over indented lines.
    """
    # The longest code first: SP2.a.b is a rule of a label SP2.a before it is one of SP2.
    ordered = sorted(codes, key=len, reverse=True)
    pattern = re.compile(
        rf"(?P<mark>\*\*|__|`)?(?P<id>(?P<code>{'|'.join(map(re.escape, ordered))}){_SUB}){_AFTER_ID}(?P<text>.*)"
    )
    rules: dict[str, Rule] = {}
    for section, text in _items(body):
        match = pattern.match(text)
        if match is not None:
            words = match["text"]
            if match["mark"]:
                words = words.replace(match["mark"], "", 1)
            rules.setdefault(match["id"], Rule(match["id"], words.strip(), match["code"], section))
    return tuple(rules.values())


def _items(body: str) -> Iterator[tuple[str, str]]:
    """Yield (section, text) of each list item, its indented lines joined by spaces."""
    section, item = "", list[str]()
    for _, line, fenced in text_lines(body):
        level = 0 if fenced else heading_level(line)
        opened = None if fenced or level else _ITEM.fullmatch(line)
        if item and not fenced and not opened and line.startswith((" ", "\t")):
            item.append(line.strip())
            continue
        if item:
            yield section, " ".join(item)
        item = [opened["rest"].strip()] if opened else []
        if level == 1:
            section = heading_text(line)
    if item:
        yield section, " ".join(item)
