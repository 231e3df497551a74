"""Opens a file by what its bytes are; its name only makes a text a page."""

from __future__ import annotations

import re

from service.documents.forms import kinds
from service.documents.forms.look import Look, Unfinished
from service.documents.forms.markup import look_at_mail, look_at_page, look_at_rtf, look_at_xml
from service.documents.forms.ole import look_at_ole
from service.documents.forms.package import look_at_package
from service.documents.forms.pdf import look_at_pdf
from service.documents.forms.plain import look_at_text
from service.documents.names import renders

_MARKUP = {kinds.RTF: look_at_rtf, kinds.HTML: look_at_page, kinds.MAIL: look_at_mail, kinds.XML: look_at_xml}
_PACKET = re.compile(rb"<\?xpacket begin.{0,65536}?<\?xpacket end", re.DOTALL)


def look_at(raw: bytes, look: Look, name: str = "") -> str:
    """Reads the file and returns its media type; raises `Refused`. What was not read stands in the notes."""
    look.harmless(raw)
    if kinds.is_program(raw):
        look.refuse("executable_content")
    media = ""
    try:
        media = media_of(raw)
        if media == kinds.TEXT and renders(name):
            media = kinds.HTML  # a browser goes by the name
        return _READERS[media](raw, look) if media in _READERS else _picture(raw, media, look)
    except Unfinished:
        # What was built to have no end is not kept; what is merely long was not read to its end.
        if media == kinds.ZIP:
            look.refuse("unreadable_file")
        look.notes.add("not_finished")
        return media


def media_of(raw: bytes) -> str:
    """The media type by the first bytes; an office file is a ZIP until it is opened."""
    if (media := kinds.picture(raw)) != "":
        return media
    if raw.startswith(b"PK\x03\x04"):
        return kinds.ZIP
    if raw.startswith(kinds.OLE_HEAD):
        return kinds.OLE
    if kinds.pdf_at(raw) >= 0:
        return kinds.PDF
    return kinds.markup(raw) or kinds.TEXT


def _picture(raw: bytes, media: str, look: Look) -> str:
    """What a picture shows is not read here; what is written into it in letters is."""
    look.notes.add("pictures")
    look.strings(raw)
    for packet in _PACKET.findall(raw):
        look.read(re.sub("<[^<>]{0,2000}>", "\n", packet.decode("utf-8", "ignore")))
    return media


_READERS = {
    kinds.PDF: look_at_pdf,
    kinds.ZIP: look_at_package,
    kinds.OLE: look_at_ole,
    kinds.TEXT: look_at_text,
    **_MARKUP,
}
