"""What a made-up province's deployment does, in a process of its own (test_one_place starts it; never collected)."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from service.console import monitor
from service.console.account import demo_people
from service.docs.texts import INFO
from service.kit.db import Door
from service.province import CODE, HERE
from service.rulebook.loader import base_divisions, base_rulebook
from service.rulebook.route_command import answer_for, decode
from service.setup.seed import office_id
from service.similarity.vocabulary import places
from service.tasks import api as tasks
from service.worker import SUBSCRIBERS
from tests.console.browser import Browser
from tests.factories import answered, draft
from tests.province.made_up import CITY, COUNTY
from tests.province.made_up import CODE as MADE_UP

# Words and codes of the province whose data lie in the repository.
ELSEWHERE = re.compile(r"江西|赣|南昌|(?<![0-9a-f-])36(?:\d{4}|[A-Z]\w{3})(?![0-9a-f])")


async def test_a_case_goes_from_the_draft_to_the_provinces_register(as_user: Any, door: Door) -> None:
    assert CODE == MADE_UP
    unit, keeper, approver = (as_user(CITY, role) for role in ("unit", "gatekeeper", "approver"))
    made = await unit("POST", "/projects", {**draft(CITY), "owner_office_id": None})
    assert made.status_code == 201, made.text
    path, etag = f"/projects/{made.json()['id']}", made.headers["etag"]
    etag = await answered(unit, made.json()["id"], etag)
    for who, deed, body in (
        (unit, "submit", {}),
        (keeper, "gatekeeping/pass", {}),
        (
            approver,
            "approve",
            {
                "approved_amount_yuan": "3900000.00",
                "document_number": "东发改〔2026〕12号",
                "document_date": "2026-02-01",
                "document_digest": "0" * 64,
            },
        ),
        (keeper, "file", {}),
    ):
        done = await who("POST", f"{path}/{deed}", body, etag=etag)
        assert done.is_success, (deed, done.text)
        etag = done.headers.get("etag", "")
    assert done.json()["receipt"]["filed_with"] == HERE.filed_with
    office = as_user(CODE, "office")
    seen = await office("GET", path)
    assert seen.status_code == 200, seen.text
    assert seen.json()["filing_number"]
    filings = (await office("GET", "/filings?limit=5")).json()["items"]
    assert len(filings) == 1
    totals = await office("GET", "/monitoring/totals?group=tenant")
    assert CITY in totals.text
    # Another city sees nothing of it, and nobody of Jiangxi is known here.
    assert (await as_user("990200", "gatekeeper")("GET", path)).status_code == 404
    for answer in (seen, done, totals):
        assert "江西" not in answer.text
        assert '"36' not in answer.text


async def test_what_a_department_declares_goes_to_its_own_province(as_user: Any, door: Door) -> None:
    department, office = as_user(CODE, "department"), as_user(CODE, "office")
    made = await department("POST", "/projects", {**draft(CITY), "owner_office_id": None})
    assert made.status_code == 201, made.text
    etag = await answered(department, made.json()["id"], made.headers["etag"])
    path = f"/projects/{made.json()['id']}/submit"
    asked = (await department("POST", path, {}, etag=etag)).json()["findings"]
    reasons = [
        {"code": each["code"], "reason": "年度中新增的紧急任务"}
        for each in asked
        if each["severity"] == "in_principle"
    ]
    sent = await department("POST", path, {"reasons": reasons}, etag=etag)
    assert sent.status_code == 200, sent.text
    assert sent.json()["holder"] == "province"
    assert (await office("GET", f"/projects/{made.json()['id']}")).status_code == 200
    events = await door_events(door)
    assert any(each["tenant"] == CODE and each["role"] == "office" for each in events)
    assert SUBSCRIBERS


async def door_events(door: Door) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from service.kit.db import RELAY
    from service.kit.outbox import outbox
    from service.kit.statements import Statement

    rows = await door.fetch(RELAY, Statement(select(outbox.c.recipients)))
    return [each for row in rows for each in row["recipients"]]


def test_its_names_and_places_are_its_own() -> None:
    text = json.dumps(INFO, ensure_ascii=False)
    assert "示例省" in text
    assert "江西" not in text
    assert base_divisions().tenant_of(COUNTY) == CITY
    assert "360100" not in base_divisions()
    assert tasks._PROVINCE == CODE
    assert office_id(CODE, CODE, "x") != office_id("360000", "360000", "x")
    assert places()


def test_its_rule_book_is_its_own() -> None:
    """A limit of 4.8 million in place of five."""
    city, province = (decided(amount) for amount in ("4700000", "4900000"))
    assert city["route"] == "city_filing"
    assert province["route"] == "provincial_review"
    assert "4,800,000.00" in province["explanation"]


def decided(amount: str) -> dict[str, Any]:
    """What `tongjian route` says of a city's project."""
    facts = {
        "on": "2026-12-02",
        "declarant": {"tier": "city", "division": CITY},
        "project_class": "other",
        "kind": "new",
        "investment_yuan": amount,
        "fiscal_funds": True,
        "classified": False,
    }
    answer: dict[str, Any] = answer_for(decode(json.dumps(facts).encode()), base_rulebook(), base_divisions())
    return answer


async def test_no_page_names_another_province(app: Any) -> None:
    """Of one person of each audience: the first pages and whatever they lead to, each once."""
    opened: set[str] = set()
    people = [person for group in demo_people() for person in group.people]
    assert len(people) == 24
    for person in people:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            assert (await client.get(person.address)).status_code == 303
            browser, led = Browser(client), ["/console", "/console/more"]
            for path in led:
                shown = await browser.go(path)
                assert not (found := ELSEWHERE.search(shown.html)), (person.label, path, found)
                if path in ("/console", "/console/more"):
                    more = {
                        each.partition("?")[0] for each in re.findall(r'href="(/console/[^"#]*)"', shown.html)
                    }
                    led += sorted(
                        each for each in more - opened if "/static/" not in each and "/files/" not in each
                    )
                    opened |= more
    assert len(opened) > 40


def test_without_tiles_they_stand_one_after_the_other() -> None:
    known = [{"code": row.code, "tier": row.tier.value} for row in base_divisions()]
    assert monitor._tiles(known) == {"990100": (1, 1), "990200": (2, 1), CODE: (3, 1)}
