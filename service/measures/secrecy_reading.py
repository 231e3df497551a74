"""What a person or a parser could read in the bytes of a request: escapes resolved, each form read once.

JSON's escapes are taken off first; then percent, HTML, JavaScript and MIME escapes and JSON inside JSON, layer by
layer until nothing changes. All of it is bounded: `LAYERS` layers, and a number of escapes that grows with the size.
Whatever lies beyond the bounds cannot be checked, and is not claimed to have been.
"""

from __future__ import annotations

import binascii
import html.entities
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from service.measures.secrecy_folding import hinted

LAYERS = 6
FOREIGN = (
    64 << 10
)  # bytes that are not UTF-8 are tried in other encodings up to this size; the API takes none
_OTHERS = ("gb18030", "big5", "utf-16-le", "utf-16-be")
_HINTS = {
    encoding: [hint for char in "密宻" if (hint := char.encode(encoding, "ignore"))] for encoding in _OTHERS
}
_LIT = re.compile(r"\\(?!u[0-9a-fA-F]{4})")
_UNIT = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
_PERCENT_UNIT = re.compile(r"(?:%u[0-9a-fA-F]{4})+")
_HALF = re.compile("[\ud800-\udfff]")
_CURLY = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}|\\U([0-9a-fA-F]{8})")
_HEX = re.compile("%[0-9A-Fa-f]{2}")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}[!-$&-~]?)+")
_ENTITY = re.compile(r"&(?:#0*([0-9]{1,7})|#[xX]0*([0-9a-fA-F]{1,6})|([A-Za-z]{2,31}))(;?)")
_UNENDED = frozenset(("amp", "lt", "gt", "quot", "nbsp", "middot", "shy"))  # read without their semicolon too
_MIME = re.compile(rb"=\?[^?\s]{1,40}\?([bBqQ])\?([^?\s]*)\?=(?:\s+(?==\?))?")
_SIMPLE = (
    ("\\n", "\n"),
    ('\\"', '"'),
    ("\\/", "/"),
    ("\\t", "\t"),
    ("\\r", "\r"),
    ("\\b", ""),
    ("\\f", "\f"),
)
_PAIR = "\ue0fe"  # stands for an escaped backslash while the other escapes are read; private use


class Beyond(Exception):
    """The text is wrapped deeper or in more escapes than are ever read."""


class Budget:
    """How many inner escapes are still resolved; `read` is how many characters were gone through."""

    def __init__(self, size: int) -> None:
        self.left = 20_000 + size // 64
        self.read = 0

    def spend(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise Beyond

    def substitute(self, pattern: re.Pattern[str], to: Callable[[re.Match[str]], str], text: str) -> str:
        self.read += len(text)
        text, found = pattern.subn(to, text, self.left + 1)
        self.spend(found)
        return text


def first_texts(raw: bytes) -> list[str]:
    """The bytes as text. Valid UTF-8 is UTF-8; small foreign bytes are whatever encoding could bring up 密."""
    if b"=?" in raw and len(raw) <= FOREIGN and (words := _MIME.sub(_mime_word, raw)) != raw:
        return [*_decoded(raw), *_decoded(words)]
    return _decoded(raw)


def _decoded(raw: bytes) -> list[str]:
    try:
        text = raw.decode()
        if "\x00" not in text:
            return [text]
        texts = [text]
    except UnicodeDecodeError:
        texts = [raw.decode("utf-8", "ignore")]
    if len(raw) > FOREIGN:
        raise Beyond
    for encoding, hints in _HINTS.items():
        if b"\x00" in raw or any(hint in raw for hint in hints):
            texts.append(raw.decode(encoding, "ignore"))
    return texts


def unescaped(text: str, budget: Budget) -> str:
    """The text with JSON's escapes read where they stand: in values and keys, duplicates and broken JSON too."""
    if "\\" not in text:
        return text
    text = text.replace("\\\\", _PAIR)
    for written, meant in _SIMPLE:
        text = text.replace(written, meant)
    if "\\" in text:
        if _LIT.search(text):
            text = budget.substitute(_UNIT, _units, text)
        else:  # the same in C, where there is nothing else to escape; then halves of characters like 🌟 are joined
            text = text.encode("ascii", "backslashreplace").decode("unicode_escape")
            if _HALF.search(text):
                text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace(_PAIR, "\\")


def settled(text: str, budget: Budget) -> str:
    """The text with every escape in it read, to the bottom. Raises Beyond."""
    for _ in range(LAYERS):
        plain = _layer(text, budget)
        if plain == text:
            return text
        text = plain
    raise Beyond


def _layer(text: str, budget: Budget) -> str:
    budget.read += len(text)
    if "%" in text:
        budget.spend(len(_HEX.findall(text)))
        text = budget.substitute(_PERCENT, _percent, text)
    if "&" in text:
        text = budget.substitute(_ENTITY, _entity, text)
    if "\\" in text or "%u" in text:
        text = unescaped(text, budget)
        text = budget.substitute(_CURLY, _curly, budget.substitute(_PERCENT_UNIT, _units, text))
    return text


def _units(match: re.Match[str]) -> str:
    units = bytes.fromhex(match[0].replace("\\u", "").replace("%u", ""))
    return units.decode("utf-16-be", "replace")  # half a character is none


def _curly(match: re.Match[str]) -> str:
    return _character(int(match[1] or match[2], 16))


def _percent(match: re.Match[str]) -> str:
    run = match[0]
    plain = len(run) == 3 * run.count("%")
    raw = bytes.fromhex(run.replace("%", "")) if plain else unquote_to_bytes(run)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        for encoding in _OTHERS:
            if hinted(text := raw.decode(encoding, "ignore")):
                return text
        return raw.decode("utf-8", "replace")


def _entity(match: re.Match[str]) -> str:
    if match[1]:
        return _character(int(match[1]))
    if match[2]:
        return _character(int(match[2], 16))
    name = match[3]
    if not match[4] and name not in _UNENDED:
        return match[0]
    return html.entities.html5.get(f"{name};", match[0])


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else ""


def _mime_word(match: re.Match[bytes]) -> bytes:
    if match[1] in b"qQ":
        return binascii.a2b_qp(match[2], header=True)
    try:
        return binascii.a2b_base64(match[2] + b"==")
    except binascii.Error:
        return b""
