"""Recipes for what reaches people: deputies."""

from __future__ import annotations

import itertools
from datetime import timedelta

from service.kit import clock
from service.kit.clock import legal_day
from tests.contract.recipes import ADMIN, KEEPER, on, recipe
from tests.contract.recipes_administration import new_office, new_user
from tests.lives import Ready, World, good

_days = itertools.count(1)


async def _deputy(w: World) -> dict[str, str]:
    """Somebody new who stands for the gatekeeper for one day, a later one each time."""
    user = await new_user(w)
    day = (legal_day(clock.now()) + timedelta(days=next(_days))).isoformat()
    login = good(await w.by(ADMIN)("GET", f"/users/{user.id}")).json()["login"]
    return {"role": "gatekeeper", "deputy_login": login, "from_day": day, "until_day": day}


@recipe("deputies_name")
async def _(w: World) -> Ready:
    return Ready(KEEPER, body=await _deputy(w))


@recipe("deputies_end")
async def _(w: World) -> Ready:
    return on(await w.made(KEEPER, "/deputies", await _deputy(w)), KEEPER)


@recipe("offices_desks")
async def _(w: World) -> Ready:
    return on(await new_office(w), ADMIN)


@recipe("offices_set_desk")
async def _(w: World) -> Ready:
    office = await new_office(w)
    return Ready(
        ADMIN, {"ref": office.id, "role": "gatekeeper"}, {"telephone": "0791-88881234", "room": "3 号楼 512"}
    )
