"""Text as the secrecy scan compares it: one form per character, nothing invisible, no markup, one blank for many.

Everything is a bounded number of passes over the text, and no character grows to more than `GROWTH` others: what
compatibility normalisation would make longer (U+FDFA becomes eighteen characters) is a word sign and no more.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

SECRET = "密"
GROWTH = 3  # characters that one character may become
_HINTS = (SECRET, "宻", "㊙")  # one of these is in every mark, whatever else is done to it
_HINTED = re.compile(f"[{''.join(_HINTS)}]")
_MARGIN = 128  # twice what the rules look at: light markup in between is taken out afterwards
_UNSEEN = ("Mn", "Me", "Cf")  # combining marks, zero-width and directional characters
# Beyond the first plane: scripts no Chinese text is written in, and the tags of plane 14. One range each, since
# every further one would cost time per character.
_FAR = re.compile("[\U00010000-\U0001d3ff\U0001d800-\U0001efff\U000e0000-\U000e0fff]+")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
# Hangul fillers, the empty Braille cell, what could not be decoded, half characters.
_FILLERS = "\u115f\u1160\u3164\uffa0\u2800\ufffd\ud800-\udfff"

# One form per character beyond NFKC: traditional and variant forms, radicals, letters that look alike.
_ALIKE = str.maketrans(
    "宻祕絕絶機级級長⻓⻑個业業爲為資項統標誌識屬係國據檔內設確處儲與後報該數別週啟啓開發結號實"
    "訊圖紙試審頁準劃變更佈終無類歸秘極㊙○Ｏ壹贰貳叁參肆伍陆陸柒捌玖拾廿兩间間",
    "密秘绝绝机级级长长长个业业为为资项统标志识属系国据档内设确处储与后报该数别周启启开发结号实"
    "讯图纸试审页准划变更布终无类归秘极㊙〇〇一二二三三四五六六七八九十廿两间间",
)
_BLANKS = re.compile(r"\s\s+|[^\S \n]")
_NUMBERS = re.compile("[0-9]")

# Markup that a reader does not see. A tag with text of its own in it (`<b 机密★>`) is read as text too.
_COMMENT_OPENS, _COMMENT_ENDS = "<!--", "-->"
_BLOCK = re.compile(
    r"</?(?:[A-Za-z]{1,8}:)?(?:p|div|br|hr|li|tr|td|th|h|h[1-6]|[uo]l|table|title|si|row|cell|para|section)\b"
    r"[^<>\u0080-\U0010ffff]*>"
)
_TAG = re.compile(r"</?[A-Za-z!?][^<>\u0080-\U0010ffff]*>")
_TALKING_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_LIGHT = re.compile(
    r"\x1b\[[0-9;?]{0,16}[@-~]|\[/?(?![xXvVyY]\])[A-Za-z]{1,8}(?:=[^\[\]]{0,40})?\]|\[\^?[0-9]{1,3}\]|\]\([!-~]{0,200}\)|[\\＼][A-Za-z]{2,12}\{|~~"
)
_RIGHT_TO_LEFT = re.compile("[\u202e\u2067]([^\u202a-\u202e\u2066-\u2069\n]*)")


def hinted(text: str) -> bool:
    """Whether a mark can be in the text at all; this much is done for every request."""
    return any(hint in text for hint in _HINTS)


def fold(text: str) -> str:
    """The text to look for marks in: what stands near a hint, with `"` and line ends kept as ends of fields and lines.

    What lies further off is left out, since no rule reaches it.
    """
    if "\u202e" in text or "\u2067" in text:  # shown from right to left: ★密机 is read 机密★
        text += "\n" + "\n".join(run[::-1] for run in _RIGHT_TO_LEFT.findall(text))
    text = _seen(text)
    if "<" in text:
        text = _untagged(text)
    text = _near(_BLANKS.sub(lambda blank: "\n" if "\n" in blank[0] else " ", text))
    text = _LIGHT.sub("", text).translate(_forms())
    return _BLANKS.sub(lambda blank: "\n" if "\n" in blank[0] else " ", text)


def _near(text: str) -> str:
    """What stands within `_MARGIN` characters of a hint."""
    if sum(text.count(hint) for hint in _HINTS) > len(text) // _MARGIN:
        return text
    pieces: list[str] = []
    begun = until = 0
    for hint in _HINTED.finditer(text):
        at = hint.start()
        if at - _MARGIN > until:
            pieces.append(text[begun:until])
            begun = at - _MARGIN
        until = at + _MARGIN
    pieces.append(text[begun:until])
    return "字\n字".join(pieces)  # the ends are no ends of lines


def _seen(text: str) -> str:
    text = _unseen().sub("", text)
    return _FAR.sub("", text) if _BEYOND.search(text) else text


def _untagged(text: str) -> str:
    if _COMMENT_OPENS in text:
        first, *others = text.split(_COMMENT_OPENS)
        kept = [first]
        for piece in others:
            inside, ends, after = piece.partition(_COMMENT_ENDS)
            kept += [after, "\n", inside, "\n"] if ends and hinted(inside) else [after if ends else inside]
        text = "".join(kept)
    text = _TAG.sub("", _BLOCK.sub("\n", text))
    if "<" not in text:
        return text
    said = [tag for tag in _TALKING_TAG.findall(text) if hinted(tag)]
    return "\n".join([_TALKING_TAG.sub("", text), *said])


@cache
def _unseen() -> re.Pattern[str]:
    codes = [code for code in range(0x10000) if unicodedata.category(chr(code)) in _UNSEEN]
    return re.compile(f"[{_ranges(codes)}{_FILLERS}]+")


@cache
def _forms() -> dict[int, str | int | None]:
    """The one form of every character of the first plane, and of digits and ideographs beyond."""
    forms: dict[int, str | int | None] = {}
    for code in [*range(0x10000), *range(0x1D7CE, 0x1D800), *range(0x2F800, 0x2FA20)]:
        form = unicodedata.normalize("NFKC", chr(code))
        if unicodedata.category(form[0]) in _UNSEEN or chr(code) in _FILLERS:
            forms[code] = None
        elif len(form) > GROWTH or (len(form) > 1 and not (_NUMBERS.search(form) or "." in form)):
            forms[code] = "字"
        else:
            forms[code] = code if form == chr(code) else form.translate(_ALIKE)
    forms[ord("㊙")] = ord("㊙")  # stands for the whole word
    return forms | {code: to for code, to in _ALIKE.items() if forms[code] == code}


def _ranges(codes: list[int]) -> str:
    """The inside of a character class for these sorted codes."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)
