"""PDF: the text of every page, and every string of every object: bookmarks, layers, labels, notes, fields."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

from service.documents.forms import kinds
from service.documents.forms.look import Look, Refused, Unfinished
from service.documents.forms.offices import read_metadata
from service.documents.forms.pdf_fonts import font_notes, unmapped
from service.documents.forms.pdf_pages import content_notes, page_readings, replaced_texts
from service.documents.forms.pdf_versions import Versions

MAX_PAGES = 3000
_DEEP = 40  # arrays in arrays
_TAIL = 1024  # bytes behind the last %%EOF that are padding at most
_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/RichMediaExecute",
    "/GoToE",
    "/Rendition",
}
_NOTES = {
    "/Image": "pictures",
    "/Stamp": "stamps",
    "/FreeText": "stamps",
    "/Watermark": "stamps",
    "/Ink": "shapes",
    "/Polygon": "shapes",
    "/PolyLine": "shapes",
    "/Redact": "stamps",
    "/3D": "parts",
    "/Movie": "parts",
    "/Sound": "parts",
    "/Screen": "parts",
    "/Widget": "forms",
    "/PS": "parts",
    "/FileAttachment": "attachments",
}


def look_at_pdf(raw: bytes, look: Look) -> str:
    """Reads it; whatever cannot be followed stands in the notes, never passes as read."""
    at = kinds.pdf_at(raw)
    if at > 0:
        look.notes.add("header")
        look.strings(raw[:at])
        look.read(raw[:at].decode("utf-8", "ignore"), raw[:at].decode("gb18030", "ignore"))
    _around(raw, look)
    with _warned() as warnings:
        try:
            _read(raw[at:], look)
        except (Refused, Unfinished):
            raise
        except Exception:  # pypdf raises whatever a broken file leads it to
            look.notes.add("broken")
            _raw(raw, look)
    if warnings:
        look.notes.add("broken")
    return kinds.PDF


def _around(raw: bytes, look: Look) -> None:
    end = raw.rfind(b"%%EOF")
    if end < 0 or len(raw) - end > _TAIL or b"PK\x05\x06" in raw[-(65536 + 22) :]:
        look.notes.add("parts")
        look.strings(raw[max(0, end) :])


def _raw(raw: bytes, look: Look) -> None:
    """Of a file that cannot be followed: the scripts and words that lie open in it."""
    if re.search(rb"/(?:JavaScript|JS|Launch)[\s/(<\[]", raw):
        look.refuse("active_content")
    look.strings(raw)


def _read(raw: bytes, look: Look) -> None:
    try:
        reader = PdfReader(io.BytesIO(raw))
    except PyPdfError:  # without a table of its objects: sought one by one, as viewers do
        look.notes.add("broken")
        reader = PdfReader(io.BytesIO(raw + b"\nstartxref\n0\n%%EOF"))
    if not _opened(reader, look):
        return
    _objects(reader, look)
    if not reader.pages:
        look.notes.add("broken")
    _pages(reader.pages, look)
    versions = Versions(raw, reader)
    for older in versions.earlier():
        if _opened(older, look):
            _objects(older, look)
            _pages((page for page in older.pages if versions.changed(older, page)), look)
    if versions.left_over():
        look.notes.add("parts")


def _opened(reader: PdfReader, look: Look) -> bool:
    if reader.is_encrypted and not reader.decrypt(""):
        look.notes.add("encrypted")
        return False
    if len(reader.pages) > MAX_PAGES:
        raise Unfinished
    return True


def _pages(pages: Iterable[Any], look: Look) -> None:
    for page in pages:
        look.go_on()
        contents = _contents(page)
        look.notes.update(content_notes(contents))
        look.read_lines(replaced_texts(contents))
        texts = list(page_readings(page))
        look.read(*texts)
        if unmapped(texts[0], page):
            look.notes.add("fonts")
        if not texts[0].strip():
            look.notes.add("pictures")  # nothing to read on it: a picture of a page, or something drawn


def _contents(page: Any) -> bytes:
    stream = page.get_contents()
    return b"" if stream is None else stream.get_data()


def _objects(reader: PdfReader, look: Look) -> None:
    """Every object of the file, whether or not a page leads to it."""
    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    shown = {page.indirect_reference.idnum for page in reader.pages if page.indirect_reference}
    _each(reader.trailer, look, 0)
    for number, generation in sorted(numbers):
        look.spend(0, 0)
        found = reader.get_object(IndirectObject(number, generation, reader))
        if found is not None:
            _each(found, look, 0)
            _off_stage(found, reader, look, listed=number in shown)


def _off_stage(found: Any, reader: PdfReader, look: Look, *, listed: bool) -> None:
    """The text of a page that no page leads to, and of a drawing by itself, whether or not a page draws it."""
    if not isinstance(found, DictionaryObject):
        return
    if isinstance(found, StreamObject) and found.get("/Subtype") == "/Form":
        form: Any = found
        look.read(PageObject(reader).extract_xform_text(form))
    elif found.get("/Type") in ("/Page", "/Template") and not listed and "/Contents" in found:
        page = PageObject(reader)
        page.update(found)
        _pages([page], look)


def _each(found: Any, look: Look, deep: int) -> None:
    """One object and what lies directly in it; what it refers to has its own turn."""
    if deep > _DEEP:
        raise Unfinished
    if isinstance(found, DictionaryObject):
        _dictionary(found, look)
        if isinstance(found, StreamObject):
            _stream(found, look)
        for key, value in found.items():
            if not key.isascii():  # and with what it says: /密级 (机密)
                look.read(str(key), f"{key[1:]}：{value}" if isinstance(value, str) else "")
            _each(value, look, deep + 1)
    elif isinstance(found, ArrayObject):
        for value in found:
            _each(value, look, deep + 1)
    elif isinstance(found, ByteStringObject):
        look.read(bytes(found).decode("utf-8", "ignore"), bytes(found).decode("utf-16-be", "ignore"))
    elif isinstance(found, str) and not (isinstance(found, NameObject) and found.isascii()):
        look.read(str(found))
        if isinstance(found, TextStringObject) and not found.isascii():
            look.scan(found.original_bytes.decode("gb18030", "ignore"))  # as some producers write it


def _dictionary(found: DictionaryObject, look: Look) -> None:
    kinds_of = {str(found.get(key)) for key in ("/Type", "/Subtype", "/S")}
    if kinds_of & _ACTIONS or "/JS" in found or "/RichMedia" in kinds_of:
        look.refuse("active_content")
    if found.get("/PatternType") is not None or found.get("/ShadingType") is not None:
        look.notes.add("shapes")
    if "/XFA" in found:
        look.notes.add("forms")
        _xfa(found["/XFA"], look)
    if _is_signature(found, kinds_of):
        name = found.raw_get("/Name").get_object() if "/Name" in found else None
        look.signature(name if isinstance(name, str) else "")
    if "/AP" in found or "/Sig" in kinds_of:
        look.notes.add("stamps")
    if found.get("/S") == "/GoToR" or (found.get("/Type") == "/Filespec" and found.get("/FS") == "/URL"):
        look.notes.add("external")
    look.notes.update(note for kind, note in _NOTES.items() if kind in kinds_of)
    if "/Font" in kinds_of or "/BaseFont" in found:
        look.notes.update(font_notes(found))


def _is_signature(found: DictionaryObject, kinds_of: set[str]) -> bool:
    """A signature's value (ISO 32000-2, 12.8): what was signed and with what; a time stamp signs for nobody."""
    stamp = "/DocTimeStamp" in kinds_of or str(found.get("/SubFilter")) == "/ETSI.RFC3161"
    return "/Contents" in found and ("/ByteRange" in found or "/Sig" in kinds_of) and not stamp


def _xfa(found: Any, look: Look) -> None:
    """A form of XML beside the pages, whole or in pieces."""
    pieces = found if isinstance(found, ArrayObject) else [found]
    streams = [each for each in (piece.get_object() for piece in pieces) if isinstance(each, StreamObject)]
    raw = b"".join(_unpacked(each, look) for each in streams)
    if b"<script" in raw or b":script" in raw:
        look.refuse("active_content")
    read_metadata(raw, look)


def _stream(found: StreamObject, look: Look) -> None:
    kinds_of = {found.get("/Type"), found.get("/Subtype")}
    if "/EmbeddedFile" in kinds_of:
        _attached(found, look)
    elif kinds_of & {"/Metadata", "/XML"}:
        raw = _unpacked(found, look)
        read_metadata(raw, look)
    elif "/Form" in kinds_of:
        raw = _unpacked(found, look)
        look.notes.update(content_notes(raw))
        look.read_lines(replaced_texts(raw))


def _attached(found: StreamObject, look: Look) -> None:
    """A file inside: read as if it were handed in alone."""
    raw = _unpacked(found, look)
    inner = look.inside("附件")
    try:
        if raw:
            look.open(raw, inner, "")
    except Refused as refused:
        if refused.code != "unsupported_file":
            raise
        look.notes.add("attachments")


def _unpacked(found: StreamObject, look: Look) -> bytes:
    raw = found.get_data()
    look.spend(len(raw))
    look.harmless(raw)
    return raw


@contextmanager
def _warned() -> Iterator[list[str]]:
    """What pypdf says it mended or skipped while it read: such a file was not read whole."""
    told: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.msg)

    ear, logger = Ear(logging.WARNING), logging.getLogger("pypdf")
    before = logger.propagate
    logger.addHandler(ear)
    logger.propagate = False
    try:
        yield told
    finally:
        logger.removeHandler(ear)
        logger.propagate = before
