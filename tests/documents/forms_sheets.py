"""Excel and PowerPoint files that carry a mark somewhere a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.documents.papers import sheet, slides

MARK = "机密★10年"


def in_sheets() -> Iterator[tuple[str, bytes]]:
    """Excel files."""
    yield from _in_cells_and_headings()
    yield from _told_beside_cells()
    yield from _by_formats_and_fonts()
    yield from _by_escapes_and_formulas()


def _in_cells_and_headings() -> Iterator[tuple[str, bytes]]:
    """Cells, names of sheets, headers."""
    shared = {"xl/sharedStrings.xml": "<sst><si><r><t>机</t></r><r><t>密★10年</t></r></si></sst>"}
    yield "shared string in runs", sheet(parts=shared)
    two = {
        "xl/sharedStrings.xml": "<sst><si><t>机密</t></si><si><t>其他内容</t></si><si><t>★10年</t></si></sst>"
    }
    yield (
        "cells side by side",
        sheet('<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>2</v></c></row></sheetData>', parts=two),
    )
    yield "sheet name", sheet(name=MARK)
    yield (
        "hidden sheet",
        sheet(parts={"xl/worksheets/sheet9.xml": f"<worksheet><c><is><t>{MARK}</t></is></c></worksheet>"}),
    )
    yield (
        "header codes",
        sheet(
            '<headerFooter><oddHeader>&amp;C机密&amp;"宋体,常规"&amp;12★&amp;K00000010年</oddHeader></headerFooter>'
        ),
    )
    yield (
        "header names the sheet",
        sheet("<headerFooter><oddFooter>&amp;R&amp;A★10年</oddFooter></headerFooter>", name="机密"),
    )


def _told_beside_cells() -> Iterator[tuple[str, bytes]]:
    """Prompts, lists, names, comments, boxes."""
    yield (
        "validation prompt",
        sheet(f'<dataValidations><dataValidation promptTitle="说明" prompt="{MARK}"/></dataValidations>'),
    )
    yield (
        "validation list",
        sheet(
            f'<dataValidations><dataValidation><formula1>"{MARK},公开"</formula1></dataValidation></dataValidations>'
        ),
    )
    yield (
        "defined name",
        sheet(
            parts={"xl/names.xml": f'<definedNames><definedName name="{MARK}">1</definedName></definedNames>'}
        ),
    )
    yield (
        "comment",
        sheet(
            parts={
                "xl/comments1.xml": "<comments><text><r><t>机</t></r><r><t>密★10年</t></r></text></comments>"
            }
        ),
    )
    yield (
        "text box",
        sheet(
            parts={
                "xl/drawings/drawing1.xml": f"<xdr:txBody><a:p><a:r><a:t>{MARK}</a:t></a:r></a:p></xdr:txBody>"
            }
        ),
    )


def _by_formats_and_fonts() -> Iterator[tuple[str, bytes]]:
    """Number formats and fonts that make the mark."""
    yield (
        "number format",
        sheet(
            parts={
                "xl/styles.xml": '<styleSheet><numFmts><numFmt formatCode="&quot;机&quot;\\密\\★0&quot;年&quot;"/></numFmts></styleSheet>'
            }
        ),
    )
    yield (
        "number format and cell",
        sheet(
            parts={
                "xl/styles.xml": '<styleSheet><numFmts><numFmt formatCode="&quot;机密&quot;@"/></numFmts></styleSheet>'
            }
        ),
    )
    yield "star icons", sheet('<cfRule><iconSet iconSet="3Stars"/></cfRule>')
    yield (
        "star font",
        sheet(
            parts={
                "xl/styles.xml": '<styleSheet><fonts><font><name val="Wingdings"/></font></fonts></styleSheet>'
            }
        ),
    )
    yield (
        "star font in a cell",
        sheet(
            parts={
                "xl/sharedStrings.xml": '<sst><si><r><t>机密</t></r><r><rPr><rFont val="Wingdings"/></rPr><t>«</t></r><r><t>10年</t></r></si></sst>'
            }
        ),
    )


def _by_escapes_and_formulas() -> Iterator[tuple[str, bytes]]:
    """What is only put together on opening."""
    yield "escaped", sheet(parts={"xl/sharedStrings.xml": "<sst><si><t>_x673A_密★10年</t></si></sst>"})
    yield (
        "phonetic between",
        sheet(
            parts={
                "xl/sharedStrings.xml": "<sst><si><r><t>机</t></r><rPh><t>ジジジジジ</t></rPh><r><t>密★10年</t></r></si></sst>"
            }
        ),
    )
    yield (
        "worked out on opening",
        sheet('<sheetData><row><c><f>UNICHAR(26426)&amp;UNICHAR(23494)&amp;"★"</f></c></row></sheetData>'),
    )
    yield (
        "spelled by a formula",
        sheet('<sheetData><row><c><f>UNICHAR(26426)&amp;"x"</f><v>x</v></c></row></sheetData>'),
    )
    yield (
        "custom property",
        sheet(
            parts={
                "docProps/custom.xml": f"<Properties><property><vt:lpwstr>{MARK}</vt:lpwstr></property></Properties>"
            }
        ),
    )


def in_slides() -> Iterator[tuple[str, bytes]]:
    """PowerPoint files."""
    yield "runs", slides("<a:p><a:r><a:t>机</a:t></a:r><a:r><a:t>密★10年</a:t></a:r></a:p>")
    yield (
        "notes",
        slides(
            parts={
                "ppt/notesSlides/notesSlide1.xml": f"<p:notes><a:p><a:r><a:t>{MARK}</a:t></a:r></a:p></p:notes>"
            }
        ),
    )
    yield (
        "master",
        slides(parts={"ppt/slideMasters/slideMaster1.xml": f"<p:sldMaster><a:t>{MARK}</a:t></p:sldMaster>"}),
    )
    yield "alternative text", slides(f'<p:cNvPr id="2" name="x" descr="{MARK}"/>')
    yield (
        "comment",
        slides(parts={"ppt/comments/comment1.xml": f"<p:cmLst><p:text>{MARK}</p:text></p:cmLst>"}),
    )
    yield "bullet", slides('<a:p><a:pPr><a:buChar char="★"/></a:pPr><a:r><a:t>机密</a:t></a:r></a:p>')
    yield (
        "star in a symbol font",
        slides(
            '<a:p><a:r><a:t>机密</a:t></a:r><a:r><a:rPr><a:latin typeface="Wingdings"/></a:rPr><a:t>«</a:t></a:r><a:r><a:t>10年</a:t></a:r></a:p>'
        ),
    )
    yield (
        "bullet of a symbol font",
        slides(
            '<a:p><a:pPr><a:buFont typeface="Wingdings"/><a:buChar char="«"/></a:pPr><a:r><a:t>机密</a:t></a:r></a:p>'
        ),
    )
    yield "section name", slides(f'<p14:section name="{MARK}"/>')
    yield "table", slides(f"<a:tbl><a:tr><a:tc><a:p><a:r><a:t>{MARK}</a:t></a:r></a:p></a:tc></a:tr></a:tbl>")
