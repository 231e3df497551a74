"""A county user needs electronic seals: searches, compares, asks, and uses; nothing is built (arts 3, 23).

`pytest -s tests/stories/test_adoption.py` prints the story as a table.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from service.kit import clock
from service.kit.clock import legal_day

CITY, COUNTY = "360100", "360102.user"


class Story:
    """What happened, told as a table."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []

    def tell(self, who: str, did: str, came: str) -> None:
        self.lines.append((who, did, came))

    def __str__(self) -> str:
        rows = [("谁", "做了什么", "结果"), *self.lines]
        widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            " | ".join(text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True))
            for row in rows
        )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


async def good(answer: Any) -> Any:
    assert answer.is_success, (
        f"{answer.request.method} {answer.request.url} {answer.status_code} {answer.text}"
    )
    return answer.json()


async def step(caller: Any, path: str, verb: str, body: dict[str, Any], method: str = "POST") -> Any:
    etag = (await caller("GET", path)).headers["etag"]
    return await good(await caller(method, f"{path}/{verb}", body, etag=etag))


async def adopt(story: Story, as_user: Any, relay: Any, app: dict[str, Any], city_confirms: bool) -> str:
    """From the request to active use; returns the adoption's path."""
    county, keeper = as_user(CITY, COUNTY), as_user(CITY, "gatekeeper")
    provider = as_user(app["id"][:6], "app_provider")
    wish = {"app_id": app["id"], "users": 25, "scope": "公文和证明材料用印", "data_needs": app["needs"]}
    asked = await good(await county("POST", "/adoptions", wish))
    story.tell(
        "县级使用人员", f"申请“{app['name']}”", f"{asked['state_name']}（自动确认：{asked['automatic']}）"
    )
    await relay()
    path, ref = f"/adoptions/{asked['id']}", asked["id"][7:]
    assert asked["automatic"] is not city_confirms
    if city_confirms:
        assert app["name"] in (await keeper("GET", "/inbox?limit=20")).text
        confirmed = await step(keeper, path, "confirm", {})
        story.tell("设区市把关人员", "确认申请", confirmed["state_name"])
        await relay()
    assert app["name"] in (await provider("GET", "/inbox?limit=20")).text
    opened = await step(provider, f"/provisions/{app['id'][:6]}-{ref}", "provision", {})
    story.tell(f"提供方（{app['provider_name']}）", "开通", opened["state_name"])
    await relay()
    now = await good(await county("GET", path))
    assert (now["state"], now["holder"]) == ("active", "adopter")
    assert "应用已开通" in (await county("GET", "/inbox?limit=20")).text
    return path


async def test_a_county_adopts_instead_of_building(as_user: Any, relay: Any) -> None:
    story, county = Story(), as_user(CITY, COUNTY)
    best, second, sides, only = await _found(story, county)
    story.tell("县级使用人员", f"与“{second['name']}”比较", f"独有：{only}")
    needs = [each["name"] for each in sides["left"]["content"]["data_items"]]
    free = await adopt(story, as_user, relay, {**best, "needs": needs}, city_confirms=False)

    priced = (await good(await county("GET", "/apps", params={"text": "停车", "free": "false"})))["items"][0]
    await adopt(story, as_user, relay, {**priced, "needs": []}, city_confirms=True)

    provider, mirror = as_user("360000", "app_provider"), f"/provisions/360000-{free[-36:]}"
    month = legal_day(clock.now()).isoformat()[:7]
    await step(provider, mirror, "usage", {"month": month, "active_users": 21, "calls": 640}, "PUT")
    await step(county, free, "feedback", {"score": 5, "text": "当天开通"}, "PUT")
    await relay()
    usage = (await good(await county("GET", f"{free}/history")))["usage"]
    story.tell(
        "提供方（省信息中心）",
        f"报告 {month} 使用量",
        f"{usage[0]['active_users']} 人，{usage[0]['calls']} 次",
    )
    assert (await good(await provider("GET", mirror)))["score"] == 5
    await _seen_by_others(as_user, story, best, priced)
    print(f"\n{story}")


async def _found(story: Any, county: Any) -> tuple[Any, Any, Any, Any]:
    """Searched, suggested, compared."""
    hints = await good(await county("GET", "/apps/suggest", params={"text": "签章"}))
    found = await good(await county("GET", "/apps", params={"text": "电子印章"}))
    best = found["items"][0]
    story.tell(
        "县级使用人员",
        "检索“电子印章”",
        f"{found['total']} 个，首个：{best['name']}（{best['cost_yuan']}元）",
    )
    assert best["name"] == "统一电子印章平台"
    assert "在线签章" in hints["items"]
    second = (await good(await county("GET", "/apps", params={"text": "公文流转"})))["items"][0]
    pair = {"left": best["id"], "right": second["id"]}
    sides = await good(await county("GET", "/apps/compare", params=pair))
    only = "、".join(sides["functions"]["left_only"][:3])
    return best, second, sides, only


async def _seen_by_others(as_user: Any, story: Any, best: Any, priced: Any) -> None:
    """Who uses it, where it is missing, and who may not see it."""
    used = await good(await as_user("360200", "360202.user")("GET", f"/apps/{best['id']}"))
    story.tell("别的设区市的县", "查看谁在用", "、".join(each["tenant_name"] for each in used["used_by"]))
    assert used["used_by"] == [{"tenant": CITY, "tenant_name": "南昌市", "offices": 1}]
    matrix = await good(await as_user("360000", "office")("GET", "/apps/coverage?category=seal"))
    row = matrix["items"][0]
    story.tell(
        "省领导小组办公室",
        "看覆盖",
        f"在用 {row['active']}，空白 {len(row['gaps'])}，共 {len(matrix['counties'])}",
    )
    assert row["cells"] == {"360102": "active"}
    hidden = await as_user("360200", "360202.user")("GET", f"/apps/{priced['id']}")
    assert hidden.status_code == 404, "the city's own app is nobody else's"
