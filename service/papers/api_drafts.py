"""Drafts for an organ's own document system: whoever writes the deed may have its draft (arts 18, 20, 32, 41)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler

from service.delivery.acceptance_common import accepting_tier
from service.identity.people import People
from service.kit.api import Answer, Call, operation
from service.measures.organs import SLOT_NAMES, Slot
from service.papers.docx import MEDIA
from service.papers.drafting import fields
from service.papers.own_templates import in_use
from service.papers.press import Press
from service.projects.api import REFUSED, read_case
from service.projects.case import Case
from service.projects.export import tenant_names
from service.reviews.queries import APPRAISALS, PANELS, SCORES
from service.reviews.schemas_out import AppraisalView
from service.reviews.views import appraisal_view
from service.reviews.whose_turn import not_theirs, only
from service.vocabulary import label

TAG = "papers"
_drafts = partial(operation, "GET", resource="draft", tag=TAG, where="cases", answer=bytes, media_type=MEDIA)


async def organ_of(call: Call) -> str:
    """In whose name the caller writes: the office, else the tenant."""
    actor = call.principal.actor
    me = (await call.service(People).named(call.door, frozenset({actor})))[actor]
    return me.office_name or (await tenant_names(call)).get(call.principal.tenant, call.principal.tenant)


async def _draft(call: Call, case: Case, kind: str, found: Iterable[AppraisalView] = ()) -> Answer:
    told = fields(call, case, await organ_of(call), found)
    form = await in_use(call, kind)
    made, template = await call.service(Press).draft(call.principal.tenant, kind, told, form)
    name = quote(f"送审稿-{label('draft', kind)}-{case.name[:60]}.docx")
    return Answer(
        made,
        headers={
            "content-disposition": f"attachment; filename=\"draft.docx\"; filename*=UTF-8''{name}",
            "tongjian-template": template,
            **({"tongjian-template-version": str(form.number)} if form and template == "office" else {}),
        },
    )


@_drafts(
    "/projects/{ref:str}/drafts/approval.docx", action="approval", summary="批复送审稿", errors=(REFUSED,)
)
async def approval(call: Call) -> Answer:
    """供办文用的批复稿，标明送审稿，不含文头、文号和印章；本单位有模板的按其模板。"""
    case = await read_case(call, call.path("ref"))
    only(call, None, case, 20, Slot.DRC)
    return await _draft(call, case, "approval")


@_drafts(
    "/projects/{ref:str}/drafts/appraisal.docx",
    action="appraisal",
    summary="论证评估报告送审稿",
    errors=(REFUSED,),
)
async def appraisal(call: Call) -> Answer:
    """供评估机构起草报告；专家评分齐全后载有各位专家的建议。"""
    case = await read_case(call, call.path("ref"))
    only(call, None, case, 18, Slot.AGENCY)
    given = {"tenant_id": case.tenant_id, "id": case.id}
    rows, seats, sheets = [
        await call.door.fetch(call.scope, each, **given) for each in (APPRAISALS, PANELS, SCORES)
    ]
    found = [appraisal_view(call, case, row, seats, sheets) for row in rows]
    return await _draft(call, case, "appraisal", found)


@_drafts(
    "/projects/{ref:str}/drafts/acceptance.docx",
    action="acceptance",
    summary="竣工验收意见送审稿",
    errors=(REFUSED,),
)
async def acceptance(call: Call) -> Answer:
    """供组织验收的机构起草验收意见；所载日期和确认结果取自案卷。"""
    case = await read_case(call, call.path("ref"))
    tier = accepting_tier(case)
    if call.principal.tier != tier.value:
        raise not_theirs(case, SLOT_NAMES[tier][Slot.DRC], 32)
    return await _draft(call, case, "acceptance")


@_drafts("/projects/{ref:str}/drafts/rectification.docx", action="rectification", summary="整改要求送审稿")
async def rectification(call: Call) -> Answer:
    """供监督机构起草整改要求；附系统核对时发现的情形。"""
    return await _draft(call, await read_case(call, call.path("ref")), "rectification")


ROUTES: list[HTTPRouteHandler] = [approval, appraisal, acceptance, rectification]
