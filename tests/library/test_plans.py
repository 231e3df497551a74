"""Three-year plans (arts 5, 7, 10): adopted and changed by the leading group alone; projects stand on items."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lives import World, good, needs
from tests.lives.needs import OFFICE


def item(key: str = "A-1", **changes: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": "全省统一的业务中台",
        "owner": "省数据局",
        "project_class": "infrastructure",
        "estimated_yuan": "30000000.00",
        "years": [2029, 2030],
        "alignment": "对应国家规划第三项任务和省总体方案第二章",
        **changes,
    }


def plan(*items: Any, **changes: Any) -> dict[str, Any]:
    return {
        "title": "数字化项目建设三年规划",
        "first_year": 2029,
        "items": list(items) or [item()],
        **changes,
    }


ASSESSED = {"on": "2029-03-01", "note": "专家组论证，条目可行", "passed": True}
ADOPT = {"decision": "adopt", "number": "领导小组纪要〔2029〕1号", "on": "2029-03-01"}


async def act(caller: Any, answer: Any, verb: str, body: Any) -> Any:
    return await caller("POST", f"/plans/{answer.json()['id']}/{verb}", body, etag=answer.headers["etag"])


async def adopted(as_user: Any, tenant: str = "360000", *items: Any) -> Any:
    keeper = as_user(tenant, "office" if tenant == "360000" else "gatekeeper")
    made = good(await keeper("POST", "/plans", plan(*items)))
    assessed = good(await act(keeper, made, "assess", ASSESSED))
    return good(await act(as_user(tenant, "leading_group_secretary"), assessed, "decide", ADOPT))


async def test_a_plan_is_adopted_by_the_leading_group_and_read_by_every_tenant(as_user: Any) -> None:
    """Arts 7, 10."""
    drc, secretary = as_user("360000", "drc"), as_user("360000", "leading_group_secretary")
    made = good(await drc("POST", "/plans", plan()))
    body = made.json()
    assert (made.status_code, body["state"], body["last_year"], body["articles"]) == (
        201,
        "draft",
        2031,
        [7, 10],
    )
    city = as_user("360100", "360102.user")
    assert good(await secretary("GET", f"/plans/{body['id']}")).headers["etag"] == made.headers["etag"]
    assert body["id"] in (await as_user("360000", "office")("GET", "/plans")).text
    assert (await city("GET", f"/plans/{body['id']}")).status_code == 404
    assert body["id"] not in (await as_user("360000", "department")("GET", "/plans")).text
    early = await act(secretary, made, "decide", ADOPT)
    assert (early.status_code, early.json()["code"], early.json()["article"]) == (
        409,
        "action_not_allowed",
        7,
    )
    assessed = good(await act(drc, made, "assess", ASSESSED))
    assert (await act(drc, assessed, "decide", ADOPT)).status_code == 403
    edited = good(
        await drc("PATCH", f"/plans/{body['id']}", {"title": "改题"}, etag=assessed.headers["etag"])
    )
    assert (edited.json()["state"], edited.json()["appraisal"]) == ("draft", None)
    assessed = good(await act(drc, edited, "assess", ASSESSED))
    before = await act(secretary, assessed, "decide", {**ADOPT, "on": "2029-02-28"})
    assert (before.status_code, before.json()["errors"][0]["pointer"]) == (422, "/on")
    stale = await secretary("POST", f"/plans/{body['id']}/decide", ADOPT, etag='"1"')
    assert stale.json()["code"] == "stale_version"
    done = good(await act(secretary, assessed, "decide", ADOPT)).json()
    assert (done["state"], done["in_force"], done["decision"]["number"]) == ("adopted", True, ADOPT["number"])
    for reader in (city, as_user("360200", "unit"), as_user("360000", "department"), as_user("360100")):
        seen = good(await reader("GET", f"/plans/{body['id']}")).json()
        assert seen["items"] == [item()]
        assert body["id"] in (await reader("GET", "/plans?in_force=true")).text


async def test_a_change_is_a_new_version_with_its_ground_and_the_old_one_stays(as_user: Any) -> None:
    """Art. 7."""
    first = await adopted(as_user)
    drc, secretary = as_user("360000", "drc"), as_user("360000", "leading_group_secretary")
    assert (
        await drc("PATCH", f"/plans/{first.json()['id']}", {"title": "偷改"}, etag=first.headers["etag"])
    ).json()["code"] == "action_not_allowed"
    wish = await act(drc, first, "revise", {"ground": "wish", "reason": "想改"})
    assert wish.status_code == 422
    why = {"ground": "national_requirement", "reason": "国家新部署"}
    second = good(await act(drc, first, "revise", why))
    assert (second.json()["number"], second.json()["plan"]) == (2, first.json()["plan"])
    again = await act(drc, first, "revise", why)
    assert (again.status_code, again.json()["code"]) == (409, "plan_superseded")
    items = {"items": [item(), item("A-2", title="新增条目")]}
    changed = good(await drc("PATCH", f"/plans/{second.json()['id']}", items, etag=second.headers["etag"]))
    assessed = good(await act(drc, changed, "assess", ASSESSED))
    back = {"decision": "return", "number": "纪要〔2029〕2号", "on": "2029-03-01"}
    assert (await act(secretary, assessed, "decide", back)).json()["errors"][0]["pointer"] == "/reason"
    returned = good(await act(secretary, assessed, "decide", {**back, "reason": "再论证"}))
    assert returned.json()["state"] == "draft"
    city = as_user("360200", "gatekeeper")
    assert good(await city("GET", f"/plans/{first.json()['id']}")).json()["in_force"] is True
    assessed = good(await act(drc, returned, "assess", ASSESSED))
    good(await act(secretary, assessed, "decide", {**ADOPT, "number": "纪要〔2029〕3号"}))
    old = good(await city("GET", f"/plans/{first.json()['id']}")).json()
    new = good(await city("GET", f"/plans/{second.json()['id']}")).json()
    assert (old["in_force"], len(old["items"]), new["in_force"], len(new["items"])) == (False, 1, True, 2)
    assert (new["ground"], new["reason"]) == ("national_requirement", "国家新部署")


async def test_an_assessment_that_fails_leaves_the_draft(as_user: Any) -> None:
    """Art. 7."""
    drc = as_user("360000", "drc")
    made = good(await drc("POST", "/plans", plan()))
    failed = good(await act(drc, made, "assess", {**ASSESSED, "passed": False}))
    assert (failed.json()["state"], failed.json()["appraisal"]["passed"]) == ("draft", False)
    late = await act(drc, failed, "assess", {**ASSESSED, "on": "2029-03-02"})
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/on")


@pytest.mark.parametrize(
    ("items", "pointer"),
    [
        ([item(years=[2028])], "/items/0/years"),
        ([item(years=[2029, 2029])], "/items/0/years"),
        ([item(), item()], "/items/1/key"),
        ([item(estimated_yuan="0")], "/items/0/estimated_yuan"),
        ([item(alignment="")], "/items/0/alignment"),
        ([], "/items"),
    ],
)
async def test_a_plan_that_does_not_fit_is_refused_by_pointer(
    as_user: Any, superuser: Any, items: list[Any], pointer: str
) -> None:
    """Arts 7, 10: three years, an alignment statement; nothing stored."""
    before = await superuser.fetchval("SELECT count(*) FROM plan_versions")
    refused = await as_user("360000", "office")("POST", "/plans", {**plan(), "items": items})
    assert refused.status_code == 422, refused.text
    assert pointer in [each["pointer"] for each in refused.json()["errors"]]
    assert await superuser.fetchval("SELECT count(*) FROM plan_versions") == before


async def test_a_city_holds_its_own_plan_which_no_other_tenant_sees(as_user: Any) -> None:
    """Arts 5, 7."""
    own = await adopted(as_user, "360100")
    assert own.json()["articles"] == [5, 7, 10]
    assert good(await as_user("360100", "360102.unit")("GET", f"/plans/{own.json()['id']}")).json()[
        "in_force"
    ]
    for stranger in (
        as_user("360200", "gatekeeper"),
        as_user("360000", "office"),
        as_user("360000", "supervisor"),
    ):
        assert (await stranger("GET", f"/plans/{own.json()['id']}")).status_code == 404
        assert own.json()["id"] not in (await stranger("GET", "/plans")).text


async def test_a_project_stands_on_an_item_in_force_and_goes_first_in_the_library(
    city: World, as_user: Any, travel: Any
) -> None:
    """Arts 7, 8, 10."""
    travel(2036, 3, 1)
    made = await adopted(as_user, "360000", item("P-9", title="政务云扩容"))
    plain = await needs.entered(city)
    planned = await needs.drafted(city)
    for body, pointer in (
        ({"plan": made.json()["id"], "item": "Z-1"}, "/item"),
        ({"plan": made.json()["plan"], "item": "P-9"}, "/plan"),
    ):
        refused = await planned.tried("owner", "plan-item", body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    await planned.does("owner", "plan-item", {"plan": made.json()["id"], "item": "P-9"})
    assert planned.data["dated"]["plan_item"]["title"] == "政务云扩容"
    assert (await city.by(OFFICE)("GET", f"/projects/{planned.id}")).status_code == 404
    await needs.handed_in_again(planned)
    await needs.taken_in(planned)
    listed = good(await city.by(OFFICE)("GET", "/library?year=2036")).json()["items"]
    assert [each["project_id"] for each in listed] == [planned.id, plain.id]
    only = good(await city.by(OFFICE)("GET", "/library?year=2036&in_plan=true")).json()["items"]
    assert [each["plan_item"]["item"] for each in only] == ["P-9"]
    drc, secretary = as_user("360000", "drc"), as_user("360000", "leading_group_secretary")
    why = {"ground": "environment", "reason": "环境变化"}
    second = good(await act(drc, made, "revise", why))
    good(await act(secretary, good(await act(drc, second, "assess", ASSESSED)), "decide", ADOPT))
    other = await needs.drafted(city)
    old = await other.tried("owner", "plan-item", {"plan": made.json()["id"], "item": "P-9"})
    assert (old.status_code, old.json()["code"]) == (409, "plan_superseded")


async def test_what_is_tagged_after_the_entry_moves_it_up(city: World, as_user: Any, travel: Any) -> None:
    """Arts 7, 8, 16: the list follows the plan item and the claim that the plan proves, not the day they came; a claim
    that nobody has accepted moves nothing, and the sealed need stays."""
    travel(2037, 3, 1)
    late = await needs.entered(city)
    travel(2037, 3, 2)
    early = await needs.entered(city)
    listed = "/library?year=2037&limit=200"

    async def order() -> list[tuple[str, bool, list[int]]]:
        items = good(await city.by(OFFICE)("GET", listed)).json()["items"]
        return [(each["project_id"], each["in_plan"], each["priority"]) for each in items]

    first, second = early.id, late.id
    assert await order() == [(first, False, []), (second, False, [])]
    body = {"item": 2, "evidence": "列入三年规划", "document_number": "赣府发〔2036〕2号"}
    await late.does("owner", "priority", body)
    assert await order() == [(first, False, []), (second, False, [])]
    plan = (await adopted(as_user)).json()["id"]
    await late.does("owner", "plan-item", {"plan": plan, "item": "A-1"})
    assert await order() == [(second, True, [2]), (first, False, [])], "the province's own plan shows it"
    listed_ones = good(await city.by(OFFICE)("GET", f"{listed}&in_plan=true")).json()["items"]
    assert [each["plan_item"]["item"] for each in listed_ones] == ["A-1"]
    await late.does(OFFICE, "library/remove", {"reason": "已并入省级平台"})
    assert late.data["state"] == "need_returned"
    await late.does("owner", "priority", {**body, "item": 3})
    assert late.data["state"] == "need_returned"
    assert (second, True, [2]) in await order(), "what is over is told as it was"
