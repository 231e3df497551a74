"""What is owed is derived when it is read: no relay, no daily look (arts 8, 9, 23, 27; decision 0092)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import draft

BIG = {"investment_yuan": "6000000.00"}


@pytest.fixture
def need(as_user: Any) -> Any:
    """need(tenant, login, **facts) → the draft of a need, and who made it."""

    async def make(tenant: str = "360700", login: str | None = None, **facts: Any) -> tuple[Any, Any]:
        body = draft(tenant, facts={**BIG, **facts}) if tenant != "360000" else draft(facts={**BIG, **facts})
        if login is not None:
            del body["owner_office_id"]
        owner = as_user(tenant, login)
        made = await owner("POST", "/needs", body)
        assert made.status_code == 201, made.text
        return owner, made

    return make


async def duties(caller: Any, answer: Any) -> list[tuple[Any, ...]]:
    """(code, key, state, late, days left) of one case; what its list says of it is the same."""
    ref = answer.json()["id"]
    items = (await caller("GET", f"/projects/{ref}/obligations")).json()["items"]
    owed = [each for each in items if each["state"] in ("open", "lapsed")]
    page = (await caller("GET", "/obligations?limit=200")).json()["items"]
    assert [each["id"] for each in page if each["project_id"] == ref] == [each["id"] for each in owed]
    return [(each["code"], each["due"], each["state"], each["late"], each["days_left"]) for each in items]


@pytest.mark.parametrize(("tenant", "login", "article"), [("360700", None, 9), ("360000", "department", 8)])
async def test_a_draft_knows_of_30_june_when_it_is_read(
    at: Any, need: Any, tenant: str, login: str | None, article: int
) -> None:
    at("2026-03-02")
    owner, made = await need(tenant, login)
    assert await duties(owner, made) == [("need_report", "2026-06-30", "open", False, 120)]
    at("2026-06-30")
    assert await duties(owner, made) == [("need_report", "2026-06-30", "open", False, 0)]
    at("2026-07-01")
    assert await duties(owner, made) == [("need_report", "2026-06-30", "lapsed", True, -1)]
    _, late = await need(tenant, login)
    (fresh,) = await duties(owner, late)
    assert fresh == ("need_report", "2027-06-30", "open", False, 364), "the next round's"
    item = (await owner("GET", f"/projects/{late.json()['id']}/obligations")).json()["items"][0]
    assert item["article"] == article


async def test_lists_alone_know_it_too(at: Any, as_user: Any, need: Any, approve: Any) -> None:
    """The page, the counts and the calendar derive by themselves."""
    at("2026-03-02")
    ref = await approve("2026-03-02", file=False, tenant="360800")  # the desks see no drafts of others
    assert ref.startswith("360800")
    counts = (await as_user("360800", "gatekeeper")("GET", "/obligations/summary")).json()["items"]
    found = {(t["tenant"], c["code"], c["open"]) for t in counts for c in t["codes"]}
    assert ("360800", "filing", 1) in found
    owner, made = await need("360900")
    page = (await owner("GET", "/obligations?code=need_report")).json()["items"]
    assert [each["project_id"] for each in page] == [made.json()["id"]]
    owner, made = await need("361000", "unit")
    assert "20260630" in (await owner("GET", "/obligations/calendar.ics")).content.decode()


async def test_a_draft_that_falls_below_the_limit_owes_nothing_at_once(at: Any, need: Any) -> None:
    """Arts 5, 9, R39: just below it owes nothing, at the limit it does."""
    at("2026-03-02")
    owner, made = await need(investment_yuan="5000000.00")
    assert [each[0] for each in await duties(owner, made)] == ["need_report"]
    path, facts = (
        f"/projects/{made.json()['id']}",
        draft("360700", facts={"investment_yuan": "4999999.99"})["facts"],
    )
    less = await owner("PATCH", path, {"facts": facts}, etag=made.headers["etag"])
    assert less.status_code == 200, less.text
    assert not [each for each in await duties(owner, less) if each[2] in ("open", "lapsed")]


async def test_an_act_and_a_new_year_are_known_before_anybody_looks(
    as_user: Any, at: Any, approve: Any
) -> None:
    at("2026-03-02")
    ref = await approve("2026-03-02", file=False, tenant="361100")
    keeper, owner = as_user("361100", "gatekeeper"), as_user("361100")
    items = (await keeper("GET", "/obligations?code=filing")).json()["items"]
    assert [(each["project_id"], each["due"]) for each in items] == [(ref, "2026-03-12")]
    etag = (await owner("GET", f"/projects/{ref}")).headers["etag"]
    begun = await owner("POST", f"/projects/{ref}/start", {"started_on": "2026-03-02", "note": ""}, etag=etag)
    assert begun.status_code == 200, begun.text

    async def reports() -> list[tuple[str, str]]:
        page = (await owner("GET", "/obligations?code=performance_report&limit=200")).json()["items"]
        return [(each["due"], each["state"]) for each in page if each["project_id"] == ref]

    at("2026-12-31")
    assert await reports() == [("2026-12-31", "open")]
    at("2027-01-01")
    assert await reports() == [("2026-12-31", "lapsed"), ("2027-12-31", "open")]


async def states(caller: Any, project: str, code: str) -> list[tuple[str, str]]:
    """(state, day kept or due) of one case's duties of a kind; the list of what is owed says the same."""
    items = (await caller("GET", f"/projects/{project}/obligations")).json()["items"]
    page = (await caller("GET", f"/obligations?code={code}&limit=200")).json()["items"]
    found = [each for each in items if each["code"] == code]
    owed = [each["id"] for each in found if each["state"] in ("open", "lapsed")]
    assert [each["id"] for each in page if each["project_id"] == project] == owed
    return sorted((each["state"], each["done_on"] or each["due"]) for each in found)


async def test_a_question_on_a_filing_is_owed_an_answer_at_once(as_user: Any, at: Any, approve: Any) -> None:
    """Art. 39: neither the question nor its answer touches the case."""
    at("2026-06-01")
    project = await approve("2026-06-01", tenant="360400")
    office, keeper = as_user("360000", "office"), as_user("360400", "gatekeeper")
    assert await states(keeper, project, "filing_query") == [], "and so the case was derived"
    filing = (await office("GET", f"/filings?project_id={project}")).json()["items"][0]["id"]
    path = f"/filings/{filing}/queries"
    asked = [await office("POST", path, {"question": text}) for text in ("如何对接省级平台？", "何时上线？")]
    assert await states(keeper, project, "filing_query") == [("open", "2026-06-11")] * 2
    answer = f"{path}/{asked[0].json()['id']}/answer"
    assert (await keeper("POST", answer, {"answer": "已经对接"})).status_code == 200
    assert await states(keeper, project, "filing_query") == [("done", "2026-06-01"), ("open", "2026-06-11")]
    counts = (await keeper("GET", "/obligations/summary")).json()["items"]
    assert [c["open"] for t in counts for c in t["codes"] if c["code"] == "filing_query"] == [1]


async def test_a_reading_takes_no_reminder_from_the_workers_look(
    at: Any, need: Any, look: Any, relay: Any, told: Any
) -> None:
    at("2026-03-02")
    owner, made = await need("360200")
    at("2026-06-23")  # a Tuesday, seven days before
    assert await duties(owner, made) == [("need_report", "2026-06-30", "open", False, 7)]
    await look()
    await look()
    assert [due for _, due in await told(made.json()["id"], "need_report")] == ["2026-06-30"]
