"""Offices of one's own tenant, zones with local codes."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.ids import new_id
from tests.conftest import Caller
from tests.identity.conftest import FOREIGN, PROVINCE, TENANT


def office(**changes: Any) -> dict[str, Any]:
    given = {
        "name": f"新设单位{new_id()}",
        "tier": "city",
        "division": TENANT,
        "office_kind": "administrative",
        "valid_from": "2024-01-01",
        **changes,
    }
    return {key: value for key, value in given.items() if value is not None}


async def test_create_read_change(admin: Caller) -> None:
    made = await admin("POST", "/offices", office(organ="data_office"))
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["id"] == f"{TENANT}-{body['office_id']}"
    assert made.headers["location"] == f"/api/v1/offices/{body['id']}"
    path = f"/offices/{body['id']}"
    read = await admin("GET", path)
    assert (read.json(), read.headers["etag"]) == (body, '"1"')
    changed = await admin("PATCH", path, {"organ": None, "valid_to": "2099-01-01"}, etag='"1"')
    assert changed.status_code == 200, changed.text
    assert (changed.json()["organ"], changed.json()["valid_to"], changed.json()["version"]) == (
        None,
        "2099-01-01",
        2,
    )
    assert (await admin("GET", path)).json() == changed.json()
    assert (await admin("PATCH", path, {"organ": None}, etag='"1"')).status_code == 412
    assert (await admin("PATCH", path, {"organ": None})).status_code == 428
    twin = await admin("POST", "/offices", office(name=body["name"]))
    assert (twin.status_code, twin.json()["code"]) == (409, "office_exists")


async def test_a_zone_registers_its_local_code(admin: Caller) -> None:
    zone = {"tier": "county", "division": None, "local_code": "36NZ" + new_id()[-2:].upper()}
    made = await admin("POST", "/offices", office(**zone))
    assert made.status_code == 201, made.text
    assert made.json()["division"] == made.json()["local_code"] == zone["local_code"]
    again = await admin("POST", "/offices", office(**zone))
    assert (again.status_code, again.json()["code"]) == (409, "office_exists")
    second = await admin("POST", "/offices", office(tier="county", division=zone["local_code"]))
    assert (second.status_code, second.json()["local_code"]) == (201, None)
    assert (await admin("POST", "/offices", office(tier="county", division="36N001"))).status_code == 201
    listed = await admin("GET", f"/offices?division={zone['local_code']}")
    assert {each["id"] for each in listed.json()["items"]} == {made.json()["id"], second.json()["id"]}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"division": FOREIGN}, "/division"),
        ({"division": "360102"}, "/division"),
        ({"division": None}, "/division"),
        ({"tier": "county"}, "/division"),
        ({"tier": "province", "division": PROVINCE}, "/division"),
        ({"division": "999999"}, "/division"),
        ({"division": "x"}, "/division"),
        ({"tier": "county", "local_code": "36N0Z9"}, "/division"),
        ({"division": None, "local_code": "36N0Z9"}, "/local_code"),
        ({"division": None, "tier": "county", "local_code": "36D0Z9"}, "/local_code"),
        ({"division": None, "tier": "county", "local_code": "36N001"}, "/local_code"),
        ({"division": None, "tier": "county", "local_code": "360199"}, "/local_code"),
        ({"valid_to": "2024-01-01"}, "/valid_to"),
        ({"office_kind": "company"}, "/office_kind"),
        ({"name": " x"}, "/name"),
        ({"name": "x\n"}, "/name"),
        ({"unknown": 1}, "/unknown"),
    ],
    ids=repr,
)
async def test_refused_offices(admin: Caller, changes: dict[str, Any], pointer: str) -> None:
    reply = await admin("POST", "/offices", office(**changes))
    assert reply.status_code == 422, reply.text
    assert [each["pointer"] for each in reply.json()["errors"]] == [pointer]


async def test_the_province_has_no_zones(as_user: Any) -> None:
    admin = as_user(PROVINCE, "administrator")
    zone = office(tier="county", division=None, local_code="36N0Z8")
    assert (await admin("POST", "/offices", zone)).status_code == 422
    made = await admin("POST", "/offices", office(tier="province", division=PROVINCE))
    assert made.status_code == 201, made.text


async def test_pages_and_filters(admin: Caller) -> None:
    seen: list[str] = []
    path: str | None = "/offices?limit=7"
    while path is not None:
        reply = await admin("GET", path)
        assert reply.status_code == 200, reply.text
        seen += [each["id"] for each in reply.json()["items"]]
        link = reply.headers.get("link")
        assert (link is None) == (reply.json()["next_cursor"] is None)
        path = None if link is None else link.partition("<")[2].partition(">")[0]
    assert len(seen) == len(set(seen)) >= 13
    assert seen == sorted(seen)
    counties = (await admin("GET", "/offices?tier=county&limit=200")).json()["items"]
    assert counties
    assert all(each["tier"] == "county" for each in counties)
    named = (await admin("GET", "/offices", params={"name": "数据局"})).json()["items"]
    assert [each["name"] for each in named] == ["南昌市数据局"]
    assert (await admin("GET", "/offices?valid_on=2020-01-01")).json()["items"] == []
    cursor = (await admin("GET", "/offices?limit=1")).json()["next_cursor"]
    for forged in (cursor[:-2] + "AA", "x", ""):
        assert (await admin("GET", f"/offices?cursor={forged}")).status_code == 400
    assert (await admin("GET", f"/users?cursor={cursor}")).status_code == 400, "a cursor of another list"
    assert (await admin("GET", "/offices?colour=red")).status_code == 400


async def test_everybody_reads_offices_and_administrators_change_them(as_user: Any) -> None:
    for login in ("unit", "gatekeeper", "approver", "360102.user", None):
        caller = as_user(TENANT, login)
        assert (await caller("GET", "/offices?limit=1")).status_code == 200
        assert (await caller("POST", "/offices", office())).status_code == 403


async def test_foreign_and_absent_offices_are_one_answer(admin: Caller, as_user: Any) -> None:
    foreign = (await as_user(FOREIGN, "administrator")("GET", "/offices?limit=1")).json()["items"][0]["id"]
    replies = [
        await admin("GET", f"/offices/{ref}") for ref in (foreign, f"{TENANT}-{new_id()}", "x", f"{TENANT}-x")
    ]
    for ref in (foreign, f"{TENANT}-{new_id()}"):
        replies.append(await admin("PATCH", f"/offices/{ref}", {"organ": None}, etag='"1"'))
    bodies = [{k: v for k, v in reply.json().items() if k != "request_id"} for reply in replies]
    assert all(reply.status_code == 404 for reply in replies)
    assert all(body == bodies[0] for body in bodies)


async def test_an_administrator_cannot_end_his_own_office(admin: Caller) -> None:
    me = (await admin("GET", "/me")).json()
    path = f"/offices/{me['office']['id']}"
    etag = (await admin("GET", path)).headers["etag"]
    reply = await admin("PATCH", path, {"valid_to": "2024-01-01"}, etag=etag)
    assert (reply.status_code, reply.json()["code"]) == (409, "own_office")
