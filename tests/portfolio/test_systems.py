"""Existing systems (art. 6): registered per office, counted, kept apart by tenant."""

from __future__ import annotations

from typing import Any

from tests.factories import city_office, draft


async def test_registered_changed_counted(as_user: Any) -> None:
    unit, office = as_user("360400", "unit"), as_user("360000", "office")
    made = await unit("POST", "/systems", {"name": "审批系统", "yearly_maintenance_yuan": "120000.00"})
    assert made.status_code == 201, made.text
    other = await unit("POST", "/systems", {"name": "监管系统", "on_cloud": True})
    counts = (await as_user("360400", "gatekeeper")("GET", "/systems/counts")).json()["items"]
    mine = next(row for row in counts if row["office_id"] == city_office("360400"))
    assert (mine["running"], mine["off_cloud"]) == (2, 1)
    merged = await unit(
        "PATCH", f"/systems/{other.json()['id']}", {"status": "merged"}, etag=other.headers["etag"]
    )
    assert merged.json()["status"] == "merged"
    stale = await unit("PATCH", f"/systems/{other.json()['id']}", {"name": "x"}, etag=other.headers["etag"])
    assert stale.status_code == 412
    seen = (await office("GET", "/systems?tenant=360400&status=running")).json()["items"]
    assert [row["name"] for row in seen] == ["审批系统"]
    assert seen[0]["yearly_maintenance_yuan"] == "120000.00"


async def test_other_tenants_and_offices_see_nothing(as_user: Any) -> None:
    made = await as_user("360500", "unit")("POST", "/systems", {"name": "本单位系统"})
    path = f"/systems/{made.json()['id']}"
    assert (await as_user("360600", "unit")("GET", path)).status_code == 404
    assert (await as_user("360600", "gatekeeper")("GET", "/systems?tenant=360500")).status_code == 404
    assert (await as_user("360500", "360502.unit")("GET", path)).status_code == 404
    assert (await as_user("360500", "gatekeeper")("GET", path)).status_code == 200
    foreign = await as_user("360600", "unit")(
        "POST", "/systems", {"name": "x", "office_id": city_office("360500")}
    )
    assert foreign.status_code == 422


async def test_pages_by_name(as_user: Any) -> None:
    unit = as_user("360700", "unit")
    for name in ("丙系统", "甲系统", "乙系统"):
        await unit("POST", "/systems", {"name": name})
    seen: list[str] = []
    path = "/systems?limit=2"
    while path:
        page = await unit("GET", path)
        seen += [row["name"] for row in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        path = f"/systems?limit=2&cursor={cursor}" if cursor else ""
    assert seen == sorted(seen)
    assert len(seen) == 3


async def test_art_6_a_preview_tells_what_the_office_runs_already(as_user: Any) -> None:
    unit = as_user("360800", "unit")
    await unit("POST", "/systems", {"name": "老系统"})
    body = draft("360800")
    del body["owner_office_id"]
    made = await unit("POST", "/projects", body)
    told = (await unit("POST", f"/projects/{made.json()['id']}/preview")).json()
    assert told["existing_systems"] == 1
    bare = (await unit("POST", "/projects/preview", {"facts": body["facts"]})).json()
    assert bare["existing_systems"] == 1
    nobody = (
        await as_user("360800")(
            "POST",
            "/projects/preview",
            {"facts": {**body["facts"], "declarant": {"tier": "city", "division": "360800"}}},
        )
    ).json()
    assert nobody["existing_systems"] is None


async def test_what_runs_was_launched(as_user: Any) -> None:
    """A running system is not launched some day to come, neither registered nor changed."""
    unit = as_user("360100", "unit")
    body = {"name": "未上线系统", "launched_on": "2099-01-01"}
    for answer in (
        await unit("POST", "/systems", body),
        await _moved(unit, {**body, "launched_on": "2020-01-01"}),
    ):
        assert answer.status_code == 422, answer.text
        assert [each["pointer"] for each in answer.json()["errors"]] == ["/launched_on"]


async def _moved(unit: Any, body: dict[str, Any]) -> Any:
    made = await unit("POST", "/systems", body)
    path, etag = f"/systems/{made.json()['id']}", made.headers["etag"]
    return await unit("PATCH", path, {"launched_on": "2099-01-01"}, etag=etag)
