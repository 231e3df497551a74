"""One moment for many reads: a page's operations read in one frozen transaction on one connection of each login.

What is borrowed is given back when the page is answered, when a read fails, and before anything is written. Whoever
needs both logins takes the province's connection first, so that no two wait for each other (docs/decisions/0211).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from service.kit import scopes
from service.kit.pool import Lent, alive, rolled_back

if TYPE_CHECKING:
    from service.kit.db import Door, Login, Scope

FROZEN = " ISOLATION LEVEL REPEATABLE READ READ ONLY"
KEPT_ROWS = 20  # the same case is read by several operations of a page; a long list by one
_ORDER = ("province", "tenant", "relay")


class Moment:
    """Reads of one moment. `reads`: round trips of reads; beginning, joining and ending come to it in `commands`."""

    def __init__(self, door: Door, *, first: Login = "tenant") -> None:
        self._door, self._first = door, first
        self._held: dict[Login, Any] = {}
        self._scoped: dict[str, str] = {}
        self._known: dict[Any, tuple[Any, ...]] = {}
        self._stack = AsyncExitStack()
        self._turn = asyncio.Lock()
        self.over = False
        self.commands = self.reads = self.borrowed = 0

    async def fetch(self, scope: Scope, statement: Any, share_of: str, params: Any) -> list[Any]:
        """One read in one round trip, as Door.fetch has it; what was read before is not asked again."""
        async with self._reading():
            # The statement itself: an `id` is given again to another statement once this one is gone.
            asked = (scope, statement, repr(params))
            if (known := self._known.get(asked)) is not None:
                return list(known)
            connection = await self._connection(scope, share_of)
            arguments = statement.arguments(params)
            if scope.login == "tenant":
                self._scoped[scope.login] = scope.literal
                arguments.append(scope.literal)
            else:
                narrowed = scopes.is_commissioned(scope.literal)
                await self._scope(connection, scope.login, scope.literal if narrowed else "")
            self._count(1)
            self.reads += 1
            sql = statement.folded if scope.login == "tenant" else statement.plain
            rows: list[Any] = await connection.fetch(sql, *arguments)
            if len(rows) <= KEPT_ROWS:
                self._known[asked] = (*rows,)
            return rows

    @asynccontextmanager
    async def inside(self, scope: Scope) -> AsyncIterator[Any]:
        """The connection with its scope set, for reads that want a transaction of their own."""
        async with self._reading():
            connection = await self._connection(scope, "")
            await self._scope(connection, scope.login, scope.literal)
            yield connection

    async def end(self) -> None:
        """Gives back what is held; the next read begins another moment."""
        async with self._turn:
            await self._end()

    async def close(self) -> None:
        """The page is answered. A task that it began has its context and reads on: from now each read gives back."""
        self.over = True
        await self.end()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
        """Whatever a read raises ends the moment: PostgreSQL goes on with nothing after a failed statement."""
        async with self._turn:
            try:
                yield
            except BaseException as error:
                await self._end(error)
                raise
            if self.over:
                await self._end()

    async def _scope(self, connection: Any, login: str, literal: str) -> None:
        if self._scoped.get(login, "") != literal:
            if literal and not scopes.well_formed(literal):
                raise ValueError("scope literal")
            self._count(1)
            await connection.execute(f"SET LOCAL app.scope = '{literal}'")  # validated: decision 0165, rule 4
            self._scoped[login] = literal

    async def _connection(self, scope: Scope, share_of: str) -> Any:
        if scope.login not in self._held:
            before: Login = min(self._first, scope.login, key=_ORDER.index)
            if any(_ORDER.index(each) > _ORDER.index(scope.login) for each in self._held):
                await self._end()
            if before != scope.login and before not in self._held:
                await self._take(before, share_of or scope.tenant)
            await self._take(scope.login, share_of or scope.tenant)
        return self._held[scope.login]

    async def _take(self, login: Login, tenant: str) -> None:
        connection = await self._stack.enter_async_context(Lent(self._door.lenders[login], tenant))
        self._stack.push_async_callback(self._give_up, connection)
        self.borrowed += 1
        shared = await self._shared()
        self._count(1)
        await connection.execute(f"BEGIN{FROZEN}")
        if shared is not None:
            self._count(1)
            await connection.execute(f"SET TRANSACTION SNAPSHOT '{shared}'")  # PostgreSQL's own name of it
        self._held[login] = connection

    async def _shared(self) -> str | None:
        """The name under which another connection joins this moment; None where there is none yet."""
        for connection in self._held.values():
            self._count(1)
            name: str = await connection.fetchval("SELECT pg_export_snapshot()")
            return name
        return None

    def _count(self, commands: int) -> None:
        self.commands += commands
        self._door.round_trips += commands

    async def _give_up(self, connection: Any) -> None:
        if alive(connection) and connection.is_in_transaction():
            self._count(1)
            await rolled_back(connection)

    async def _end(self, error: BaseException | None = None) -> None:
        stack, self._stack = self._stack, AsyncExitStack()
        self._held.clear()
        self._known.clear()
        self._scoped.clear()
        await stack.__aexit__(*(None,) * 3 if error is None else (type(error), error, error.__traceback__))


MOMENT: ContextVar[Moment | None] = ContextVar("tongjian_moment", default=None)
