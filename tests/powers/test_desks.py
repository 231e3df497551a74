"""No ordinary act leaves a desk empty; an emergency may, and tells everybody whom it concerns."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.setup.seed import office_id, people_of, user_id
from service.worker import SUBSCRIBERS
from tests.factories import draft
from tests.identity.conftest import PROVINCE
from tests.lives import builder
from tests.powers.desks import BOUND, DESKS, alone, etag_of, names, newcomer, seeded
from tests.worlds import Caller


@pytest.mark.parametrize(("tenant", "role"), DESKS)
async def test_the_last_at_any_desk_leaves_only_with_a_successor(
    as_user: Any, tenant: str, role: str
) -> None:
    admin = as_user(tenant, "administrator")
    (last,) = await alone(admin, role)
    ident = last["id"]
    assert names(
        await admin("PATCH", f"/users/{ident}", {"disabled": True}, etag=await etag_of(admin, ident))
    ) == [role]
    assert names(await admin("DELETE", f"/users/{ident}/roles/{role}")) == [role]
    assert (await admin("GET", f"/users/{ident}")).json()["roles"] == [role]
    follows = await newcomer(admin, tenant)
    gone = await admin("DELETE", f"/users/{ident}/roles/{role}?successor_id={follows}")
    assert (gone.status_code, gone.json()["roles"]) == (200, []), gone.text
    assert (await admin("GET", f"/users/{follows}")).json()["roles"] == [role]
    third = await newcomer(admin, tenant)
    off = await admin(
        "PATCH",
        f"/users/{follows}",
        {"disabled": True, "successor_id": third},
        etag=await etag_of(admin, follows),
    )
    assert off.status_code == 200, off.text
    assert (await admin("GET", f"/users/{third}")).json()["roles"] == [role]
    grants = (await admin("GET", f"/users/{third}/roles")).json()["items"]
    assert grants[0]["granted_by"] == f"user:{tenant}:administrator"


async def test_who_is_not_the_last_goes_freely(as_user: Any) -> None:
    admin = as_user("360800", "administrator")
    other = await newcomer(admin, "360800", "gatekeeper")
    off = await admin("PATCH", f"/users/{other}", {"disabled": True}, etag=await etag_of(admin, other))
    assert off.status_code == 200
    # A disabled, a locked, and one of an office not yet standing are not at the desk.
    assert names(await admin("DELETE", f"/users/{seeded('360800', 'gatekeeper')}/roles/gatekeeper")) == [
        "gatekeeper"
    ]
    second = await newcomer(admin, "360800", "gatekeeper")
    await as_user("360800", "security_admin")("POST", f"/users/{second}/lock", {"reason": "核查"})
    assert names(await admin("DELETE", f"/users/{seeded('360800', 'gatekeeper')}/roles/gatekeeper")) == [
        "gatekeeper"
    ]
    later = await admin(
        "POST",
        "/offices",
        {
            "name": f"后设单位{new_id()}",
            "tier": "city",
            "division": "360800",
            "office_kind": "administrative",
            "valid_from": "2099-01-01",
        },
    )
    await newcomer(admin, "360800", "gatekeeper", office=later.json()["id"])
    assert names(await admin("DELETE", f"/users/{seeded('360800', 'gatekeeper')}/roles/gatekeeper")) == [
        "gatekeeper"
    ]
    # Moving there leaves the desk as much as going.
    moved = await admin(
        "PATCH",
        f"/users/{seeded('360800', 'gatekeeper')}",
        {"office_id": later.json()["id"]},
        etag=await etag_of(admin, seeded("360800", "gatekeeper")),
    )
    assert names(moved) == ["gatekeeper"]


async def test_an_office_ends_with_successors_for_all_its_desks(as_user: Any) -> None:
    admin = as_user("360900", "administrator")
    finance = next(p for p in people_of("360900") if p.roles == ("finance",))
    there = sorted({p.roles[0] for p in people_of("360900") if p.office == finance.office} - BOUND)
    path = f"/offices/360900-{office_id('360900', '360900', finance.office)}"
    etag = (await admin("GET", path)).headers["etag"]
    for day in ("2025-01-01", "2099-01-01"):  # at once, or on a day to come: who follows is said now
        assert names(await admin("PATCH", path, {"valid_to": day}, etag=etag)) == there
    successors = {role: await newcomer(admin, "360900") for role in there}
    last = {"valid_to": "2025-01-01", "successors": successors}
    left = await admin("PATCH", path, last, etag=etag)  # what becomes of its people is said too
    assert (left.status_code, left.json()["code"]) == (409, "office_not_empty")
    ended = await admin("PATCH", path, {**last, "people": "end"}, etag=etag)
    assert ended.status_code == 200, ended.text
    assert (await admin("GET", f"/users/{left.json()['people'][0]}")).json()["disabled_at"] is not None
    for role, user in successors.items():
        assert (await admin("GET", f"/users/{user}")).json()["roles"] == [role]


async def test_a_units_desk_counts_while_its_office_has_cases(as_user: Any) -> None:
    admin = as_user("361000", "administrator")
    office = (
        await admin(
            "POST",
            "/offices",
            {
                "name": f"新局{new_id()}",
                "tier": "city",
                "division": "361000",
                "office_kind": "administrative",
                "valid_from": "2024-01-01",
            },
        )
    ).json()
    clerk = await newcomer(admin, "361000", "unit", office=office["id"])
    assert (await admin("DELETE", f"/users/{clerk}/roles/unit")).status_code == 200
    await admin("PUT", f"/users/{clerk}/roles/unit")
    made = await as_user("361000")("POST", "/projects", draft("361000", owner_office_id=office["office_id"]))
    assert made.status_code == 201, made.text
    # A draft is its office's own affair, and nobody's who administers: what was declared keeps the desk.
    sent = await as_user("361000")(
        "POST", f"/projects/{made.json()['id']}/submit", {}, etag=made.headers["etag"]
    )
    assert sent.status_code == 200, sent.text
    reply = await admin("PATCH", f"/users/{clerk}", {"disabled": True}, etag=await etag_of(admin, clerk))
    assert names(reply) == ["unit"]
    assert reply.json()["desks"][0]["office_id"] == office["office_id"]
    elsewhere = await newcomer(admin, "361000")
    wrong = await admin("DELETE", f"/users/{clerk}/roles/unit?successor_id={elsewhere}")
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unfit_successor")
    follows = await newcomer(admin, "361000", office=office["id"])
    assert (await admin("DELETE", f"/users/{clerk}/roles/unit?successor_id={follows}")).status_code == 200


async def test_a_successor_must_be_fit(as_user: Any) -> None:
    admin = as_user("361100", "administrator")
    keeper = seeded("361100", "gatekeeper")
    etag = await etag_of(admin, keeper)
    disabled = await newcomer(admin, "361100")
    await admin("PATCH", f"/users/{disabled}", {"disabled": True}, etag=await etag_of(admin, disabled))
    county = next(p for p in people_of("361100") if p.division != "361100")
    strangers = {
        "unknown_user": [seeded("360200", "unit"), f"361100-{new_id()}"],
        "unfit_successor": [
            keeper,
            disabled,
            f"361100-{user_id('361100', county.login)}",
            seeded("361100", "administrator"),
        ],
    }
    for code, people in strangers.items():
        for each in people:
            reply = await admin(
                "PATCH", f"/users/{keeper}", {"disabled": True, "successor_id": each}, etag=etag
            )
            assert (reply.status_code, reply.json()["errors"][0]["code"]) == (422, code), (each, reply.text)
    for role in ("approver", "unit", "security_admin"):
        clash = await admin(
            "PATCH", f"/users/{keeper}", {"disabled": True, "successor_id": seeded("361100", role)}, etag=etag
        )
        assert (clash.status_code, clash.json()["code"]) == (409, "roles_exclude_each_other"), clash.text
    assert (await admin("GET", f"/users/{keeper}")).json()["disabled_at"] is None


@pytest.mark.parametrize("acts", [("disable", "disable"), ("disable", "withdraw"), ("withdraw", "withdraw")])
async def test_administrators_who_remove_each_other_at_once_leave_one(
    as_user: Any, token: Any, client: Any, demo: Any, acts: tuple[str, str]
) -> None:
    tenant = "360300"
    first = Caller(client, (await demo(tenant, "administrator")).json()["access_token"])
    me = seeded(tenant, "administrator")
    for _ in range(5):
        other = await newcomer(first, tenant, "administrator")
        login = (await first("GET", f"/users/{other}")).json()["login"]
        second = Caller(client, (await demo(tenant, login)).json()["access_token"])

        async def remove(who: Caller, whom: str, act: str, etag: str) -> int:
            if act == "disable":
                reply = await who("PATCH", f"/users/{whom}", {"disabled": True}, etag=etag)
            else:
                reply = await who("DELETE", f"/users/{whom}/roles/administrator")
            assert reply.status_code in (200, 401, 409, 412), reply.text
            return int(reply.status_code)

        etags = [await etag_of(first, other), await etag_of(first, me)]
        done = await asyncio.gather(
            remove(first, other, acts[0], etags[0]), remove(second, me, acts[1], etags[1])
        )
        assert sorted(status == 200 for status in done) == [False, True], done
        if done[0] != 200:  # the newcomer stayed: he lets the first in again, and goes
            seen = (await second("GET", f"/users/{me}")).json()
            if seen["disabled_at"]:
                back = await second(
                    "PATCH", f"/users/{me}", {"disabled": False}, etag=await etag_of(second, me)
                )
                assert back.status_code == 200, back.text
            if "administrator" not in seen["roles"]:
                assert (await second("PUT", f"/users/{me}/roles/administrator")).status_code == 200
            first = Caller(client, (await demo(tenant, "administrator")).json()["access_token"])
            gone = await first("DELETE", f"/users/{other}/roles/administrator")
            assert gone.status_code == 200, gone.text


async def test_the_emergency_lock_works_at_once_and_tells_everybody(
    as_user: Any, door: Door, me: Any, demo: Any, client: Any
) -> None:
    tenant = "360600"
    admin, guard = as_user(tenant, "administrator"), as_user(tenant, "security_admin")
    keeper, unit = seeded(tenant, "gatekeeper"), as_user(tenant, "unit")

    async def submitted() -> Any:
        return (await builder(as_user)("city.unit", tenant).submitted()).data

    assert "warnings" not in await submitted()
    await _locked(me, demo, tenant, admin, guard, keeper)
    await _told_to_whom_it_concerns(as_user, door, demo, client, tenant, admin, unit)
    # Whoever submits to the desk meanwhile is told, and so is the administrator; however lately all desks were manned.
    sent = await submitted()
    (warning,) = sent["warnings"]
    assert (warning["code"], warning["role"]) == ("desk_empty", "gatekeeper")
    await drain(door, tenant, SUBSCRIBERS, Telemetry())
    items = (await admin("GET", "/inbox?limit=200")).json()["items"]
    told = [each for each in items if each["kind"] == "desk.empty"]
    assert told and not any(sent["name"] in f"{each['title']}{each['body']}" for each in told), (
        "he sees no cases"
    )
    back = await guard("POST", f"/users/{keeper}/unlock", {"reason": "已核实"})
    assert (back.status_code, back.json()["locked_at"]) == (200, None)
    assert (await demo(tenant, "gatekeeper")).status_code == 200
    assert "warnings" not in await submitted()


async def _locked(me: Any, demo: Any, tenant: Any, admin: Any, guard: Any, keeper: Any) -> None:
    """At once, by the security administrator alone; the administrator cannot let him in again."""
    held = (await demo(tenant, "gatekeeper")).json()["access_token"]
    assert (await admin("POST", f"/users/{keeper}/lock", {"reason": "x"})).status_code == 403
    assert (
        await guard("POST", f"/users/{seeded(tenant, 'security_admin')}/lock", {"reason": "x"})
    ).status_code == 409
    locked = await guard("POST", f"/users/{keeper}/lock", {"reason": "账号疑似被盗用"})
    assert locked.status_code == 200, locked.text
    assert [each["role"] for each in locked.json()["empty_desks"]] == ["gatekeeper"]
    assert locked.json()["user"]["locked_at"]
    assert await me(held) == 401
    assert (await demo(tenant, "gatekeeper")).status_code == 400
    # The administrator cannot let him in again.
    on = await admin("PATCH", f"/users/{keeper}", {"disabled": False}, etag=await etag_of(admin, keeper))
    assert on.json()["locked_at"] and (await demo(tenant, "gatekeeper")).status_code == 400


async def _told_to_whom_it_concerns(
    as_user: Any, door: Door, demo: Any, client: Any, tenant: Any, admin: Any, unit: Any
) -> None:
    """The administrator, the units of the tenant, and the office of the province."""
    for each in (tenant, PROVINCE):
        await drain(door, each, SUBSCRIBERS, Telemetry())
    listed = await as_user(PROVINCE, "administrator")("GET", "/users?role=office&disabled=false")
    login = listed.json()["items"][0]["login"]  # whoever holds it by now
    office = Caller(client, (await demo(PROVINCE, login)).json()["access_token"])
    for who in (admin, unit, office):
        items = (await who("GET", "/inbox?limit=200")).json()["items"]
        told = [each for each in items if each["kind"] == "desk.emptied"]
        assert told and "统筹把关人员" in told[0]["title"]
