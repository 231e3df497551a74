"""Who am I, the rules of a day, the divisions: open to every role."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from service.rulebook.loader import base_rulebook
from tests.identity.conftest import PROVINCE, TENANT

CITY = (None, "gatekeeper", "approver", "unit", "administrator", "360102.user", "360102.unit")
TOP = ("office", "drc", "finance", "supervisor", "department", "administrator")
EVERYBODY = [*((TENANT, login) for login in CITY), *((PROVINCE, login) for login in TOP)]


@pytest.mark.parametrize(("tenant", "login"), EVERYBODY)
async def test_every_role_reads_them(as_user: Any, tenant: str, login: str | None) -> None:
    caller = as_user(tenant, login)
    me = (await caller("GET", "/me")).json()
    assert (me["tenant"]["id"], me["login"]) == (tenant, login)
    assert (await caller("GET", "/rulebook")).status_code == 200
    assert (await caller("GET", "/divisions")).status_code == 200


async def test_the_rules_of_a_day(as_user: Any) -> None:
    caller = as_user(TENANT, "unit")
    rules = (await caller("GET", "/rulebook?on=2026-01-15")).json()
    book = base_rulebook()
    assert rules["version"] == book.version(date(2026, 1, 15))
    assert len(rules["entries"]) + len(rules["readings"]) == len(book.effective_on(date(2026, 1, 15)))
    assert all(1 <= entry["article"] <= 45 for entry in rules["entries"])
    amounts = [entry["value"] for entry in rules["entries"] if entry["unit"] == "yuan"]
    assert amounts
    assert all(isinstance(value, str) and value[-3] == "." for value in amounts)
    for path in ("/rulebook", "/declaration-requirements"):
        early = await caller("GET", f"{path}?on=2000-01-01")
        assert (early.status_code, early.json()["code"]) == (400, "before_first_rules")
    assert (await caller("GET", "/rulebook?on=yesterday")).status_code == 400


async def test_divisions(as_user: Any, client: httpx.AsyncClient) -> None:
    caller = as_user(TENANT, "unit")
    rows = (await caller("GET", "/divisions")).json()["items"]
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)
    assert len([row for row in rows if row["tier"] == "county" and not row["local"]]) == 100
    zones = (await caller("GET", f"/divisions?parent={TENANT}&tier=county")).json()["items"]
    assert {row["code"] for row in zones if row["local"]} == {"36N001", "36N002", "36N003"}
    assert (await client.get("/api/v1/divisions")).status_code == 401
