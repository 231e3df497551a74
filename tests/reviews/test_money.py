"""Approval (arts 20, 21), affordability (art. 9) and budgets by tier (arts 20, 34)."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from service.kit import clock
from service.measures.budgets import PROCEDURES, SOURCES, procedures_fault, sources_of
from service.measures.lifecycle import Procedure
from service.measures.offices import Tier
from tests.lives import Thing, good
from tests.lives import reviews as r


def test_every_source_is_issued_by_exactly_one_tier() -> None:
    """Arts 33, 34: on every procedure but the departmental (no city stands beside it) all sources, none twice."""
    for procedure in Procedure:
        each = [sources_of(procedure, tier) for tier in (Tier.PROVINCE, Tier.CITY, Tier.COUNTY)]
        assert sum(map(len, each)) == len(frozenset().union(*each))
        expected = {"provincial", "other"} if procedure is Procedure.DEPARTMENTAL else set(SOURCES)
        assert frozenset().union(*each) == expected
    assert sources_of(Procedure.PROVINCIAL_REVIEW, Tier.PROVINCE) == {"provincial"}
    assert sources_of(Procedure.CITY_FILING, Tier.PROVINCE) == frozenset()


@pytest.mark.parametrize(("civil", "energy"), list(product((False, True), repeat=2)))
def test_procedures_are_listed_exactly_where_one_of_the_two_is_set(civil: bool, energy: bool) -> None:
    """Art. 21."""
    excepted = civil or energy
    assert (procedures_fault(civil, energy, []) is None) is not excepted
    assert (procedures_fault(civil, energy, list(PROCEDURES)) is None) is excepted
    assert procedures_fault(civil, energy, ["energy_saving", "energy_saving"]) is not None


async def approve(w: Any, case: Thing, **changes: Any) -> Any:
    body = {**r.approval(), **changes}
    return await case.tried("province.drc", "province-approve", body)


async def test_what_the_leading_group_decided_stays_where_it_was_decided(build: Any) -> None:
    """R22, arts 9, 20: approved at less than the limit, the project stays the province's; so do its changes."""
    w = build()
    case = await r.to_decided(w)
    done = await approve(w, case, approved_amount_yuan="4999999.99")
    assert (done.status_code, done.json()["route"], done.json()["state"]) == (
        200,
        "provincial_review",
        "approved",
    )
    decision = done.json()["decision"]
    assert "R22" in decision["readings"]
    assert "领导小组审定" in decision["explanation"]
    assert "near_line" not in {each["code"] for each in decision["findings"]}
    assert done.json()["dated"]["leading_group"]["amount_yuan"] == "5000000.00"


async def test_an_approval_stays_within_what_was_appraised(build: Any) -> None:
    """Arts 9, 18, 20: above the appraised amount is nobody's judgement."""
    w = build()
    case = await r.to_decided(w)
    over = await approve(w, case, approved_amount_yuan="5000000.01")
    assert (over.status_code, over.json()["errors"][0]["pointer"]) == (422, "/approved_amount_yuan")
    day = clock.legal_day(clock.now())
    for shift, code in ((1, "date_in_future"), (-1, "date_order")):
        answer = await approve(w, case, document_date=(day + timedelta(days=shift)).isoformat())
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)
        assert answer.json()["errors"][0]["pointer"] == "/document_date"
    asked = await approve(w, case, procedures=["energy_saving"])
    assert (asked.status_code, asked.json()["errors"][0]["pointer"]) == (422, "/procedures")
    bare = await approve(w, case, civil_works=True)
    assert (bare.status_code, bare.json()["errors"][0]["pointer"]) == (422, "/procedures")
    same = good(await w.by("province.drc")("GET", f"/projects/{case.id}"))
    assert (same.headers["etag"], same.json()["state"], same.json()["approved_amount_yuan"]) == (
        case.etag,
        "leading_group_decided",
        None,
    )
    assert (await w.by("province.drc")("GET", f"/projects/{case.id}/approval")).status_code == 404
    office = await case.tried("province.office", "province-approve", r.approval())
    assert office.status_code == 403
    done = await approve(w, case, high_energy=True, procedures=["energy_saving"])
    assert (done.json()["state"], done.json()["holder"]) == ("approved", "owner")
    shown = good(await w.by("city.portal")("GET", f"/projects/{case.id}/approval")).json()
    assert (shown["organ"], shown["procedure_names"]) == ("省发展改革委", ["节能评估"])  # R10
    assert (shown["issued_yuan"], shown["complete"]) == ("0.00", False)


async def test_copies_of_the_approval_go_to_the_members_by_themselves(build: Any) -> None:
    """Art. 20: the three organs, who was invited, the city and the owner; nobody who was not."""
    w = build()
    case = await r.to_decided(w)
    name = case.data["name"]
    good(await approve(w, case))
    await w.delivered()

    async def told(who: str) -> bool:
        items = good(await w.by(who)("GET", "/inbox?limit=200")).json()["items"]
        return any(
            each["kind"] == "review.approved" and case.id in str(each.get("snapshot", each)) for each in items
        )

    members = (
        "province.office",
        "province.drc",
        "province.finance",
        "province.crypto_organ",
        "city.gatekeeper",
        "city.unit",
    )
    assert [who for who in members if not await told(who)] == []
    assert not await told("province.cyber")
    assert name


async def test_budgets_come_from_their_own_tier_and_never_pass_the_approval(build: Any) -> None:
    """Arts 20, 34: the province's money by the province, a city's share by the city; together at most the approval."""
    w = build()
    case = await r.to_approved(w)

    async def issue(who: str, case: Thing, *lines: tuple[str, str], **document: Any) -> Any:
        body = r.budget(*lines)
        body["document"] |= document
        return await w.case(case.id, case.etag).tried(who, "budget", body)

    await _refused_by_source_sum_or_day(case, issue)
    share = await issue("city.finance", case, ("city", "1000000.00"), ("county", "500000.00"))
    assert (share.status_code, share.json()["state"]) == (200, "approved")
    stale = await issue("province.finance", case, ("provincial", "3500000.00"))
    assert stale.status_code == 412
    now = w.case(case.id, share.headers["etag"])
    more = await issue("province.finance", now, ("provincial", "3500000.01"))
    assert more.status_code == 422
    whole = await issue("province.finance", now, ("provincial", "3500000.00"))
    assert (whole.json()["state"], whole.json()["dated"]["budget"]["complete"]) == ("budgeted", True)
    assert whole.json()["dated"]["budget"]["lines"] == {
        "city": 100000000,
        "county": 50000000,
        "provincial": 350000000,
    }
    last = await issue("city.finance", w.case(case.id, whole.headers["etag"]), ("city", "0.01"))
    assert (last.status_code, last.json()["errors"][0]["pointer"]) == (422, "/lines")
    records = good(await w.by("city.portal")("GET", f"/projects/{case.id}/records?kind=issue_budget")).json()[
        "items"
    ]
    assert [each["content"]["issued_yuan"] for each in records] == ["5000000.00", "1500000.00"]


async def _refused_by_source_sum_or_day(case: Any, issue: Any) -> None:
    """Art. 34: of whose money, of how much, of which day."""
    for who, source in (
        ("province.finance", "city"),
        ("province.finance", "other"),
        ("city.finance", "provincial"),
    ):
        wrong = await issue(who, case, (source, "1.00"))
        problem = wrong.json()
        assert (wrong.status_code, problem["code"], problem["article"]) == (409, "wrong_source", 34)
        assert problem["errors"][0]["pointer"] == "/lines/0/source"
    over = await issue("province.finance", case, ("provincial", "3000000.00"), ("provincial", "2000000.01"))
    assert (over.status_code, over.json()["errors"][0]["code"]) == (422, "amount_exceeds")
    nothing = await issue("province.finance", case, ("provincial", "0"))
    assert nothing.json()["errors"][0]["pointer"] == "/lines/0/amount_yuan"
    early = (clock.legal_day(clock.now()) - timedelta(days=1)).isoformat()
    before = await issue("province.finance", case, ("provincial", "1.00"), date=early)
    assert (before.status_code, before.json()["errors"][0]["pointer"]) == (422, "/document/date")


async def test_a_major_investment_without_a_passed_assessment_gets_no_budget(build: Any) -> None:
    """Art. 9: the assessment gates the budget, not the approval."""
    w = build()
    case = await r.to_approved(w)
    finance = w.by("province.finance")
    path, money = f"/projects/{case.id}/affordability", r.budget(("provincial", "5000000.00"))
    half = await finance("POST", path, {"major": True, "passed": True}, etag=case.etag)
    assert {each["pointer"] for each in half.json()["errors"]} == {"/assessed_on", "/assessor", "/document"}
    full = {
        "passed": False,
        "assessed_on": r.today(),
        "assessor": "省财政厅",
        "document": {"name": "评估报告.pdf", "digest": r.DIGEST},
    }
    later = (clock.legal_day(clock.now()) + timedelta(days=1)).isoformat()
    future = await finance("POST", path, {"major": True, **full, "assessed_on": later}, etag=case.etag)
    assert (future.status_code, future.json()["errors"][0]["pointer"]) == (422, "/assessed_on")
    case = await w.step(case, "province.finance", "affordability", {"major": True})
    for said in ("尚未", "没有通过"):
        shut = await finance("POST", f"/projects/{case.id}/budget", money, etag=case.etag)
        assert (shut.status_code, shut.json()["gate"], shut.json()["article"]) == (409, "affordable", 9)
        assert said in shut.json()["detail"]
        case = await w.step(case, "province.finance", "affordability", {"major": True, **full})
    passed = await w.step(case, "province.finance", "affordability", {"major": True, **full, "passed": True})
    assert (await w.step(passed, "province.finance", "budget", money)).data["state"] == "budgeted"


async def test_the_citys_finance_assesses_the_citys_share_and_hears_of_the_approval(build: Any) -> None:
    """Arts 9, 20, 34: on the province's route too; the city's no shuts the city's money and not the province's."""
    w = build()
    case = await r.to_decided(w)
    full = {
        "passed": False,
        "assessed_on": r.today(),
        "assessor": "市财政局",
        "document": {"name": "评估报告.pdf", "digest": r.DIGEST},
    }
    case = await w.step(case, "city.finance", "affordability", {"major": True, **full})
    amount = case.data["investment_yuan"]
    case = await w.step(case, "province.drc", "province-approve", r.approval(amount))
    await w.delivered()
    items = good(await w.by("city.finance")("GET", "/inbox?kind=review.approved&limit=200")).json()["items"]
    assert case.id in {each["project_id"] for each in items}, "whoever must fund it hears of the approval"
    city = await case.tried("city.finance", "budget", r.budget(("city", "1000000.00")))
    assert (city.status_code, city.json()["gate"], city.json()["article"]) == (409, "affordable", 9)
    case = await w.step(case, "province.finance", "affordability", {"major": False})
    case = await w.step(case, "province.finance", "budget", r.budget(("provincial", "2000000.00")))
    case = await w.step(case, "city.finance", "affordability", {"major": True, **full, "passed": True})
    case = await w.step(case, "city.finance", "budget", r.budget(("city", "1000000.00")))
    assert case.data["dated"]["affordability"]["tiers"] == {"city": True}
    assert case.data["dated"]["major_investment"]["tiers"] == {"city": True, "province": False}


async def test_a_citys_own_project_is_funded_by_the_city_and_stays_filed(build: Any) -> None:
    """Arts 5, 34: filing ends the city's route; its treasury issues every source."""
    w = build()
    filing = await w.filed()
    case = w.case(filing.data["project"]["id"], filing.etag)
    outside = await case.tried("province.finance", "budget", r.budget(("provincial", "1.00")))
    assert (outside.status_code, outside.json()["code"]) == (409, "action_not_allowed")
    lines = (("city", "3000000.00"), ("provincial", "900000.00"))
    done = await w.step(case, "city.finance", "budget", r.budget(*lines))
    assert (done.data["state"], done.data["dated"]["budget"]["complete"]) == ("filed", True)


async def test_a_departments_reasons_are_answered_by_name_before_the_review(build: Any) -> None:
    """Arts 8, 17, 19: no gatekeeper stands before the province; the office accepts each reason or none."""
    w = build("province.department")
    declared, office = await w.with_province(), w.by("province.office")
    assert declared.codes
    path = f"/projects/{declared.id}/appraisals"
    asked = r.commission(w, "province")
    bare = await office("POST", path, asked, etag=declared.etag)
    assert (bare.status_code, bare.json()["code"]) == (409, "opinion_required")
    said = [{"code": code, "accepted": False} for code in declared.codes]
    refused = await office("POST", path, {**asked, "opinions": said}, etag=declared.etag)
    assert (refused.status_code, refused.json()["code"]) == (409, "reason_refused")
    case = await r.appraised(w, declared)
    no = await office("POST", f"/projects/{case.id}/joint-review", {"opinions": said}, etag=case.etag)
    assert (no.status_code, no.json()["code"]) == (409, "reason_refused"), "taken back before the review"
    decided = await r.decided(w, await r.reviewed(w, await r.in_review(w, case)))
    assert all(each["opinion"] == "accepted" for each in decided.data["findings"] if each["reason"])
    amount = r.approval("3900000.00")
    approved = await w.step(decided, "province.drc", "province-approve", amount)
    whole = r.budget(("provincial", "3000000.00"), ("other", "900000.00"))
    assert (await w.step(approved, "province.finance", "budget", whole)).data["state"] == "budgeted"
