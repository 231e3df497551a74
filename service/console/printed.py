"""What a case leaves on paper: receipts and evidence as PDF, drafts of what this desk writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.pages import page
from service.console.parts_of_case import Deed
from service.console.visiting import Visit
from service.kit.errors import not_found
from service.kit.handler import Rendered
from service.measures.lifecycle_states import INITIAL
from service.vocabulary import label, names

# The draft of each deed: where the deed stands among the desk's own, open or not yet, its draft is offered.
_DRAFT_OF = {
    "filings_approve": "approval",
    "reviews_province_approve": "approval",
    "reviews_conclude": "appraisal",
    "acceptance_accept": "acceptance",
}


def printed(visit: Visit, project: dict[str, Any], deeds: Sequence[Deed]) -> list[tuple[str, str]]:
    """(address, what it is called) of every paper that this reader may have."""
    root, found = f"/console/projects/{project['id']}/paper", []
    if project["filing_number"] and visit.may("papers_receipt", "filings_list_page"):
        found.append((f"{root}/receipt", "备案回执 PDF"))
        told = (project.get("dated") or {}).get("filed") or {}
        found += [
            (f"{root}/supplement-{at}", f"补充备案回执 PDF（第 {at} 次）")
            for at in range(1, int(told.get("supplements") or 0) + 1)
        ]
    if project["state"] not in INITIAL and visit.may("papers_evidence_pdf"):
        found.append((f"{root}/evidence", "证据材料 PDF"))
    drafts = dict.fromkeys(_DRAFT_OF[deed.operation] for deed in deeds if deed.operation in _DRAFT_OF)
    if project["state"] not in INITIAL:  # art. 41 asks no state of what is supervised
        drafts["rectification"] = None
    found += [
        (f"{root}/{kind}", f"送审稿：{label('draft', kind)}")
        for kind in drafts
        if visit.may(f"papers_{kind}")
    ]
    return found


@page("GET", "/console/projects/{ref:str}/paper/{kind:str}")
async def paper(visit: Visit) -> Rendered:
    """One of them."""
    ref, kind = visit.part("ref"), visit.part("kind")
    if kind == "evidence":
        return await _given(visit, "papers_evidence_pdf", {"ref": ref})
    if kind in names("draft"):
        return await _given(visit, f"papers_{kind}", {"ref": ref})
    filings = (await visit.ask("filings_list_page", {"project_id": ref, "limit": "1"}))["items"]
    if not filings:
        raise not_found()
    filing = filings[0]["id"]
    if kind == "receipt":
        return await _given(visit, "papers_receipt", {"ref": filing})
    supplements = (await visit.ask("filings_supplements", ref=filing))["items"]
    at = kind.removeprefix("supplement-")
    if not (at.isascii() and at.isdecimal() and 1 <= int(at[:4]) <= len(supplements)):
        raise not_found()
    number = supplements[int(at[:4]) - 1]["number"]
    return await _given(visit, "papers_supplement", {"ref": filing, "number": number})


async def _given(visit: Visit, operation: str, path: dict[str, str]) -> Rendered:
    reply = await visit.reply(operation, path)
    return Rendered(reply.status, reply.headers, reply.body)


ROUTES: list[HTTPRouteHandler] = [paper]
