"""Plain text: read in every encoding it could be meant in; whole only where there is no doubt which."""

from __future__ import annotations

import html
import re
import unicodedata

from service.documents.forms import kinds
from service.documents.forms.look import Look

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32-le"), (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
)  # fmt: skip
_OTHERS = ("gb18030", "big5hkscs", "cp950", "shift_jis", "euc_jp", "euc_kr", "utf-16-le", "utf-16-be")
# Written in ASCII, shown as something else by what knows the writing.
_SEVEN_BIT = (("hz", b"~{"), ("iso2022_jp_2", b"\x1b$"), ("iso2022_kr", b"\x1b$"), ("utf-7", b"+"))
_TAGS = re.compile(r"<[!/?A-Za-z][^<>]{0,4096}>")
_ESCAPES = re.compile(
    r"\\[uU]\+?([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|&#|&[a-z]{2,8};|=[0-9A-F]{2}=[0-9A-F]{2}|%[0-9A-Fa-f]{2}%"
)
_LEVELS = re.compile("[密宻]")
_UNICODE = re.compile(r"\\[uU]\+?([0-9a-fA-F]{4})")
# =cmd|'/C calc'!A0, @SUM(1)*cmd|…: a cell that starts a program when a sheet is made of the text.
_QUOTED = re.compile("(?:=[0-9A-F]{2})+")
_DDE_CELL = re.compile(
    r"(?im)(?:^|[,;\t\"'])\s{0,40}[=+\-@](?=\S)[^\r\n|]{0,80}?(?<![A-Za-z])[A-Za-z][A-Za-z0-9.]{0,30}\|\s?'?[^|!\r\n]{1,300}!\w|[=+\-@]\s{0,40}DDE\s{0,40}\("
)
# Written in letters, shown as a page or a picture: PostScript, PNM, XPM, XBM, DXF, cards and calendars.
_DRAWN = re.compile(
    r"\s{0,100}(?:%!|P[1-7]\s+(?:#[^\n]*\n\s*)*\d+\s+\d+\s|/\*\s*XPM\s*\*/|#define\s+\w+_width\s|0\s*\n\s*SECTION\s|BEGIN:V[A-Z]|999\s*\n)"
)
_UTF7 = re.compile(r"\+[A-Za-z0-9/]{4,}-")


def look_at_text(raw: bytes, look: Look) -> str:
    """Reads it; refuses what is no text at all."""
    encoding, text = _certain(raw)
    if text is None:
        text = _uncertain(raw, look)
    else:
        if _controls(text) or not text.strip():
            look.refuse("unsupported_file")
        if encoding == "utf-8":
            _seven_bit(raw, text, look)
        look.read(text)
        _written(text, look)
    if _DRAWN.match(text):
        look.notes.add("markup")
    if _DDE_CELL.search(text):
        look.refuse("active_content")
    return kinds.TEXT


def _certain(raw: bytes) -> tuple[str, str | None]:
    """(encoding, text) by its mark or because it is valid UTF-8; GB 18030 where nothing else is likely."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            try:
                return encoding, raw[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                return "", None
    try:
        return "utf-8", raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return "", None
    return ("gb18030", text) if _is_simplified(raw, text) else ("", None)


def _is_simplified(raw: bytes, text: str) -> bool:
    """Nearly all of it the common characters of GB 2312, and as Big5 no text that anybody writes."""
    if _share(text, "gb2312", 0xB0, 0xD7) < 0.97:
        return False
    try:
        other = raw.decode("big5")
    except UnicodeDecodeError:
        return True
    return _share(other, "big5", 0xA4, 0xC6) < 0.7


def _share(text: str, encoding: str, first: int, last: int) -> float:
    """Which part of the ideographs the encoding keeps in its range of common ones."""
    han = [char for char in text if "\u3400" <= char <= "\u9fff" or char > "\U0001ffff"]
    leads = (char.encode(encoding, "ignore")[:1] for char in han)
    return sum(1 for lead in leads if lead and first <= lead[0] <= last) / len(han) if han else 0.0


def _uncertain(raw: bytes, look: Look) -> str:
    """Every reading is scanned; the first that is a text stands for the file."""
    look.notes.add("encoding")
    readings = []
    for encoding in _OTHERS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            look.scan(raw.decode(encoding, "ignore"))
            continue
        if not _controls(text):
            readings.append(text)
        look.scan(text)
        _written(text, look)
    if not readings or not readings[0].strip():
        look.refuse("unsupported_file")
    return readings[0]


def _seven_bit(raw: bytes, text: str, look: Look) -> None:
    """HZ, ISO 2022 and UTF-7 look like plain ASCII."""
    for encoding, sign in _SEVEN_BIT:
        if sign in raw and (encoding != "utf-7" or _UTF7.search(text)):
            plain = raw.decode(encoding, "ignore")
            if plain != text and any("\u3400" <= char <= "\u9fff" for char in plain):
                look.notes.add("encoding")
                look.read(plain)


def _written(text: str, look: Look) -> None:
    """Tags, entities and escapes: what a program that reads them would show."""
    if _TAGS.search(text):
        stripped = html.unescape(_TAGS.sub("", text))
        look.read(stripped)
        if _LEVELS.search(stripped):
            look.notes.add("markup")
    if _ESCAPES.search(text):
        plain = _UNICODE.sub(lambda m: chr(int(m[1], 16)), html.unescape(text))
        plain = _QUOTED.sub(lambda m: bytes.fromhex(m[0].replace("=", "")).decode("utf-8", "replace"), plain)
        look.scan(plain)
        if plain != text and _LEVELS.search(plain):
            look.notes.add("markup")


def _controls(text: str) -> bool:
    """Whether it holds what no text holds."""
    return any(
        unicodedata.category(char) == "Cc" and char not in "\t\r\n\f\v\x1a\x1b\x85" for char in text[:65536]
    )
