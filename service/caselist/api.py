"""GET /projects and its export: the list of cases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec.structs import replace

from service.caselist import listing
from service.caselist.listing import Reading
from service.caselist.schemas import ProjectFilter, ProjectQuery
from service.kit.api import Answer, Call, operation
from service.kit.csvout import MEDIA_TYPE, Columns, Plain
from service.kit.errors import not_found
from service.projects.export import PAGE, download, state_label, tenant_names
from service.projects.schemas_out import ProjectItem, ProjectList
from service.vocabulary import label


@operation(
    "GET",
    "/projects",
    resource="project",
    action="list",
    summary="项目列表",
    tag="projects",
    where="cases",
    query=ProjectQuery,
    answer=ProjectList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """新的在前；下一页见 Link 头或 next_cursor。省级角色看到各地区已申报的项目。

    同一筛选可以给出多个取值（重复该参数，或以逗号分隔），符合其一即可；不同筛选须同时符合。
    text 的词句很多项目都有时，一次只看一段，一页可能不满甚至没有；只要有 next_cursor，就还没有看完。
    """
    return await listing.page(call)


def _columns(names: Mapping[str, str]) -> Columns[ProjectItem]:
    return (
        ("项目编号", lambda p: p.id),
        ("外部编号", lambda p: p.external_ref),
        ("地区", lambda p: names.get(p.tenant, p.tenant)),
        ("项目名称", lambda p: p.name),
        ("项目单位", lambda p: p.owner_name),
        ("区划代码", lambda p: p.division),
        ("状态", lambda p: state_label(p.state)),
        ("经办环节", lambda p: label("holder", p.holder)),
        ("审批路径", lambda p: label("route", p.route)),
        ("项目类别", lambda p: label("project_class", p.project_class)),
        ("建设性质", lambda p: label("kind", p.kind)),
        ("总投资（元）", lambda p: Plain(p.investment_yuan)),
        ("批复金额（元）", lambda p: Plain(p.approved_amount_yuan or "")),
        ("建档时间", lambda p: p.created_at),
        ("申报时间", lambda p: p.submitted_at),
        ("备案时间", lambda p: p.filed_at),
        ("其他平台项目代码", lambda p: "；".join(p.project_codes)),
        ("备案编号", lambda p: p.filing_number),
        ("批复文号", lambda p: p.document_number),
        ("进入当前状态", lambda p: p.since),
        ("已停留（天）", lambda p: p.days_waiting),
        ("提示和疑点", lambda p: "；".join(label("finding", code) for code in p.finding_codes)),
        ("待表态的理由", lambda p: p.reasons_to_judge),
    )


async def _pages(
    call: Call, query: ProjectFilter, names: Mapping[str, str]
) -> AsyncIterator[list[ProjectItem]]:
    """One tenant after the other: a merged page of 2,000 would read 2,000 rows of every tenant each time."""
    for tenant in query.tenant or names:
        if tenant not in names:
            raise not_found()
        reading = Reading(call, replace(query, tenant=[tenant]))
        await reading.bring_up()
        cursor: str | None = None
        while True:
            rows, cursor = await reading.rows(cursor, PAGE)
            yield [msgspec.json.decode(row["item"], type=ProjectItem) for row in rows]
            if cursor is None:
                break


@operation(
    "GET",
    "/exports/projects.csv",
    resource="project",
    action="export",
    summary="导出项目列表",
    tag="exports",
    where="cases",
    query=ProjectFilter,
    answer=bytes,
    media_type=MEDIA_TYPE,
)
async def projects_csv(call: Call) -> Answer:
    """与项目列表相同的筛选和排序；按地区分段，至多十万行，超出时 x-truncated 为 true。"""
    names = await tenant_names(call)
    return await download(call, "projects", "项目列表", _columns(names), _pages(call, call.query, names))


ROUTES: list[HTTPRouteHandler] = [list_page, projects_csv]
