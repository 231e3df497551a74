"""Connections of the data door's pools: how they are made, lent fairly and, when one hangs, given up.

A free connection goes to the waiting tenant that holds fewest, the longest waiting first among equals; and one tenant
never holds the last of a pool. So a crowd in one city waits for itself: another city's request gets the next free
connection. See docs/decisions/0051.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter, deque
from contextvars import ContextVar
from typing import Any, Protocol

import asyncpg
import msgspec

from service.kit.tasks import end
from service.kit.wire import encode

# What the server cuts by itself: waiting for a lock, and a statement. Read when a door is opened.
LOCK_SECONDS, STATEMENT_SECONDS = 2.0, 15.0
# These are for a server that answers no more.
CONNECT_SECONDS, COMMAND_SECONDS, WAIT_SECONDS = 5.0, 20.0, 10.0
KEPT_SECONDS = 30.0  # how long a free connection is at hand without the driver's pool
# What the driver raises of its own insides when its connection dies under it.
_INSIDES = (RuntimeError, AttributeError, asyncio.InvalidStateError)
_NEVER = 86_400.0  # seconds: a time after which the driver would cancel, and never comes to it
_READ_ONLY = "25006"  # the SQLSTATE of a write on a server that takes none: it is the leader no more


class NestedLend(RuntimeError):
    """A second connection was asked for inside an open transaction: with enough of these at once nobody goes on."""


def refuse_nesting() -> None:
    """What a nested lend meets unless the process was told to go on with an alarm."""
    raise NestedLend("a second connection inside an open transaction")


class _Open(Protocol):
    open: bool


# The transaction this task began last. Asked whether it is still open, since tasks it started carry it on.
INSIDE: ContextVar[_Open | None] = ContextVar("tongjian_inside", default=None)


class Lost(OSError):
    """The connection died, and the driver told it by an error that says nothing."""


class Lender:
    """One pool's connections, lent by tenant. `waits`: how often each tenant had to wait for one."""

    def __init__(self, pool: Any, size: int, share: int) -> None:
        self.pool = pool
        self.waits: Counter[str] = Counter()
        self.held: Counter[str] = Counter()
        self._free, self._share = size, share
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}  # by tenant, in the order of arrival
        # Free ones and since when, the last one used at the end: giving one back to the driver's pool costs a task.
        self._kept: deque[tuple[float, Any]] = deque()
        self._clearing: asyncio.Task[None] | None = None
        self.since = 0  # how often all connections were forgotten: one lent before is not kept

    async def take(self, tenant: str) -> Any:
        """A connection; TimeoutError after WAIT_SECONDS, and whatever connecting raises."""
        if self._free and self.held.get(tenant, 0) < self._share:
            self._grant(tenant)
        else:
            await self._wait(tenant)
        while self._kept:
            _, connection = self._kept.pop()
            if alive(connection):
                return connection
            await self.pool.release(connection)
        try:
            # A deadline costs a task of its own, so only who may have to wait gets one.
            return await self.pool.acquire(timeout=None if self.pool.get_idle_size() else WAIT_SECONDS)
        except BaseException:
            self._hand_back(tenant)
            raise

    async def give(self, tenant: str, connection: Any, *, keep: bool = False) -> None:
        """Takes it back and lends it on. `keep`: nothing went wrong with it."""
        try:
            if keep and not connection.is_in_transaction():
                self._kept.append((asyncio.get_running_loop().time(), connection))
                if self._clearing is None:
                    self._clearing = asyncio.create_task(self._clear(), name="connections-at-rest")
            else:
                await self.pool.release(connection)
        finally:
            self._hand_back(tenant)

    async def _clear(self) -> None:
        """The driver's pool gets back what nobody has used for a while: it closes such by and by."""
        try:
            while (
                True
            ):  # not "while one is at rest": all are lent now and then, and each return would begin a task
                await asyncio.sleep(KEPT_SECONDS)
                await self._let_go(asyncio.get_running_loop().time() - KEPT_SECONDS)
                if not self._kept:
                    return
        finally:
            self._clearing = None

    async def _let_go(self, before: float) -> None:
        while self._kept and self._kept[0][0] <= before:
            await self.pool.release(self._kept.popleft()[1])

    async def forget(self) -> None:
        """Every connection is made anew before it is lent again: they lead to a server that is not the leader."""
        self.since += 1
        await self._let_go(math.inf)
        await self.pool.expire_connections()

    async def close(self) -> None:
        """Turns away who waits, then closes the pool."""
        await end(self._clearing)
        self._clearing = None
        for each in [future for queue in self._waiting.values() for future in queue]:
            if not each.done():
                each.set_exception(Lost("closing"))
        self._waiting.clear()
        await self._let_go(math.inf)
        try:
            await asyncio.wait_for(self.pool.close(), 5)
        except TimeoutError:
            self.pool.terminate()

    async def _wait(self, tenant: str) -> None:
        self.waits[tenant] += 1
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(turn)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._hand_back(tenant)  # granted in the very moment of giving up
            else:
                self._leave(tenant, turn)
            raise

    def _leave(self, tenant: str, turn: asyncio.Future[None]) -> None:
        queue = self._waiting.get(tenant)
        if queue is not None and turn in queue:
            queue.remove(turn)
            if not queue:
                del self._waiting[tenant]

    def _grant(self, tenant: str) -> None:
        self._free -= 1
        self.held[tenant] = self.held.get(tenant, 0) + 1

    def _hand_back(self, tenant: str) -> None:
        self._free += 1
        left = self.held.pop(tenant) - 1
        if left:
            self.held[tenant] = left
        while self._waiting and self._free and (following := self._next()) is not None:
            queue = self._waiting.pop(following)
            turn = queue.popleft()
            if queue:
                self._waiting[following] = queue  # behind those who hold as few
            if not turn.done():
                self._grant(following)
                turn.set_result(None)

    def _next(self) -> str | None:
        """Of the waiting tenants below their share the one that holds fewest; among equals in turn."""
        below = [tenant for tenant in self._waiting if self.held[tenant] < self._share]
        return min(below, key=self.held.__getitem__, default=None)


class Lent:
    """A connection of the pool. One that was given up on in mid-command is cut, not waited for."""

    __slots__ = ("_connection", "_lender", "_since", "_tenant")

    def __init__(self, lender: Lender, tenant: str) -> None:
        self._lender, self._tenant = lender, tenant

    async def __aenter__(self) -> Any:
        self._since = self._lender.since
        self._connection = await self._lender.take(self._tenant)
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: object
    ) -> None:
        died = kind is not None and not alive(self._connection)
        if not died and kind is not None and issubclass(kind, TimeoutError | asyncio.CancelledError):
            self._connection.terminate()
        if error is not None and _read_only(error):
            await self._lender.forget()
        keep = error is None and self._since == self._lender.since
        await self._lender.give(self._tenant, self._connection, keep=keep)
        if died and isinstance(error, _INSIDES):
            raise Lost("connection lost") from error


def _read_only(error: BaseException) -> bool:
    """Whether the server takes no writes; also where that has become a refusal already."""
    return any(getattr(each, "sqlstate", None) == _READ_ONLY for each in (error, error.__cause__))


async def committed(connection: Any, sql: str = "COMMIT", *arguments: Any) -> None:
    """COMMIT, or a statement that is a whole transaction; where the server does not answer in time the connection is
    cut and nothing is cancelled.

    A commit that waits for its standby and is cancelled comes true on this server alone: it would be seen, and the
    reply stored with it given out, although it is gone when the standby takes over. Cut off it goes on waiting, unseen
    and with its key held, until the standby has it or the server is gone (docs/decisions/0231).
    """
    late = asyncio.get_running_loop().call_later(COMMAND_SECONDS, connection.terminate)
    commit = asyncio.ensure_future(connection.execute(sql, *arguments, timeout=_NEVER))
    try:
        await asyncio.shield(commit)
    except asyncio.CancelledError:
        if not commit.done():
            connection.terminate()
            await asyncio.gather(commit, return_exceptions=True)
        raise
    finally:
        late.cancel()


def alive(connection: Any) -> bool:
    """Whether it can still be spoken to; one that died may have gone back to the pool by itself."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


async def rolled_back(connection: Any) -> None:
    """Never hands a connection with an open transaction back to the pool, not even when cancelled."""
    try:
        await asyncio.wait_for(connection.execute("ROLLBACK"), 5)
    except (Exception, asyncio.CancelledError):
        connection.terminate()
        raise


async def no_reset(_connection: Any) -> None:
    """Pool reset does nothing: every setting is local to its transaction (tests prove it)."""


def _decode_jsonb(data: bytes) -> Any:
    return msgspec.json.decode(data[1:])


def _encode_jsonb(value: Any) -> bytes:
    return b"\x01" + encode(value)


async def codecs(connection: Any) -> None:
    """SQLAlchemy's processors do not run on this path, so the door sets its own: uuid as text, jsonb as objects."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode_jsonb, decoder=_decode_jsonb, format="binary"
    )
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")
