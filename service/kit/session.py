"""One lent connection under one scope: when the transaction of a command really begins, and how it ends.

Reads that hold nothing run by themselves, each with its scope folded in: at READ COMMITTED a statement sees what was
committed before it began, inside a transaction as outside, so BEGIN adds nothing to them but round trips. The
transaction begins with the first statement that locks or changes rows. Where none does, the rows of the command go out
as one statement, which is a transaction by itself: scope, rows, and the counts that must be right, or nothing
(docs/decisions/0238).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import asyncpg

from service.kit.moment import FROZEN
from service.kit.pool import committed
from service.kit.statements import Batch, Statement


class Session:
    """`spread`: the tables lie on several machines, which only SET LOCAL by itself right after BEGIN reaches
    (decision 0165, rule 4): then a transaction begins at once. `begun`: it has. `trips`: round trips so far."""

    def __init__(self, connection: Any, literal: str, *, spread: bool, begun: bool = False) -> None:
        self._connection, self._literal, self._spread = connection, literal, spread
        self.begun, self.trips = begun, 0

    async def begin(self, *, frozen: bool = False) -> None:
        """BEGIN · SET LOCAL, once; in one message where one machine has all."""
        if self.begun:
            return
        self.begun = True
        words = [f"BEGIN{FROZEN if frozen else ''}"]
        if self._literal:  # validated: kit/scopes.py
            words.append(f"SET LOCAL app.scope = '{self._literal}'")
        for message in words if self._spread else ["; ".join(words)]:
            self.trips += 1
            await self._connection.execute(message)

    async def fetch(self, statement: Statement, params: Mapping[str, Any]) -> list[Any]:
        """Rows of a statement; what locks, changes or cannot carry its scope begins the transaction."""
        alone = statement.reads and (statement.folds or not self._literal) and not self._spread
        if not alone:
            await self.begin()
        sql, arguments = statement.plain, statement.arguments(params)
        if not self.begun and self._literal:
            sql = statement.folded
            arguments.append(self._literal)
        self.trips += 1
        rows: list[Any] = await self._connection.fetch(sql, *arguments)
        return rows

    async def write(self, batch: Batch) -> None:
        """Writes rows in the middle of a transaction; raises when a guarded row was not changed."""
        if batch.parts:
            await self.begin()
            self.trips += 1
            sql, arguments = batch.inside()
            batch.check(await self._connection.fetchrow(sql, *arguments))

    async def end(self, batch: Batch) -> None:
        """Writes what is left and commits, in one statement where nothing has begun."""
        if self.begun or self._spread:
            await self.write(batch)
            if self.begun:
                self.trips += 1
                await committed(self._connection)
        elif batch.parts:
            self.trips += 1
            try:
                sql, arguments = batch.whole(self._literal)
                await self._connection.fetchrow(sql, *arguments)
            except asyncpg.InvalidTextRepresentationError as error:
                raise batch.missed(str(error)) or error from None
