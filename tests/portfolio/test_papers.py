"""Papers as PDF: what stands on them is the case's, user text stays text, a receipt is issued once (arts 23, 42)."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from service.kit.digest import sm3
from service.kit.fonts import Fonts, fonts
from service.papers.apart import FONTS, GETA, pdf
from service.papers.codes import code_digest, mark_of, marked, new_code, plain
from service.papers.layout import drawn, receipt
from service.papers.words import both_spellings, capital, in_wan
from tests.contract import recipes
from tests.lives import good
from tests.papers import text_of
from tests.papers import told as receipt_told

INJECTED = (
    '#read("/etc/passwd")',
    "$ integral x $",
    "\\u{41} \\",
    "`raw` ```typ #1+1```",
    "= 标题 *粗* _斜_ @ref <lab>",
    '"} #panic() {"',
    '#import "@preview/x:1.0.0": *',
    "// 注释 /* */ ~ -- ... #set page(width: 1pt)",
)


@pytest.mark.parametrize(
    ("fen", "said", "wan"),
    [
        (390_000_000, "叁佰玖拾万元整", "390万元"),
        (100_503, "壹仟零伍元零叁分", "0.100503万元"),
        (1, "壹分", "0.01元"),
        (0, "零元整", "0.00元"),
        (10_000_000_000, "壹亿元整", "10,000万元"),
        (1_000_010_000, "壹仟万零壹佰元整", "1,000.01万元"),
        (100_000_000_100, "壹拾亿零壹元整", "100,000.0001万元"),
        (123_456_789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "123.456789万元"),
        (1050, "壹拾元伍角整", "10.50元"),
        (1_000, "壹拾元整", "10.00元"),
        (9_999, "玖拾玖元玖角玖分", "99.99元"),
        (10_000, "壹佰元整", "0.01万元"),
        (100_500, "壹仟零伍元整", "0.1005万元"),
        (10_000_050, "壹拾万元伍角整", "10.00005万元"),
        (10, "壹角整", "0.10元"),
        (10_000_005, "壹拾万元零伍分", "10.000005万元"),
        (-100_500, "负壹仟零伍元整", "-0.1005万元"),
        (1_000_000_000_000_00, "壹万亿元整", "100,000,000万元"),
        (20_000_000 + 50_000, "贰拾万零伍佰元整", "20.05万元"),
        (500_050_000_00, "伍亿零伍万元整", "50,005万元"),
    ],
)
def test_amounts_as_papers_write_them(fen: int, said: str, wan: str) -> None:
    assert (capital(fen), in_wan(fen)) == (said, wan)


def paper(**changes: Any) -> dict[str, Any]:
    return drawn(receipt(receipt_told(**changes)), "K7M2-9XQ4-0ABC-ZZ19", "https://tongjian.example", Fonts())


@pytest.mark.parametrize("words", INJECTED)
def test_what_people_wrote_is_text_and_never_markup(words: str) -> None:
    """The template never evaluates a text: it stands on the paper as it was written."""
    raw = pdf(paper(project_name=words, note=f"备注{words}"), [])
    shown = text_of(raw)
    assert words.replace(" ", "") in shown and f"备注{words}".replace(" ", "") in shown
    assert len(pypdf.PdfReader(io.BytesIO(raw)).pages) == 1


def test_the_same_receipt_is_the_same_bytes() -> None:
    one, other = pdf(paper(), []), pdf(paper(), [])
    assert one == other
    assert mark_of(one) == ("360100-2026-0001", "K7M2-9XQ4-0ABC-ZZ19")
    assert pdf(paper(note="另一份"), []) != one


def test_a_character_without_a_font_is_told_by_its_number() -> None:
    raw = pdf(paper(owner_name="𠮷安市𫍽局"), [])
    shown = text_of(raw)
    assert f"{GETA}安市{GETA}局" in shown and "U+20BB7、U+2B37D" in shown


def test_the_font_is_the_one_that_is_vouched_for() -> None:
    (file,) = FONTS.glob("*.otf")
    assert hashlib.sha256(file.read_bytes()).hexdigest() in (FONTS / "README.md").read_text(encoding="utf-8")


def test_fonts_by_setting(tmp_path: Path) -> None:
    assert fonts(f"{tmp_path}|小标宋|仿宋") == Fonts((str(tmp_path),), ("小标宋",), ("仿宋",))
    assert fonts(str(tmp_path)) == Fonts((str(tmp_path),))
    for wrong in ("", "/nowhere/at/all", f"{tmp_path}|a|b|c"):
        with pytest.raises(ValueError):
            fonts(wrong)
    assert text_of(pdf(paper() | {"fonts": {"title": ["没有这种字体"], "body": []}}, [str(tmp_path)]))


def test_codes_are_read_as_people_type_them() -> None:
    code = new_code()
    assert len(plain(code)) * 5 >= 128 and code_digest(code) == code_digest(code.lower().replace("-", " "))
    assert plain("O1LI-0000-0000-0000") == "0111000000000000" and plain("短") == plain("U" * 16) == ""
    assert plain("0" * 20) == plain("0" * 27) == ""
    for kept in (code, "K7M2-9XQ4-0ABC-ZZ19"):  # papers of before have shorter ones
        assert mark_of(f"%PDF {marked('360100-2026-0001', kept)})x".encode()) == ("360100-2026-0001", kept)


async def test_art_23_a_receipt_is_issued_once(build: Any, as_user: Any, superuser: Any) -> None:
    """The PDF says what the receipt says, to city and province alike, and is kept byte by byte."""
    filing = await build().filed()
    told = good(await as_user("360100")("GET", f"/filings/{filing.id}/receipt")).json()
    path = f"/filings/{filing.id}/receipt.pdf"
    first = good(await as_user("360000", "office")("GET", path))  # a reader of another tenant issues it
    again = good(await as_user("360100")("GET", path))
    assert first.headers["content-type"] == "application/pdf" and first.content == again.content
    shown = text_of(first.content)
    for said in (
        told["filing_number"],
        told["project_name"],
        told["owner_name"],
        told["document_number"],
        told["digest"],
        both_spellings(int(told["approved_amount_yuan"].replace(".", ""))),
    ):
        assert said.replace(" ", "") in shown
    row = await superuser.fetchrow("SELECT * FROM papers WHERE number = $1", told["filing_number"])
    mark = mark_of(first.content)
    assert mark is not None and mark.number == told["filing_number"]
    assert (row["digest"], row["code_digest"]) == (sm3(first.content), code_digest(mark.code))
    assert mark.code not in str(dict(row) | {"content": None})  # the code stands on the paper alone
    for stranger in (as_user("360200"), as_user("360200", "gatekeeper")):
        assert (await stranger("GET", path)).status_code == 404


async def test_a_supplementary_filing_has_a_receipt_of_its_own(build: Any, as_user: Any) -> None:
    w = build()
    case = await recipes.changed(w)
    done = good(
        await as_user("360100")("POST", f"/projects/{case.id}/file-supplement", {}, etag=case.etag)
    ).json()
    filings = good(await as_user("360100")("GET", "/filings", params={"project_id": case.id})).json()["items"]
    path = f"/filings/{filings[0]['id']}/supplements/{done['receipt']['number']}/receipt.pdf"
    answer = good(await as_user("360100")("GET", path))
    shown = text_of(answer.content)
    assert done["receipt"]["number"] in shown and done["receipt"]["filing_number"] in shown
    assert "洪发改〔2026〕60号" in shown and done["receipt"]["digest"] in shown
    other = path.replace(done["receipt"]["number"], "360100-2026-B9999")
    assert (await as_user("360100")("GET", other)).status_code == 404


async def test_art_42_evidence_as_a_paper(build: Any, as_user: Any, superuser: Any) -> None:
    filing, _query = await build().asked()
    ref = filing.data["project"]["id"]
    answer = good(await as_user("360100", "auditor")("GET", f"/projects/{ref}/evidence.pdf"))
    shown = text_of(answer.content).partition("办理经过时间")[2]
    order = [
        shown.index(word) for word in ("提交申报", "统筹把关通过", "市级批复", "报送备案", "备案询问和答复")
    ]
    assert order == sorted(order)
    assert ref in text_of(answer.content)
    mark = mark_of(answer.content)
    row = await superuser.fetchrow("SELECT * FROM papers WHERE number = $1", mark.number if mark else "")
    assert (row["kind"], row["digest"], row["content"]) == ("evidence", sm3(answer.content), None)
    assert (await as_user("360100", "unit")("GET", f"/projects/{ref}/evidence.pdf")).status_code in (200, 403)
    assert (await as_user("360200", "auditor")("GET", f"/projects/{ref}/evidence.pdf")).status_code == 404
