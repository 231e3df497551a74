"""Maintenance plans of common projects (art. 22): compiled by the information centre, reviewed by two organs."""

from __future__ import annotations

from typing import Any

from service.audit.actions import audited
from service.delivery.acceptance_common import fault, plain
from service.delivery.maintenance_models import maintenance_plan_reviews, maintenance_plans
from service.delivery.maintenance_queries import NAMED_PROJECTS, PLAN
from service.delivery.maintenance_schemas import PlanIn, PlanReviewIn, PlanReviewView, PlanView
from service.kit.api import Answer, Call, Error
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found, or_404
from service.kit.ids import Ref, new_id, parse_ref
from service.kit.money import fen, yuan
from service.kit.outbox import Recipient, emitted
from service.kit.rows import of_row
from service.kit.tables import insert_row
from service.measures.lifecycle import TERMINAL
from service.measures.offices import Tier
from service.measures.organs import ROLES, SLOT_NAMES, Slot, slot_of
from service.projects.submission import PROVINCE

TAG = "evaluation"

SUPERSEDED = Error(409, "plan_superseded", "方案已被替代")

# Art. 22: infrastructure, support platforms, and what departments build together.
COMMON = ("infrastructure", "integration")
REVIEWERS = (Slot.GENERAL_OFFICE, Slot.DRC)
_COMPILE = insert_row(maintenance_plans, ignore_conflict=True)
_REVIEW = insert_row(maintenance_plan_reviews, ignore_conflict=True)


def _refuse_intranet(body: PlanIn) -> None:
    """Art. 22: the intranet's chain is another one; who to turn to is told, nothing is kept."""
    if body.network == "intranet":
        raise ServiceError(
            422,
            "intranet_not_here",
            "电子政务内网公共项目的运维不在本系统办理，请与省国家密码管理局（省内网办）联系，由其编制方案报省委办公厅审核"
            "（第二十二条）；本次内容没有保存",
            article=22,
            errors=[FieldError("/network", "intranet_not_here", "电子政务内网不在本系统办理")],
        )


def _compiled(call: Call, plan: Any) -> Answer:
    headers = {"location": f"/api/v1/maintenance/plans/{Ref(plan['tenant_id'], plan['id'])}"}
    return Answer(plan_view(plan, tier_of(call)), headers=headers)


@command(
    "POST",
    "/maintenance/plans",
    resource="maintenance.plan",
    action="compile",
    summary="编制运维实施方案",
    tag=TAG,
    body=PlanIn,
    answer=PlanView,
    status=201,
    errors=(Error(422, "intranet_not_here", "电子政务内网不在本系统办理，不保存"), SUPERSEDED),
    view=_compiled,
)
async def compile_plan(call: Call, tx: Tx) -> dict[str, Any]:
    """公共项目的运维方案由信息中心编制，报两家机构审核；电子政务内网不在本系统办理（第二十二条）。"""
    # Names common projects of the centre's own tenant; a newer version supersedes an older one once.
    body: PlanIn = call.body
    _refuse_intranet(body)
    if fen(body.cost_yuan) <= 0:
        raise fault("/cost_yuan", "amount_range", "运维费用应大于零（第二十二条）")
    named = await _projects(call, tx, body)
    await _superseded(call, tx, body)
    plan: dict[str, Any] = {
        "tenant_id": call.principal.tenant,
        "id": new_id(),
        "name": body.name,
        "year": body.year,
        "content": body.content,
        "papers": plain(body.papers),
        "projects": named,
        "cost_fen": fen(body.cost_yuan),
        "supersedes": body.supersedes,
        "compiled_by": call.principal.actor,
        "at": call.now,
    }
    tx.batch.add(_COMPILE, miss=_stale_plan(), **plan)
    tier = tier_of(call)
    desks = [Recipient(call.principal.tenant, ROLES[tier][slot]) for slot in REVIEWERS]
    _tell(call, tx, plan, "maintenance.planned", desks, f"{body.year} 年度，{len(named)} 个公共项目。")
    return {**plan, "reviews": [], "newer": 0}


def tier_of(call: Call) -> Tier:
    return Tier.PROVINCE if call.principal.tenant == PROVINCE else Tier.CITY


async def _projects(call: Call, tx: Tx, body: PlanIn) -> list[dict[str, Any]]:
    """Every project named is a common one of this tenant, or 422 with its pointer; foreign is like absent."""
    wanted, faults = [], []
    for number, text in enumerate(body.projects):
        try:
            ref = parse_ref(text)
        except ServiceError:
            ref = Ref("", "")
        wanted.append((f"/projects/{number}", ref))
    ids = [ref.id for _, ref in wanted if ref.tenant == call.principal.tenant]
    rows = await tx.fetch(NAMED_PROJECTS, tenant_id=call.principal.tenant, ids=ids)
    found = {row["id"]: row for row in rows}
    named: dict[str, dict[str, Any]] = {}
    for pointer, ref in wanted:
        row = found.get(ref.id) if ref.tenant == call.principal.tenant else None
        if row is None:
            faults.append(FieldError(pointer, "unknown_project", "没有这个项目，或不在本级"))
        elif row["project_class"] not in COMMON:
            faults.append(
                FieldError(
                    pointer, "not_common", "不属于基础设施、支撑平台或跨部门共建的公共项目（第二十二条）"
                )
            )
        elif row["state"] in TERMINAL:  # over, or never come about: nothing is there that could be maintained
            faults.append(FieldError(pointer, "project_ended", "项目已经退出、终止或者撤回，没有需要运维的"))
        elif ref.id in named:
            faults.append(FieldError(pointer, "repeated", "项目重复"))
        else:
            named[ref.id] = {"id": str(ref), "name": row["name"]}
    if faults:
        raise invalid(faults)
    return list(named.values())


def _stale_plan() -> ServiceError:
    return ServiceError(409, "plan_superseded", "该运维方案已被新方案替代（第二十二条）", article=22)


async def _superseded(call: Call, tx: Tx, body: PlanIn) -> None:
    if body.supersedes is None:
        return
    old = await tx.row(PLAN, tenant_id=call.principal.tenant, id=body.supersedes)
    if old is None:
        raise fault("/supersedes", "unknown_plan", "没有这个运维方案（第二十二条）")
    if old["newer"]:
        raise _stale_plan()


def _reviewed(call: Call, done: Any) -> Answer:
    return Answer(plan_view(done, tier_of(call)))


@command(
    "POST",
    "/maintenance/plans/{ref:str}/review",
    resource="maintenance.plan",
    action="review",
    summary="审核运维实施方案",
    tag=TAG,
    body=PlanReviewIn,
    answer=PlanView,
    errors=(SUPERSEDED, Error(409, "already_reviewed", "已经审核过")),
    view=_reviewed,
)
async def review_plan(call: Call, tx: Tx) -> dict[str, Any]:
    """两家各审一次，互不覆盖；有一家不同意的，修改后重新报送（第二十二条）。"""
    # Art. 22: general office and DRC, each once, side by side; a plan one of them refuses is compiled anew.
    body: PlanReviewIn = call.body
    ref = parse_ref(call.path("ref"))
    if ref.tenant != call.principal.tenant:
        raise not_found()
    row = or_404(await tx.row(PLAN, tenant_id=ref.tenant, id=ref.id))
    if row["newer"]:
        raise _stale_plan()
    slot = next(slot for slot in REVIEWERS if slot in slot_of(tier_of(call), call.principal.roles))
    again = ServiceError(409, "already_reviewed", "本机构已经审核过该运维方案（第二十二条）", article=22)
    if any(each["slot"] == slot.value for each in row["reviews"]):
        raise again
    given: dict[str, Any] = {
        "tenant_id": ref.tenant,
        "plan_id": ref.id,
        "slot": slot.value,
        "agreed": body.agreed,
        "opinion": body.opinion,
        "by": call.principal.actor,
        "at": call.now,
    }
    tx.batch.add(_REVIEW, miss=again, **given)
    told = "审核同意。" if body.agreed else "审核不同意，请修改后重新报送。"
    desks = [Recipient(ref.tenant, "info_centre")]
    _tell(call, tx, row, "maintenance.plan_reviewed", desks, f"{SLOT_NAMES[tier_of(call)][slot]}{told}")
    return {**dict(row), "reviews": [*row["reviews"], given]}


def _tell(call: Call, tx: Tx, plan: Any, kind: str, desks: list[Recipient], message: str) -> None:
    audited(
        call, tx, kind, plan["id"], {"year": plan["year"]}, kind="maintenance_plan", tenant=plan["tenant_id"]
    )
    emitted(
        call,
        tx,
        kind,
        desks,
        {
            "subject": {
                "id": str(Ref(plan["tenant_id"], plan["id"])),
                "name": plan["name"],
                "owner_name": "",
            },
            "message": message,
            "actor": call.principal.actor,
        },
        tenant=plan["tenant_id"],
    )


def plan_view(row: Row | dict[str, Any], tier: Tier) -> PlanView:
    """A plan as an answer; its state is told by its reviews."""
    reviews = [
        of_row(PlanReviewView, each, organ_name=SLOT_NAMES[tier][Slot(each["slot"])])
        for each in row["reviews"]
    ]
    state = "under_review"
    if row["newer"]:
        state = "superseded"
    elif any(not each.agreed for each in reviews):
        state = "returned"
    elif len(reviews) == len(REVIEWERS):
        state = "reviewed"
    return of_row(
        PlanView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        cost_yuan=yuan(row["cost_fen"]),
        state=state,
        reviews=reviews,
    )
