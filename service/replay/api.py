"""/rulebook/what-if, the previews of overlays and interpretations, and the recording of an interpretation."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.command import routes_of
from service.kit.errors import not_found
from service.replay import api_rounds, interpretations, whatif
from service.replay.api_amendments import AMENDMENT_ROUTES
from service.replay.effects import of_overlay
from service.replay.interpretations import TAG, effect_of
from service.replay.schemas import (
    InterpretationPreview,
    OverlayPreview,
    OverlayPreviewIn,
    WhatIfIn,
)
from service.rulebook.actions_overlays import ended, proposed
from service.rulebook.book import RuleBooks
from service.rulebook.schemas_runtime import InterpretationPreviewIn

NDJSON = "application/x-ndjson"
NOTHING = Error(409, "overlay_not_standing", "该日没有本市自行设置的值")


@operation(
    "POST",
    "/rulebook/what-if",
    resource="rulebook.what_if",
    action="run",
    summary="规则推演",
    tag=TAG,
    where="cases",
    body=WhatIfIn,
    answer=bytes,
    media_type=NDJSON,
    unsafe=False,
)
async def what_if(call: Call) -> Answer:
    """按改变的限额、定义或解释重算历史申报：哪些项目改走哪条路径，各地区、各类别的件数、金额和工作量。什么也不保存。

    逐行返回 JSON：`type` 为 progress 的行报告进度和新发现的改道项目，最后一行为 result（总表）或 failed（中断）。
    每个项目按其最近一次决定所依据的规则（受理在先而不适用其后修改的，仍按受理时的规定）与改变后的规则各判一次；
    省级覆盖全部地区，设区市只及本市。
    """
    wish = whatif.wish_of(call)
    if wish.tenant is not None:
        known = call.service(RuleBooks).divisions.tenant_of(wish.tenant) == wish.tenant
        if not known or (call.scope.login != "province" and wish.tenant != call.principal.tenant):
            raise not_found()
    return Answer(whatif.stream(call, wish))


@operation(
    "POST",
    "/rulebook/overlays/preview",
    resource="rulebook.overlay",
    action="record",
    summary="预览本市设置的影响",
    tag=TAG,
    body=OverlayPreviewIn,
    answer=OverlayPreview,
    unsafe=False,
    errors=(NOTHING,),
)
async def overlay_preview(call: Call) -> Answer:
    """登记之前查看：本市哪些在办项目会得到不同的提示、缺少哪些材料。value 为 null 时预览终止。什么也不保存。"""
    body: OverlayPreviewIn = call.body
    books, tenant, start = call.service(RuleBooks), call.principal.tenant, body.effective_from
    today = legal_day(call.now)
    if body.value is None:
        after = ended(books, tenant, body.key, start, today)
    else:
        _, _, after = proposed(books, tenant, body.key, body.value, start, today)
    before = books.of(tenant)
    effect = await of_overlay(call, before, after, start)
    versions = before.version(start), after.version(start)
    return Answer(
        OverlayPreview(rulebook_version=versions[0], rulebook_version_after=versions[1], effect=effect)
    )


@operation(
    "POST",
    "/rulebook/interpretations/preview",
    resource="rulebook.interpretation",
    action="preview",
    summary="预览解释的影响",
    tag=TAG,
    where="cases",
    body=InterpretationPreviewIn,
    answer=InterpretationPreview,
    unsafe=False,
)
async def interpretation_preview(call: Call) -> Answer:
    """登记之前查看：各地区哪些在办项目会因此改变。什么也不保存。"""
    body: InterpretationPreviewIn = call.body
    effect = await effect_of(call)
    version = call.service(RuleBooks).book.version(body.effective_from)
    return Answer(InterpretationPreview(rulebook_version=version, effect=effect))


ROUTES: list[HTTPRouteHandler] = [
    what_if,
    overlay_preview,
    interpretation_preview,
    *routes_of(interpretations),
    *api_rounds.ROUTES,
    *AMENDMENT_ROUTES,
]
