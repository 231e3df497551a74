"""Projects that are parts of one thing, and those that are not, declared as offices would."""

from __future__ import annotations

from typing import Any

from service.kit.db import Door
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS
from tests.factories import materials
from tests.lives import Life, builder

PARKING = (
    "智慧停车诱导系统",
    "接入路内泊位和停车场数据，发布空余车位，统一收费",
    "泊位利用率提高两成",
    "地磁和视频桩感知车位",
)
PARKING_AGAIN = (
    "城市停车泊位管理平台",
    "汇聚停车场和路边泊位信息，引导车主停放，欠费追缴",
    "路边停车有序",
    "地磁检测，云端计费",
)
ARCHIVES = (
    "馆藏档案数字化系统",
    "纸质档案扫描著录，电子文件归档，查阅利用",
    "数字化率达到八成",
    "四性检测，长期保存",
)


def written(what: tuple[str, str, str, str], yuan: str, tail: str = "", **facts: Any) -> dict[str, Any]:
    """A draft of it for so much money."""
    name, tasks, goals, plan = what
    made = materials(yuan)
    made["basics"] |= {"main_tasks": tasks, "performance_goals": goals}
    return {
        "name": name + tail,
        "facts": {"investment_yuan": yuan, **facts},
        "materials": {**made, "technical_plan": plan},
    }


async def declared(
    as_user: Any,
    what: tuple[str, str, str, str],
    yuan: str,
    tail: str = "",
    *,
    tenant: str = "360100",
    **facts: Any,
) -> Life:
    """A city's submitted project."""
    given = written(what, yuan, tail, **facts)
    return await builder(as_user)(tenant=tenant).life(**given).at("submitted")


async def worked(door: Door, *tenants: str) -> None:
    """What the worker does with everything that is due."""
    for _ in range(2):  # what it tells in turn is due too
        for tenant in tenants or ("360100", "360000"):
            await drain(door, tenant, SUBSCRIBERS, Telemetry())


async def suspicions_of(as_user: Any, project: str, who: str = "gatekeeper") -> list[dict[str, Any]]:
    """Suspicions with the project in the group, newest first."""
    found = await as_user("360100", who)("GET", f"/suspicions?project_id={project}")
    assert found.status_code == 200, found.text
    return list(found.json()["items"])
