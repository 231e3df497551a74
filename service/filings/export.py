"""/exports/filings.csv: the filings as CSV, tenant by tenant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from litestar.handlers import HTTPRouteHandler

from service.filings.queries import LISTING
from service.filings.schemas import FilingFilter
from service.identity.people import People
from service.kit.api import Answer, Call, operation
from service.kit.csvout import MEDIA_TYPE, Columns, Plain
from service.kit.db import Row
from service.kit.money import yuan
from service.kit.naming import PersonView
from service.projects.case import asked_for
from service.projects.export import PAGE, TAG, download, in_turn, tenant_names


def _filing_columns(names: Mapping[str, str], people: Mapping[str, PersonView]) -> Columns[Row]:
    return (
        ("备案号", lambda f: f["number"]),
        ("地区", lambda f: names.get(f["tenant_id"], f["tenant_id"])),
        ("项目编号", lambda f: f"{f['tenant_id']}-{f['project_id']}"),
        ("项目名称", lambda f: f["project_name"]),
        ("项目单位", lambda f: f["owner_name"]),
        ("批复金额（元）", lambda f: Plain(yuan(f["in_force_fen"]))),
        ("首次备案金额（元）", lambda f: Plain(yuan(f["approved_fen"]))),
        ("补充备案", lambda f: "应补充" if f["supplement_owed"] else f"{f['supplements']} 次"),
        ("备案时间", lambda f: f["filed_at"]),
        ("经办人", lambda f: people[f["filed_by"]].name or f["filed_by"]),
        ("经办人所在单位", lambda f: people[f["filed_by"]].office_name),
    )


async def _filing_pages(
    call: Call, query: FilingFilter, names: Mapping[str, str], people: dict[str, PersonView]
) -> AsyncIterator[list[Row]]:
    """`people` takes in whoever filed what a page holds, before the page is written."""
    given = LISTING.given(query)
    if query.project_id is not None:
        given["project_id"] = asked_for(call, query.project_id)
    for tenant in in_turn(query.tenant, names):
        asked = {**given, "tenant_id": tenant}
        async for page in LISTING.whole(call, LISTING.wish(asked), asked, lambda row: row, PAGE):
            people |= await call.service(People).named(call.door, frozenset(row["filed_by"] for row in page))
            yield page


@operation(
    "GET",
    "/exports/filings.csv",
    resource="filing",
    action="export",
    summary="导出备案列表",
    tag=TAG,
    where="cases",
    query=FilingFilter,
    answer=bytes,
    media_type=MEDIA_TYPE,
)
async def filings_csv(call: Call) -> Answer:
    """与备案列表相同的筛选；按地区分段，新的在前，至多十万行，超出时 x-truncated 为 true。"""
    names = await tenant_names(call)
    people: dict[str, PersonView] = {}
    pages = _filing_pages(call, call.query, names, people)
    return await download(call, "filings", "备案列表", _filing_columns(names, people), pages)


ROUTES: list[HTTPRouteHandler] = [filings_csv]
