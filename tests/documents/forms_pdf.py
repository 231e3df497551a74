"""PDF, OpenDocument and OFD files that carry a mark somewhere a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.documents.forms_pdf_fonts import in_pdf_fonts, in_pdf_unseen
from tests.documents.papers import odf, ofd, para, pdf_text, run, word, zipped
from tests.documents.test_documents import pdf_of

MARK = "机密★10年"


IN_PDF = pdf_text(MARK)
TEXT = b"BT /F1 12 Tf 20 100 Td (plan) Tj ET"


def in_open_documents() -> Iterator[tuple[str, bytes]]:
    """OpenDocument and OFD."""
    yield from _in_opendocument()
    yield from _in_opendocument_looks()
    yield from _in_ofd()


def _in_opendocument() -> Iterator[tuple[str, bytes]]:
    """OpenDocument."""
    yield "spans", odf("<text:p>机<text:span>密</text:span>★10年</text:p>")
    yield (
        "note between",
        odf(
            "<text:p>机<text:note><text:note-body><text:p>见附件一</text:p></text:note-body></text:note>密★10年</text:p>"
        ),
    )
    yield (
        "comment between",
        odf("<text:p>机<office:annotation><text:p>请核对数据</text:p></office:annotation>密★10年</text:p>"),
    )
    yield "header", odf("", parts={"styles.xml": f"<style:header><text:p>{MARK}</text:p></style:header>"})
    yield (
        "deleted",
        odf(
            f"<text:tracked-changes><text:deletion><text:p>{MARK}</text:p></text:deletion></text:tracked-changes>"
        ),
    )
    yield (
        "user property",
        odf(
            "",
            parts={"meta.xml": f"<office:meta><meta:user-defined>{MARK}</meta:user-defined></office:meta>"},
        ),
    )
    yield "table name", odf(f'<table:table table:name="{MARK}"/>', "spreadsheet")
    yield "validation", odf(f'<table:help-message table:title="{MARK}"/>', "spreadsheet")


def _in_opendocument_looks() -> Iterator[tuple[str, bytes]]:
    """OpenDocument: styles, labels, pictures."""
    yield (
        "cell style",
        odf("<number:text-style><number:text>机密★</number:text></number:text-style>", "spreadsheet"),
    )
    yield (
        "cell style and cell",
        odf("<number:text-style><number:text>机密</number:text></number:text-style>", "spreadsheet"),
    )
    yield "list label", odf('<text:list-level-style-bullet text:bullet-char="★"/><text:p>机密</text:p>')
    yield "alternative text", odf(f"<draw:frame><svg:desc>{MARK}</svg:desc></draw:frame>")
    yield "symbol font", odf('<style:text-properties style:font-name="Wingdings"/><text:p>机密«10年</text:p>')
    yield "picture", odf("", parts={"Pictures/1.png": b"\x89PNG\r\n\x1a\n" + bytes(20)})
    yield "odg drawn", odf('<draw:path svg:d="M0 0"/>', "graphics")


def _in_ofd() -> Iterator[tuple[str, bytes]]:
    """OFD."""
    yield "ofd text", ofd(f"<ofd:TextObject><ofd:TextCode>{MARK}</ofd:TextCode></ofd:TextObject>")
    yield (
        "ofd pieces",
        ofd(
            "<ofd:TextObject><ofd:TextCode>机</ofd:TextCode><ofd:TextCode>密★10年</ofd:TextCode></ofd:TextObject>"
        ),
    )
    yield "ofd property", ofd("", {"Doc_0/Attributes.xml": f"<ofd:CustomData>{MARK}</ofd:CustomData>"})
    yield "ofd outline", ofd("", {"Doc_0/Document.xml": f'<ofd:OutlineElem Title="{MARK}"/>'})
    yield "ofd seal", ofd("", {"Doc_0/Signs/Sign_0/Seal.esl": b"\x30\x82\x01\x01"})
    yield (
        "ofd drawn",
        ofd(
            "<ofd:PathObject><ofd:AbbreviatedData>M 0 0 B 1 1 2 2 3 3</ofd:AbbreviatedData></ofd:PathObject>"
        ),
    )
    yield (
        "ofd glyphs",
        ofd("<ofd:TextObject><ofd:CGTransform/><ofd:TextCode>计划</ofd:TextCode></ofd:TextObject>"),
    )


def in_pdf() -> Iterator[tuple[str, bytes]]:
    """PDF files."""
    yield from _in_pdf_labels()
    yield from _in_pdf_objects()
    yield from _in_pdf_unread()
    yield from in_pdf_versions()
    yield from in_pdf_fonts()
    yield from in_pdf_unseen()


def _in_pdf_labels() -> Iterator[tuple[str, bytes]]:
    """Bookmarks, labels, layers, notes, stamps."""
    yield (
        "bookmark",
        pdf_of(
            TEXT,
            root=b"/Outlines 6 0 R",
            more=(b"<< /Type /Outlines /First 7 0 R >>", b"<< /Title %s /Parent 6 0 R >>" % IN_PDF),
        ),
    )
    yield (
        "page label",
        pdf_of(TEXT, root=b"/PageLabels << /Nums [0 << /S /D /P %s >>] >>" % pdf_text("机密★")),
    )
    yield (
        "layer",
        pdf_of(
            TEXT, root=b"/OCProperties << /OCGs [6 0 R] >>", more=(b"<< /Type /OCG /Name %s >>" % IN_PDF,)
        ),
    )
    yield "note", pdf_of(TEXT, page=b"/Annots [<< /Type /Annot /Subtype /Text /Contents %s >>]" % IN_PDF)
    yield "rich note", pdf_of(TEXT, page=b"/Annots [<< /Type /Annot /Subtype /FreeText /RC %s >>]" % IN_PDF)
    yield (
        "stamp",
        pdf_of(
            TEXT,
            page=b"/Annots [6 0 R]",
            more=(
                b"<< /Type /Annot /Subtype /Stamp /AP << /N 7 0 R >> >>",
                b"<< /Subtype /Form /Length 0 >>\nstream\n\nendstream",
            ),
        ),
    )


def _in_pdf_objects() -> Iterator[tuple[str, bytes]]:
    """Metadata, fields, objects that no page reaches, attachments."""
    xmp = "<?xpacket begin='' id='x'?><x:xmpmeta><dc:title>机<b/>密★10年</dc:title></x:xmpmeta><?xpacket end='w'?>".encode()
    yield (
        "XMP",
        pdf_of(
            TEXT,
            root=b"/Metadata 6 0 R",
            more=(
                b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(xmp), xmp),
            ),
        ),
    )
    yield (
        "field",
        pdf_of(
            TEXT,
            root=b"/AcroForm << /Fields [6 0 R] >>",
            more=(b"<< /FT /Tx /T (a) /V %s /Subtype /Widget >>" % IN_PDF,),
        ),
    )
    yield "property in GBK", pdf_of(TEXT, root=b"/Foo (%s)" % "机密*10年".encode("gb18030"))
    yield "alternative text", pdf_of(TEXT, more=(b"<< /Type /StructElem /S /Figure /Alt %s >>" % IN_PDF,))
    yield "unreached object", pdf_of(TEXT, more=(b"<< /Title %s >>" % IN_PDF,))
    yield "attachment", pdf_of(TEXT, more=(_stream(b"/Type /EmbeddedFile", MARK.encode()),))
    yield (
        "attached package",
        pdf_of(TEXT, more=(_stream(b"/Type /EmbeddedFile", word(para(run("机"), run("密★10年")))),)),
    )


def _in_pdf_unread() -> Iterator[tuple[str, bytes]]:
    """Pictures, drawings and fonts that nobody can read; what stands before or behind the file."""
    yield "picture", pdf_of(TEXT, more=(_stream(b"/Subtype /Image /Width 1 /Height 1", b"\0"),))
    yield "inline picture", pdf_of(TEXT + b" BI /W 1 /H 1 ID x EI")
    yield "page without words", pdf_of(b"")
    yield "drawn", pdf_of(TEXT + b" 0 0 m 1 2 3 4 5 6 c f")
    yield "drawn with straight lines", pdf_of(TEXT + b" 0 0 m 10 30 l 20 0 l 0 20 l 20 20 l f")
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+SimSun /Encoding /Identity-H /DescendantFonts [] >>"
    yield "font without its characters", pdf_of(TEXT, more=(font,))
    yield "symbol font", pdf_of(TEXT, more=(b"<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>",))
    yield "drawn font", pdf_of(TEXT, more=(b"<< /Type /Font /Subtype /Type3 >>",))
    yield "behind a line feed", b"\n" + pdf_of(TEXT)
    yield "behind a mark", MARK.encode() + b"\n" + pdf_of(TEXT)
    yield "package behind it", pdf_of(TEXT) + zipped({"a.txt": MARK})
    yield (
        "hexadecimal behind a line feed",
        b"\r\n%PDF-1.4\n1 0 obj<</Filter/ASCIIHexDecode>>stream\n"
        + MARK.encode().hex().encode()
        + b">\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    )


def _stream(keys: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (keys, len(content), content)


def saved_again(raw: bytes, number: int, body: bytes) -> bytes:
    """The PDF with one object written anew behind its end, as signing and commenting do."""
    before, at = int(raw.rpartition(b"startxref")[2].split()[0]), len(raw) + 1
    out = raw + b"\n%d 0 obj\n%s\nendobj\n" % (number, body)
    return out + (
        b"xref\n%d 1\n%010d 00000 n \ntrailer << /Size 20 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF"
        % (number, at, before, len(out))
    )


def in_pdf_versions() -> Iterator[tuple[str, bytes]]:
    """What was there before the file was saved again."""
    titled = pdf_of(TEXT, more=(b"<< /Title %s >>" % IN_PDF,))
    yield "older title", saved_again(titled, 6, b"<< /Title (plan) >>")
    noted = pdf_of(TEXT, page=b"/Annots [<< /Type /Annot /Subtype /Text /Contents %s >>]" % IN_PDF)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    yield "older note", saved_again(saved_again(noted, 3, page), 6, b"<< /Producer (x) >>")
    plain = pdf_of(TEXT)
    at = plain.index(b"xref\n0")
    yield (
        "without: left over",
        plain[:at]
        + plain[at:].replace(
            b"startxref\n%d" % at, b"7 0 obj\n(\\273\\372\\303\\334)\nendobj\nstartxref\n%d" % at
        ),
    )
