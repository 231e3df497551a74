"""Recipes for personal reminders: the settings are there already, since codes are few a day."""

from __future__ import annotations

import itertools
from typing import Any

import asyncpg

from service.reminders.codes import code_of
from service.setup.seed import user_id
from tests.contract.recipes import KEEPER, recipe
from tests.lives import Ready, World
from tests.seeding import SECRET

_hours = itertools.count()
_ROW = """INSERT INTO reminder_settings (tenant_id, user_id, channel, address, mode, hour, kinds, verified_at, code_at,
    code_tries, codes, codes_on, changed_at)
  VALUES ($1, $2, 'mail', 'keeper@example.gov.cn', 'digest', 9, '{tasks}', NULL, now() - interval '2 minutes', 0, 1,
    current_date, now())
  ON CONFLICT (tenant_id, user_id) DO UPDATE SET address = 'keeper@example.gov.cn', mode = 'digest', hour = 9,
    kinds = '{tasks}', verified_at = NULL, code_at = now() - interval '2 minutes',
    code_tries = 0, codes = 1 RETURNING *"""


async def _asked(w: World) -> dict[str, Any]:
    """The gatekeeper has chosen an address two minutes ago, and has not proved it yet."""
    connection = await asyncpg.connect(w.owner_url)
    try:
        return dict(await connection.fetchrow(_ROW, w.tenant, user_id(w.tenant, "gatekeeper")))
    finally:
        await connection.close()


@recipe("me_notifications")
async def _(w: World) -> Ready:
    await _asked(w)
    return Ready(KEEPER)


@recipe("me_change_notifications")
async def _(w: World) -> Ready:
    await _asked(w)
    return Ready(KEEPER, body={"mode": "digest", "hour": next(_hours) % 24, "kinds": ["tasks", "due"]})


@recipe("me_send_code")
async def _(w: World) -> Ready:
    await _asked(w)
    return Ready(KEEPER)


@recipe("me_verify_address")
async def _(w: World) -> Ready:
    return Ready(KEEPER, body={"code": code_of(SECRET, await _asked(w))})


@recipe("me_stop_notifications")
async def _(w: World) -> Ready:
    await _asked(w)
    return Ready(KEEPER)
