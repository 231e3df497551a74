"""An office as readers see it, and the Chinese names of what an office may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.identity.schemas import OfficeView
from service.kit.ids import Ref

AGENCY = "agency"  # the organ of an office that appraises (art. 18)
HELD_NAMES: Mapping[str, str] = {
    "case": "在办项目",
    "draft": "草稿",
    "ended_case": "已结束的项目",
    "duty": "未办结的期限事项",
    "feed": "日历订阅地址",
    "app": "共享应用",
    "adoption": "在用和在办的应用",
    "system": "在用系统",
    "framework": "待会签的框架方案",
    "appraisal": "受托的论证评估",
    "expert": "专家所在单位",
    "message": "未读消息",
}


def office_view(office: Mapping[str, Any]) -> OfficeView:
    """An office as readers see it."""
    tenant, special = office["tenant_id"], ("id", "office_id", "successor")
    fields = {name: office[name] for name in OfficeView.__struct_fields__ if name not in special}
    follows = office.get("successor")
    return OfficeView(
        id=str(Ref(tenant, office["id"])),
        office_id=office["id"],
        successor=None if follows is None else str(Ref(tenant, follows)),
        **fields,
    )
