"""Receipts and evidence as PDF: whoever may read what they are made of may have the paper (arts 23, 39, 42)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.delivery.acceptance_api import acceptance_filing_asked
from service.delivery.acceptance_schemas import AcceptanceReceipt
from service.filings.api import filing_asked
from service.filings.schemas import Receipt, SupplementReceipt
from service.identity.people import People
from service.kit.api import Answer, Call, operation
from service.kit.db import Row
from service.kit.errors import or_404
from service.kit.ids import Ref, parse_ref
from service.papers import api_drafts, api_templates, api_verify, layout
from service.papers.evidence import evidence
from service.papers.issuing import WITHDRAWN, issue, kept, withdrawn
from service.papers.queries import SUPPLEMENT
from service.portfolio.erasing import GONE
from service.portfolio.evidence_cover import actors
from service.portfolio.evidence_reading import whole
from service.rulebook.book import RuleBooks

T = TypeVar("T")
PDF = "application/pdf"
TAG = "papers"


# A paper is answered as it is, and no more once its case was withdrawn.
_paper = partial(operation, "GET", tag=TAG, where="cases", answer=bytes, media_type=PDF, errors=(WITHDRAWN,))


def _file(content: bytes, name: str) -> Answer:
    headers = {"content-disposition": f"attachment; filename=\"paper.pdf\"; filename*=UTF-8''{quote(name)}"}
    return Answer(content, headers=headers)


async def _receipt(call: Call, row: Row, number: str, title: str, made: Callable[[], layout.Paper]) -> Answer:
    """The receipt of this number: as it was given out first, else given out now."""
    content = await kept(call, row["tenant_id"], number)
    if content is None:
        content = await issue(call, _project(row), made(), keep=True)
    return _file(content, f"{title}-{number}.pdf")


@_paper("/filings/{ref:str}/receipt.pdf", resource="filing", action="receipt", summary="备案回执（PDF）")
async def receipt(call: Call) -> Answer:
    """首次取得时出具，载有核验码，此后各次取得的逐字节相同；真伪在 /verify 核验。"""
    row = await filing_asked(call)
    return await _receipt(
        call, row, row["number"], "备案回执", lambda: layout.receipt(_whole(row["receipt"], Receipt))
    )


@_paper(
    "/filings/{ref:str}/supplements/{number:str}/receipt.pdf",
    resource="filing",
    action="receipt",
    summary="补充备案回执（PDF）",
)
async def supplement(call: Call) -> Answer:
    """number 为补充备案的编号；其余同首次备案的回执。"""
    row, number = await filing_asked(call), call.path("number")
    given = {"tenant_id": row["tenant_id"], "project_id": row["project_id"], "number": number}
    told = or_404(await call.door.row(call.scope, SUPPLEMENT, **given))
    return await _receipt(
        call,
        row,
        number,
        "补充备案回执",
        lambda: layout.supplement(_whole(told["content"], SupplementReceipt)),
    )


@_paper(
    "/acceptance-filings/{ref:str}/receipt.pdf",
    resource="acceptance.filing",
    action="read",
    summary="竣工验收备案回执（PDF）",
)
async def acceptance_receipt(call: Call) -> Answer:
    """首次取得时出具，此后各次取得的逐字节相同；不载金额，凭核验码和编号在 /verify 核验（第三十二条）。"""
    row = await acceptance_filing_asked(call)
    city = call.service(RuleBooks).divisions.name_of(row["tenant_id"]) or row["tenant_id"]
    return await _receipt(
        call,
        row,
        row["number"],
        "竣工验收备案回执",
        lambda: layout.acceptance(_whole(row["receipt"], AcceptanceReceipt), city),
    )


@_paper("/projects/{ref:str}/evidence.pdf", resource="evidence", action="read", summary="证据材料（PDF）")
async def evidence_pdf(call: Call) -> Answer:
    """一个项目的办理经过和各文本、附件的摘要，以取得时为准，各有编号和核验码；附件本身在证据包中。"""
    found = await whole(call, parse_ref(call.path("ref")))
    if any(
        row["state"] in ("confirmed", "purged") and row["document_id"] is None
        for row in found.tables["spills"]
    ):
        raise withdrawn()
    people = await call.service(People).named(call.door, actors(found, call.principal.actor))
    paper = evidence(call, found, people, await api_drafts.organ_of(call))
    pdf = await issue(call, found.case.ref, paper, keep=False)
    return _file(pdf, f"证据材料-{paper.number}.pdf")


def _project(row: Row) -> Ref:
    return Ref(row["tenant_id"], row["project_id"])


def _whole(content: dict[str, Any], kind: type[T]) -> T:
    """The receipt as it was given; what an erasing left of it is none."""
    if content.get("project_name") == GONE:
        raise withdrawn()
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError:
        raise withdrawn() from None


ROUTES: list[HTTPRouteHandler] = [
    receipt,
    supplement,
    acceptance_receipt,
    evidence_pdf,
    *api_verify.ROUTES,
    *api_drafts.ROUTES,
    *api_templates.ROUTES,
]
