"""What one record says is held against the others of its case: told, never refused (arts 13, 24-27, 38, 39)."""

from __future__ import annotations

from typing import Any

from tests.delivery.test_building_records import SUPERVISION, certificate, codes
from tests.lives import Life
from tests.lives.said import APPROVED_ON, DIGEST, PAPER, RESPONSIBLE, contract

LEVEL = {"kind": "protection_level", "filing_number": "36010043001-26001"}
OPINION = {"unit": "市城管局", "opinion": "好用"}


def found(site: Life) -> dict[str, tuple[str, int]]:
    """The findings of the last answer but the one that every start without a supervisor has."""
    told = {each["code"]: (each["severity"], each["article"]) for each in site.data["findings"]}
    return {code: weight for code, weight in told.items() if code != "supervision_missing"}


async def supervise(site: Life, **changes: Any) -> None:
    await site.does("owner", "supervision", {**SUPERVISION, **changes})


async def test_art_24_more_contracted_than_was_approved_is_told_until_it_is_not(life: Any) -> None:
    """3.9 million approved; a supervision contract told among the contracts as well counts once."""
    site = await life().at("filed")
    await site.contract(amount_yuan="3800000.00")
    await supervise(site, amount_yuan="100000.00")
    await site.contract(number="JL-1", parties=["市数据中心", "某监理公司"], amount_yuan="100000.00")
    assert found(site) == {}, "exactly what was approved"
    await site.contract(number="JL-1", parties=["市数据中心", "某监理公司"], amount_yuan="100000.00")
    assert found(site) == {}, "one contract told twice"
    await site.contract(number="HT-2", amount_yuan="0.01")
    assert found(site) == {"contract_beyond_approval": ("notice", 24)}
    extra = (await site.records("record_contract"))[0]
    said = extra["content"]["number"], (await site.read("province.office"))["findings"]
    assert said == ("HT-2", site.data["findings"])
    await site.does("city.approver", "correct-approval", corrected(approved_amount_yuan="4000000.00"))
    assert found(site) == {}, "held against the approval as it stands now"
    await site.does("city.approver", "correct-approval", corrected(approved_amount_yuan="3700000.00"))
    assert found(site) == {"contract_beyond_approval": ("notice", 24)}


def corrected(**right: Any) -> dict[str, Any]:
    document = {"number": "洪发改〔2026〕19号", "date": "2026-06-01", "digest": DIGEST}
    return {"document": document, "reason": "登记有误", **right}


async def test_art_24_a_procurement_beyond_the_approval_and_lots_within_it(life: Any) -> None:
    """Each tender by itself: one that failed is called again with the same sum."""
    site = await life().at("filed")
    paper = {"method": "open_tender", "subject": "goods", "parties": ["某招标代理"], "document": PAPER}
    clause = {"reference": "第三章", "quote": "项目成果归采购人所代表的政府所有"}
    for number, amount in (("CG-1", "3900000.00"), ("CG-2", "3900000.00")):
        body = {
            "number": number,
            "amount_yuan": amount,
            "issued_on": "2026-03-01",
            "ownership_clause": clause,
        }
        await site.does("owner", "procurements", {**paper, **body})
    assert found(site) == {}
    body = {
        "number": "CG-3",
        "amount_yuan": "3900000.01",
        "issued_on": "2026-03-01",
        "ownership_clause": clause,
    }
    await site.does("owner", "procurements", {**paper, **body})
    assert found(site) == {"contract_beyond_approval": ("notice", 24)}


async def test_art_26_the_supervisor_is_somebody_else(life: Any) -> None:
    """The owner itself, its implementing body, the builder; whichever of the two is told first."""
    wrong = {"supervisor_not_independent": ("notice", 26)}
    site = await life().at("filed")
    await supervise(site, company=site.data["owner"]["name"])
    assert found(site) == wrong
    await supervise(site, supersedes=(await site.records("record_supervision"))[0]["id"])
    assert found(site) == {}, "corrected"
    await site.contract(parties=["市数据中心", "某监理 公司"])
    assert found(site) == wrong, "blanks make no other company"
    builder = (await site.records("record_contract"))[0]
    await site.does("owner", "contracts", contract(supersedes=builder["id"]))
    assert found(site) == {}
    await site.name_responsible(implementing_body="某监理公司")
    assert found(site) == wrong
    await site.does("owner", "responsible", {**RESPONSIBLE, "named_on": "2026-03-01"})
    assert found(site) == {}


async def test_art_26_a_start_without_a_supervisor_is_shown_until_there_is_one(life: Any) -> None:
    site = await life().at("started")
    assert [(each["code"], each["article"]) for each in site.data["findings"]] == [
        ("supervision_missing", 26)
    ]
    await supervise(site)
    assert codes(site) == set()


async def test_art_38_what_is_paid_under_a_contract_is_what_it_says(life: Any) -> None:
    """Also after the contract was corrected, twice; a reversal and a larger contract mend it."""
    site = await life().at("started")
    await site.issue_budget("3900000.00")
    await site.contract()
    first = (await site.records("record_contract"))[0]["id"]
    await site.pay("3000000.00", contract=first)
    assert found(site) == {}, "all of it, and not before it"
    await site.pay("0.01", "国库-7", contract=first)
    assert found(site) == {"paid_beyond_contract": ("notice", 38)}
    await site.does("owner", "contracts", contract(supersedes=first, amount_yuan="3000000.01"))
    assert found(site) == {}
    second = (await site.records("record_contract"))[0]["id"]
    await site.does("owner", "contracts", contract(supersedes=second, signed_on="2026-05-02"))
    both = {"paid_beyond_contract": ("notice", 38), "paid_before_contract": ("notice", 38)}
    assert found(site) == both, "what was paid under the first is paid under what stands in its place"
    paid = {each["content"]["treasury_document"]: each["id"] for each in await site.records("record_payment")}
    undone = {"payment": paid["国库-7"], "reversed_on": "2026-06-01", "reason": "多付退回"}
    undone["treasury_document"] = "国库-8"
    await site.does("owner", "payment-reversals", undone)
    assert found(site) == {"paid_before_contract": ("notice", 38)}


async def test_art_27_the_opinion_is_the_supervisors_own(life: Any) -> None:
    site = await life().at("started")
    await supervise(site)
    report = {"template": "build", "progress": "完成过半", "investment_plan": "按计划"}
    body: dict[str, Any] = {"year": 2026, "goals": "已达到", "report": report, "users": [OPINION]}
    body |= {"supervisor": {"company": "另一监理公司", "opinion": "同意"}, "serious_problems": False}
    await site.does("owner", "performance-reports", body)
    assert found(site) == {"report_other_supervisor": ("notice", 27)}
    right = {"supervisor": {"company": "某监理公司", "opinion": "同意"}, "correction_reason": "单位名称填错"}
    await site.does("owner", "performance-reports", {**body, **right})
    assert found(site) == {}


async def test_art_25_a_level_of_protection_below_the_declared_one(life: Any) -> None:
    site = await life(materials={"form": {"protection_level": 3}}).at("started")
    await site.does("owner", "certificates", certificate(**LEVEL, level=2))
    assert found(site) == {"protection_level_below_plan": ("notice", 25)}
    await site.does("owner", "certificates", certificate(**LEVEL, level=3, issued_on="2026-04-01"))
    assert found(site) == {}, "the last test counts"
    unplanned = await life().at("started")
    await unplanned.does("owner", "certificates", certificate(**LEVEL, level=1))
    assert found(unplanned) == {}


async def test_arts_13_20_a_corrected_day_of_approval_is_held_against_start_and_contract(life: Any) -> None:
    site = await life().at("started")
    await site.contract()
    assert found(site) == {}
    await site.does("city.approver", "correct-approval", corrected(document_date="2026-03-02"))
    early = {"started_before_approval": ("notice", 13), "contract_before_approval": ("notice", 13)}
    assert found(site) == early
    await site.does("city.approver", "correct-approval", corrected(document_date=APPROVED_ON))
    assert found(site) == {}
