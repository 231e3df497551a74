"""The work on a workbook, beside the requests: checked thing by thing, then put in force in one transaction.

Both run the operation's own function on every thing. Checking rolls back what it did; committing writes all or nothing.
A process that dies leaves nothing half done: the row's `beat_at` stands still, and the file may be sent again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg

from service.audit.actions import record
from service.kit import clock
from service.kit.api import Call, caught_up
from service.kit.call import scope_of
from service.kit.db import Tx
from service.kit.errors import ServiceError
from service.kit.refusals import refusals
from service.kit.statements import Batch
from service.kit.tasks import end
from service.kit.telemetry import Telemetry
from service.sheets import queries, waiting
from service.sheets.columns import Fault
from service.sheets.desk import MOST_TOLD
from service.sheets.present import present
from service.sheets.rows import Thing
from service.sheets.work import Work, content, save

CHUNK = 100  # things checked in one transaction
AT_ONCE = 2  # workbooks worked on by one process; of one tenant one
BEAT_SECONDS = 1.0
DIFFERS = "已有同一记录而内容不同，导入不改动已有记录；请在系统中修改，或从表中删去该行"


class _Undo(Exception):
    """Ends a transaction that was only tried."""


class Workbooks:
    """On the shelf: the work of this process. `close` ends it; what was under way is rolled back."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._tenants: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def check(self, call: Call, row: dict[str, Any]) -> None:
        """Begins to check."""
        self._begin(_check, Work(call, row))

    def commit(self, call: Call, row: dict[str, Any]) -> None:
        """Begins to put in force."""
        self._begin(_commit, Work(call, row, row["sent_by"]))

    def _begin(self, act: Callable[[Work], Awaitable[None]], work: Work) -> None:
        task = asyncio.create_task(self._run(act, work), name=f"workbook-{work.row['id']}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, act: Callable[[Work], Awaitable[None]], work: Work) -> None:
        async with self._tenants[work.row["tenant_id"]], self._turns:
            beat = asyncio.create_task(_beat(work), name="workbook-beat")
            try:
                await act(work)
            except Exception as error:  # told by the row, which goes on saying how far it came
                self._telemetry.log.error("workbook_failed", error=type(error).__name__, id=work.row["id"])
                await _stopped(work, error)
            finally:
                await end(beat)

    async def idle(self) -> None:
        """Returns when nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Cancels what runs."""
        await end(*self._tasks)


async def _beat(work: Work) -> None:
    """Tells how far the work is, on a connection of its own."""
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        try:
            await save(work, queries.BEAT, done=work.done, beat=clock.now())
        except (asyncpg.PostgresError, OSError, ServiceError):
            continue


async def _check(work: Work) -> None:
    things = await content(work)
    scope = scope_of(work.call.principal, work.target.spec.where)
    there = await present(work.call, scope, work.sheet, things)
    faults = [Fault(*fault) for fault in work.row["faults"]]  # of cells: these things go no further
    faults += [
        Fault(things[place].rows[0], "", "differs", DIFFERS) for place, same in there.items() if not same
    ]
    bad = {fault.row for fault in faults}
    left = [
        thing for place, thing in enumerate(things) if place not in there and not bad.intersection(thing.rows)
    ]
    work.done = len(things) - len(left)
    for start in range(0, len(left), CHUNK):
        faults += await _tried(work, scope, left[start : start + CHUNK])
    wrong = len({fault.row for fault in faults})
    waits = work.sheet.two_hands and not faults and len(left) > 0
    await save(
        work,
        queries.CHECKED,
        (lambda tx: waiting.tell(work.call, tx, work.row, len(left))) if waits else None,
        state="faulty" if faults else "checked",
        done=work.done,
        wrong=wrong,
        present=sum(there.values()),
        faults=told(faults),
        beat_at=clock.now(),
    )


def told(faults: list[Fault]) -> list[list[Any]]:
    """As they are kept."""
    ordered = sorted(faults, key=lambda fault: fault.row)[:MOST_TOLD]
    return [[fault.row, fault.label, fault.code, fault.detail] for fault in ordered]


async def _tried(work: Work, scope: Any, things: list[Thing]) -> list[Fault]:
    """What the operation says of each, with nothing left of it. A refusal of the database does not stop the rest."""
    faults: list[Fault] = []
    ready: list[tuple[Thing, Call]] = []
    for thing in things:
        with _gathered(work, thing, faults):
            ready.append((thing, await work.prepared(thing)))
    while ready:
        try:
            async with work.call.door.transaction(scope) as tx:
                while ready:
                    thing, call = ready.pop(0)
                    with _gathered(work, thing, faults):
                        await work.target.act(call, tx)
                    _forget(tx)
                raise _Undo
        except _Undo:
            break
        except asyncpg.PostgresError as error:
            with _gathered(work, thing, faults), refusals(work.target.spec.conflict):
                raise error
    work.done += len(things)
    return faults


@contextmanager
def _gathered(work: Work, thing: Thing, faults: list[Fault]) -> Iterator[None]:
    """A refusal becomes faults of the thing; what is nobody's fault goes on."""
    try:
        yield
    except ServiceError as error:
        if error.status >= 500:
            raise
        faults += work.faults(thing, error)


def _forget(tx: Tx) -> None:
    """What an operation would have written."""
    tx.batch, tx.sealing, tx.proofs = Batch(), [], {}
    tx.rings.clear()
    tx.on_commit.clear()


async def _commit(work: Work) -> None:
    things = await content(work)
    await caught_up(lambda: _all_or_nothing(work, things))


async def _all_or_nothing(work: Work, things: list[Thing]) -> None:
    scope = scope_of(work.call.principal, work.target.spec.where)
    there = await present(work.call, scope, work.sheet, things)
    left = [thing for place, thing in enumerate(things) if place not in there]
    calls = [await work.prepared(thing) for thing in left] if work.target.spec.before else []
    faults: list[Fault] = []
    work.done = len(things) - len(left)
    rings: set[str] = set()
    try:
        async with work.call.door.transaction(scope) as tx:
            for place, thing in enumerate(left):
                with _gathered(work, thing, faults), refusals(work.target.spec.conflict):
                    await work.target.act(calls[place] if calls else work.inside(thing), tx)
                    await tx.flush()
                if faults:
                    raise _Undo
                work.done += 1
            _in_force(work, tx, len(left), len(there))
            rings = tx.rings
    except _Undo:
        wrong = len({fault.row for fault in faults})
        await save(
            work,
            queries.CHECKED,
            state="faulty",
            done=work.done,
            wrong=wrong,
            present=len(there),
            faults=told(faults),
            beat_at=clock.now(),
        )
        return
    for tenant in rings:
        work.call.services.doorbell(tenant)


def _in_force(work: Work, tx: Tx, made: int, present_: int) -> None:
    """The row of the workbook, in the same transaction: what came in is in force when it says so."""
    now, call = clock.now(), work.call
    new: dict[str, Any] = {
        "state": "committed",
        "done": work.done,
        "present": present_,
        "made": made,
        "beat_at": now,
        "committed_by": call.principal.actor,
        "committed_at": now,
        "content": None,
    }
    values: dict[str, Any] = {f"new_{name}": value for name, value in new.items()}
    tx.batch.add(queries.COMMITTED, read_version=work.row["version"], **work.place, **values)
    record(
        tx,
        tenant=work.row["tenant_id"],
        principal=call.principal,
        action="workbook.commit",
        object_kind="workbook",
        object_id=work.row["id"],
        request_id=call.trace_id,
        now=now,
        summary={
            "sheet": work.sheet.name,
            "digest": work.row["digest"],
            "made": made,
            "present": present_,
            "sent_by": work.row["sent_by"],
        },
    )


async def _stopped(work: Work, error: Exception) -> None:
    """The row says that the work ended without a result; sent again it begins anew."""
    detail = error.detail if isinstance(error, ServiceError) else "处理中断，未保存任何内容，请重新上传"
    code = error.code if isinstance(error, ServiceError) else "interrupted"
    try:
        await save(
            work,
            queries.CHECKED,
            state="faulty",
            done=work.done,
            wrong=0,
            present=0,
            faults=[[0, "", code, detail]],
            beat_at=clock.now(),
        )
    except Exception as again:
        raise again from error
