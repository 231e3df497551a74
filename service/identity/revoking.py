"""Revocations: written with the change that causes them, read by every process each second.

A cut lies `MARGIN` after the change: a token request that still read the old state, or an instance whose clock
runs ahead, cannot slip past it. Tokens issued on the new state are dated after the cut (tokens.py), and a further
cut lies after those. Cuts are of the real clock, as token lifetimes are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Interval, Text, bindparam, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from service.identity.models import revocations as table
from service.identity.models import tenants
from service.kit import clock
from service.kit.authn import MAX_TTL, RENEWED, Revocations
from service.kit.by_tenant import APART, WHOLE, each_apart
from service.kit.db import RELAY, Door, Tx
from service.kit.statements import TENANT_ID, Statement
from service.kit.tables import beside_tenant
from service.kit.tasks import end, watched

INTERVAL = 1.0  # seconds between reads; five seconds without one and the verifier fails closed
MARGIN = timedelta(seconds=5)
MEMORY = timedelta(seconds=MAX_TTL + 300)  # no token is older, so no older cut matters
SPENT = timedelta(minutes=5)  # past the leeway within which an expired assertion is still taken

_moment = DateTime(timezone=True)
_recent = select(table.c.subject, table.c.cut).where(table.c.recorded_at > bindparam("since", type_=_moment))
_RECENT, _ITS_RECENT = Statement(_recent), Statement(_recent.where(table.c.tenant_id == TENANT_ID))

_TENANTS = Statement(select(tenants.c.id))  # a reference table: every machine has it

_RENEWED = literal(timedelta(seconds=RENEWED), Interval)


def _later(moment: Any) -> Any:
    """By UTC: what a day is long by a session's zone may not be asked where each machine has sessions of its own."""
    utc: Any = literal_column("'UTC'")
    return func.timezone(utc, func.timezone(utc, moment, type_=DateTime) + _RENEWED)


def _upsert() -> Statement:
    rows = insert(table).from_select(
        ["tenant_id", "subject", "cut", "recorded_at"],
        beside_tenant(
            func.unnest(bindparam("subjects", type_=ARRAY(Text))),
            bindparam("cut", type_=_moment),
            bindparam("recorded_at", type_=_moment),
        ),
    )
    later = {
        "cut": func.greatest(_later(table.c.cut), rows.excluded.cut),
        "recorded_at": func.greatest(table.c.recorded_at, rows.excluded.recorded_at),
    }
    return Statement(rows.on_conflict_do_update(index_elements=["tenant_id", "subject"], set_=later))


_REVOKE = _upsert()


async def every_tenant(door: Door) -> list[str]:
    """The ids of all tenants, also of those whose own rows cannot be read now."""
    return [row["id"] for row in await door.fetch(RELAY, _TENANTS)]


def user_subject(tenant: str, user_id: str) -> str:
    """The key under which a user's tokens die; as in `authn.revocation_keys`."""
    return f"user:{tenant}:{user_id}"


def client_subject(tenant: str, client_id: str) -> str:
    """The key under which a client's tokens die, also those it holds for users."""
    return f"client:{tenant}:{client_id}"


def token_subject(token_id: str) -> str:
    """The key of one token."""
    return f"token:{token_id}"


def revoke(
    tx: Tx, revocations: Revocations, tenant: str, subjects: Iterable[str], at: float | None = None
) -> None:
    """Adds the cuts to the command's rows; this process applies them as soon as they are committed.

    `at` (epoch seconds, default: the real clock) is the moment up to which tokens are void.
    """
    keys = sorted(set(subjects))
    if not keys:
        return
    now = datetime.fromtimestamp(clock.timestamp() if at is None else at, UTC)
    cut = now + MARGIN
    tx.batch.add(_REVOKE, expect=len(keys), of_tenant=tenant, subjects=keys, cut=cut, recorded_at=now)
    cuts = dict.fromkeys(keys, cut.timestamp())
    tx.on_commit.append(lambda: revocations.add(cuts))


class RevocationPoller:
    """Keeps a process's Revocations fresh. `clock` gives epoch seconds and is the verifier's.

    All tenants are read by one statement. Where that fails, as it does when one of several machines is gone, each is
    read by itself until every one of them answers again: only those that do not are let in no more (decision 0278).
    """

    def __init__(self, door: Door, revocations: Revocations, clock: Callable[[], float]) -> None:
        self._door = door
        self._revocations = revocations
        self._clock = clock
        self._lock = asyncio.Lock()
        self._apart = False
        self._task: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """One look; its moment is taken before the query is sent. One at a time: an older list never comes last."""
        async with self._lock:
            if not self._apart:
                try:
                    load, loaded_at = self._revocations.begin(), self._clock()
                    async with asyncio.timeout(WHOLE):
                        self._revocations.replace(await self._cuts(loaded_at), loaded_at, load)
                    return
                except Exception:  # what it was is told by the tenants' own, if it is still so
                    self._apart = True
            await self._load_apart()

    async def _load_apart(self) -> None:
        """Each tenant by itself; raises where none could be read."""

        async def one(tenant: str) -> None:
            loaded_at = self._clock()
            self._revocations.renew(tenant, await self._cuts(loaded_at, tenant), loaded_at)

        async with asyncio.timeout(APART):
            every = await every_tenant(self._door)
        self._apart = not await each_apart(every, one)

    async def _cuts(self, loaded_at: float, tenant: str | None = None) -> dict[str, float]:
        """By subject, those that may matter still: of one tenant, or of all."""
        given: dict[str, Any] = {"since": datetime.fromtimestamp(loaded_at, UTC) - MEMORY}
        if tenant is None:
            rows = await self._door.fetch(RELAY, _RECENT, **given)
        else:
            rows = await self._door.fetch(RELAY, _ITS_RECENT, share_of=tenant, tenant_id=tenant, **given)
        cuts: dict[str, float] = {}
        for row in rows:
            cuts[row["subject"]] = max(row["cut"].timestamp(), cuts.get(row["subject"], 0.0))
        return cuts

    async def start(self) -> None:
        """The first load happens before the process serves; without the database it raises."""
        await self.load()
        self._task = watched(self._poll(), "revocations")

    async def stop(self) -> None:
        """Ends the polling; the list then grows stale and the verifier lets nobody in."""
        await end(self._task)
        self._task = None

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.load()
            except Exception:  # noqa: S112 - the age of the last good read is what counts; readiness shows it
                continue
