"""Who signed in, and who failed to: one audit entry per token; failures counted per client, address and ten minutes.

Failures are counted here, written once a second to the tenant's row, and become one audit entry when their ten
minutes are over (the worker: `settle`). So a flood costs no write per try, a wrong secret takes as long as an unknown
client, and the sealed chain never changes. What names no client of ours reaches the security log and a counter, never
a tenant's trail. Nothing of a secret or an assertion is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import DateTime, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from service.audit.actions import record
from service.identity.models import login_failures
from service.identity.trying import GRANT_NAMES, Try
from service.kit import clock
from service.kit.authn import Principal
from service.kit.db import RELAY, Door, Row, Tx, tenant_scope
from service.kit.ids import new_id
from service.kit.statements import Statement
from service.kit.tasks import end
from service.kit.telemetry import Telemetry

WINDOW = timedelta(minutes=10)
LATE = timedelta(seconds=30)  # what another process may still be writing of a window that is over
_ADDRESSES = 200  # of one client and ten minutes that are told apart; the others are counted together
_OTHERS = "others"
_F = login_failures.c
_add = insert(login_failures).values(
    {each.name: bindparam(each.name, type_=each.type) for each in login_failures.c}
)
_COUNT = Statement(
    _add.on_conflict_do_update(
        index_elements=["tenant_id", "client", "address", "window_at"],
        set_={
            "count": _F.count + _add.excluded.count,
            "last_at": func.greatest(_F.last_at, _add.excluded.last_at),
        },
    )
)
_over = _F.window_at < bindparam("before", type_=DateTime(timezone=True))
_WAITING = Statement(select(_F.tenant_id).where(_over).distinct())
_TAKE = Statement(delete(login_failures).where(_F.tenant_id == bindparam("of_tenant"), _over).returning(*_F))


class Login(NamedTuple):
    """Somebody who has just proven who they are, as the audit trail names them."""

    tenant: str
    client: str | None
    actor: str


def login_of(person: Row, client: Mapping[str, Any] | None) -> Login:
    """A person as the audit trail names them (Principal.actor)."""
    tenant, login = person["tenant_id"], person["login"]
    via = "" if client is None else f" via {client['id']}"
    return Login(tenant, None if client is None else client["id"], f"user:{tenant}:{login}{via}")


def signed_in(tx: Tx, who: Login, subject: str, grant: str, tried: Try) -> None:
    """Adds the entry of a good login: `subject` is the person's id, or the client's."""
    record(
        tx,
        tenant=who.tenant,
        principal=who,
        action="login.granted",
        object_kind="login",
        object_id=subject,
        summary={"address": tried.address, "grant": GRANT_NAMES[grant]},
        request_id=tried.request_id,
        now=clock.now(),
    )


def signed_out(tx: Tx, who: Principal, tried: Try, count: int) -> None:
    """Adds the entry of sessions that their person ended: how many, and from where."""
    record(
        tx,
        tenant=who.tenant,
        principal=who,
        action="login.ended",
        object_kind="login",
        object_id=str(who.user),
        summary={"address": tried.address, "count": count},
        request_id=tried.request_id,
        now=clock.now(),
    )


class LoginJournal:
    """The failures of one process. `clock` gives the time by which windows are told apart."""

    def __init__(self, door: Door, telemetry: Telemetry, clock: Callable[[], datetime] = clock.now) -> None:
        self._door, self._telemetry, self._clock = door, telemetry, clock
        self._counts: dict[tuple[str, str, str, datetime], list[Any]] = {}
        self._addresses: dict[tuple[str, str, datetime], set[str]] = {}
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()

    def refused(self, tried: Try) -> None:
        """A try that was not accepted, whoever it was."""
        if tried.client is None:
            self.unknown(tried.claimed, tried.address)
        else:
            self.failed(*tried.client, tried.address)

    def failed(self, tenant: str, client: str, address: str) -> None:
        """Counts a failure of a client that exists."""
        now = self._clock().astimezone(UTC)
        window = now - timedelta(seconds=now.timestamp() % WINDOW.total_seconds())
        window = window.replace(microsecond=0)
        seen = self._addresses.setdefault((tenant, client, window), set())
        if address not in seen and len(seen) >= _ADDRESSES:
            address = _OTHERS
        seen.add(address)
        counted = self._counts.setdefault((tenant, client, address, window), [0, now, now])
        counted[0], counted[2] = counted[0] + 1, now
        self._telemetry.login_failed("known")
        self._wake.set()

    def unknown(self, claimed: str, address: str) -> None:
        """Tells of a client nobody knows: `claimed` is its well-formed id, or empty."""
        self._telemetry.login_failed("unknown")
        self._telemetry.security("login_unknown_client", client=claimed, address=address)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="login-journal")

    async def stop(self) -> None:
        """Writes what is left."""
        await end(self._task)
        await self.flush()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(1)
            self._wake.clear()
            await self.flush()

    async def flush(self) -> None:
        """Writes the counts; what cannot be written now is kept for the next time."""
        counts, self._counts = self._counts, {}
        oldest = self._clock() - 2 * WINDOW
        self._addresses = {key: seen for key, seen in self._addresses.items() if key[2] > oldest}
        for tenant in {key[0] for key in counts}:
            mine = {key: counted for key, counted in counts.items() if key[0] == tenant}
            try:
                async with self._door.transaction(tenant_scope(tenant)) as tx:
                    for (_, client, address, window), (count, first, last) in mine.items():
                        row = {"client": client, "address": address, "window_at": window}
                        await tx.fetch(
                            _COUNT, tenant_id=tenant, **row, count=count, first_at=first, last_at=last
                        )
            except Exception as error:
                self._telemetry.log.warning("login_journal", error=type(error).__name__)
                for key, counted in mine.items():
                    self._keep(key, counted)

    def _keep(self, key: tuple[str, str, str, datetime], counted: list[Any]) -> None:
        newer = self._counts.setdefault(key, [0, counted[1], counted[2]])
        newer[0], newer[1] = newer[0] + counted[0], min(newer[1], counted[1])
        self._wake.set()


async def settle(door: Door) -> int:
    """One audit entry per client, address and ten minutes that are over. Returns how many (for the worker)."""
    before, written = clock.now() - WINDOW - LATE, 0
    for waiting in await door.fetch(RELAY, _WAITING, before=before):
        tenant = waiting["tenant_id"]
        async with door.transaction(tenant_scope(tenant)) as tx:
            for row in await tx.fetch(_TAKE, of_tenant=tenant, before=before):
                summary = {
                    "address": row["address"],
                    "count": row["count"],
                    "from": row["first_at"].astimezone(UTC).isoformat(),
                    "to": row["last_at"].astimezone(UTC).isoformat(),
                }
                # Nobody has proven anything, so nobody is named as who did it.
                record(
                    tx,
                    tenant=tenant,
                    principal=Login(tenant, row["client"], "unproven"),
                    action="login.failed",
                    object_kind="login",
                    object_id=row["client"],
                    summary=summary,
                    request_id=new_id(),
                    now=clock.now(),
                )
                written += 1
    return written
