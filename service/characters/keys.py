"""Comparison keys: two texts that a reader takes for the same have the same key, however they were typed.

A key is for comparing and finding, never for showing. The database makes the same keys in generated columns
(kit/keyed.py, migrations/sql); a test holds both together.
"""

from __future__ import annotations

import re
import unicodedata

from service.characters.cleaning import UNSEEN
from service.characters.tables import LETTERS, ONCE_PRIVATE, PRINTS, RADICALS, SIGNS, pairs

BLANKS = "\\u0001-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u202f\\u205f\\u2066-\\u2069\\u3000"
_LARGE = (
    *range(0x41, 0x5B),
    *range(0xC0, 0xDF),
    *range(0x100, 0x180),
    *range(0x386, 0x3AC),
    *range(0x400, 0x430),
)
_SMALL = {
    chr(code): chr(code).lower()
    for code in _LARGE
    if len(chr(code).lower()) == 1 and chr(code).lower() != chr(code) and code not in (0x130,)
}


def _folds() -> dict[str, str]:
    """One character for each of those that look like it, capitals small; nothing it gives is folded further."""
    looks = pairs(RADICALS, PRINTS, LETTERS, SIGNS) | ONCE_PRIVATE
    table = _SMALL | looks
    for _ in range(3):
        table = {
            code: table.get(unicodedata.normalize("NFKC", like), unicodedata.normalize("NFKC", like))
            for code, like in table.items()
        }
    return {
        code: like
        for code, like in table.items()
        if code != like and len(like) == 1 and unicodedata.is_normalized("NFKC", code)
    }


FOLDS = _folds()
_FOLDED = str.maketrans(FOLDS)
_UNSEEN = re.compile(f"[{UNSEEN}]+")
_NOTHING = re.compile(f"[{UNSEEN}{BLANKS}]+")


def folded(text: str) -> str:
    """One form for everything that looks the same; blanks and lines stay where they are.

    The text must be clean or short: on piles of combining marks NFKC takes quadratic time.
    """
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).translate(_FOLDED)


def key(text: str) -> str:
    """The comparison key of a name, a number or a search word: folded, without blanks."""
    return unicodedata.normalize("NFKC", _NOTHING.sub("", folded(text)))


def words(text: str) -> tuple[str, ...]:
    """The keys of what blanks part in a search; each has to be found, in whatever order."""
    return tuple(dict.fromkeys(found for part in re.split(f"[{BLANKS}]+", text) if (found := key(part))))


def holds(text: str, needle: str) -> bool:
    """Whether a name or text has every word of the search in it."""
    found = key(text)
    return all(word in found for word in words(needle))
