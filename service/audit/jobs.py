"""The sealer and its hourly sweep, as the worker runs them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import asyncpg

from service.audit.check import trusted_anchors
from service.audit.queries import COUNTED, END, TENANTS, UNSEALED
from service.audit.seal import Head, anchor_log, seal_tenant, waits_since
from service.audit.verify import PATIENCE
from service.kit import clock
from service.kit.db import RELAY, Door, tenant_scope
from service.kit.held import SPAN, hold, release
from service.kit.ordering import database_now
from service.kit.telemetry import Telemetry
from service.settings import Settings

_AGE = ("tongjian_audit_unsealed_seconds", "Age of the oldest audit entry that is not in the chain")
_STRAY = (
    "tongjian_audit_stray_entries",
    "Audit entries that the sealer's window has left behind (at most 1000 per tenant)",
)
LEASE = "audit anchors"
Heads = dict[str, Head]  # by tenant
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


async def seal(door: Door, settings: Settings, telemetry: Telemetry, behind: Heads | None = None) -> int:
    """Chains every tenant's new entries, then anchors the heads that moved. Returns the number of entries.

    One worker of several does it, by lease; the others stand by. A tenant that fails does not hold up the others. The
    anchors come after the commits: a crash between leaves heads that the next one, or the sweep, anchors. `behind`
    keeps the heads that could not be written: the job fails again, and is told louder, until they are.
    """
    turn, behind = _Turn(door, settings), {} if behind is None else behind
    try:
        first = await turn.taken()
    except OSError:  # the anchors' place is away: nothing is chained, and the age must grow all the same
        telemetry.gauge(*_AGE, await _oldest(door))
        raise
    if turn.fence is None:
        telemetry.gauge(*_AGE, 0.0)  # not what it was when this one had the lease: the alarm would stay
        behind.clear()  # whoever has it swept when it came to him
        return 0
    now = await database_now(door)
    total, waiting = 0, list[datetime]()
    for row in await door.fetch(RELAY, TENANTS):
        if not await turn.kept():  # the next one, or the sweep, anchors what was sealed here
            telemetry.gauge(*_AGE, 0.0)
            return total
        try:
            sealed = await seal_tenant(door, row["tenant_id"], now)
        except asyncpg.PostgresError as error:
            telemetry.log.error("seal", tenant=row["tenant_id"], error=type(error).__name__)
            continue
        total += sealed.entries
        if sealed.head is not None:
            behind[sealed.head.tenant] = sealed.head
        if sealed.waiting is not None:
            waiting.append(sealed.waiting)
    telemetry.gauge(*_AGE, max(((now - at).total_seconds() for at in waiting), default=0.0))
    await anchor(door, list(behind.values()), settings, now, turn.fence)
    behind.clear()
    if first:  # whoever held it before may have died between a commit and its anchor
        await sweep(door, settings, telemetry)
    return total


async def _oldest(door: Door) -> float:
    """Seconds that the oldest entry waits for the chain; 0 where none does."""
    now = await database_now(door)
    since = [await waits_since(door, row["tenant_id"], now) for row in await door.fetch(RELAY, TENANTS)]
    return max((now - at).total_seconds() for at in (now, *since))


class _Turn:
    """This process's hold on the anchors: `fence` is None while another has it."""

    def __init__(self, door: Door, settings: Settings) -> None:
        self._door, self._log = door, anchor_log(settings)
        self.fence: int | None = None
        self._at = 0.0

    async def taken(self) -> bool:
        """Takes or keeps it; whether it has just come to us from another."""
        seen = 0 if self._log is None else await asyncio.to_thread(self._log.fence)
        self._at = clock.monotonic()
        self.fence = await hold(self._door, LEASE, seen)
        return self.fence is not None and seen not in (0, self.fence)

    async def kept(self) -> bool:
        """Whether it still is ours, in the middle of much work."""
        if clock.monotonic() - self._at > SPAN.total_seconds() / 3:
            await self.taken()
        return self.fence is not None


async def sweep(door: Door, settings: Settings, telemetry: Telemetry) -> int:
    """The full look, hourly: heads that a crash left unanchored, and entries outside the sealer's window.

    Those are counted and not chained: an honest entry never gets there, and chaining would launder a forged one.
    """
    now = await database_now(door)
    anchors, _ = await asyncio.to_thread(trusted_anchors, settings)
    known = {(anchor.tenant, anchor.seq) for anchor in anchors}
    behind, stray = list[Head](), 0
    for row in await door.fetch(RELAY, TENANTS):
        tenant = row["tenant_id"]
        end = await door.row(RELAY, END, tenant_id=tenant)
        if end is not None and end["seq"] is not None and (tenant, end["seq"]) not in known:
            behind.append(Head(tenant, end["seq"], end["head"]))
        left = await door.fetch(
            RELAY, UNSEALED, tenant_id=tenant, since=_ALWAYS, until=now - PATIENCE, limit=1000
        )
        stray += len(left)
    telemetry.gauge(*_STRAY, stray)
    turn = _Turn(door, settings)
    if behind:
        await turn.taken()
    if turn.fence is not None:
        await anchor(door, behind, settings, now, turn.fence)
    return stray


async def anchor(door: Door, heads: list[Head], settings: Settings, now: datetime, fence: int) -> None:
    """Writes the heads to the anchors' file, each with how far its tenant's numbers have come."""
    log = anchor_log(settings) if heads else None
    if log is None:
        return
    told = []
    for head in heads:
        rows = await door.fetch(tenant_scope(head.tenant), COUNTED, tenant_id=head.tenant)
        told.append(head._replace(numbers={row["name"]: row["value"] for row in rows}))
    await asyncio.to_thread(log.append, told, now, fence)


async def hand_on(door: Door) -> None:
    """For a worker that ends: the next one need not wait."""
    await release(door, LEASE)
