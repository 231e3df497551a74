"""Wherever in a file a mark stands, the file is refused, or told as not read; never "clean" (art. 14).

Every form is one that a person sees in some program; 23 of them were once stored as clean.
"""

from __future__ import annotations

import pytest

from service.documents.judging import judge_bytes
from tests.documents import papers
from tests.documents.forms_apart import in_another_order, in_pieces
from tests.documents.forms_pdf import TEXT, in_open_documents, in_pdf, saved_again
from tests.documents.forms_pdf_fonts import HONEST_FONTS, font_of
from tests.documents.forms_sheets import in_sheets, in_slides
from tests.documents.forms_text import in_text
from tests.documents.forms_word import in_word
from tests.documents.papers import W, odf, ofd, para, run, sheet, slides, word, zipped
from tests.documents.test_documents import pdf_of

FORMS = [
    pytest.param(raw, id=f"{group.__name__.removeprefix('in_')}: {name}")
    for group in (
        in_word,
        in_sheets,
        in_slides,
        in_open_documents,
        in_pdf,
        in_text,
        in_pieces,
        in_another_order,
    )
    for name, raw in group()
]


@pytest.mark.parametrize("raw", FORMS)
def test_art_14_what_a_reader_could_see_is_never_called_clean(raw: bytes) -> None:
    told = judge_bytes(raw)
    assert told.refused == "classified" or (told.refused == "" and told.notes), told


# Where the words themselves are there to be read, "not read" is not enough.
FOUND = [
    param
    for param in FORMS
    if not any(
        word in str(param.id)
        for word in (
            "picture",
            "drawn",
            "shape",
            "style's font",
            "text box and",
            "list label and",
            "list star",
            "and cell",
            "star icons",
            ": star font",
            "enclosed by",
            "worked out",
            "spelled",
            "without",
            "seal",
            "glyphs",
            "symbol font",
            "unknown in",
            "stamp",
            "behind a line feed",
            "package behind",
            ": bullet",
            "open_documents: list label",
            "cell style",
            "hz",
            "pieces: ",
            "drawn: ",
        )
    )
    or "star in a symbol font" in str(param.id)
    or "pieces: deleted" in str(param.id)
    or "utf-16 without" in str(param.id)
]


@pytest.mark.parametrize("raw", FOUND)
def test_art_14_a_mark_that_can_be_read_is_found(raw: bytes) -> None:
    assert judge_bytes(raw).refused == "classified"


HONEST = {
    "text": "技术方案：依托政务云建设，接入共享平台。".encode(),
    "gb18030": "技术方案：依托政务云建设，接入共享平台，统一身份认证。".encode("gb18030"),
    "utf-16": "技术方案：依托政务云".encode("utf-16"),
    "csv": "名称,金额\n云平台,=SUM(A1:A3)\n".encode(),
    "word": word(para(run("依托"), run("政务云"), '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>')),
    "word with bullets": word(
        word__numbering_dot_xml=f'<w:numbering {W}><w:lvl><w:lvlText w:val="&#xF0B7;"/><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr></w:lvl></w:numbering>'
    ),
    "word with a template": word(
        word__rels__settings_dot_xml_dot_rels=f'<Relationships><Relationship Type="{papers.REL}/attachedTemplate" Target="file:///C:\\Users\\a\\Normal.dotm" TargetMode="External"/></Relationships>'
    ),
    "word with a link": word(
        word__rels__document_dot_xml_dot_rels=f'<Relationships><Relationship Type="{papers.REL}/hyperlink" Target="https://www.jiangxi.gov.cn/" TargetMode="External"/></Relationships>'
    ),
    "markdown": "- 项目 | 说明 | 重要!\n- 甲 | 乙!\n".encode(),
    "code in a text": "示例：<br> 分级保护 三级，AT&amp;T".encode(),
    "slides with bullets": slides(
        '<a:p><a:pPr><a:buFont typeface="Wingdings"/><a:buChar char="§"/></a:pPr><a:r><a:t>方案</a:t></a:r></a:p>'
    ),
    "pdf with a link": pdf_of(
        TEXT, page=b"/Annots [<< /Subtype /Link /A << /S /URI /URI (http://a.cn) >> >>]"
    ),
    "pdf that opens on a page": pdf_of(TEXT, root=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
    "sheet": sheet(parts={"xl/sharedStrings.xml": "<sst><si><t>金额</t></si></sst>"}),
    "sheet with a formula": sheet("<sheetData><row><c><f>SUM(A1:A2)</f><v>3</v></c></row></sheetData>"),
    "sheet with a header": sheet(
        "<headerFooter><oddHeader>&amp;C&amp;A 第&amp;P页</oddHeader></headerFooter>"
    ),
    "slides": slides(),
    "levels to choose from": word(
        para(run("密级：")), word__a_dot_xml="<x><p>绝密</p><p>机密</p><p>秘密</p></x>"
    ),
    "starred parameters": word(
        para(run("★")) + para(run("★3年质保")) + para(run("计算机")) + para(run("密码机"))
    ),
    "ofd out of order": ofd(
        "".join(
            f'<ofd:TextObject Boundary="{x} 9 9 5"><ofd:TextCode X="0" Y="4">{t}</ofd:TextCode></ofd:TextObject>'
            for x, t in ((40, "建设"), (20, "方案"))
        )
    ),
    "odf": odf("<text:p>方案</text:p>"),
    "ofd": ofd("<ofd:TextObject><ofd:TextCode>方案</ofd:TextCode></ofd:TextObject>"),
    "pdf": pdf_of(TEXT),
    **{name: font_of(told, glyphs=glyphs) for name, (told, glyphs) in HONEST_FONTS.items()},
    "pdf saved again": saved_again(
        saved_again(pdf_of(TEXT), 6, b"<< /Producer (x) >>"), 6, b"<< /Producer (y) >>"
    ),
    "table with a column of levels": "编号,名称,密级\n1,方案,非密\n2,报告,内部".encode(),
    "pdf with a table": pdf_of(TEXT + b" 10 10 m 10 90 l S 10 10 100 20 re S"),
    "pack": zipped({"一.txt": "公开", "二/三.docx": word()}),
}


@pytest.mark.parametrize("raw", HONEST.values(), ids=HONEST)
def test_an_honest_file_is_read_whole(raw: bytes) -> None:
    told = judge_bytes(raw)
    assert (told.refused, told.notes) == ("", ()), told
