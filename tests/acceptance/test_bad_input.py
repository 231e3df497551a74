"""What is refused, by field and article, with nothing stored (arts 30, 32, 40)."""

from __future__ import annotations

from typing import Any

from tests.lives.said import ACCEPT, APPLY, APPROVAL, MATERIALS, PAPER, PASSED, SCORE, YES


async def test_trial_run_dates(life: Any) -> None:
    """Art. 30: not before the start, not in the future."""
    case = await life().at("named")
    await case.start("2026-02-20")
    for on in ("2026-02-19", "2026-11-24"):
        problem = await case.wrong("city.unit", "begin-trial-run", {"on": on}, "/on")
        assert problem["errors"][0]["code"] == "date_order"
        assert "第三十条" in problem["errors"][0]["detail"]
    await case.does("city.unit", "begin-trial-run", {"on": "2026-02-20"})


async def test_the_trial_run_lasts_six_calendar_months(life: Any, day: Any) -> None:
    """Art. 30: the gate until the day, and no inspection dated before it afterwards."""
    case = await life().at("started")
    await case.begin_trial_run("2026-06-30")
    body = {"on": "2026-11-23", "conclusion": "达到要求", "report": PAPER}
    day("2026-12-29")
    problem = await case.refused("city.unit", "final-inspect", body, 409, "gate_shut", article=30)
    assert (problem["gate"], "2026-12-30" in problem["detail"]) == ("trial_run_over", True)
    day("2026-12-30")
    await case.wrong("city.unit", "final-inspect", body, "/on")
    await case.does("city.unit", "final-inspect", {**body, "on": "2026-12-30"})


async def test_materials_are_named_one_by_one(life: Any) -> None:
    """Art. 30: a missing material or part is told by its pointer; work secrets ask for one part more."""
    case = await life().at("inspected")
    for key in MATERIALS:
        less = {"materials": {k: v for k, v in MATERIALS.items() if k != key}, "work_secrets": False}
        problem = await case.refused("city.unit", "apply-acceptance", less, 422, "invalid_body")
        assert [each["pointer"] for each in problem["errors"]] == [f"/materials/{key}"]
        assert "第三十条" in problem["errors"][0]["detail"]
    bare = {**MATERIALS, "third_party_test": {"digest": "a" * 64, "parts": ["function"]}}
    problem = await case.wrong(
        "city.unit",
        "apply-acceptance",
        {"materials": bare, "work_secrets": False},
        "/materials/third_party_test/parts",
    )
    assert "性能" in problem["errors"][0]["detail"]
    await case.wrong(
        "city.unit", "apply-acceptance", {**APPLY, "work_secrets": True}, "/materials/security_risk/parts"
    )
    wrong = {**MATERIALS, "summary": {"digest": "a" * 64, "parts": ["catalogue"]}}
    await case.wrong(
        "city.unit",
        "apply-acceptance",
        {"materials": wrong, "work_secrets": False},
        "/materials/summary/parts",
    )
    everything = {"materials": {}, "work_secrets": True}
    problem = await case.refused("city.unit", "apply-acceptance", everything, 422, "invalid_body")
    assert len(problem["errors"]) == len(MATERIALS)


async def test_the_checklist_says_what_the_application_will(life: Any) -> None:
    """Art. 30: one code before and at the application; a passed confirmation stands for its paper."""
    case = await life().at("inspected")
    seen = await case.sees("acceptance/checklist", "city.unit")
    assert [item["key"] for item in seen["items"]] == list(MATERIALS)
    assert not any(item["given"] for item in seen["items"])
    await case.does("city.data_office", "confirm-data", PASSED)
    seen = await case.sees("acceptance/checklist", "city.unit")
    assert [item["key"] for item in seen["items"] if item["complete"]] == ["data_confirmation"]
    less = {k: v for k, v in MATERIALS.items() if k != "data_confirmation"}
    await case.does("city.unit", "apply-acceptance", {"materials": less, "work_secrets": False})
    path = f"/projects/{case.id}/acceptance/checklist"
    assert (await case.by("city.unit")("GET", path)).json()["complete"] is True
    secret = (await case.by("city.unit")("GET", f"{path}?work_secrets=true")).json()
    assert [item["key"] for item in secret["items"] if not item["complete"]] == ["security_risk"]


async def test_an_extension_goes_forward(life: Any) -> None:
    """Art. 30, R35: until a day to come, in writing; it is granted by whoever takes the application, or not at all."""
    case = await life().at("trial_run")
    ask = {"reason": "测评未完成", "until": "2027-03-31"}
    await case.wrong("city.unit", "request-extension", {**ask, "until": "2026-11-23"}, "/until")
    await case.wrong("city.unit", "request-extension", {**ask, "reason": ""}, "/reason")
    data = await case.does("city.unit", "request-extension", ask)
    assert "extension" not in data["dated"], "asked is not granted"
    await case.refused("city.unit", "request-extension", ask, 409, "gate_shut", article=30)
    for who in ("city.unit", "city.gatekeeper", "city.finance"):
        await case.refused(who, "decide-extension", {"approve": True, "opinion": "同意"}, 403, "forbidden")
    await case.refused(
        "province.drc", "decide-extension", {"approve": True, "opinion": "同意"}, 409, "action_not_allowed"
    )
    no = {"approve": False, "opinion": "可以按期完成"}
    await case.wrong("city.approver", "decide-extension", {**no, "until": "2027-01-31"}, "/until")
    data = await case.does("city.approver", "decide-extension", no)
    assert "extension" not in data["dated"]
    await case.does("city.unit", "request-extension", ask)
    data = await case.does(
        "city.approver", "decide-extension", {"approve": True, "until": "2027-02-28", "opinion": "同意"}
    )
    assert data["dated"]["extension"]["until"] == "2027-02-28", "less than was asked for"
    await case.wrong("city.unit", "request-extension", {**ask, "until": "2027-02-28"}, "/until")
    await case.does("city.unit", "request-extension", {**ask, "until": "2027-06-30"})


async def test_nobody_else_confirms_opines_or_accepts(life: Any) -> None:
    """Arts 4, 30, 32, R5: 403 for another desk, 409 for the other tier's organ."""
    case = await life().at("applied")
    for who, verb, body in (
        ("city.crypto_organ", "confirm-data", PASSED),
        ("city.data_office", "confirm-crypto", PASSED),
        ("city.unit", "confirm-data", PASSED),
        ("city.finance", "accept", ACCEPT),
        ("city.unit", "accept", ACCEPT),
        ("city.approver", "give-acceptance-opinion", YES),
        ("city.gatekeeper", "delegate-acceptance", {}),
    ):
        await case.refused(who, verb, body, 403, "forbidden")
    for who, verb, body in (
        ("province.data_office", "confirm-data", PASSED),
        ("province.crypto_organ", "confirm-crypto", PASSED),
        ("province.finance", "give-acceptance-opinion", YES),
        ("province.drc", "accept", ACCEPT),
    ):
        problem = await case.refused(who, verb, body, 409, "action_not_allowed")
        assert problem["reason"] == "wrong_role"


async def test_unconfirmed_projects_are_not_accepted(life: Any) -> None:
    """Art. 30: neither without confirmations nor with a failed one, also when delegated; a failed one is repeated."""
    case = await life().at("inspected")
    await case.apply_acceptance()
    await case.give_opinions()
    assert (await case.refused("city.approver", "accept", ACCEPT, 409, "gate_shut", article=30))["gate"] == (
        "data_confirmed"
    )
    await case.does("city.data_office", "confirm-data", {"passed": False, "opinion": "目录不全"})
    await case.refused("city.approver", "accept", ACCEPT, 409, "gate_shut", article=30)
    await case.does("city.data_office", "confirm-data", PASSED)
    problem = await case.refused("city.approver", "accept", ACCEPT, 409, "gate_shut", article=30)
    assert problem["gate"] == "crypto_confirmed"
    await case.does("city.crypto_organ", "confirm-crypto", PASSED)
    await case.does("city.crypto_organ", "confirm-crypto", {"passed": False, "opinion": "密钥管理有缺陷"})
    await case.does("city.approver", "delegate-acceptance", {"to": "项目单位", "terms": "完成后报告"})
    report = {"on": "2026-11-23", "conclusion": "通过", "report": PAPER}
    await case.refused("city.unit", "report-delegated", report, 409, "gate_shut", article=30)
    await case.does("city.crypto_organ", "confirm-crypto", PASSED)
    await case.wrong("city.unit", "report-delegated", {**report, "on": "2026-11-22"}, "/on")
    data = await case.does("city.unit", "report-delegated", report)
    assert (data["state"], data["dated"]["accepted"]["delegated"]) == ("accepted", True)


async def test_the_acceptance_waits_for_both_and_for_agreement(life: Any) -> None:
    """Art. 32: opinions of general office and finance; a no may be changed or the application returned."""
    case = await life().at("applied")
    await case.does("city.gatekeeper", "give-acceptance-opinion", YES)
    problem = await case.refused("city.approver", "accept", ACCEPT, 409, "gate_shut", article=32)
    assert problem["gate"] == "acceptance_agreed"
    await case.does("city.finance", "give-acceptance-opinion", {"agreed": False, "opinion": "账实不符"})
    await case.refused("city.approver", "accept", ACCEPT, 409, "gate_shut", article=32)
    await case.wrong("city.approver", "return-acceptance", {"reason": ""}, "/reason")
    data = await case.does("city.approver", "return-acceptance", {"reason": "财务报告与合同不符"})
    assert (data["state"], data["holder"]) == ("final_inspected", "owner")
    assert "acceptance_opinions" not in data["dated"]
    listed = (await case.by("city.unit")("GET", f"/projects/{case.id}/obligations")).json()["items"]
    (anew,) = [each for each in listed if each["code"] == "acceptance_application"]
    assert (anew["due"], anew["late"]) == ("2026-12-23", False), (
        "as long from the return as from the inspection"
    )
    await case.apply_acceptance()
    await case.give_opinions()
    await case.wrong("city.approver", "accept", {**ACCEPT, "on": "2026-11-24"}, "/on")
    await case.wrong("city.approver", "accept", {**ACCEPT, "on": "2026-11-22"}, "/on")
    await case.accept()


async def test_a_delegated_acceptance_may_be_taken_back(life: Any) -> None:
    """Art. 32: what the owner cannot bring about returns to where it was."""
    case = await life().at("applied")
    await case.does("city.approver", "delegate-acceptance", {"to": "项目单位", "terms": "完成后报告"})
    data = await case.does("city.approver", "return-acceptance", {"reason": "验收组意见不一致"})
    assert (data["state"], "acceptance_delegated" in data["dated"]) == ("final_inspected", False)


async def test_the_evaluation_window(life: Any, day: Any) -> None:
    """Art. 40: six months from the later of acceptance and operation; after twelve it is taken and marked late."""
    case = await life().at("accepted")
    body = {"on": "2027-05-23", "summary": "良好", "report": PAPER}
    day("2027-06-23")
    problem = await case.refused("city.unit", "evaluate", body, 409, "gate_shut", article=40)
    assert problem["gate"] == "evaluation_open"
    await case.wrong("city.unit", "record-operation", {"on": "2026-03-01"}, "/on")  # nothing was tried yet
    await case.does("city.unit", "record-operation", {"on": "2026-11-30"})
    moved = {"on": "2026-12-31"}
    await case.wrong("city.unit", "record-operation", moved, "/reason")
    data = await case.does("city.unit", "record-operation", {**moved, "reason": "按运行日志更正"})
    assert data["dated"]["operation"]["on"] == "2026-12-31"
    kept = await case.records("record_operation")
    assert [each["content"]["on"] for each in kept] == ["2026-12-31", "2026-11-30"]
    await case.refused("city.unit", "evaluate", body, 409, "gate_shut", article=40)
    day("2027-06-30")
    await case.wrong("city.unit", "evaluate", body, "/on")
    day("2028-01-01")
    # The three do not wait for whoever owes a self-evaluation, and what one of them said stays (art. 40).
    await case.does("city.finance", "score", SCORE)
    data = await case.does("city.unit", "evaluate", {**body, "on": "2028-01-01"})
    assert data["dated"]["evaluated"]["late"] is True
    assert list(data["dated"]["scored"]["slots"]) == ["finance"]
    over = {**SCORE, "points": {**SCORE["points"], "security": 101}}
    await case.wrong("city.finance", "score", over, "/points/security")
    await case.wrong(
        "city.unit", "retire", {"on": "2027-12-31", "reason": "停用", "data_handover": "移交"}, "/on"
    )


async def test_art_45_no_approval_is_dated_before_the_measures(life: Any) -> None:
    """A slip of the pen here would start, and end, the half year of art. 29 long ago."""
    decided = {"body": "局党组会议", "date": "2023-09-20", "number": "会纪〔2023〕3号"}
    case = await life(materials={"resolution": decided}).at("gatekept")
    assert case.codes == []
    for day in ("0001-01-01", "2023-09-27"):
        body = {**APPROVAL, "document_date": day}
        await case.wrong("city.approver", "approve", body, "/document_date")
    await case.approve(document_date="2023-09-28")
