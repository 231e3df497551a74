"""Arts 13, 24, 25, 26, 31: who answers, regimes, supervision, procurement, contracts, certificates."""

from __future__ import annotations

from typing import Any

import pytest

from service.measures.building import REGIMES
from tests.lives import Life
from tests.lives.reviews import to_approved
from tests.lives.said import CLAUSE, PAPER, RESPONSIBLE, contract

OFFICE = "province.office"


def codes(site: Life) -> set[str]:
    return {finding["code"] for finding in site.data["findings"]}


@pytest.mark.parametrize("owner", ["city.portal", "city.unit", "county.unit"])
async def test_art_24_every_kind_of_owner_names_who_answers_and_starts(life: Any, owner: str) -> None:
    site = await life(owner).at("filed")
    data = await site.name_responsible()
    assert data["dated"]["responsible"] == {
        "on": "2026-02-03",
        "implementing_body": "市数据中心",
        "person": "张三",
    }
    data = await site.does("owner", "start", {"started_on": "2026-03-01", "note": "进场"})
    assert (data["state"], data["dated"]["started"]) == ("started", {"on": "2026-03-01"})
    history = (await site.sees("history"))["transitions"]
    assert history[-1]["citation"] == {"articles": [13, 24]}
    stranger = site.by("360200:city.gatekeeper")
    assert (await stranger("GET", f"/projects/{site.id}/building")).status_code == 404


async def test_art_24_a_change_of_the_responsible_keeps_the_history(life: Any) -> None:
    site = await life().at("started")
    await site.does("owner", "responsible", {**RESPONSIBLE, "person": "李四", "named_on": "2026-06-01"})
    assert site.data["dated"]["responsible"]["person"] == "李四"
    later, first = await site.records("name_responsible")
    assert (first["content"]["person"], first["supersedes"]) == ("张三", None)
    assert (later["content"]["person"], later["supersedes"]) == ("李四", first["id"])


async def test_art_24_nobody_is_named_for_tomorrow_or_by_an_organ(life: Any) -> None:
    site = await life().at("filed")
    late = {**RESPONSIBLE, "named_on": "2099-01-01"}
    await site.wrong("owner", "responsible", late, "/named_on", "date_order", article=24)
    unseen = {**RESPONSIBLE, "person": "\u3164"}
    await site.wrong("owner", "responsible", unseen, "/person")
    for who in ("city.gatekeeper", "city.approver", OFFICE):
        await site.refused(who, "responsible", RESPONSIBLE, 403, "forbidden")
    foreign = await site.tried("360200:city.portal", "responsible", RESPONSIBLE)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "not_found")
    stale = await site.tried("owner", "responsible", RESPONSIBLE, etag='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


async def test_art_24_what_is_missing_of_the_eight_regimes_is_listed(life: Any) -> None:
    site = await life().at("filed")
    assert (await site.sees("building"))["missing_regimes"] == list(REGIMES)
    for regime in ("tendering", "contract", "secrecy"):
        await site.does("owner", "regimes", {"regime": regime, "set_up_on": "2026-02-05", "document": PAPER})
    told = await site.sees("building", OFFICE)
    assert told["missing_regimes"] == [
        key for key in REGIMES if key not in ("tendering", "contract", "secrecy")
    ]
    assert {"regime": "secrecy", "name": "保密管理", "set_up_on": "2026-02-05"} in told["regimes"]
    unknown = {"regime": "joy", "set_up_on": "2026-02-05", "document": PAPER}
    await site.wrong("owner", "regimes", unknown, "/regime")
    bare = {"regime": "security", "set_up_on": "2026-02-05"}
    await site.wrong("owner", "regimes", bare, "/document")
    again = {"regime": "contract", "set_up_on": "2026-04-01", "document": PAPER}
    await site.does("owner", "regimes", again)
    assert len(await site.records("record_regime")) == 4
    assert site.data["dated"]["regimes"]["by_kind"]["contract"] == "2026-04-01"


SUPERVISION = {
    "company": "某监理公司",
    "contract_number": "JL-1",
    "signed_on": "2026-02-20",
    "document": PAPER,
    "safety_responsibility": "监理单位对现场施工安全进行检查并对隐患签发整改通知",
}


async def test_art_26_supervision_contract_with_its_safety_duty(life: Any) -> None:
    site = await life().at("filed")
    await site.wrong(
        "owner", "supervision", {**SUPERVISION, "safety_responsibility": ""}, "/safety_responsibility"
    )
    await site.wrong(
        "owner", "supervision", {**SUPERVISION, "amount_yuan": "0"}, "/amount_yuan", "amount_range"
    )
    data = await site.does("owner", "supervision", SUPERVISION)
    assert data["dated"]["supervision"] == {"on": "2026-02-20", "company": "某监理公司", "number": "JL-1"}
    assert codes(site) == set()


async def test_art_31_a_contract_without_ownership_clause_is_recorded_and_shown(life: Any) -> None:
    site = await life().at("started")
    await site.does("owner", "supervision", SUPERVISION)
    await site.contract(ownership_clause=None)
    assert codes(site) == {"ownership_clause_missing"}
    [record] = await site.records("record_contract")
    fixed = contract(supersedes=record["id"])
    await site.does("owner", "contracts", fixed)
    assert codes(site) == set(), "the corrected record carries the clause"
    assert (await site.records("record_contract"))[0]["content"]["ownership_clause"] == CLAUSE
    await site.wrong("owner", "contracts", fixed, "/supersedes", "unknown_record")
    seen = await site.read(OFFICE)
    assert seen["findings"] == []


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("项目成果及知识产权归乙方所有，甲方可使用", True),
        ("源代码 归属于 中标人 拥有", True),
        ("著作权由承建单位享有", True),
        ("项目成果归甲方所有，乙方不得主张权利", False),
        ("知识产权不归乙方所有，归采购人所有", False),
        ("由乙方交付的全部成果归国家所有", False),
    ],
)
async def test_art_31_a_clause_that_gives_the_results_away_is_none(
    life: Any, quote: str, found: bool
) -> None:
    site = await life().at("started")
    await site.contract(ownership_clause={"reference": "第十二条", "quote": quote})
    assert ("ownership_clause_missing" in codes(site)) is found


async def test_art_13_contract_and_procurement_before_the_approval_are_findings_not_refusals(
    life: Any,
) -> None:
    site = await life().at("filed")
    await site.contract(signed_on="2026-02-01")
    assert codes(site) == set(), "on the day of the approval is not before it"
    procurement = {
        "number": "CG-1",
        "method": "open_tender",
        "subject": "services",
        "parties": ["某招标代理"],
        "amount_yuan": "3000000.00",
        "issued_on": "2026-01-31",
        "document": PAPER,
    }
    await site.does("owner", "procurements", procurement)
    found = {f["code"]: (f["severity"], f["article"]) for f in site.data["findings"]}
    assert found == {"contract_before_approval": ("notice", 13), "ownership_clause_missing": ("notice", 31)}
    assert (await site.read())["findings"] == site.data["findings"]
    assert (await site.read(OFFICE))["findings"] == site.data["findings"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"signed_on": "2099-01-01"}, "/signed_on"),
        ({"parties": ["甲公司"]}, "/parties"),
        ({"parties": ["甲公司", "甲公司"]}, "/parties"),
        ({"amount_yuan": "0.00"}, "/amount_yuan"),
        ({"amount_yuan": "1e6"}, "/amount_yuan"),
        ({"ownership_clause": {"reference": "", "quote": "归政府所有"}}, "/ownership_clause/reference"),
        ({"supersedes": "018f0000-0000-7000-8000-000000000001"}, "/supersedes"),
        ({"document": {"name": "合同", "digest": "xyz"}}, "/document/digest"),
    ],
)
async def test_art_31_bad_contracts_are_refused_at_the_field(life: Any, changes: Any, pointer: str) -> None:
    site = await life().at("filed")
    await site.wrong("owner", "contracts", contract(**changes), pointer)


def certificate(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "security_test",
        "number": "AQ-1",
        "issued_by": "测评中心",
        "issued_on": "2026-03-01",
        "valid_to": "2027-02-28",
        "passed": True,
        "document": PAPER,
        **changes,
    }


async def test_art_25_certificates_by_kind_and_what_has_run_out(life: Any) -> None:
    site = await life().at("started")
    level = {"kind": "protection_level", "level": 3, "filing_number": "36010043001-26001"}
    await site.does("owner", "certificates", certificate(**level))
    await site.does("owner", "certificates", certificate(valid_to="2026-06-30"))
    await site.does("owner", "certificates", certificate(kind="crypto_assessment", passed=False))
    expected = {"protection_level": "2027-02-28", "security_test": "2026-06-30"}
    assert site.data["dated"]["certificates"]["by_kind"] == expected, "what failed proves nothing"
    told = await site.sees("building")
    assert told["expired_certificates"] == ["security_test"]
    line = {"kind": "security_test", "name": "安全检测", "valid_to": "2026-06-30", "expired": True}
    assert line in told["certificates"]
    await site.does(
        "owner", "certificates", certificate(number="AQ-2", issued_on="2026-07-01", valid_to="2099-06-30")
    )
    assert (await site.sees("building"))["expired_certificates"] == []
    wrong = next(
        each for each in await site.records("record_certificate") if each["content"]["number"] == "AQ-2"
    )
    await site.does(
        "owner",
        "certificates",
        certificate(number="AQ-2", issued_on="2026-07-01", valid_to="2027-06-30", supersedes=wrong["id"]),
    )
    assert site.data["dated"]["certificates"]["by_kind"]["security_test"] == "2027-06-30"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"issued_on": "2099-01-01"}, "/issued_on"),
        ({"valid_to": "2026-02-28"}, "/valid_to"),
        ({"kind": "protection_level", "filing_number": "3601"}, "/level"),
        ({"kind": "protection_level", "level": 3}, "/filing_number"),
        ({"kind": "protection_level", "level": 6, "filing_number": "3601"}, "/level"),
        ({"level": 3}, "/level"),
        ({"kind": "bravery"}, "/kind"),
    ],
)
async def test_art_25_bad_certificates_are_refused_at_the_field(
    life: Any, changes: Any, pointer: str
) -> None:
    site = await life().at("filed")
    await site.wrong("owner", "certificates", certificate(**changes), pointer)


async def test_records_come_after_the_approval_only(life: Any) -> None:
    """Art. 13: nothing of building is on a draft; the refusal names the article."""
    site = await life().at("drafted")
    bodies = {
        "responsible": RESPONSIBLE,
        "supervision": SUPERVISION,
        "contracts": contract(),
        "certificates": certificate(),
        "start": {"started_on": "2026-03-01"},
        "regimes": {"regime": "contract", "set_up_on": "2026-02-05", "document": PAPER},
    }
    for verb, body in bodies.items():
        problem = await site.refused("owner", verb, body, 409, "action_not_allowed")
        assert problem["state"] == "draft"
        assert problem["article"] in (13, 24, 25, 26)


async def test_a_provincial_department_builds_under_the_provinces_organs(life: Any) -> None:
    """Arts 8, 24, 31, 38: the same deeds, its own people, the province's money."""
    site = await to_approved(life("province.department").world)
    await site.name_responsible()
    await site.contract(signed_on="2026-01-01")
    assert "contract_before_approval" in codes(site)
    await site.does(
        "owner", "funding", {"lines": [{"source": "provincial_fiscal", "amount_yuan": "4000000.00"}]}
    )
    today = site.data["dated"]["approved"]["on"]
    document = {"number": "赣财预〔2026〕8号", "date": today, "digest": "b" * 64}
    budget = {"document": document, "lines": [{"source": "provincial", "amount_yuan": "4000000.00"}]}
    await site.does("province.finance", "budget", budget)
    assert site.data["state"] == "budgeted"
    await site.does("owner", "start", {"started_on": today})
    await site.pay("2000000.00", paid_on=today)
    other = await site.tried("360100:city.portal", "responsible", RESPONSIBLE)
    assert other.status_code == 404
    assert (await site.sees("building", "province.drc"))["money"]["paid_yuan"] == "2000000.00"
