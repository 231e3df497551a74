"""Schemas of what answers carry as plain JSON: the decision, facts, materials, dated facts, citations, records.

They go out as the database rendered them, so no code makes these Structs; they tell what is in there. The contract
tests hold every answer to them. What a case carries differs by its past: members may be missing, and more may come.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.coded import (
    FoundCode,
    HolderCode,
    KindCode,
    ProjectClassCode,
    RouteCode,
    SeverityCode,
    StateCode,
    TierCode,
)

Json = dict[str, Any]
_AT = "#/components/schemas/"
_Route = Annotated[str, Meta(extra_json_schema={"x-vocabulary": "route", "x-open": True})]


class DecisionFinding(Struct, kw_only=True):
    """One finding of a decision: what it is, how hard, by which article and reading."""

    code: FoundCode
    severity: SeverityCode
    article: int
    item: int | None
    reading: str | None
    message: str
    items: list[int | str] | UnsetType = UNSET


class DecisionRules(Struct, kw_only=True):
    """By which rule book, of which day, a decision was made; with what of later law it left aside."""

    version: str
    date: dt.date | None
    taken_in: dt.date | UnsetType = UNSET
    left_aside: list[Any] | UnsetType = UNSET


class DecisionView(Struct, kw_only=True):
    """A decision by the Measures: the route, why, and by what."""

    route: _Route
    explanation: str
    articles: list[int]
    findings: list[DecisionFinding]
    readings: list[str]
    rulebook: DecisionRules
    inputs: dict[str, Any]
    priority: list[Any]
    priority_open: list[Any]


class DatedFact(Struct, kw_only=True):
    """One fact that a phase left on the case: the legal day it was given, and what it tells beside."""

    on: dt.date


class MissingItem(Struct, kw_only=True):
    """Something that a submission would still ask for."""

    pointer: str
    code: str
    detail: str
    article: int | None


class CitedProject(Struct, kw_only=True):
    """The case as it was when an event told of it; what an event has no use for may be missing."""

    id: str
    tenant: str
    name: str
    owner_name: str
    external_ref: str | None = None
    owner_office_id: str | UnsetType = UNSET
    tier: TierCode | UnsetType = UNSET
    division: str | UnsetType = UNSET
    state: StateCode | UnsetType = UNSET
    holder: HolderCode | UnsetType = UNSET
    route: RouteCode | None = None
    project_class: ProjectClassCode | UnsetType = UNSET
    kind: KindCode | UnsetType = UNSET
    investment_yuan: str | UnsetType = UNSET
    approved_amount_yuan: str | None = None
    filing_number: str | None = None
    articles: list[int] | UnsetType = UNSET
    version: int | UnsetType = UNSET


STRUCTS: tuple[Any, ...] = (DecisionView, DatedFact, MissingItem)


def _ref(name: str, *, null: bool = False) -> Json:
    one: Json = {"$ref": _AT + name}
    return {"anyOf": [one, {"type": "null"}]} if null else one


def _unless_purged(name: str) -> Json:
    """What is told of a case until a confirmed spill takes it away (art. 14)."""
    return {"anyOf": [_ref(name), _ref("Purged")]}


# Component.property of a plain object, and the schema that tells what is in it.
NAMED: dict[str, Json] = {
    "ProjectView.decision": _ref("DecisionView", null=True),
    "ProjectView.facts": _ref("FactsView"),
    "ProjectView.materials": _ref("MaterialsView"),
    "ProjectView.dated": _ref("DatedFacts"),
    "AcceptanceStatus.facts": _ref("DatedFacts"),
    "Preview.decision": _ref("DecisionView"),
    "Preview.missing": {"type": "array", "items": _ref("MissingItem")},
    "VersionView.content": _ref("VersionContent"),
    "VersionView.decision": _unless_purged("DecisionView"),
    "RecordView.content": _ref("RecordContent"),
    "AssignmentView.facts": _ref("FactsView"),
    "AssignmentView.materials": _ref("MaterialsView"),
    "FeedEntry.data": _ref("EventData"),
    "MessageView.data": _ref("EventData"),
    "FeedItem.project": _unless_purged("CitedProject"),
}
# What a request is held to, and what is kept need not keep to: texts of before, written by other rules.
_ASKED = frozenset(
    {
        "required",
        "title",
        "pattern",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "x-text",
    }
)
# Facts of a case by name; a table in service/projects/dated_facts.py tells who leaves which.
_DATED = """
law | 受理时所依规定 | Law it was taken in by
declared | 申报 | Declared
major_investment | 重大投资审核 | Major investment examined
appraisal_commissioned | 委托论证评估 | Appraisal commissioned
appraised | 论证评估结论 | Verdict of the appraisal
affordability | 财政承受能力评估 | Affordability assessed
framework | 框架方案 | Framework of joint building
joint_review_opened | 联合会审开始 | Joint review opened
joint_review | 联合会审意见 | Outcome of the joint review
leading_group | 领导小组审定 | Decided by the leading group
approved | 批复 | Approved
filed | 备案 | Filed
amended | 尚未补充备案的变更 | Change that is not filed yet
filing_queries | 备案前的询问 | Queries before the filing
budget | 经费预算 | Budget of the project
library | 项目库 | Entry of the library
need_settled | 本市处理的需求 | Need settled in the city
need_reported | 需求报送 | Need reported
plan_item | 三年规划条目 | Item of the three-year plan
priority | 重点支持 | Grounds of priority
split | 拆分认定 | Confirmed as split
responsible | 实施机构和责任人 | Who is responsible
supervision | 监理 | Supervision of the works
contract | 合同 | Contract signed
started | 开工 | Work started
force_majeure | 不可抗力 | Force majeure
change | 变更 | Change decided
funding | 资金来源 | Sources of the funds
regimes | 管理制度 | Regimes set up
recalled | 资金收回 | Funds recalled
trial_run | 试运行 | Trial run begun
final_inspected | 终验 | Final inspection
operation | 投入运行 | In operation
term_ended | 运维期满 | Maintenance term ended
retired | 退出 | Retired from use
accepted | 竣工验收 | Accepted
evaluated | 自评 | Self-evaluated
scored | 重点绩效评价 | Evaluation scored
maintenance | 运维预算建议 | Maintenance proposed
data_confirmed | 数据共享确认 | Data sharing confirmed
crypto_confirmed | 密码应用确认 | Cryptography confirmed
acceptance_applied | 申请竣工验收 | Acceptance applied for
acceptance_delegated | 委托竣工验收 | Acceptance delegated
acceptance_opinions | 验收意见 | Opinions on the acceptance
acceptance_filed | 竣工验收备案 | Acceptance filed
extension_request | 延期申请 | Extension asked for
extension | 延期 | Extension granted
end_request | 终止申请 | Termination asked for
terminated | 终止 | Terminated
reports | 年度绩效报告 | Yearly performance reports
certificates | 测评和证书 | Tests and certificates
payments | 支付 | Payments made
orders | 整改 | Orders given
deferral | 暂缓安排资金 | Funds deferred
suspended | 暂停建设 | Building suspended
imported | 导入 | Brought along
"""
DATED = {name: (zh, en) for name, zh, en in (line.split(" | ") for line in _DATED.strip().splitlines())}


def kept(components: Json) -> Json:
    """Facts and materials as they are kept, made of the finished components of the requests they came in."""
    facts = _kept(
        components, "PreviewFactsIn", "FactsView", "Facts as they are kept: what was not told is missing."
    )
    materials = _kept(components, "Materials", "MaterialsView", "Declaration materials as they are kept.")
    return {"FactsView": facts, "MaterialsView": materials}


def stored() -> Json:
    """What else goes out as it was stored: dated facts, sealed versions, records."""
    dated = {name: {**_ref("DatedFact"), "description": f"{zh}。{en}."} for name, (zh, en) in DATED.items()}
    purged = {"type": "string", "description": "误入涉密内容的清除编号。Id of the purge."}
    version = {"name": {"type": "string"}, "facts": _ref("FactsView"), "materials": _ref("MaterialsView")}
    return {
        "DatedFacts": {
            "type": "object",
            "description": "The latest dated fact of each name; what was before stands in records and history.",
            "properties": {**dated, "purged": purged},
            "additionalProperties": True,
        },
        "VersionContent": {
            "type": "object",
            "description": "What was declared, as it was sealed.",
            "properties": version,
            "additionalProperties": True,
        },
        "Purged": {
            "type": "object",
            "description": "误入涉密内容已经清除，这里不再有内容。Purged: nothing else is told any more.",
            "properties": {"purged": {"type": "string", "description": "清除编号。Id of the spill."}},
            "additionalProperties": False,
        },
        "RecordContent": {
            "type": "object",
            "description": "What a deed recorded: the body of its request, and what the system added to it.",
            "additionalProperties": True,
        },
    }


def _kept(components: Json, name: str, title: str, description: str) -> Json:
    return {**_loose(components, components[name]), "title": title, "description": description}


def _loose(components: Json, value: Any) -> Any:
    """The schema of a request as of what is kept: written out, and nothing in it that only a request is held to."""
    if isinstance(value, list):
        return [_loose(components, each) for each in value]
    if not isinstance(value, dict):
        return value
    inner = components.get(str(value.get("$ref", "")).removeprefix(_AT), {})
    if "properties" in inner:
        value = {**inner, **{key: of for key, of in value.items() if key != "$ref"}}
    return {
        key: {each: _loose(components, of) for each, of in told.items()}
        if key == "properties"
        else told
        if key in ("enum", "x-enum-labels", "default")
        else _loose(components, told)
        for key, told in value.items()
        if key not in _ASKED and (key, told) != ("additionalProperties", False)
    }
