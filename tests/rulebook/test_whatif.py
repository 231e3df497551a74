"""What-if over real history: right, streamed, each in its reach, and nothing stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from service.kit.api import Again, caught_up
from service.kit.db import Door
from service.kit.errors import ServiceError
from service.kit.handler import Streamed
from service.settings import Settings
from tests.lives import Life, builder
from tests.rulebook.conftest import record, submitted, today

LOWER = {"changes": [{"key": "limit.other", "value": "3000000.00"}]}
WHY = "not_in_library"


async def lines(caller: Any, body: Any) -> list[dict[str, Any]]:
    answer = await caller("POST", "/rulebook/what-if", body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def listed(found: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {
        project["id"]: (project["route_before"], project["route_after"])
        for line in found[:-1]
        for project in line["projects"]
    }


@pytest.fixture(scope="module")
async def history(as_user: Any, door: Door, settings: Settings) -> dict[str, str]:
    """Projects of two cities by name, and a department's."""
    made: dict[str, Life] = {}
    for tenant in ("361000", "361100"):
        city = builder(as_user, door, settings)(tenant=tenant)
        made[f"{tenant} small"] = await submitted(city, investment_yuan="2900000.00")
        made[f"{tenant} middle"] = await submitted(city, investment_yuan="3000000.00")
        made[f"{tenant} large"] = await submitted(city, WHY, investment_yuan="7000000.00")
        made[f"{tenant} joint"] = await submitted(
            city,
            project_class="integration",
            investment_yuan="6000000.00",
            participating_offices=["甲局"],
        )
        made[f"{tenant} upkeep"] = await submitted(
            city, investment_yuan="5200000.00", of_which_maintenance_yuan="1000000.00"
        )
    return {name: case.id for name, case in made.items()}


async def test_a_lower_limit_moves_projects_of_all_tenants(as_user: Any, history: dict[str, str]) -> None:
    found = await lines(as_user("360000", "finance"), LOWER)
    assert [line["type"] for line in found[:1] + found[-1:]] == ["progress", "result"]
    assert found[-2]["read"] == found[-2]["total"] == found[-1]["projects"]
    moved, result = listed(found), found[-1]
    for tenant in ("361000", "361100"):
        assert moved[history[f"{tenant} middle"]] == ("city_filing", "provincial_review")
        assert moved[history[f"{tenant} upkeep"]] == ("city_filing", "provincial_review")
        assert not {history[f"{tenant} {name}"] for name in ("small", "large", "joint")} & moved.keys()
        flow = [f for f in result["flows"] if f["tenant"] == tenant and f["route_before"] != f["route_after"]]
        assert [(f["project_class"], f["count"], f["amount_yuan"]) for f in flow] == [
            ("other", 2, "8200000.00")
        ]
        work = {(w["project_class"], w["route"]): w for w in result["workload"] if w["tenant"] == tenant}
        assert (
            work["other", "provincial_review"]["count_before"],
            work["other", "provincial_review"]["count_after"],
        ) == (1, 3)
        assert work["other", "city_filing"]["amount_after_yuan"] == "2900000.00"
        gained = {f["code"]: f["gained"] for f in result["findings"] if f["tenant"] == tenant}
        assert gained["not_in_library"] == 2
    assert result["moved"] == len(moved) == result["listed"]
    assert result["unreadable"] == 0
    one = await lines(as_user("360000", "finance"), {**LOWER, "tenant": "361000"})
    assert one[-1]["not_as_recorded"] == 0


async def test_a_city_sees_its_own_history_only(as_user: Any, history: dict[str, str]) -> None:
    found = await lines(as_user("361000", "gatekeeper"), LOWER)
    assert {each["tenant"] for part in ("flows", "workload", "findings") for each in found[-1][part]} == {
        "361000"
    }
    assert found[-1]["projects"] == 5
    assert listed(found).keys() == {history["361000 middle"], history["361000 upkeep"]}
    foreign = await as_user("361000", "gatekeeper")(
        "POST", "/rulebook/what-if", {**LOWER, "tenant": "361100"}
    )
    assert foreign.status_code == 404
    one = await lines(as_user("360000", "office"), {**LOWER, "tenant": "361100"})
    assert {flow["tenant"] for flow in one[-1]["flows"]} == {"361100"}
    none = await as_user("360000", "office")("POST", "/rulebook/what-if", {**LOWER, "tenant": "999999"})
    assert none.status_code == 404


async def test_definitions_and_readings(as_user: Any, history: dict[str, str]) -> None:
    keeper = as_user("361000", "gatekeeper")
    both = {
        "reclassify": [
            {"from_class": "integration", "to_class": "other", "joint": False},
            {"from_class": "integration", "to_class": "other", "cross_level": False},
        ]
    }
    assert listed(await lines(keeper, both)) == {
        history["361000 joint"]: ("city_filing", "provincial_review")
    }
    counted = {"changes": [{"key": "maintenance_excluded.other", "value": False}]}
    assert listed(await lines(keeper, counted)) == {
        history["361000 upkeep"]: ("city_filing", "provincial_review")
    }
    wider = await lines(keeper, {"changes": [{"key": "near_line.percent", "value": 58}]})
    assert listed(wider) == {}
    assert {(f["code"], f["gained"]) for f in wider[-1]["findings"]} == {("near_line", 4)}
    later = await lines(keeper, {**LOWER, "decided_from": "2099-01-01"})
    assert (later[-1]["projects"], later[-1]["moved"]) == (0, 0)


async def test_each_project_is_replayed_by_the_citys_own_rules_of_its_day(build: Any, as_user: Any) -> None:
    tenant = "360900"
    assert (await record(as_user, tenant, "near_line.percent", 60)).status_code == 201
    sent = await submitted(build(tenant=tenant), investment_yuan="3200000.00")
    assert {f["code"] for f in sent.data["decision"]["findings"]} == {"near_line"}
    found = await lines(as_user(tenant, "approver"), {"changes": [{"key": "near_line.percent", "value": 55}]})
    assert found[-1]["findings"] == [], "the city's own share is wider still"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "", "nothing_changed"),
        ({"changes": [{"key": "no.such", "value": 1}]}, "/changes/0/key", "unknown_key"),
        ({"changes": [{"key": "trial_run.months", "value": 3}]}, "/changes/0/key", "not_replayable"),
        ({"changes": [{"key": "limit.other", "value": 3000000}]}, "/changes/0/value", "wrong_type"),
        ({"changes": LOWER["changes"] * 2}, "/changes", "duplicate_key"),
        (
            {"reclassify": [{"from_class": "other", "to_class": "nothing"}]},
            "/reclassify/0/to_class",
            "invalid_choice",
        ),
    ],
)
async def test_what_cannot_be_replayed_is_refused_before_anything_is_sent(
    as_user: Any, body: Any, pointer: str, code: str
) -> None:
    refused = await as_user("360000", "office")("POST", "/rulebook/what-if", body)
    assert refused.status_code == 422, refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(pointer, code)]


async def test_nothing_is_stored(as_user: Any, settings: Settings, history: dict[str, str]) -> None:
    connection = await asyncpg.connect(settings.database_url)
    tables = [
        r["tablename"]
        for r in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname='public'")
    ]
    count = " UNION ALL ".join(
        f"SELECT '{t}', count(*), max(xmin::text::bigint) FROM \"{t}\"" for t in tables
    )
    before = await connection.fetch(count)
    await lines(as_user("360000", "office"), LOWER)
    body = {"key": "near_line.percent", "value": 50, "effective_from": today()}
    assert (
        await as_user("361000", "gatekeeper")("POST", "/rulebook/overlays/preview", body)
    ).status_code == 200
    reading = {
        "supersedes": "R1",
        "effective_from": today(),
        "sets": [{"key": "limit.figure_included", "value": False}],
    }
    assert (
        await as_user("360000", "office")("POST", "/rulebook/interpretations/preview", reading)
    ).status_code == 200
    assert await connection.fetch(count) == before
    await connection.close()


async def test_who_may(as_user: Any) -> None:
    for tenant, login in (
        ("361000", None),
        ("361000", "unit"),
        ("360100", "360102.unit"),
        ("360000", "department"),
    ):
        assert (await as_user(tenant, login)("POST", "/rulebook/what-if", LOWER)).status_code == 403


async def test_a_broken_replay_says_so_on_its_last_line(
    as_user: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, seen = app.app.state.services.door, 0
    fetch = door.fetch

    async def failing(scope: Any, statement: Any, **more: Any) -> Any:
        nonlocal seen
        if "limit" in more:
            seen += 1
            raise asyncpg.ConnectionDoesNotExistError("gone")
        return await fetch(scope, statement, **more)

    monkeypatch.setattr(door, "fetch", failing)
    found = await lines(as_user("360000", "office"), LOWER)
    assert (found[0]["type"], found[-1]["type"], found[-1]["code"], seen) == (
        "progress",
        "failed",
        "unavailable",
        1,
    )


async def test_who_hangs_up_ends_the_making() -> None:
    made, closed = 0, asyncio.Event()

    async def parts() -> AsyncGenerator[bytes, None]:
        nonlocal made
        try:
            while True:
                made += 1
                yield b"line\n"
                await asyncio.sleep(0)
        finally:
            closed.set()

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        while made < 3:
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    async with asyncio.timeout(120):
        await Streamed(200, {"content-type": "text/plain"}, parts())({}, receive, send)  # type: ignore[typeddict-item]
    assert closed.is_set()
    assert 3 <= made < 50
    assert sent[0]["status"] == 200


async def test_a_command_that_finds_its_books_behind_runs_again_a_few_times() -> None:
    runs, caught = 0, 0

    async def catch_up() -> None:
        nonlocal caught
        caught += 1

    def behind(times: int) -> Callable[[], Any]:
        async def run() -> str:
            nonlocal runs
            runs += 1
            if runs <= times:
                raise Again(catch_up)
            return "done"

        return run

    assert await caught_up(behind(2)) == "done"
    assert (runs, caught) == (3, 2)
    runs = 0
    with pytest.raises(ServiceError) as refused:
        await caught_up(behind(99))
    assert (refused.value.status, runs) == (503, 3)


async def test_an_interpretation_recorded_elsewhere_is_known_before_the_next_decision(
    build: Any, as_user: Any, door: Door, settings: Settings, token: Any
) -> None:
    from service.rulebook.following import RuleBookFollower
    from tests.rulebook.test_interpretations import EXCLUSIVE, INCLUSIVE, reading
    from tests.worlds import Caller, running

    tenant, office = "360400", as_user("360000", "office")
    case = await submitted(build(tenant=tenant), WHY, investment_yuan="5000000.00")
    async with running(settings) as other:
        await other.app.state.services.shelf[RuleBookFollower].stop()
        assert (await office("POST", "/rulebook/interpretations", reading(sets=EXCLUSIVE))).status_code == 201
        try:
            transport = httpx.ASGITransport(app=other, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
                there = builder(lambda t, who=None: Caller(client, token(t, who)), door, settings)
                case.world = there(tenant=tenant)
                await case.gatekeep()
                assert case.data["route"] == "city_filing"
        finally:
            body = reading(sets=INCLUSIVE, text="恰好等于限额的报省。")
            assert (await office("POST", "/rulebook/interpretations", body)).status_code == 201
