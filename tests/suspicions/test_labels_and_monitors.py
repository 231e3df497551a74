"""Art. 9: a label with nothing in the text to bear it; figures by tenant and month."""

from __future__ import annotations

from typing import Any

from service.kit.clock import legal_day, now
from service.kit.db import Door
from tests.suspicions.support import ARCHIVES, PARKING, declared, suspicions_of, worked

NETWORK = ("政务外网骨干扩容", "升级核心交换设备和骨干链路带宽", "带宽翻倍", "双链路冗余")


async def of_label(as_user: Any, door: Door, what: Any, yuan: str, **facts: Any) -> list[dict[str, Any]]:
    made = (await declared(as_user, what, yuan, **facts)).data
    await worked(door)
    return [each for each in await suspicions_of(as_user, made["id"]) if each["kind"] == "label"]


async def test_a_label_between_the_two_limits_wants_words_to_bear_it(as_user: Any, door: Door) -> None:
    infra, joint = {"project_class": "infrastructure"}, {"project_class": "integration", "cross_level": True}
    (found,) = await of_label(as_user, door, ARCHIVES, "6000000.00", **infra)
    assert (found["finding"], found["article"], found["line_yuan"]) == ("label_suspicion", 9, "5000000.00")
    assert await of_label(as_user, door, NETWORK, "6000000.00", **infra) == []
    # The bare flag is set by whoever plays the label; a named office is evidence (R4).
    assert len(await of_label(as_user, door, PARKING, "6000000.00", **joint)) == 1
    named = {**joint, "participating_offices": ["市公安局"]}
    assert await of_label(as_user, door, PARKING, "6000000.00", **named) == []
    # Under the lower limit the label gains nothing; at the higher one it gains nothing either.
    assert await of_label(as_user, door, ARCHIVES, "4999999.99", **infra) == []
    assert await of_label(as_user, door, ARCHIVES, "100000000.00", **infra) == []


async def test_a_confirmed_label_shuts_no_gate_and_is_not_joined(as_user: Any, door: Door) -> None:
    (found,) = await of_label(as_user, door, ARCHIVES, "7000000.00", project_class="infrastructure")
    keeper = as_user("360100", "gatekeeper")
    path = f"/suspicions/{found['id']}"
    sure = await keeper("POST", f"{path}/confirm", {"reason": "不属于基础设施"}, etag=f'"{found["version"]}"')
    assert (sure.status_code, sure.json()["state"]) == (200, "confirmed")
    joined = await keeper("POST", f"{path}/join", {"reason": "合并"}, etag=sure.headers["etag"])
    assert (joined.status_code, joined.json()["code"]) == (409, "nothing_to_join")


def _sum(items: list[dict[str, Any]], *path: str) -> float:
    total = 0.0
    for item in items:
        value: Any = item
        for name in path:
            value = value[name]
        total += float(value)
    return total


async def test_monitors_count_by_tenant_and_month(as_user: Any, door: Door) -> None:
    keeper, office = as_user("360200", "gatekeeper"), as_user("360000", "office")
    for yuan, facts in (
        ("4600000.00", {}),
        ("5500000.00", {"of_which_maintenance_yuan": "1100000.00"}),
        ("4000000.00", {"project_class": "integration"}),
    ):
        await declared(as_user, ARCHIVES, yuan, tenant="360200", **facts)
    await worked(door, "360200", "360000")
    own = (await keeper("GET", "/suspicions/monitors")).json()
    month = legal_day(now()).strftime("%Y-%m")
    (item,) = own["items"]
    assert (own["month_to"], item["month"], item["tenant"]) == (month, month, "360200")
    assert item["declared"] == {"count": 3, "amount_yuan": "14100000.00"}
    assert item["near_line"] == {"count": 1, "amount_yuan": "4600000.00"}
    assert item["label_without_evidence"] == {"count": 1, "amount_yuan": "4000000.00"}
    assert item["under_line_by_maintenance"] == {"count": 1, "amount_yuan": "5500000.00"}
    assert (item["maintenance_yuan"], item["maintenance_percent"]) == ("1100000.00", 7.8)
    assert item["split_suspicions"] >= 1 and item["split_confirmed"] == 0
    all_tenants = (await office("GET", "/suspicions/monitors")).json()["items"]
    assert {"360100", "360200"} <= {each["tenant"] for each in all_tenants}
    assert item in all_tenants
    only = (
        await office("GET", f"/suspicions/monitors?tenant=360200&month_from={month}&month_to={month}")
    ).json()
    assert only["items"] == [item] and _sum(only["items"], "declared", "count") == 3


async def test_a_city_asks_for_its_own_figures_only(as_user: Any) -> None:
    keeper = as_user("360200", "gatekeeper")
    assert (await keeper("GET", "/suspicions/monitors?tenant=360100")).status_code == 404
    assert (await keeper("GET", "/suspicions?tenant=360100")).status_code == 404
    assert (await as_user("360200", "unit")("GET", "/suspicions/monitors")).status_code == 403
    none = await keeper("GET", "/suspicions/monitors?month_from=2026-05&month_to=2026-04")
    assert (none.status_code, none.json()["items"]) == (200, [])


async def test_the_list_pages_newest_first(as_user: Any, door: Door) -> None:
    office = as_user("360000", "office")
    for number in range(3):
        await of_label(as_user, door, ARCHIVES, f"810000{number}.00", project_class="infrastructure")
    seen: list[str] = []
    path: str | None = "/suspicions?kind=label&limit=1"
    while path:
        page = await office("GET", path)
        seen += [each["id"] for each in page.json()["items"]]
        path = page.links["next"]["url"] if "next" in page.links else None
    assert len(seen) == len(set(seen)) >= 3
    whole = (await office("GET", "/suspicions?kind=label&limit=200")).json()["items"]
    assert [each["id"] for each in whole] == seen
    assert [each["found_at"] for each in whole] == sorted((each["found_at"] for each in whole), reverse=True)
