"""A reorganisation: a bureau with a filed project is merged into another, which carries the project on."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.kit.ids import new_id
from tests.factories import city_office
from tests.lives import APPROVAL
from tests.stories import chapters as c
from tests.stories.teller import Person, Story, Tools

CITY = "360800"


async def bureau(admin: Any, name: str) -> dict[str, Any]:
    made = await admin(
        "POST",
        "/offices",
        {
            "name": f"{name}{new_id()[-6:]}",
            "tier": "city",
            "division": CITY,
            "office_kind": "administrative",
            "valid_from": "2024-01-01",
        },
    )
    assert made.status_code == 201, made.text
    return dict(made.json())


async def declared(story: Story, owner: Person, office: str, name: str, title: str, amount: str) -> None:
    text = c.declaration(title, CITY, None, investment_yuan=amount)
    await owner.does("起草申报", "POST", "/projects", {**text, "owner_office_id": office}, new=name)
    await c.submitted(story, owner, name)
    await c.gatekept(story, name)


async def test_a_bureau_is_merged_into_another(tools: Tools) -> None:
    story = Story("单位撤并，由新单位承接", tools, owner=(CITY, None))
    story.on(date(2026, 3, 2))
    admin, owner = tools.as_user(CITY, "administrator"), story.as_(CITY, None)
    old = await bureau(admin, "旧局")
    await declared(story, owner, old["office_id"], "p", "会议预约系统", "3900000.00")
    approval = {**APPROVAL, "approved_amount_yuan": "3900000.00", "document_date": "2026-03-02"}
    await story.as_(CITY, "approver").does("批复", "POST", "approve", approval, state="city_approved")
    await story.as_(CITY, "gatekeeper").does("备案", "POST", "file", {}, state="filed")
    await tools.relay()
    await story.due("start", date(2026, 9, 2), article=29)
    story.on(date(2026, 4, 1))
    path = f"/offices/{old['id']}"
    shut = await admin("PATCH", path, {"valid_to": "2026-04-01"}, etag='"1"')
    assert (shut.status_code, shut.json()["code"]) == (409, "office_not_empty"), shut.text
    wish = {"successor_office_id": city_office(CITY), "people": "move", "document": "编〔2026〕8号"}
    seen = await admin("POST", f"{path}/reorganise/preview", wish)
    assert {each["kind"]: each["count"] for each in seen.json()["handed"]}["case"] == 1, seen.text
    done = await admin("POST", f"{path}/reorganise", wish, etag='"1"')
    assert done.status_code == 200, done.text
    await tools.relay()
    for tenant, login in ((CITY, "gatekeeper"), (CITY, "unit"), ("360000", "office")):
        inbox = (await tools.as_user(tenant, login)("GET", "/inbox?kind=office.reorganised&limit=50")).json()[
            "items"
        ]
        assert any(old["name"] in each["title"] and "编〔2026〕8号" in each["body"] for each in inbox), login
    unit = story.as_(CITY, "unit")
    read = await unit.call("GET", story.path("/projects/{p}"))
    assert (read.status_code, read.json()["owner"]["office_id"]) == (200, city_office(CITY))
    history = (await unit.call("GET", story.path("/projects/{p}/history"))).json()["transitions"]
    assert (history[-1]["action"], history[-1]["details"]["from_name"]) == ("change_owner", old["name"])
    await story.due("start", date(2026, 9, 2), article=29)
    await c.started(story, owner)
    story.tell()
