"""The bench where files are read: a few processes that stay, fair between tenants, and nobody's connection held.

Each place is one `service.documents.apart` process that reads one file after another. A file that is built to keep
its reader busy costs that process its life; the next file gets a new one. Tenants take turns, and no tenant sits on
every place at once, so that one city's files, however many and however bad, never keep another city's waiting.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import Process
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, ClassVar

from service.documents.verdict import Verdict
from service.kit.apart import HEAD
from service.kit.errors import ServiceError

PLACES = 3
WALL_SECONDS = 45.0  # for one file; its processor time is bounded tighter, in the process itself
WAIT_SECONDS = 90.0  # for a place, holding nothing but the file's bytes
MAX_WAITING = 200  # files of one tenant
MAX_WAITING_BYTES = 200 << 20  # of one tenant, its first file apart
FILES = 300  # read by one process before a fresh one takes its place
RETRY_AFTER = {"retry-after": "10"}


class Lost(Exception):
    """The process did not come to an end with this file."""


class Bench:
    """Places for work on strangers' bytes, each a process of its own. `module`: what runs there, and says of each piece
    of work, as JSON, whether it is `spent`; bytes may follow, as many as `size` says. `close` ends the processes.
    """

    module: ClassVar[str]

    def __init__(self, places: int = PLACES) -> None:
        self._places = places
        self._share = max(1, places - 1)  # of one tenant: one place is always somebody else's
        self._idle: list[_Reader] = []
        self._running: dict[str, int] = {}
        self._waiting: dict[str, deque[tuple[asyncio.Future[None], int]]] = {}
        self._closed = False

    @asynccontextmanager
    async def _seated(self, tenant: str, size: int) -> AsyncIterator[None]:
        """A place in the name of a tenant, for so many bytes; 503 when too many wait."""
        await self._sit_down(tenant, size)
        try:
            yield
        finally:
            self._stand_up(tenant)

    async def _asked(self, name: str, raw: bytes) -> tuple[dict[str, Any], bytes]:
        """What a process that waits for work, else a new one, says of it; `Lost` when it died over it."""
        while self._idle and self._idle[-1].gone:
            await self._idle.pop().end()
        reader = self._idle.pop() if self._idle else await _Reader.start(self.module)
        try:
            told = await reader.ask(name, raw)
        except BaseException:
            await reader.end()
            raise
        if reader.fresh and not self._closed:
            self._idle.append(reader)
        else:
            await reader.end()
        return told

    async def close(self) -> None:
        """Ends the idle readers; busy ones end with their file."""
        self._closed = True
        while self._idle:
            await self._idle.pop().end()

    async def _sit_down(self, tenant: str, size: int) -> None:
        queue = self._waiting.get(tenant)
        if not queue and self._free(tenant):
            self._running[tenant] = self._running.get(tenant, 0) + 1
            return
        queue = self._waiting.setdefault(tenant, deque())
        if len(queue) >= MAX_WAITING or (queue and sum(each for _, each in queue) + size > MAX_WAITING_BYTES):
            raise _crowded()
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append((turn, size))
        try:
            await asyncio.wait_for(asyncio.shield(turn), WAIT_SECONDS)
        except (TimeoutError, asyncio.CancelledError) as gone:
            if turn.done():  # called up in the same moment: the place goes on to the next
                self._stand_up(tenant)
            else:
                queue.remove((turn, size))
                self._tidy(tenant)
            if isinstance(gone, TimeoutError):
                raise _crowded() from None
            raise

    def _free(self, tenant: str) -> bool:
        return sum(self._running.values()) < self._places and self._running.get(tenant, 0) < self._share

    def _stand_up(self, tenant: str) -> None:
        self._running[tenant] -= 1
        if not self._running[tenant]:
            del self._running[tenant]
        for waiting in list(self._waiting):
            if self._free(waiting):
                turn, _ = self._waiting[waiting].popleft()
                self._running[waiting] = self._running.get(waiting, 0) + 1
                # To the end of the round: every other tenant comes before this one's next file.
                self._waiting[waiting] = self._waiting.pop(waiting)
                self._tidy(waiting)
                turn.set_result(None)

    def _tidy(self, tenant: str) -> None:
        if not self._waiting.get(tenant):
            self._waiting.pop(tenant, None)


class FileBench(Bench):
    """On the shelf: reads files in the name of one API process."""

    module = "service.documents.apart"

    async def judge(self, tenant: str, name: str, raw: bytes) -> Verdict:
        """The verdict on one file; `Lost` when its reader died over it, 503 when too many wait."""
        async with self._seated(tenant, len(raw)):
            return await self._read(name, raw)

    async def _read(self, name: str, raw: bytes) -> Verdict:
        told, _ = await self._asked(name, raw)
        return Verdict(
            told["media_type"],
            tuple(told["notes"]),
            told["refused"],
            told["where"],
            told["words"],
            told["signatures"],
            tuple(told["signers"]),
        )


class _Reader:
    """One process, asked one file at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._files = 0
        self.fresh = False

    @property
    def gone(self) -> bool:
        """Whether it ended while nobody asked it anything."""
        return self._process.returncode is not None

    @classmethod
    async def start(cls, module: str) -> _Reader:
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                "-m",
                module,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
            )
        )

    async def ask(self, name: str, raw: bytes) -> tuple[dict[str, Any], bytes]:
        self.fresh = False
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise Lost
        title = name.encode()
        try:
            async with asyncio.timeout(WALL_SECONDS):
                into.write(HEAD.pack(len(title), len(raw)) + title)
                into.write(raw)
                await into.drain()
                told = json.loads(await out.readexactly(int.from_bytes(await out.readexactly(4))))
                made = await out.readexactly(told.get("size", 0))
        except (TimeoutError, asyncio.IncompleteReadError, OSError):
            raise Lost from None
        self._files += 1
        self.fresh = self._files < FILES and not told["spent"]
        return told, made

    async def end(self) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()


def _crowded() -> ServiceError:
    return ServiceError(
        503, "unavailable", "正在处理的文件较多，请稍后以相同的 Idempotency-Key 重试", headers=RETRY_AFTER
    )
