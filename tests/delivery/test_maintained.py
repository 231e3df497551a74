"""R30: maintenance goes from its start to the end of its term, is evaluated and retired; nothing is tried."""

from __future__ import annotations

from typing import Any

from tests.factories import materials
from tests.lives import Life
from tests.lives.said import PAPER, WATCHED

KEEPER, FINANCE = "city.gatekeeper", "city.finance"
PLAN = {
    "facts": {"kind": "maintain", "negative": {}},
    "materials": materials(maintenance_plan="七乘二十四小时值守"),
}
TERM = {"ended_on": "2026-12-31", "summary": "全年值守", "service_quality": "响应及时", "document": PAPER}
LINE = {"year": 2027, "amount_yuan": "3000000.00", "workload": "按标准测算", "watch": WATCHED}


async def begun(life: Any) -> Life:
    site = await life(**PLAN).at("filed")
    await site.start("2026-02-10")
    return site


async def test_a_whole_life(life: Any, at: Any) -> None:
    site = await begun(life)
    shut = await site.refused("owner", "begin-trial-run", {"on": "2026-03-01"}, 409, "gate_shut", article=30)
    assert shut["gate"] == "building_project" and "R30" in shut["detail"]
    await site.issue_budget("1000000.00")
    at(2026, 8, 10)  # art. 36: no confirmation of art. 30 is waited for
    await site.does(KEEPER, "propose-maintenance", LINE)
    assert site.data["dated"]["maintenance"]["years"] == {"2026": "2026-08-10"}
    at(2027, 1, 15)
    early = {**TERM, "ended_on": "2026-02-09"}
    await site.wrong("owner", "end-term", early, "/ended_on", "date_order", article=27)
    data = await site.does("owner", "end-term", TERM)
    assert (data["state"], data["holder"], data["dated"]["term_ended"]["on"]) == (
        "term_ended",
        "owner",
        "2026-12-31",
    )
    ahead = {"on": "2026-12-30", "summary": "良好", "report": PAPER}
    await site.wrong("owner", "evaluate", ahead, "/on", "date_order")
    data = await site.does(
        "owner", "evaluate", {**ahead, "on": "2027-01-10"}
    )  # no six months to wait for (art. 40)
    assert (data["state"], data["dated"]["evaluated"]["late"]) == ("evaluated", False)
    over = {"on": "2027-01-15", "reason": "合同到期", "data_handover": "移交市数据局"}
    shut = await site.refused("owner", "retire", over, 409, "gate_shut", article=38)
    assert shut["gate"] == "surplus_settled"
    back = {"amount_yuan": "1000000.00", "returned_on": "2027-01-15", "treasury_document": "国库退1"}
    await site.does("owner", "return-surplus", back)
    assert (await site.does("owner", "retire", over))["state"] == "retired"


async def test_no_half_year_and_no_end_for_what_is_built(life: Any, at: Any) -> None:
    site = await life(**PLAN).at("approved")
    assert (await site.sees("building"))["start_due"] is None
    at(2027, 3, 1)
    recall = {"reason": "批复满半年未开工", "document": PAPER}
    shut = await site.refused("city.finance", "recall-funds", recall, 409, "gate_shut", article=29)
    assert "R30" in shut["detail"]
    built = await life().at("filed")
    await built.start("2026-02-10")
    shut = await built.refused("owner", "end-term", TERM, 409, "gate_shut", article=27)
    assert shut["gate"] == "maintenance_project"
    told = {each["action"]: each["allowed"] for each in (await site.read("city.finance"))["actions"]}
    assert told["recall_funds"] is False
