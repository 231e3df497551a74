"""Text on its way in: what no reader can see is dropped, what deceives or breaks is refused, the rest stays as typed.

The result is NFC, has one kind of line end (LF) and, beside it and the tab, no control character.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from service.characters.tables import ONCE_PRIVATE

# Zero-width signs, fillers, soft hyphens, marks of direction, variation selectors, tags, anchors of pictures.
_UNSEEN_BASIC = (
    "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2060-\\u2065\\u206a-\\u206f\\u2800"
    "\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffc"
)
UNSEEN = f"{_UNSEEN_BASIC}\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
_TURNS = "\\u202a-\\u202e\\u2066-\\u2069"
_CONTROLS = "\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f"
_NOBODYS_BASIC = "\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff"
_NOBODYS = (
    _NOBODYS_BASIC
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(1, 15))
    + "\\U000f0000-\\U0010ffff"  # two more planes of private use, noncharacters among them
)
_BREAKS = (
    "\\r\\x0b\\x0c\\x85\\u2028\\u2029"  # CR, VT (Word's soft break), FF, NEL, line and paragraph separator
)
_REFUSED = re.compile(f"[{_TURNS}{_CONTROLS}{_NOBODYS}]")
_BREAK = re.compile(f"\\r\\n|[{_BREAKS}]")
_UNSEEN = re.compile(f"[{UNSEEN}]")
_PRIVATE = re.compile(f"[{''.join(ONCE_PRIVATE)}]")
# All that may need a closer look. Without astral ranges a class is a table, which a megabyte passes in milliseconds.
_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.combining(chr(code)))
_SUSPECT = re.compile(
    f"[{_TURNS}{_CONTROLS}{_NOBODYS_BASIC}{_BREAKS}{_UNSEEN_BASIC}{''.join(ONCE_PRIVATE)}{_MARKS}]"
)
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# What a selector makes colourful, and what a joiner joins.
_PICTURE = re.compile(
    "[#*0-9\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2190-\\u21ff\\u2300-\\u27bf\\u2900-\\u297f\\u2b00-\\u2bff"
    "\\u3030\\u303d\\u3297\\u3299\\U0001f000-\\U0001faff]"
)
PILE = 30  # marks on one character (UAX 15, stream-safe text); more only slow down whoever sorts them


class Unclean(ValueError):
    """A character that no text may hold. `place` counts from 1; `told` says in Chinese what it is."""

    def __init__(self, place: int, told: str) -> None:
        super().__init__(told)
        self.place, self.told = place, told


def is_clean(text: str) -> bool:
    """Whether `cleaned` has nothing to look at; cheap, and linear in the length of the text."""
    if _SUSPECT.search(text) is not None or _ASTRAL.search(text) is not None:
        return False
    return text.isascii() or unicodedata.is_normalized("NFC", text)


def cleaned(text: str) -> str:
    """The text as it is kept. Raises Unclean; applied twice it changes nothing more."""
    if is_clean(text):
        return text
    text = _seen(_BREAK.sub("\n", text))
    if (piled := _piled().search(text)) is not None:
        raise Unclean(piled.start() + 1, f"叠加符号连续超过 {PILE} 个")
    if (bad := _REFUSED.search(text)) is not None:
        raise Unclean(bad.start() + 1, _told(bad[0]))
    return unicodedata.normalize("NFC", _PRIVATE.sub(lambda found: ONCE_PRIVATE[found[0]], text))


@cache
def _piled() -> re.Pattern[str]:
    """Too many combining marks in a row, which normalisation sorts in quadratic time."""
    far = "".join(chr(code) for code in range(0x10000, 0x1F000) if unicodedata.combining(chr(code)))
    return re.compile(f"[{_MARKS}{far}]{{{PILE + 1},}}")


def _seen(text: str) -> str:
    """Without what is not seen; a picture keeps the selector and the joiner that belong to it."""
    if _UNSEEN.search(text) is None:
        return text
    kept: list[str] = []
    for at, character in enumerate(text):
        if _UNSEEN.match(character) is None or _belongs(character, kept, text, at):
            kept.append(character)
    return "".join(kept)


def _belongs(character: str, kept: list[str], text: str, at: int) -> bool:
    before = kept[-1] if kept else ""
    if character in "\ufe0e\ufe0f":
        return _PICTURE.match(before) is not None
    if character != "\u200d" or at + 1 == len(text):
        return False
    joins = before == "\ufe0f" or "\U0001f000" <= before <= "\U0001faff" or "\u2600" <= before <= "\u27bf"
    return joins and _PICTURE.match(text[at + 1]) is not None and not text[at + 1].isascii()


def _told(character: str) -> str:
    if re.match(f"[{_TURNS}]", character):
        kind = "改变书写方向的字符，会使显示与内容不一致"
    elif character == "\x00":
        kind = "空字符"
    elif re.match(f"[{_CONTROLS}]", character):
        kind = "控制字符"
    else:
        kind = "没有字形的编码"
    return f"{kind}（U+{ord(character):04X}）"
