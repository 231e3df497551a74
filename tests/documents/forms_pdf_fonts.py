"""PDF files whose fonts tell other characters than their glyphs show, or none."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.documents.test_documents import pdf_of

Pairs = tuple[tuple[int, str], ...]
PLAN: Pairs = ((1, "计"), (2, "划"), (3, "完"), (4, "成"))
MARKED: Pairs = ((1, "机"), (2, "密"), (3, "★"), (4, "年"))


def in_pdf_unseen() -> Iterator[tuple[str, bytes]]:
    """What nobody sees between the parts of a mark; a mark where no page leads."""
    first, other, rest = b"<0001>", b"<000600070008>", b"<00020003000400050005>"
    for name, hide, show in (("white", b"1 g", b"0 g"), ("drawn not at all", b"3 Tr", b"0 Tr")):
        line = b"BT /F1 12 Tf 20 100 Td %s Tj %s %s Tj %s %s Tj ET" % (first, hide, other, show, rest)
        yield f"letters in between: {name}", _drawn(line)
    whole = b"BT /F1 12 Tf 20 100 Td <000100020003> Tj ET"
    stream = b"<< %s /Resources << /Font << /F1 6 0 R >> >> /Length %d >>\nstream\n%s\nendstream"
    form = stream % (b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]", len(whole), whole)
    yield "a drawing that no page draws", _drawn(b"BT /F1 12 Tf 20 100 Td %s Tj ET" % other, form)
    page = b"<< /Type /Page /MediaBox [0 0 9 9] /Contents 9 0 R /Resources << /Font << /F1 6 0 R >> >> >>"
    yield (
        "a page outside the book",
        _drawn(b"BT /F1 12 Tf 20 100 Td %s Tj ET" % other, stream % (b"", len(whole), whole), page),
    )


def _drawn(line: bytes, *more: bytes) -> bytes:
    """A page of these drawing operators, in a font of eight characters; `more` are objects from 9 on."""
    signs: Pairs = tuple(enumerate("机密★年一房公开", 1))
    return font_of(signs, glyphs=signs, line=line, more=more)


def in_pdf_fonts() -> Iterator[tuple[str, bytes]]:
    """Each shows a mark, or may."""
    yield "without truth: glyphs", font_of(PLAN, glyphs=MARKED)
    yield (
        "without truth: glyphs by a map",
        font_of(PLAN, glyphs=tuple((n + 9, c) for n, c in MARKED), moved=9),
    )
    yield "without truth: code", font_of(((0x5BC6, "码"),), codes=b"5BC6", encoding=b"/UniGB-UTF16-H")
    yield "without truth: GBK code", font_of(((0xC3DC, "码"),), codes=b"C3DC", encoding=b"/GBK-EUC-H")
    yield "without some characters", font_of(PLAN[:2], glyphs=((9, "x"),))
    yield "without a font in the file", font_of(PLAN)
    yield "without words", font_of(((1, "计"), (2, "\ufffd"), (3, "\ufffd"), (4, "完")), glyphs=((9, "x"),))
    simple = b"<< /Type /Font /Subtype /TrueType /BaseFont /A /Encoding << /Differences [65 /uni673A /uni5BC6] >> /ToUnicode 7 0 R >>"
    yield (
        "without truth: names",
        _page(simple, b"BT /F1 12 Tf 20 100 Td (AB) Tj ET", [_table(((65, "a"), (66, "b")), 2)]),
    )


HONEST_FONTS = {
    "pdf with a subset": (PLAN, PLAN),
    "pdf whose glyphs are radicals": (((1, "⻓"), (2, "⼯"), (3, "机"), (4, "密")), ((1, "长"), (2, "工"), (3, "机"), (4, "密"))),
    "pdf with a font that names nothing": (PLAN, ((9, "x"),)),
}  # fmt: skip


def font_of(
    told: Pairs,
    *,
    glyphs: Pairs = (),
    moved: int = 0,
    codes: bytes = b"0001000200030004",
    encoding: bytes = b"/Identity-H",
    line: bytes = b"",
    more: tuple[bytes, ...] = (),
) -> bytes:
    """A page set in a font that says `told` of its codes and holds `glyphs` (number, character)."""
    inner = (
        b"/FontDescriptor << /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 8 0 R >>"
        if glyphs
        else b""
    )
    inner += b" /CIDToGIDMap 9 0 R" if moved else b""
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding %s /DescendantFonts"
        b" [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A %s >>] /ToUnicode 7 0 R >>" % (encoding, inner)
    )
    places = b"".join(struct.pack(">H", n + moved) for n in range(8))
    streams = [_table(told), _truetype(glyphs), *([places] if moved else [])]
    return _page(font, line or b"BT /F1 12 Tf 20 100 Td <%s> Tj ET" % codes, streams, more)


def _table(told: Pairs, width: int = 4) -> bytes:
    lines = (b"<%0*X> <%s>" % (width, code, char.encode("utf-16-be").hex().encode()) for code, char in told)
    return b"1 beginbfchar\n%s\nendbfchar" % b"\n".join(lines)


def _page(font: bytes, line: bytes, streams: list[bytes], more: tuple[bytes, ...] = ()) -> bytes:
    """The font is object 6, its table 7, its program 8; then what there is more."""
    parts = (b"<< /Length %d >>\nstream\n%s\nendstream" % (len(each), each) for each in streams)
    return pdf_of(line, more=(font, *parts, *more)).replace(b"/F1 5 0 R", b"/F1 6 0 R")


def _truetype(glyphs: Pairs) -> bytes:
    """As much of a TrueType font as says which glyph is which character: a `cmap` of one segment each."""
    segments = [*sorted((ord(char), glyph) for glyph, char in glyphs), (0xFFFF, 0)]
    codes = b"".join(struct.pack(">H", code) for code, _ in segments)
    deltas = b"".join(struct.pack(">H", (glyph - code) & 0xFFFF) for code, glyph in segments)
    count = len(segments)
    head = struct.pack(">HHHHHHH", 4, 16 + 8 * count, 0, 2 * count, 0, 0, 0)
    cmap = struct.pack(">HHHHL", 0, 1, 3, 1, 12) + head + codes + bytes(2) + codes + deltas + bytes(2 * count)
    return struct.pack(">LHHHH4sLLL", 0x10000, 1, 0, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap
