"""Builds the files the tests hand in: small, honest in structure, one place of text each."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A package of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def word(inner: str = "<w:p><w:r><w:t>依托政务云建设</w:t></w:r></w:p>", **parts: str | bytes) -> bytes:
    """A Word file; `parts` by name with __ for / and _dot_ for dots."""
    more = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {W}><w:body>{inner}</w:body></w:document>",
            **more,
        }
    )


def run(text: str, inside: str = "") -> str:
    """A run of Word."""
    return f"<w:r>{inside}<w:t>{text}</w:t></w:r>"


def para(*runs: str) -> str:
    """A paragraph of Word."""
    return f"<w:p>{''.join(runs)}</w:p>"


def sheet(
    inner: str = "<sheetData><row><c><v>1</v></c></row></sheetData>",
    name: str = "表一",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An Excel file of one sheet."""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook {S}><sheets><sheet name="{name}" sheetId="1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f"<worksheet {S}>{inner}</worksheet>",
            **(parts or {}),
        }
    )


def slides(
    inner: str = "<a:p><a:r><a:t>建设方案</a:t></a:r></a:p>", parts: Mapping[str, str | bytes] | None = None
) -> bytes:
    """A PowerPoint file of one slide."""
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": "<p:presentation/>",
            "ppt/slides/slide1.xml": f"<p:sld><p:txBody>{inner}</p:txBody></p:sld>",
            **(parts or {}),
        }
    )


def odf(inner: str, kind: str = "text", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OpenDocument file."""
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content><office:body>{inner}</office:body></office:document-content>",
            **(parts or {}),
        }
    )


def ofd(inner: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """An OFD file of one page."""
    return zipped(
        {
            "OFD.xml": "<ofd:OFD><ofd:DocBody/></ofd:OFD>",
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page><ofd:Layer>{inner}</ofd:Layer></ofd:Page>",
            **(parts or {}),
        }
    )


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file: each stream at the root, or in one storage with `storage/stream` ([MS-CFB], version 3).

    Streams are padded to 4096 bytes, so that all lie in ordinary sectors.
    """
    storages = sorted({name.partition("/")[0] for name in streams if "/" in name})
    entries: list[tuple[str, int, int, int, int]] = []  # name, kind, child, first sector, size
    sectors, fat, placed = _in_sectors(streams)
    top = [*storages, *(name for name in streams if "/" not in name)]
    numbers = {
        name: number for number, name in enumerate([*top, *(name for name in streams if "/" in name)], 1)
    }
    for name in numbers:
        if name in storages:
            inside = [other for other in streams if other.startswith(f"{name}/")]
            entries.append((name, 1, numbers[inside[0]], 0, 0))
        else:
            entries.append((name.partition("/")[2] or name, 2, 0xFFFFFFFF, *placed[name]))
    table = _entry("Root Entry", 5, 0xFFFFFFFF, numbers[top[0]], 0xFFFFFFFE, 0)
    for path, (name, kind, child, first, size) in zip(numbers, entries, strict=True):
        table += _entry(name, kind, _right(path, top, numbers), child, first, size)
    table += bytes(-len(table) % 512)
    directory = len(sectors)
    count = len(table) // 512
    sectors += [table[n * 512 : n * 512 + 512] for n in range(count)]
    fat += [*range(directory + 1, directory + count), 0xFFFFFFFE]
    needed = (len(fat) + 128) // 128 + 1
    fat += [0xFFFFFFFD] * needed
    fat += [0xFFFFFFFF] * (needed * 128 - len(fat))
    first_fat = len(sectors)
    sectors += [struct.pack("<128I", *fat[n * 128 : n * 128 + 128]) for n in range(needed)]
    head = _header(needed, directory, first_fat)
    return head + b"".join(sectors)


def _right(path: str, top: list[str], numbers: dict[str, int]) -> int:
    """The next entry beside this one: at the root, or in the same storage."""
    storage = path.partition("/")[0]
    siblings = top if path in top else [other for other in numbers if other.startswith(f"{storage}/")]
    following = siblings[siblings.index(path) + 1 :]
    return numbers[following[0]] if following else 0xFFFFFFFF


def _header(needed: int, directory: int, first_fat: int) -> bytes:
    """Where the directory and the chain begin."""
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, needed, directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    difat = [first_fat + n for n in range(needed)]
    head += struct.pack("<109I", *difat, *[0xFFFFFFFF] * (109 - needed))
    return head


def _in_sectors(streams: dict[str, bytes]) -> tuple[list[bytes], list[int], dict[str, tuple[int, int]]]:
    """Each stream in sectors of its own, and the chain that leads through them."""
    sectors: list[bytes] = []
    fat: list[int] = []
    placed: dict[str, tuple[int, int]] = {}
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")
        content += bytes(-len(content) % 512)
        first, count = len(sectors), len(content) // 512
        sectors += [content[n * 512 : n * 512 + 512] for n in range(count)]
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        placed[name] = (first, len(content))
    return sectors, fat, placed


def _entry(name: str, kind: int, right: int, child: int, first: int, size: int) -> bytes:
    title = (name + "\0").encode("utf-16-le")
    made = title.ljust(64, b"\0") + struct.pack("<HBB", len(title), kind, 1)
    made += struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36)
    return made + struct.pack("<IQ", first, size)


def pdf_text(words: str) -> bytes:
    """A PDF text string."""
    return b"<FEFF" + words.encode("utf-16-be").hex().upper().encode() + b">"
