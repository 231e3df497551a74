"""/rulebook/overlays and /rulebook/interpretations: what was entered at run time; effects are shown by replay."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.ids import parse_ref
from service.measures.parameters import RuleBook
from service.rulebook import actions_overlays as actions
from service.rulebook.book import RuleBooks
from service.rulebook.queries import INTERPRETATIONS, OVERLAY, OVERLAY_LIST
from service.rulebook.schemas_runtime import (
    InterpretationList,
    InterpretationQuery,
    OverlayEndIn,
    OverlayIn,
    OverlayList,
    OverlayQuery,
    OverlayRecorded,
    OverlayView,
)
from service.rulebook.views import overlay_view, register

TAG = "rulebook"
MOVED = Error(409, "rulebook_changed", "规则库在预览之后已有变动，请重新查看影响后再登记")
NOTHING = Error(409, "overlay_not_standing", "该日没有本市自行设置的值")


def _recorded(call: Call, row: dict[str, Any], book: RuleBook) -> Answer:
    start: date = row["effective_from"]
    status = "coming" if start > legal_day(call.now) else "ended" if row["value"] is None else "standing"
    view = overlay_view(call.service(RuleBooks), row, status)
    headers = {"location": f"/api/v1/rulebook/overlays/{view.id}"}
    return Answer(OverlayRecorded(overlay=view, rulebook_version=book.version(start)), headers=headers)


@operation(
    "POST",
    "/rulebook/overlays",
    resource="rulebook.overlay",
    action="record",
    summary="登记本市设置",
    tag=TAG,
    body=OverlayIn,
    answer=OverlayRecorded,
    status=201,
    errors=(MOVED,),
    conflict=MOVED,
)
async def overlay_record(call: Call, tx: Tx) -> Answer:
    """在参数的 overlay 方式允许的范围内另设本市的值，自生效日起对本市的决定适用；先预览影响，并带上预览给出的版本。

    只增不改：同一参数再次登记即取代。登记一经答复，本市其后的每项决定都已采用（生效日已到的）。
    """
    return _recorded(call, *await actions.set_value(call, tx))


@operation(
    "POST",
    "/rulebook/overlays/{ref:str}/end",
    resource="rulebook.overlay",
    action="record",
    summary="终止本市设置",
    tag=TAG,
    body=OverlayEndIn,
    answer=OverlayRecorded,
    status=201,
    errors=(MOVED, NOTHING),
    conflict=MOVED,
)
async def overlay_end(call: Call, tx: Tx) -> Answer:
    """自给定日起恢复省级统一规定；原登记保留。"""
    return _recorded(call, *await actions.end(call, tx, parse_ref(call.path("ref"))))


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
    row = await call.door.row(call.scope, OVERLAY, tenant_id=ref.tenant, id=ref.id, today=today)
    if row is None:
        raise not_found()
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
    overlay_record,
    overlay_end,
    overlay_page,
    overlay_read,
    interpretation_list,
]
