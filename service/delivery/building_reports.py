"""The yearly performance report (art. 27)."""

from __future__ import annotations

from typing import Any

from service.delivery.building_deeds import fault, in_force, plain, portal
from service.delivery.building_report_schemas import (
    BuildReport,
    PerformanceIn,
)
from service.kit.db import Row
from service.kit.errors import Error, ServiceError
from service.measures.building import (
    OPINION_CODES,
    hints,
    reports_told,
    service_template,
    supervisor_findings,
)
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.deeds import Desk, deed
from service.projects.findings import record_findings
from service.projects.phases import Deed, fact_day, organ_desks

_REPORTED = Error(409, "already_reported", "该年度已经报告，更正须说明理由")


@deed(
    "performance-reports",
    Action.REPORT_PERFORMANCE,
    body=PerformanceIn,
    summary="报送年度绩效评价报告",
    may="project.building/report",
    tag="delivery",
    errors=(_REPORTED,),
)
async def report_performance(desk: Desk) -> Deed:
    """年度绩效评价报告（第二十七条）：建设期内每年年底前报两个机构；建设类与运维、服务采购类各有内容，更正须说明理由。"""
    body: PerformanceIn = desk.body
    _year(desk, body.year)
    rows = await in_force(
        desk, Action.REPORT_PERFORMANCE, Action.RECORD_PROCUREMENT, Action.RECORD_SUPERVISION
    )
    _template(desk, body, [row["content"] for row in rows if row["kind"] == Action.RECORD_PROCUREMENT.value])
    _opinions(desk, body)
    reports = [row for row in rows if row["kind"] == Action.REPORT_PERFORMANCE.value]
    before = next((row for row in reports if row["content"].get("year") == body.year), None)
    if before is not None and body.correction_reason is None:
        raise ServiceError(
            409, "already_reported", f"{body.year} 年度已经报告，更正请说明理由（第二十七条）", article=27
        )
    if before is None and body.correction_reason is not None:
        raise fault("/correction_reason", "unexpected", "本年度尚未报告，不是更正")
    told = _asked(desk, body, rows, [row for row in reports if row is not before])
    years = reports_told(desk.fact("reports").get("years") or {}, body.year, desk.today)
    return desk.told(
        "delivery.performance_reported",
        [*organ_desks(desk.case, Slot.GENERAL_OFFICE, Slot.DRC), *portal(desk.case)],
        content=plain(body),
        dated={"reports": {"years": years}},
        message=f"{body.year} 年度绩效评价报告{'（更正）' if before else ''}。{told}",
        supersedes=before["id"] if before else None,
        reason=body.correction_reason,
    )


def _asked(desk: Desk, body: PerformanceIn, rows: list[Row], others: list[Row]) -> str:
    """Art. 27: whose opinion the reports tell as the supervisor's, held against who was commissioned."""
    commissioned = [
        row["content"]["company"] for row in rows if row["kind"] == Action.RECORD_SUPERVISION.value
    ]
    asked = [(row["content"].get("supervisor") or {}).get("company") for row in others]
    asked.append(body.supervisor.company if body.supervisor else None)
    holding = supervisor_findings(commissioned, [name for name in asked if name])
    return hints(record_findings(desk.tx, desk.case, OPINION_CODES, holding, desk.actor.now))


def _year(desk: Desk, year: int) -> None:
    """A year of the time of building, no later than this one."""
    begun, ended = fact_day(desk.case, "started"), fact_day(desk.case, "final_inspected")
    first = begun.year if begun else year
    last = min(desk.today.year, ended.year if ended else desk.today.year)
    if not first <= year <= last:
        raise fault("/year", "year_range", f"建设期内的年度为 {first} 至 {last}（第二十七条）")


def _template(desk: Desk, body: PerformanceIn, procured: list[dict[str, Any]]) -> None:
    building = isinstance(body.report, BuildReport)
    services = any(each.get("subject") == "services" for each in procured)
    if building and desk.case.kind == "maintain":
        raise fault(
            "/report/template", "wrong_template", "运维类项目的报告请用运维和服务采购类模板（第二十七条）"
        )
    if not building and not service_template(desk.case.kind, services):
        detail = "建设类项目的报告请用建设类模板；采购政府服务的先登记采购文件（第二十七条）"
        raise fault("/report/template", "wrong_template", detail)
    if isinstance(body.report, BuildReport):
        running = fact_day(desk.case, "trial_run") is not None
        if running and body.report.trial_run is None:
            raise fault(
                "/report/trial_run", "required", "已投入试运行的，须说明试运行效果和问题（第二十七条）"
            )
        if not running and body.report.trial_run is not None:
            raise fault("/report/trial_run", "unexpected", "尚未试运行，请勿填写")


def _opinions(desk: Desk, body: PerformanceIn) -> None:
    if body.supervisor is None and desk.case.dated.get("supervision"):
        raise fault("/supervisor", "required", "已委托监理的，须征求监理单位意见（第二十七条）")
    if body.serious_problems and body.statement is None:
        raise fault("/statement", "required", "有重大问题的，须提交情况说明（第二十七条）")
