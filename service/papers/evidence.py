"""The evidence of one case as a paper: who did what when by which article, and the digest of every text and file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.ids import new_id
from service.kit.money import yuan_or_none
from service.kit.naming import PersonView
from service.measures.citations import articles_label
from service.papers.layout import Paper, grouped, minute, part
from service.papers.words import both_spellings
from service.portfolio.evidence_cover import timeline
from service.portfolio.evidence_form import rows as form_rows
from service.portfolio.evidence_reading import Whole
from service.portfolio.evidence_tables import PARTS
from service.vocabulary import label


def evidence(call: Call, whole: Whole, people: Mapping[str, PersonView], organ: str) -> Paper:
    """`organ`: in whose name it is drawn."""
    case, on = whole.case, legal_day(call.now)
    amount = case.investment_fen if case.approved_fen is None else case.approved_fen
    number = f"{case.tenant_id}-{on:%Y%m%d}-Z{new_id().replace('-', '')[-10:].upper()}"
    fields = [
        ["项目名称", case.name], ["项目单位", case.owner_name], ["项目编号", str(case.ref)],
        ["当前状态", label("state", case.state)], ["审批路径", label("route", case.route) or "尚未判定"],
        ["申报总投资", both_spellings(case.investment_fen)],
        ["批复金额", "—" if case.approved_fen is None else both_spellings(case.approved_fen)],
        ["备案编号", case.filing_number or "—"],
        ["案卷版本", f"第 {case.version} 版，{minute(call.now)}"],
        ["核验用金额（元）", yuan_or_none(amount) or "不填"],
    ]  # fmt: skip
    data = {
        "title": "数字化项目证据材料",
        "number": f"编号：{number}",
        "to": "",
        "opening": [
            "本件汇集项目自登记以来的办理经过，供监督、审计和责任认定使用（第三十九条、第四十二条），以所载时刻为准；"
            "各文本和附件以所列 SM3 摘要对应系统中的原件。"
        ],
        "fields": fields,
        "parts": [each for each in _parts(whole, people) if each["rows"] or each["words"]],
    }
    return Paper("evidence", number, organ, on, amount, call.now, data)


def _parts(whole: Whole, people: Mapping[str, PersonView]) -> list[Mapping[str, Any]]:
    events = timeline(whole, people)
    files = [row for row in whole.tables["documents"] if row["removed_at"] is None]
    return [
        part("申报内容", ("项目", "内容"), (42, 0), form_rows(whole.case.declared)),
        part(
            "办理经过", ("时间", "经办", "事项", "依据", "说明"), (24, 37, 0, 27, 30),
            [(minute(e.at), e.who, e.what, e.basis, e.note) for e in events],
        ),
        part(
            "封存的申报版本", ("版次", "提交时间", "摘要（SM3）"), (14, 46, 0),
            [(v["number"], minute(v["submitted_at"]), grouped(v["digest"])) for v in whole.tables["project_versions"]],
        ),
        part(
            "附件", ("名称", "大小（字节）", "摘要（SM3）"), (50, 24, 0),
            [(row["name"], row["size"], grouped(row["digest"])) for row in files],
        ),
        part("登记内容", ("内容", "依据", "条数"), (0, 40, 24), _contents(whole)),
        part("审计记录", (), (), (), *_chain(whole)),
    ]  # fmt: skip


def _contents(whole: Whole) -> list[tuple[str, ...]]:
    return [
        (
            each.title + (f"（{whole.withheld[name]}）" if name in whole.withheld else ""),
            articles_label((each.article,)),
            str(len(whole.tables[name])) if name in whole.tables else "未提供",
        )
        for name, each in PARTS.items()
    ]


def _chain(whole: Whole) -> list[str]:
    """Where the case stands in the audit chain: what was changed behind the system's back is found by it."""
    placed = [row for row in whole.audit if row["seq"] is not None]
    said = f"审计记录 {len(whole.audit)} 条"
    if not placed:
        return [f"{said}，尚未入链。"]
    last = max(placed, key=lambda row: int(row["seq"]))
    return [f"{said}，已入链 {len(placed)} 条，末条为第 {last['seq']} 号，链首摘要 {grouped(last['head'])}。"]
