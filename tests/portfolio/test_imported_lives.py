"""What was imported goes on through every later deed, whatever its state and procedure (arts 18, 30, 34, 36, 41)."""

from __future__ import annotations

from typing import Any

from service.setup.seed import office_id
from tests.factories import facts
from tests.lives import PROVINCE, Life, builder
from tests.lives.said import WATCHED
from tests.portfolio.lines import line
from tests.portfolio.test_imports import send

D = "a" * 64
PAPER = {"name": "报告", "digest": D}
BUDGET = {"document": {"number": "赣财预〔2026〕8号", "date": "2026-01-10", "digest": D}}
BUILT = {
    "approved": "2023-10-09",
    "started": "2023-12-01",
    "trial_run": "2024-05-01",
    "final_inspected": "2024-11-05",
    "acceptance_applied": "2024-11-20",
}
PAID = {
    "treasury_document": "国库1",
    "payee": "某软件公司",
    "paid_on": "2026-02-01",
    "amount_yuan": "100.00",
    "purpose": "进度款",
}


async def taken(as_user: Any, who: str = "gatekeeper", tenant: str = "360100", **changes: Any) -> Life:
    """An imported project, as the desk sees it that took it in."""
    answer = await send(as_user, line(**changes), who=who, tenant=tenant)
    assert answer.status_code == 201, answer.text
    case = builder(as_user)(tenant=tenant).case(answer.json()["items"][0]["id"])
    await case.read(f"{'province' if tenant == PROVINCE else 'city'}.{who}")
    return case


async def test_art_30_36_an_accepted_one_with_its_confirmations_gets_its_upkeep(as_user: Any) -> None:
    dated = {
        **BUILT,
        "data_confirmed": "2024-11-01",
        "crypto_confirmed": "2024-11-01",
        "accepted": "2025-01-10",
        "operation": "2025-01-15",
    }
    case = await taken(
        as_user, state="accepted", dated=dated, budget_issued_yuan="3900000.00", paid_yuan="100.00"
    )
    await case.does("city.unit", "evaluate", {"on": "2025-12-01", "summary": "运行良好", "report": PAPER})
    offered = {each["action"]: each for each in (await case.read("city.gatekeeper"))["actions"]}
    assert offered["propose_maintenance"]["allowed"]
    await case.does(
        "city.unit",
        "return-surplus",
        {
            "amount_yuan": "3899900.00",
            "returned_on": "2026-02-01",
            "treasury_document": "退1",
        },
    )
    gone = {"on": "2026-02-01", "reason": "由统一平台替代", "data_handover": "已移交"}
    assert (await case.does("city.unit", "retire", gone))["state"] == "retired"


async def test_art_30_without_confirmations_it_is_confirmed_first(as_user: Any) -> None:
    case = await taken(as_user, state="acceptance_applied", dated=BUILT)
    accept = {"on": "2026-02-01", "conclusion": "通过", "document_number": "验1", "document_digest": D}
    for who in ("gatekeeper", "finance"):
        await case.does(f"city.{who}", "give-acceptance-opinion", {"agreed": True, "opinion": "同意"})
    assert (await case.tried("city.approver", "accept", accept)).status_code == 409
    for who, verb in (("data_office", "confirm-data"), ("crypto_organ", "confirm-crypto")):
        data = await case.does(f"city.{who}", verb, {"passed": True, "opinion": "符合要求"})
    await case.wrong("city.approver", "accept", accept, "/on", "date_order", article=30)  # confirmed later
    accept["on"] = data["dated"]["crypto_confirmed"]["on"]
    assert (await case.does("city.approver", "accept", accept))["state"] == "accepted"


OLD = {name: day.replace("2024", "2021").replace("2023", "2020") for name, day in BUILT.items()}
LINE = {"year": 2027, "amount_yuan": "300000.00", "workload": "年巡检四次", "watch": WATCHED}


async def test_art_30_what_failed_after_it_was_proposed_gets_no_money(as_user: Any) -> None:
    """Art. 30 bars the money of a failed confirmation, also where it fails between the proposal and the money."""
    case = await taken(as_user, state="accepted", dated={**OLD, "accepted": "2021-12-10"})
    await case.does("city.gatekeeper", "propose-maintenance", LINE)
    await case.does("city.data_office", "confirm-data", {"passed": False, "opinion": "没有接入共享平台"})
    finance = case.by("city.finance")
    listed = (await finance("GET", "/maintenance/proposals?year=2027&limit=200")).json()["items"]
    (line_of_it,) = [each for each in listed if each["project_id"] == case.id]
    path = f"/maintenance/proposals/{line_of_it['id']}/arrange"
    told = await finance("POST", path, {"arranged_yuan": "1.00"})
    assert (told.status_code, told.json().get("gate"), told.json().get("article")) == (
        409,
        "data_not_barred",
        30,
    )
    await case.does("city.data_office", "confirm-data", {"passed": True, "opinion": "已经接入"})
    done = await finance("POST", path, {"arranged_yuan": "1.00"})
    assert (done.status_code, done.json()["arranged_yuan"]) == (200, "1.00"), done.text


async def test_art_18_34_an_appraised_one_of_the_provinces_gets_its_budget(as_user: Any) -> None:
    given = {"facts": facts(investment_yuan="6000000.00"), "approved_amount_yuan": "6000000.00"}
    bare = await taken(as_user, state="approved", dated={"approved": "2025-12-01"}, **given)
    body = {**BUDGET, "lines": [{"source": "city", "amount_yuan": "6000000.00"}]}
    assert (await bare.tried("city.finance", "budget", body)).status_code == 409
    dated = {"appraised": "2025-10-01", "approved": "2025-12-01"}
    case = await taken(as_user, state="approved", dated=dated, **given)
    assert (await case.does("city.finance", "budget", body))["state"] == "budgeted"
    named = {"implementing_body": "信息科", "person": "张三", "named_on": "2025-12-10"}
    await case.does("city.unit", "responsible", named)
    await case.does("city.unit", "start", {"started_on": "2026-01-12"})
    await case.does("city.unit", "payments", PAID)


async def test_art_41_a_suspended_one_resumes_where_it_stood(as_user: Any) -> None:
    early = {"approved": "2025-03-01", "started": "2025-05-06", "suspended": "2025-09-01"}
    case = await taken(as_user, state="suspended", dated=early)
    assert (await case.does("city.gatekeeper", "resume", {"reason": "已经整改"}))["state"] == "started"
    late = {**early, "trial_run": "2025-08-01"}
    case = await taken(as_user, state="suspended", dated=late)
    assert (await case.tried("city.gatekeeper", "resume", {"reason": "已经整改"})).status_code == 409
    back = await case.does("city.gatekeeper", "resume-trial-run", {"reason": "已经整改"})
    assert back["state"] == "trial_run"


async def test_art_32_a_department_and_a_city_above_the_line_close_their_lives(as_user: Any) -> None:
    owner = office_id("360000", "360000", "省信息中心")
    dated = {**BUILT, "data_confirmed": "2024-11-01", "crypto_confirmed": "2024-11-01"}
    case = await taken(
        as_user, "office", "360000", state="acceptance_applied", dated=dated, owner_office_id=owner
    )
    for who in ("office", "finance"):
        await case.does(f"province.{who}", "give-acceptance-opinion", {"agreed": True, "opinion": "同意"})
    accept = {"on": "2026-02-01", "conclusion": "通过", "document_number": "验1", "document_digest": D}
    await case.does("province.drc", "accept", accept)
    above = {"facts": facts(investment_yuan="6000000.00"), "approved_amount_yuan": "6000000.00"}
    other = await taken(as_user, state="accepted", dated={**dated, "accepted": "2025-01-10"}, **above)
    filed = await other.does("city.gatekeeper", "file-acceptance", {"note": ""})
    assert filed["receipt"]["accepted_on"] == "2025-01-10"
    assert (await other.tried("city.gatekeeper", "file-acceptance", {"note": ""})).status_code == 409


async def test_arts_20_38_what_was_issued_before_counts(as_user: Any) -> None:
    """The rest of the approved amount is issued here and no fen more; payments of before are told on their day."""
    case = await taken(as_user, state="started", budget_issued_yuan="3000000.00", paid_yuan="2000000.00")
    rest = BUDGET | {"lines": [{"source": "city", "amount_yuan": "900000.01"}]}
    await case.wrong("city.finance", "budget", rest, "/lines", "amount_exceeds")
    rest["lines"][0]["amount_yuan"] = "900000.00"
    await case.does("city.finance", "budget", rest)
    read = await case.read()
    assert read["dated"]["budget"]["issued_yuan"] == "3900000.00"
    assert read["dated"]["budget"]["complete"]
    await case.does("city.unit", "payments", PAID | {"paid_on": "2025-12-31", "amount_yuan": "1900000.00"})
    await case.wrong("city.unit", "payments", PAID | {"treasury_document": "国库2"}, "/amount_yuan")
