"""One process beside this one for work that would keep the event loop busy: bytes in, JSON out.

It is started when first needed, started again when it died, and ends with this process however that ends (its input
closes). Callers take turns, so that one who sends much waits for himself; a caller has at most PER_CALLER pieces of
work waiting and all together MOST, more is 503. Who gives up waiting leaves nothing behind: what has not begun is
never begun, and the answer to what has is thrown away.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import resource
import struct
import sys
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from service.kit.errors import ServiceError
from service.kit.tasks import end, watched

PER_CALLER, MOST = 8, 64
SECONDS = 30.0  # for one piece of work; longer ends the process
MEMORY = 2 << 30
_SIZE = struct.Struct(">I")


class WorkFailed(Exception):
    """The process died of this piece of work or was too long at it."""


class _Work:
    def __init__(self, raw: bytes, done: asyncio.Future[Any]) -> None:
        self.raw = raw
        self.done = done


class Beside:
    """`target`: "module:function", bytes to what JSON can hold; it is imported in the other process only."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._waiting: OrderedDict[str, deque[_Work]] = OrderedDict()
        self._something = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._working: asyncio.Task[None] | None = None
        self._now: _Work | None = None

    @property
    def pid(self) -> int | None:
        """Of the other process, while there is one."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    @property
    def waiting(self) -> int:
        """Pieces of work that have not begun."""
        return sum(len(works) for works in self._waiting.values())

    async def start(self) -> None:
        """Takes work from now on."""
        self._working = watched(self._work(), "beside")

    async def stop(self) -> None:
        """Ends the other process; who still waits is told 503."""
        working, self._working = self._working, None
        await end(working)
        await self._end()
        for work in [self._now, *(work for works in self._waiting.values() for work in works)]:
            if work is not None and not work.done.done():
                work.done.set_exception(_occupied())

    async def ask(self, raw: bytes, caller: str) -> Any:
        """What the target says of these bytes. Raises WorkFailed; ServiceError 503 when too much is waiting."""
        works = self._waiting.setdefault(caller, deque())
        if self._working is None or len(works) >= PER_CALLER or self.waiting >= MOST:
            if not works:
                del self._waiting[caller]
            raise _occupied()
        work = _Work(raw, asyncio.get_running_loop().create_future())
        works.append(work)
        self._something.set()
        try:
            return await work.done
        finally:
            if not work.done.done():
                work.done.cancel()
            with suppress(KeyError, ValueError):
                self._waiting[caller].remove(work)
                if not self._waiting[caller]:
                    del self._waiting[caller]

    async def _work(self) -> None:
        while True:
            work = self._now = self._next()
            if work is None:
                self._something.clear()
                await self._something.wait()
                continue
            if work.done.done():
                continue
            try:
                said = await asyncio.wait_for(self._one(work.raw), SECONDS)
            except (OSError, EOFError, TimeoutError, ValueError):
                await self._end()
                if not work.done.done():
                    work.done.set_exception(WorkFailed())
            else:
                if not work.done.done():
                    work.done.set_result(said)

    def _next(self) -> _Work | None:
        """The oldest work of whose turn it is; that caller goes to the end of the line."""
        while self._waiting:
            caller, works = self._waiting.popitem(last=False)
            if works:
                work = works.popleft()
                if works:
                    self._waiting[caller] = works
                return work
        return None

    async def _one(self, raw: bytes) -> Any:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await self._begin()
        sink, source = process.stdin, process.stdout
        if sink is None or source is None:  # it was started with both
            raise EOFError
        sink.write(_SIZE.pack(len(raw)))
        sink.write(raw)
        await sink.drain()
        (size,) = _SIZE.unpack(await source.readexactly(_SIZE.size))
        return json.loads(await source.readexactly(size))

    async def _begin(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "service.kit.beside",
            self._target,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
        )

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _occupied() -> ServiceError:
    return ServiceError(503, "unavailable", "正在检查的内容较多，请稍后以相同的 Idempotency-Key 重试")


def main(target: str) -> None:
    """The other process: until its input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, name = target.partition(":")
    work: Callable[[bytes], Any] = getattr(importlib.import_module(module), name)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(_SIZE.size)) == _SIZE.size:
        raw = source.read(*_SIZE.unpack(head))
        said = json.dumps(work(raw)).encode()
        sink.write(_SIZE.pack(len(said)) + said)
        sink.flush()


if __name__ == "__main__":
    main(sys.argv[1])
