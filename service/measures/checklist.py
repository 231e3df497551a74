"""What is handed in, slot by slot: with a declaration (art. 15), at the end of the building (art. 30), in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.measures.facts import Kind

BUILD = frozenset(Kind) - {Kind.MAINTAIN}
MAINTENANCE = frozenset({Kind.MAINTAIN})
ALL = frozenset(Kind)
_NONE: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a checklist. `needed`: the kinds of project that must fill it; `phase` tells with what."""

    key: str
    name: str
    article: int
    phase: str
    needed: frozenset[Kind]


def _slots(phase: str, article: int, *rows: tuple[str, str, frozenset[Kind]]) -> list[Slot]:
    return [Slot(key, name, article, phase, needed) for key, name, needed in rows]


SLOTS: Mapping[str, Slot] = {
    slot.key: slot
    for slot in [
        *_slots(
            "declaration", 15,
            ("resolution", "党委（党组）或办公会议纪要", ALL),
            ("basics", "项目基本情况", ALL),
            ("technical_plan", "技术方案", BUILD),
            ("maintenance_plan", "运维实施方案", MAINTENANCE),
            ("funding_source", "资金来源说明", ALL),
        ),
        *_slots(
            "declaration", 11,
            ("sharing_plan", "数据共享方案和数据目录", BUILD),
            ("sharing_exemption_basis", "不落实数据共享的依据", _NONE),
        ),
        *_slots("declaration", 25, ("crypto_plan", "密码应用方案", BUILD)),
        *_slots(
            "declaration", 15,
            ("intensive_plan", "集约化建设方案", BUILD),
            ("security_plan", "系统及数据安全防护方案", BUILD),
            ("protection_plan", "等级保护方案", BUILD),
            ("safe_products_plan", "软硬件产品安全可靠情况说明", BUILD),
            ("work_secrets_plan", "工作秘密信息防护方案", _NONE),
        ),
        *_slots("declaration", 16, ("priority_evidence", "重点支持依据", _NONE)),
        *_slots("declaration", 19, ("deployment_basis", "国家或省重大部署依据", _NONE)),
        *_slots("declaration", 17, ("previous_acceptance", "原项目竣工验收文件", _NONE)),
        *_slots("declaration", 23, ("featured_scenario_basis", "县域特色应用场景依据", _NONE)),
        *_slots(
            "declaration", 12,
            ("cross_level_basis", "跨层级协同依据", _NONE), ("participants_basis", "参建依据", _NONE),
        ),
        *_slots("review", 12, ("framework", "跨部门共建框架方案", _NONE)),
        *_slots("review", 18, ("appraisal_report", "论证评估报告", _NONE)),
        *_slots("review", 19, ("joint_review_opinion", "联合会审意见", _NONE)),
        *_slots("review", 9, ("affordability_report", "财政承受能力评估报告", _NONE)),
        *_slots("review", 20, ("approval", "批复文件", _NONE), ("budget", "经费预算文件", _NONE)),
        *_slots(
            "building", 24,
            ("procurement", "采购文件", _NONE), ("contract", "合同", _NONE), ("regime", "管理制度", _NONE),
        ),
        *_slots("building", 25, ("certificate", "测评和备案证明", _NONE)),
        *_slots("building", 26, ("supervision", "监理合同和监理报告", _NONE)),
        *_slots("building", 27, ("performance_report", "绩效评价报告", _NONE)),
        *_slots(
            "acceptance", 30,
            ("summary", "项目建设总结", BUILD),
            ("data_report", "数据资源共享报告", BUILD),
            ("data_confirmation", "数据共享情况确认书", BUILD),
            ("safe_products", "软硬件产品安全可靠情况", BUILD),
            ("financial_report", "财务报告", BUILD),
            ("audit_report", "第三方审计报告", BUILD),
            ("test_report", "第三方功能和性能测评报告", BUILD),
            ("risk_assessment", "安全风险评估和等级保护测评报告", BUILD),
            ("work_secret_check", "工作秘密检测评估报告", _NONE),
            ("crypto_assessment", "密码应用安全性评估报告", BUILD),
            ("secrecy_assessment", "保密风险评估", BUILD),
            ("archives_acceptance", "档案专项验收情况", BUILD),
            ("acceptance_opinion", "竣工验收意见", _NONE),
        ),
        *_slots("after", 40, ("self_evaluation", "绩效自评报告", _NONE)),
        *_slots("after", 41, ("rectification", "整改材料", _NONE)),
        *_slots("after", 39, ("other", "其他有关资料", _NONE)),
    ]
}  # fmt: skip
