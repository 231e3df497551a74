"""Every operation on somebody's object, tried by everybody else: 404 as for an absent id, and nothing changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from service.audit.cases import check_cases
from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.setup.seed import office_id
from tests.conftest import Caller
from tests.contract.conftest import Budget, Fingerprint, call, without_id
from tests.contract.operations import LISTS, OWNED, Operation
from tests.contract.recipes import RECIPES, prepare
from tests.contract.spelling import in_json, undocumented_event, wire_faults
from tests.lives import FOREIGN, PROVINCE, TENANT, People, Ready, World, login_of, people
from tests.worlds import false_alarms

pytestmark = pytest.mark.long  # every operation on an object, tried by others and six times at once

OF_PROVINCE = [operation for operation in OWNED if all(who.startswith("province.") for who in operation.may)]
OF_TENANTS = [operation for operation in OWNED if operation not in OF_PROVINCE]
NESTED = [each for each in OF_TENANTS if {"query_id", "delivery"} & set(each.path_names)]
CASES = [operation for operation in OWNED if operation.doc["tags"][0] in ("projects", "filings")]


def absent(ready: Ready, tenant: str) -> dict[str, Any]:
    """The same path with ids that nobody has."""
    return {
        name: f"{tenant}.c{new_id()[:8]}" if "." in str(value) else f"{tenant}-{new_id()}"
        for name, value in ready.path.items()
        if name == "ref"
    }


async def refused_alike(
    stranger: Caller, operation: Operation, ready: Ready, tenants: tuple[str, ...]
) -> None:
    """404 on the real object, word for word that of an absent one; also when only an inner id is foreign."""
    real = await call(stranger, operation, ready)
    assert real.status_code == 404, f"{operation.id}: {real.status_code} {real.text}"
    for tenant in tenants:
        other = await call(stranger, operation, ready, absent(ready, tenant))
        assert (other.status_code, without_id(other)) == (404, without_id(real))
        assert other.headers["content-type"] == real.headers["content-type"]


async def accepted(caller: Caller, operation: Operation, ready: Ready, budget: Budget | None = None) -> None:
    """The owner's call succeeds; of six unsafe ones at once, on two connections, one does, and none breaks."""
    if budget is not None and operation.unsafe:
        answers = await budget.tried(caller, operation, ready)
    else:
        answers = [await call(caller, operation, ready)]
    told = f"{operation.id}: {[(each.status_code, each.text) for each in answers]}"
    if ready.refused is not None:
        assert ready.refused in [each.status_code for each in answers], told
    else:
        assert any(each.is_success for each in answers), told
        faults = [wire_faults(operation, each) for each in answers if each.is_success]
        assert not any(faults), faults


@pytest.mark.parametrize("operation", OWNED, ids=str)
def test_every_operation_on_an_object_has_a_recipe(operation: Operation) -> None:
    assert operation.id in RECIPES, f"{operation.id} is new: add its recipe to tests/contract/recipes.py"


@pytest.mark.parametrize("operation", OF_TENANTS, ids=str)
async def test_another_tenant_meets_nothing(
    operation: Operation, world: World, find: People, fingerprint: Fingerprint, budget: Budget
) -> None:
    ready = await prepare(operation, world)
    before = await fingerprint()
    await refused_alike(find(FOREIGN, ready.who), operation, ready, (TENANT, FOREIGN))
    assert await fingerprint() == before
    await accepted(world.by(ready.who), operation, ready, budget)
    if operation.unsafe and ready.refused is None:
        assert await fingerprint() != before, "the owner's call left no trace: the fingerprint is blind"


@pytest.mark.parametrize("operation", NESTED, ids=str)
async def test_another_tenant_cannot_smuggle_an_inner_id(
    operation: Operation, world: World, find: People, fingerprint: Fingerprint
) -> None:
    """A path with two ids: an object of one's own outside, another tenant's inside."""
    theirs = await prepare(operation, world)
    own = await prepare(operation, replace(world, tenant=FOREIGN))
    mixed = replace(theirs, path={**theirs.path, "ref": own.path["ref"]})
    before = await fingerprint()
    answer = await call(find(FOREIGN, own.who), operation, mixed)
    assert answer.status_code == 404, answer.text
    assert await fingerprint() == before


@pytest.mark.parametrize("operation", OF_PROVINCE, ids=str)
async def test_the_provinces_operations_are_closed_to_tenants_and_do_not_reach_drafts(
    operation: Operation, world: World, find: People, fingerprint: Fingerprint, budget: Budget
) -> None:
    ready = await prepare(operation, world)
    draft = await world.draft()
    before = await fingerprint()
    for tenant in (TENANT, FOREIGN):
        for role in ("city.gatekeeper", "city.approver", "city.portal", "city.unit"):
            answer = await call(find(tenant, role), operation, ready)
            assert answer.status_code == 403
    office = find(PROVINCE, ready.who)
    real = await call(office, operation, ready, {"ref": draft.id})
    other = await call(office, operation, ready, absent(ready, TENANT))
    assert (real.status_code, without_id(real)) == (404, without_id(other))
    assert await fingerprint() == before
    await accepted(office, operation, ready, budget)


@pytest.mark.parametrize("operation", [each for each in CASES if "county.unit" in each.may], ids=str)
async def test_another_county_of_the_same_city_meets_nothing(
    operation: Operation, world: World, as_user: Callable[..., Caller], fingerprint: Fingerprint
) -> None:
    county = replace(world, owner="county.unit")
    ready = replace(await prepare(operation, county), who="county.unit")
    before = await fingerprint()
    await refused_alike(people(as_user, 1)(TENANT, "county.unit"), operation, ready, (TENANT,))
    assert await fingerprint() == before
    await accepted(county.by("county.unit"), operation, ready)


@pytest.mark.parametrize(
    "operation",
    [
        each
        for each in CASES
        if "province.department" in each.may and each.path.startswith("/api/v1/projects/")
    ],
    ids=str,
)
async def test_another_provincial_department_meets_nothing(
    operation: Operation, world: World, department: Caller, fingerprint: Fingerprint
) -> None:
    ours = replace(world, tenant=PROVINCE, owner="province.department")
    ready = replace(await prepare(operation, replace(ours, find=ours.find)), who="province.department")
    before = await fingerprint()
    await refused_alike(department, operation, ready, (PROVINCE,))
    assert await fingerprint() == before
    await accepted(ours.by("province.department"), operation, ready)


@pytest.fixture
def department(client: Any, settings: Any) -> Caller:
    """A declarer of another provincial department than the seeded one."""
    made = issue_token(
        keys.load(settings.signing_keys_file),
        issuer=settings.issuer,
        audience=settings.audience,
        now=clock.timestamp(),
        tenant=PROVINCE,
        tier="province",
        roles=("department",),
        user=new_id(),
        login="other.department",
        office=office_id(PROVINCE, PROVINCE, "省公安厅"),
    )
    return Caller(client, made)


READS = [operation for operation in CASES if operation.method == "GET" and "{ref}" in operation.path]


@pytest.mark.parametrize(
    "operation", [each for each in READS if each.path.startswith("/api/v1/projects")], ids=str
)
async def test_drafts_are_invisible_to_the_province(operation: Operation, world: World, find: People) -> None:
    draft = await world.draft()
    for who in (who for who in operation.may if who.startswith("province.") and who != "province.department"):
        ready = Ready(who, {"ref": draft.id, "number": 1})
        await refused_alike(find(PROVINCE, who), operation, ready, (TENANT,))
        listed = await find(PROVINCE, who)("GET", f"/projects?tenant={TENANT}&limit=200")
        assert draft.id not in listed.text


# ---- lists -----------------------------------------------------------------------------------------------


async def _everything(world: World) -> None:
    """Something of the tenant in every list: a draft, a filing with a query, messages, users, an endpoint."""
    await world.draft()
    await world.asked()
    await world.with_province()
    for name in ("offices_read", "users_read", "clients_read", "issuers_read", "webhooks_redeliver"):
        if any(operation.id == name for operation in OWNED):
            await RECIPES[name](world)
    await world.delivered()


@pytest.fixture(scope="module")
async def peopled(find: People, door: Door, settings: Settings) -> World:
    made = World(find, door, Telemetry(), settings.database_url)
    await _everything(made)
    return made


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_no_list_shows_another_tenants_objects(
    operation: Operation, peopled: World, find: People
) -> None:
    tenants = [who for who in operation.may if not who.startswith("province.")]
    for who in tenants:
        if login_of(FOREIGN, who) is None and not who.endswith("portal"):
            continue
        seen = (await find(FOREIGN, who)("GET", operation.path)).text
        assert not re.search(rf"{TENANT}[-.][0-9a-z]", seen), f"{operation.id} shows {TENANT} to {who}"
        if "tenant" in operation.query_names:
            asked = await find(FOREIGN, who)("GET", f"{operation.path}?tenant={TENANT}")
            assert asked.status_code == 404, f"{operation.id}?tenant= to {who}: {asked.status_code}"
            assert not re.search(rf"{TENANT}[-.][0-9a-z]", asked.text)
    inside = [who for who in tenants if who.startswith("city.")]
    if (
        operation.doc["tags"][0] in ("projects", "filings", "users", "clients", "issuers", "webhooks")
        and inside
    ):
        own = (await peopled.by(inside[0])("GET", operation.path)).text
        assert re.search(rf"{TENANT}[-.]", own), f"{operation.id}: nothing to hide, the test shows nothing"


async def test_no_event_spells_money_or_time_otherwise(peopled: World) -> None:
    """What every deed of this module left for feeds, webhooks and inboxes; and what it left in records."""
    await peopled.delivered()
    connection = await asyncpg.connect(peopled.owner_url)
    try:
        rows = await connection.fetch(
            "SELECT kind, snapshot::text AS told FROM outbox UNION ALL SELECT kind, content::text FROM project_records"
        )
    finally:
        await connection.close()
    assert len(rows) > 100
    told = [(row["kind"], json.loads(row["told"])) for row in rows]
    faults = {f"{kind}: {fault}" for kind, data in told for fault in in_json(data)}
    faults |= {
        f"{kind}: {fault}" for kind, data in told if "." in kind for fault in undocumented_event(kind, data)
    }
    assert faults == set()


async def test_after_all_this_every_case_is_as_its_trail_says(peopled: World) -> None:
    """Every deed of this module leaves digests that fit what it wrote: no false alarm, and nothing unproved."""
    for tenant in (TENANT, PROVINCE):
        assert await false_alarms(peopled.door, tenant) == []
        assert (await check_cases(peopled.door, tenant)).checked
