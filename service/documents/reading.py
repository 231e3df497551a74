"""What a file is, by its content, and the text a person would read in it; what cannot be read is not checked."""

from __future__ import annotations

import io
import re
import zipfile
from typing import NamedTuple

from pypdf import PdfReader

MAX_TEXT = 40 << 20  # bytes of text parts unpacked from one file
MAX_PARTS = 5000
MAX_PAGES = 3000
_TAG = re.compile(rb"<[^<>]{0,4096}>")
_BREAK = re.compile(rb"</(?:w:p|a:p|text:p|si|row|ofd:TextCode)>")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "OFD.xml": "application/ofd",
}
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bmp", ".tif", ".tiff", ".bin")
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
        pages = [page.extract_text() for page in reader.pages]
    except Exception:  # pypdf raises whatever a broken file leads it to: not checked, never "passed"
        return "", False
    return "\n".join([*described, *pages]), bool(pages) and all(page.strip() for page in pages)


def _package(raw: bytes) -> Content | None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = package.namelist()
            if len(names) > MAX_PARTS:
                raise Unreadable
            kind = next((media for part, media in _MAIN.items() if part in names), None)
            if kind is None and "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                match = _ODF.fullmatch(package.read("mimetype").strip())
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
        texts.append(_TAG.sub(b"", _BREAK.sub(b"\n", package.read(name))).decode("utf-8", "replace"))
    return "\n".join(texts), not any(name.lower().endswith(_PICTURES) for name in names)
