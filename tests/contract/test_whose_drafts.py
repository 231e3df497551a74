"""Who sees a case, by hand: undeclared ones their own office and the client that made them, agencies what is theirs."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.ids import new_id
from service.setup.seed import office_id
from tests.contract.conftest import call, without_id
from tests.contract.operations import DOCUMENT, MATRIX, Operation
from tests.contract.recipes import RECIPES
from tests.factories import city_office, draft
from tests.lives import PROVINCE, TENANT, People, Ready, Thing, World, good
from tests.lives.reviews import agency, commission

READS = [
    Operation(doc["operationId"], method.upper(), path.removeprefix("/api/v1"), doc)
    for path, methods in DOCUMENT["paths"].items()
    for method, doc in methods.items()
    if method == "get" and "/projects/{ref}" in path and "{number}" not in path
]
SHOWN = {
    "projects_read",
    "acceptance_status",
    "acceptance_checklist",
    "projects_history",
    "documents_checklist",
}
CITY = sorted(
    {who for each in READS for who in each.may if who.startswith("city.")} - {"city.portal", "city.unit"}
)


async def made_by_unit(world: World, path: str = "/projects", **facts: Any) -> Thing:
    """A draft of the city government's office, by one of its own people."""
    body = draft(TENANT, facts=facts)
    del body["owner_office_id"]
    case = await world.made("city.unit", path, body)
    file = await world.by("city.unit")(
        "POST",
        f"/projects/{case.id}/documents",
        content="方案".encode(),
        params={"slot": "technical_plan", "name": "方案.txt"},
    )
    case.data["file"] = good(file).json()["id"]
    return case


async def meets(caller: Any, operation: Operation, case: Thing) -> bool:
    """Whether the caller is told anything that it would not be told of an id that nobody has."""
    told = await call(caller, operation, Ready("", {"ref": case.id}))
    absent = await call(caller, operation, Ready("", {"ref": f"{TENANT}-{new_id()}"}))
    assert (absent.status_code, told.status_code < 500) == (404, True), told.text
    return told.status_code != 404 or without_id(told) != without_id(absent)


async def listed(caller: Any, case: Thing) -> bool:
    """Whether the case stands in the list or the export, by its number."""
    page = good(await caller("GET", "/projects", params={"limit": 200})).text
    export = await caller("GET", "/exports/projects.csv")
    return case.id in page or (export.is_success and case.id in export.text)


async def files(caller: Any, case: Thing) -> bool:
    """Whether its file is given out; by its own id, without the case's."""
    found = [await caller("GET", f"/documents/{case.data['file']}{part}") for part in ("", "/content")]
    assert len({each.is_success for each in found}) == 1, [each.text for each in found]
    return bool(found[0].is_success)


@pytest.mark.long
@pytest.mark.parametrize("path", ["/projects", "/needs"])
async def test_an_undeclared_case_is_its_own_offices(world: World, find: People, path: str) -> None:
    case = await made_by_unit(world, path, investment_yuan="8000000.00")
    for who in [*CITY, "city.portal"]:
        caller = find(TENANT, who)
        met = [each.id for each in READS if who in each.may and await meets(caller, each, case)]
        assert met == [], f"{who} reads a stranger's draft: {met}"
        if who in MATRIX["project/list"]:
            assert not await listed(caller, case), who
        if who in MATRIX["document/read"]:
            assert not await files(caller, case), who
    own = find(TENANT, "city.unit")
    assert all([await meets(own, each, case) for each in READS if each.id in SHOWN])
    assert await listed(own, case)
    assert await files(own, case)
    assert all(each.id in RECIPES for each in READS)
    refused = await find(TENANT, "city.gatekeeper")("POST", f"/projects/{case.id}/preview")
    assert refused.status_code == 404


async def test_a_draft_is_the_clients_that_made_it_and_its_offices(
    world: World, as_user: Any, find: People
) -> None:
    case = await world.draft()
    for who, sees in (
        (as_user(TENANT), True),
        (as_user(TENANT, client="other"), False),
        (as_user(TENANT, "unit"), True),
        (find(TENANT, "county.unit"), False),
        # Somebody of another office who holds more than one role, and so reads the city's declared cases.
        (as_user(TENANT, "unit", office=None, seat=office_id(TENANT, "360102", "东湖区政府办公室")), False),
        (as_user(TENANT, "unit", office=None), True),
    ):
        reply = await who("GET", f"/projects/{case.id}")
        assert (reply.status_code == 200) is sees, (who, reply.text)
        assert await listed(who, case) is sees
    person = as_user(TENANT, "unit", office=None)
    foreign = await person(
        "POST", "/projects", draft(TENANT, owner_office_id=office_id(TENANT, "360102", "东湖区政府办公室"))
    )
    assert foreign.json()["errors"][0]["code"] == "unknown_office"


async def test_once_submitted_all_but_agencies_see_it_and_what_is_written_anew_is_not_declared(
    world: World, find: People
) -> None:
    case = await world.submitted()
    for who in CITY:
        if who not in MATRIX["project/read"]:
            continue
        reply = await find(TENANT, who)("GET", f"/projects/{case.id}")
        assert (reply.status_code == 200) is (who != "city.agency"), who
    keeper, portal = find(TENANT, "city.gatekeeper"), find(TENANT, "city.portal")
    path = f"/projects/{case.id}"
    back = good(await keeper("POST", f"{path}/gatekeeping/return", {"reason": "补充"}, etag=case.etag))
    edited = await portal("PATCH", path, {"name": "改过而未申报的名称"}, etag=back.headers["etag"])
    added = await portal(
        "POST", f"{path}/documents", content="新的方案".encode(), params={"slot": "other", "name": "新.txt"}
    )
    assert (edited.status_code, added.status_code) == (200, 201), (edited.text, added.text)
    assert (await portal("GET", path)).json()["name"] == "改过而未申报的名称"
    case.data["file"] = added.json()["id"]
    for who in ("city.gatekeeper", "city.approver", "city.supervisor", "city.secrecy"):
        told = await find(TENANT, who)("GET", path)
        assert told.json()["name"] == draft()["name"], who
        assert not await files(find(TENANT, who), case), who
        assert good(await find(TENANT, who)("GET", f"{path}/documents")).json()["items"] == []
    assert await files(find(TENANT, "city.unit"), case)
    etag = edited.headers["etag"]
    good(await portal("POST", f"{path}/submit", {}, etag=etag))
    assert await files(keeper, case)
    assert city_office(TENANT)


async def test_an_agency_reads_what_it_was_commissioned_for(world: World, find: People) -> None:
    given, other = await world.with_province(), await world.with_province()
    here = find(PROVINCE, "province.agency")
    assert not await listed(here, given)
    await world.step(given, "province.office", "appraisals", commission(world, "province"))
    assert await listed(here, given)
    assert not await listed(here, other)
    for each in READS:
        if "province.agency" in each.may:
            assert not await meets(here, each, other), each.id
    assert (await here("GET", f"/projects/{given.id}")).status_code == 200
    assert (await find(TENANT, "city.agency")("GET", f"/projects/{given.id}")).status_code == 404
    assert agency(PROVINCE) != agency(TENANT)
