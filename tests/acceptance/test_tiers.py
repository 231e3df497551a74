"""The same acts under the province's organs (arts 30, 32, 40, 41): a department's project, and a city's that the
province's leading group decided."""

from __future__ import annotations

from typing import Any

from tests.contract import recipes_acceptance as r
from tests.contract import recipes_orders as orders
from tests.fixtures import build
from tests.lives import good
from tests.lives.said import APPLY, PASSED, SCORE, YES

__all__ = ["build"]


async def test_a_departments_project_under_the_provinces_organs(build: Any) -> None:
    """Arts 30, 32, 36, 40: 省数据局, 密码管理局, 发展改革委 with 办公厅 and 财政厅; its money by 省财政厅."""
    w = build("province.department")
    case = await r.evaluated(w)
    for who in ("province.office", "province.drc", "province.finance"):
        await case.does(who, "score", SCORE)
    assert case.data["dated"]["scored"]["total"] == 8000
    await case.does("province.drc", "propose-maintenance", r.proposal())
    listed = good(await w.by("province.finance")("GET", "/maintenance/proposals?limit=200")).json()["items"]
    (line,) = [each for each in listed if each["project_id"] == case.id]
    assert (line["score"], line["organ"]) == ("80.00", "province.drc")
    path = f"/maintenance/proposals/{line['id']}/arrange"
    good(await w.by("province.finance")("POST", path, {"arranged_yuan": "200000.00"}))
    # Art. 32: what the province accepts itself is not filed with it.
    assert "file_acceptance" not in {each["action"] for each in case.data["actions"]}


async def test_a_departments_acceptance_is_delegated_and_reported(build: Any) -> None:
    """Art. 32: delegated by 省发展改革委, reported to all three."""
    w = build("province.department")
    case = await r.delegated(w)
    body = {"on": r.ago(0), "conclusion": "通过", "report": {"name": "报告", "digest": "a" * 64}}
    await case.does("owner", "report-delegated", body)
    assert (case.data["state"], case.data["holder"]) == ("accepted", "owner")
    await w.delivered()
    for who in ("province.office", "province.drc", "province.finance"):
        assert "acceptance.reported" in (await w.by(who)("GET", "/inbox?limit=200")).text


async def test_a_city_accepts_what_the_leading_group_decided_and_files_it(build: Any) -> None:
    """Art. 32, R5: confirmed by the province's organs, accepted by the city's, filed once, receipt, no reject."""
    w = build()
    case = await r.inspected(w, provincial=True)
    told = await case.refused("city.data_office", "confirm-data", PASSED, 409, "action_not_allowed")
    assert told["reason"] == "wrong_role"
    await case.does("province.data_office", "confirm-data", PASSED)
    await case.does("province.crypto_organ", "confirm-crypto", PASSED)
    await case.does("owner", "apply-acceptance", APPLY)
    assert case.data["holder"] == "city"
    told = await case.refused("province.drc", "accept", r.accept(), 409, "action_not_allowed")
    assert told["reason"] == "wrong_role"
    early = await case.refused("city.gatekeeper", "file-acceptance", {}, 409, "action_not_allowed")
    assert (early["code"], early["article"]) == ("action_not_allowed", 32)
    for who in ("city.gatekeeper", "city.finance"):
        await case.does(who, "give-acceptance-opinion", YES)
    await case.does("city.approver", "accept", r.accept())
    answer = await case.tried("city.gatekeeper", "file-acceptance", {"note": "请查收"})
    assert answer.status_code == 201, answer.text
    receipt = answer.json()["receipt"]
    year = r.ago(0)[:4]
    assert receipt["number"].startswith(f"360100-{year}-Y")
    assert (receipt["articles"], len(receipt["digest"])) == ([32], 68 if ":" in receipt["digest"] else 64)
    again = await case.tried("city.portal", "file-acceptance", {})
    assert (again.status_code, again.json()["gate"]) == (409, "acceptance_not_filed")
    listed = (await w.by("province.office")("GET", "/acceptance-filings?tenant=360100")).json()["items"]
    assert receipt["number"] in [each["number"] for each in listed]
    foreign = w.by("360200:city.gatekeeper")
    assert (await foreign("GET", f"/acceptance-filings/{answer.json()['filing_id']}")).status_code == 404
    await w.delivered()
    assert "acceptance.filed" in (await w.by("province.office")("GET", "/inbox?limit=200")).text


async def test_numbers_of_acceptance_filings_have_no_gaps(build: Any) -> None:
    """Art. 32: per tenant and year."""
    w, numbers = build(), []
    for _ in range(2):
        case = await r.accepted(w, provincial=True)
        told = await case.does("city.portal", "file-acceptance", {})
        numbers.append(int(told["receipt"]["number"][-4:]))
    assert numbers[1] == numbers[0] + 1


async def test_the_province_orders_and_suspends_on_both_tracks(build: Any) -> None:
    """Art. 41: the province's organs on a department's project; on what the province decided for a city, the organ
    that ordered and the three of either tier, no other city organ after another's order (docs/decisions/0112)."""
    w = build("province.department")
    case = await orders.suspended(w, await r.begun(w))
    assert case.data["state"] == "suspended"
    await case.does("province.drc", "resume", {"reason": "整改办结"})
    assert case.data["state"] == "started"
    city = build()
    case, order = await orders.failed(city, await r.begun(city, provincial=True))
    halt = {"order": order, "reason": "隐患严重"}
    for who in ("city.secrecy", "province.secrecy"):  # who neither ordered nor is one of the three
        told = await case.refused(who, "suspend", halt, 409, "gate_shut", gate="may_enforce", article=41)
        assert (told["code"], told["gate"], told["article"]) == ("gate_shut", "may_enforce", 41)
    await case.does("city.gatekeeper", "suspend", halt)
    done = {"order": order, "done": True, "opinion": "复测通过"}
    await case.does("city.cyber", "close-order", done)
    await case.does("province.office", "resume", {"reason": "整改办结"})
    case, order = await orders.failed(city, case)
    await case.does("province.office", "suspend", {"order": order, "reason": "隐患严重"})
    await case.does("province.drc", "terminate", {"order": order, "reason": "无法整改"})
    assert case.data["state"] == "terminated"
