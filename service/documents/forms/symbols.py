"""Characters that show as something else than they are: the fonts of symbols, in which « is a star."""

from __future__ import annotations

import re

# Fonts whose letters are pictures. OpenSymbol and Segoe UI Symbol follow Unicode and are none of them.
_FONTS = re.compile(
    r"\s*@?(wingdings( [23])?|webdings|symbol|(itc )?zapf ?dingbats|monotype sorts|marlett|mt extra|starsymbol)\s*",
    re.IGNORECASE,
)
# Code → star, by font (Microsoft's and Adobe's published tables); the rest of what is listed is no star.
_STARS = {
    "wingdings": {*range(0xAA, 0xB0), 0xB5, 0xB6},
    "wingdings 2": set(range(0xE5, 0xF9)),
    "zapfdingbats": set(range(0x48, 0x65)),
    "symbol": {0x2A},
}
_PLAIN = {
    "wingdings": {0x20, 0xFE, 0xFD, 0xFC, 0xFB, *range(0x6C, 0x78), *range(0x80, 0xA9), *range(0xD5, 0xF1)},
    "wingdings 2": {0x20, *range(0x4F, 0x59), *range(0x95, 0xA6)},
    "symbol": {0x20, *range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B),
               0xB0, 0xB1, 0xB4, 0xB7, 0xB8, 0xA3, 0xB3},
}  # fmt: skip
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
STAR, BOX = "★", "□"


def is_symbol_font(name: str) -> bool:
    """Whether text in this font shows other characters than it holds."""
    return _FONTS.fullmatch(name) is not None


def symbol(font: str, code: int) -> str | None:
    """What a character of a symbol font shows: a star, a box for anything that is none; None when not known."""
    key = font.strip().lstrip("@").lower().replace("zapf dingbats", "zapfdingbats").removeprefix("itc ")
    code = code & 0xFF if 0xF000 <= code <= 0xF0FF else code
    if code in _STARS.get(key, ()):
        return STAR
    return BOX if code in _PLAIN.get(key, ()) else None


def in_font(font: str, text: str) -> tuple[str, bool]:
    """The text as the symbol font shows it, and whether a character of it is not known."""
    shown = [symbol(font, ord(char)) if _coded(char) else char for char in text]
    return "".join(each or STAR for each in shown), None in shown


def _coded(char: str) -> bool:
    """Such a font has pictures for these codes only; Chinese text stays what it is."""
    return ord(char) <= 0xFF or 0xF000 <= ord(char) <= 0xF0FF


def legible(text: str) -> tuple[str, bool]:
    """The text with private-use characters as Word stores them (U+F0AB = Wingdings star), and whether any is unknown.

    What is not known counts as a star: better asked once too often than once too little.
    """
    if not _PRIVATE.search(text):
        return text, False
    unknown = False

    def shown(match: re.Match[str]) -> str:
        nonlocal unknown
        code = ord(match[0])
        told = symbol("wingdings", code) or symbol("symbol", code) if 0xF000 <= code <= 0xF0FF else None
        unknown = unknown or told is None
        return told or " "

    return _PRIVATE.sub(shown, text), unknown
