"""Scripts run in Valkey: all that is asked at one moment goes in one trip, and nobody waits long for the answer.

A server that is away or hangs costs those who were waiting one short timeout; then the circuit is open, everybody is
told `Away` at once, and a probe in the background closes it again.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, ResponseError

from service.kit.tasks import end

_AT_ONCE = 500  # calls of one trip
_PROBE_SECONDS = 1.0


async def eviction(url: str) -> str:
    """What the server does when its memory is full (`maxmemory-policy`). OSError, redis' errors: it cannot be asked."""
    client = Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5)
    try:
        told = await client.info("memory")
    finally:
        await client.aclose(close_connection_pool=True)
    return str(told["maxmemory_policy"])


class Away(Exception):
    """Valkey did not answer in time, or is not there."""


class Script:
    """A Lua script and the digest it is called by."""

    __slots__ = ("digest", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class _Wanted(NamedTuple):
    script: Script
    keys: Sequence[str]
    arguments: Sequence[object]
    answer: asyncio.Future[Any]


class Valkey:
    """One connection of one process. `told(here)` hears every change between here and away."""

    def __init__(self, url: str, timeout: float, told: Callable[[bool], None] = lambda _here: None) -> None:
        self._url, self._timeout, self._told = url, timeout, told
        self._client: Any = None
        self._waiting: list[_Wanted] = []
        self._task: asyncio.Task[None] | None = None
        self._probe: asyncio.Task[None] | None = None
        self.away = not url
        self.trips = 0

    async def stop(self) -> None:
        """Ends what runs in the background; whoever still waits is told."""
        await end(self._task, self._probe)
        self._give_up()
        await self._hang_up()

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[object]) -> Any:
        """The script's answer; Away where there is none."""
        if self.away:
            raise Away
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Wanted(script, keys, arguments, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._flush(), name="valkey")
        return await answer

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            try:
                async with asyncio.timeout(self._timeout):
                    answers = await self._trip(batch)
            except asyncio.CancelledError:
                self._waiting = [*batch, *self._waiting]
                raise
            except Exception:
                self._waiting = [*batch, *self._waiting]
                await self._lost()
                return
            for wanted, answer in zip(batch, answers, strict=True):
                if wanted.answer.done():
                    continue
                if isinstance(answer, Exception):
                    wanted.answer.set_exception(answer)
                else:
                    wanted.answer.set_result(answer)

    async def _trip(self, batch: list[_Wanted]) -> list[Any]:
        answers = await self._send([("EVALSHA", each.script.digest, each) for each in batch])
        # A server started anew knows no scripts; whole ones do it, once.
        missing = [n for n, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if missing:
            again = await self._send([("EVAL", batch[n].script.text, batch[n]) for n in missing])
            for n, answer in zip(missing, again, strict=True):
                answers[n] = answer
        for answer in answers:
            if isinstance(answer, Exception) and not isinstance(answer, ResponseError):
                raise answer
        return answers

    async def _send(self, calls: list[tuple[str, str, _Wanted]]) -> list[Any]:
        if self._client is None:
            self._client = Redis.from_url(self._url, max_connections=2, socket_connect_timeout=self._timeout)
        self.trips += 1
        pipe = self._client.pipeline(transaction=False)
        for command, what, wanted in calls:
            pipe.execute_command(command, what, len(wanted.keys), *wanted.keys, *wanted.arguments)
        answers: list[Any] = await pipe.execute(raise_on_error=False)
        return answers

    async def _lost(self) -> None:
        self.away = True
        self._give_up()
        self._told(False)
        self._probe = asyncio.create_task(self._until_back(), name="valkey-probe")
        await self._hang_up()

    def _give_up(self) -> None:
        waiting, self._waiting = self._waiting, []
        for wanted in waiting:
            if not wanted.answer.done():
                wanted.answer.set_exception(Away())

    async def _until_back(self) -> None:
        while self.away:
            await asyncio.sleep(_PROBE_SECONDS)
            with suppress(Exception):
                async with asyncio.timeout(self._timeout):
                    self._client = Redis.from_url(
                        self._url, max_connections=2, socket_connect_timeout=self._timeout
                    )
                    await self._client.ping()
                    self.away = False
            if self.away:
                await self._hang_up()
        self._told(True)

    async def _hang_up(self) -> None:
        """Whole connections only: one that was given up on in mid-answer would mix up the next answers."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await client.aclose(close_connection_pool=True)
