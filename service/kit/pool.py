"""Connections of the data door's pools: how they are made, lent and, when one hangs, given up."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

# The server cuts statements at fifteen seconds; these are for a server that answers no more.
CONNECT_SECONDS, COMMAND_SECONDS, WAIT_SECONDS = 5.0, 20.0, 10.0


class Lent:
    """A connection of the pool. One that was given up on in mid-command is cut, not waited for."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def __aenter__(self) -> Any:
        # A deadline costs a task of its own, so only who may have to wait gets one.
        idle = self._pool.get_idle_size()
        self._connection = await self._pool.acquire(timeout=None if idle else WAIT_SECONDS)
        return self._connection

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, TimeoutError | asyncio.CancelledError):
            self._connection.terminate()
        await self._pool.release(self._connection)


async def no_reset(_connection: Any) -> None:
    """Pool reset does nothing: every setting is local to its transaction (tests prove it)."""


def _decode_jsonb(data: bytes) -> Any:
    return msgspec.json.decode(data[1:])


def _encode_jsonb(value: Any) -> bytes:
    return b"\x01" + msgspec.json.encode(value)


async def codecs(connection: Any) -> None:
    """SQLAlchemy's processors do not run on this path, so the door sets its own: uuid as text, jsonb as objects."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode_jsonb, decoder=_decode_jsonb, format="binary"
    )
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")
