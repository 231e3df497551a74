"""A planned new build of a county, like an app that exists."""

from __future__ import annotations

from typing import Any

from tests.factories import PAPER, attach, draft, materials

VIDEO = {
    "category": "video",
    "summary": "省市县乡多点视频会议",
    "description": "提供高清视频会议的预约、录播和会场控制，县级接入终端即可使用",
    "functions": ["会议预约", "多点会议", "会议录播"],
}


def planned(
    name: str = "东湖区视频会议系统", tasks: str = "建设区乡两级视频会议，会议预约和录播", **facts: Any
) -> Any:
    """A county's planned new build."""
    made = materials("900000.00")
    made["basics"]["main_tasks"] = tasks
    given = {
        "investment_yuan": "900000.00",
        "featured_county_scenario": True,
        "evidence": {"featured_scenario": PAPER},
        "reuse_check": "not_checked",
        **facts,
    }
    body = draft(name=name, materials=made, facts=given)
    del body["owner_office_id"]
    return body


async def begun(unit: Any, body: Any) -> Any:
    """The draft with the paper that its featured scenario stands on."""
    made = await unit("POST", "/projects", body)
    await attach(unit, made.json()["id"], "featured_scenario_basis")
    return made
