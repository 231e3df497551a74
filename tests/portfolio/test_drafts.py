"""Drafts as docx: the case's words in our template, or in the office's own, a stranger's file (arts 18, 20, 32, 41)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

from service.papers.apart import DRAFTS
from service.papers.docx import MEDIA, Unfit, filled
from service.papers.drafting import MARKING
from service.papers.making import TEXTS, make
from service.papers.press import Press
from tests.contract import review_steps
from tests.contract.world import good


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
        "{{ unknown_field }}", "{{ ''.__class__.__mro__ }}", "{{ project_name.__init__.__globals__ }}",
        "{% for a in range(999999999) %}{% endfor %}", "{{ project_name | no_filter }}", "{% include '/etc/passwd' %}",
        "{% if %}", "{{ project_name() }}", "{{ 1 / 0 }}", "{{ 'a' * 9999999999999999 }}",
    ],
)  # fmt: skip
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


async def test_an_offices_own_template_and_ours_where_it_does_not_do(app: Any, tmp_path: Path) -> None:
    fields = {"project_name": "城管业务系统", "marking": MARKING}
    press = Press(app.app.state.services.shelf[Press].fonts, tmp_path)
    (tmp_path / "360100").mkdir()
    (tmp_path / "360100" / "rectification.docx").write_bytes(
        template("{{ marking }}：本市格式 {{ project_name }}")
    )
    try:
        made, which = await press.draft("360100", "rectification", fields)
        assert (words_of(made), which) == (f"{MARKING}：本市格式 城管业务系统", "own")
        (tmp_path / "rectification.docx").write_bytes(
            template("{% for a in range(99999) %}" * 3 + "{{ secret }}")
        )
        whole = {**fields, **dict.fromkeys(("owner_name", "project_id", "project_class", "project_kind"), "乙"),
                 "declared_amount": "1元", "findings": [], "organ": "丙", "today": "2026年11月30日"}  # fmt: skip
        made, which = await press.draft("360200", "rectification", whole)
        assert which == "refused" and "城管业务系统" in words_of(made)
    finally:
        await press.close()
