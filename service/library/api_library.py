"""/intake-rounds and /library: the yearly rounds, and the library with its entries."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.db import Tx, own
from service.kit.errors import not_found
from service.kit.ids import parse_ref
from service.library import entries, rounds
from service.library.queries import ENTRIES, ENTRY, ROUND_OF, ROUNDS
from service.library.schemas import (
    EntryList,
    EntryQuery,
    EntryView,
    ReopenIn,
    RoundIn,
    RoundList,
    RoundQuery,
    RoundView,
)
from service.projects.case import in_reach


@operation(
    "POST",
    "/intake-rounds",
    resource="intake",
    action="announce",
    summary="发布或更正年度申报通知",
    tag="rounds",
    where="cases",
    body=RoundIn,
    answer=RoundView,
    status=201,
    conflict=Error(409, "round_changed", "同一年度的通知刚被更改，请重新读取"),
)
async def announce(call: Call, tx: Tx) -> Answer:
    """三机构联合发文后登记；同一年度再次登记即为更正，原通知保留。"""
    row = await rounds.announce(call, tx)
    return Answer(rounds.round_view(row, legal_day(call.now)), version=row["number"])


@operation(
    "GET",
    "/intake-rounds",
    resource="intake",
    action="read",
    summary="年度征集",
    tag="rounds",
    query=RoundQuery,
    answer=RoundList,
)
async def list_rounds(call: Call) -> Answer:
    """各年度通知的现行内容，新的在前；没有通知的年度按 1 月 1 日至 6 月 30 日征集（第八条、第九条）。"""
    year = call.query.year
    scope = own(call.principal)
    rows = await (
        call.door.fetch(scope, ROUNDS) if year is None else call.door.fetch(scope, ROUND_OF, year=year)
    )
    today = legal_day(call.now)
    return Answer(RoundList([rounds.round_view(row, today) for row in rows]))


@operation(
    "POST",
    "/intake-rounds/{ref:str}/reopen",
    resource="intake",
    action="reopen",
    summary="重新开放征集",
    tag="rounds",
    where="cases",
    body=ReopenIn,
    answer=RoundView,
    if_match=True,
    conflict=Error(409, "round_changed", "同一年度的通知刚被更改，请重新读取"),
    errors=(Error(409, "round_open", "征集尚未截止"),),
)
async def reopen(call: Call, tx: Tx) -> Answer:
    """截止后由征集机构说明理由重新开放：管理惯例，非条文规定。"""
    row = await rounds.reopen(call, tx, parse_ref(call.path("ref")))
    return Answer(rounds.round_view(row, legal_day(call.now)), version=row["number"])


@operation(
    "GET",
    "/library",
    resource="library",
    action="read",
    summary="重点项目库",
    tag="library",
    where="cases",
    query=EntryQuery,
    answer=EntryList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """规划明确的项目在前，其次重点支持的项目，再按入库日期；省级角色看到全省，其他看到本租户。"""
    today = legal_day(call.now)
    return await ENTRIES.serve(call, lambda row: entries.entry_view(row, today), EntryList)


@operation(
    "GET",
    "/library/{ref:str}",
    resource="library",
    action="read",
    summary="读取入库项目",
    tag="library",
    where="cases",
    answer=EntryView,
)
async def read(call: Call) -> Answer:
    """入库记录，含有效期。"""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    row = await call.door.row(call.scope, ENTRY, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return Answer(entries.entry_view(row, legal_day(call.now)))


ROUTES: list[HTTPRouteHandler] = [announce, list_rounds, reopen, list_page, read]
