"""R30: maintenance goes from its start to the end of its term, is evaluated and retired; nothing is tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from service.kit import clock
from tests.delivery.sites import DOCUMENT, Site, approved, filed, issue
from tests.factories import materials

KEEPER, FINANCE = ("360100", "gatekeeper"), ("360100", "finance")
PLAN = {
    "facts": {"kind": "maintain", "negative": {}},
    "materials": materials(maintenance_plan="七乘二十四小时值守"),
}
TERM = {"ended_on": "2026-12-31", "summary": "全年值守", "service_quality": "响应及时", "document": DOCUMENT}
WATCH = {
    "data_shared": True,
    "collects_twice": False,
    "crypto_and_security_met": True,
    "serious_hazard": False,
    "on_government_network": True,
    "on_government_cloud": True,
}
LINE = {"year": 2027, "amount_yuan": "3000000.00", "workload": "按标准测算", "watch": WATCH}


@pytest.fixture
def at() -> Iterator[Any]:
    yield lambda *day: clock.travel(datetime(*day, 4, tzinfo=UTC))
    clock.travel(None)


async def begun(as_user: Any) -> Site:
    site = await filed(as_user, **PLAN)
    await site.done("start", {"started_on": "2026-02-10"})
    return site


async def test_a_whole_life(as_user: Any, at: Any) -> None:
    site = await begun(as_user)
    shut = await site.refused("begin-trial-run", {"on": "2026-03-01"}, 409, "gate_shut", article=30)
    assert shut["gate"] == "building_project" and "R30" in shut["detail"]
    await issue(site, "1000000.00")
    at(2026, 8, 10)  # art. 36: no confirmation of art. 30 is waited for
    await site.done("propose-maintenance", LINE, KEEPER)
    assert site.data["dated"]["maintenance"]["years"] == {"2026": "2026-08-10"}
    at(2027, 1, 15)
    early = {**TERM, "ended_on": "2026-02-09"}
    await site.refused(
        "end-term", early, 422, "invalid_body", "/ended_on", field_code="date_order", article=27
    )
    data = await site.done("end-term", TERM)
    assert (data["state"], data["holder"], data["dated"]["term_ended"]["on"]) == (
        "term_ended",
        "owner",
        "2026-12-31",
    )
    ahead = {"on": "2026-12-30", "summary": "良好", "report": DOCUMENT}
    await site.refused("evaluate", ahead, 422, "invalid_body", "/on", field_code="date_order")
    data = await site.done("evaluate", {**ahead, "on": "2027-01-10"})  # no six months to wait for (art. 40)
    assert (data["state"], data["dated"]["evaluated"]["late"]) == ("evaluated", False)
    over = {"on": "2027-01-15", "reason": "合同到期", "data_handover": "移交市数据局"}
    shut = await site.refused("retire", over, 409, "gate_shut", article=38)
    assert shut["gate"] == "surplus_settled"
    back = {"amount_yuan": "1000000.00", "returned_on": "2027-01-15", "treasury_document": "国库退1"}
    await site.done("return-surplus", back)
    assert (await site.done("retire", over))["state"] == "retired"


async def test_no_half_year_and_no_end_for_what_is_built(as_user: Any, at: Any) -> None:
    site = await approved(as_user, **PLAN)
    assert (await site.read("/building"))["start_due"] is None
    at(2027, 3, 1)
    recall = {"reason": "批复满半年未开工", "document": DOCUMENT}
    shut = await site.refused("recall-funds", recall, 409, "gate_shut", by=FINANCE, article=29)
    assert "R30" in shut["detail"]
    built = await filed(as_user)
    await built.done("start", {"started_on": "2026-02-10"})
    shut = await built.refused("end-term", TERM, 409, "gate_shut", article=27)
    assert shut["gate"] == "maintenance_project"
    told = {each["action"]: each["allowed"] for each in (await site.read("", FINANCE))["actions"]}
    assert told["recall_funds"] is False
