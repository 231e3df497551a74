"""Valid requests to vary from."""

from __future__ import annotations

from functools import cache
from typing import Any

from service.setup.seed import office_id

NEGATIVE = dict.fromkeys(
    [
        "own_hardware",
        "leased_lines",
        "off_cloud",
        "not_safe_reliable",
        "crypto_or_security",
        "unclear_or_unshared",
    ],
    False,
)

# The parts that art. 15 names of a technical plan.
PLAN = {
    "intensive": "使用全省统一的政务云和公共组件，没有另建",
    "sharing": "业务数据编入目录，经共享交换平台提供",
    "security": "由政务云提供边界防护，数据分级管理",
    "protection": "按第二级建设，上线前备案",
    "crypto": "身份鉴别和存储采用国产密码算法",
    "safe_products": "服务器、数据库和终端均在目录以内",
}
# What arts 3 and 11 ask, answered by somebody who keeps to it.
ANSWERS: dict[str, Any] = {
    "unifications": dict.fromkeys(
        ["architecture", "foundation", "standards", "applications", "operations"], True
    ),
    "sharing": {
        "exchange": True,
        "plan": "业务数据经共享交换平台提供，每日更新",
        "catalogue": ["办件信息", "处置结果"],
    },
}


def facts(**changes: Any) -> dict[str, Any]:
    """A city's ordinary new build of 4 million yuan without any finding that needs a reason."""
    return {
        "project_class": "other",
        "kind": "new",
        "investment_yuan": "4000000.00",
        "fiscal_funds": True,
        "classified": False,
        "negative": NEGATIVE,
        "reuse_check": "checked",
        **ANSWERS,
        **changes,
    }


def materials(investment_yuan: str = "4000000.00", **changes: Any) -> dict[str, Any]:
    """Complete materials (art. 15)."""
    return {
        "resolution": {"body": "局党组会议", "date": "2026-01-15", "number": "会纪〔2026〕3号"},
        "basics": {
            "main_tasks": "建设业务系统",
            "location": "政务云",
            "basis": "年度工作要点",
            "performance_goals": "办理时限缩短一半",
            "implementation": "政府采购",
        },
        "technical_plan": "依托政务云建设，接入共享平台",
        "plan": PLAN,
        "funding": [{"source": "市级财政预算", "amount_yuan": investment_yuan}],
        **changes,
    }


@cache
def city_office(tenant: str) -> str:
    """The seeded office of a city's ordinary declaring unit."""
    from service.setup.seed import divisions

    name = next(row["name"] for row in divisions() if row["code"] == tenant)
    return office_id(tenant, tenant, f"{name}政府办公室")


def draft(tenant: str = "360100", **changes: Any) -> dict[str, Any]:
    """A draft of a city's declaring unit."""
    given = facts(**changes.pop("facts", {}))
    return {
        "name": "城市管理业务系统",
        "owner_office_id": city_office(tenant),
        "facts": given,
        "materials": materials(given["investment_yuan"]),
        **changes,
    }


async def answered(owner: Any, ref: str, etag: str, preview: Any = None) -> str:
    """Answers every candidate for reuse with a reason to build (art. 23); the ETag to submit with.

    `preview`: what the preview told, where it was asked for already.
    """
    if preview is None:
        asked = await owner("POST", f"/projects/{ref}/preview")
        assert asked.status_code == 200, asked.text
        preview = asked.json()
    unanswered = preview["reuse"]["unanswered"]
    if not unanswered:
        return etag
    answers = [{"candidate": each, "answer": "build", "reason": "业务范围和对象不同"} for each in unanswered]
    told = await owner("POST", f"/projects/{ref}/reuse-check", {"answers": answers}, etag=etag)
    assert told.status_code == 200, told.text
    return str(told.headers["etag"])


PAPER = {"issuer": "省政府办公厅", "number": "赣府厅字〔2026〕5号", "date": "2026-01-20"}


async def attach(
    owner: Any, ref: str, slot: str, content: bytes = "原件全文".encode(), name: str = "原件.txt"
) -> Any:
    """A paper in its slot, handed in by the owner of the text."""
    made = await owner(
        "POST", f"/projects/{ref}/documents", content=content, params={"slot": slot, "name": name}
    )
    assert made.status_code == 201, made.text
    return made.json()
