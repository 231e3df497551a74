"""Recipes of offices, people, clients and identity providers; see recipes.py."""

from __future__ import annotations

from service.kit.ids import new_id
from tests import factories
from tests.contract.recipes import ADMIN, GUARD, on, recipe
from tests.lives import Ready, Thing, World


async def new_office(w: World) -> Thing:
    body = {
        "name": f"数字化中心{new_id()}",
        "tier": "city",
        "division": w.tenant,
        "office_kind": "administrative",
        "valid_from": "2024-01-01",
    }
    return await w.made(ADMIN, "/offices", body)


async def new_user(w: World) -> Thing:
    office = factories.city_office(w.tenant)
    body = {"login": f"u{new_id()}", "name": "新来的经办人", "office_id": office}
    return await w.made(ADMIN, "/users", body)


async def new_client(w: World) -> Thing:
    body = {"id": f"c{new_id()}"[:30].rstrip("-"), "name": "另一个门户"}
    answer = await w.by(ADMIN)("POST", "/clients", body)
    made = answer.json()["client"]
    return await w.read(ADMIN, f"/clients/{made['id']}")


ISSUER = {
    "name": "市统一身份认证",
    "issuer": "https://sso.example.gov.cn",
    "client_id": "tongjian",
    "roles": ["unit"],
}


async def new_issuer(w: World) -> Thing:
    made = await w.by(ADMIN)("POST", "/issuers", {"id": f"i{new_id()}"[:30].rstrip("-"), **ISSUER})
    return await w.read(ADMIN, f"/issuers/{made.json()['id']}")


@recipe("offices_create")
async def _(w: World) -> Ready:
    return Ready(
        ADMIN,
        body={
            "name": f"新设单位{new_id()}",
            "tier": "city",
            "division": w.tenant,
            "office_kind": "administrative",
            "valid_from": "2024-01-01",
        },
    )


@recipe("offices_read")
async def _(w: World) -> Ready:
    return on(await new_office(w), ADMIN)


@recipe("offices_edit")
async def _(w: World) -> Ready:
    return on(await new_office(w), ADMIN, {"name": f"改名的单位{new_id()}"})


@recipe("offices_preview", "offices_reorganise")
async def _(w: World) -> Ready:
    body = {"successor_office_id": factories.city_office(w.tenant), "people": "move"}
    return on(await new_office(w), ADMIN, body)


@recipe("users_create")
async def _(w: World) -> Ready:
    office = factories.city_office(w.tenant)
    return Ready(ADMIN, body={"login": f"u{new_id()}", "name": "新来的经办人", "office_id": office})


@recipe("users_read", "users_list_grants")
async def _(w: World) -> Ready:
    return on(await new_user(w), ADMIN)


@recipe("users_edit")
async def _(w: World) -> Ready:
    return on(await new_user(w), ADMIN, {"name": "改名的人"})


@recipe("users_grant")
async def _(w: World) -> Ready:
    return on(await new_user(w), ADMIN, role="unit")


@recipe("users_withdraw")
async def _(w: World) -> Ready:
    user = await new_user(w)
    await w.by(ADMIN)("PUT", f"/users/{user.id}/roles/unit")
    return on(user, ADMIN, role="unit")


@recipe("clients_create")
async def _(w: World) -> Ready:
    return Ready(ADMIN, body={"id": f"c{new_id()}"[:30].rstrip("-"), "name": "另一个门户"})


@recipe("clients_read")
async def _(w: World) -> Ready:
    return on(await new_client(w), ADMIN)


@recipe("clients_edit")
async def _(w: World) -> Ready:
    return on(await new_client(w), ADMIN, {"name": "改名的门户"})


@recipe("clients_confirm")
async def _(w: World) -> Ready:
    return on(await new_client(w), GUARD, {})


@recipe("clients_lock")
async def _(w: World) -> Ready:
    return on(await new_client(w), GUARD, {"reason": "核查"})


@recipe("issuers_create")
async def _(_: World) -> Ready:
    return Ready(ADMIN, body={"id": f"i{new_id()}"[:30].rstrip("-"), **ISSUER})


@recipe("issuers_read")
async def _(w: World) -> Ready:
    return on(await new_issuer(w), ADMIN)


@recipe("issuers_edit")
async def _(w: World) -> Ready:
    return on(await new_issuer(w), ADMIN, {"settings": {**ISSUER, "login_claim": "account"}})


@recipe("issuers_confirm")
async def _(w: World) -> Ready:
    return on(await new_issuer(w), GUARD, {})


@recipe("issuers_lock")
async def _(w: World) -> Ready:
    return on(await new_issuer(w), GUARD, {"reason": "核查"})


@recipe("users_lock", "users_unlock")
async def _(w: World) -> Ready:
    return on(await new_user(w), GUARD, {"reason": "核查"})


@recipe("clients_rotate")
async def _(w: World) -> Ready:
    return on(await new_client(w), ADMIN, {"keep_old_hours": 1})
