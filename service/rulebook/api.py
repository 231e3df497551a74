"""/rulebook and /divisions: the rules in force and the registry of codes, for everybody with a role."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.errors import FieldError, ServiceError, not_found
from service.measures.parameters import BeforeFirstRules, RuleBook
from service.rulebook import api_overlays, api_rounds, api_vocabulary
from service.rulebook.book import RuleBooks
from service.rulebook.schemas import DivisionList, DivisionQuery, RuleBookQuery, RuleBookView
from service.rulebook.views import divisions_of, past_book, rulebook_on

TAG = "rulebook"


@operation(
    "GET",
    "/rulebook",
    resource="rulebook",
    action="read",
    summary="某日的规则",
    tag=TAG,
    query=RuleBookQuery,
    answer=RuleBookView,
    errors=(
        Error(400, "before_first_rules", "该日期早于规则库的起始日"),
        Error(404, "unknown_version", "该日没有这个版本的规则库"),
    ),
)
async def rulebook(call: Call) -> Answer:
    """当日有效的参数、定义和解释，各附条款；version 与当日各项决定所记的版本一致。

    设区市、县（市、区）看到本市的规则，省级可按 tenant 查看任一设区市的。
    给出 version 时，返回作出当日某项决定所依据的规则。
    """
    query: RuleBookQuery = call.query
    on = query.on or legal_day(call.now)
    try:
        book = _book(call)
        return Answer(
            rulebook_on(
                past_book(call.service(RuleBooks), book, query.version, on) if query.version else book, on
            )
        )
    except BeforeFirstRules as error:
        fault = FieldError("on", "before_first_rules", error.detail)
        raise ServiceError(400, "before_first_rules", error.detail, errors=[fault]) from None


def _book(call: Call) -> RuleBook:
    """The city's own for its people; the province's, or any city's, for the province's."""
    books, tenant = call.service(RuleBooks), call.query.tenant
    if call.principal.tier != "province":
        if tenant not in (None, call.principal.tenant):
            raise not_found()
        return books.of(call.principal.tenant)
    if tenant is not None and books.divisions.tenant_of(tenant) != tenant:
        raise not_found()
    return books.of(tenant)


@operation(
    "GET",
    "/divisions",
    resource="division",
    action="read",
    summary="行政区划和本地代码",
    tag=TAG,
    query=DivisionQuery,
    answer=DivisionList,
)
async def divisions(call: Call) -> Answer:
    """全省行政区划（GB/T 2260）和预先登记的开发区本地代码；各地区自行登记的见单位的 local_code。"""
    return Answer(DivisionList(divisions_of(call.service(RuleBooks).divisions, call.query)))


ROUTES: list[HTTPRouteHandler] = [
    rulebook,
    divisions,
    *api_overlays.ROUTES,
    *api_rounds.ROUTES,
    *api_vocabulary.ROUTES,
]
