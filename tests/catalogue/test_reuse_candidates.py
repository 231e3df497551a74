"""Art. 23 over HTTP: what is a candidate for reuse, for whom, and for how long."""

from __future__ import annotations

from typing import Any

from service.kit.ids import new_id
from tests.catalogue.planning import VIDEO, begun, planned


async def test_a_citys_app_is_no_candidate_elsewhere(as_user: Any, publish: Any) -> None:
    name = f"会商专用视频会议平台{new_id()[-4:]}"
    ref = await publish("360100", name, reach="tenant", **VIDEO)
    for tenant, seen in (("360100", True), ("360200", False)):
        unit = as_user(tenant, f"{tenant[:4]}02.unit")
        mine = await unit("POST", "/projects", planned())
        found = await unit(
            "POST", f"/projects/{mine.json()['id']}/reuse-check", {}, etag=mine.headers["etag"]
        )
        assert (ref in [each["id"] for each in found.json()["candidates"]]) is seen
        assert (name in found.text) is seen


async def test_the_tenants_own_accepted_project_is_a_candidate(as_user: Any, settings: Any) -> None:
    import asyncpg

    unit = as_user("360100", "360102.unit")
    built = await begun(unit, planned("东湖区古树名木保护平台", "古树普查建档，养护记录，长势监测"))
    sent = await unit("POST", f"/projects/{built.json()['id']}/submit", {}, etag=built.headers["etag"])
    assert sent.status_code == 200, sent.text
    connection = await asyncpg.connect(settings.database_url)
    try:  # years later
        tenant, _, key = built.json()["id"].partition("-")
        await connection.execute("SET row_security = off")
        done = await connection.execute(
            "UPDATE projects SET state = 'accepted' WHERE tenant_id = $1 AND id = $2::uuid", tenant, key
        )
        assert done == "UPDATE 1"
    finally:
        await connection.close()
    other = as_user("360100", "360103.unit")  # another county of the same city
    made = await other("POST", "/projects", planned("西湖区古树名木保护系统", "普查古树，建档养护和长势监测"))
    found = (await other("POST", f"/projects/{made.json()['id']}/preview")).json()["reuse"]["candidates"]
    assert (found[0]["kind"], found[0]["id"], found[0]["strong"]) == ("project", built.json()["id"], True)
    stranger = as_user("360200", "360202.unit")
    made = await stranger(
        "POST", "/projects", planned("昌江区古树名木保护系统", "普查古树，建档养护和长势监测")
    )
    found = (await stranger("POST", f"/projects/{made.json()['id']}/preview")).json()["reuse"]["candidates"]
    assert built.json()["id"] not in [each["id"] for each in found]


async def test_however_long_ago_it_was_accepted(as_user: Any, superuser: Any, relay: Any) -> None:
    """Found by its words, not among the newest."""
    unit = as_user("360300", "360302.unit")
    built = await begun(unit, planned("安源区古井名泉监测平台", "古井名泉普查建档，水质监测"))
    sent = await unit("POST", f"/projects/{built.json()['id']}/submit", {}, etag=built.headers["etag"])
    assert sent.status_code == 200, sent.text
    await relay()
    key = built.json()["id"].partition("-")[2]
    aged = (
        "UPDATE projects SET state = 'accepted', created_at = now() - interval '9 years' WHERE id = $1::uuid"
    )
    assert await superuser.execute(aged, key) == "UPDATE 1"
    columns = await superuser.fetchval(
        "SELECT string_agg(column_name, ', ') FROM information_schema.columns "
        "WHERE table_name = 'projects' AND is_generated = 'NEVER' "
        "AND column_name NOT IN ('id', 'name', 'declared', 'created_at', 'external_ref')"
    )
    newer = (
        f"INSERT INTO projects (id, name, declared, created_at, {columns}) "
        "SELECT gen_random_uuid(), '公文流转系统' || n, '{}'::jsonb, now() - n * interval '1 minute', "
        f"{columns} FROM projects, generate_series(1, 450) n WHERE id = $1::uuid"
    )
    assert await superuser.execute(newer, key) == "INSERT 0 450"
    other = as_user("360300", "360313.unit")
    made = await other("POST", "/projects", planned("湘东区古井名泉监测系统", "普查古井名泉，监测水质"))
    assert made.status_code == 201, made.text
    found = made.json()["reuse"]["candidates"]
    assert (found[0]["id"], found[0]["strong"]) == (built.json()["id"], True)
