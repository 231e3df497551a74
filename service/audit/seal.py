"""Sealing: entries join their tenant's chain, and the signed head goes to a file outside the database."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import asyncpg
import msgspec
from msgspec.structs import replace

from service.audit.queries import APPEND, END, UNSEALED
from service.audit.verify import NO_LINE, WINDOW, AnchorLine, genesis, next_head
from service.kit import clock, keys
from service.kit.db import RELAY, Door
from service.kit.digest import canonical, sm3
from service.kit.refusals import BUSY
from service.settings import Settings

BATCH = 500
# A younger entry may still have older ones committing beside it; letting them settle keeps the chain in order.
SETTLE = timedelta(seconds=1)
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_TAIL = 1 << 16
LOCKED = 5.0  # seconds to wait for the file; a writer has it for milliseconds
# Somebody else sealed the same numbers or entries, or is about to: it is their work now.
_TAKEN = ("23505", *BUSY)


class Head(NamedTuple):
    """The end of a tenant's chain; what else its anchor says: see AnchorLine."""

    tenant: str
    seq: int
    head: str
    numbers: Mapping[str, int] = MappingProxyType({})
    resumes: bool = False


class Fenced(Exception):
    """Somebody else holds the lease of the anchors by now, and has written: the line was not."""


class Sealed(NamedTuple):
    """What one run did for one tenant; `waiting` is the oldest entry that it had to leave."""

    entries: int
    head: Head | None
    waiting: datetime | None


async def seal_tenant(door: Door, tenant: str, now: datetime) -> Sealed:
    """Chains what is not chained yet. The primary key (tenant, seq) lets only one sealer go on from a head.

    Only entries from an hour before the chain's newest entry on are looked at, by the index over `at`: the cost
    follows the last hour's work, not the length of the chain. `at` is taken at the start of a command and no
    transaction lives for minutes, so nothing honest is older; what is, `jobs.sweep` and the checks report.
    """
    count, head = 0, None
    while True:
        end = await door.row(RELAY, END, tenant_id=tenant)
        assert end is not None  # noqa: S101 - an aggregate always has a row
        since = _since(end["reach"], now)
        rows = await door.fetch(
            RELAY, UNSEALED, tenant_id=tenant, since=since, until=now - SETTLE, limit=BATCH
        )
        if not rows:
            return Sealed(count, head, None)
        try:
            head = await _append(
                door, Head(tenant, end["seq"] or 0, end["head"] or genesis(tenant)), rows, now
            )
        except asyncpg.PostgresError as error:
            if error.sqlstate not in _TAKEN:
                raise
            return Sealed(count, head, rows[0]["at"])
        count += len(rows)
        if len(rows) < BATCH:
            return Sealed(count, head, None)


async def waits_since(door: Door, tenant: str, now: datetime) -> datetime:
    """When the oldest entry was written that the sealer would chain next; `now` where none waits."""
    end = await door.row(RELAY, END, tenant_id=tenant)
    since = _since(end and end["reach"], now)
    rows = await door.fetch(RELAY, UNSEALED, tenant_id=tenant, since=since, until=now, limit=1)
    return min((row["at"] for row in rows), default=now)


def _since(reach: datetime | None, now: datetime) -> datetime:
    """From when on entries are looked at, of a chain whose newest entry is of `reach`."""
    return _ALWAYS if reach is None else min(reach, now) - WINDOW


async def _append(door: Door, end: Head, rows: list[asyncpg.Record], now: datetime) -> Head:
    heads, head = [], end.head
    seqs = range(end.seq + 1, end.seq + 1 + len(rows))
    for seq, row in zip(seqs, rows, strict=True):
        head = next_head(head, seq, row["id"], row["digest"])
        heads.append(head)
    async with door.transaction(RELAY) as tx:
        tx.batch.add(
            APPEND,
            expect=len(rows),
            of_tenant=end.tenant,
            seqs=list(seqs),
            entry_ids=[row["id"] for row in rows],
            digests=[row["digest"] for row in rows],
            heads=heads,
            now=now,
        )
    return Head(end.tenant, seqs[-1], head)


@dataclass(frozen=True)
class AnchorLog:
    """anchors.jsonl: one signed head per line, append-only, each line bound to the one before it.

    TimeoutError: another process has the file and stands still with it; nothing was read or written.
    """

    path: Path
    keys: keys.KeySet

    def fence(self) -> int:
        """The highest that stands in it: its last line's. 0 of a file that is not there, or from before. Blocking."""
        if not self.path.exists():
            return 0
        with _locked(self.path) as file:
            return _last(file)[1]

    def append(self, heads: Iterable[Head], now: datetime, fence: int = 0) -> None:
        """Writes the heads and waits until they are on the disk; Fenced where another has written since. Blocking."""
        self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        with _locked(self.path) as file:
            prev, newest = _last(file)
            if fence < newest:
                raise Fenced(f"fence {fence} is behind {newest}")
            lines = []
            for head in heads:
                raw = self._line(head, prev, now, fence)
                prev = sm3(raw)
                lines.append(raw + b"\n")
            os.write(file, b"".join(lines))
            os.fsync(file)

    def _line(self, head: Head, prev: str, now: datetime, fence: int) -> bytes:
        line = AnchorLine(
            head.tenant,
            head.seq,
            head.head,
            now.isoformat(),
            self.keys.signing_kid,
            prev,
            dict(head.numbers),
            head.resumes,
            fence,
        )
        return canonical(replace(line, signature=self.keys.private_key.sign(line.payload()).hex()).members())


def anchor_path(settings: Settings) -> Path | None:
    """Where the anchors stand, if anywhere."""
    return settings.audit_anchor_dir / "anchors.jsonl" if settings.audit_anchor_dir else None


def anchor_log(settings: Settings) -> AnchorLog | None:
    """The log to write to; None without a directory or keys (never in production)."""
    path = anchor_path(settings)
    if path is None or settings.signing_keys_file is None:
        return None
    return AnchorLog(path, keys.load(settings.signing_keys_file))


def complete_lines(path: Path) -> Iterator[bytes]:
    """The lines of the file without their ends; one still being written, or torn by a crash, is not a line yet."""
    with path.open("rb") as file:
        for raw in file:
            if raw.endswith(b"\n"):
                yield raw[:-1]


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        _lock(file, path)
        yield file
    finally:
        os.close(file)


def _lock(file: int, path: Path) -> None:
    """Not flock's own waiting, which has no end: its holder may be stopped, or stand in a write that hangs."""
    until = clock.monotonic() + LOCKED
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if clock.monotonic() > until:
                raise TimeoutError(f"{path}: another process has it locked and stands still") from None
            time.sleep(0.02)
        else:
            return


def _last(file: int) -> tuple[str, int]:
    """The digest of the last complete line, and its fence; a line torn by a crash was never acknowledged: cut off."""
    size = os.fstat(file).st_size
    tail = os.pread(file, _TAIL, max(0, size - _TAIL))
    body, end, torn = tail.rpartition(b"\n")
    if torn:
        if len(torn) == _TAIL:
            raise ValueError("the anchor file does not consist of lines")
        os.ftruncate(file, size - len(torn))
    line = body.rpartition(b"\n")[2]
    return (sm3(line), _fence(line)) if end else (NO_LINE, 0)


def _fence(line: bytes) -> int:
    """0 of a line that cannot be read: the check tells of it, and anchoring goes on."""
    try:
        return msgspec.json.decode(line, type=AnchorLine).fence
    except (msgspec.DecodeError, UnicodeDecodeError):
        return 0
