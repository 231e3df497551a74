"""Reads one file in a process of its own: bounded time and memory, and nothing of the service within reach.

A file built to keep its reader busy (a PDF of endless loops, a package that unpacks without end, text that takes the
pattern search seconds) costs that process its life and nobody else anything. Standard input is the file; standard
output one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
from typing import NamedTuple

from service.documents.reading import Unreadable, read
from service.kit.errors import ServiceError
from service.measures.secrecy import has_mark

CPU_SECONDS = 10
WALL_SECONDS = 25
MEMORY = 1 << 30
SMALL = 32 << 10  # plain text up to here is read where it is: microseconds
WAIT_SECONDS = 3  # for a free place: the caller holds a connection of the pool meanwhile
PLACES = 2


class Judged(NamedTuple):
    """What a file is, whether all of it could be read, whether it carries a secrecy mark."""

    media_type: str
    whole: bool
    marked: bool


class Reading:
    """On the shelf: how many files are read at a time in this process's name."""

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(PLACES)


def judge(raw: bytes) -> Judged | None:
    """Reads it here; None for a type nobody hands in."""
    content = read(raw)
    return None if content is None else Judged(content.media_type, content.whole, has_mark(content.text))


async def judge_apart(reading: Reading, raw: bytes) -> Judged | None:
    """As `judge`, in another process wherever reading could take long; 503 when all places stay taken."""
    if len(raw) <= SMALL and not raw.startswith((b"%PDF-", b"PK\x03\x04")):
        return judge(raw)
    try:
        await asyncio.wait_for(reading.places.acquire(), WAIT_SECONDS)
    except TimeoutError:
        raise ServiceError(
            503, "unavailable", "正在检查的附件较多，请稍后以相同的 Idempotency-Key 重试"
        ) from None
    try:
        said = await _ask(raw)
    finally:
        reading.places.release()
    if said is None:  # it did not come to an end: not checked where that can be told, else refused
        if raw.startswith(b"%PDF-"):
            return Judged("application/pdf", False, False)
        raise Unreadable
    told = json.loads(said)
    if told == "unreadable":
        raise Unreadable
    return None if told is None else Judged(*told)


async def _ask(raw: bytes) -> bytes | None:
    """What the reader printed; None when it died or took too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "service.documents.apart",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(WALL_SECONDS):
            said, _ = await process.communicate(raw)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return said if process.returncode == 0 else None


def main() -> None:
    """The other process."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    raw = sys.stdin.buffer.read()
    try:
        told: object = judge(raw)
    except Unreadable:
        told = "unreadable"
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
