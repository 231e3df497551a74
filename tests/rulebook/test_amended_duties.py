"""A period that was amended over HTTP: the duties it moves name the document in lists, calendars and reminders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any

import asyncpg
import pytest

from service.kit import clock
from service.kit.clock import SHANGHAI, legal_day, now
from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.obligations import jobs
from service.settings import Settings
from tests.lives import World
from tests.rulebook.amending import amended
from tests.rulebook.conftest import submitted
from tests.worlds import world

settings, app, door, client, token, as_user = world()  # the periods of other files must not move
CITY, DOCUMENT = "360300", "赣府厅发〔2026〕31号"


@pytest.fixture
async def reminders(settings: Settings) -> AsyncIterator[Any]:
    """What was told of a case's filing."""
    connection = await asyncpg.connect(settings.database_url)

    async def find(project: str) -> list[str]:
        rows = await connection.fetch(
            "SELECT snapshot ->> 'message' AS said FROM outbox WHERE kind LIKE 'obligation.%' "
            "AND snapshot -> 'project' ->> 'id' = $1 AND snapshot -> 'obligation' ->> 'code' = 'filing'",
            project,
        )
        return [row["said"] for row in rows]

    yield find
    await connection.close()


async def approved(city: World, name: str) -> tuple[str, date]:
    today = legal_day(now())
    case = await submitted(city, name=name)
    await case.gatekeep()
    await case.approve(document_date=today.isoformat())
    return case.id, today


async def test_the_filing_is_owed_later_and_says_why(
    build: Any, as_user: Any, door: Door, reminders: Any
) -> None:
    city = build(tenant=CITY)
    old, before = await approved(city, "公园管理系统")
    start = legal_day(now()) + timedelta(days=1)
    period = [{"key": "filing.practice_days", "value": 12}]
    await amended(as_user, effective_from=start.isoformat(), entries=period)
    clock.travel(datetime.combine(start, time(10), SHANGHAI))
    new, after = await approved(city, "水库调度系统")
    clock.travel(datetime.combine(start + timedelta(days=14), time(10), SHANGHAI))
    await jobs.sweep(door, Telemetry(), {})
    keeper = as_user(CITY, "gatekeeper")
    for project, since, days, by in ((old, before, 10, []), (new, after, 12, [DOCUMENT])):
        listed = (await keeper("GET", f"/projects/{project}/obligations")).json()["items"]
        (owed,) = [each for each in listed if each["code"] == "filing"]
        assert owed["due"] == (since + timedelta(days=days)).isoformat()
        assert owed["amended_by"] == by
        assert owed["ground"] == "管理惯例，参照第二十三条" + (f"（{DOCUMENT}修改）" if by else "")
        told = await reminders(project)
        assert told and all(owed["ground"] in said and (DOCUMENT in said) == bool(by) for said in told)
