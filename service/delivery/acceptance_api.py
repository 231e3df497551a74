"""/projects/{id}/… from trial run to acceptance (arts 30, 32), the checklist and the acceptance filings."""

from __future__ import annotations

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.delivery.acceptance_queries import (
    ACCEPTANCE_FILING,
    LISTING,
)
from service.delivery.acceptance_schemas import (
    AcceptanceFilingList,
    AcceptanceFilingQuery,
    AcceptanceFilingView,
    AcceptanceReceipt,
    AcceptanceStatus,
    Checklist,
    ChecklistLine,
    ChecklistQuery,
    PartLine,
)
from service.kit.api import Answer, Call, operation
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.rows import of_row
from service.measures.acceptance import Line
from service.measures.gates_delivering import evaluation_days, trial_run_end
from service.projects.accepting import lines_shown
from service.projects.api import read_case
from service.projects.case import row_seen
from service.projects.dated_facts import gated_case_of
from service.rulebook.book import RuleBooks

TAG = "acceptance"
SHOWN = (
    "started",
    "trial_run",
    "final_inspected",
    "data_confirmed",
    "crypto_confirmed",
    "extension_request",
    "extension",
    "acceptance_applied",
    "acceptance_opinions",
    "acceptance_delegated",
    "accepted",
    "acceptance_filed",
    "operation",
    "evaluated",
    "scored",
    "retired",
    "deferral",
    "suspended",
)


@operation(
    "GET",
    "/projects/{ref:str}/acceptance",
    resource="acceptance",
    action="read",
    summary="验收进展",
    tag=TAG,
    where="cases",
    answer=AcceptanceStatus,
    tagged=True,
)
async def status(call: Call) -> Answer:
    """试运行、确认、验收、备案、运行和评价到了哪一步，各自的日期和期限。"""
    case = await read_case(call, call.path("ref"))
    gated = gated_case_of(
        case.dated, call.service(RuleBooks), case.tenant_id, call.now, case.rule_changes, kind=case.kind
    )
    first, last = evaluation_days(gated) or (None, None)
    dated = {name: case.dated[name] for name in SHOWN if name in case.dated}
    confirmed = all(dated.get(name, {}).get("passed") for name in ("data_confirmed", "crypto_confirmed"))
    answer = AcceptanceStatus(case.state, trial_run_end(gated), first, last, confirmed, dated)
    return Answer(answer, version=case.version)


def _line(line: Line) -> ChecklistLine:
    lacking = {part.key for part in line.lacking}
    parts = [PartLine(part.key, part.name, part.key not in lacking) for part in line.parts]
    return ChecklistLine(line.material.key, line.material.name, 30, line.given, line.complete, parts)


@operation(
    "GET",
    "/projects/{ref:str}/acceptance/checklist",
    resource="acceptance",
    action="read",
    summary="验收材料清单",
    tag=TAG,
    where="cases",
    query=ChecklistQuery,
    answer=Checklist,
)
async def checklist(call: Call) -> Answer:
    """与申请时同一套代码：上传到相应位置的附件、已通过的确认同样计入；已申请的按该次申请显示（第三十条）。"""
    query: ChecklistQuery = call.query
    case = await read_case(call, call.path("ref"))
    lines = await lines_shown(call, case, query.work_secrets)
    secrets = any(part.work_secrets for line in lines for part in line.parts)
    return Answer(Checklist(secrets, all(line.complete for line in lines), [_line(line) for line in lines]))


# ---- acceptance filings ----------------------------------------------------------------------------------


def _filing_view(row: Row, call: Call) -> AcceptanceFilingView:
    return of_row(
        AcceptanceFilingView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        tenant=row["tenant_id"],
        tenant_name=call.service(RuleBooks).divisions.name_of(row["tenant_id"]),
        receipt=msgspec.convert(row["receipt"], AcceptanceReceipt),
    )


@operation(
    "GET",
    "/acceptance-filings",
    resource="acceptance.filing",
    action="list",
    summary="验收备案列表",
    tag=TAG,
    where="cases",
    query=AcceptanceFilingQuery,
    answer=AcceptanceFilingList,
    paged=True,
)
async def list_filings(call: Call) -> Answer:
    """新的在前；省级角色看到各地区的验收备案（第三十二条）。"""
    return await LISTING.serve(call, lambda row: _filing_view(row, call), AcceptanceFilingList)


@operation(
    "GET",
    "/acceptance-filings/{ref:str}",
    resource="acceptance.filing",
    action="read",
    summary="读取验收备案",
    tag=TAG,
    where="cases",
    answer=AcceptanceFilingView,
)
async def read_filing(call: Call) -> Answer:
    """登记与回执；回执附 SM3 摘要（第三十二条）。"""
    return Answer(_filing_view(await acceptance_filing_asked(call), call))


async def acceptance_filing_asked(call: Call) -> Row:
    """The row of the filing in the path; 404 where the reader's scope has none."""
    return await row_seen(call, ACCEPTANCE_FILING)


ROUTES: list[HTTPRouteHandler] = [status, checklist, list_filings, read_filing]
