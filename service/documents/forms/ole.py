"""Old Word, Excel, PowerPoint and WPS files (OLE compound files): never read whole, but what runs in them is told."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import olefile

from service.documents.forms import kinds
from service.documents.forms.look import Look, Refused, Unfinished

_MACROS = {"vba", "macros", "_vba_project_cur", "_vba_project", "vbaproject"}
_DDE = re.compile(
    rb"(?i)\x13\s{0,8}D\x00?D\x00?E"
)  # a field of Word that begins so, one or two bytes a character
_OBJECTS = {"\x01ole10native", "objectpool", "package"}
_MAX_STREAMS = 2000
_BOUNDSHEET, _SUPBOOK = 0x0085, 0x01AE
_VBA_INFO = re.compile(rb"\x02\x00\xff\x03\x0c\x00\x00\x00.{4}(.{4})", re.DOTALL)


def look_at_ole(raw: bytes, look: Look) -> str:
    """Scans every stream for marks, and refuses macros, DDE and programs inside."""
    look.notes.add("old_format")
    look.scan(raw.decode("utf-16-le", "ignore"))
    look.strings(raw)
    try:
        with olefile.OleFileIO(io.BytesIO(raw)) as file:
            _streams(file, look)
    except (Refused, Unfinished):
        raise
    except Exception:  # olefile raises whatever a broken file leads it to: not read, never "passed"
        if re.search(rb"(?i)_\x00?V\x00?B\x00?A\x00?_\x00?P\x00?R\x00?O\x00?J", raw):
            look.refuse("active_content")
        look.notes.add("broken")
    return kinds.OLE


def _streams(file: olefile.OleFileIO, look: Look) -> None:
    names = file.listdir(streams=True, storages=True)
    look.spend(0, len(names))
    for path in names[:_MAX_STREAMS]:
        last = path[-1].lower()
        if last in _MACROS:
            look.refuse("active_content")
        if last in _OBJECTS:
            look.notes.add("embedded")
        if last == "encryptedpackage":
            look.notes.add("encrypted")
        if file.get_type(path) == olefile.STGTY_STREAM:
            size = file.get_size(path)
            look.spend(size)
            _stream(last, file.openstream(path).read(), look)


def _stream(name: str, raw: bytes, look: Look) -> None:
    look.harmless(raw)
    look.strings(raw)
    if name == "worddocument" and _DDE.search(raw):
        look.refuse("active_content")
    if name in ("workbook", "book") and any(_runs(kind, body) for kind, body in _records(raw)):
        look.refuse("active_content")
    if name == "powerpoint document" and any(found[1] != bytes(4) for found in _VBA_INFO.finditer(raw)):
        look.refuse("active_content")
    if name == "\x01ole10native":
        _native(raw, look)


def _records(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a BIFF stream."""
    at = 0
    while at + 4 <= len(raw):
        kind, size = (
            int.from_bytes(raw[at : at + 2], "little"),
            int.from_bytes(raw[at + 2 : at + 4], "little"),
        )
        yield kind, raw[at + 4 : at + 4 + size]
        at += 4 + size


def _runs(kind: int, body: bytes) -> bool:
    """A sheet of Excel 4 macros, or a link to another program ([MS-XLS] 2.4.28, 2.4.271)."""
    if kind == _BOUNDSHEET:
        return len(body) > 5 and body[5] == 1
    return kind == _SUPBOOK and len(body) > 6 and (b"\x03" in body[5:].replace(b"\x00", b""))


def _native(raw: bytes, look: Look) -> None:
    """A packed file: its name stands in the first kilobytes, its bytes behind."""
    if re.search(
        rb"(?i)\.(?:exe|scr|bat|cmd|com|pif|ps1|vbs|vbe|js|jse|wsf|hta|lnk|msi|jar|dll|cpl)\x00", raw[:4096]
    ):
        look.refuse("active_content")
    at = raw[:8192].find(b"MZ")
    if at >= 0 and b"This program" in raw[at : at + 512]:
        look.refuse("active_content")
