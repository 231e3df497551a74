"""The same acts under the province's organs (arts 30, 32, 40, 41): a department's project, and a city's that the
province's leading group decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.acceptance.lives import APPLY, PASSED, SCORE, YES
from tests.contract import recipes_acceptance as r
from tests.contract import recipes_orders as orders
from tests.contract.recipes_delivery import deed
from tests.lives import Thing, World, good, people


@pytest.fixture
def build(as_user: Callable[..., Any], door: Door, settings: Settings) -> Callable[..., World]:
    """build() → a city's portal; build("province.department") → a department."""

    def make(owner: str = "city.portal") -> World:
        tenant = "360000" if owner == "province.department" else "360100"
        return World(people(as_user), door, Telemetry(), settings.database_url, tenant, owner)

    return make


async def refused(w: World, who: str, case: Thing, verb: str, body: Any) -> dict[str, Any]:
    answer = await w.by(who)("POST", f"/projects/{case.id}/{verb}", body, etag=case.etag)
    assert answer.status_code == 409, answer.text
    return dict(answer.json())


async def test_a_departments_project_under_the_provinces_organs(build: Any) -> None:
    """Arts 30, 32, 36, 40: 省数据局, 密码管理局, 发展改革委 with 办公厅 and 财政厅; its money by 省财政厅."""
    w = build("province.department")
    case = await r.evaluated(w)
    for who in ("province.office", "province.drc", "province.finance"):
        case = await deed(w, case, "score", SCORE, who)
    assert case.data["dated"]["scored"]["total"] == 8000
    case = await deed(w, case, "propose-maintenance", r.proposal(), "province.drc")
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
    case = await deed(w, case, "report-delegated", body)
    assert (case.data["state"], case.data["holder"]) == ("accepted", "owner")
    await w.delivered()
    for who in ("province.office", "province.drc", "province.finance"):
        assert "acceptance.reported" in (await w.by(who)("GET", "/inbox?limit=200")).text


async def test_a_city_accepts_what_the_leading_group_decided_and_files_it(build: Any) -> None:
    """Art. 32, R5: confirmed by the province's organs, accepted by the city's, filed once, receipt, no reject."""
    w = build()
    case = await r.inspected(w, provincial=True)
    assert (await refused(w, "city.data_office", case, "confirm-data", PASSED))["reason"] == "wrong_role"
    case = await deed(w, case, "confirm-data", PASSED, "province.data_office")
    case = await deed(w, case, "confirm-crypto", PASSED, "province.crypto_organ")
    case = await deed(w, case, "apply-acceptance", APPLY)
    assert case.data["holder"] == "city"
    assert (await refused(w, "province.drc", case, "accept", r.accept()))["reason"] == "wrong_role"
    early = await refused(w, "city.gatekeeper", case, "file-acceptance", {})
    assert (early["code"], early["article"]) == ("action_not_allowed", 32)
    for who in ("city.gatekeeper", "city.finance"):
        case = await deed(w, case, "give-acceptance-opinion", YES, who)
    case = await deed(w, case, "accept", r.accept(), "city.approver")
    answer = await w.by("city.gatekeeper")(
        "POST", f"/projects/{case.id}/file-acceptance", {"note": "请查收"}, etag=case.etag
    )
    assert answer.status_code == 201, answer.text
    receipt = answer.json()["receipt"]
    year = r.ago(0)[:4]
    assert receipt["number"].startswith(f"360100-{year}-Y")
    assert (receipt["articles"], len(receipt["digest"])) == ([32], 68 if ":" in receipt["digest"] else 64)
    again = await w.by("city.portal")(
        "POST", f"/projects/{case.id}/file-acceptance", {}, etag=answer.headers["etag"]
    )
    assert (again.status_code, again.json()["gate"]) == (409, "acceptance_not_filed")
    listed = (await w.by("province.office")("GET", "/acceptance-filings?tenant=360100")).json()["items"]
    assert receipt["number"] in [each["number"] for each in listed]
    foreign = w.find("360200", "city.gatekeeper")
    assert (await foreign("GET", f"/acceptance-filings/{answer.json()['filing_id']}")).status_code == 404
    await w.delivered()
    assert "acceptance.filed" in (await w.by("province.office")("GET", "/inbox?limit=200")).text


async def test_numbers_of_acceptance_filings_have_no_gaps(build: Any) -> None:
    """Art. 32: per tenant and year."""
    w, numbers = build(), []
    for _ in range(2):
        case = await r.accepted(w, provincial=True)
        answer = good(
            await w.by("city.portal")("POST", f"/projects/{case.id}/file-acceptance", {}, etag=case.etag)
        )
        numbers.append(int(answer.json()["receipt"]["number"][-4:]))
    assert numbers[1] == numbers[0] + 1


async def test_the_province_orders_and_suspends_on_both_tracks(build: Any) -> None:
    """Art. 41: the province's organs on a department's project; on what the province decided for a city, the organ
    that ordered and the three of either tier, no other city organ after another's order (docs/decisions/0112)."""
    w = build("province.department")
    case = await orders.suspended(w, await r.begun(w))
    assert case.data["state"] == "suspended"
    case = await deed(w, case, "resume", {"reason": "整改办结"}, "province.drc")
    assert case.data["state"] == "started"
    city = build()
    case, order = await orders.failed(city, await r.begun(city, provincial=True))
    halt = {"order": order, "reason": "隐患严重"}
    for who in ("city.secrecy", "province.secrecy"):  # who neither ordered nor is one of the three
        told = await refused(city, who, case, "suspend", halt)
        assert (told["code"], told["gate"], told["article"]) == ("gate_shut", "may_enforce", 41)
    case = await deed(city, case, "suspend", halt, "city.gatekeeper")
    done = {"order": order, "done": True, "opinion": "复测通过"}
    case = await deed(city, case, "close-order", done, "city.cyber")
    case = await deed(city, case, "resume", {"reason": "整改办结"}, "province.office")
    case, order = await orders.failed(city, case)
    case = await deed(city, case, "suspend", {"order": order, "reason": "隐患严重"}, "province.office")
    case = await deed(city, case, "terminate", {"order": order, "reason": "无法整改"}, "province.drc")
    assert case.data["state"] == "terminated"
