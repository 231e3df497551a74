"""/adoptions and /apps/coverage: an office adopts a shared app, its city confirms, everybody sees where it stands."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.catalogue import adopting
from service.catalogue.coverage import coverage as matrix
from service.catalogue.queries_adoptions import ADOPTION, ADOPTIONS, STEPS, USAGE
from service.catalogue.schemas_adoptions import (
    AdoptionHistory,
    AdoptionList,
    AdoptionQuery,
    AdoptionView,
    Coverage,
    CoverageQuery,
    FeedbackIn,
    NoteIn,
    ReasonIn,
    RequestIn,
    StepView,
    UsageView,
)
from service.catalogue.views_adoptions import adoption_view
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, parse_ref
from service.measures.adoption import Verb
from service.projects.api import SHUT
from service.projects.case import in_reach
from service.projects.drafts import IN_USE

TAG = "adoptions"
REFUSED = Error(409, "action_not_allowed", "当前状态不允许该操作，附条款")
CLOSED = Error(409, "app_not_available", "该应用已停用或即将停用，附替代应用")
LIVE_ALREADY = Error(409, "already_adopted", "本单位对该应用已有在办的申请或正在使用")
ABSENT = Error(404, "not_found", "没有该记录，或当前身份不可见，两者答复相同")


def _answer(call: Call, adoption: dict[str, Any] | Row) -> Answer:
    view = adoption_view(adoption, adopting.roles_for(call, adoption))
    return Answer(view, version=view.version)


async def _row(call: Call) -> Row:
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    row = await call.door.row(call.scope, ADOPTION, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return row


@operation(
    "POST",
    "/adoptions",
    resource="app",
    action="request",
    summary="申请使用共享应用",
    tag=TAG,
    body=RequestIn,
    answer=AdoptionView,
    status=201,
    errors=(CLOSED, ABSENT, REFUSED, SHUT, IN_USE),
    conflict=LIVE_ALREADY,
)
async def request(call: Call, tx: Tx) -> Answer:
    """全省公开且免费的应用自动确认（本市另有规定的除外），其他由本市确认（第二十三条）；此后由提供方开通。

    instead_of 所指的草稿随之删除。
    """
    adoption = await adopting.request(call, tx)
    answer = _answer(call, adoption)
    public = Ref(adoption["tenant_id"], adoption["id"])
    return Answer(answer.content, version=1, headers={"location": f"/api/v1/adoptions/{public}"})


@operation(
    "GET",
    "/adoptions",
    resource="adoption",
    action="read",
    summary="应用申请和使用列表",
    tag=TAG,
    where="cases",
    query=AdoptionQuery,
    answer=AdoptionList,
    paged=True,
    errors=(ABSENT,),
)
async def list_page(call: Call) -> Answer:
    """新的在前；县级单位看到本单位的，设区市看到本市的，省级看到各地对全省公开应用的使用。"""
    query: AdoptionQuery = call.query
    more: dict[str, Any] = {}
    if query.app_id is not None:
        more["provider"], more["app"] = parse_ref(query.app_id)
    return await ADOPTIONS.serve(
        call, lambda row: adoption_view(row, adopting.roles_for(call, row)), AdoptionList, **more
    )


@operation(
    "GET",
    "/adoptions/{ref:str}",
    resource="adoption",
    action="read",
    summary="读取应用申请",
    tag=TAG,
    where="cases",
    answer=AdoptionView,
)
async def read(call: Call) -> Answer:
    """actions 列出当前身份可办的事项，不可办的附原因和条款。"""
    return _answer(call, await _row(call))


@operation(
    "GET",
    "/adoptions/{ref:str}/history",
    resource="adoption",
    action="read",
    summary="应用申请的经过和使用量",
    tag=TAG,
    where="cases",
    answer=AdoptionHistory,
)
async def history(call: Call) -> Answer:
    """申请方、设区市和提供方的每一步，先办的在前；使用量由提供方按月报告。"""
    row = await _row(call)
    key = {"tenant_id": row["tenant_id"], "id": row["id"]}
    steps = await call.door.fetch(call.scope, STEPS, **key)
    usage = await call.door.fetch(call.scope, USAGE, **key)
    told = [{name: each[name] for name in StepView.__struct_fields__} for each in steps]
    return Answer(
        AdoptionHistory(
            [StepView(**each | {"from_state": each["from_state"] or None}) for each in told],
            [UsageView(**{name: each[name] for name in UsageView.__struct_fields__}) for each in usage],
        )
    )


def _verb(verb: Verb, summary: str, told: str, permission: str, body: Any) -> HTTPRouteHandler:
    """One endpoint per verb of the adopter's tenant."""

    async def handle(call: Call, tx: Tx) -> Answer:
        return _answer(
            call, await adopting.act(call, tx, parse_ref(call.path("ref")), verb, call.body.reason)
        )

    handle.__name__, handle.__doc__ = verb.value, told
    errors = (REFUSED, CLOSED) if verb is Verb.CONFIRM else (REFUSED,)
    return operation(
        "POST",
        f"/adoptions/{{ref:str}}/{verb.value}",
        resource="adoption",
        action=permission,
        summary=summary,
        tag=TAG,
        body=body,
        answer=AdoptionView,
        if_match=True,
        errors=errors,
    )(handle)


@operation(
    "PUT",
    "/adoptions/{ref:str}/feedback",
    resource="adoption",
    action="rate",
    summary="评价应用",
    tag=TAG,
    body=FeedbackIn,
    answer=AdoptionView,
    if_match=True,
    errors=(REFUSED,),
)
async def rate(call: Call, tx: Tx) -> Answer:
    """开通后即可评价，一至五分；再次提交替换原评价。"""
    return _answer(call, await adopting.rate(call, tx, parse_ref(call.path("ref"))))


@operation(
    "GET",
    "/apps/coverage",
    resource="app",
    action="coverage",
    summary="应用覆盖情况",
    tag="apps",
    where="cases",
    query=CoverageQuery,
    answer=Coverage,
    errors=(ABSENT,),
)
async def coverage(call: Call) -> Answer:
    """应用×县（市、区）：在用、在办和空白；缺口多的在前。省级看全省公开的应用，设区市看本市可见的应用。"""
    return Answer(await matrix(call))


ROUTES: list[HTTPRouteHandler] = [
    request,
    list_page,
    read,
    history,
    _verb(Verb.CONFIRM, "确认应用申请", "由本市确认后，应用交提供方开通（第五条、第二十三条）。", "confirm", NoteIn),
    _verb(Verb.REFUSE, "不予确认应用申请", "须说明理由。", "confirm", ReasonIn),
    _verb(Verb.WITHDRAW, "撤回应用申请", "开通之前可以撤回。", "withdraw", ReasonIn),
    _verb(Verb.END, "终止使用应用", "由使用单位或本市终止，提供方随即知悉。", "end", ReasonIn),
    rate,
    coverage,
]  # fmt: skip
