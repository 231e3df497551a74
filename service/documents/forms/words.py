"""The words of one XML part, as a reader sees them: runs of one word joined, paragraphs apart, nothing left out.

Word, Excel, PowerPoint, OpenDocument, OFD, Word 2003 and SVG all put text between tags and the rest (alternative
texts, WordArt, sheet names, prompts) into attributes; so every text node and every attribute is read, whatever its
element. Text that a reader sees beside the line (notes, text boxes, field codes, ruby) and text of tracked changes is
read both in its place and left out, because the line must be found with and without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote
from xml.parsers import expat

from service.documents.forms.symbols import STAR, in_font, is_symbol_font

ASIDE, DELETED, ADDED = 1, 2, 4
_FLAGS = {
    # Of two that stand for each other a program shows one; older ones the second.
    **dict.fromkeys(("delText", "del", "moveFrom", "deletion", "Fallback"), DELETED),
    **dict.fromkeys(("ins", "moveTo", "Choice"), ADDED),
    **dict.fromkeys(("instrText", "delInstrText", "rt", "rp", "rPh", "ruby-text", "txbxContent", "textbox",
                     "annotation", "note", "note-citation", "frame", "hidden-text", "desc", "script"), ASIDE),
}  # fmt: skip
_BREAKS = {
    "br": "\n",
    "cr": "\n",
    "line-break": "\n",
    "tab": " ",
    "ptab": " ",
    "s": " ",
    "noBreakHyphen": "-",
}
_BLOCKS = {"p", "h", "tr", "row", "table-row", "tc", "table-cell", "c", "si", "is", "txBody", "TextObject"}
# Ends of these do not part what stands before and after.
_INLINE = {
    "t",
    "delText",
    "span",
    "a",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "font",
    "tspan",
    "TextCode",
    "instrText",
    "ruby-base",
    "rt",
    "m",
    "text",
}
_TEXT_OF_RUN = ("t", "delText")
_DECLARED = re.compile(rb"\s{0,100}<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "us-ascii",
    "ascii",
    "gb2312",
    "gbk",
    "gb18030",
    "big5",
    "iso-8859-1",
    "windows-1252",
    "latin1",
)
_OFTEN = 4096
_OFF = ("0", "false", "off", "none")


class Broken(Exception):
    """No well-formed XML, or one that declares entities of its own."""


_DRESSED = {
    "vanish",
    "webHidden",
    "specVanish",
    "sym",
    "symEx",
    "rFonts",
    "rFont",
    "latin",
    "ea",
    "cs",
    "color",
    "sz",
    "srgbClr",
    "rPr",
    "rStyle",
    "pStyle",
}
_UNSEEN_SIZE = 4  # half points


def _white(value: str) -> bool:
    """Of a colour, with or without its transparency before it."""
    return len(value) in (6, 7, 8) and value.upper().endswith("FFFFFF")


def _unseen(value: str) -> bool:
    """Of a run: white, or letters of two points at most."""
    return _white(value) or (value.isdecimal() and len(value) < 4 and int(value) <= _UNSEEN_SIZE)


def is_hiding(tag: str, attrs: Mapping[str, str]) -> bool:
    """Whether this, said of a style of Word, keeps its text from being seen."""
    if tag == "vanish":
        return attrs.get("val") not in _OFF
    return tag in ("color", "sz") and _unseen(attrs.get("val", ""))


@lru_cache(4096)
def _local(name: str) -> str:
    return name.rpartition(":")[2]


@dataclass(slots=True)
class Frame:
    """One open element. `font`: the symbol font its text is set in."""

    tag: str
    flags: int
    font: str = ""
    said: bool = False


def decoded(raw: bytes) -> str:
    """An XML part as text: by its mark, by what it says of itself, else UTF-8."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if raw.startswith((b"<\x00", b"\x00<")):
        return raw.decode("utf-16-le" if raw[0] else "utf-16-be", "replace")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    said = _DECLARED.match(raw)
    encoding = said[1].decode().lower() if said else "utf-8"
    if encoding not in _ENCODINGS:
        raise Broken
    return raw.decode("utf-8" if encoding.startswith("utf-16") else encoding, "replace")


class Words:
    """Reads one part; subclasses look at what its elements say (`seen`, `ended`)."""

    def __init__(self) -> None:
        self.open: list[Frame] = []
        self.pieces: list[tuple[int, str]] = []
        self.values: dict[str, None] = {}  # attribute values with more than plain ASCII, each once
        self.strange = False  # a symbol was not known
        self.own: list[str] = []  # direct text of the innermost element
        self.elements = 0

    def feed(self, text: str) -> None:
        """Parses the whole part; `Broken` when it is none."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            raise Broken from error

    def seen(self, tag: str, attrs: Mapping[str, str]) -> None:
        """An element begins; attribute names without their prefix."""

    def tick(self) -> None:
        """Called every so many elements: whoever has had enough raises."""

    def ended(self, tag: str, own: str) -> None:
        """An element ends; `own` is the text directly in it."""

    def parent(self, up: int = 1) -> str:
        """The element around the one that begins or ends now."""
        return self.open[-1 - up].tag if len(self.open) > up else ""

    def readings(self) -> Iterator[str]:
        """The text as it stands, and with what is beside the line, deleted or added left out."""
        present = 0
        for flags, _ in self.pieces:
            present |= flags
        yield "".join(text for _, text in self.pieces)
        without = {ASIDE, ASIDE | DELETED, ASIDE | ADDED} if present else set()
        for hidden in sorted({each & present for each in without} - {0}):
            yield "".join(text for flags, text in self.pieces if not flags & hidden)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements % _OFTEN == 0:
            self.tick()
        tag = _local(name)
        named = not tag.isascii()
        if self.open:
            around = self.open[-1]
            self.open.append(Frame(tag, around.flags | _FLAGS.get(tag, 0), around.font))
        else:
            self.open.append(Frame(tag, _FLAGS.get(tag, 0), ""))
        self.own = []
        if named:  # <密级>机密</密级>
            self.pieces.append((self.open[-1].flags | ASIDE, f"{tag}："))
        for value in attributes.values():
            if not value.isascii() or "&#" in value:
                self.values[value] = None
            elif "%" in value:
                self.values[unquote(value)] = None
        if tag in _BREAKS:
            self._say(_BREAKS[tag])
        attrs = {_local(key): value for key, value in attributes.items()} if attributes else attributes
        if tag in _DRESSED:
            self._dress(tag, attrs)
        self.seen(tag, attrs)

    def _dress(self, tag: str, attrs: Mapping[str, str]) -> None:
        """Hidden runs, those too small or too pale to be seen, symbols, and runs set in a symbol font."""
        if tag in ("vanish", "webHidden", "specVanish") and attrs.get("val") not in _OFF:
            if self.parent(2) == "r":
                self.open[-3].flags |= ASIDE
        elif tag in ("color", "sz"):
            if self.parent(2) == "r" and (_unseen(attrs.get("val", "")) or _white(attrs.get("rgb", ""))):
                self.open[-3].flags |= ASIDE
        elif tag == "srgbClr":  # of slides
            if self.parent(3) == "r" and self.parent() == "solidFill" and _white(attrs.get("val", "")):
                self.open[-4].flags |= ASIDE
        elif tag == "rPr":  # its size in hundredths of points
            size = attrs.get("sz", "")
            if self.parent() == "r" and size.isdecimal() and len(size) < 6 and int(size) <= 50 * _UNSEEN_SIZE:
                self.open[-2].flags |= ASIDE
        elif tag in ("sym", "symEx") and "char" in attrs:
            try:
                self._say(self._shown(attrs.get("font", ""), chr(int(attrs["char"], 16))))
            except (ValueError, OverflowError):
                self.strange = True
        elif tag in ("rFonts", "rFont", "latin", "ea", "cs", "sym") and self.parent(2) == "r":
            font = next((value for value in attrs.values() if is_symbol_font(value)), "")
            if font:
                self.open[-3].font = font

    def _shown(self, font: str, text: str) -> str:
        shown, unknown = in_font(font, text)
        self.strange = self.strange or unknown
        return shown

    def _data(self, text: str) -> None:
        if not self.open:
            return
        frame = self.open[-1]
        self.own.append(text)
        frame.said = frame.said or not text.isspace()
        if frame.font and frame.tag in _TEXT_OF_RUN:
            text = self._shown(frame.font, text)
        self._say(text)

    def _say(self, text: str) -> None:
        if text:
            self.pieces.append((self.open[-1].flags, text))

    def _end(self, _name: str) -> None:
        frame = self.open[-1]
        tag = frame.tag
        self.ended(tag, "".join(self.own) if self.own else "")
        self.own = []
        if tag in _BLOCKS or (frame.said and tag not in _INLINE):
            self._say("\n")
        self.open.pop()

    def _entity(self, *_: object) -> None:
        raise Broken


_TAG = re.compile(r"<[^<>]{0,65536}>")


def bare(text: str) -> str:
    """Broken XML without its tags: read for marks all the same."""
    return _TAG.sub("", text)


__all__ = ["STAR", "Broken", "Frame", "Words", "bare", "decoded"]
