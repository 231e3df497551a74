"""What stands on a page of a PDF: its words in the order they are drawn and as they lie, and what is drawn, not set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PageObject
from pypdf.generic import ArrayObject, ByteStringObject

from service.documents.forms.lying import as_they_lie

MAX_RECTANGLES = 2000  # more than a table has: a QR code, letters made of boxes
_STRINGS = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>|%[^\r\n]*", re.DOTALL)
_MEANT = re.compile(rb"/(?:ActualText|Alt|E)\s*(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_PLAIN = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r": b"",
    b"\r\n": b"",
}
_PAINTED = {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n"}
_CURVED = {b"c", b"v", b"y", b"sh"}
_STEP = 3.0  # points between what still is one line


_WHITE = {b"g": (1,), b"rg": (3,), b"k": (4,), b"sc": (1, 3, 4), b"scn": (1, 3, 4)}
_SHOWN_BY = {b"Tj": 0, b"'": 0, b'"': 2, b"TJ": 0}  # which operand is the text
_INVISIBLE = (3, 7)  # modes of text that draw nothing (ISO 32000-2, table 104)


class _Unseen:
    """What a page sets in white or draws not at all; `out` leaves it out of the reading."""

    def __init__(self, *, out: bool) -> None:
        self.out, self.met = out, False
        self._white, self._mode = False, 0
        self._kept: list[tuple[bool, int]] = []

    def __call__(self, operator: bytes, operands: list[Any], _cm: Any, _tm: Any) -> None:
        if operator == b"q":
            self._kept.append((self._white, self._mode))
        elif operator == b"Q" and self._kept:
            self._white, self._mode = self._kept.pop()
        elif operator == b"cs":
            self._white = False
        elif operator == b"Tr" and operands:
            self._mode = int(operands[0])
        elif operator in _WHITE:
            self._white = len(operands) in _WHITE[operator] and _is_white(operands)
        elif operator in _SHOWN_BY and (self._white or self._mode in _INVISIBLE):
            self.met = True
            if self.out and len(operands) > _SHOWN_BY[operator]:
                operands[_SHOWN_BY[operator]] = ArrayObject() if operator == b"TJ" else ByteStringObject(b"")


def _is_white(operands: list[Any]) -> bool:
    try:
        parts = [float(each) for each in operands]
    except (TypeError, ValueError):
        return False  # a pattern
    return max(parts) <= 0.02 if len(parts) == 4 else min(parts) >= 0.98


def page_readings(page: PageObject) -> Iterator[str]:
    """The page's text as drawn, then as it lies; both again without what nobody sees, where there is such."""
    unseen = _Unseen(out=False)
    yield from _readings(page, unseen)
    if unseen.met:
        yield from _readings(page, _Unseen(out=True))


def _readings(page: PageObject, unseen: _Unseen) -> Iterator[str]:
    """As drawn; then line by line as it lies on the page, pieces joined and spaced."""
    pieces: list[tuple[float, float, str]] = []

    def heard(text: str, cm: list[float], tm: list[float], _font: Any, _size: Any) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            pieces.append((y, x, text.strip("\r\n")))

    yield page.extract_text(visitor_operand_before=unseen, visitor_text=heard)
    yield from as_they_lie(pieces, _STEP)


def replaced_texts(raw: bytes) -> list[str]:
    """What a content stream says is meant by what it draws: read aloud, and copied (ISO 32000-2, 14.9)."""
    return [_text(found[1]) for found in _MEANT.finditer(raw)]


def _text(written: bytes) -> str:
    """A PDF text string as it is written, without its brackets' signs."""
    if written.startswith(b"<"):
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", written)
        plain = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    else:
        plain = _ESCAPE.sub(_escaped, written[1:-1])
    for mark, encoding in (
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xef\xbb\xbf", "utf-8"),
    ):
        if plain.startswith(mark):
            return plain[len(mark) :].decode(encoding, "replace")
    return plain.decode("latin-1")


def _escaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    return bytes([int(said, 8) & 0xFF]) if said.isdigit() else _PLAIN.get(said, said)


def content_notes(raw: bytes) -> set[str]:
    """Notes on a content stream: pictures set in it, and lines that are no table's."""
    tokens = _STRINGS.sub(b" ", raw).split()
    notes: set[str] = set()
    at: tuple[float, float] | None = None
    rectangles = 0
    for index, token in enumerate(tokens):
        if token in _CURVED:
            notes.add("shapes")
        elif token == b"BI":
            notes.add("pictures")
        elif token == b"re":
            rectangles += 1
        elif token in (b"m", b"l"):
            to = _point(tokens, index)
            if token == b"l" and (
                at is None or to is None or min(abs(at[0] - to[0]), abs(at[1] - to[1])) > 1
            ):
                notes.add("shapes")
            at = to
        elif token in _PAINTED:
            at = None
    if rectangles > MAX_RECTANGLES:
        notes.add("shapes")
    return notes


def _point(tokens: list[bytes], index: int) -> tuple[float, float] | None:
    try:
        return float(tokens[index - 2]), float(tokens[index - 1])
    except (ValueError, IndexError):
        return None
