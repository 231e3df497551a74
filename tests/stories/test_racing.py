"""Decisions that race: whoever comes first decides, once; everybody else is told that the case has moved on
(arts 9, 14, 20, 23). Over HTTP, on real connections; `TONGJIAN_RACES` says how many times (40; `make stories`: 200)."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from service.kit.db import Door
from service.settings import Settings
from tests.lives import APPROVAL, Life, World, builder
from tests.lives.reviews import approval, to_decided
from tests.stories.teller import problem_of

pytestmark = pytest.mark.long  # whole lives over HTTP; the shorter ones stay in `make test`

CITY, PROVINCE = "360800", "360000"
WHY = {"reason": "请补充说明"}
TAKE = {"reason": "另行安排"}
# Told beside the case's own steps, without moving it.
ASIDE = (
    "review.experts_drawn",
    "review.assigned",
    "review.scored",
    "review.scores_opened",
    "review.opinion_given",
    "expert.added",
)


@dataclass(frozen=True)
class Rival:
    """One who decides: who, by which verb, with what."""

    who: str
    verb: str
    body: Any
    outcome: str


PASS = Rival("city.gatekeeper", "gatekeeping/pass", {}, "gatekept")
RETURN = Rival("city.gatekeeper", "gatekeeping/return", WHY, "returned")
WITHDRAW = Rival("city.portal", "withdraw", TAKE, "withdrawn")
APPROVE = Rival("city.approver", "approve", APPROVAL, "city_approved")
SUBMIT = Rival("city.portal", "submit", {"reasons": []}, "submitted")
TIMES = int(os.environ.get("TONGJIAN_RACES", "40"))
# Of twenty races, so many of each kind.
RACES: dict[str, tuple[int, tuple[Rival, ...]]] = {
    "submitted": (7, (PASS, RETURN, WITHDRAW)),
    "gatekept": (7, (APPROVE, RETURN, WITHDRAW)),
    "returned": (2, (WITHDRAW, SUBMIT)),
    "approved_twice": (2, (APPROVE, APPROVE)),
    "decided": (
        2,
        (
            Rival("province.drc", "province-approve", None, "approved"),
            Rival("province.office", "province-return", WHY, "returned"),
        ),
    ),
}
WON: Counter[tuple[str, str]] = Counter()


@pytest.fixture
def world(as_user: Any, door: Door, settings: Settings) -> World:
    return builder(as_user, door, settings)(tenant=CITY)


async def _ready(world: World, race: str) -> Life:
    if race == "decided":
        return await to_decided(world)
    if race in ("submitted", "returned"):
        case = await world.submitted()
        if race == "returned":
            return await world.step(case, "city.gatekeeper", "gatekeeping/return", WHY)
        return case
    return await world.gatekept()


async def _once(world: World, race: str, rng: random.Random) -> str:
    """One race: all start from the same version; one wins. Gives the case's bare id."""
    case = await _ready(world, race)
    rivals = list(RACES[race][1])
    rng.shuffle(rivals)
    version, etag = case.data["version"], case.etag

    async def run(rival: Rival) -> tuple[Rival, Any]:
        body = approval() if rival.body is None else rival.body
        return rival, await case.tried(rival.who, rival.verb, body, etag=etag)

    answers = await asyncio.gather(*map(run, rivals))
    winners = [rival for rival, answer in answers if answer.is_success]
    assert len(winners) == 1, [
        (rival.verb, answer.status_code, answer.text[:200]) for rival, answer in answers
    ]
    for _, answer in answers:
        if not answer.is_success:
            problem = problem_of(answer)
            assert (answer.status_code, problem["code"]) in (
                (409, "action_not_allowed"),
                (412, "stale_version"),
            ), answer.text
    now = (await world.read("city.portal", f"/projects/{case.id}")).data
    assert (now["state"], now["version"]) == (winners[0].outcome, version + 1)
    steps = (await world.by("city.portal")("GET", f"/projects/{case.id}/history")).json()["transitions"]
    assert len(steps) == version, "every version but the draft's is one step"
    assert steps[-1]["to_state"] == now["state"]
    WON[race, winners[0].verb] += 1
    return case.id.removeprefix(f"{CITY}-")


async def _consistent(world: World, settings: Settings, raced: list[str]) -> None:
    """One event and one audit entry per step, and the province's totals are those of the cases themselves.

    Other stories told in the same database left cases of their own in the city: the totals count them too.
    """
    connection = await asyncpg.connect(settings.database_url)
    try:
        rows = await connection.fetch(
            "SELECT t.project_id::text AS id, count(*) AS steps, (SELECT count(*) FROM outbox o WHERE o.tenant_id = $1"
            " AND o.snapshot -> 'project' ->> 'id' = $1 || '-' || t.project_id AND o.kind <> ALL($2)) AS events,"
            " (SELECT count(*) FROM audit_entries a WHERE a.tenant_id = $1 AND a.object_id = t.project_id::text"
            " AND a.action LIKE 'project.%') AS audited"
            " FROM transitions t WHERE t.tenant_id = $1 AND t.project_id::text = ANY($3) GROUP BY t.project_id",
            CITY,
            list(ASIDE),
            raced,
        )
        cases = await connection.fetch(
            "SELECT state, count(*) AS count, sum(coalesce(approved_fen, investment_fen)) AS fen FROM projects"
            " WHERE tenant_id = $1 AND route IS NOT NULL AND month IS NOT NULL GROUP BY state",
            CITY,
        )
    finally:
        await connection.close()
    assert len(rows) == len(raced)
    odd = [dict(row) for row in rows if row["steps"] != row["events"] or row["audited"] < row["steps"]]
    assert not odd, odd[:5]
    totals = (
        await world.by("province.office")("GET", f"/monitoring/totals?tenant={CITY}&group=state")
    ).json()["items"]
    told = {
        each["state"]: (each["count"], Decimal(each["amount_yuan"]) * 100) for each in totals if each["count"]
    }
    assert told == {row["state"]: (row["count"], row["fen"]) for row in cases}


async def test_races_have_one_outcome_each(world: World, settings: Settings) -> None:
    """Exactly one outcome: one step, the version up by one, one event, totals that agree."""
    rng, before = random.Random(20230928), sum(WON.values())
    raced = [
        await _once(world, race, rng)
        for race, (share, _) in RACES.items()
        for _ in range(share * TIMES // 20)
    ]
    assert sum(WON.values()) - before == len(raced) == TIMES
    await _consistent(world, settings, raced)
    print("\n赛跑结果：" + "；".join(f"{race} {verb} {count}" for (race, verb), count in sorted(WON.items())))
    for race in (
        "submitted",
        "gatekept",
        *(("decided",) if TIMES >= 200 else ()),
    ):  # of four, one may win all
        assert len([verb for each, verb in WON if each == race]) > 1, "nobody wins always"
