"""The demo's apps, and how a tenant that comes later gets what was published."""

from __future__ import annotations

from typing import Any

from service.catalogue.spreading import spread
from service.setup.seed import divisions, office_id
from service.setup.seed_apps import demo_apps, seed_apps

NAMES = {row["code"]: row["name"] for row in divisions()}
TABLES = ("apps", "app_entries", "app_uses")


async def rows(superuser: Any) -> list[Any]:
    return [await superuser.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES]


async def test_the_demo_has_apps_of_every_kind(as_user: Any) -> None:
    listed = demo_apps()
    assert len(listed) >= 25
    county = as_user("360200", "360202.user")
    seen = (await county("GET", "/apps", params={"limit": 200})).json()
    names = {item["name"] for item in seen["items"]}
    assert {each["name"] for each in listed if each["reach"] == "province"} <= names
    assert not {each["name"] for each in listed if each["tenant"] == "360100"} & names
    wanted = {
        "印章": "统一电子印章平台",
        "地图": "统一地图与时空信息服务",
        "网格": "基层网格治理平台",
        "短信": "统一短信与消息服务",
        "支付": "统一公共支付平台",
        "12345": "12345 热线协同平台",
    }
    for word, name in wanted.items():
        found = (await county("GET", "/apps", params={"text": word})).json()["items"]
        assert name in [item["name"] for item in found[:3]], word


async def test_seeding_again_changes_nothing(as_user: Any, door: Any, publish: Any, superuser: Any) -> None:
    provider = as_user("360000", "app_provider")
    item = next(
        each
        for each in (await provider("GET", "/apps/working?limit=200")).json()["items"]
        if each["name"] == "电子文件归档与档案管理系统"
    )
    path = f"/apps/working/{item['id']}"
    now = await provider("GET", path)
    edited = await provider("PATCH", path, {"name": "电子文件归档系统（改）"}, etag=now.headers["etag"])
    assert (await provider("POST", f"{path}/publish", {}, etag=edited.headers["etag"])).status_code == 200
    await spread(door)
    before = await rows(superuser)
    await seed_apps(door, office_id, NAMES)
    assert await rows(superuser) == before


async def test_a_tenant_that_joins_later_gets_the_catalogue(
    as_user: Any, door: Any, relay: Any, publish: Any, superuser: Any
) -> None:
    await publish("360100", "南昌不外传的应用")
    await publish("360000", "事件没有送到的应用", reach="province")
    await superuser.execute(
        "UPDATE app_entries SET revision = revision - 1, name = '旧名' "
        "WHERE tenant_id = '360500' AND name = '事件没有送到的应用'"
    )
    late = as_user("360600", "360602.user")
    whole = (await late("GET", "/apps?limit=200")).json()
    await superuser.execute("DELETE FROM app_entries WHERE tenant_id = '360600'")
    await superuser.execute("DELETE FROM app_uses WHERE tenant_id = '360600'")
    assert (await late("GET", "/apps?limit=200")).json()["total"] == 0
    assert await spread(door) >= 26
    assert (await late("GET", "/apps?limit=200")).json() == whole
    assert "南昌不外传的应用" not in [item["name"] for item in whole["items"]]
    repaired = await superuser.fetchval("SELECT count(*) FROM app_entries WHERE name = '旧名'")
    assert repaired == 0
    assert await spread(door) == 0
