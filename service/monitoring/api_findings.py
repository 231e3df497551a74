"""/monitoring/near-line, labels, maintenance, reasons: findings the province watches over all tenants, and as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.csvout import MEDIA_TYPE
from service.kit.db import Row
from service.kit.listing import reach
from service.kit.paging import next_link
from service.monitoring.places import cursor_after, place
from service.monitoring.queries import findings_statement
from service.monitoring.schemas import (
    FindingFilter,
    FindingPage,
    FindingQuery,
    ReasonFilter,
    ReasonQuery,
    WatchedFinding,
    finding_columns,
)
from service.projects.export import all_pages, download, tenant_names

TAG = "monitoring"


@dataclass(frozen=True)
class FindingList:
    """One watched finding (`code`), or all findings with a reason (`code` None)."""

    name: str
    title: str
    code: str | None
    meaning: str

    @property
    def context(self) -> str:
        return f"monitoring:{self.name}"

    async def fetch(self, call: Call, after: dict[str, Any] | None, limit: int) -> list[Row]:
        """Rows after a place in the list."""
        query = call.query
        code = self.code or query.code
        across, given = reach(call, query.tenant)
        given |= {"code": code} if code else {}
        statement = findings_statement(
            code=code is not None,
            reasoned=self.code is None,
            withdrawn=query.include_withdrawn,
            after=after is not None,
            across=across,
        )
        return await call.door.fetch(call.scope, statement, limit=limit, **given, **(after or {}))


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


def _finding_key(row: Row) -> dict[str, Any]:
    return {"after_at": row["submitted_at"], "after_id": row["project_id"], "after_code": row["code"]}


def _finding(row: Row) -> WatchedFinding:
    return WatchedFinding(**{name: row[name] for name in WatchedFinding.__struct_fields__})


def _finding_routes(listing: FindingList) -> list[HTTPRouteHandler]:
    """The page and the export of one list."""

    async def page(call: Call) -> Answer:
        after = place(call, listing.context, ("after_at", "after_id", "after_code"), datetime.fromisoformat)
        rows = await listing.fetch(call, after, call.query.limit + 1)
        cursor = cursor_after(call, listing.context, rows, _finding_key)
        items = [_finding(row) for row in rows[: call.query.limit]]
        link = next_link(f"/api/v1/monitoring/{listing.name}", msgspec.to_builtins(call.query), cursor)
        return Answer(FindingPage(items, cursor), headers=link)

    async def export(call: Call) -> Answer:
        columns = finding_columns(await tenant_names(call))
        pages = all_pages(lambda after, limit: listing.fetch(call, after, limit), _finding_key, _finding)
        return await download(call, listing.name, listing.title, columns, pages)

    name = listing.name.replace("-", "_")
    page.__name__, export.__name__ = name, f"{name}_csv"
    page.__doc__ = export.__doc__ = (
        f"{listing.meaning}新的在前；已撤回的须以 include_withdrawn=true 一并列出。"
    )
    reasons = listing.code is None
    paged = operation(
        "GET", f"/monitoring/{listing.name}", resource="monitoring", action="read", summary=listing.title, tag=TAG,
        where="cases", query=ReasonQuery if reasons else FindingQuery, answer=FindingPage, paged=True,
    )  # fmt: skip
    whole = operation(
        "GET", f"/exports/monitoring/{listing.name}.csv", resource="monitoring", action="export",
        summary=f"导出{listing.title}", tag=TAG, where="cases", query=ReasonFilter if reasons else FindingFilter,
        answer=bytes, media_type=MEDIA_TYPE,
    )  # fmt: skip
    return [paged(page), whole(export)]


ROUTES: list[HTTPRouteHandler] = [route for listing in LISTS for route in _finding_routes(listing)]
