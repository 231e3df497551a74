"""Word files that carry a mark somewhere a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.documents.papers import W, para, run, sheet, word

MARK = "机密★10年"


def in_word() -> Iterator[tuple[str, bytes]]:
    """Word files."""
    yield from _in_parts_of_the_page()
    yield from _with_others_between()
    yield from _starred_by_symbols()
    yield from _starred_by_drawing()
    yield from _in_labels_and_properties()
    yield from _in_names_and_fields()
    yield from _in_other_parts()


def _in_parts_of_the_page() -> Iterator[tuple[str, bytes]]:
    """Where a page shows words beside its text."""
    yield "split in runs", word(para(run("机"), run("密"), run("★"), run("10年")))
    yield "header", word(word__header1_dot_xml=f"<w:hdr {W}>{para(run(MARK))}</w:hdr>")
    yield "footer", word(word__footer2_dot_xml=f"<w:ftr {W}>{para(run('机'), run('密★10年'))}</w:ftr>")
    yield "footnote", word(word__footnotes_dot_xml=f"<w:footnotes>{para(run(MARK))}</w:footnotes>")
    yield "endnote", word(word__endnotes_dot_xml=f"<w:endnotes>{para(run(MARK))}</w:endnotes>")
    yield "comment", word(word__comments_dot_xml=f"<w:comments>{para(run(MARK))}</w:comments>")
    yield (
        "text box",
        word(
            para(
                f"<w:r><w:pict><v:textbox><w:txbxContent>{para(run(MARK))}</w:txbxContent></v:textbox></w:pict></w:r>"
            )
        ),
    )
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{para(run('图一'))}</w:txbxContent></v:textbox></w:pict></w:r>"
    yield "around a text box", word(para(run("机"), box, run("密★10年")))
    yield (
        "watermark",
        word(
            word__header1_dot_xml=f'<w:hdr {W}>{para(f"""<w:r><w:pict><v:shape type="#_x0000_t136"><v:textpath string="{MARK}"/></v:shape></w:pict></w:r>""")}</w:hdr>'
        ),
    )


def _with_others_between() -> Iterator[tuple[str, bytes]]:
    """Words that nobody sees stand between."""
    yield "deleted", word(para(f"<w:del><w:r><w:delText>{MARK}</w:delText></w:r></w:del>"))
    yield (
        "with deleted words between",
        word(para(run("机"), "<w:del><w:r><w:delText>房改造</w:delText></w:r></w:del>", run("密★10年"))),
    )
    yield "with added words between", word(para(run("机"), f"<w:ins>{run('房改造')}</w:ins>", run("密★10年")))
    yield (
        "hidden words between",
        word(para(run("机"), run("房改造", "<w:rPr><w:vanish/></w:rPr>"), run("密★10年"))),
    )
    yield (
        "field code between",
        word(para(run("机"), "<w:r><w:instrText> REF _Toc12 </w:instrText></w:r>", run("密★10年"))),
    )
    yield (
        "ruby between",
        word(
            para(
                "<w:r><w:ruby><w:rt><w:r><w:t>jimijimi</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>机</w:t></w:r></w:rubyBase></w:ruby></w:r>",
                run("密★10年"),
            )
        ),
    )


def _starred_by_symbols() -> Iterator[tuple[str, bytes]]:
    """The star is a character of a symbol font."""
    yield (
        "star as a symbol",
        word(para(run("机密"), '<w:r><w:sym w:font="Wingdings" w:char="F0AB"/></w:r>', run("10年"))),
    )
    yield (
        "star as a symbol without F0",
        word(para(run("机密"), '<w:r><w:sym w:font="Wingdings" w:char="00AB"/></w:r>', run("10年"))),
    )
    yield (
        "star of Zapf Dingbats",
        word(para(run("机密"), '<w:r><w:sym w:font="ZapfDingbats" w:char="F048"/></w:r>', run("10年"))),
    )
    yield (
        "star in a symbol font",
        word(
            para(
                run("机密"),
                run("«", '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'),
                run("10年"),
            )
        ),
    )
    yield "star in private use", word(para(run("机密\uf0ab10年")))


def _starred_by_drawing() -> Iterator[tuple[str, bytes]]:
    """The star comes by a field, a style, a shape."""
    yield (
        "star by a field",
        word(
            para(
                run("机密"),
                '<w:r><w:instrText> SYMBOL 171 \\f "Wingdings" \\s 12 </w:instrText></w:r>',
                run("10年"),
            )
        ),
    )
    yield (
        "star of a style's font",
        word(
            para(run("机密«10年")),
            word__styles_dot_xml=f'<w:styles {W}><w:style><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr></w:style></w:styles>',
        ),
    )
    yield "star as a shape", word(para(run("机密")) + '<wps:spPr><a:prstGeom prst="star5"/></wps:spPr>')
    yield "drawn", word("<wps:spPr><a:custGeom/></wps:spPr>")


def _in_labels_and_properties() -> Iterator[tuple[str, bytes]]:
    """Labels of lists, alternative texts, properties."""
    yield (
        "alternative text",
        word(para(f'<w:r><w:drawing><wp:docPr id="1" descr="{MARK}"/></w:drawing></w:r>')),
    )
    yield (
        "list label",
        word(
            word__numbering_dot_xml=f'<w:numbering {W}><w:lvl><w:lvlText w:val="{MARK}"/></w:lvl></w:numbering>'
        ),
    )
    yield (
        "list label and text",
        word(
            para(run("★10年")),
            word__numbering_dot_xml=f'<w:numbering {W}><w:lvl><w:lvlText w:val="机密"/></w:lvl></w:numbering>',
        ),
    )
    yield (
        "list star and text",
        word(
            para(run("机密")),
            word__numbering_dot_xml=f'<w:numbering {W}><w:lvl><w:lvlText w:val="&#xF0AB;"/></w:lvl></w:numbering>',
        ),
    )
    yield (
        "custom property",
        word(
            docProps__custom_dot_xml=f"<Properties><property><vt:lpwstr>{MARK}</vt:lpwstr></property></Properties>"
        ),
    )
    yield (
        "core property",
        word(docProps__core_dot_xml=f"<cp:coreProperties><dc:title>{MARK}</dc:title></cp:coreProperties>"),
    )


def _in_names_and_fields() -> Iterator[tuple[str, bytes]]:
    """Names and help that are shown on demand."""
    yield (
        "document variable",
        word(word__settings_dot_xml=f'<w:settings {W}><w:docVar w:name="a" w:val="{MARK}"/></w:settings>'),
    )
    yield "bookmark name", word(para(f'<w:bookmarkStart w:name="{MARK}"/>'))
    yield "content control", word(f'<w:sdt><w:sdtPr><w:alias w:val="{MARK}"/></w:sdtPr></w:sdt>')
    yield (
        "form field help",
        word(para(f'<w:r><w:fldChar><w:ffData><w:helpText w:val="{MARK}"/></w:ffData></w:fldChar></w:r>')),
    )


def _in_other_parts() -> Iterator[tuple[str, bytes]]:
    """Parts that are files or drawings of their own."""
    yield "embedded workbook", word(word__embeddings__a_dot_xlsx=sheet(name=MARK))
    yield "imported page", word(word__afchunk_dot_html="<html><body>机<b>密</b>★10年</body></html>")
    yield "picture", word(word__media__image1_dot_png=b"\x89PNG\r\n\x1a\n" + bytes(40))
    yield "broken part", word(word__header1_dot_xml=f"<w:hdr><w:p>{run('机')}{run('密★10年')}</w:hdr>")
    yield "part of another name", word(word__header1_dot_dat=f"<w:hdr>{para(run(MARK))}</w:hdr>")
    yield "equation", word(para(f"<m:oMath><m:r><m:t>{MARK}</m:t></m:r></m:oMath>"))
    yield "enclosed by a field", word(para("<w:r><w:instrText> EQ \\o\\ac(○,密) </w:instrText></w:r>"))
    yield (
        "smart art",
        word(
            word__diagrams__data1_dot_xml=f"<dgm:dataModel><a:p><a:r><a:t>{MARK}</a:t></a:r></a:p></dgm:dataModel>"
        ),
    )
    yield "chart title", word(word__charts__chart1_dot_xml=f"<c:chart><c:v>{MARK}</c:v></c:chart>")
