"""A declaration with faults in its facts and in its materials is told of all of them in one answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import draft


def wrong() -> dict[str, Any]:
    body: dict[str, Any] = draft()
    body["name"] = 5
    body["facts"] |= {"kind": "nope", "investment_yuan": "1e400", "other": 1}
    del body["facts"]["fiscal_funds"]
    body["materials"]["resolution"]["date"] = "2026-13-01"
    body["materials"]["funding"] = [{"source": "", "amount_yuan": "-1"}]
    return body


@pytest.mark.parametrize(("method", "path"), [("POST", "/projects"), ("POST", "/needs")])
async def test_facts_and_materials_are_told_together(as_user: Any, method: str, path: str) -> None:
    answer = await as_user("360100", "unit")(method, path, wrong())
    told = {each["pointer"] for each in answer.json()["errors"]}
    assert answer.status_code == 422
    assert {
        "/name",
        "/facts/kind",
        "/facts/investment_yuan",
        "/facts/other",
        "/facts/fiscal_funds",
        "/materials/resolution/date",
        "/materials/funding/0/source",
        "/materials/funding/0/amount_yuan",
    } == told


async def test_whose_facts_they_are_is_no_fault_of_them(as_user: Any) -> None:
    """Owner and day are the system's; what is right is not told wrong because something else is."""
    body = {**draft(), "name": 5}
    answer = await as_user("360100", "unit")("POST", "/projects", body)
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/name"]
    body["facts"]["classified"] = True
    answer = await as_user("360100", "unit")("POST", "/projects", body)
    assert answer.json()["code"] == "classified_material"


async def test_of_a_thousand_unknown_names_the_first_are_told(as_user: Any) -> None:
    """The answer stays smaller than what was sent."""
    body = draft()
    body["facts"] |= {f"k{number}": 1 for number in range(1000)}
    for name in ("同一答复", 5):
        answer = await as_user("360100", "unit")("POST", "/projects", {**body, "name": name})
        told = [each["pointer"] for each in answer.json()["errors"] if each["pointer"].startswith("/facts/k")]
        assert (answer.status_code, told[0]) == (422, "/facts/k0") and len(told) <= 20
