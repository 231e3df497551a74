"""/rulebook/overlays and /rulebook/interpretations: what was entered at run time; effects are shown by replay."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.command import routes_of
from service.kit.errors import not_found, or_404
from service.kit.ids import parse_ref
from service.rulebook import actions_overlays
from service.rulebook.actions_overlays import TAG
from service.rulebook.book import RuleBooks
from service.rulebook.queries import INTERPRETATIONS, OVERLAY, OVERLAY_LIST
from service.rulebook.schemas_runtime import (
    InterpretationList,
    InterpretationQuery,
    OverlayList,
    OverlayQuery,
    OverlayView,
)
from service.rulebook.views import overlay_view, register


@operation(
    "GET",
    "/rulebook/overlays",
    resource="rulebook.overlay",
    action="read",
    summary="设区市设置列表",
    tag=TAG,
    where="cases",
    query=OverlayQuery,
    answer=OverlayList,
    paged=True,
)
async def overlay_page(call: Call) -> Answer:
    """新登记的在前；省级看到各市的全部设置，但不能改动。"""
    books = call.service(RuleBooks)
    return await OVERLAY_LIST.serve(
        call, lambda row: overlay_view(books, row, row["status"]), OverlayList, today=legal_day(call.now)
    )


@operation(
    "GET",
    "/rulebook/overlays/{ref:str}",
    resource="rulebook.overlay",
    action="read",
    summary="读取设区市设置",
    tag=TAG,
    where="cases",
    answer=OverlayView,
)
async def overlay_read(call: Call) -> Answer:
    """一条登记，status 为今天的情形。"""
    ref = parse_ref(call.path("ref"))
    if call.scope.login != "province" and ref.tenant != call.principal.tenant:
        raise not_found()
    today = legal_day(call.now)
    row = or_404(await call.door.row(call.scope, OVERLAY, tenant_id=ref.tenant, id=ref.id, today=today))
    return Answer(overlay_view(call.service(RuleBooks), row, row["status"]))


@operation(
    "GET",
    "/rulebook/interpretations",
    resource="rulebook.interpretation",
    action="read",
    summary="解释登记簿",
    tag=TAG,
    query=InterpretationQuery,
    answer=InterpretationList,
)
async def interpretation_list(call: Call) -> Answer:
    """每条解释的现行文本、待生效文本和全部沿革（第四十四条）；所有角色可读。"""
    rows = await call.door.fetch(call.scope, INTERPRETATIONS)
    return Answer(
        InterpretationList(register(call.service(RuleBooks), rows, call.query, legal_day(call.now)))
    )


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(actions_overlays),
    overlay_page,
    overlay_read,
    interpretation_list,
]
