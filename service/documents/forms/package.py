"""ZIP containers: opened within bounds, every entry read by what it is, nothing hidden between the entries."""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from collections.abc import Iterator

from service.documents.forms import kinds
from service.documents.forms.halves import Halves
from service.documents.forms.look import Look, Refused, Unfinished
from service.documents.forms.ofd import Page
from service.documents.forms.offices import Part, Parts
from service.documents.names import dangerous, stem

MAX_RATIO = 400  # a part that unpacks to more than this many times its size …
RATIO_FROM = 8 << 20  # … and to more than this is a bomb
_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ODF = re.compile(
    rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation|graphics)(-template)?"
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAIN = {
    "word/document.xml": _OFFICE + "wordprocessingml.document",
    "xl/workbook.xml": _OFFICE + "spreadsheetml.sheet",
    "xl/workbook.bin": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "ppt/presentation.xml": _OFFICE + "presentationml.presentation",
    "OFD.xml": kinds.OFD,
}
_TYPES = (  # by [Content_Types].xml, when the main part has another name, as the standard allows
    (b"wordprocessingml.document.main+xml", _OFFICE + "wordprocessingml.document"),
    (b"wordprocessingml.template.main+xml", _OFFICE + "wordprocessingml.document"),
    (b"spreadsheetml.sheet.main+xml", _OFFICE + "spreadsheetml.sheet"),
    (b"spreadsheetml.template.main+xml", _OFFICE + "spreadsheetml.sheet"),
    (b"presentationml.presentation.main+xml", _OFFICE + "presentationml.presentation"),
    (b"presentationml.slideshow.main+xml", _OFFICE + "presentationml.presentation"),
)
_END = b"PK\x05\x06"
_UNICODE_PATH = (
    0x7075  # a second name of an entry, which WinRAR, 7-Zip and Info-ZIP show in place of the first
)
_DESCRIPTOR = 24  # bytes that may follow an entry


def look_at_package(raw: bytes, look: Look) -> str:
    """Reads all of it; the media type of an office file, or ZIP for a pack of files."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            infos = package.infolist()
            names = [info.filename for info in infos]
            # Of two parts with one name a reader may show either; other packings than these cannot be bounded.
            if len(set(names)) < len(names) or {info.compress_type for info in infos} - _PACKINGS:
                raise Refused("unreadable_file", look.where)
            look.spend(0, len(names))
            _between(raw, package, infos, look)
            _beside(raw, package.comment, infos, look)
            media = _media(package, names)
            if media is None:
                return _pack(package, infos, look)
            _office(media, _parts_of(package, infos, look), look)
            return media
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise Refused("unreadable_file", look.where) from error


def _office(media: str, parts: dict[str, bytes], look: Look) -> None:
    """All parts of an office file; one that is merely long is told as not read to its end."""
    try:
        Parts(media, look, Page if media == kinds.OFD else Part).read(parts)
    except Unfinished:
        look.notes.add("not_finished")


def _media(package: zipfile.ZipFile, names: list[str]) -> str | None:
    found = next((media for part, media in _MAIN.items() if part in names), None)
    if found is not None:
        return found
    if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
        match = _ODF.match(unpacked(package, package.getinfo("mimetype")).strip())
        return match[0].decode() if match else None
    if "[Content_Types].xml" in names and package.getinfo("[Content_Types].xml").file_size < 1 << 20:
        types = unpacked(package, package.getinfo("[Content_Types].xml"))
        return next((media for told, media in _TYPES if told in types), None)
    return None


def _between(raw: bytes, package: zipfile.ZipFile, infos: list[zipfile.ZipInfo], look: Look) -> None:
    """What lies before, between and behind the entries belongs to none of them and was read by nobody."""
    at = 0
    for info in sorted(infos, key=lambda each: each.header_offset):
        head = info.header_offset
        if not 0 <= head - at <= _DESCRIPTOR:
            look.notes.add("parts")
        at = head + 30 + sum(int.from_bytes(raw[head + n : head + n + 2], "little") for n in (26, 28))
        at += info.compress_size
    if package.start_dir - at > _DESCRIPTOR:
        look.notes.add("parts")


def _beside(raw: bytes, comment: bytes, infos: list[zipfile.ZipInfo], look: Look) -> None:
    """What a desktop shows beside the entries: comments of the package and of each, and their further fields."""
    said = [comment, *(info.comment for info in infos)]
    look.read_lines(each.decode("utf-8", "ignore") for each in said)
    look.read_lines(each.decode("gb18030", "ignore") for each in said)
    further = [info.extra for info in infos]
    for info in infos:
        name, extra = (
            int.from_bytes(raw[info.header_offset + n : info.header_offset + n + 2], "little")
            for n in (26, 28)
        )
        further.append(raw[info.header_offset + 30 + name : info.header_offset + 30 + name + extra])
    look.strings(b"\0\0".join(further))
    if behind := raw[raw.rfind(_END) + 22 + len(comment) :]:
        look.strings(behind)
        look.notes.add("parts")


def unpacked(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """No more than the entry says it holds: `package.read` unpacks first and cuts afterwards."""
    with package.open(info) as part:
        return part.read(info.file_size + 1)


def _opened(package: zipfile.ZipFile, info: zipfile.ZipInfo, look: Look) -> bytes:
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise Refused("unreadable_file", look.where)
    look.spend(info.file_size)
    raw = unpacked(package, info)
    look.harmless(raw)
    return raw


def _parts_of(package: zipfile.ZipFile, infos: list[zipfile.ZipInfo], look: Look) -> dict[str, bytes]:
    """The parts of an office file by name."""
    found = {}
    for info in infos:
        if info.is_dir():
            continue
        if info.flag_bits & 1:
            look.notes.add("encrypted")
            continue
        found[info.filename] = _opened(package, info, look)
    return found


def _pack(package: zipfile.ZipFile, infos: list[zipfile.ZipInfo], look: Look) -> str:
    """A pack of files: each is looked at as if it were handed in alone."""
    files = 0
    for info in infos:
        inner = _named(info, look)
        if info.is_dir():
            continue
        files += 1
        if info.flag_bits & 1:
            look.notes.add("encrypted")
            continue
        _entry(_opened(package, info, inner), inner)
    if not files:
        raise Refused("empty_file", look.where)
    return kinds.ZIP


def _named(info: zipfile.ZipInfo, look: Look) -> Look:
    """The look inside an entry, each of whose names says nothing it must not, and leads nowhere out of the pack."""
    inner = look.inside(entry_name(info))
    inner.halves = Halves()  # no page shows two files beside each other
    if stat.S_ISLNK(info.external_attr >> 16):  # unpacked, it is whatever it points to
        inner.refuse("unsafe_entry")
    for name in {entry_name(info), *_second_names(info.extra)}:
        steps = re.split(r"[\\/]", name)
        inner.read_lines((name, *steps, stem(steps[-1])))
        if ".." in steps or name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name):
            inner.refuse("unsafe_entry")
        if not info.is_dir() and (code := dangerous(steps[-1])) is not None:
            inner.refuse(code)
    return inner


def _second_names(extra: bytes) -> Iterator[str]:
    """Names in the further fields of an entry (APPNOTE 4.6.9)."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH:
            yield extra[at + 9 : at + 4 + size].decode("utf-8", "replace")
        at += 4 + size


def _entry(raw: bytes, look: Look) -> None:
    """One file of a pack; a type that is not taken alone may lie in a pack, and was not read."""
    if not raw:
        return
    try:
        look.open(raw, look, look.where)
    except Refused as refused:
        if refused.code not in ("unsupported_file", "empty_file"):
            raise
        look.strings(raw)
        look.notes.add("entries")


def entry_name(info: zipfile.ZipInfo) -> str:
    """The name as a Chinese desktop shows it: UTF-8 where it says so or is so, else GB 18030."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
