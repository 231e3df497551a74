"""Who is at a desk, and how it is left."""

from __future__ import annotations

from typing import Any

from service.kit.ids import new_id
from service.kit.roles import load_roles
from service.setup.seed import office_id, people_of, user_id
from tests.identity.conftest import PROVINCE
from tests.worlds import Caller

RULES = load_roles()
BOUND = {"unit", "user", "department"}
# Every role that somebody of the tenant itself holds, but the one who asks: no list of desks is kept anywhere.
DESKS = sorted(
    (tenant, role)
    for tenant, tier in (("360700", "city"), (PROVINCE, "province"))
    for where, role in RULES.valid
    if where == tier and role not in RULES.clients | BOUND and role != "administrator"
)


def seeded(tenant: str, role: str) -> str:
    """The public id of a seeded holder of the role (experts are several: all but one are put away first)."""
    return f"{tenant}-{user_id(tenant, next(p.login for p in people_of(tenant) if p.roles == (role,)))}"


async def newcomer(admin: Caller, tenant: str, *roles: str, office: str | None = None) -> str:
    if office is None:
        office = next(p for p in people_of(tenant) if "administrator" in p.roles).office
        office = office_id(tenant, tenant, office)
    made = await admin("POST", "/users", {"login": f"n{new_id()}", "name": "接任人", "office_id": office})
    assert made.status_code == 201, made.text
    for role in roles:
        assert (await admin("PUT", f"/users/{made.json()['id']}/roles/{role}")).status_code == 200
    return str(made.json()["id"])


async def alone(admin: Caller, role: str) -> list[dict[str, Any]]:
    """Takes the role from all who hold it but the first; returns that one."""
    held = (await admin("GET", f"/users?role={role}&disabled=false&limit=200")).json()["items"]
    for each in held[1:]:
        gone = await admin("DELETE", f"/users/{each['id']}/roles/{role}")
        assert gone.status_code == 200, gone.text
    return held[:1]


async def etag_of(admin: Caller, user: str) -> str:
    return str((await admin("GET", f"/users/{user}")).headers["etag"])


def names(reply: Any) -> list[str]:
    assert (reply.status_code, reply.json()["code"]) == (409, "last_holder"), reply.text
    return [each["role"] for each in reply.json()["desks"]]
