"""Attachments (arts 15, 39): type by content, digest, checklist, secrecy marks kept out, sealed with the submission."""

from __future__ import annotations

import io
import os
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from service.documents.jobs import clear_orphans
from service.documents.storage import LocalStorage
from service.kit import clock
from service.kit.digest import sm3
from service.kit.idempotency import Said, make_key
from service.kit.ids import new_id
from service.settings import Settings
from tests.factories import draft, materials

PLAIN = "技术方案：依托政务云建设，接入共享平台。".encode()


def docx(text: str, *more: tuple[str, bytes]) -> bytes:
    """A Word file of one paragraph; a run is split in two, as Word does."""
    half = len(text) // 2
    body = f"<w:document><w:p><w:r><w:t>{text[:half]}</w:t></w:r><w:r><w:t>{text[half:]}</w:t></w:r></w:p></w:document>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", body)
        for name, content in more:
            package.writestr(name, content)
    return made.getvalue()


def pdf(text: str) -> bytes:
    """A one-page PDF with ASCII text."""
    return pdf_of(f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode())


def pdf_of(
    stream: bytes, *, page: bytes = b"", root: bytes = b"", more: tuple[bytes, ...] = (), pages: int = 1
) -> bytes:
    """A PDF whose pages show `stream`; `page` and `root` go into those dictionaries, `more` are objects from 6 on."""
    kids = b" ".join([b"3 0 R"] * pages)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R %s"
        b" /Resources << /Font << /F1 5 0 R >> >> >>" % page,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *more,
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start, count = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % count + b"".join(
        b"%010d 00000 n \n" % each for each in offsets
    )
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (count, start)


@pytest.fixture
async def case(as_user: Any) -> str:
    made = await as_user("360100")("POST", "/projects", draft())
    return str(made.json()["id"])


async def send(
    caller: Any, case: str, raw: bytes, name: str = "方案.txt", slot: str = "technical_plan"
) -> Any:
    return await caller(
        "POST", f"/projects/{case}/documents", content=raw, params={"slot": slot, "name": name}
    )


@pytest.mark.parametrize(
    ("raw", "media_type", "checked"),
    [
        (PLAIN, "text/plain", "clean"),
        (PLAIN.decode().encode("gb18030"), "text/plain", "clean"),
        (docx("依托政务云建设"), "wordprocessingml.document", "clean"),
        (docx("附图", ("word/media/image1.png", b"\x89PNG")), "wordprocessingml.document", "not_checked"),
        (pdf("plan"), "application/pdf", "clean"),
        (b"%PDF-1.4 broken", "application/pdf", "not_checked"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png", "not_checked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 64, "application/x-ole-storage", "not_checked"),
    ],
)
async def test_type_by_content_digest_and_what_was_checked(
    as_user: Any, case: str, raw: bytes, media_type: str, checked: str
) -> None:
    portal = as_user("360100")
    made = await send(portal, case, raw, name="名称不说明类型")
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["media_type"].endswith(media_type)
    assert (told["checked"], told["digest"], told["size"]) == (checked, sm3(raw), len(raw))
    back = await portal("GET", f"/documents/{told['id']}/content")
    assert back.content == raw
    assert back.headers["content-disposition"].startswith("attachment;")
    assert back.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"MZ\x90\x00\x03" + b"\x00" * 40,
        b"PK\x03\x04broken",
        docx("x", ("word/vbaProject.bin", b"1")),
        b"\x00\x01\x02",
    ],
)
async def test_what_is_not_handed_in_here_is_refused(as_user: Any, case: str, raw: bytes) -> None:
    answer = await send(as_user("360100"), case, raw)
    assert answer.status_code == 422, answer.text
    codes = ("empty_file", "unsupported_file", "unreadable_file", "executable_content", "active_content")
    assert answer.json()["errors"][0]["code"] in codes
    assert (await as_user("360100")("GET", f"/projects/{case}/documents")).json() == {"items": []}


def _files(settings: Settings) -> list[Path]:
    assert settings.documents_dir is not None
    return [path for path in settings.documents_dir.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("密级：机密★10年\n方案".encode(), "方案.txt"),
        ("机密★长期".encode("gb18030"), "方案.txt"),
        (docx("本文件为机密★10年"), "方案.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "秘密★5年".encode("utf-16-le"), "方案.doc"),
        (PLAIN, "绝密★方案.txt"),
    ],
)
async def test_art_14_marks_in_name_or_text_leave_nothing(
    as_user: Any, case: str, settings: Settings, raw: bytes, name: str
) -> None:
    connection = await asyncpg.connect(settings.database_url)
    counts = "SELECT " + ", ".join(
        f"(SELECT count(*) FROM {name})" for name in ("documents", "audit_entries", "idempotency")
    )
    before, files = await connection.fetchrow(counts), len(_files(settings))
    answer = await send(as_user("360100"), case, raw, name=name)
    assert (answer.status_code, answer.json()["code"]) == (422, "classified_material"), answer.text
    assert await connection.fetchrow(counts) == before
    assert len(_files(settings)) == files
    await connection.close()


async def test_too_large_a_file_is_refused_before_it_is_read(as_user: Any, case: str, app: Any) -> None:
    answer = await send(as_user("360100"), case, b"x" * ((20 << 20) + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    other = await as_user("360100")("POST", "/projects", content=b"x" * ((1 << 20) + 1))
    assert other.status_code == 413


async def test_checklist_by_kind_tells_what_is_missing(as_user: Any, case: str) -> None:
    portal = as_user("360100")
    given = {**materials(), "technical_plan": ""}
    changed = await portal("PATCH", f"/projects/{case}", {"materials": given}, etag='"1"')
    assert changed.status_code == 200, changed.text
    before = (await portal("GET", f"/projects/{case}/documents/checklist")).json()
    assert "technical_plan" in before["missing"]
    assert "maintenance_plan" not in before["missing"]
    made = await send(portal, case, PLAIN)
    after = (await portal("GET", f"/projects/{case}/documents/checklist")).json()
    assert set(before["missing"]) - set(after["missing"]) == {"technical_plan"}
    line = next(item for item in after["items"] if item["slot"] == "technical_plan")
    assert (line["documents"], line["article"]) == ([made.json()["id"]], 15)


async def test_what_was_submitted_stays_and_drafts_stay_home(as_user: Any, case: str) -> None:
    portal, office = as_user("360100"), as_user("360000", "office")
    kept, gone = [(await send(portal, case, PLAIN + str(n).encode())).json()["id"] for n in (1, 2)]
    assert (await office("GET", f"/documents/{kept}")).status_code == 404
    assert (await portal("DELETE", f"/documents/{gone}")).status_code == 204
    assert (await portal("GET", f"/documents/{gone}")).status_code == 404
    sent = await portal("POST", f"/projects/{case}/submit", {}, etag='"1"')
    assert sent.status_code == 200, sent.text
    assert (await office("GET", f"/documents/{kept}/content")).content == PLAIN + b"1"
    refused = await portal("DELETE", f"/documents/{kept}")
    assert (refused.status_code, refused.json()["code"]) == (409, "document_sealed")
    # After a return the owner adds for itself; the province reads what was declared.
    await as_user("360100", "gatekeeper")(
        "POST", f"/projects/{case}/gatekeeping/return", {"reason": "请补充"}, etag=sent.headers["etag"]
    )
    added = (await send(portal, case, PLAIN + b"3")).json()["id"]
    assert (await office("GET", f"/documents/{added}")).status_code == 404
    assert [d["id"] for d in (await office("GET", f"/projects/{case}/documents")).json()["items"]] == [kept]
    assert (await portal("DELETE", f"/documents/{added}")).status_code == 204


async def test_a_file_that_was_changed_on_disk_is_not_given_out(
    as_user: Any, case: str, settings: Settings
) -> None:
    told = (await send(as_user("360100"), case, PLAIN)).json()
    key = told["id"].removeprefix("360100-")
    path = next(path for path in _files(settings) if path.name == key)
    path.write_bytes(b"tampered")
    answer = await as_user("360100")("GET", f"/documents/{told['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (503, "file_unavailable")


@pytest.mark.parametrize("name", ["a/b.txt", "..", "\\x", "a\nb", ""])
async def test_names_are_names(as_user: Any, case: str, name: str) -> None:
    answer = await send(as_user("360100"), case, PLAIN, name=name)
    assert answer.status_code == 400, answer.text


async def test_an_unknown_case_takes_no_file(as_user: Any, settings: Settings) -> None:
    before = len(_files(settings))
    answer = await send(as_user("360100"), f"360200-{new_id()}", PLAIN)
    assert answer.status_code == 404
    assert len(_files(settings)) == before


async def test_bytes_without_a_row_are_cleared_away_after_a_day(
    as_user: Any, case: str, settings: Settings, door: Any
) -> None:
    told = (await send(as_user("360100"), case, PLAIN)).json()
    storage = LocalStorage(settings.documents_dir)
    lost, young = new_id(), new_id()
    for key in (lost, young):
        storage.put("360100", key, b"nobody knows me")
    old = next(path for path in _files(settings) if path.name == lost)
    kept = next(path for path in _files(settings) if path.name == told["id"].removeprefix("360100-"))
    for path in (old, kept):
        os.utime(path, (1, 1))
    assert await clear_orphans(door, storage, clock.now()) == 1
    names = {path.name for path in _files(settings)}
    assert lost not in names
    assert {young, kept.name} <= names


async def test_the_same_query_spelt_otherwise_is_the_same_request(as_user: Any, settings: Any) -> None:
    """A client that puts its parameters together anew puts them in another order; a key of before is known too."""
    unit, key = as_user("360100", "unit"), new_id()
    case = (await unit("POST", "/projects", draft("360100"))).json()["id"]

    async def sent(query: str) -> Any:
        return await unit(
            "POST", f"/projects/{case}/documents?{query}", content=PLAIN, headers={"idempotency-key": key}
        )

    first = await sent("slot=technical_plan&name=a%2d1.txt")
    assert first.status_code == 201, first.text
    for query in ("name=a-1.txt&slot=technical_plan", "name=%61%2D1.txt&slot=technical_plan"):
        again = await sent(query)
        assert (again.content, again.headers.get("idempotent-replayed")) == (first.content, "true"), (
            again.text
        )
    other = await sent("slot=technical_plan&name=b.txt")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_that_a_release_before_wrote_is_known() -> None:
    """Releases up to 0.1.0 took the query as it came: a retry over an upgrade is the same request."""
    said = Said('"1"', b'{"name":"a.txt"}', b"name=a.txt", b"body")
    assert make_key("360100", "c", "r", "k", said).former == sha256(b'"1"\0name=a.txt\0body').hexdigest()
    plain = make_key("360100", "c", "r", "k", Said("", b"", b"", b"body"))
    assert plain.fingerprint == plain.former == sha256(b"\0\0body").hexdigest()
