"""Which writing systems a text uses, read from the Unicode names of its letters.

It owns the choice of what counts as a script, which scripts go together, and the tag a text gets when only its script
is known. It never guesses a language: many are written in one script. All text that goes in is untrusted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]{2,}")
_ASCII_LETTER = re.compile("[A-Za-z]")
# The first word of a letter's Unicode name, where that is not the script itself.
_NAMED_OTHERWISE = {
    "CJK": "HAN",
    "IDEOGRAPHIC": "HAN",
    "KANGXI": "HAN",
    "HALFWIDTH": "KATAKANA",
    "FEMININE": "",
    "MASCULINE": "",
    "MICRO": "",
    "OHM": "",
    "KELVIN": "",
    "ANGSTROM": "",
    "MODIFIER": "",
    "SUPERSCRIPT": "",
    "SUBSCRIPT": "",
}
# Written without spaces between words, so that a Latin name beside them is no trick.
_UNSPACED = frozenset({
    "HAN", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN",
})  # fmt: skip
# Letters that stand in units and formulas beside Latin ones, in words no longer than this.
_SYMBOLS = frozenset("μΩΔπσλαβγ")
_SYMBOL_WORD = 4
# ISO 15924 codes of the scripts that have one language tag's worth of use; a script that is not here has no tag.
_CODES = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "GREEK": "Grek", "ARABIC": "Arab", "HEBREW": "Hebr", "DEVANAGARI": "Deva",
    "BENGALI": "Beng", "GURMUKHI": "Guru", "GUJARATI": "Gujr", "TAMIL": "Taml", "TELUGU": "Telu", "KANNADA": "Knda",
    "MALAYALAM": "Mlym", "SINHALA": "Sinh", "THAI": "Thai", "LAO": "Laoo", "KHMER": "Khmr", "MYANMAR": "Mymr",
    "TIBETAN": "Tibt", "GEORGIAN": "Geor", "ARMENIAN": "Armn", "ETHIOPIC": "Ethi", "HANGUL": "Kore", "HAN": "Hani",
    "HIRAGANA": "Jpan", "KATAKANA": "Jpan", "BOPOMOFO": "Bopo", "MONGOLIAN": "Mong", "THAANA": "Thaa",
}  # fmt: skip
# Letters looked at to name a text's script: enough for any message, bounded for any file.
_SAMPLE = 4_000


@dataclass(frozen=True, slots=True)
class MixedWord:
    """A word in letters of several alphabets: where it stands in the raw text, and their names in order of use."""

    start: int
    end: int
    scripts: tuple[str, ...]


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """Return the script of a letter (`LATIN`, `CYRILLIC`, …), "" for what belongs to none or to many."""
    if not letter.isalpha():
        return ""
    name = unicodedata.name(letter, "").split(" ", 1)[0].split("-", 1)[0]
    return _NAMED_OTHERWISE.get(name, name)


def mixed_words(raw: str, *, limit: int = 500) -> tuple[MixedWord, ...]:
    """Return the words that mix alphabets, in order, `limit` at most.

    Scripts written without spaces do not count, nor does a Greek letter in a short unit or formula.
    """
    if raw.isascii():
        return ()
    found: list[MixedWord] = []
    for match in _WORD.finditer(raw):
        word = match.group()
        if word.isascii():
            continue
        scripts = alphabets(word)
        if len(scripts) > 1:
            found.append(MixedWord(match.start(), match.end(), scripts))
            if len(found) == limit:
                break
    return tuple(found)


def alphabets(word: str) -> tuple[str, ...]:
    """Return the alphabets of a word, the most used first; those written without spaces are left out."""
    short = len(word) <= _SYMBOL_WORD
    counted = Counter(
        script
        for letter in word
        if (script := script_of(letter)) and script not in _UNSPACED and not (short and letter in _SYMBOLS)
    )
    return tuple(script for script, _ in counted.most_common())


def script_tag(raw: str) -> str:
    """Return the language tag that says no more than the script (`und-Cyrl`, BCP 47), "" when no script leads.

    A script leads when it has at least half of the letters at the beginning of the text.
    """
    sample = raw[:_SAMPLE]
    if sample.isascii():
        return "und-Latn" if _ASCII_LETTER.search(sample) else ""
    counted: Counter[str] = Counter()
    for character, times in Counter(sample).items():  # few characters are used, however long the text
        if code := _CODES.get(script_of(character)):
            counted[code] += times
    if not counted:
        return ""
    if counted["Jpan"] and counted["Jpan"] + counted["Hani"] > counted.total() / 2:
        return "und-Jpan"  # kana between ideographs: only Japanese is written so
    code, count = counted.most_common(1)[0]
    return f"und-{code}" if count * 2 >= counted.total() else ""
