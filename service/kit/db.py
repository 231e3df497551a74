"""The one data door: SQLAlchemy Core writes statements, asyncpg runs them, row level security is on.

Reads of one tenant fold the scope into the statement (one round trip). Writes run
BEGIN · SET LOCAL app.scope · reads · one statement with all rows · COMMIT. Nothing else opens a connection, and
nobody asks for a second one while a transaction of theirs is open: what must be looked up is looked up before BEGIN
(`before=` of an operation) or through `tx`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar, Literal, NamedTuple, Protocol, TypeAlias

import asyncpg
from sqlalchemy import ColumnElement, MetaData, Table, literal_column
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql import ClauseElement

from service.kit import pool, scopes
from service.kit.errors import ServiceError, stale
from service.kit.pool import INSIDE, Lender, Lent, alive, codecs, no_reset, refuse_nesting
from service.kit.proofs import Proofs, prove

metadata = MetaData()

Login = Literal["tenant", "province", "relay"]
Row: TypeAlias = Any  # asyncpg.Record; the library ships no types

_DIALECT: Any = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
_PARAM = re.compile(r"\$(\d+)")
_READY = "s.tj_scope IS NOT NULL"
# Without this fence the planner pulls the subquery up, may scan the table first and the setting second, and row
# level security then hides every row. Fenced and referring to `s`, it can only run after `s`.
_FENCE = " OFFSET 0"
_FROZEN = " ISOLATION LEVEL REPEATABLE READ READ ONLY"


def scope_ready() -> ColumnElement[bool]:
    """Condition every scoped SELECT carries: makes PostgreSQL set the scope before it reads a row."""
    return literal_column(_READY)


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


class Statement:
    """A Core statement compiled once to asyncpg SQL; parameters are given by name."""

    __slots__ = ("constants", "folded", "names", "plain", "sql", "writes")
    folding: ClassVar[list[Statement]] = []  # every statement meant to be folded: a test reads their plans

    def __init__(self, core: ClauseElement, *, writes: Table | None = None) -> None:
        # The table whose whole row the parameters are (or each of `rows`), by the columns' names: see kit/proofs.
        self.writes = writes if writes is not None and writes.info.get("proved") else None
        compiled = core.compile(dialect=_DIALECT)
        self.sql = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        self.constants = {k: v for k, v in compiled.params.items() if v is not None}
        self.plain = self.sql.replace(_READY, "true")
        self.folded = (
            f"WITH s AS MATERIALIZED (SELECT set_config('app.scope', ${len(self.names) + 1}, true) AS tj_scope) "
            f"SELECT q.* FROM s CROSS JOIN LATERAL ({self.sql}{_FENCE}) q"
        )
        if _READY in self.sql:
            Statement.folding.append(self)

    def arguments(self, params: Mapping[str, Any]) -> list[Any]:
        """Values in the statement's order; a missing parameter is a programming error."""
        constants = self.constants
        return [params[name] if name in params else constants[name] for name in self.names]


class Batch:
    """All rows of one command, written by one statement."""

    # By the statements themselves, which stay alive here: an `id` would be given again to another statement.
    _sql: ClassVar[dict[tuple[Statement, ...], str]] = {}

    def __init__(self) -> None:
        self.parts: list[tuple[Statement, Mapping[str, Any], int | None, ServiceError | None]] = []

    def add(
        self, statement: Statement, *, expect: int | None = 1, miss: ServiceError | None = None, **params: Any
    ) -> None:
        """Adds rows. `expect` = affected rows required (None = any); a miss raises `miss` (default 412)."""
        self.parts.append((statement, params, expect, miss))

    def sql(self) -> str:
        key = tuple(part[0] for part in self.parts)
        if key not in self._sql:
            self._sql[key] = self._render()
        return self._sql[key]

    def _render(self) -> str:
        offset, bodies = 0, []
        for index, (statement, *_) in enumerate(self.parts):
            shift = offset
            body = _PARAM.sub(lambda m, shift=shift: f"${int(m[1]) + shift}", statement.plain)  # type: ignore[misc]
            bodies.append(f"w{index} AS ({body} RETURNING 1)")
            offset += len(statement.names)
        counts = ", ".join(f"(SELECT count(*) FROM w{index})" for index in range(len(self.parts)))
        return f"WITH {', '.join(bodies)} SELECT {counts}"

    def arguments(self) -> list[Any]:
        return [value for statement, params, *_ in self.parts for value in statement.arguments(params)]

    def check(self, counts: asyncpg.Record) -> None:
        for (_, _, expect, miss), count in zip(self.parts, counts, strict=True):
            if expect is not None and count != expect:
                raise miss or stale()


class Tx:
    """One open transaction in one scope. `batch` collects the rows; they go out in one statement."""

    def __init__(self, door: Door, connection: Any, scope: Scope) -> None:
        self._door = door
        self._connection = connection
        self.scope = scope
        self.open = True
        self.batch = Batch()
        self.rings: set[str] = set()  # tenants whose outbox got an event
        self.proofs: Proofs = {}  # digests of what was written, until an audit entry takes them along
        self.sealing_left = 0
        self.sealing: list[
            Callable[[Tx], None]
        ] = []  # audit entries that wait for what is written beside them
        self.on_commit: list[Callable[[], None]] = []  # run once the change is durable; must not fail

    async def fetch(self, statement: Statement, **params: Any) -> list[Row]:
        """Rows of a statement inside the transaction."""
        self._prove(statement, params)
        self._door.round_trips += 1
        rows: list[Row] = await self._connection.fetch(statement.plain, *statement.arguments(params))
        return rows

    async def row(self, statement: Statement, **params: Any) -> Row | None:
        """The first row, or None."""
        rows = await self.fetch(statement, **params)
        return rows[0] if rows else None

    def told(self, table: Table, rows: Sequence[Row]) -> None:
        """Whole rows as an UPDATE of many returned them; of a case with its version raised (kit/proofs)."""
        for row in rows:
            prove(self.proofs, table, row)

    def _prove(self, statement: Statement, params: Mapping[str, Any]) -> None:
        if statement.writes is not None:
            for row in params.get("rows", (params,)):
                prove(self.proofs, statement.writes, row)

    async def flush(self) -> None:
        """Writes the collected rows; raises when a guarded row was not changed."""
        for statement, params, *_ in self.batch.parts:
            self._prove(statement, params)
        sealing, self.sealing = self.sealing, []
        for left, entry in zip(range(len(sealing) - 1, -1, -1), sealing, strict=True):
            self.sealing_left = left
            entry(self)
        if self.batch.parts:
            self._door.round_trips += 1
            batch, self.batch = self.batch, Batch()
            batch.check(await self._connection.fetchrow(batch.sql(), *batch.arguments()))


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

    async def open(self) -> None:
        """Opens the pools. Waiting for locks and statements have their time (pool.py).

        Plans are generic: planned once per connection, and never the sort of a whole tenant that a plan for one
        tenant's figures may be (row level security hides from the planner how many rows stay).
        """
        times = {"lock_timeout": pool.LOCK_SECONDS, "statement_timeout": pool.STATEMENT_SECONDS}
        settings = {name: f"{int(1000 * seconds)}ms" for name, seconds in times.items()} | {"jit": "off"}
        settings["plan_cache_mode"] = "force_generic_plan"
        least, most = self._size
        for login, url in self._urls.items():
            made = await asyncpg.create_pool(
                url,
                min_size=least,
                max_size=most,
                init=codecs,
                reset=no_reset,
                statement_cache_size=1000,
                timeout=pool.CONNECT_SECONDS,
                command_timeout=pool.COMMAND_SECONDS,
                server_settings={**settings, "application_name": f"tongjian-{login}"},
            )
            # The province's pool and the relay's serve one tenant, or all of them at once.
            share = max(1, most - 1) if login == "tenant" else most
            self.lenders[login] = Lender(made, most, share)

    async def close(self) -> None:
        for each in self.lenders.values():
            await each.close()
        self.lenders.clear()

    def _lend(self, scope: Scope) -> Lent:
        if (around := INSIDE.get()) is not None and around.open:
            self._nested()
        return Lent(self.lenders[scope.login], scope.tenant)

    async def fetch(self, scope: Scope, statement: Statement, **params: Any) -> list[Row]:
        """One read in one round trip; the province's login sets a scope only where it narrows what is seen."""
        if scope.login == "province" and scopes.is_commissioned(scope.literal):
            async with self.transaction(scope) as tx:
                return await tx.fetch(statement, **params)
        self.round_trips += 1
        arguments = statement.arguments(params)
        sql = statement.plain
        if scope.login == "tenant":
            sql = statement.folded
            arguments.append(scope.literal)
        async with self._lend(scope) as connection:
            rows: list[Row] = await connection.fetch(sql, *arguments)
        return rows

    async def row(self, scope: Scope, statement: Statement, **params: Any) -> Row | None:
        """The first row of a read, or None."""
        rows = await self.fetch(scope, statement, **params)
        return rows[0] if rows else None

    @asynccontextmanager
    async def transaction(self, scope: Scope, *, frozen: bool = False) -> AsyncIterator[Tx]:
        """BEGIN · SET LOCAL · the caller's work · flush · COMMIT. Any exception rolls back.

        `frozen`: reads only, all of one moment.
        """
        if scope.literal and not scopes.well_formed(scope.literal):
            raise ValueError("scope literal")
        async with self._lend(scope) as connection:
            tx = Tx(self, connection, scope)
            INSIDE.set(tx)
            try:
                await connection.execute(f"BEGIN{_FROZEN if frozen else ''}")
                if scope.literal:  # a validated literal, alone in its message: see scale.md, rule 4
                    await connection.execute(f"SET LOCAL app.scope = '{scope.literal}'")
                yield tx
                await tx.flush()
                await connection.execute("COMMIT")
                for follow in tx.on_commit:
                    follow()
                self.round_trips += 3 if scope.literal else 2
            finally:
                tx.open = False
                if alive(connection) and connection.is_in_transaction():
                    await _rollback(connection)


async def _rollback(connection: Any) -> None:
    """Never hands a connection with an open transaction back to the pool, not even when cancelled."""
    try:
        await asyncio.wait_for(connection.execute("ROLLBACK"), 5)
    except (Exception, asyncio.CancelledError):
        connection.terminate()
        raise
