"""/maintenance/plans, /projects/{id}/propose-maintenance, /maintenance/proposals (arts 22, 30, 36, 37)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import maintenance_plans as plans
from service.delivery import maintenance_proposals as proposals
from service.delivery.maintenance_plans import TAG
from service.delivery.maintenance_queries import (
    PLAN,
    PLANS,
    PROPOSALS,
)
from service.delivery.maintenance_schemas import (
    PlanList,
    PlanQuery,
    PlanView,
    ProposalExportQuery,
    ProposalList,
    ProposalQuery,
)
from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.command import routes_of
from service.kit.csvout import MEDIA_TYPE, Plain
from service.kit.db import Row
from service.kit.errors import not_found, or_404
from service.kit.exporting import Export
from service.kit.ids import parse_ref
from service.kit.money import yuan, yuan_or_none
from service.measures.citations import article_label
from service.measures.evaluation import points_text
from service.projects.export import PAGE
from service.vocabulary import label

TAKEN = Error(409, "already_proposed", "该年度的建议已经提出")
MAX_ROWS = 10_000


@operation(
    "GET",
    "/maintenance/plans/{ref:str}",
    resource="maintenance.plan",
    action="read",
    summary="读取运维实施方案",
    tag=TAG,
    answer=PlanView,
)
async def read_plan(call: Call) -> Answer:
    """方案、所涉项目和审核意见（第二十二条）。"""
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    row = or_404(await call.door.row(call.scope, PLAN, tenant_id=ref.tenant, id=ref.id))
    return Answer(plans.plan_view(row, plans.tier_of(call)))


@operation(
    "GET",
    "/maintenance/plans",
    resource="maintenance.plan",
    action="read",
    summary="运维实施方案列表",
    tag=TAG,
    query=PlanQuery,
    answer=PlanList,
    paged=True,
)
async def list_plans(call: Call) -> Answer:
    """本级的方案，新的在前（第二十二条）。"""
    tier, tenant = plans.tier_of(call), call.principal.tenant
    return await PLANS.serve(call, lambda row: plans.plan_view(row, tier), PlanList, tenant_id=tenant)


@operation(
    "GET",
    "/maintenance/proposals",
    resource="maintenance.proposal",
    action="read",
    summary="运维预算建议列表",
    tag=TAG,
    query=ProposalQuery,
    answer=ProposalList,
    paged=True,
)
async def list_proposals(call: Call) -> Answer:
    """本级各项目的建议、上次评价、列明的情形和安排结果（第三十六条、第三十七条）。"""
    query: ProposalQuery = call.query
    more = {} if query.undecided is None else {"to_decide" if query.undecided else "decided": True}
    tenant = call.principal.tenant
    return await PROPOSALS.serve(call, proposals.proposal_view, ProposalList, tenant_id=tenant, **more)


def _case(found: Row) -> str:
    return f"{label('finding', found['code'])}（{article_label(found['article'])}）"


_COLUMNS = (
    ("年度", lambda p: p["year"]),
    ("项目编号", lambda p: f"{p['tenant_id']}-{p['project_id']}"),
    ("项目名称", lambda p: p["project_name"]),
    ("项目单位", lambda p: p["owner_name"]),
    ("建议金额（元）", lambda p: Plain(yuan(p["amount_fen"]))),
    ("工作量", lambda p: p["workload"]),
    ("上次评价", lambda p: None if p["score"] is None else Plain(points_text(p["score"]))),
    ("列明的情形", lambda p: "；".join(_case(each) for each in p["findings"])),
    ("理由", lambda p: "；".join(f["reason"] for f in p["findings"] if f["reason"])),
    ("逾期", lambda p: "是" if p["late"] else "否"),
    ("提出日期", lambda p: p["on"]),
    ("安排金额（元）", lambda p: None if p["arranged_fen"] is None else Plain(yuan_or_none(p["arranged_fen"]) or "")),
)  # fmt: skip


@operation(
    "GET",
    "/exports/maintenance-proposals.csv",
    resource="maintenance.proposal",
    action="read",
    summary="导出运维预算建议",
    tag=TAG,
    query=ProposalExportQuery,
    answer=bytes,
    media_type=MEDIA_TYPE,
)
async def export_proposals(call: Call) -> Answer:
    """一个年度本级的全部建议，供财政部门汇总（第三十六条）；至多一万行，超出时 x-truncated 为 true。"""
    query: ProposalExportQuery = call.query
    given = {"year": [query.year], "tenant_id": call.principal.tenant}
    rows: list[Row] = []
    async for page in PROPOSALS.whole(call, PROPOSALS.wish(given), given, lambda row: row, PAGE):
        rows += page
        if len(rows) > MAX_ROWS:
            break
    sheet: Export[Row] = Export(call, _COLUMNS)
    await sheet.add(rows[:MAX_ROWS])
    told = {"x-truncated": str(len(rows) > MAX_ROWS).lower()}
    return await sheet.answer(
        "maintenance-proposals", f"{query.year}年度运维预算建议", legal_day(call.now), told
    )


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(plans),
    read_plan,
    list_plans,
    list_proposals,
    export_proposals,
]
