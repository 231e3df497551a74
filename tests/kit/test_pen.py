"""The province's login changes a case it does not hold only where the lifecycle table gives its organs an act without
the pen (docs/decisions/0027): tried state by state, as that login.
"""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.kit.ids import parse_ref
from service.measures.lifecycle import TRANSITIONS
from service.measures.lifecycle_states import Holder, Procedure, State
from service.settings import Settings
from tests.factories import draft
from tests.worlds import by_hand

# There the pen is the province's, so that its own acts pass by that.
ITS_OWN = (State.WITH_PROVINCE, State.IN_JOINT_REVIEW, State.LEADING_GROUP_DECIDED)
ROUTES = (Procedure.CITY_FILING, Procedure.PROVINCIAL_REVIEW)


def _penless(state: State, route: Procedure) -> bool:
    return any(
        row.source is state
        and row.procedure is route
        and row.holder_before is not Holder.PROVINCE
        and any(who.startswith("province.") for who in row.who)
        for row in TRANSITIONS.values()
    )


@pytest.fixture
async def case(as_user: Any) -> str:
    made = await as_user("360100")("POST", "/projects", draft())
    assert made.is_success, made.text
    return parse_ref(made.json()["id"]).id


@pytest.mark.long
async def test_the_province_changes_what_it_does_not_hold_only_where_the_table_says(
    case: str, settings: Settings
) -> None:
    by_hand(case)
    owner = await asyncpg.connect(settings.database_url)
    province = await asyncpg.connect(settings.province_url)
    known = {(row.source, row.procedure) for row in TRANSITIONS.values()}
    told, expected = {}, {}
    for state, route in sorted(known):
        if route not in ROUTES or state in ITS_OWN:
            continue
        await owner.execute(
            "UPDATE projects SET state = $2, route = $3, holder = 'owner', submissions = 1 WHERE id = $1",
            case,
            state.value,
            route.value,
        )
        async with province.transaction():
            done = await province.execute("UPDATE projects SET version = version WHERE id = $1", case)
        told[state, route] = done == "UPDATE 1"
        expected[state, route] = _penless(state, route)
    assert told == expected
    assert sum(expected.values()) > 15
    assert not told[State.RETURNED, Procedure.CITY_FILING], "what a city gave back is its owner's"
    await owner.execute("UPDATE projects SET state = 'draft', submissions = 0 WHERE id = $1", case)
    await owner.close()
    await province.close()
