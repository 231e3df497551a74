"""Endpoints of building (arts 13, 24-29, 31)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import building_hindrance as hindrance
from service.delivery import building_records as records
from service.delivery import building_reports as reports
from service.delivery import building_start as starting
from service.delivery.building_deeds import deed
from service.delivery.building_report_schemas import LateList, LateQuery, PerformanceIn
from service.delivery.building_schemas import (
    BuildingView,
    CertificateIn,
    ContractIn,
    EndTermIn,
    ForceMajeureDecisionIn,
    ForceMajeureEndIn,
    ForceMajeureIn,
    IncidentIn,
    ProcurementIn,
    RecallIn,
    RegimeIn,
    ResponsibleIn,
    StartIn,
    SupervisionIn,
)
from service.delivery.building_view import building_view
from service.kit.api import Answer, Call, Error, operation
from service.measures.lifecycle import Action as A
from service.projects.api import read_case

_REPORTED = Error(409, "already_reported", "该年度已经报告，更正须说明理由")
_OPEN = Error(409, "force_majeure_open", "上一次不可抗力尚未登记结束")


@operation(
    "GET", "/projects/{ref:str}/building", resource="project.record", action="list", summary="建设情况", tag="delivery",
    where="cases", answer=BuildingView, tagged=True,
)  # fmt: skip
async def building(call: Call) -> Answer:
    """八项制度的登记和缺项、证书和到期、年度报告、资金收支，一处可见。"""
    case = await read_case(call, call.path("ref"))
    return Answer(building_view(case, call), version=case.version)


@operation(
    "GET", "/reports/late", resource="project.report", action="late", summary="年度报告迟报", tag="delivery",
    where="cases", query=LateQuery, answer=LateList, paged=True,
)  # fmt: skip
async def late_reports(call: Call) -> Answer:
    """由本级决定的项目中，该年度的绩效评价报告没有报或者迟报的（第二十七条）；不填年度即上一年度。"""
    return await reports.late_page(call)


ROUTES: list[HTTPRouteHandler] = [
    building,
    late_reports,
    deed("performance-reports", A.REPORT_PERFORMANCE, reports.report_performance, body=PerformanceIn,
         summary="报送年度绩效评价报告", act="report", errors=(_REPORTED,)),
    deed("responsible", A.NAME_RESPONSIBLE, records.name_responsible, body=ResponsibleIn,
         summary="确定实施机构和责任人"),
    deed("regimes", A.RECORD_REGIME, records.record_regime, body=RegimeIn, summary="登记管理制度"),
    deed("supervision", A.RECORD_SUPERVISION, records.record_supervision, body=SupervisionIn, summary="登记工程监理"),
    deed("procurements", A.RECORD_PROCUREMENT, records.record_procurement, body=ProcurementIn, summary="登记采购文件"),
    deed("contracts", A.RECORD_CONTRACT, records.record_contract, body=ContractIn, summary="登记合同"),
    deed("certificates", A.RECORD_CERTIFICATE, records.record_certificate, body=CertificateIn,
         summary="登记测评和证书"),
    deed("start", A.START, starting.start, body=StartIn, summary="开工", act="start"),
    deed("end-term", A.END_TERM, starting.end_term, body=EndTermIn, summary="运维期满"),
    deed("force-majeure", A.RECORD_FORCE_MAJEURE, hindrance.record_force_majeure, body=ForceMajeureIn,
         summary="主张不可抗力", errors=(_OPEN,)),
    deed("force-majeure-end", A.END_FORCE_MAJEURE, hindrance.end_force_majeure, body=ForceMajeureEndIn,
         summary="登记不可抗力结束", resource="project.force_majeure", act="end"),
    deed("force-majeure-decision", A.DECIDE_FORCE_MAJEURE, hindrance.decide_force_majeure,
         body=ForceMajeureDecisionIn, summary="认定不可抗力", resource="project.force_majeure", act="decide"),
    deed("incidents", A.REPORT_INCIDENT, starting.report_incident, body=IncidentIn, summary="报告重大问题",
         act="report"),
    deed("recall-funds", A.RECALL_FUNDS, starting.recall_funds, body=RecallIn, summary="收回资金",
         resource="project.funding", act="recall", tag="funding"),
]  # fmt: skip
