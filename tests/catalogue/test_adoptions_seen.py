"""What is told of adoptions: use by month, opinions, coverage, and lists that show each side its own."""

from __future__ import annotations

from typing import Any

import pytest

from service.catalogue.providing import _REPORT
from service.catalogue.spreading import spread
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.db import Door, tenant_scope
from service.kit.errors import ServiceError
from service.kit.ids import parse_ref
from tests.catalogue.sides import CITY, OTHER, PROVINCE, Side


async def test_use_is_reported_by_month_and_corrected(
    as_user: Any, publish: Any, adopt: Any, relay: Any
) -> None:
    app = await publish(PROVINCE, "有使用量的应用", reach="province")
    mine, theirs = await adopt(app)
    month = legal_day(clock.now()).isoformat()[:7]
    body = {"month": month, "active_users": 12, "calls": 3400}
    early = await theirs.do("usage", body, "PUT")
    assert (early.status_code, early.json()["article"]) == (409, 23)
    await theirs.do("provision")
    for bad in ("2023-01", "2099-12"):
        refused = await theirs.do("usage", {**body, "month": bad}, "PUT")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/month")
    assert (await theirs.do("usage", {**body, "month": "2026-13"}, "PUT")).status_code == 422
    assert (await theirs.do("usage", {**body, "calls": -1}, "PUT")).status_code == 422
    assert (await theirs.do("usage", body, "PUT")).json()["revision"] == 1
    corrected = await theirs.do("usage", {**body, "active_users": 13}, "PUT")
    assert corrected.json()["revision"] == 2
    await relay()
    kept = (await theirs.caller("GET", f"{theirs.path}/usage")).json()["items"]
    assert [(each["month"], each["active_users"], each["revision"]) for each in kept] == [(month, 13, 2)]
    history = (await mine.caller("GET", f"{mine.path}/history")).json()
    assert history["usage"] == kept


async def test_a_report_of_use_written_meanwhile_is_not_overwritten(
    as_user: Any, publish: Any, adopt: Any, relay: Any, door: Door
) -> None:
    """Two who read the same revision: the second is told, and the first one's figures stay."""
    _, theirs = await adopt(await publish(PROVINCE, "两人同时报告使用量的应用", reach="province"))
    await theirs.do("provision")
    month = legal_day(clock.now()).isoformat()[:7]
    body = {"month": month, "active_users": 12, "calls": 3400}
    assert (await theirs.do("usage", body, "PUT")).json()["revision"] == 1
    ref = parse_ref((await theirs.now())["id"])

    async def written(users: int) -> None:
        async with door.transaction(tenant_scope(PROVINCE)) as tx:
            tx.batch.add(
                _REPORT,
                tenant_id=PROVINCE,
                provision_id=ref.id,
                month=month,
                active_users=users,
                calls=1,
                revision=2,
                reported_by="user:360000:provider",
                reported_at=clock.now(),
            )

    await written(5)
    with pytest.raises(ServiceError) as late:
        await written(6)
    assert late.value.status == 412
    kept = (await theirs.caller("GET", f"{theirs.path}/usage")).json()["items"]
    assert [each["active_users"] for each in kept] == [5]


async def test_adopters_say_what_they_think(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "被评价的应用", reach="province")
    mine, theirs = await adopt(app)
    assert (await mine.do("feedback", {"score": 5}, "PUT")).status_code == 409
    await theirs.do("provision")
    await relay()
    for score in (0, 6):
        assert (await mine.do("feedback", {"score": score}, "PUT")).status_code == 422
    for score, text in ((5, "很好"), (2, "变慢了")):
        assert (await mine.do("feedback", {"score": score, "text": text}, "PUT")).status_code == 200
    await relay()
    seen = await theirs.now()
    assert (seen["score"], seen["feedback"], seen["state"]) == (2, "变慢了", "active")


async def test_coverage_shows_use_and_gaps(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "覆盖面应用", reach="province", category="other")
    city_only = await publish(CITY, "覆盖面本市应用", category="other")
    for login, tenant in (("360102.user", CITY), ("360202.user", OTHER)):
        _, theirs = await adopt(app, login, tenant)
        await theirs.do("provision")
    await adopt(app, "360103.user", CITY)
    await adopt(city_only, "360103.user", CITY)
    await relay()
    whole = (await as_user(PROVINCE, "office")("GET", "/apps/coverage?category=other")).json()
    assert [row["app_id"] for row in whole["items"]] == [app], (
        "a city's own app is not the province's business"
    )
    row = whole["items"][0]
    assert row["cells"] == {"360102": "active", "360103": "confirmed", "360202": "active"}
    assert row["active"] == 2
    assert set(row["gaps"]) == {each["division"] for each in whole["counties"]} - set(row["cells"])
    assert len(whole["counties"]) > 100
    part = (
        await as_user(PROVINCE, "supervisor")("GET", f"/apps/coverage?category=other&tenant={OTHER}")
    ).json()
    assert {each["tenant"] for each in part["counties"]} == {OTHER}
    assert part["items"][0]["cells"] == {"360202": "active"}
    own = (await as_user(CITY, "gatekeeper")("GET", "/apps/coverage?category=other")).json()
    assert {each["tenant"] for each in own["counties"]} == {CITY}
    assert {each["app_id"]: each["cells"] for each in own["items"]} == {
        app: {"360102": "active", "360103": "confirmed"},
        city_only: {"360103": "requested"},
    }
    assert (await as_user(CITY, "gatekeeper")("GET", f"/apps/coverage?tenant={OTHER}")).status_code == 404


async def test_lists_show_each_side_its_own(as_user: Any, publish: Any, adopt: Any, relay: Any) -> None:
    app = await publish(PROVINCE, "列表里的应用", reach="province")
    local = await publish(CITY, "列表里的本市应用")
    mine, _ = await adopt(app)
    secret, _ = await adopt(local)
    neighbour, _ = await adopt(app, "360103.user")
    ids = {
        name: side.path.rpartition("/")[2]
        for name, side in (("mine", mine), ("local", secret), ("next", neighbour))
    }

    async def listed(caller: Any, **params: Any) -> set[str]:
        found, cursor = set[str](), None
        while True:
            given = {"limit": 5, **params, **({"cursor": cursor} if cursor else {})}
            page = (await caller("GET", "/adoptions", params=given)).json()
            assert not found & {each["id"] for each in page["items"]}
            found |= {each["id"] for each in page["items"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found & set(ids.values())

    assert await listed(mine.caller) == {ids["mine"], ids["local"]}
    assert await listed(as_user(CITY, "gatekeeper")) == set(ids.values())
    assert await listed(as_user(CITY, "gatekeeper"), state="requested") == {ids["local"]}
    assert await listed(as_user(CITY, "gatekeeper"), app_id=app) == {ids["mine"], ids["next"]}
    assert await listed(as_user(PROVINCE, "office")) == {ids["mine"], ids["next"]}
    assert await listed(as_user(OTHER, "gatekeeper")) == set()
    for path in (secret.path, f"{secret.path}/history"):
        assert (await as_user(PROVINCE, "office")("GET", path)).status_code == 404
    assert (await as_user(CITY, "360103.user")("GET", mine.path)).status_code == 404
    assert (await as_user(CITY, "gatekeeper")("GET", f"/adoptions?tenant={OTHER}")).status_code == 404
    provided = (await as_user(PROVINCE, "app_provider")("GET", f"/provisions?app_id={app}&limit=1")).json()
    assert provided["next_cursor"] is not None
    assert (await as_user(PROVINCE, "app_provider")("GET", f"/provisions?app_id={local}")).status_code == 404


async def test_an_app_that_becomes_province_wide_takes_its_use_along(
    as_user: Any, publish: Any, adopt: Any, relay: Any, door: Any
) -> None:
    app = await publish(CITY, "后来全省公开的应用", category="other")
    mine, theirs = await adopt(app)
    keeper, office = Side(as_user(CITY, "gatekeeper"), mine.path), as_user(PROVINCE, "office")
    await keeper.do("confirm")
    await relay()
    await theirs.do("provision")
    await relay()
    assert app not in (await office("GET", "/apps/coverage?category=other")).text
    assert (await office("GET", mine.path)).status_code == 404
    working = Side(as_user(CITY, "app_provider"), f"/apps/working/{app}")
    etag = (await working.caller("GET", working.path)).headers["etag"]
    edited = await working.caller("PATCH", working.path, {"reach": "province"}, etag=etag)
    assert edited.status_code == 200, edited.text
    assert app not in (await office("GET", "/apps/coverage?category=other")).text, "not published yet"
    assert (await working.do("publish")).status_code == 200
    await relay()
    rows = (await office("GET", "/apps/coverage?category=other")).json()["items"]
    assert next(row["cells"] for row in rows if row["app_id"] == app) == {"360102": "active"}
    assert (await office("GET", f"{mine.path}/history")).json()["steps"][0]["action"] == "request"
    await spread(door)
    used = await Side(as_user(OTHER, "360202.user"), f"/apps/{app}").now()
    assert used["used_by"] == [{"tenant": CITY, "tenant_name": "南昌市", "offices": 1}]
    await theirs.do("suspend", {"reason": "维护"})
    await relay()
    assert (await Side(as_user(OTHER, "360202.user"), f"/apps/{app}").now())["used_by"] == []


async def test_what_is_used_most_comes_first_over_all_pages(
    as_user: Any, publish: Any, adopt: Any, relay: Any
) -> None:
    """Asked for by use: the whole catalogue is in order, and with words the use still goes before the likeness."""
    for number in range(3):
        used = await publish(PROVINCE, f"甲排列应用{number}", reach="province")
    _, theirs = await adopt(used)
    await theirs.do("provision")
    await relay()
    county = as_user(CITY, "360102.user")
    whole = (await county("GET", "/apps", params={"order": "used", "limit": 200})).json()["items"]
    counts = [each["used_by_offices"] for each in whole if each["status"] in ("pilot", "available")]
    assert counts == sorted(counts, reverse=True) and counts[0] > 0
    seen, cursor = [], None
    while True:
        given = {"order": "used", "text": "排列应用", "limit": 1, **({"cursor": cursor} if cursor else {})}
        page = (await county("GET", "/apps", params=given)).json()
        seen += [each["name"] for each in page["items"] if each["name"].startswith("甲排列")]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["甲排列应用2", "甲排列应用0", "甲排列应用1"]
