"""From the province's desk to the budget (arts 18-20), as one road."""

from __future__ import annotations

from typing import Any

from tests.lives import reviews as r


async def test_a_city_project_is_reviewed_approved_and_funded(build: Any) -> None:
    w = build()
    case = await r.to_budgeted(w)
    assert (case.data["state"], case.data["holder"]) == ("budgeted", "owner")
    assert case.data["approved_amount_yuan"] == "5000000.00"
    dated = case.data["dated"]
    assert dated["budget"]["complete"] is True
    assert dated["appraised"]["substance"] == dated["declared"]["substance"]
    history = (await w.by("city.portal")("GET", f"/projects/{case.id}/history")).json()["transitions"]
    assert [each["action"] for each in history][3:] == [
        "commission_appraisal",
        "conclude_appraisal",
        "open_joint_review",
        "close_joint_review",
        "record_leading_group",
        "province_approve",
        "issue_budget",
    ]
