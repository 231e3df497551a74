"""What a made-up province's deployment does, in a process of its own (test_one_place starts it; never collected)."""

from __future__ import annotations

import json
from typing import Any

from service.console import monitor
from service.docs.texts import INFO
from service.kit.db import Door
from service.province import CODE, HERE
from service.rulebook.loader import base_divisions
from service.setup.seed import office_id
from service.similarity.vocabulary import places
from service.tasks import api as tasks
from service.worker import SUBSCRIBERS
from tests.factories import answered, draft

CITY, COUNTY = "990100", "990101"


async def test_a_case_goes_from_the_draft_to_the_provinces_register(as_user: Any, door: Door) -> None:
    assert CODE == "990000"
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


def test_without_tiles_they_stand_one_after_the_other() -> None:
    known = [{"code": row.code, "tier": row.tier.value} for row in base_divisions()]
    assert monitor._tiles(known) == {"990100": (1, 1), "990200": (2, 1), CODE: (3, 1)}
