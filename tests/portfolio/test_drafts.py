"""Drafts as docx: the case's words in our template, or in the office's own, a stranger's file (arts 18, 20, 32, 41)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from service.kit.money import fen
from service.papers.apart import DRAFTS
from service.papers.docx import MEDIA, Unfit, filled
from service.papers.drafting import BLANK, MARKING
from service.papers.making import TEXTS, make
from service.papers.press import MOST_TEMPLATE, Press
from service.papers.words import both_spellings, spoken
from service.vocabulary import label
from tests import factories
from tests.contract import recipes_acceptance as acceptance
from tests.lives import good
from tests.lives import reviews as review_steps


def words_of(raw: bytes) -> str:
    """All that a reader of the draft sees, paragraphs and tables."""
    found = docx.Document(io.BytesIO(raw))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in found.paragraphs), *cells])


def template(*paragraphs: str) -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", TEXTS)
def test_our_templates_are_what_is_built(kind: str) -> None:
    assert words_of((DRAFTS / f"{kind}.docx").read_bytes()) == words_of(make(kind))


async def test_art_23_an_approval_drafted_from_the_case(build: Any, as_user: Any) -> None:
    w = build()
    case = await w.gatekept()
    path = f"/projects/{case.id}/drafts/approval.docx"
    answer = good(await as_user("360100", "approver")("GET", path))
    assert answer.headers["content-type"] == MEDIA and answer.headers["tongjian-template"] == "ours"
    said, project = words_of(answer.content), case.data
    assert said.startswith(MARKING)
    for each in (project["name"], project["owner"]["name"], project["id"], "年", "人民币", "万元"):
        assert each in said
    assert "{{" not in said and "{%" not in said
    for who in (("360100", "gatekeeper"), ("360100", "unit"), ("360100", None)):
        assert (await as_user(*who)("GET", path)).status_code == 403
    assert (await as_user("360200", "approver")("GET", path)).status_code == 404
    assert (await as_user("360000", "drc")("GET", path)).status_code in (
        404,
        409,
    )  # the city's to approve (art. 23)


async def test_art_18_the_report_names_the_experts_once_their_sheets_are_in(build: Any, as_user: Any) -> None:
    w = build()
    case = await review_steps.scored(w, await w.gatekept(), "city")
    answer = good(await as_user("360100", "agency")("GET", f"/projects/{case.id}/drafts/appraisal.docx"))
    said = words_of(answer.content)
    listed = good(await as_user("360100", "agency")("GET", f"/projects/{case.id}/appraisals")).json()[
        "items"
    ][-1]
    assert all(seat["name"] in said for seat in listed["experts"] if seat["recused_by"] is None)
    assert listed["agency_name"] in said


def test_what_people_wrote_is_text_in_a_draft() -> None:
    words = "甲 & <b>乙</b> {{ 7 * 7 }} {% for x in y %}"
    said = words_of(filled(template("{{ project_name }}"), {"project_name": words}, ours=False))
    assert said == words


@pytest.mark.parametrize(
    "tags",
    [
        "{{ unknown_field }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ project_name.__init__.__globals__ }}",
        "{% for a in range(999999999) %}{% endfor %}",
        "{{ project_name | no_filter }}",
        "{% include '/etc/passwd' %}",
        "{% if %}",
        "{{ project_name() }}",
        "{{ 1 / 0 }}",
        "{{ 'a' * 9999999999999999 }}",
    ],
)
def test_a_template_that_asks_for_more_is_refused(tags: str) -> None:
    with pytest.raises(Unfit):
        filled(template("{{ project_name }}", tags), {"project_name": "甲"}, ours=False)


def test_what_is_no_template_is_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("word/document.xml", b" " * (21 << 20))
    for raw in (b"", b"PK", b"%PDF-1.7", bomb.getvalue()):
        with pytest.raises(Unfit):
            filled(raw, {}, ours=False)


def facts_of(raw: bytes) -> dict[str, str]:
    """The first table of a draft: what stands beside each heading."""
    return {row.cells[0].text: row.cells[1].text for row in docx.Document(io.BytesIO(raw)).tables[0].rows}


def rows_of(raw: bytes) -> list[tuple[str, ...]]:
    """The last table of a draft without its head."""
    return [tuple(cell.text for cell in row.cells) for row in docx.Document(io.BytesIO(raw)).tables[-1].rows][
        1:
    ]


async def test_art_32_an_acceptance_is_drafted_with_the_days_and_results_of_the_case(
    build: Any, as_user: Any
) -> None:
    case = await acceptance.opined(build())
    approver = as_user("360100", "approver")
    facts = facts_of(good(await approver("GET", f"/projects/{case.id}/drafts/acceptance.docx")).content)
    told, dated = case.data, case.data["dated"]

    declared = told["facts"]

    def day(fact: str) -> str:
        return spoken(date.fromisoformat(dated[fact]["on"]))

    assert facts == {
        "项目名称": told["name"],
        "项目单位": told["owner"]["name"],
        "项目编号": told["id"],
        "项目类别": f"{label('project_class', declared['project_class'])}（{label('kind', declared['kind'])}）",
        "申报总投资": both_spellings(fen(told["investment_yuan"])),
        "批复金额": both_spellings(fen(told["approved_amount_yuan"])),
        "批复文件": f"{dated['approved']['number']}，{day('approved')}",
        "试运行开始": spoken(date.fromisoformat(acceptance.ago(290))),
        "终验": spoken(date.fromisoformat(acceptance.ago(20))),
        "申请验收": day("acceptance_applied"),
        "数据共享确认": "已确认",
        "安全可靠和密码应用确认": "已确认",
    }


async def test_what_the_case_does_not_say_is_left_to_be_written(build: Any, as_user: Any) -> None:
    case = await acceptance.inspected(build())
    answer = good(await as_user("360100", "approver")("GET", f"/projects/{case.id}/drafts/acceptance.docx"))
    facts = facts_of(answer.content)
    assert (facts["申请验收"], facts["数据共享确认"], facts["安全可靠和密码应用确认"]) == (
        BLANK,
        "尚未确认",
        "尚未确认",
    )


async def test_art_41_a_rectification_is_drafted_with_what_was_found(build: Any, as_user: Any) -> None:
    case = await build().submitted(negative={**factories.NEGATIVE, "off_cloud": True})
    city = as_user("360100", "gatekeeper")
    found = good(await city("GET", f"/projects/{case.id}")).json()["findings"]
    assert any(each["reason"] for each in found), "else the column of reasons says nothing"
    raw = good(await city("GET", f"/projects/{case.id}/drafts/rectification.docx")).content
    assert rows_of(raw) == [(label("finding", each["code"]), each["reason"] or "") for each in found]
    facts, said = facts_of(raw), words_of(raw)
    assert facts["申报总投资"] == "400万元（人民币肆佰万元整）" and facts["项目编号"] == case.id
    assert said.startswith(MARKING) and f"关于{case.data['name']}的整改要求" in said
    path = f"/projects/{case.id}/drafts/rectification.docx"
    assert (await as_user("360200", "gatekeeper")("GET", path)).status_code == 404


@pytest.fixture
async def press(app: Any, tmp_path: Path) -> AsyncIterator[Press]:
    made = Press(app.app.state.services.shelf[Press].fonts, tmp_path)
    (tmp_path / "360100").mkdir()
    yield made
    await made.close()


WHOLE: dict[str, Any] = {
    "project_name": "城管业务系统",
    "marking": MARKING,
    "owner_name": "乙",
    "project_id": "360100-1",
    "project_class": "其他",
    "project_kind": "新建",
    "declared_amount": "1元",
    "findings": [],
    "organ": "丙",
    "today": "2026年11月30日",
}


async def test_an_offices_own_template_is_filled(press: Press, tmp_path: Path) -> None:
    own = template("{{ marking }}：本市格式 {{ project_name }}")
    (tmp_path / "360100" / "rectification.docx").write_bytes(own)
    made, which = await press.draft("360100", "rectification", WHOLE)
    assert (words_of(made), which) == (f"{MARKING}：本市格式 城管业务系统", "own")
    assert (await press.draft("360200", "rectification", WHOLE))[1] == "ours"


def with_part(name: str, content: bytes) -> bytes:
    """A good template and one part more."""
    out = io.BytesIO(template("{{ project_name }}"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(name, content)
    return out.getvalue()


def broken() -> bytes:
    """Well formed to the directory, its text damaged: who reads it dies over it or refuses it."""
    raw = template("{{ project_name }}")
    with zipfile.ZipFile(io.BytesIO(raw)) as pack:
        at = pack.getinfo("word/document.xml").header_offset + 80
    return raw[:at] + bytes(255 - byte for byte in raw[at : at + 40]) + raw[at + 40 :]


UNFIT: dict[str, Callable[[], bytes]] = {
    "unknown field": lambda: template("{{ secret }}"),
    "no end": lambda: template("{% for a in findings %}"),
    "bomb": lambda: with_part("word/media/a.bin", b" " * (21 << 20)),
    "macro": lambda: with_part("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "broken": broken,
    "no docx": lambda: b"%PDF-1.7",
    "nothing": lambda: b"",
    "too large": lambda: bytes(MOST_TEMPLATE + 1),
}


@pytest.mark.parametrize("how", UNFIT)
async def test_ours_is_filled_and_said_so_where_an_offices_own_does_not_do(
    press: Press, tmp_path: Path, how: str
) -> None:
    (tmp_path / "360100" / "rectification.docx").write_bytes(UNFIT[how]())
    made, which = await press.draft("360100", "rectification", WHOLE)
    assert which == "refused"
    assert f"关于{WHOLE['project_name']}的整改要求" in words_of(made)
