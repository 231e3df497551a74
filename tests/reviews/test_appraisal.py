"""Appraisal over HTTP (art. 18): sealed scores, draws and recusals on record, who sees what, what shuts the road."""

from __future__ import annotations

import itertools
from typing import Any

import asyncpg
import pytest

from tests import factories
from tests.lives import Thing, good
from tests.lives import reviews as r
from tests.reviews.conftest import appraisal

MARK = "只在评分表里出现的一句话"


@pytest.mark.long
async def test_unsealed_scores_never_leak(build: Any) -> None:
    """Art. 18: until the last sheet is in, nobody reads one: agency, office, owner, expert, supervisor, tenant."""
    w = build()
    case = await r.drawn(w, await w.with_province())
    work = await r.assigned(w, case)
    assert len(work) == 3
    logins = list(work)
    secret = {**r.sheet(37), "opinion": MARK}
    secret["scores"][0]["opinion"] = MARK
    for login in logins[:2]:
        caller = await r.as_expert(w, "province", login)
        sent = await caller("POST", f"/assignments/{work[login]}/score", secret)
        assert (sent.status_code, sent.content) == (204, b"")
    await w.delivered()
    readers = [
        "province.agency",
        "province.office",
        "province.supervisor",
        "province.auditor",
        "province.drc",
        "city.portal",
        "city.gatekeeper",
        "city.agency",
        "city.unit",
    ]
    paths = [
        *(f"/projects/{case.id}{tail}" for tail in ("", "/appraisals", "/history", "/records")),
        "/inbox?limit=200",
        "/feed?limit=200",
        "/audit?limit=200",
    ]
    for who, path in itertools.product(readers, paths):
        assert MARK not in (await w.by(who)("GET", path)).text, (who, path)
    shown = await appraisal(w, case)
    assert (shown["sheets"], shown["averages"], shown["scored"]) == (None, None, 2)
    for login in logins:
        caller = await r.as_expert(w, "province", login)
        for path in (f"/assignments/{work[login]}", "/assignments?limit=200", "/inbox?limit=200"):
            assert MARK not in good(await caller("GET", path)).text
    await _opened_by_the_last(w, case, work, logins, secret)


async def _opened_by_the_last(w: Any, case: Any, work: Any, logins: Any, secret: Any) -> None:
    """With the last sheet all are open: to the agency, and to nobody of the city."""
    last = await r.as_expert(w, "province", logins[2])
    good(await last("POST", f"/assignments/{work[logins[2]]}/score", secret))
    opened = await appraisal(w, case)
    assert opened["status"] == "scored"
    assert [sheet["opinion"] for sheet in opened["sheets"]] == [MARK] * 3
    for who in ("city.portal", "city.gatekeeper", "province.drc"):
        assert MARK not in good(await w.by(who)("GET", f"/projects/{case.id}/appraisals")).text
    assert good(await last("GET", f"/assignments/{work[logins[2]]}")).json()["sheet"]["opinion"] == MARK


@pytest.mark.parametrize(
    ("login", "scope"), [("province_url", "360000/*"), ("tenant_url", "360000/*"), ("tenant_url", "360100/*")]
)
async def test_the_database_itself_keeps_sheets_sealed(
    build: Any, settings: Any, login: str, scope: str
) -> None:
    """Art. 18: even a query of our own finds no sheet before the last one, and a city none of the province's ever."""
    w = build()
    case = await r.drawn(w, await w.with_province())
    work = await r.assigned(w, case)
    connection = await asyncpg.connect(getattr(settings, login))
    found = "SELECT count(*) FROM appraisal_scores WHERE assignment_id::text = ANY($1)"
    ids = [each[7:] for each in work.values()]

    async def count() -> int:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL app.scope = '{scope}'")
            return int(await connection.fetchval(found, ids))

    try:
        for number, (name, assignment) in enumerate(work.items(), 1):
            good(
                await (await r.as_expert(w, "province", name))(
                    "POST", f"/assignments/{assignment}/score", r.sheet()
                )
            )
            seen = await count()
            assert seen == (3 if number == 3 and login == "province_url" else 0), (number, login, scope)
    finally:
        await connection.close()


async def test_a_sheet_is_given_once_complete_and_by_its_own_expert(build: Any) -> None:
    w = build()
    case = await r.drawn(w, await w.with_province())
    work = await r.assigned(w, case)
    (one, mine), (other, _) = list(work.items())[:2]
    me, colleague = await r.as_expert(w, "province", one), await r.as_expert(w, "province", other)
    lacking = r.sheet()
    lacking["scores"][0] = lacking["scores"][1]
    refused = await me("POST", f"/assignments/{mine}/score", lacking)
    assert refused.status_code == 422
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/scores/1/criterion", "duplicate"),
        ("/scores", "criterion_missing"),
    ]
    assert (await colleague("POST", f"/assignments/{mine}/score", r.sheet())).status_code == 404
    assert (await colleague("GET", f"/assignments/{mine}")).status_code == 404
    assert (await me("GET", f"/projects/{case.id}")).status_code == 403  # assigned cases only, and only there
    good(await me("POST", f"/assignments/{mine}/score", r.sheet()))
    again = await me("POST", f"/assignments/{mine}/score", r.sheet(1))
    assert (again.status_code, again.json()["code"]) == (409, "already_scored")
    assert "article" not in again.json(), "no article says that a sheet is given once"
    late = await me("POST", f"/assignments/{mine}/recuse", {"reason": "想起曾参与方案"})
    assert (late.status_code, late.json()["code"]) == (409, "already_scored")


async def test_an_expert_reads_the_declared_case_and_no_other(build: Any) -> None:
    w = build()
    case = await r.drawn(w, await w.with_province())
    work = await r.assigned(w, case)
    login, mine = next(iter(work.items()))
    shown = good(await (await r.as_expert(w, "province", login))("GET", f"/assignments/{mine}")).json()
    assert shown["project_name"] == case.data["name"]
    assert shown["materials"]["technical_plan"]
    assert set(shown["criteria"]) == set(r.CRITERIA)
    idle = next(each for each in r.expert_logins("360000") if each not in work)
    listed = good(await (await r.as_expert(w, "province", idle))("GET", "/assignments?limit=200")).json()[
        "items"
    ]
    assert mine not in [each["id"] for each in listed]
    await w.delivered()
    messages = good(await w.by("province.expert")("GET", "/inbox?limit=200")).text
    assert case.data["name"] not in messages  # the desk is shared by all experts: its calls name no case


async def test_no_report_before_the_last_sheet_and_no_other_than_the_agencys(build: Any) -> None:
    """Art. 18: the report stands on all sheets; a minority's verdict needs a reason."""
    w = build()
    case = await r.drawn(w, await w.with_province())
    path = f"/projects/{case.id}/appraisals/{case.data['number']}/conclude"
    early = await w.by("province.agency")("POST", path, r.report(), etag=case.etag)
    assert (early.status_code, early.json()["code"], early.json()["waiting"]) == (409, "scores_missing", 3)
    for login, item in (await r.assigned(w, case)).items():
        sheet = r.sheet(60, "revise")
        good(await (await r.as_expert(w, "province", login))("POST", f"/assignments/{item}/score", sheet))
    office = await w.by("province.office")("POST", path, r.report(), etag=case.etag)
    assert office.status_code == 403
    stale = await w.by("province.agency")("POST", path, r.report("revise"), etag='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    against = await w.by("province.agency")("POST", path, r.report("pass"), etag=case.etag)
    assert (against.status_code, against.json()["errors"][0]["pointer"]) == (422, "/reason")
    made = good(await w.by("province.agency")("POST", path, r.report("revise"), etag=case.etag))
    shown = await appraisal(w, case, "city.portal")
    assert (shown["verdict"], shown["text"], shown["serves"]) == ("revise", "方案可行，投资合理", True)
    assert shown["averages"]["security"] == "60.0"
    assert (shown["experts"], shown["draw"], shown["sheets"], shown["panel"]) == (None, None, None, None)
    gate = await case.tried("province.office", "joint-review", {}, etag=made.headers["etag"])
    assert (gate.status_code, gate.json()["gate"], gate.json()["article"]) == (409, "appraisal_passed", 18)
    back = await w.step(
        w.case(case.id, made.headers["etag"]),
        "province.office",
        "province-return",
        {"reason": "按评估意见修改"},
    )
    assert back.data["state"] == "returned"
    moved = await case.tried("province.agency", "appraisals/1/draw", {}, etag=None)
    assert (moved.status_code, moved.json()["code"]) == (409, "appraisal_closed")


async def test_an_expert_reads_the_files_of_the_assigned_case_and_of_no_other(build: Any) -> None:
    """Arts 15, 18: what was declared with files is what is appraised; no other case, no working copy."""
    w = build()

    async def send(case: Thing, name: str, who: str = "city.portal", slot: str = "technical_plan") -> str:
        answer = await w.by(who)(
            "POST",
            f"/projects/{case.id}/documents",
            content=name.encode(),
            params={"slot": slot, "name": name},
        )
        return str(good(answer).json()["id"])

    draft = await w.draft(investment_yuan="5000000.00")
    plan = await send(draft, "plan.txt")
    draft.etag = await factories.answered(w.by(w.owner), draft.id, draft.etag)
    why = {"reasons": [{"code": "not_in_library", "reason": "上级统一部署"}]}
    sent = await w.step(draft, w.owner, "submit", why)
    accepted = {"opinions": [{"code": "not_in_library", "accepted": True}]}
    passed = await w.step(sent, "city.gatekeeper", "gatekeeping/pass", accepted)
    case = await r.drawn(w, await w.step(passed, "city.gatekeeper", "hand-over", {}))
    await send(case, "report.txt", "province.agency", "appraisal_report")
    other = await send(await w.with_province(), "other.txt")
    work = await r.assigned(w, case)
    login = next(iter(work))
    expert, path = await r.as_expert(w, "province", login), f"/assignments/{work[login]}/documents"
    assert [each["id"] for each in good(await expert("GET", path)).json()["items"]] == [plan]
    got = good(await expert("GET", f"{path}/{plan[7:]}/content"))
    assert (got.content, got.headers["content-type"]) == (b"plan.txt", "application/octet-stream")
    for strange in (other, f"360200-{plan[7:]}", f"{plan[:-1]}x", "nothing"):
        assert (await expert("GET", f"{path}/{strange}/content")).status_code == 404, strange
    outsider = next(name for name in r.expert_logins("360000") if name not in work)
    for tail in ("", f"/{plan[7:]}/content"):
        assert (await (await r.as_expert(w, "province", outsider))("GET", path + tail)).status_code == 404
    assert (await expert("GET", f"/documents/{plan}")).status_code == 403
    back = await w.step(case, "province.office", "province-return", {"reason": "请补充材料"})
    added = await send(back, "added.txt")
    assert [each["id"] for each in good(await expert("GET", path)).json()["items"]] == [plan]
    good(await expert("GET", f"{path}/{plan}/content"))  # as the list gives it
    assert (await expert("GET", f"{path}/{added[7:]}/content")).status_code == 404


async def test_one_expert_who_reads_his_call_hides_it_from_nobody(build: Any) -> None:
    """Each of the drawn has to score himself: one message each, none for who was not drawn."""
    w = build()
    case = await r.drawn(w, await w.with_province())
    await w.delivered()
    drawn = await r.assigned(w, case)
    for login in drawn:
        caller = await r.as_expert(w, "province", login)
        waiting = good(await caller("GET", "/inbox?unread=true&kind=review.assigned&limit=200")).json()[
            "items"
        ]
        assert waiting, login
        for each in waiting:
            assert (await caller("POST", f"/inbox/{each['id']}/read")).status_code == 200
        assert good(await caller("GET", "/inbox?unread=true&kind=review.assigned")).json()["items"] == []
    message = waiting[0]["id"]
    other = await r.as_expert(w, "province", next(login for login in drawn if login != list(drawn)[-1]))
    assert (await other("GET", f"/inbox/{message}")).status_code == 404, "it is one person's"
