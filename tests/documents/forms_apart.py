"""Files of which no part is a mark, and whose page shows one: its parts stand in several places, or in another order."""

from __future__ import annotations

from collections.abc import Iterator

from tests.documents.forms_pdf import TEXT
from tests.documents.papers import odf, ofd, para, run, sheet, slides, word, zipped
from tests.documents.test_documents import pdf_of

TAIL = "★10年"
REST = f"密{TAIL}"
OTHER = "房改造建设工程项目"  # what is not seen between
CUSTOM = '<Properties><property name="定级"><vt:lpwstr>机密</vt:lpwstr></property></Properties>'
CORE = "<{0}><dc:title>机密</dc:title></{0}>"


def in_pieces() -> Iterator[tuple[str, bytes]]:
    """A mark in parts that nothing in the file joins: told, or found where the file says how they lie."""
    yield from _in_word()
    yield from _in_sheets_and_slides()
    yield from _in_open_documents()


def _in_word() -> Iterator[tuple[str, bytes]]:
    art = '<w:r><w:pict><v:shape type="#_x0000_t136"><v:textpath string="{}"/></v:shape></w:pict></w:r>'
    yield "word art and text", word(para(art.format("机密"), run(TAIL)))
    yield "two word arts", word(para(art.format("机密"), art.format(TAIL)))
    yield (
        "heading and foot",
        word(para(run("机密")), word__footer1_dot_xml=f"<w:ftr>{para(run(TAIL))}</w:ftr>"),
    )
    yield "property by a field", word(para(run(TAIL)), docProps__custom_dot_xml=CUSTOM)
    yield "title by a field", word(para(run(TAIL)), docProps__core_dot_xml=CORE.format("cp:coreProperties"))
    yield "bound content", word(para(run(TAIL)), customXml__item1_dot_xml="<a><b>機密</b></a>")
    yield "choice", word(f'<w:sdt><w:listItem w:displayText="机密"/></w:sdt>{para(run(TAIL))}')
    frame = '<w:p><w:pPr><w:framePr w:x="{}"/></w:pPr>{}</w:p>'
    yield "frames the other way", word(frame.format(3000, run(REST)) + frame.format(1000, run("机")))
    yield (
        "label in a box apart",
        word(para(run("机密")), word__header1_dot_xml=f"<w:hdr>{para(run('密级：'))}</w:hdr>"),
    )
    yield "weak star", word(para(run("机密")), word__footer1_dot_xml=f"<w:ftr>{para(run('*１０年'))}</w:ftr>")


def _in_sheets_and_slides() -> Iterator[tuple[str, bytes]]:
    cell = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    row = '<row r="{}">{}</row>'
    yield (
        "cells the other way",
        sheet(f"<sheetData>{row.format(1, cell.format('C1', REST) + cell.format('B1', '机'))}</sheetData>"),
    )
    yield (
        "rows the other way",
        sheet(
            f"<sheetData>{row.format(2, cell.format('A2', REST))}{row.format(1, cell.format('A1', '机'))}</sheetData>"
        ),
    )
    yield (
        "characters in cells",
        sheet(
            "<sheetData>" + "".join(cell.format("A1", char) for char in f"★{'x'}密{'y'}机") + "</sheetData>"
        ),
    )
    yield (
        "two shapes",
        slides(
            f"<a:p><a:r><a:t>{REST}</a:t></a:r></a:p></p:txBody><p:txBody><a:p><a:r><a:t>机</a:t></a:r></a:p>"
        ),
    )


def _in_open_documents() -> Iterator[tuple[str, bytes]]:
    for name, gone, left in (("deleted end", REST, "机{}公开"), ("deleted middle", "密", "机{}★10年")):
        region = f'<text:changed-region text:id="c"><text:deletion><text:p>{gone}</text:p></text:deletion></text:changed-region>'
        point = left.format('<text:change text:change-id="c"/>')
        yield name, odf(f"<text:tracked-changes>{region}</text:tracked-changes><text:p>{point}</text:p>")
    yield (
        "variable",
        odf(f'<text:p><text:variable-set office:string-value="机密" text:display="none"/>{TAIL}</text:p>'),
    )
    yield (
        "title",
        odf(f"<text:p><text:title/>{TAIL}</text:p>", parts={"meta.xml": CORE.format("office:meta")}),
    )
    yield (
        "page and its template",
        ofd(_placed(REST, 40), parts={"Doc_0/Tpls/T.xml": f"<ofd:Page>{_placed('机', 30)}</ofd:Page>"}),
    )


def in_another_order() -> Iterator[tuple[str, bytes]]:
    """OFD says where each text lies."""
    yield "objects the other way", ofd(_placed("级：机密", 40) + _placed("方案", 0, 30) + _placed("密", 30))
    yield (
        "characters the other way",
        ofd("".join(_placed(char, 5 * at) for at, char in reversed([*enumerate("密级机密")]))),
    )
    yield "from the right", ofd(_placed("年01★密机", 40, more='DeltaX="-5 -5 -5 -5 -5"'))
    yield (
        "read from behind",
        ofd(_placed("密机：级密", 40).replace("<ofd:TextObject", '<ofd:TextObject ReadDirection="180"')),
    )
    moved = '<ofd:TextObject Boundary="0 0 9 9"><ofd:TextCode X="20" Y="4">密★10年</ofd:TextCode><ofd:TextCode X="0" Y="4">机</ofd:TextCode></ofd:TextObject>'
    yield "moved back", ofd(moved)
    turned = '<ofd:TextObject Boundary="0 10 9 9" CTM="1 0 0 1 {} 0"><ofd:TextCode X="0" Y="4">{}</ofd:TextCode></ofd:TextObject>'
    yield "moved by a matrix", ofd(turned.format(60, "级：机密") + turned.format(20, "密"))
    yield (
        "set downwards",
        ofd("".join(_placed(char, 50, 20 * at) for at, char in reversed([*enumerate("机密★")]))),
    )


def in_disguise() -> Iterator[tuple[str, bytes]]:
    """What a reader does not see stands between, or what stands there is shown the other way round."""
    yield from _alternatives()
    yield from _unseen_on_slides_and_cells()
    yield from _unseen_by_styles()
    yield from _named_and_meant()


def _alternatives() -> Iterator[tuple[str, bytes]]:
    shown = (
        "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>"
    )
    yield "first choice", word(para(run("机"), shown.format(run("密"), run(OTHER)), run(TAIL)))
    yield "second choice", word(para(run("机"), shown.format(run(OTHER), run("密")), run(TAIL)))
    yield "turned round", word(para('<w:bdo w:val="rtl"><w:r><w:t>年01★密机</w:t></w:r></w:bdo>'))
    for name, dress in (
        ("white", '<w:color w:val="FFFFFF"/>'),
        ("tiny", '<w:sz w:val="2"/>'),
        ("style", '<w:rStyle w:val="H"/>'),
    ):
        hidden = '<w:styles><w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
        between = run(OTHER, f"<w:rPr>{dress}</w:rPr>")
        yield f"{name} words between", word(para(run("机"), between, run(REST)), word__styles_dot_xml=hidden)


def _unseen_on_slides_and_cells() -> Iterator[tuple[str, bytes]]:
    based = '<w:styles><w:style w:styleId="H"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style><w:style w:styleId="K"><w:basedOn w:val="H"/></w:style></w:styles>'
    between = run(OTHER, '<w:rPr><w:rStyle w:val="K"/></w:rPr>')
    yield (
        "words of a style on a white one",
        word(para(run("机"), between, run(REST)), word__styles_dot_xml=based),
    )
    for name, size, fill in (
        ("white", "", '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'),
        ("tiny", ' sz="100"', ""),
    ):
        runs = "".join(
            f"<a:r>{dress}<a:t>{text}</a:t></a:r>"
            for dress, text in (("", "机"), (f"<a:rPr{size}>{fill}</a:rPr>", OTHER), ("", REST))
        )
        yield f"{name} words between on a slide", slides(f"<a:p>{runs}</a:p>")
    white = f'<sst><si><r><t>机</t></r><r><rPr><color rgb="FFFFFFFF"/></rPr><t>{OTHER}</t></r><r><t>{REST}</t></r></si></sst>'
    yield "white words between in a cell", sheet(parts={"xl/sharedStrings.xml": white})


def _unseen_by_styles() -> Iterator[tuple[str, bytes]]:
    for name, said in (("hidden", 'text:display="none"'), ("white", 'fo:color="#FFFFFF"')):
        style = f'<style:style style:name="H"><style:text-properties {said}/></style:style>'
        spans = f'<text:p>机<text:span text:style-name="H">{OTHER}</text:span>{REST}</text:p>'
        yield (
            f"{name} style of OpenDocument",
            odf(f"<office:automatic-styles>{style}</office:automatic-styles>{spans}"),
        )
        yield (
            f"{name} style of another part",
            odf(spans, parts={"styles.xml": f"<office:styles>{style}</office:styles>"}),
        )


def _named_and_meant() -> Iterator[tuple[str, bytes]]:
    yield "named by its element", ofd("", parts={"Doc_0/Tags/CustomTag.xml": "<a><密级>机密</密级></a>"})
    yield (
        "mirrored",
        ofd(_placed("年01★密机", 40).replace("<ofd:TextObject", '<ofd:TextObject CTM="-1 0 0 1 50 0"')),
    )
    key = b"".join(b"#%02X" % byte for byte in "密级".encode())
    yield (
        "pdf named by its key",
        pdf_of(
            TEXT,
            root=b"/PieceInfo << /" + key + b" <FEFF" + "机密".encode("utf-16-be").hex().encode() + b"> >>",
        ),
    )
    meant = f"<FEFF{'机密★10年'.encode('utf-16-be').hex()}>".encode()
    for name, said in (
        ("hex", meant),
        (
            "octal",
            b"("
            + "".join(f"\\{byte:03o}" for byte in b"\xef\xbb\xbf" + "机密★10年".encode()).encode()
            + b")",
        ),
    ):
        yield f"pdf meant in {name}", pdf_of(b"/Span <</ActualText " + said + b">> BDC " + TEXT + b" EMC")
    yield "name of a folder", zipped({"机密级文件/一.txt": "公开"})
    yield "name of a file", zipped({"方案（机密）.txt": "公开"})


def in_letters_drawn() -> Iterator[tuple[str, bytes]]:
    """Plain letters that a program shows as a page or a picture."""
    yield "drawn: postscript", b"%!PS-Adobe-3.0\n<673A> show\n"
    yield "drawn: bitmap", b"P1\n# made\n4 2\n0 1 0 1 1 0 1 0\n"
    yield "drawn: pixmap", b'/* XPM */\nstatic char *a[] = {"2 2 1 1"};\n'
    yield "drawn: plan", b"0\nSECTION\n2\nENTITIES\n1\n\\U+673A\n"


def _placed(text: str, x: float, y: float = 10, more: str = "") -> str:
    code = f'<ofd:TextCode X="0" Y="4" {more}>{text}</ofd:TextCode>'
    return f'<ofd:TextObject Boundary="{x} {y} 10 5">{code}</ofd:TextObject>'
