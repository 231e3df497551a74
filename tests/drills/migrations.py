"""The newest migrations one by one on a full database, while the version before them writes and then goes on.

The earlier version's own code (a worktree of its commit under var/) fills the database and runs officials; this one's
migrations come underneath. Told of each: how long it took, the locks it held that others wait for, the longest write
meanwhile. Afterwards the earlier code lives whole cases on the new schema and reads every list: a rollback of the code
needs none of the schema (expand, then contract). Of speed is asserted that nobody waits longer than a migration may
wait for a lock, and of the short form nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import asyncpg

from migrations import applied
from service.setup.migrate import ROOT, upgrade
from tests.drills.cluster import NotRun

FIRST = "0070"  # the first migration that the earlier version has not; its commit is asked of git
LONGEST = 6.0  # seconds a write may take: lock_timeout of migrations/env.py, and the write itself
PROJECTS, FEW = 30_000, 600  # a million rows in all tables, and twenty thousand
# What stops a writer or a reader; the others go beside both.
_HURTING = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
_HELD = """
SELECT DISTINCT l.relation::regclass::text AS of, l.mode FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.granted AND l.relation IS NOT NULL AND l.mode = ANY ($1) AND a.datname = current_database()
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class Step(NamedTuple):
    """What one migration did: seconds, how often it was run again, locks by table and mode."""

    seconds: float
    again: int
    locks: set[tuple[str, str]]


class Earlier:
    """The process of the earlier version."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def told(self) -> dict[str, Any]:
        """Its next answer; whatever else it prints is passed by."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{") and not line.startswith('{"event"'):
                found: dict[str, Any] = json.loads(line)
                return found
        raise AssertionError(f"the earlier version ended with {self._process.wait()}")

    def ask(self, what: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        print(what, file=self._process.stdin, flush=True)
        return self.told()


def _git(*words: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotRun(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def earlier_commit() -> str:
    """The commit before the first of the new migrations."""
    file = next((ROOT / "migrations" / "versions").glob(f"{FIRST}_*.py")).relative_to(ROOT)
    added = _git("log", "--diff-filter=A", "--format=%H", "--", str(file)).splitlines()
    if not added:
        raise NotRun(f"the history does not reach back to {FIRST}")
    return _git("rev-parse", f"{added[-1]}^")


@contextmanager
def _checked_out(commit: str) -> Iterator[Path]:
    where = ROOT / "var" / "earlier"
    if where.exists():  # of a run that was killed
        _git("worktree", "remove", "--force", str(where))
    _git("worktree", "add", "--force", "--detach", str(where), commit)
    try:
        yield where
    finally:
        _git("worktree", "remove", "--force", str(where))


@contextmanager
def _earlier(at: Path, projects: int) -> Iterator[Earlier]:
    """Its code alone is found: ours is not on its path."""
    script = Path(__file__).with_name("_earlier.py").read_text(encoding="utf-8")
    player = at / "tests" / "drills" / "_earlier.py"
    player.write_text(script, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(at)}
    argv = [sys.executable, "-m", "tests.drills._earlier", str(projects)]
    process = subprocess.Popen(
        argv, cwd=at, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Earlier(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()  # it takes its servers with it
        process.wait(timeout=120)


async def _step(url: str, revision: str) -> Step:
    """One migration, and the locks of whoever migrates, looked at all the while."""
    look = await asyncpg.connect(url)
    held: set[tuple[str, str]] = set()
    begun, met = perf_counter(), list[str]()
    work = asyncio.create_task(upgrade(url, met.append, revision))
    try:
        while not work.done():
            held |= {(row["of"], row["mode"]) for row in await look.fetch(_HELD, _HURTING)}
            await asyncio.wait([work], timeout=0.01)
        await work
    finally:
        await look.close()
    again = len(met) - 1  # it is told of once when it is through
    return Step(perf_counter() - begun, again, {each for each in held if not each[0].startswith("pg_")})


async def drill(short: bool) -> None:
    commit = earlier_commit()
    with _checked_out(commit) as at, _earlier(at, FEW if short else PROJECTS) as earlier:
        filled = await asyncio.to_thread(earlier.told)
        print(f"version {commit[:8]}: {filled['rows']:,} rows")
        for revision in (each for each in applied.revisions() if each >= FIRST):
            begun = await asyncio.to_thread(earlier.ask, "write")
            step = await _step(filled["url"], revision)
            told = await asyncio.to_thread(earlier.ask, "rest")
            locks = ", ".join(f"{of} {mode}" for of, mode in sorted(step.locks)) or "none that stop anybody"
            print(
                f"{revision}: {step.seconds:.1f} s, run again {step.again} times, locks: {locks}; "
                f"{told['wrote']} writes, the longest {told['longest']:.2f} s, {told['again']} told to come again",
                flush=True,
            )
            assert told["failed"] == [], told["failed"]
            assert told["wrote"] >= 2 * begun["writing"], "each wrote before the migration and after it"
            assert short or told["longest"] <= LONGEST, f"a write took {told['longest']:.1f} s"
        told = await asyncio.to_thread(earlier.ask, "smoke")
        print(f"the earlier version on the new schema: {told['lived']} lives lived, {told['read']} readings")
        assert told["lived"] > 0
        assert told["read"] > 0
