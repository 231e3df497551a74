"""Files built to do harm, or to hide a mark from the reader while a person sees it (arts 14, 39)."""

from __future__ import annotations

import asyncio
import io
import struct
import time
import zipfile
from typing import Any

import pytest

from service.documents import apart
from service.documents.apart import Reading, judge, judge_apart
from service.documents.reading import Unreadable, read
from service.kit.errors import ServiceError
from tests.documents.test_documents import docx, pdf, send
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
)  # fmt: skip
def test_art_14_marks_are_found_however_the_part_writes_them(body: bytes) -> None:
    judged = judge(package(body))
    assert judged is not None and judged.marked


def test_two_paragraphs_are_no_mark() -> None:
    body = "<w:p><w:t>机</w:t></w:p><w:p><w:t>房建设密集</w:t></w:p>".encode()
    judged = judge(package(body))
    assert judged is not None and not judged.marked and judged.whole


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
    with pytest.raises(Unreadable):
        read(raw)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    raw = package(f"<w:p>{MARK}</w:p>".encode(), zipfile.ZIP_DEFLATED, ("word/document.xml", b"<w:p>a</w:p>"))
    with pytest.raises(Unreadable):
        read(raw)


def test_parts_that_were_not_read_are_told() -> None:
    hidden = package(b"<w:p>a</w:p>", zipfile.ZIP_DEFLATED, ("word/other.dat", MARK.encode()))
    judged = judge(hidden)
    assert judged is not None and not judged.whole


def test_a_page_with_a_picture_or_a_note_was_not_read_whole() -> None:
    plain = pdf("plan")
    assert judge(plain) == ("application/pdf", True, False)
    pictured = plain.replace(b"/Font <<", b"/XObject << /I 5 0 R >> /Font <<")
    assert judge(pictured) == ("application/pdf", False, False)
    note = b"<FEFF" + MARK.encode("utf-16-be").hex().upper().encode() + b">"
    noted = plain.replace(b"/MediaBox", b"/Annots [<< /Subtype /Text /Contents " + note + b" >>] /MediaBox")
    judged = judge(noted)
    assert judged is not None and judged.marked


def endless() -> bytes:
    """A PDF of many pages that all show one long stream: minutes of reading in two megabytes."""
    stream = b"BT /F1 12 Tf 20 100 Td " + b"(a) Tj " * 300_000 + b"ET"
    pages = 400
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    out = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    out += b"2 0 obj\n<< /Type /Pages /Kids [%s] /Count %d >>\nendobj\n" % (kids, pages)
    out += b"3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n"
    out += b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(stream), stream)
    out += b"5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n"
    return out + b"trailer << /Size 6 /Root 1 0 R >>\n%%EOF"


async def test_a_file_without_end_is_kept_unchecked_and_holds_nobody_up(
    as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "WALL_SECONDS", 3)
    portal = as_user("360100")
    case = (await portal("POST", "/projects", draft())).json()["id"]
    upload = asyncio.create_task(send(portal, case, endless(), name="方案.pdf"))
    slowest = 0.0
    while not upload.done():
        started = time.monotonic()
        assert (await portal("GET", f"/projects/{case}")).status_code == 200
        slowest = max(slowest, time.monotonic() - started)
        await asyncio.sleep(0.05)
    answer = await upload
    assert (answer.status_code, answer.json()["checked"]) == (201, "not_checked"), answer.text
    assert slowest < 1.5


async def test_when_all_places_are_taken_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WAIT_SECONDS", 0.05)
    reading = Reading()
    for _ in range(apart.PLACES):
        await reading.places.acquire()
    with pytest.raises(ServiceError) as refused:
        await judge_apart(reading, docx("正文"))
    assert (refused.value.status, refused.value.code) == (503, "unavailable")
    reading.places.release()
    assert await judge_apart(reading, docx("正文")) == judge(docx("正文"))
