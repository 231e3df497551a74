"""A city's jointly built projects (arts 5, 12, R48): its own information centre settles the framework where the city
approves, the province's where the province reviews; who may, and who may not.
"""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.kit.db import Door
from service.kit.ids import parse_ref
from service.setup.seed import office_id
from tests.lives import APPROVAL, Thing, World, good

CITY = "360100"
POLICE, ARCHIVES = (office_id(CITY, CITY, f"南昌市{name}") for name in ("公安局", "档案局"))
JOINT = {
    "participating_offices": ["南昌市 公安局"],
    "cross_level": False,
}  # typed with a blank, the same office
TEXT = {"goals": "一网协同", "content": "共建数据底座"}


@pytest.fixture
def centre(as_user: Any) -> Any:
    return as_user(CITY, "info_centre")


@pytest.fixture
def provinces(as_user: Any) -> Any:
    return as_user("360000", "info_centre")


async def opened(centre: Any, case: Thing, participants: list[str]) -> str:
    made = good(
        await centre("POST", f"/projects/{case.id}/framework", {**TEXT, "participants": participants})
    )
    return str(made.headers["etag"])


async def signed(case: Thing, *signers: Any, edition: int = 1) -> None:
    for signer in signers:
        good(await signer("POST", f"/projects/{case.id}/framework/sign", {"edition": edition}))


async def refused(answer: Any) -> tuple[int, str, Any]:
    said = answer.json()
    return answer.status_code, said["code"], said.get("reason") or said.get("gate")


async def test_the_citys_own_centre_settles_it_before_the_city_approves(
    city: World, as_user: Any, officer: Any, centre: Any, provinces: Any, relay: Any
) -> None:
    case = await city.gatekept(**JOINT)
    path, approver = f"/projects/{case.id}", as_user(CITY, "approver")
    early = await approver("POST", f"{path}/approve", APPROVAL, etag=case.etag)
    assert await refused(early) == (409, "gate_shut", "gate_shut")
    assert (early.json()["gate"], early.json()["article"]) == ("framework_agreed", 12)
    body = {**TEXT, "participants": [POLICE]}
    assert await refused(await provinces("POST", f"{path}/framework", body)) == (
        409,
        "action_not_allowed",
        "wrong_role",
    )
    lacking = await centre("POST", f"{path}/framework", {**TEXT, "participants": [ARCHIVES]})
    assert lacking.json()["errors"][0]["code"] == "participant_missing"
    made = good(await centre("POST", f"{path}/framework", body)).json()
    names = [each["name"] for each in made["parties"]]
    assert names == ["设区市信息中心", "南昌市政府办公室", "南昌市公安局"]
    assert made["led_by"] == "city"
    police, archives, owner = officer(POLICE, CITY), officer(ARCHIVES, CITY), as_user(CITY, "unit")
    for stranger in (archives, as_user("360200", "info_centre")):
        assert (await stranger("POST", f"{path}/framework/sign", {"edition": 1})).status_code == 404
    for nobody in (as_user(CITY), as_user(CITY, "gatekeeper")):
        assert (await nobody("POST", f"{path}/framework/sign", {"edition": 1})).status_code == 403
    assert (await provinces("POST", f"{path}/framework/sign", {"edition": 1})).status_code == 409
    assert good(await provinces("GET", f"{path}/framework")).json()["goals"] == "一网协同"
    await signed(case, centre, owner, police)
    done = good(await centre("POST", f"{path}/framework/conclude", {"edition": 1}, etag=case.etag))
    assert done.json()["dated"]["framework"]["edition"] == 1
    given = good(await approver("POST", f"{path}/approve", APPROVAL, etag=done.headers["etag"])).json()
    found = [(each["code"], each["article"]) for each in given["findings"]]
    assert ("approved_before_framework", 12) in found, "the paper's day is of before, and is told as it is"
    await relay()
    inbox = good(await approver("GET", "/inbox?limit=200")).json()["items"]
    assert any(each["title"].startswith("共建框架方案已确定") for each in inbox)
    late = await centre("PATCH", f"{path}/framework", {"goals": "批复之后"}, etag='"1"')
    assert await refused(late) == (409, "action_not_allowed", "wrong_state")


async def test_the_provinces_centre_settles_it_where_the_province_reviews(
    city: World, as_user: Any, officer: Any, centre: Any, provinces: Any
) -> None:
    case = await city.gatekept(investment_yuan="50000000.00", **JOINT)
    path = f"/projects/{case.id}"
    body = {**TEXT, "participants": [POLICE]}
    assert (await centre("POST", f"{path}/framework", body)).json()["code"] == "action_not_allowed"
    case = await city.made("city.gatekeeper", f"{path}/hand-over", {}, etag=case.etag)
    assert (await centre("POST", f"{path}/framework", body)).json()["code"] == "action_not_allowed"
    await opened(provinces, case, [POLICE])
    assert (await centre("POST", f"{path}/framework/sign", {"edition": 1})).status_code == 409
    await signed(case, provinces, as_user(CITY, "unit"), officer(POLICE, CITY))
    done = good(await provinces("POST", f"{path}/framework/conclude", {"edition": 1}, etag=case.etag))
    assert done.json()["dated"]["framework"]["edition"] == 1
    shown = good(await centre("GET", f"{path}/framework")).json()
    assert (shown["led_by"], shown["parties"][0]["name"], shown["complete"]) == (
        "province",
        "省信息中心",
        True,
    )


async def test_participants_without_an_office_strand_nobody(
    city: World, as_user: Any, centre: Any, superuser: Any
) -> None:
    """R16, R48: they are shown by paper; owner and centre sign. Nobody can sign for an office that is closed. Whoever
    builds alone owes no framework."""
    body = {"name": "南昌市撤并局", "tier": "city", "division": CITY, "valid_from": "2024-01-01"}
    made = good(
        await as_user(CITY, "administrator")("POST", "/offices", {**body, "office_kind": "administrative"})
    )
    gone = str(made.json()["office_id"])
    await superuser.execute("UPDATE offices SET valid_to = '2025-01-01' WHERE id = $1", gone)
    case = await city.gatekept(participating_offices=["某省属研究院", "南昌市撤并局"])
    listed = await centre("POST", f"/projects/{case.id}/framework", {**TEXT, "participants": [gone]})
    assert [each["code"] for each in listed.json()["errors"]] == ["unknown_office"]
    assert (
        await refused(
            await as_user(CITY, "approver")("POST", f"/projects/{case.id}/approve", APPROVAL, etag=case.etag)
        )
    )[1] == "gate_shut"
    await opened(centre, case, [])
    await signed(case, centre, as_user(CITY, "unit"))
    good(await centre("POST", f"/projects/{case.id}/framework/conclude", {"edition": 1}, etag=case.etag))
    alone = await city.gatekept(participating_offices=["南昌市政府办公室", "无"])  # the owner itself
    told = await centre("POST", f"/projects/{alone.id}/framework", {**TEXT, "participants": [POLICE]})
    assert await refused(told) == (409, "not_joint", None)
    good(await as_user(CITY, "approver")("POST", f"/projects/{alone.id}/approve", APPROVAL, etag=alone.etag))


async def test_a_case_that_went_the_other_way_is_settled_anew_by_whoever_leads_now(
    city: World, as_user: Any, officer: Any, centre: Any, superuser: Any
) -> None:
    """What the province's centre led is no framework of the city's: another edition, signed anew."""
    case = await city.gatekept(**JOINT)
    await opened(centre, case, [POLICE])
    people = (as_user(CITY, "unit"), officer(POLICE, CITY))
    await signed(case, centre, *people)
    await superuser.execute(
        "UPDATE frameworks SET led_by = 'province' WHERE project_id = $1", parse_ref(case.id).id
    )
    path = f"/projects/{case.id}/framework"
    stale = await centre("POST", f"{path}/conclude", {"edition": 1}, etag=case.etag)
    assert (stale.status_code, stale.json()["code"]) == (409, "framework_changed")
    changed = good(await centre("PATCH", path, {"goals": "按市级程序"}, etag='"1"')).json()
    assert (changed["led_by"], changed["edition"], changed["complete"]) == ("city", 2, False)
    await signed(case, centre, *people, edition=2)
    good(await centre("POST", f"{path}/conclude", {"edition": 2}, etag=case.etag))


async def test_the_fence_says_what_the_table_says(
    city: World, centre: Any, door: Door, as_user: Any, settings: Any
) -> None:
    """Row level security: a tier writes what it leads while its desk holds the case, an office signs for itself."""
    case = await city.gatekept(**JOINT)
    await opened(centre, case, [POLICE])
    ref = parse_ref(case.id)
    write = "UPDATE frameworks SET goals = 'x' WHERE project_id = $1"
    sign = (
        "INSERT INTO framework_signatures SELECT tenant_id, id, 1, $2, 'x', $3, now() FROM frameworks "
        "WHERE project_id = $1"
    )
    tenant, province = settings.tenant_url, settings.province_url
    own, desk, capital = f"{CITY}/{POLICE}", f"{CITY}/*/-", "360000/*/-"
    assert await _sql(tenant, desk, write, ref.id) == "UPDATE 1"
    for url, scope in ((tenant, own), (province, capital), (tenant, "360200/*/-")):
        assert await _sql(url, scope, write, ref.id) == "UPDATE 0"
    for url, scope, party, by in (
        (tenant, own, ARCHIVES, CITY),
        (tenant, own, "info_centre", CITY),
        (tenant, desk, POLICE, CITY),
        (province, capital, "info_centre", "360000"),
        (province, capital, POLICE, "360000"),
    ):
        assert await _sql(url, scope, sign, ref.id, party, by) == "denied", (scope, party)
    assert await _sql(tenant, own, sign, ref.id, POLICE, CITY) == "INSERT 0 1"
    assert await _sql(tenant, desk, sign, ref.id, "info_centre", CITY) == "INSERT 0 1"


async def _sql(url: str, scope: str, statement: str, *values: Any) -> str:
    """As one of the service's logins, in a scope, undone at once."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute("SELECT set_config('app.scope', $1, true)", scope)
        return str(await connection.execute(statement, *values))
    except asyncpg.InsufficientPrivilegeError:
        return "denied"
    finally:
        await transaction.rollback()
        await connection.close()
