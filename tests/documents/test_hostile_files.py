"""Files built to do harm, or to hide a mark from the reader while a person sees it (arts 14, 39)."""

from __future__ import annotations

import asyncio
import io
import struct
import zipfile
from typing import Any

import pytest

from service.documents import bench
from service.documents.forms.words import Broken, Words
from service.documents.judging import judge_bytes
from tests.documents.test_documents import pdf, pdf_of, send
from tests.factories import draft

MARK = "机密★10年"


def package(body: bytes, packing: int = zipfile.ZIP_DEFLATED, *more: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as out:
        out.writestr("word/document.xml", body)
        for name, content in more:
            out.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p><w:t><![CDATA[{MARK}]]></w:t></w:p>".encode(),
        "<w:p><w:t>机<!-- 间隔 -->密★10年</w:t></w:p>".encode(),
        f'<w:p><w:t>机</w:t><w:r a="{"x" * 5000}"/><w:t>密★10年</w:t></w:p>'.encode(),
        f"<w:p><w:t>{MARK}</w:t></w:p>".encode("utf-16"),
        f"<w:p><w:t>{MARK}</w:t></w:p>".encode("utf-16-le"),
        '<?xml version="1.0" encoding="GBK"?><w:p>机密*10年</w:p>'.encode("gbk"),
        b"<w:p>&#26426;&#23494;&#9733;10&#24180;</w:p>",
    ],
)
def test_art_14_marks_are_found_however_the_part_writes_them(body: bytes) -> None:
    assert judge_bytes(package(body)).refused == "classified"


def test_two_paragraphs_are_no_mark() -> None:
    body = "<w:body><w:p><w:t>机</w:t></w:p><w:p><w:t>房建设密集</w:t></w:p></w:body>".encode()
    judged = judge_bytes(package(body))
    assert (judged.refused, judged.notes) == ("", ())


def lying(body: bytes, told: int) -> bytes:
    """A package whose directory says a part is small."""
    raw = bytearray(package(body))
    size = struct.pack("<L", len(body))
    for at in (22, raw.index(b"PK\x01\x02") + 24):
        assert raw[at : at + 4] == size
        raw[at : at + 4] = struct.pack("<L", told)
    return bytes(raw)


@pytest.mark.parametrize(
    "raw",
    [
        lying(b"<w:p>" + b"a" * 500_000, 20),
        package(b"<w:p>a</w:p>", zipfile.ZIP_BZIP2),
        package(b"<w:p>a</w:p>", zipfile.ZIP_LZMA),
        package(b'<?xml version="1.0" encoding="utf-7"?><w:p>a</w:p>'),
    ],
)
def test_a_package_that_cannot_be_bounded_or_read_is_refused(raw: bytes) -> None:
    assert judge_bytes(raw).refused == "unreadable_file"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    raw = package(f"<w:p>{MARK}</w:p>".encode(), zipfile.ZIP_DEFLATED, ("word/document.xml", b"<w:p>a</w:p>"))
    assert judge_bytes(raw).refused == "unreadable_file"


def test_parts_that_were_not_read_are_told() -> None:
    hidden = package(b"<w:p>a</w:p>", zipfile.ZIP_DEFLATED, ("word/other.dat", MARK.encode()))
    assert judge_bytes(hidden).refused == "classified"
    other = package(b"<w:p>a</w:p>", zipfile.ZIP_DEFLATED, ("word/other.dat", b"\x01\x02\x03"))
    assert judge_bytes(other).notes == ("parts",)


def test_a_page_with_a_picture_or_a_note_was_not_read_whole() -> None:
    plain = pdf("plan")
    assert judge_bytes(plain)[:2] == ("application/pdf", ())
    image = b"<< /Subtype /Image /Width 1 /Height 1 >>"
    pictured = plain.replace(b"/Font <<", b"/XObject << /I " + image + b" >> /Font <<")
    assert "pictures" in judge_bytes(pictured).notes
    note = b"<FEFF" + MARK.encode("utf-16-be").hex().upper().encode() + b">"
    noted = plain.replace(b"/MediaBox", b"/Annots [<< /Subtype /Text /Contents " + note + b" >>] /MediaBox")
    assert judge_bytes(noted).refused == "classified"


def endless() -> bytes:
    """A PDF of many pages that all show one long stream: minutes of reading in two megabytes."""
    return pdf_of(b"BT /F1 12 Tf 20 100 Td " + b"(a) Tj " * 300_000 + b"ET", pages=400)


async def test_a_file_without_end_is_kept_unchecked_and_holds_nobody_up(
    as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "WALL_SECONDS", 2)
    portal = as_user("360100")
    case = (await portal("POST", "/projects", draft())).json()["id"]
    upload = asyncio.create_task(send(portal, case, endless(), name="方案.pdf"))
    while not upload.done():
        assert (await portal("GET", f"/projects/{case}")).status_code == 200
    answer = await upload
    assert (answer.status_code, answer.json()["checked"]) == (201, "not_checked"), answer.text
    assert [note["code"] for note in answer.json()["notes"]] == ["not_finished"]


@pytest.mark.parametrize(
    "declared", ['<!ENTITY a "aa">', '<!ENTITY a SYSTEM "file:///etc/passwd">', '<!ENTITY % a "x">']
)
def test_a_part_that_declares_entities_is_broken(declared: str) -> None:
    """Neither multiplied nor fetched: it is not read at all."""
    with pytest.raises(Broken):
        Words().feed(f"<!DOCTYPE x [<!ENTITY {declared}>]><x>&a;</x>")


@pytest.mark.parametrize("begun", ["<a ", "<a b=", "<a b='"])
def test_a_page_of_tags_that_never_end_is_not_parsed_from_each_of_them(begun: str) -> None:
    told = judge_bytes(("<html><p>" + begun * 20_000).encode())
    assert {"broken", "markup"} <= set(told.notes)
    marked = judge_bytes((f"<html><p>{begun * 200}{MARK}").encode())
    assert marked.refused == "classified"
