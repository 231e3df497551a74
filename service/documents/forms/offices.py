"""The parts of an office file (OOXML, OpenDocument, OFD): all XML is read whole, everything else by what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.documents.forms import kinds
from service.documents.forms.look import Look
from service.documents.forms.telling import Telling
from service.documents.forms.words import ASIDE, DELETED, Broken, bare, decoded, is_hiding

_SHARED = "xl/sharedStrings.xml"
# Strings that cells name and styles that text has; then the workbook, whose sheets' names stand in their headers.
_FIRST = (_SHARED, "word/styles.xml", "styles.xml")
_MOST_STYLES = 12  # that stand on each other
_PRINTER = re.compile(r"xl/printerSettings/printerSettings\d+\.bin")
_FONTS = (".odttf", ".fntdata", ".ttf", ".otf", ".ttc", ".eot")
_HEADERS = ("oddHeader", "evenHeader", "firstHeader", "oddFooter", "evenFooter", "firstFooter")
_CODES = re.compile(r'&"[^"]*"|&K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|&\d{1,3}|&[BIUESXYODHGPNTZF]')
_SECTIONS = re.compile(r"&[LCR]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What may put a text together that stands nowhere in the file; a sum shows a number.
_COMPOSING = re.compile(
    r"(?i)&|(?:CONCAT(?:ENATE)?|TEXTJOIN|TEXT|REPT|SUBSTITUTE|REPLACE|MID|LEFT|RIGHT|CHAR|UNICHAR|INDIRECT|CHOOSE)\s*\("
)
# In which element signatures are listed: OFD (GB/T 33190, 18.1), OpenDocument, and OOXML, each in a part of its own.
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
_SIGNED_IN: Mapping[str, frozenset[str]] = {
    kinds.OFD: frozenset({"Signatures"}),
    **{
        f"{_ODF}{kind}": frozenset({"document-signatures"})
        for kind in ("text", "spreadsheet", "presentation")
    },
    **{
        f"{_OOXML}{kind}": frozenset({""})
        for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
    },
}
MAX_REPEATED = 8 << 20  # characters that cells repeat from the table of strings


class Part(Telling):
    """One XML part of an office file."""

    def __init__(self, look: Look, book: Book) -> None:
        super().__init__(look.notes.add, lambda _kind: look.refuse("active_content"))
        self.book = book
        self._shared = self._formula = self._valued = False
        # OpenDocument keeps what was deleted at the head of the text, and a point where it stood.
        self._region, self._deletion_from = "", 0
        self._deleted: dict[str, str] = {}
        self._style = ""
        self._turned: list[int] = []  # where text that is set from right to left begins

    def tick(self) -> None:
        self.book.look.go_on()

    def seen(self, tag: str, attrs: Mapping[str, str]) -> None:
        super().seen(tag, attrs)
        if tag == "c":
            self._shared, self._formula, self._valued = attrs.get("t") == "s", False, False
        elif tag == "sheet" and attrs.get("name"):
            self.book.sheets.append(attrs["name"])
        elif tag == "style":
            self._style = attrs.get("styleId") or attrs.get("name", "")
        elif tag == "basedOn":
            self.book.based[self._style] = attrs.get("val", "")
        elif tag == "text-properties" and self.parent() == "style":
            if attrs.get("display") == "none" or attrs.get("color", "").lower() == "#ffffff":
                self.book.hidden.add(self._style)
        elif tag in ("span", "p", "h") and self.book.is_hidden(attrs.get("style-name", "")):
            self.open[-1].flags |= ASIDE
        elif tag == "bdo":
            self._turned.append(len(self.pieces))
        elif tag == "changed-region":
            self._region = attrs.get("id", "")
        elif tag == "deletion":
            self._deletion_from = len(self.pieces)
        elif tag == "change" and (gone := self._deleted.get(attrs.get("change-id", ""))):
            self.pieces.append((DELETED, gone))
        elif tag == "Signature" and self.parent() in self.book.lists_of_signatures:
            self.book.look.signature()

    def ended(self, tag: str, own: str) -> None:
        super().ended(tag, own)
        if tag == "v":
            self._valued = self._valued or bool(own.strip())
            if self._shared:
                self._say(self.book.string(own))
        elif tag == "f":
            self._formula = _COMPOSING.search(own) is not None
        elif tag == "c" and self._formula and not self._valued:
            self.note("formulas")  # what it will show is worked out when it is opened
        elif tag == "bdo" and self._turned:
            self.more.append("".join(text for _, text in self.pieces[self._turned.pop() :])[::-1])
        elif tag == "deletion":
            self._deleted[self._region] = "".join(
                text for _, text in self.pieces[self._deletion_from :]
            ).strip("\n")
        elif tag in _HEADERS:
            self.more.extend(self.book.header(own))

    def _dress(self, tag: str, attrs: Mapping[str, str]) -> None:
        """Besides: what a style hides."""
        super()._dress(tag, attrs)
        if self.parent(2) == "style" and is_hiding(tag, attrs):
            self.book.hidden.add(self._style)
        elif tag in ("rStyle", "pStyle") and self.book.is_hidden(attrs.get("val", "")) and len(self.open) > 2:
            self.open[-3].flags |= ASIDE

    def _data(self, text: str) -> None:
        if self._shared and self.open and self.open[-1].tag == "v":
            self.own.append(text)  # a number in the table of strings, not words
        else:
            super()._data(text)


class Strings(Part):
    """The table of strings of a workbook; cells name them by number."""

    def __init__(self, look: Look, book: Book) -> None:
        super().__init__(look, book)
        self._from = 0

    def seen(self, tag: str, attrs: Mapping[str, str]) -> None:
        super().seen(tag, attrs)
        if tag == "si":
            self._from = len(self.pieces)

    def ended(self, tag: str, own: str) -> None:
        super().ended(tag, own)
        if tag == "si":
            self.book.strings.append("".join(text for flags, text in self.pieces[self._from :] if not flags))


class Book:
    """What the parts of a workbook say of each other."""

    def __init__(self, look: Look, media: str = "") -> None:
        self.look = look
        self.lists_of_signatures = _SIGNED_IN.get(media, frozenset())
        self.strings: list[str] = []
        self.sheets: list[str] = []
        self.hidden: set[str] = set()  # styles whose text is not seen
        self.based: dict[str, str] = {}  # styles of Word by those that stand on them
        self.repeated = 0

    def is_hidden(self, style: str) -> bool:
        """Whether text of this style is not seen."""
        for _ in range(_MOST_STYLES if style else 0):
            if style in self.hidden:
                return True
            style = self.based.get(style, "")
        return False

    def string(self, number: str) -> str:
        """The text a cell names by its number."""
        try:
            text = self.strings[int(number)]
        except (ValueError, IndexError):
            return ""
        self.repeated += len(text)
        if self.repeated > MAX_REPEATED:
            self.look.notes.add("not_finished")
            return ""
        return text

    def header(self, code: str) -> list[str]:
        """A header's words without its codes, once for each sheet it may name."""
        words = _SECTIONS.sub("\n", _CODES.sub("", code)).replace("&&", "＆")
        if "&A" not in words:
            return [words]
        return [words.replace("&A", name) for name in self.sheets[:200]]


class Parts:
    """Reads the parts of one office file of the given media type."""

    def __init__(self, media: str, look: Look, kind: type[Part] = Part) -> None:
        self.media, self.look, self._part_kind = media, look, kind
        self.book = Book(look, media)

    def read(self, parts: dict[str, bytes]) -> None:
        self.look.read_lines(parts)
        for name in sorted(
            parts, key=lambda each: (each not in _FIRST, each.lower() != "xl/workbook.xml", each)
        ):
            self._part(name, parts[name])

    def _part(self, name: str, raw: bytes) -> None:
        look, low = self.look.inside(name), name.lower()
        look.go_on()
        if low.endswith(("vbaproject.bin", "vbadata.xml")) or low.startswith(("basic/script", "scripts/")):
            look.refuse("active_content")
        if not raw or name == "mimetype":
            return
        if kinds.is_program(raw):
            look.refuse("active_content")
        kind = kinds.markup(raw)
        if kind == kinds.XML:
            self._xml(raw, look, Strings if name == _SHARED else self._part_kind)
        elif kinds.picture(raw):
            look.notes.add("pictures")
            look.strings(raw)
        elif kind or raw.startswith((b"PK\x03\x04", b"%PDF-", kinds.OLE_HEAD)):
            look.open(raw, look, name)
            if raw.startswith(kinds.OLE_HEAD):
                look.notes.add("embedded")
        else:
            look.strings(raw)
            if _PRINTER.fullmatch(name) is None:
                look.notes.add("fonts" if low.endswith(_FONTS) else "parts")

    def _xml(self, raw: bytes, look: Look, kind: type[Part]) -> None:
        try:
            text = decoded(raw)
        except Broken:
            look.refuse("unreadable_file")
        part = kind(look, self.book)
        try:
            part.feed(text)
        except Broken:
            look.notes.add("broken")
            look.read(bare(text))
        read_words(part, look)


def read_words(part: Telling, look: Look) -> None:
    """All a part says: its text with and without what is beside the line, its attributes, what its codes show."""
    for text in part.readings():
        look.read(text)
        if "_x" in text and (plain := _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)) != text:
            look.read(plain)
    look.read_lines(part.values)
    if any("_x" in value for value in part.values):
        look.read_lines(_ESCAPED.sub(lambda m: chr(int(m[1], 16)), value) for value in part.values)
    look.read_lines(part.more)
    if part.strange:
        look.notes.add("symbols")


def read_metadata(raw: bytes, look: Look) -> None:
    """A packet of properties inside another file (XMP)."""
    part = Part(look, Book(look))
    try:
        part.feed(decoded(raw.strip()))
    except Broken:
        look.notes.add("broken")
        look.read(bare(raw.decode("utf-8", "replace")))
    read_words(part, look)
