"""People and roles of one's own tenant."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from service.audit.models import audit_entries as a
from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id
from service.kit.statements import Statement, scope_ready
from tests.conftest import Caller
from tests.identity.conftest import FOREIGN, PROVINCE, TENANT, offices_today


async def test_create_read_list_change(admin: Caller, person: Any) -> None:
    who = await person("unit")
    read = await admin("GET", f"/users/{who.id}")
    assert (read.json()["roles"], read.json()["login"], read.headers["etag"]) == (
        ["unit"],
        who.login,
        who.etag,
    )
    listed = (await admin("GET", f"/users?login={who.login}")).json()
    assert listed == {"items": [read.json()], "next_cursor": None}
    office = read.json()["office"]
    for query in (f"office_id={office}", f"office_id={office[7:]}", "role=unit", "disabled=false"):
        page = (await admin("GET", f"/users?limit=200&{query}")).json()
        assert who.login in [each["login"] for each in page["items"]]
    assert (await admin("GET", f"/users?login={who.login}&role=gatekeeper")).json()["items"] == []
    assert (await admin("GET", f"/users?login={who.login}&disabled=true")).json()["items"] == []
    renamed = await admin("PATCH", f"/users/{who.id}", {"name": "新名"}, etag=who.etag)
    assert (renamed.json()["name"], renamed.json()["roles"]) == ("新名", ["unit"])
    assert (await admin("PATCH", f"/users/{who.id}", {"name": "旧名"}, etag=who.etag)).status_code == 412
    twin = await admin("POST", "/users", {"login": who.login, "name": "同名", "office_id": office})
    assert (twin.status_code, twin.json()["code"]) == (409, "login_taken")


async def test_grants_tell_who_gave_them(admin: Caller, person: Any) -> None:
    who, nobody = await person("gatekeeper"), await person()
    grants = await admin("GET", f"/users/{who.id}/roles")
    (only,) = grants.json()["items"]
    assert (only["role"], only["name"]) == ("gatekeeper", "设区市统筹把关人员")
    assert only["granted_by"] == f"user:{TENANT}:administrator"
    assert grants.headers["etag"] == who.etag
    empty = (await admin("GET", f"/users/{nobody.id}/roles")).json()
    assert empty["items"] == []
    assert {"gatekeeper", "approver", "unit", "administrator"} <= set(empty["grantable"])
    assert "portal" not in empty["grantable"]
    assert (await admin("GET", f"/users/{TENANT}-{new_id()}/roles")).status_code == 404


@pytest.mark.parametrize("login", ["A", "a", "Upper", "has space", "x\n", "ab/cd", "360100/ab", "-ab", "é"])
async def test_refused_logins(admin: Caller, login: str) -> None:
    office = (await offices_today(admin))[0]["id"]
    reply = await admin("POST", "/users", {"login": login, "name": "某人", "office_id": office})
    assert (reply.status_code, reply.json()["errors"][0]["pointer"]) == (422, "/login")


async def test_foreign_offices_are_unknown_in_a_body(admin: Caller, as_user: Any, person: Any) -> None:
    foreign = (await as_user(FOREIGN, "administrator")("GET", "/offices?limit=1")).json()["items"][0]
    who = await person()
    answers = []
    for office in (foreign["id"], foreign["office_id"], new_id(), f"{TENANT}-{new_id()}"):
        reply = await admin("POST", "/users", {"login": "abc", "name": "某人", "office_id": office})
        moved = await admin("PATCH", f"/users/{who.id}", {"office_id": office}, etag=who.etag)
        answers += [(r.status_code, [e["code"] for e in r.json()["errors"]]) for r in (reply, moved)]
    assert answers[0][0] == 422
    assert all(answer == answers[0] for answer in answers)


async def test_exclusions(admin: Caller, person: Any) -> None:
    for held, other in (
        ("gatekeeper", "approver"),
        ("approver", "gatekeeper"),
        ("unit", "gatekeeper"),
        ("unit", "approver"),
        ("administrator", "unit"),
        ("approver", "administrator"),
    ):
        who = await person(held)
        reply = await admin("PUT", f"/users/{who.id}/roles/{other}")
        assert (reply.status_code, reply.json()["code"]) == (409, "roles_exclude_each_other")
        assert (reply.json()["role"], reply.json()["other"]) == (other, held)
        assert (await admin("GET", f"/users/{who.id}")).json()["roles"] == [held]


async def test_two_grants_at_once_cannot_pass_the_exclusions(admin: Caller, person: Any) -> None:
    for _ in range(5):
        who = await person()
        replies = await asyncio.gather(
            *(admin("PUT", f"/users/{who.id}/roles/{role}") for role in ("gatekeeper", "approver", "unit"))
        )
        assert len((await admin("GET", f"/users/{who.id}")).json()["roles"]) == 1
        assert sorted({reply.status_code for reply in replies}) == [200, 409]


async def test_roles_fit_the_tier(admin: Caller, person: Any, as_user: Any) -> None:
    city, county = await person(), await person("user", tier="county")
    for who, role in (
        (city, "user"),
        (city, "office"),
        (city, "portal"),
        (city, "nonsense"),
        (county, "gatekeeper"),
    ):
        reply = await admin("PUT", f"/users/{who.id}/roles/{role}")
        assert (reply.status_code, reply.json()["code"]) == (422, "role_not_for_tier")
        assert "portal" not in reply.json()["grantable"]
    assert (await admin("DELETE", f"/users/{city.id}/roles/unit")).status_code == 404
    city_office = (await offices_today(admin))[0]["id"]
    moved = await admin("PATCH", f"/users/{county.id}", {"office_id": city_office}, etag=county.etag)
    assert (moved.status_code, moved.json()["code"], moved.json()["roles"]) == (
        409,
        "roles_not_for_tier",
        ["user"],
    )
    province = as_user(PROVINCE, "administrator")
    office = next(e for e in (await province("GET", "/users?login=office")).json()["items"])
    refused = await province("PUT", f"/users/{office['id']}/roles/department")
    assert (refused.status_code, refused.json()["other"]) == (409, "office")


async def test_nobody_changes_his_own_grants_or_account(admin: Caller) -> None:
    me = (await admin("GET", "/me")).json()
    path = f"/users/{me['user']}"
    etag = (await admin("GET", path)).headers["etag"]
    own = [
        await admin("PUT", f"{path}/roles/unit"),
        await admin("DELETE", f"{path}/roles/administrator"),
        await admin("PATCH", path, {"disabled": True}, etag=etag),
    ]
    assert [reply.json()["code"] for reply in own] == ["own_grants", "own_grants", "own_account"]
    assert (await admin("GET", "/me")).status_code == 200


async def test_only_administrators(as_user: Any, person: Any) -> None:
    who = await person()
    for login in ("gatekeeper", "unit", None):
        caller = as_user(TENANT, login)
        assert (await caller("GET", "/users")).status_code == 403
        assert (await caller("PUT", f"/users/{who.id}/roles/unit")).status_code == 403
    for tenant in (FOREIGN, PROVINCE):
        caller = as_user(tenant, "administrator")
        for reply in (
            await caller("GET", f"/users/{who.id}"),
            await caller("PUT", f"/users/{who.id}/roles/unit"),
            await caller("DELETE", f"/users/{who.id}/roles/unit"),
            await caller("PATCH", f"/users/{who.id}", {"name": "x"}, etag='"1"'),
            await caller("GET", f"/users/{tenant}-{new_id()}"),
        ):
            assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


async def test_every_command_is_audited_without_names(admin: Caller, person: Any, door: Door) -> None:
    who = await person("unit")
    await admin("PATCH", f"/users/{who.id}", {"name": "绝密姓名", "disabled": True}, etag=who.etag)
    ident = who.id.partition("-")[2]
    statement = Statement(
        select(a.c.action, a.c.actor, a.c.summary)
        .where(a.c.tenant_id == TENANT, a.c.object_id == ident, scope_ready())
        .order_by(a.c.at)
    )
    rows = await door.fetch(tenant_scope(TENANT), statement)
    rows = [row for row in rows if not row["action"].startswith("login.")]
    assert [row["action"] for row in rows] == ["user.create", "grant.add", "user.edit"]
    assert {row["actor"] for row in rows} == {f"user:{TENANT}:administrator"}
    assert "姓名" not in str([row["summary"] for row in rows])
