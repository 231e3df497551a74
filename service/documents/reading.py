"""What a file is, by its content, and the text a person would read in it; what cannot be read is not checked."""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

from pypdf import PageObject, PdfReader

MAX_TEXT = 40 << 20  # bytes of text parts unpacked from one file
MAX_PARTS = 5000
MAX_PAGES = 3000
MAX_TAG = 64 << 10  # a data URI in an attribute may be long; nothing a person wrote is
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(rf"<[^<>]{{0,{MAX_TAG}}}>")
_BREAK = re.compile(r"</(?:[A-Za-z0-9]{1,20}:)?(?:p|h|si|row|table-row|TextObject)>")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = ("utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "gb2312", "gbk", "gb18030", "big5")
_SEEN = (".xml", ".rels", "/", "mimetype")  # parts whose text is read, and such as have none
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "OFD.xml": "application/ofd",
}
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ODF = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)")


class Unreadable(Exception):
    """The file says what it is and cannot be read all the same: broken, locked, or built to do harm."""


class Content(NamedTuple):
    """A file's type, the text found in it, and whether that is all a reader would see (no picture, no old format)."""

    media_type: str
    text: str
    whole: bool


def read(raw: bytes) -> Content | None:
    """Type by content, never by name; None for types nobody hands in here (programs, archives, unknown)."""
    if raw.startswith(b"%PDF-"):
        return Content("application/pdf", *_pdf(raw))
    if raw.startswith(b"PK\x03\x04"):
        return _package(raw)
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return Content("image/png", "", False)
    if raw.startswith(b"\xff\xd8\xff"):
        return Content("image/jpeg", "", False)
    if raw.startswith(_OLE):
        # Old Word, Excel and WPS files: their text lies in pieces, mostly as UTF-16.
        return Content("application/x-ole-storage", raw.decode("utf-16-le", "ignore"), False)
    return _plain(raw)


def _plain(raw: bytes) -> Content | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(1 for char in text[:4096] if ord(char) < 32 and char not in "\t\r\n\f")
        return None if controls or not text.strip() else Content("text/plain", text, True)
    return None


def _pdf(raw: bytes) -> tuple[str, bool]:
    """Text of all pages and of the document's own description; a page without text is a picture of one."""
    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted or len(reader.pages) > MAX_PAGES:
            return "", False
        described = [str(value) for value in (reader.metadata or {}).values()]
        whole = "/AcroForm" not in reader.root_object and "/Names" not in reader.root_object
        pages = []
        for page in reader.pages:
            text = page.extract_text()
            pages.append("\n".join([text, *_notes(page)]))
            whole = whole and bool(text.strip()) and not _pictures(page)
    except Exception:  # pypdf raises whatever a broken file leads it to: not checked, never "passed"
        return "", False
    return "\n".join([*described, *pages]), whole and bool(pages)


def _notes(page: PageObject) -> list[str]:
    """What notes and stamps on a page say."""
    notes = (note.get_object() for note in page.get("/Annots", ()))
    return [str(note["/Contents"]) for note in notes if "/Contents" in note]


def _pictures(page: PageObject) -> bool:
    """Whether a page shows pictures, or forms whose text is not looked into."""
    resources = page.get("/Resources")
    return resources is not None and bool(resources.get_object().get("/XObject"))


def _package(raw: bytes) -> Content | None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = package.namelist()
            # Of two parts with one name a reader may show either; other packings than these cannot be bounded.
            packings = {info.compress_type for info in package.infolist()}
            if len(names) > MAX_PARTS or len(set(names)) < len(names) or packings - _PACKINGS:
                raise Unreadable
            kind = next((media for part, media in _MAIN.items() if part in names), None)
            if kind is None and "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                match = _ODF.fullmatch(_unpacked(package, "mimetype").strip())
                kind = match[0].decode() if match else None
            if kind is None:
                return None
            if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
                raise Unreadable
            return Content(kind, *_xml(package, names))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise Unreadable from error


def _xml(package: zipfile.ZipFile, names: list[str]) -> tuple[str, bool]:
    """The words between the tags of every XML part; runs of one word join, as a reader sees them."""
    total, texts = 0, []
    for name in names:
        if not name.lower().endswith((".xml", ".rels")):
            continue
        total += package.getinfo(name).file_size
        if total > MAX_TEXT:
            raise Unreadable
        text = _COMMENT.sub("", _CDATA.sub("", _decoded(_unpacked(package, name))))
        texts.append(_TAG.sub("", _BREAK.sub("\n", text)))
    return "\n".join(texts), all(name.lower().endswith(_SEEN) for name in names)


def _unpacked(package: zipfile.ZipFile, name: str) -> bytes:
    """No more than the part says it holds: `package.read` unpacks first and cuts afterwards."""
    with package.open(name) as part:
        return part.read(package.getinfo(name).file_size + 1)


def _decoded(raw: bytes) -> str:
    """An XML part as text: by its mark, by what it says of itself, else UTF-8."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if raw.startswith((b"<\x00", b"\x00<")):
        return raw.decode("utf-16-le" if raw[0] else "utf-16-be", "replace")
    said = _DECLARED.match(raw)
    encoding = said[1].decode().lower() if said else "utf-8"
    if encoding not in _ENCODINGS:
        raise Unreadable
    return raw.decode("utf-8" if encoding.startswith("utf-16") else encoding, "replace")
