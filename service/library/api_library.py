"""/intake-rounds and /library: the yearly rounds, and the library with its entries."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.command import routes_of
from service.kit.db import own
from service.library import entries, rounds
from service.library.queries import ENTRIES, ENTRY, ROUND_OF, ROUNDS
from service.library.schemas import (
    EntryList,
    EntryQuery,
    EntryView,
    RoundList,
    RoundQuery,
)
from service.projects.case import row_seen


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
    """规划明确的项目在前，其次重点支持的项目，再按入库日期；省级角色看到全省，其他看到本地区。"""
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
    row = await row_seen(call, ENTRY)
    return Answer(entries.entry_view(row, legal_day(call.now)))


ROUTES: list[HTTPRouteHandler] = [*routes_of(rounds), list_rounds, list_page, read]
