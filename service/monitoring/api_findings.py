"""/monitoring/near-line, labels, maintenance, reasons: findings the province watches over all tenants, and as CSV."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.csvout import MEDIA_TYPE
from service.kit.db import Row
from service.kit.listing import Listing, Wish, reach
from service.kit.rows import of_row
from service.monitoring.queries import FINDINGS
from service.monitoring.schemas import (
    FindingFilter,
    FindingPage,
    FindingQuery,
    ReasonFilter,
    ReasonQuery,
    WatchedFinding,
    finding_columns,
)
from service.projects.export import PAGE, download, tenant_names

TAG = "monitoring"


@dataclass(frozen=True)
class FindingList:
    """One watched finding (`code`), or all findings with a reason (`code` None)."""

    name: str
    title: str
    code: str | None
    meaning: str

    def asked(self, call: Call) -> tuple[Wish, dict[str, Any]]:
        """The wish of a query, and its parameters."""
        query = call.query
        across, whose = reach(call, query.tenant)
        given = {**FINDINGS.given(query), **whose}
        given |= {"reasoned": True} if self.code is None else {"one_code": self.code}
        given |= {} if query.include_withdrawn else {"not_withdrawn": True}
        return FINDINGS.wish(given, across=across), given


LISTS = (
    FindingList("near-line", "接近限额", "near_line", "申报金额接近限额而未达到的项目。"),
    FindingList(
        "labels", "类别缺少依据", "label_without_evidence", "称集成类而没有其他参与单位、也不跨层级的项目。"
    ),
    FindingList(
        "maintenance", "扣除运维后低于限额", "under_line_by_maintenance", "只因扣除运维费用才低于限额的项目。"
    ),
    FindingList(
        "reasons", "“原则上”情形的理由", None, "“原则上”不予支持而说明了理由的情形，附理由和把关意见。"
    ),
)


def _finding(row: Row) -> WatchedFinding:
    return of_row(WatchedFinding, row)


def _told(listing: FindingList) -> str:
    return f"{listing.meaning}新的在前；已撤回的须以 include_withdrawn=true 一并列出。"


def _page_route(listing: FindingList, shown: Listing) -> HTTPRouteHandler:
    async def page(call: Call) -> Answer:
        wish, given = listing.asked(call)
        return await shown.answer(call, call.query, wish, given, _finding, FindingPage)

    name = listing.name.replace("-", "_")
    page.__name__, page.__doc__ = name, _told(listing)
    return operation(
        "GET",
        f"/monitoring/{listing.name}",
        resource="monitoring",
        action="read",
        summary=listing.title,
        tag=TAG,
        where="cases",
        query=ReasonQuery if listing.code is None else FindingQuery,
        answer=FindingPage,
        paged=True,
    )(page)


def _export_route(listing: FindingList, shown: Listing) -> HTTPRouteHandler:
    async def export(call: Call) -> Answer:
        columns = finding_columns(await tenant_names(call))
        pages = shown.whole(call, *listing.asked(call), _finding, PAGE)
        return await download(call, listing.name, listing.title, columns, pages)

    export.__name__, export.__doc__ = f"{listing.name.replace('-', '_')}_csv", _told(listing)
    return operation(
        "GET",
        f"/exports/monitoring/{listing.name}.csv",
        resource="monitoring",
        action="export",
        summary=f"导出{listing.title}",
        tag=TAG,
        where="cases",
        query=ReasonFilter if listing.code is None else FindingFilter,
        answer=bytes,
        media_type=MEDIA_TYPE,
    )(export)


def _routes(listing: FindingList) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """The page and the export of one list."""
    shown = replace(FINDINGS, name=f"monitoring:{listing.name}", path=f"/monitoring/{listing.name}")
    return _page_route(listing, shown), _export_route(listing, shown)


ROUTES: list[HTTPRouteHandler] = [route for listing in LISTS for route in _routes(listing)]
