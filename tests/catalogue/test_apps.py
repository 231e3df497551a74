"""Shared apps: drafts, publication, the copies of the readers, status, and who may see what."""

from __future__ import annotations

from typing import Any

import pytest

from service.setup.seed import office_id
from tests.catalogue.conftest import content

CITY, OTHER = "360100", "360200"


async def names(caller: Any, **params: Any) -> list[str]:
    answer = await caller("GET", "/apps", params={"limit": 200, **params})
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


async def status_of(provider: Any, ref: str, body: dict[str, Any]) -> Any:
    now = await provider("GET", f"/apps/working/{ref}")
    return await provider("POST", f"/apps/working/{ref}/status", body, etag=now.headers["etag"])


async def test_a_draft_is_the_providers_alone_until_it_is_published(as_user: Any, relay: Any) -> None:
    provider, county = as_user("360000", "app_provider"), as_user(CITY, "360102.user")
    made = await provider("POST", "/apps", {"name": "草稿里的应用", "reach": "province", **content()})
    ref = made.json()["id"]
    assert (made.json()["status"], made.json()["edition"]) == ("draft", 0)
    assert (await county("GET", f"/apps/{ref}")).status_code == 404
    assert (await county("GET", f"/apps/working/{ref}")).status_code == 403
    assert (await as_user(CITY, "app_provider")("GET", f"/apps/working/{ref}")).status_code == 404
    assert (await provider("GET", f"/apps/{ref}")).status_code == 404, "not published to anybody"
    path = f"/apps/working/{ref}/publish"
    sent = await provider("POST", path, {"status": "pilot"}, etag=made.headers["etag"])
    assert (sent.json()["status"], sent.json()["edition"]) == ("pilot", 1)
    assert (await provider("GET", f"/apps/{ref}")).status_code == 200, "its own tenant sees it at once"
    await relay()
    seen = (await county("GET", f"/apps/{ref}")).json()
    assert (seen["name"], seen["status_name"], seen["provider_name"]) == (
        "草稿里的应用",
        "试点",
        "省信息中心",
    )
    assert seen["used_by"] == []
    told = await as_user(OTHER, "gatekeeper")("GET", "/inbox?limit=50")
    assert "共享应用上架：草稿里的应用" in told.text


async def test_publication_asks_for_what_a_reader_needs(as_user: Any) -> None:
    provider = as_user(CITY, "app_provider")
    made = await provider("POST", "/apps", {"name": "什么都没有", "cost": {"amount_yuan": "10"}})
    path = f"/apps/working/{made.json()['id']}"
    refused = await provider("POST", f"{path}/publish", {}, etag=made.headers["etag"])
    assert refused.status_code == 422
    assert {each["pointer"] for each in refused.json()["errors"]} == {
        "/description",
        "/functions",
        "/security_level",
        "/support",
        "/cost/basis",
    }
    expired = [{"kind": "cryptography", "number": "密评1", "valid_to": "2020-01-01"}]
    late = content(certificates=expired, cost={})
    edited = await provider("PATCH", path, late, etag=made.headers["etag"])
    refused = await provider("POST", f"{path}/publish", {}, etag=edited.headers["etag"])
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/certificates/0/valid_to", "certificate_expired")
    ]
    assert (await provider("GET", path)).json()["status"] == "draft"
    deleted = await provider("DELETE", path, etag=edited.headers["etag"])
    assert deleted.status_code == 204
    assert (await provider("GET", path)).status_code == 404


async def test_readers_see_a_change_when_it_is_published_again(
    as_user: Any, publish: Any, relay: Any
) -> None:
    ref = await publish("360000", "会改的应用", reach="province")
    provider, county = as_user("360000", "app_provider"), as_user(OTHER, "360202.user")
    path = f"/apps/working/{ref}"
    etag = (await provider("GET", path)).headers["etag"]
    stale = await provider("PATCH", path, {"summary": "新的"}, etag='"1"')
    assert stale.status_code == 412
    edited = await provider("PATCH", path, {"name": "改过的应用", "summary": "新的"}, etag=etag)
    await relay()
    assert (await county("GET", f"/apps/{ref}")).json()["name"] == "会改的应用"
    sent = await provider("POST", f"{path}/publish", {}, etag=edited.headers["etag"])
    assert sent.json()["edition"] == 2
    await relay()
    seen = (await county("GET", f"/apps/{ref}")).json()
    assert (seen["name"], seen["content"]["summary"], seen["edition"]) == ("改过的应用", "新的", 2)
    narrowed = await provider("PATCH", path, {"reach": "tenant"}, etag=sent.headers["etag"])
    refused = await provider("POST", f"{path}/publish", {}, etag=narrowed.headers["etag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "reach_narrowed")


async def test_status_moves_by_the_table(as_user: Any, publish: Any, relay: Any) -> None:
    ref = await publish("360000", "要停用的应用", reach="province")
    newer = await publish("360000", "替代它的应用", reach="province")
    local = await publish("360000", "只在省里的应用")
    provider, county = as_user("360000", "app_provider"), as_user(CITY, "360102.user")
    retired = await status_of(provider, ref, {"status": "retired", "reason": "不用了"})
    assert (retired.status_code, retired.json()["article"]) == (409, 3)
    for body, pointer in (
        ({"status": "deprecated", "successor": newer}, "/reason"),
        ({"status": "deprecated", "reason": "换代"}, "/successor"),
        ({"status": "deprecated", "reason": "换代", "successor": ref}, "/successor"),
        ({"status": "deprecated", "reason": "换代", "successor": local}, "/successor"),
    ):
        refused = await status_of(provider, ref, body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    done = await status_of(provider, ref, {"status": "deprecated", "reason": "换代", "successor": newer})
    assert done.status_code == 200, done.text
    await relay()
    seen = (await county("GET", f"/apps/{ref}")).json()
    assert (seen["status"], seen["successor"]) == ("deprecated", newer)
    assert "要停用的应用" in await names(county, succession="succeeded")
    told = (await county("GET", "/apps", params={"succession": "succeeds"})).json()
    assert ("替代它的应用", ["要停用的应用"]) in [(each["name"], each["succeeds"]) for each in told["items"]]
    listed = (await county("GET", "/apps", params={"succession": "succeeded"})).json()["items"]
    old = next(each for each in listed if each["id"] == ref)
    assert (old["successor"], old["successor_name"]) == (newer, "替代它的应用")
    (facet,) = (await county("GET", "/apps", params={"status": "deprecated"})).json()["facets"]["succession"]
    assert (facet["value"], facet["count"]) == ("succeeded", len(listed))
    assert (await status_of(provider, ref, {"status": "retired", "reason": "换代完成"})).status_code == 200
    await relay()
    assert "要停用的应用" not in await names(county)
    assert "要停用的应用" in await names(county, status="retired")
    kept = (await county("GET", f"/apps/{ref}")).json()
    assert (kept["status"], kept["successor"]) == ("retired", newer)
    provider_path = f"/apps/working/{ref}"
    now = await provider("GET", provider_path)
    assert now.json()["moves"] == []
    edited = await provider("PATCH", provider_path, {"summary": "再改"}, etag=now.headers["etag"])
    assert (edited.status_code, edited.json()["code"]) == (409, "action_not_allowed")


async def test_an_app_of_one_city_is_nowhere_else(as_user: Any, publish: Any) -> None:
    ref = await publish(CITY, "滕王阁客流监测", category="video", functions=["客流计数独门功能"])
    shared = await publish("360000", "全省客流底座", reach="province", functions=["客流汇总"])
    inside, outside = as_user(CITY, "360102.user"), as_user(OTHER, "360202.user")
    office, absent = as_user("360000", "office"), f"{CITY}-018f0000-0000-7000-8000-00000000abcd"
    before = (await outside("GET", "/apps", params={"limit": 1})).json()
    assert "滕王阁客流监测" in await names(inside, text="客流")
    for stranger in (outside, office):
        assert "滕王阁客流监测" not in await names(stranger, text="客流")
        assert await names(stranger, text="独门") == []
        hidden, none = await stranger("GET", f"/apps/{ref}"), await stranger("GET", f"/apps/{absent}")
        assert hidden.status_code == none.status_code == 404
        assert hidden.json()["detail"] == none.json()["detail"]
        assert (await stranger("GET", f"/apps/{ref}/publiccode.yml")).status_code == 404
        for pair in ({"left": ref, "right": shared}, {"left": shared, "right": ref}):
            assert (await stranger("GET", "/apps/compare", params=pair)).status_code == 404
        assert (await stranger("GET", "/apps/suggest", params={"text": "独门"})).json() == {"items": []}
        facets = (await stranger("GET", "/apps", params={"text": "客流"})).json()["facets"]
        assert [each["value"] for each in facets["category"]] == ["map"]
    found = (await inside("GET", "/apps", params={"text": "客流"})).json()
    assert {each["value"]: each["count"] for each in found["facets"]["category"]} == {"map": 1, "video": 1}
    await publish(CITY, "又一个本市应用")
    after = (await outside("GET", "/apps", params={"limit": 1})).json()
    assert (before["total"], before["facets"]) == (after["total"], after["facets"])


async def test_an_app_for_named_offices_hides_from_the_others(as_user: Any, publish: Any) -> None:
    named = office_id(CITY, "360102", "东湖区政府办公室")
    ref = await publish(CITY, "东湖专用应用", reach="offices", office_ids=[named], functions=["东湖专用功能"])
    here, there = as_user(CITY, "360102.user"), as_user(CITY, "360103.user")
    keeper = as_user(CITY, "gatekeeper")
    assert "东湖专用应用" in await names(here, text="东湖")
    assert "东湖专用应用" in await names(keeper, text="东湖"), "the city's own desks see all of the tenant"
    assert await names(there, text="东湖") == []
    assert (await there("GET", f"/apps/{ref}")).status_code == 404
    assert (await there("GET", "/apps/suggest", params={"text": "东湖"})).json() == {"items": []}
    counted = {
        each["value"]: each["count"] for each in (await there("GET", "/apps")).json()["facets"]["status"]
    }
    seen = {each["value"]: each["count"] for each in (await here("GET", "/apps")).json()["facets"]["status"]}
    assert seen["available"] == counted["available"] + 1
    provider = as_user(CITY, "app_provider")
    for body, pointer in (
        ({"reach": "offices"}, "/office_ids"),
        ({"reach": "tenant", "office_ids": [named]}, "/office_ids"),
        ({"reach": "offices", "office_ids": [office_id(OTHER, OTHER, "别处")]}, "/office_ids/0"),
    ):
        refused = await provider("POST", "/apps", {"name": "某应用", **body})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_search_ranks_and_says_why(as_user: Any, publish: Any) -> None:
    county = as_user(CITY, "360102.user")
    await publish("360000", "古籍印谱平台", reach="province", category="seal", functions=["古籍签章", "验章"])
    await publish(
        "360000", "公文流转甲", reach="province", category="office", functions=["公文古籍签章", "督办"]
    )
    answer = (await county("GET", "/apps", params={"text": "印谱"})).json()
    assert answer["items"][0]["name"] == "古籍印谱平台"
    assert "古籍印谱平台" in answer["items"][0]["phrases"]
    assert answer["items"] == sorted(answer["items"], key=lambda item: -item["score"])
    signed = await names(county, text="古籍签章")
    assert {"古籍印谱平台", "公文流转甲"} <= set(signed)
    assert await names(county, text="完全没有的词") == []
    assert (await county("GET", "/apps", params={"text": ""})).status_code == 400


async def test_pages_follow_each_other_without_loss(as_user: Any, publish: Any) -> None:
    county = as_user(CITY, "360102.user")
    for number in range(5):
        await publish("360000", f"分页应用{number}", reach="province")
    for query in ({"text": "分页"}, {"category": "map"}):
        whole = await names(county, **query)
        seen, cursor = [], None
        while True:
            given = {**query, "limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (await county("GET", "/apps", params=given)).json()
            assert page["total"] == len(whole)
            seen += [item["name"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == whole
    first = (await county("GET", "/apps", params={"text": "分页", "limit": 2})).json()["next_cursor"]
    other = await county("GET", "/apps", params={"text": "印章", "cursor": first})
    assert (other.status_code, other.json()["code"]) == (400, "invalid_cursor")


async def test_facets_count_what_the_other_filters_leave(as_user: Any, publish: Any) -> None:
    county = as_user(CITY, "360102.user")
    price = {"amount_yuan": "1200.00", "basis": "每年每单位"}
    await publish("360000", "甄别应用一", reach="province", security_level=2, cost=price)
    await publish(CITY, "甄别应用二", security_level=3)
    found = (await county("GET", "/apps", params={"text": "甄别", "free": "false"})).json()
    assert [item["name"] for item in found["items"]] == ["甄别应用一"]
    assert found["items"][0]["cost_yuan"] == "1200.00"
    counts = {name: {f["value"]: f["count"] for f in found["facets"][name]} for name in found["facets"]}
    assert counts["free"] == {"true": 1, "false": 1}, "its own filter does not bind a facet"
    assert counts["tier"] == {"province": 1}
    assert counts["security_level"] == {"2": 1}


async def test_two_apps_side_by_side(as_user: Any, publish: Any) -> None:
    county = as_user(CITY, "360102.user")
    left = await publish("360000", "比较甲", reach="province", functions=["地址编码", "三维地图"])
    right = await publish(CITY, "比较乙", functions=["路况", "地址编码"], security_level=2)
    answer = await county("GET", "/apps/compare", params={"left": left, "right": right})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["functions"] == {"both": ["地址编码"], "left_only": ["三维地图"], "right_only": ["路况"]}
    level = next(row for row in body["rows"] if row["field"] == "security_level")
    assert (level["left"], level["right"], level["same"]) == ("3级", "2级", False)
    assert next(row for row in body["rows"] if row["field"] == "cost")["same"] is True


@pytest.mark.parametrize("again", [1, 3])
async def test_a_repeated_or_late_event_changes_nothing(
    as_user: Any, publish: Any, relay: Any, superuser: Any, again: int
) -> None:
    ref = await publish("360000", f"重放应用{again}", reach="province")
    provider, county = as_user("360000", "app_provider"), as_user(OTHER, "360202.user")
    path = f"/apps/working/{ref}"
    now = await provider("GET", path)
    edited = await provider("PATCH", path, {"summary": "第二版"}, etag=now.headers["etag"])
    await provider("POST", f"{path}/publish", {}, etag=edited.headers["etag"])
    await relay()
    newest = (await county("GET", f"/apps/{ref}")).json()
    for _ in range(again):
        await superuser.execute(
            "UPDATE outbox SET done_at = NULL, next_attempt_at = now() WHERE kind LIKE 'app.%' "
            "AND snapshot->'subject'->>'id' = $1",
            ref,
        )
        assert await relay() >= 2
    assert (await county("GET", f"/apps/{ref}")).json() == newest
    copies = await superuser.fetch("SELECT tenant_id FROM app_entries WHERE app_id::text = $1", ref[7:])
    assert len(copies) == 13
    assert len({row["tenant_id"] for row in copies}) == 13
