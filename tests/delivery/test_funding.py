"""Arts 33, 34, 35, 38: sources that sum, payments within what was issued, surplus that goes back."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.ids import new_id
from service.kit.money import fen
from tests.lives.said import payment

LINES = [
    {"source": "city_fiscal", "amount_yuan": "2500000.00"},
    {"source": "national", "amount_yuan": "400000"},
    {"source": "social_capital", "amount_yuan": "1000000.00", "note": "运营单位投入"},
]


async def test_arts_33_34_35_sources_sum_to_the_approved_total(life: Any) -> None:
    site = await life().at("filed")
    await site.does("owner", "funding", {"lines": LINES})
    fact = site.data["dated"]["funding"]
    assert fact["total_yuan"] == "3900000.00"
    assert sum(fen(line["amount_yuan"]) for line in fact["lines"]) == 3_900_000_00
    told = (await site.sees("building"))["money"]
    assert told["lines"][1] == {"source": "national", "amount_yuan": "400000.00"}
    await site.does(
        "owner", "funding", {"lines": [{"source": "social_capital", "amount_yuan": "3900000.00"}]}
    )
    later, first = await site.records("set_funding")
    assert later["supersedes"] == first["id"]


@pytest.mark.parametrize(
    ("lines", "pointer", "code"),
    [
        ([{"source": "city_fiscal", "amount_yuan": "3899999.99"}], "/lines", "amounts_do_not_sum"),
        ([{"source": "city_fiscal", "amount_yuan": "3900000.01"}], "/lines", "amounts_do_not_sum"),
        ([*LINES, {"source": "own_funds", "amount_yuan": "0"}], "/lines", "amount_range"),
        ([], "/lines", None),
        ([{"source": "lottery", "amount_yuan": "3900000.00"}], "/lines/0/source", None),
        ([{"source": "city_fiscal", "amount_yuan": "-3900000.00"}], "/lines/0/amount_yuan", None),
    ],
)
async def test_arts_33_34_35_lines_that_do_not_sum(life: Any, lines: Any, pointer: str, code: Any) -> None:
    site = await life().at("filed")
    problem = await site.wrong("owner", "funding", {"lines": lines}, pointer, code)
    if code == "amounts_do_not_sum":
        assert "第三十三条" in problem["errors"][0]["detail"]


async def test_art_38_nothing_is_paid_before_a_budget(life: Any) -> None:
    site = await life().at("started")
    shut = await site.refused("owner", "payments", payment(), 409, "gate_shut", article=38)
    assert shut["gate"] == "within_budget"


async def test_art_38_payments_stay_within_what_was_issued_and_reversals_give_room(
    life: Any,
) -> None:
    site = await life().at("started")
    await site.issue_budget("2000000.00")
    await site.pay("1500000.00", "国库-1")
    await _refused_beyond_budget_and_total(site)
    await site.pay("500000.00", "国库-2")
    assert site.data["dated"]["payments"] == {
        "on": "2026-05-01",
        "paid_yuan": "2000000.00",
        "returned_yuan": "0.00",
    }
    second, first = await site.records("record_payment")
    await _reversed(site, second, first)
    await site.pay("1500000.00", "国库-1")  # paid anew under the same document, after its reversal
    told = (await site.sees("building"))["money"]
    assert (told["paid_yuan"], told["returnable_yuan"], told["surplus_yuan"]) == (
        "2000000.00",
        "0.00",
        "1900000.00",
    )


async def _refused_beyond_budget_and_total(site: Any) -> None:
    """Not a fen more than was issued."""
    await site.wrong("owner", "payments", payment("500000.01"), "/amount_yuan", "beyond_budget", article=38)
    await site.wrong("owner", "payments", payment("3000000.00"), "/amount_yuan", "beyond_total", article=38)


async def _reversed(site: Any, second: Any, first: Any) -> None:
    """Reversed once, not before it was paid."""
    back = {
        "payment": first["id"],
        "reversed_on": "2026-05-03",
        "treasury_document": "退-1",
        "reason": "账户有误退回",
    }
    await site.does("owner", "payment-reversals", back)
    assert site.data["dated"]["payments"]["paid_yuan"] == "500000.00"
    await site.wrong("owner", "payment-reversals", back, "/payment", "unknown_record")
    early = {**back, "payment": second["id"], "reversed_on": "2026-04-30"}
    await site.wrong("owner", "payment-reversals", early, "/reversed_on", "date_order")


async def test_art_38_dedicated_use(life: Any) -> None:
    site = await life().at("started")
    await site.issue_budget("3900000.00")
    await site.contract()
    [record] = await site.records("record_contract")
    await site.pay("1.00", "国库-9", contract=record["id"])
    stranger = payment("1.00", contract=record["id"], payee="另一家公司")
    await site.wrong("owner", "payments", stranger, "/payee", "payee_not_party", article=38)
    nowhere = payment("1.00", contract=new_id())
    await site.wrong("owner", "payments", nowhere, "/contract", "unknown_record")
    for typed in ("国库-9", "国库－９", "国库 -9"):
        await site.wrong(
            "owner", "payments", payment("1.00", typed), "/treasury_document", "duplicate_document"
        )
    await site.wrong(
        "owner", "payments", payment("1.00", paid_on="2026-03-09"), "/paid_on", "date_order", article=38
    )
    await site.wrong("owner", "payments", payment("1.00", paid_on="2099-01-01"), "/paid_on")
    await site.wrong("owner", "payments", payment("0.00"), "/amount_yuan", "amount_range")
    await site.wrong("owner", "payments", payment("1.00", purpose=""), "/purpose")
    await site.refused("city.finance", "payments", payment("1.00"), 403, "forbidden")


async def test_art_38_what_was_paid_between_two_documents_is_told_after_both(life: Any) -> None:
    """Arts 20, 34: a budget comes in parts; a payment follows the first of them, whichever was issued or told last."""
    site = await life().at("started")
    for amount, on in (
        ("1000000.00", "2026-04-10"),
        ("900000.00", "2026-03-10"),
        ("2000000.00", "2026-09-01"),
    ):
        await site.issue_budget(amount, on)
    await site.pay("500000.00", paid_on="2026-03-10")
    await site.wrong("owner", "payments", payment("1.00", paid_on="2026-03-09"), "/paid_on", "date_order")


async def test_art_38_surplus_waits_for_the_end_of_building(life: Any) -> None:
    site = await life().at("started")
    await site.issue_budget("3900000.00")
    body = {"amount_yuan": "3900000.00", "returned_on": "2026-06-01", "treasury_document": "退-9"}
    await site.refused("owner", "return-surplus", body, 409, "action_not_allowed", article=38)


async def test_art_38_the_surplus_goes_back_at_once_or_in_parts(life: Any) -> None:
    site = await life().at("started")
    await site.issue_budget("3000000.00")
    await site.pay("2600000.00")
    await site.at("inspected")
    body = {"amount_yuan": "400000.00", "returned_on": "2026-11-01", "treasury_document": "退-9"}
    for wrong in ("400000.01", "1300000.00"):
        await site.wrong(
            "owner",
            "return-surplus",
            {**body, "amount_yuan": wrong},
            "/amount_yuan",
            "beyond_surplus",
            article=38,
        )
    await site.wrong("owner", "return-surplus", {**body, "returned_on": "2099-01-01"}, "/returned_on")
    await site.does("owner", "return-surplus", {**body, "amount_yuan": "150000.00"})
    for wrong in ("400000.00", "250000.01"):  # what went back is not returned a second time
        await site.wrong(
            "owner",
            "return-surplus",
            {**body, "amount_yuan": wrong},
            "/amount_yuan",
            "beyond_surplus",
            article=38,
        )
    await site.does(
        "owner", "return-surplus", {**body, "amount_yuan": "250000.00", "treasury_document": "退-10"}
    )
    fact = site.data["dated"]["payments"]
    assert (fact["paid_yuan"], fact["returned_yuan"]) == ("2600000.00", "400000.00")
    record, _first = await site.records("return_surplus")
    assert record["content"]["surplus_yuan"] == "1300000.00", "of the approved total, what was not spent"
    await site.refused("owner", "return-surplus", body, 409, "gate_shut", article=38)
    await site.wrong("owner", "payments", payment("0.01"), "/amount_yuan", "beyond_budget")
