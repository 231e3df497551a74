"""The one data door: asyncpg runs the statements (kit/statements.py), row level security is on.

Reads of one tenant fold the scope into the statement (one round trip). A command reads, and writes all its rows in one
statement; BEGIN, SET LOCAL and COMMIT are sent only where something is locked or changed before (kit/session.py).
Nothing else opens a connection, and nobody asks for a second one while a transaction of theirs is open: what must be
looked up is looked up before it (`before=` of an operation) or through `tx`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

import asyncpg
from sqlalchemy import MetaData, Table

from service.kit import pool, scopes
from service.kit.leader import Leader
from service.kit.moment import MOMENT
from service.kit.pool import INSIDE, Lender, Lent, alive, codecs, no_reset, refuse_nesting, rolled_back
from service.kit.proofs import Proofs, Spelling, prove, withdraw
from service.kit.refusals import away
from service.kit.session import Session
from service.kit.statements import Batch, Statement

metadata = MetaData()

Login = Literal["tenant", "province", "relay"]
Row: TypeAlias = Any  # asyncpg.Record; the library ships no types


class Scope(NamedTuple):
    """Which login runs a statement, and the transaction-local scope literal (kit/scopes.py)."""

    login: Login
    literal: str

    @property
    def tenant(self) -> str:
        return self.literal.partition("/")[0]


RELAY = Scope("relay", "")


def tenant_scope(tenant: str, office: str | None = None) -> Scope:
    """The service's own scope in one tenant, or that of one of its offices, under the tenants' login."""
    return Scope("tenant", scopes.service(tenant) if office is None else f"{tenant}/{office}")


class Actor(Protocol):
    """What the door needs to know of a principal."""

    @property
    def tier(self) -> str: ...
    @property
    def office(self) -> str | None: ...
    @property
    def scope(self) -> str: ...


def own(actor: Actor) -> Scope:
    """The principal's own tenant (and office, where bound to one)."""
    return Scope("tenant", actor.scope)


def cases(actor: Actor) -> Scope:
    """Where the principal meets cases: the province's organs see what is declared in all tenants."""
    across = actor.tier == "province" and actor.office is None
    return Scope("province" if across else "tenant", actor.scope)


class Tx:
    """One open transaction in one scope. `batch` collects the rows; they go out in one statement."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session = session
        self.scope = scope
        self.open = True
        self.batch = Batch()
        self._once: dict[tuple[Any, ...], Row | None] = {}
        self.rings: set[str] = set()  # tenants whose outbox got an event
        self.proofs: Proofs = {}  # digests of what was written, until an audit entry takes them along
        self.spelling = Spelling()
        self.sealing_left = 0
        self.sealing: list[
            Callable[[Tx], None]
        ] = []  # audit entries that wait for what is written beside them
        self.on_commit: list[Callable[[], None]] = []  # run once the change is durable; must not fail

    async def fetch(self, statement: Statement, **params: Any) -> list[Row]:
        """Rows of a statement inside the transaction."""
        self._prove(statement, params)
        return await self._session.fetch(statement, params)

    async def row_once(self, statement: Statement, **params: Any) -> Row | None:
        """The first row as this transaction read it first: what thousands of things of one command ask alike."""
        asked = (statement, *sorted(params.items()))
        if asked not in self._once:
            self._once[asked] = await self.row(statement, **params)
        return self._once[asked]

    async def row(self, statement: Statement, **params: Any) -> Row | None:
        """The first row, or None."""
        rows = await self.fetch(statement, **params)
        return rows[0] if rows else None

    def told(self, table: Table, rows: Sequence[Row]) -> None:
        """Whole rows as an UPDATE of many returned them; of a case with its version raised (kit/proofs)."""
        for row in rows:
            prove(self.proofs, table, row)

    def taken(self, table: Table, **key: Any) -> None:
        """A proved row that a command takes away."""
        withdraw(self.proofs, table, key)

    def _prove(self, statement: Statement, params: Mapping[str, Any]) -> None:
        if statement.writes is not None:
            for row in params.get("rows", (params,)):
                prove(self.proofs, statement.writes, row)

    async def flush(self) -> None:
        """Writes the collected rows now, before the end; raises when a guarded row was not changed."""
        await self._session.write(self._collected())

    async def commit(self) -> None:
        """Writes the collected rows and makes all of it durable: once, by the door."""
        await self._session.end(self._collected())

    def _collected(self) -> Batch:
        for statement, params, *_ in self.batch.parts:
            if statement.writes is not None and "rows" not in params:
                self.spelling.row(statement.writes, params)
            self._prove(statement, params)
        self.spelling = Spelling()
        sealing, self.sealing = self.sealing, []
        for left, entry in zip(range(len(sealing) - 1, -1, -1), sealing, strict=True):
            self.sealing_left = left
            entry(self)
        batch, self.batch = self.batch, Batch()
        return batch


def session() -> dict[str, str]:
    """What holds in every session of ours. Waiting for locks and statements have their time (pool.py).

    Plans are generic: planned once per connection, and never the sort of a whole tenant that a plan for one
    tenant's figures may be (row level security hides from the planner how many rows stay). They are made before the
    scope is set, so it is never unset: of NULL PostgreSQL expects no row at all, and then one index looks as good to
    it as another (docs/decisions/0219). Empty it matches nothing too.
    """
    times = {"lock_timeout": pool.LOCK_SECONDS, "statement_timeout": pool.STATEMENT_SECONDS}
    settings = {name: f"{int(1000 * seconds)}ms" for name, seconds in times.items()}
    return {**settings, "jit": "off", "plan_cache_mode": "force_generic_plan", "app.scope": ""}


class Door:
    """Three pools, one per login; each login owns nothing and cannot bypass row level security.

    `nested` is called when a connection is asked for inside an open transaction; unless it raises, it is lent.
    """

    def __init__(
        self,
        urls: Mapping[Login, str],
        *,
        pool_min: int = 1,
        pool_max: int = 10,
        nested: Callable[[], None] = refuse_nesting,
    ) -> None:
        self._urls = dict(urls)
        self._size = (pool_min, pool_max)
        self._nested = nested
        self.lenders: dict[Login, Lender] = {}
        self.round_trips = 0
        self._spread: bool | None = None  # whether the tables lie on several machines, once one was asked

    async def _made(self, connection: Any) -> None:
        await codecs(connection)
        if self._spread is None:
            self._spread = await connection.fetchval(
                "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'citus')"
            )
        if self._spread:  # it plans a statement of one tenant for the shard of the parameter it sees
            await connection.execute("SET plan_cache_mode = 'auto'")

    async def open(self) -> None:
        """Opens the pools."""
        least, most = self._size
        for login, url in self._urls.items():
            made = await asyncpg.create_pool(
                url,
                connect=Leader(url, away).connect,
                min_size=least,
                max_size=most,
                init=self._made,
                reset=no_reset,
                statement_cache_size=1000,
                timeout=pool.CONNECT_SECONDS,
                command_timeout=pool.COMMAND_SECONDS,
                server_settings={**session(), "application_name": f"tongjian-{login}"},
            )
            # The province's pool and the relay's serve one tenant, or all of them at once.
            share = max(1, most - 1) if login == "tenant" else most
            self.lenders[login] = Lender(made, most, share)

    async def close(self) -> None:
        for each in self.lenders.values():
            await each.close()
        self.lenders.clear()

    def _refuse_nested(self) -> None:
        if (around := INSIDE.get()) is not None and around.open:
            self._nested()

    def _lend(self, scope: Scope, share_of: str = "") -> Lent:
        self._refuse_nested()
        return Lent(self.lenders[scope.login], share_of or scope.tenant)

    async def fetch(
        self, scope: Scope, statement: Statement, *, share_of: str = "", **params: Any
    ) -> list[Row]:
        """One read in one round trip; the province's login sets a scope only where it narrows what is seen.

        `share_of`: the tenant in whose share of the connections it counts, where that is not the scope's.
        """
        if (moment := MOMENT.get()) is not None:
            self._refuse_nested()
            return await moment.fetch(scope, statement, share_of, params)
        if scope.login == "province" and scopes.is_commissioned(scope.literal):
            async with self.transaction(scope) as tx:
                return await tx.fetch(statement, **params)
        self.round_trips += 1
        arguments = statement.arguments(params)
        sql = statement.plain
        if scope.login == "tenant":
            sql = statement.folded
            arguments.append(scope.literal)
        async with self._lend(scope, share_of) as connection:
            rows: list[Row] = await connection.fetch(sql, *arguments)
        return rows

    async def row(self, scope: Scope, statement: Statement, **params: Any) -> Row | None:
        """The first row of a read, or None."""
        rows = await self.fetch(scope, statement, **params)
        return rows[0] if rows else None

    async def anew(self) -> None:
        """What is read from here on is of a later moment than what stands outside the database and was read before."""
        if (moment := MOMENT.get()) is not None:
            await moment.end()

    @asynccontextmanager
    async def transaction(self, scope: Scope, *, frozen: bool = False) -> AsyncIterator[Tx]:
        """The caller's work, then all its rows at once; any exception leaves nothing of it (kit/session.py).

        `frozen`: reads only, all of one moment.
        """
        if scope.literal and not scopes.well_formed(scope.literal):
            raise ValueError("scope literal")
        if (moment := MOMENT.get()) is not None:
            self._refuse_nested()
            if frozen:
                async with moment.inside(scope) as connection:
                    session = Session(connection, scope.literal, spread=bool(self._spread), begun=True)
                    async with _opened(Tx(session, scope)) as tx:
                        yield tx
                    self.round_trips += session.trips
                return
            await self.anew()  # what is written now, or read while it may change
        async with self._lend(scope) as connection:
            session = Session(connection, scope.literal, spread=bool(self._spread))
            tx = Tx(session, scope)
            INSIDE.set(tx)
            try:
                if frozen:
                    await session.begin(frozen=True)
                yield tx
                await tx.commit()
                for follow in tx.on_commit:
                    follow()
            finally:
                tx.open = False
                self.round_trips += session.trips
                if alive(connection) and connection.is_in_transaction():
                    await rolled_back(connection)


@asynccontextmanager
async def _opened(tx: Tx) -> AsyncIterator[Tx]:
    """A transaction that reads within a moment that goes on after it."""
    INSIDE.set(tx)
    try:
        yield tx
    finally:
        tx.open = False
