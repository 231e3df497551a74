"""What is due, for whom, since when: who sees it, filters, pages, counts."""

from __future__ import annotations

from typing import Any

import pytest


async def items(caller: Any, query: str = "") -> list[dict[str, Any]]:
    answer = await caller("GET", f"/obligations?limit=200{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


@pytest.fixture
async def two(at: Any, approve: Any, relay: Any) -> tuple[str, str]:
    """A project of 南昌's portal and one of another city, both approved and not filed."""
    at("2026-03-02")
    pair = (await approve("2026-03-02", file=False), await approve("2026-03-02", tenant="360200", file=False))
    await relay()
    return pair


async def test_each_sees_its_own_reach(as_user: Any, two: tuple[str, str]) -> None:
    first, second = two
    seen = {
        who: {each["project_id"] for each in await items(as_user(*who))}
        for who in (
            ("360100", "gatekeeper"),
            ("360200", "gatekeeper"),
            ("360000", "office"),
            ("360100", "360102.unit"),
        )
    }
    assert first in seen["360100", "gatekeeper"] and second not in seen["360100", "gatekeeper"]
    assert second in seen["360200", "gatekeeper"] and first not in seen["360200", "gatekeeper"]
    assert {first, second} <= seen["360000", "office"]
    assert not {first, second} & seen["360100", "360102.unit"]  # another office of the same city
    assert (
        await as_user("360100", "gatekeeper")("GET", f"/projects/{second}/obligations")
    ).status_code == 404
    assert (await as_user("360100", "gatekeeper")("GET", "/obligations?tenant=360200")).status_code == 404
    assert (await as_user("360100", "360102.user")("GET", "/obligations")).status_code == 403
    own = await items(as_user("360100", "data_office"))  # whose duties are none of these
    assert own == []


async def test_an_item_says_what_for_whom_since_when_and_on_which_ground(
    as_user: Any, two: tuple[str, str]
) -> None:
    of = (await as_user("360000", "office")("GET", f"/projects/{two[0]}/obligations")).json()["items"]
    filing, budget, start = sorted(of, key=lambda each: each["due"])
    assert (filing["code"], filing["basis"], filing["ground"]) == (
        "filing",
        "practice",
        "管理惯例，参照第二十三条",
    )
    assert (filing["due"], filing["since"], filing["days_left"]) == ("2026-03-12", "2026-03-02", 10)
    assert (filing["duty"]["kind"], filing["duty"]["roles"]) == ("organ", ["gatekeeper"])
    assert filing["escalates_to"]["roles"] == ["supervisor"]
    assert (budget["code"], budget["basis"], budget["ground"]) == (
        "budget",
        "practice",
        "管理惯例，参照第二十条",
    )
    assert (budget["due"], budget["since"], budget["days_left"]) == ("2026-04-01", "2026-03-02", 30)
    assert (budget["duty"]["kind"], budget["duty"]["roles"]) == ("organ", ["finance"])
    assert (start["code"], start["article"], start["ground"]) == ("start", 29, "第二十九条")
    assert (start["duty"]["kind"], start["severity"], start["late"]) == ("owner", "in_principle", False)


async def test_filters_narrow_and_mine_is_ones_own_desk(
    as_user: Any, two: tuple[str, str], at: Any, look: Any
) -> None:
    office, keeper = as_user("360000", "office"), as_user("360100", "gatekeeper")
    assert {each["article"] for each in await items(office, "&article=29")} == {29}
    assert {each["code"] for each in await items(office, "&code=filing&tenant=360200")} == {"filing"}
    assert all(each["due"] < "2026-03-13" for each in await items(office, "&due_before=2026-03-13"))
    assert not [
        each for each in await items(office, "&due_before=2026-03-12") if each["project_id"] == two[0]
    ]
    assert {each["duty"]["kind"] for each in await items(keeper, "&mine=true")} == {"organ"}
    assert {each["duty"]["kind"] for each in await items(as_user("360100"), "&mine=true")} == {"owner"}
    assert await items(office, "&mine=true") == []
    at("2026-03-13")
    await look()
    late = [each for each in await items(office, "&state=lapsed") if each["project_id"] == two[0]]
    assert [(each["code"], each["days_left"], each["late"]) for each in late] == [("filing", -1, True)]
    bad = await office("GET", "/obligations?code=nonsense")
    assert (bad.status_code, bad.json()["code"]) == (400, "invalid_query")


async def test_pages_hold_everything_once_in_the_order_of_the_days(
    as_user: Any, two: tuple[str, str]
) -> None:
    office = as_user("360000", "office")
    whole, seen, cursor = await items(office), [], ""
    while True:
        page = (await office("GET", f"/obligations?limit=2{cursor}")).json()
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert [each["id"] for each in seen] == [each["id"] for each in whole]
    assert [each["due"] for each in seen] == sorted(each["due"] for each in seen)
    forged = await as_user("360100", "gatekeeper")("GET", f"/obligations?limit=2{cursor or '&cursor=AAAA'}")
    assert (forged.status_code, forged.json()["code"]) == (400, "invalid_cursor")


async def test_the_summary_counts_what_the_list_shows(as_user: Any, two: tuple[str, str]) -> None:
    office, keeper = as_user("360000", "office"), as_user("360100", "gatekeeper")
    counted = {each["tenant"]: each for each in (await office("GET", "/obligations/summary")).json()["items"]}
    for tenant in ("360100", "360200"):
        listed = await items(office, f"&tenant={tenant}")
        assert counted[tenant]["open"] == sum(each["state"] == "open" for each in listed)
        assert counted[tenant]["lapsed"] == sum(each["state"] == "lapsed" for each in listed)
        assert sum(code["open"] for code in counted[tenant]["codes"]) == counted[tenant]["open"]
    own = (await keeper("GET", "/obligations/summary")).json()["items"]
    assert [each["tenant"] for each in own] == ["360100"]
    assert (await as_user("360100", "360102.unit")("GET", "/obligations/summary")).status_code == 403


async def test_every_figure_of_the_duties_leads_to_its_rows(
    as_user: Any, two: tuple[str, str], approve: Any, relay: Any, at: Any, look: Any
) -> None:
    """Done, done late, open and lapsed by city, this period's and the one's before: each drill gives as many rows."""
    office = as_user("360000", "office")
    await approve("2026-03-02")
    at("2026-03-20")
    await relay()
    await look()
    seen = dict.fromkeys(("done", "done_late", "open", "lapsed"), 0)
    for query in (
        "month_from=2026-03&month_to=2026-03&previous=true",
        "by_code=true&month_from=2026-04&month_to=2026-05&previous=true&tenant=360100,360200",
        "code=filing,start",
    ):
        answer = await office("GET", f"/monitoring/duties?{query}")
        assert answer.status_code == 200, answer.text
        for item in answer.json()["items"]:
            for kept in filter(None, (item["now"], item.get("previous"))):
                for name in seen:
                    drill = kept[name]["drill"]
                    assert drill["path"] == "/api/v1/obligations"
                    params = "".join(f"&{key}={value}" for key, value in drill["params"].items())
                    assert len(await items(office, params)) == kept[name]["count"], (name, params)
                    seen[name] += kept[name]["count"]
                judged = sum(kept[name]["count"] for name in ("done", "done_late", "lapsed"))
                assert kept["in_time_percent"] == (kept["done"]["count"] * 100 // judged if judged else None)
    assert seen["done"] and seen["open"] and seen["lapsed"]
    silent = {
        item["tenant"]: item["now"] for item in (await office("GET", "/monitoring/duties")).json()["items"]
    }
    assert len(silent) > 10 and silent["360500"]["in_time_percent"] is None
    own = (await as_user("360100", "gatekeeper")("GET", "/monitoring/duties")).json()["items"]
    assert [item["tenant"] for item in own] == ["360100"]
