"""Panels of experts (art. 18): draws that can be repeated, recusals, directed choices, commissions that run once."""

from __future__ import annotations

from typing import Any

from service.measures.experts import draw_order
from tests.lives import good
from tests.lives import reviews as r
from tests.reviews.conftest import appraisal


async def test_the_draw_can_be_repeated_and_recusal_takes_the_next(build: Any) -> None:
    """Art. 18: the seed is told, the order follows from it, and who steps aside is replaced by the next of it."""
    w = build()
    case = await r.drawn(w, await w.with_province())
    before = await appraisal(w, case)
    order = list(draw_order(before["draw"]["seed"], before["draw"]["eligible"]))
    assert before["draw"]["order"] == order
    seats = before["experts"]
    usual = [each for each in order if each in {s["expert_id"] for s in seats}]
    assert [s["expert_id"] for s in seats] == usual == order[:3]
    first = seats[0]
    work = await r.assigned(w, case)
    login = next(name for name, item in work.items() if item.endswith(first["id"]))
    caller = await r.as_expert(w, "province", login)
    good(await caller("POST", f"/assignments/{work[login]}/recuse", {"reason": "曾参与方案编制"}))
    path = f"/projects/{case.id}/appraisals/{before['number']}/experts/{seats[1]['id']}/recuse"
    after = good(await w.by("province.agency")("POST", path, {"reason": "与承建方有合作"})).json()
    assert [s["expert_id"] for s in after["experts"]] == order[:5]
    assert [bool(s["recused_at"]) for s in after["experts"]] == [True, True, False, False, False]
    assert after["experts"][3]["replaces"] == first["id"]
    assert after["experts"][0]["recusal_reason"] == "曾参与方案编制"
    assert after["draw"]["reproduced"] is True
    assert (await caller("GET", f"/assignments/{work[login]}")).status_code == 404
    gone = await caller("POST", f"/assignments/{work[login]}/score", r.sheet())
    assert (gone.status_code, gone.json()["code"]) == (409, "appraisal_closed")
    # The pool of five is through: the place stays empty until the agency names somebody with a reason.
    path = f"/projects/{case.id}/appraisals/{before['number']}"
    last = f"{path}/experts/{after['experts'][4]['id']}/recuse"
    short = good(await w.by("province.agency")("POST", last, {"reason": "因病"})).json()
    assert sum(not s["recused_at"] for s in short["experts"]) == 2
    empty = await w.by("province.agency")("POST", f"{path}/draw", {})
    assert (empty.status_code, empty.json()["code"], empty.json()["available"]) == (409, "pool_exhausted", 0)


async def test_who_is_suspended_after_the_draw_scores_no_more_and_is_replaced(build: Any) -> None:
    """Art. 18: the pool changes; nobody judges who was taken out of it, or works for a party by now."""
    w = build()
    case = await r.drawn(w, await w.with_province())
    agency, work = w.by("province.agency"), await r.assigned(w, case)
    seats = {f"360000-{each['id']}": each for each in (await appraisal(w, case))["experts"]}
    pool = good(await agency("GET", "/experts?limit=200")).json()["items"]
    (login, assignment) = next(iter(work.items()))
    seat = next(each for key, each in seats.items() if assignment.endswith(each["id"]))
    held = next(each for each in pool if each["expert_id"] == seat["expert_id"])
    path = f"/experts/{held['id']}"
    caller = await r.as_expert(w, "province", login)

    async def turned_away(why: str) -> None:
        gone = await caller("POST", f"/assignments/{assignment}/score", r.sheet())
        assert (gone.status_code, gone.json()["code"]) == (409, "appraisal_closed"), gone.text
        assert why in gone.json()["detail"] and "article" not in gone.json()

    async def as_it_stands() -> str:
        return str(good(await agency("GET", path)).headers["etag"])

    good(await agency("POST", f"{path}/suspend", {"reason": "廉洁问题待查"}, etag=await as_it_stands()))
    await turned_away("暂停")
    good(await agency("POST", f"{path}/reinstate", {"reason": "已经查清"}, etag=await as_it_stands()))
    moved = {"employer_name": case.data["owner"]["name"]}
    good(await agency("PATCH", path, moved, etag=await as_it_stands()))
    await turned_away("回避")
    away = f"/projects/{case.id}/appraisals/{case.data['number']}/experts/{seat['id']}/recuse"
    after = good(await agency("POST", away, {"reason": "已到项目单位任职"})).json()
    assert after["experts"][-1]["replaces"] == seat["id"]
    back = {"employer_name": held["employer_name"]}  # the pool is the whole province's
    good(await agency("PATCH", path, back, etag=await as_it_stands()))


async def test_a_directed_choice_needs_a_reason_and_respects_recusal(build: Any, as_user: Any) -> None:
    w = build()
    case = await r.commissioned(w, await w.with_province())
    agency = w.by("province.agency")
    path = f"/projects/{case.id}/appraisals/{case.data['number']}/draw"
    own = good(
        await agency("POST", "/experts", r.expert("360000", employer_name=case.data["owner"]["name"]))
    ).json()
    pool = good(await agency("GET", "/experts?standing=valid&limit=200")).json()["items"]
    named = next(each["expert_id"] for each in pool if each["user_id"])
    refused = await agency(
        "POST", path, {"directed": [{"expert_id": own["expert_id"], "reason": "熟悉业务"}]}
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/directed/0/expert_id"
    assert refused.json()["errors"][0]["code"] == "no_login"
    bare = await agency("POST", path, {"directed": [{"expert_id": named}]})
    assert (bare.status_code, bare.json()["code"]) == (422, "invalid_body")
    for count in (2, 1, 4):
        even = await agency("POST", path, {"count": count})
        assert (even.status_code, even.json()["errors"][0]["pointer"]) == (422, "/count")
    assert (await appraisal(w, case))["experts"] == []
    made = good(
        await agency("POST", path, {"directed": [{"expert_id": named, "reason": "唯一的专业人选"}]})
    ).json()
    chosen = {seat["expert_id"]: (seat["chosen"], seat["reason"]) for seat in made["experts"]}
    assert chosen[named] == ("directed", "唯一的专业人选")
    assert sorted(how for how, _ in chosen.values()) == ["directed", "drawn", "drawn"]
    assert made["draw"]["reproduced"] is True
    full = await agency("POST", path, {})
    assert (full.status_code, full.json()["code"]) == (409, "panel_full")


async def test_another_office_is_no_agency_and_another_agency_does_not_act(build: Any, as_user: Any) -> None:
    """Art. 18: commissioned is an agency, and only its own people draw, replace and conclude."""
    w = build()
    before = await w.with_province()
    path = f"/projects/{before.id}/appraisals"
    offices = good(await w.by("province.drc")("GET", "/offices?limit=200")).json()["items"]
    treasury = next(each["office_id"] for each in offices if each["name"] == "省财政厅")
    wrong = await w.by("province.office")(
        "POST", path, {**r.commission(w, "province"), "agency_office_id": treasury}, etag=before.etag
    )
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "not_an_agency")
    administrator = as_user("360000", "administrator")
    second = {
        "name": "省第二评估机构",
        "tier": "province",
        "division": "360000",
        "office_kind": "other",
        "organ": "agency",
        "valid_from": "2024-01-01",
    }
    made = good(await administrator("POST", "/offices", second)).json()
    asked = {**r.commission(w, "province"), "agency_office_id": made["office_id"]}
    await r.pooled(w)
    case = await w.step(before, "province.office", "appraisals", asked)
    number = good(await w.by("province.office")("GET", path)).json()["items"][-1]["number"]
    for verb, body, etag in (("draw", {}, None), ("conclude", r.report(), case.etag)):
        refused = await w.by("province.agency")("POST", f"{path}/{number}/{verb}", body, etag=etag)
        assert refused.status_code == 404  # not commissioned: the case is not there
    person = {"login": "agency.second", "name": "第二机构经办人", "office_id": made["office_id"]}
    user = good(await administrator("POST", "/users", person)).json()
    good(await administrator("PUT", f"/users/{user['id']}/roles/agency"))
    grant = {"grant_type": "urn:tongjian:grant:development", "username": "360000/agency.second"}
    caller = w.by("province.agency")
    token = good(await caller.client.post("/api/v1/oauth/token", data=grant)).json()["access_token"]
    own = type(caller)(caller.client, token)
    assert good(await own("POST", f"{path}/{number}/draw", {})).json()["status"] == "drawn"


async def test_a_commission_runs_once_and_lapses_with_a_return(build: Any) -> None:
    w = build()
    case = await r.commissioned(w, await w.with_province())
    twice = await case.tried("province.office", "appraisals", r.commission(w, "province"))
    assert (twice.status_code, twice.json()["code"], twice.json()["gate"], twice.json()["article"]) == (
        409,
        "gate_shut",
        "no_appraisal_underway",
        18,
    )
    await _refused_by_day_or_agency(w)
    city = await case.tried("city.gatekeeper", "appraisals", r.commission(w, "city"))
    assert (city.status_code, city.json()["code"]) == (409, "action_not_allowed")
    back = await w.step(case, "province.office", "province-return", {"reason": "补充材料"})
    codes = [{"code": "not_in_library", "reason": "上级统一部署"}]
    sent = await w.step(back, w.owner, "submit", {"reasons": codes})
    passed = await w.step(
        sent,
        "city.gatekeeper",
        "gatekeeping/pass",
        {"opinions": [{"code": "not_in_library", "accepted": True}]},
    )
    again = await w.step(passed, "city.gatekeeper", "hand-over", {})
    await w.step(again, "province.office", "appraisals", r.commission(w, "province"))
    rows = good(await w.by("province.agency")("GET", f"/projects/{case.id}/appraisals")).json()["items"]
    assert [(each["number"], each["status"]) for each in rows] == [(1, "lapsed"), (2, "commissioned")]


async def _refused_by_day_or_agency(w: Any) -> None:
    """Not by a day that is over, and to an agency of the province only."""
    past = {**r.commission(w, "province"), "due_on": "2020-01-01"}
    before = await w.with_province()
    late = await before.tried("province.office", "appraisals", past)
    assert (late.status_code, late.json()["errors"][0]) == (
        422,
        late.json()["errors"][0] | {"pointer": "/due_on", "code": "date_order"},
    )
    strange = {**r.commission(w, "province"), "agency_office_id": r.agency("360100")}
    other = await before.tried("province.office", "appraisals", strange)
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/agency_office_id")
