"""/suspicions: what looks like one project in parts, or like a label chosen for its limit; who decides; figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, parse_ref
from service.kit.money import yuan, yuan_or_none
from service.measures.splitting import CODES
from service.projects.api import SAME
from service.projects.case import asked_for, in_reach
from service.suspicions import actions
from service.suspicions.monitors import monitors
from service.suspicions.queries import LISTING, MEMBERS, SUSPICION
from service.suspicions.schemas import (
    DecideIn,
    JoinIn,
    Member,
    MonitorQuery,
    Monitors,
    SuspicionDetail,
    SuspicionList,
    SuspicionQuery,
    SuspicionView,
)

TAG = "suspicions"
DECIDED = Error(409, "suspicion_decided", "该疑点当前的状态不能办理此事项")
_SAME = (
    "kind",
    "state",
    "project_name",
    "owner_name",
    "article",
    "size",
    "beyond",
    "phrases",
    "reason",
    "decided_by",
    "decided_at",
    "found_at",
    "version",
)


def _fields(row: Mapping[str, Any], call: Call) -> dict[str, Any]:
    tenant, joint = row["tenant_id"], row["joint_project_id"]
    whole = call.principal.office is None  # whoever is bound to one office may not see every member
    return {
        "id": str(Ref(tenant, row["id"])),
        "tenant": tenant,
        "project_id": str(Ref(tenant, row["project_id"])),
        "finding": CODES[row["kind"]],
        "line_yuan": yuan_or_none(row["line_fen"]),
        "sum_yuan": yuan(row["sum_fen"]) if whole else None,
        "score": row["score"] / 1000,
        "joint_project": str(Ref(tenant, joint)) if joint and whole else None,
        **{name: row[name] for name in _SAME},
    }


def _view(row: Mapping[str, Any], call: Call) -> SuspicionView:
    return SuspicionView(**_fields(row, call))


def _member(row: Row) -> Member:
    return Member(
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        amount_yuan=yuan(row["counted_fen"]),
        score=row["score"] / 1000,
        declared_on=row["day"],
        **{name: row[name] for name in ("name", "owner_name", "state")},
    )


@operation(
    "GET",
    "/suspicions",
    resource="suspicion",
    action="read",
    summary="疑点列表",
    tag=TAG,
    where="cases",
    query=SuspicionQuery,
    answer=SuspicionList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """拆分和类别疑点，新的在前；省级角色看到各租户的，项目单位只看到自己的。"""
    query: SuspicionQuery = call.query
    cases = {} if query.project_id is None else {"project_id": asked_for(call, query.project_id)}
    return await LISTING.serve(call, lambda row: _view(row, call), SuspicionList, **cases)


@operation(
    "GET",
    "/suspicions/monitors",
    resource="suspicion.monitor",
    action="read",
    summary="疑点监测",
    tag=TAG,
    where="cases",
    query=MonitorQuery,
    answer=Monitors,
)
async def read_monitors(call: Call) -> Answer:
    """各租户逐月的申报总量，接近限额、类别缺少依据、扣除运维后低于限额的数量和金额，运维占比，拆分和类别疑点数。"""
    return Answer(await monitors(call))


@operation(
    "GET",
    "/suspicions/{ref:str}",
    resource="suspicion",
    action="read",
    summary="读取疑点",
    tag=TAG,
    where="cases",
    answer=SuspicionDetail,
)
async def read(call: Call) -> Answer:
    """相似的项目、合计金额、所比的限额和相同的词句。"""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    row = await call.door.row(call.scope, SUSPICION, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    members = await call.door.fetch(call.scope, MEMBERS, tenant_id=ref.tenant, id=ref.id)
    detail = SuspicionDetail(**_fields(row, call), members=list(map(_member, members)))
    return Answer(detail, version=row["version"])


@operation(
    "POST",
    "/suspicions/{ref:str}/dismiss",
    resource="suspicion",
    action="decide",
    summary="排除疑点",
    tag=TAG,
    where="cases",
    body=DecideIn,
    answer=SuspicionView,
    if_match=True,
    errors=(DECIDED, SAME),
)
async def dismiss(call: Call, tx: Tx) -> Answer:
    """说明理由；已确认的可以改判，项目上的标记随之解除；省级确认的只由省级改判，已登记合并的也是。"""
    return _answer(await actions.dismiss(call, tx, parse_ref(call.path("ref"))), call)


@operation(
    "POST",
    "/suspicions/{ref:str}/confirm",
    resource="suspicion",
    action="decide",
    summary="确认疑点",
    tag=TAG,
    where="cases",
    body=DecideIn,
    answer=SuspicionView,
    if_match=True,
    errors=(DECIDED, SAME),
)
async def confirm(call: Call, tx: Tx) -> Answer:
    """确认拆分的，相关项目在合并之前不能提交、通过把关、批复或报省（第八条）。设区市排除的，省级可以改为确认。"""
    return _answer(await actions.confirm_suspicion(call, tx, parse_ref(call.path("ref"))), call)


@operation(
    "POST",
    "/suspicions/{ref:str}/join",
    resource="suspicion",
    action="decide",
    summary="登记合并",
    tag=TAG,
    where="cases",
    body=JoinIn,
    answer=SuspicionView,
    if_match=True,
    errors=(DECIDED, SAME, Error(409, "nothing_to_join", "类别疑点没有需要合并的项目")),
)
async def join(call: Call, tx: Tx) -> Answer:
    """指明合并拆分各项后的项目，只有它解除标记、可以继续办理，其余项目须撤回；其余均已撤回的可以不填（第八条）。"""
    return _answer(await actions.join(call, tx, parse_ref(call.path("ref"))), call)


def _answer(row: dict[str, Any], call: Call) -> Answer:
    return Answer(_view(row, call), version=row["version"])


ROUTES: list[HTTPRouteHandler] = [list_page, read_monitors, read, dismiss, confirm, join]
