"""/rulebook and /divisions: the rules in force and the registry of codes, for everybody with a role."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.errors import FieldError, ServiceError
from service.measures.parameters import BeforeFirstRules
from service.rulebook.book import RuleBooks
from service.rulebook.queries import divisions_of, rulebook_on
from service.rulebook.schemas import DivisionList, DivisionQuery, RuleBookQuery, RuleBookView

TAG = "rulebook"


@operation(
    "GET", "/rulebook", resource="rulebook", action="read", summary="某日的规则", tag=TAG, query=RuleBookQuery,
    answer=RuleBookView, errors=(Error(400, "before_first_rules", "该日期早于规则库的起始日"),),
)  # fmt: skip
async def rulebook(call: Call) -> Answer:
    """当日有效的参数、定义和解释，各附条款；version 与当日各项决定所记的版本一致。"""
    try:
        return Answer(rulebook_on(call.service(RuleBooks).book, call.query.on or legal_day(call.now)))
    except BeforeFirstRules as error:
        fault = FieldError("on", "before_first_rules", error.detail)
        raise ServiceError(400, "before_first_rules", error.detail, errors=[fault]) from None


@operation(
    "GET", "/divisions", resource="division", action="read", summary="行政区划和本地代码", tag=TAG,
    query=DivisionQuery, answer=DivisionList,
)  # fmt: skip
async def divisions(call: Call) -> Answer:
    """全省行政区划（GB/T 2260）和预先登记的开发区本地代码；各租户自行登记的见单位的 local_code。"""
    return Answer(DivisionList(divisions_of(call.service(RuleBooks).divisions, call.query)))


ROUTES: list[HTTPRouteHandler] = [rulebook, divisions]
