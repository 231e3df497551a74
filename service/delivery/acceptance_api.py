"""/projects/{id}/… from trial run to acceptance (arts 30, 32), the checklist and the acceptance filings."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.delivery import acceptance_actions as owner
from service.delivery import acceptance_deciding as deciding
from service.delivery import acceptance_extension as extension
from service.delivery import acceptance_filing as filing
from service.delivery.acceptance_queries import (
    ACCEPTANCE_FILING,
    LISTING,
)
from service.delivery.acceptance_schemas import (
    AcceptanceFiled,
    AcceptanceFilingList,
    AcceptanceFilingQuery,
    AcceptanceFilingView,
    AcceptanceOpinionIn,
    AcceptanceReceipt,
    AcceptanceStatus,
    AcceptIn,
    ApplyIn,
    Checklist,
    ChecklistLine,
    ChecklistQuery,
    ConfirmIn,
    DecideExtensionIn,
    DelegatedReportIn,
    DelegateIn,
    ExtensionIn,
    FileAcceptanceIn,
    InspectIn,
    OperationIn,
    PartLine,
    ReturnAcceptanceIn,
    TrialRunIn,
)
from service.kit.api import Answer, Call, operation
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, parse_ref
from service.measures.acceptance import Line
from service.measures.gates_delivering import evaluation_days, trial_run_end
from service.projects import manning
from service.projects.accepting import lines_shown
from service.projects.api import REFUSED, SHUT, read_case
from service.projects.case import in_reach
from service.projects.facts import standing_of
from service.projects.schemas_out import ProjectView
from service.rulebook.book import RuleBooks

TAG = "acceptance"
FACTS = (
    "started", "trial_run", "final_inspected", "data_confirmed", "crypto_confirmed", "extension_request", "extension",
    "acceptance_applied", "acceptance_opinions", "acceptance_delegated", "accepted", "acceptance_filed", "operation",
    "evaluated", "scored", "retired", "deferral", "suspended",
)  # fmt: skip
DEED: dict[str, Any] = {
    "tag": TAG, "answer": ProjectView, "if_match": True, "where": "cases", "errors": (REFUSED, SHUT),
}  # fmt: skip


@operation("POST", "/projects/{ref:str}/begin-trial-run", resource="acceptance", action="apply",
           summary="开始试运行", body=TrialRunIn, **DEED)  # fmt: skip
async def begin_trial_run(call: Call, tx: Tx) -> Answer:
    """建成后开始试运行，日期不早于开工日（第三十条）。"""
    return await owner.begin_trial_run(call, tx)


@operation("POST", "/projects/{ref:str}/final-inspect", resource="acceptance", action="apply", summary="组织终验",
           body=InspectIn, **DEED)  # fmt: skip
async def final_inspect(call: Call, tx: Tx) -> Answer:
    """试运行满六个月后由项目单位组织终验；暂停的天数不计入试运行（第三十条）。"""
    return await owner.final_inspect(call, tx)


@operation("POST", "/projects/{ref:str}/request-extension", resource="acceptance", action="apply",
           summary="申请延期验收", body=ExtensionIn, **DEED)  # fmt: skip
async def request_extension(call: Call, tx: Tx) -> Answer:
    """不能按期申请竣工验收的，书面提出并写明延至何日；经受理验收申请的部门同意后生效（第三十条）。"""
    return await extension.request_extension(call, tx)


@operation("POST", "/projects/{ref:str}/decide-extension", resource="acceptance", action="decide",
           summary="答复延期申请", body=DecideExtensionIn, **DEED)  # fmt: skip
async def decide_extension(call: Call, tx: Tx) -> Answer:
    """由受理竣工验收申请的部门答复：同意延至何日，或者不同意的理由；项目单位不能自行延期（第三十条）。"""
    return await extension.decide_extension(call, tx)


@operation("POST", "/projects/{ref:str}/apply-acceptance", resource="acceptance", action="apply",
           summary="申请竣工验收", body=ApplyIn, before=manning.look, **DEED)  # fmt: skip
async def apply_acceptance(call: Call, tx: Tx) -> Answer:
    """材料与清单用同一套代码核对，缺项逐一指明（第三十条）。"""
    return await owner.apply_acceptance(call, tx)


@operation("POST", "/projects/{ref:str}/report-delegated", resource="acceptance", action="apply",
           summary="报送委托验收报告", body=DelegatedReportIn, **DEED)  # fmt: skip
async def report_delegated(call: Call, tx: Tx) -> Answer:
    """委托验收完成后报三家机构；未经确认的不能通过（第三十条、第三十二条）。"""
    return await owner.report_delegated(call, tx)


@operation("POST", "/projects/{ref:str}/record-operation", resource="acceptance", action="apply",
           summary="登记投入运行", body=OperationIn, **DEED)  # fmt: skip
async def record_operation(call: Call, tx: Tx) -> Answer:
    """自评期限自验收和投入运行两者中较晚的一日起算（第四十条）。"""
    return await owner.record_operation(call, tx)


@operation("POST", "/projects/{ref:str}/confirm-data", resource="acceptance", action="confirm_data",
           summary="数据共享情况确认", body=ConfirmIn, **DEED)  # fmt: skip
async def confirm_data(call: Call, tx: Tx) -> Answer:
    """由数据资源管理部门确认；没有通过的可以再次确认，以最近一次为准（第三十条）。"""
    return await deciding.confirm_data(call, tx)


@operation("POST", "/projects/{ref:str}/confirm-crypto", resource="acceptance", action="confirm_crypto",
           summary="安全可靠和密码应用确认", body=ConfirmIn, **DEED)  # fmt: skip
async def confirm_crypto(call: Call, tx: Tx) -> Answer:
    """由密码管理部门确认；没有通过的可以再次确认，以最近一次为准（第三十条）。"""
    return await deciding.confirm_crypto(call, tx)


@operation("POST", "/projects/{ref:str}/give-acceptance-opinion", resource="acceptance", action="opine",
           summary="验收意见", body=AcceptanceOpinionIn, tag=TAG, answer=ProjectView, where="cases",
           errors=(REFUSED, SHUT))  # fmt: skip
async def give_opinion(call: Call, tx: Tx) -> Answer:
    """两家可同时填写，互不覆盖，不需要 If-Match（第三十二条）。"""
    return await deciding.give_opinion(call, tx)


@operation("POST", "/projects/{ref:str}/accept", resource="acceptance", action="decide", summary="竣工验收",
           body=AcceptIn, **DEED)  # fmt: skip
async def accept(call: Call, tx: Tx) -> Answer:
    """两家意见齐全且同意、两项确认通过后出具验收意见（第三十条、第三十二条）。"""
    return await deciding.accept(call, tx)


@operation("POST", "/projects/{ref:str}/return-acceptance", resource="acceptance", action="decide",
           summary="退回验收申请", body=ReturnAcceptanceIn, **DEED)  # fmt: skip
async def return_acceptance(call: Call, tx: Tx) -> Answer:
    """说明理由，回到终验之后；本轮意见作废，重新申请时另行征求（第三十二条）。"""
    return await deciding.return_acceptance(call, tx)


@operation("POST", "/projects/{ref:str}/delegate-acceptance", resource="acceptance", action="decide",
           summary="委托验收", body=DelegateIn, **DEED)  # fmt: skip
async def delegate(call: Call, tx: Tx) -> Answer:
    """委托后由项目单位组织，完成后报三家机构（第三十二条）。"""
    return await deciding.delegate(call, tx)


@operation("POST", "/projects/{ref:str}/file-acceptance", resource="acceptance", action="file",
           summary="竣工验收备案", tag=TAG, body=FileAcceptanceIn, answer=AcceptanceFiled, if_match=True, status=201,
           errors=(REFUSED, SHUT))  # fmt: skip
async def file_acceptance(call: Call, tx: Tx) -> Answer:
    """经省领导小组审定的设区市项目，验收后报备案；当场取得编号和回执，没有驳回（第三十二条）。"""
    return await filing.file_acceptance(call, tx)


@operation("GET", "/projects/{ref:str}/acceptance", resource="acceptance", action="read", summary="验收进展", tag=TAG,
           where="cases", answer=AcceptanceStatus, tagged=True)  # fmt: skip
async def status(call: Call) -> Answer:
    """试运行、确认、验收、备案、运行和评价到了哪一步，各自的日期和期限。"""
    case = await read_case(call, call.path("ref"))
    standing = standing_of(
        case.dated, call.service(RuleBooks), case.tenant_id, call.now, case.rule_changes, kind=case.kind
    )
    first, last = evaluation_days(standing) or (None, None)
    facts = {name: case.dated[name] for name in FACTS if name in case.dated}
    confirmed = all(facts.get(name, {}).get("passed") for name in ("data_confirmed", "crypto_confirmed"))
    answer = AcceptanceStatus(case.state, trial_run_end(standing), first, last, confirmed, facts)
    return Answer(answer, version=case.version)


def _line(line: Line) -> ChecklistLine:
    lacking = {part.key for part in line.lacking}
    parts = [PartLine(part.key, part.name, part.key not in lacking) for part in line.parts]
    return ChecklistLine(line.material.key, line.material.name, 30, line.given, line.complete, parts)


@operation("GET", "/projects/{ref:str}/acceptance/checklist", resource="acceptance", action="read",
           summary="验收材料清单", tag=TAG, where="cases", query=ChecklistQuery, answer=Checklist)  # fmt: skip
async def checklist(call: Call) -> Answer:
    """与申请时同一套代码：上传到相应位置的附件、已通过的确认同样计入；已申请的按该次申请显示（第三十条）。"""
    query: ChecklistQuery = call.query
    case = await read_case(call, call.path("ref"))
    lines = await lines_shown(call, case, query.work_secrets)
    secrets = any(part.work_secrets for line in lines for part in line.parts)
    return Answer(Checklist(secrets, all(line.complete for line in lines), [_line(line) for line in lines]))


# ---- acceptance filings ----------------------------------------------------------------------------------


def _filing_view(row: Row, call: Call) -> AcceptanceFilingView:
    return AcceptanceFilingView(
        str(Ref(row["tenant_id"], row["id"])),
        row["number"],
        str(Ref(row["tenant_id"], row["project_id"])),
        row["project_name"],
        row["owner_name"],
        row["tenant_id"],
        call.service(RuleBooks).divisions.name_of(row["tenant_id"]),
        row["accepted_on"],
        row["filed_by"],
        row["filed_at"],
        msgspec.convert(row["receipt"], AcceptanceReceipt),
    )


@operation("GET", "/acceptance-filings", resource="acceptance.filing", action="list", summary="验收备案列表", tag=TAG,
           where="cases", query=AcceptanceFilingQuery, answer=AcceptanceFilingList, paged=True)  # fmt: skip
async def list_filings(call: Call) -> Answer:
    """新的在前；省级角色看到各租户的验收备案（第三十二条）。"""
    return await LISTING.serve(call, lambda row: _filing_view(row, call), AcceptanceFilingList)


@operation("GET", "/acceptance-filings/{ref:str}", resource="acceptance.filing", action="read", summary="读取验收备案",
           tag=TAG, where="cases", answer=AcceptanceFilingView)  # fmt: skip
async def read_filing(call: Call) -> Answer:
    """登记与回执；回执附 SM3 摘要（第三十二条）。"""
    return Answer(_filing_view(await acceptance_filing_asked(call), call))


async def acceptance_filing_asked(call: Call) -> Row:
    """The row of the filing in the path; 404 where the reader's scope has none."""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    row = await call.door.row(call.scope, ACCEPTANCE_FILING, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return row


ROUTES: list[HTTPRouteHandler] = [
    begin_trial_run, final_inspect, request_extension, decide_extension, apply_acceptance, report_delegated,
    record_operation, confirm_data, confirm_crypto, give_opinion, accept, return_acceptance, delegate, file_acceptance,
    status, checklist, list_filings, read_filing,
]  # fmt: skip
