"""From trial run to retirement on the city's own route (arts 30, 32, 40; R5), and what each step leaves behind."""

from __future__ import annotations

from typing import Any

from tests.lives.said import ACCEPT, APPLY, PAPER, PASSED, SCORE, YES


async def test_a_city_project_from_trial_run_to_retirement(life: Any, day: Any) -> None:
    """Arts 30, 32, 40, 3: every station, the facts that later gates read, and the pen."""
    case = await life().at("started")
    data = await case.does("city.unit", "begin-trial-run", {"on": "2026-03-02"})
    assert (data["state"], data["dated"]["trial_run"]) == (
        "trial_run",
        {"on": "2026-03-02"},
    )
    status = await case.sees("acceptance", "city.unit")
    assert status["trial_run_ends"] == "2026-09-02"
    data = await case.does(
        "city.unit", "final-inspect", {"on": "2026-09-02", "conclusion": "达到合同要求", "report": PAPER}
    )
    assert data["dated"]["final_inspected"] == {"on": "2026-09-02"}
    await case.confirm()
    data = await case.does("city.unit", "apply-acceptance", APPLY)
    assert (data["state"], data["holder"]) == ("acceptance_applied", "city")
    await case.does("city.gatekeeper", "give-acceptance-opinion", YES)
    data = await case.does("city.finance", "give-acceptance-opinion", YES)
    assert data["dated"]["acceptance_opinions"]["slots"] == {"general_office": True, "finance": True}
    data = await case.does("city.approver", "accept", ACCEPT)
    assert (data["state"], data["holder"]) == ("accepted", "owner")
    assert data["dated"]["accepted"]["on"] == "2026-11-23"
    await _evaluated_and_retired(day, case)
    kinds = [each["kind"] for each in await case.records()]
    assert kinds[:3] == ["retire", "score", "score"]
    told = {each["kind"]: each["content"] for each in await case.records()}
    assert told["apply_acceptance"]["materials"]["archives"]["digest"] == "a" * 64
    assert told["score"]["card"] == "80.00"


async def _evaluated_and_retired(day: Any, case: Any) -> None:
    """Arts 40, 3: evaluated from six months on, scored by three, retired."""
    await case.does("city.unit", "record-operation", {"on": "2026-10-08"})
    day("2027-05-23")
    status = await case.sees("acceptance", "city.unit")
    assert (status["evaluation_from"], status["evaluation_until"]) == ("2027-05-23", "2027-11-23")
    data = await case.does(
        "city.unit", "evaluate", {"on": "2027-05-23", "summary": "办理时限缩短一半", "report": PAPER}
    )
    assert (data["state"], data["dated"]["evaluated"]) == ("evaluated", {"on": "2027-05-23", "late": False})
    for organ in ("city.gatekeeper", "city.approver", "city.finance"):
        assert data["dated"].get("scored", {}).get("total") is None
        data = await case.does(organ, "score", SCORE)
    assert data["dated"]["scored"]["total"] == 8000
    data = await case.does(
        "city.unit",
        "retire",
        {"on": "2027-05-23", "reason": "改用全省应用", "data_handover": "移交市数据平台"},
    )
    assert data["state"] == "retired"
    assert not [each for each in data["actions"] if each["allowed"]]


async def test_each_deed_is_refused_out_of_order(life: Any) -> None:
    """Arts 30, 32, 40, 41: from `started` nothing of the later life may be done; 409 names the article."""
    case = await life().at("started")
    early = [
        ("city.unit", "final-inspect", {"on": "2026-09-02", "conclusion": "达到", "report": PAPER}, 30),
        ("city.data_office", "confirm-data", PASSED, 30),
        ("city.crypto_organ", "confirm-crypto", PASSED, 30),
        ("city.unit", "request-extension", {"reason": "测评未完", "until": "2027-03-31"}, 30),
        ("city.unit", "apply-acceptance", APPLY, 30),
        ("city.gatekeeper", "give-acceptance-opinion", YES, 32),
        ("city.approver", "accept", ACCEPT, 30),
        ("city.approver", "return-acceptance", {"reason": "材料不符"}, 30),
        ("city.approver", "delegate-acceptance", {"to": "项目单位", "terms": "完成后报告"}, 32),
        ("city.unit", "report-delegated", {"on": "2026-11-01", "conclusion": "通过", "report": PAPER}, 30),
        ("city.unit", "record-operation", {"on": "2026-10-08"}, 30),
        ("city.unit", "evaluate", {"on": "2026-11-01", "summary": "良好", "report": PAPER}, 40),
        ("city.finance", "score", SCORE, 40),
        ("city.unit", "retire", {"on": "2026-11-01", "reason": "停用", "data_handover": "已移交"}, 3),
        ("city.gatekeeper", "resume", {"reason": "整改办结"}, 41),
    ]
    for who, verb, body, article in early:
        await case.refused(who, verb, body, 409, "action_not_allowed", article=article)
    await case.refused("city.gatekeeper", "file-acceptance", {}, 409, "action_not_allowed", article=32)


async def test_a_stale_version_stores_nothing(life: Any) -> None:
    """Every deed with a version: 412 on an old one, 428 without (arts 30, 41)."""
    case = await life().at("started")
    before = await case.read()
    for who, verb, body in (
        ("city.unit", "begin-trial-run", {"on": "2026-03-02"}),
        (
            "city.cyber",
            "order-rectification",
            {"area": "network_security", "text": "整改", "due": "2026-12-01"},
        ),
    ):
        answer = await case.tried(who, verb, body, etag='"1"')
        assert (answer.status_code, answer.json()["code"]) == (412, "stale_version")
        answer = await case.tried(who, verb, body, etag=None)
        assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")
    assert await case.read() == before


async def test_nothing_is_left_behind_by_retiring(life: Any, day: Any) -> None:
    """Arts 38, 41: a surplus goes back and an order is settled before a project ends, since nothing may follow."""
    case = await life().at("started")
    await case.issue_budget("1000000.00")
    await case.at("evaluated")
    bye = {"on": "2027-06-01", "reason": "改用全省应用", "data_handover": "移交市数据平台"}
    order = await case.order(due="2027-07-01")
    await case.refused("city.unit", "retire", bye, 409, "gate_shut", article=38, gate="surplus_settled")
    back = {"amount_yuan": "1000000.00", "returned_on": "2027-06-01", "treasury_document": "GK-1"}
    await case.does("city.unit", "return-surplus", back)
    await case.refused("city.unit", "retire", bye, 409, "gate_shut", article=41, gate="orders_settled")
    await case.does("city.cyber", "close-order", {"order": order, "done": True, "opinion": "复测通过"})
    assert (await case.does("city.unit", "retire", bye))["state"] == "retired"
