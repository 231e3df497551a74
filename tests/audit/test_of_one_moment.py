"""A page reads all of one moment; the anchors' file is outside of it, and must not seem ahead of the chain."""

from __future__ import annotations

from typing import Any

from service.audit.check import check_tenant, trusted_anchors
from service.audit.queries import TENANTS
from service.kit.db import RELAY
from service.kit.moment import MOMENT, Moment
from tests.audit.conftest import TENANT


async def test_what_was_sealed_while_a_page_was_read_is_not_cut_off(sealed: Any) -> None:
    moment = Moment(sealed.door)
    token = MOMENT.set(moment)
    try:
        assert await sealed.door.fetch(RELAY, TENANTS)  # the page has begun
        MOMENT.set(None)
        await sealed.write(3)
        assert await sealed.seal() == 3
        MOMENT.set(moment)
        anchors, faults = trusted_anchors(sealed.settings)
        verdict = await check_tenant(sealed.door, RELAY, TENANT, anchors)
        assert (verdict.problems, verdict.findings, faults) == (0, [], [])
        assert verdict.last_anchor is not None and verdict.sealed == verdict.last_anchor.seq == 13
    finally:
        await moment.close()
        MOMENT.reset(token)
