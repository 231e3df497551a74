"""What a file is, by its first bytes; which names go with that; which files run when they are opened."""

from __future__ import annotations

import re

PDF, TEXT, XML, HTML, MAIL, RTF = (
    "application/pdf",
    "text/plain",
    "application/xml",
    "text/html",
    "message/rfc822",
    "application/rtf",
)
ZIP, OLE, SVG, OFD = "application/zip", "application/x-ole-storage", "image/svg+xml", "application/ofd"
PDF_HEADER_WITHIN = 1024  # readers look for it there (ISO 32000-1, implementation note 13)
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"), (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"), (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
)  # fmt: skip
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheim", b"ftyphevc")
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"ITSF",
    b"#!",
    b"@echo",
    b"@ECHO",
    b"dex\n",
    b"\x00asm",
    b"REGEDIT4",
    b"Windows Registry Editor",
    b"[InternetShortcut]",
)
_MSI = bytes.fromhex("84100c0000000000c000000000000046")
_HTML = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*|<\?xml[^>]{0,200}\?>\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|script|hta:application|iframe|table|div|style|link|base|center|h1|p|font|img)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_HTML_INSIDE = re.compile(rb"<(?:html|script|hta:application|iframe|body)[\s>]", re.IGNORECASE)
_XML = re.compile(
    rb"\s*<(?:\?[A-Za-z]|!--|!DOCTYPE\s+(?!html)|[A-Za-z_][\w.-]*(?::[\w.-]+)?[\s/>])", re.IGNORECASE
)
_MAIL_LINE = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2,100}")
_MAIL_NAMES = re.compile(rb"(?im)^(?:MIME-Version|Content-Type|Received|Message-ID|Return-Path):")


def picture(raw: bytes) -> str:
    """The media type of a picture, '' for anything else."""
    for head, media in _PICTURES:
        if raw.startswith(head):
            return media
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    if raw[:2] == b"BM" and raw[6:10] == bytes(4) and len(raw) > 26:
        return "image/bmp"
    return "image/heic" if raw[4:12] in _HEIC else ""


def is_program(raw: bytes) -> bool:
    """Whether opening it would run it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = _ascii(raw[:128])
    if raw.startswith(b"MZ") and not _binary(raw[:512]):
        return False  # a text that begins with these letters
    return raw.startswith(_PROGRAMS) or (raw.startswith(OLE_HEAD) and _MSI in raw[:8192])


def _binary(raw: bytes) -> bool:
    return any(byte < 9 for byte in raw)


def pdf_at(raw: bytes) -> int:
    """Where a PDF begins, -1 when nowhere."""
    at = raw[: PDF_HEADER_WITHIN + 5].find(b"%PDF-")
    return at if at <= PDF_HEADER_WITHIN else -1


def markup(raw: bytes) -> str:
    """HTML, XML, SVG, mail or RTF, told by how the text begins (UTF-16 too); '' for anything else."""
    head = _ascii(raw[:8192])
    if head.lstrip().startswith(b"{\\rt"):
        return RTF
    if _HTML.match(head):
        return HTML
    if _XML.match(head):
        return HTML if re.search(rb"<(?:html|hta:application)[\s>]", head, re.IGNORECASE) else XML
    if (lines := _MAIL_LINE.match(head)) and _MAIL_NAMES.search(lines[0]):
        return MAIL
    return ""


def holds_a_page(raw: bytes) -> bool:
    """Whether a browser that guesses would show it as a page (WHATWG MIME Sniffing looks at the first bytes)."""
    return _HTML_INSIDE.search(_ascii(raw)) is not None


def _ascii(raw: bytes) -> bytes:
    """The bytes without marks and the zeros of UTF-16."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        raw = raw.removeprefix(mark)
    return raw.replace(b"\x00", b"")
