"""PDF files whose fonts tell other characters than their glyphs show, or none."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.documents.test_documents import pdf_of

Pairs = tuple[tuple[int, str], ...]
PLAN: Pairs = ((1, "计"), (2, "划"), (3, "完"), (4, "成"))
MARKED: Pairs = ((1, "机"), (2, "密"), (3, "★"), (4, "年"))


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
    yield "without truth: names", _with(simple, ((65, "a"), (66, "b")), b"4142", b"", b"", width=2)


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
    return _with(font, told, codes, _truetype(glyphs), places)


def _with(font: bytes, told: Pairs, codes: bytes, program: bytes, places: bytes, width: int = 4) -> bytes:
    table = b"1 beginbfchar\n%s\nendbfchar" % b"\n".join(
        b"<%0*X> <%s>" % (width, code, char.encode("utf-16-be").hex().encode()) for code, char in told
    )
    more = (
        font,
        *(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(s), s) for s in (table, program, places)),
    )
    return pdf_of(b"BT /F1 12 Tf 20 100 Td <%s> Tj ET" % codes, more=more).replace(b"/F1 5 0 R", b"/F1 6 0 R")


def _truetype(glyphs: Pairs) -> bytes:
    """As much of a TrueType font as says which glyph is which character: a `cmap` of one segment each."""
    segments = [*sorted((ord(char), glyph) for glyph, char in glyphs), (0xFFFF, 0)]
    codes = b"".join(struct.pack(">H", code) for code, _ in segments)
    deltas = b"".join(struct.pack(">H", (glyph - code) & 0xFFFF) for code, glyph in segments)
    count = len(segments)
    head = struct.pack(">HHHHHHH", 4, 16 + 8 * count, 0, 2 * count, 0, 0, 0)
    cmap = struct.pack(">HHHHL", 0, 1, 3, 1, 12) + head + codes + bytes(2) + codes + deltas + bytes(2 * count)
    return struct.pack(">LHHHH4sLLL", 0x10000, 1, 0, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap
