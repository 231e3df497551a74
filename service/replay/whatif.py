"""What-if: changed thresholds, definitions and readings, replayed over everything declared. Stores nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg
import msgspec

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.errors import FieldError, invalid
from service.kit.ids import Ref
from service.kit.money import yuan
from service.kit.wire import encode
from service.measures.parameters import RuleBook
from service.measures.rule_entries import Value
from service.measures.whatif import (
    PROVINCIAL,
    READ,
    Project,
    Reclassify,
    Rules,
    Timeline,
    judge,
    reclassified,
)
from service.replay.queries import chunk, total
from service.replay.reading import chunks, decided_of
from service.replay.schemas import (
    Failed,
    FindingChange,
    Flow,
    Moved,
    Progress,
    ReclassifyIn,
    Result,
    WhatIfIn,
    Work,
)
from service.rulebook.book import RuleBooks
from service.rulebook.values import entry_of, fault, read_value

LISTED = 10_000
Cell = list[int]  # [projects, fen]


class Turn:
    """On the shelf: one replay at a time in a process, so that it stays answerable to everybody else."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()


@dataclass
class Wish:
    """A checked request."""

    changes: Mapping[str, Value]
    definitions: list[Reclassify]
    first: str = ""
    last: str = "9999-12-31"
    tenant: str | None = None


def wish_of(call: Call) -> Wish:
    """422 for changes that change no decision, or values that do not fit."""
    body: WhatIfIn = call.body
    books = call.service(RuleBooks)
    today = legal_day(call.now)
    if not body.changes and not body.reclassify:
        raise fault("", "nothing_changed", "请至少给出一项改变的数值或定义")
    changes = {}
    for index, each in enumerate(body.changes):
        changes[each.key] = _change(books.book, each.key, each.value, today, f"/changes/{index}")
    if len(changes) != len(body.changes):
        raise fault("/changes", "duplicate_key", "同一参数只能给出一次")
    wish = Wish(changes, [_definition(each) for each in body.reclassify])
    if isinstance(body.decided_from, date):
        wish.first = body.decided_from.isoformat()
    if isinstance(body.decided_to, date):
        wish.last = body.decided_to.isoformat()
    if isinstance(body.tenant, str):
        wish.tenant = body.tenant
    return wish


def _change(book: RuleBook, key: str, given: Any, on: date, pointer: str) -> Value:
    entry = entry_of(book, key, on, f"{pointer}/key")
    if key not in READ:
        raise invalid([FieldError(f"{pointer}/key", "not_replayable", "该参数不影响路径和提示，无从推演")])
    return read_value(entry, given, f"{pointer}/value")


def _definition(given: ReclassifyIn) -> Reclassify:
    several = given.joint if isinstance(given.joint, bool) else None
    level = given.cross_level if isinstance(given.cross_level, bool) else None
    return Reclassify(given.from_class, given.to_class, tuple(given.kinds), several, level)


@dataclass
class Tally:
    """What the replay adds up."""

    projects: int = 0
    moved: int = 0
    moved_fen: int = 0
    listed: int = 0
    not_as_recorded: int = 0
    unreadable: int = 0
    flows: dict[tuple[str, str, str, str], Cell] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    findings: dict[tuple[str, str], Cell] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, row: Row, project: Project, before: tuple[str, Any], after: tuple[str, Any]) -> bool:
        """Counts one project; whether it moves."""
        tenant, amount = row["tenant_id"], project.investment_fen
        self.projects += 1
        cell = self.flows[tenant, project.project_class, before[0], after[0]]
        cell[0] += 1
        cell[1] += amount
        if before[0] != row["route"]:
            self.not_as_recorded += 1
        if before[1] != after[1]:
            for code in set(after[1]).difference(before[1]):
                self.findings[tenant, code][0] += 1
            for code in set(before[1]).difference(after[1]):
                self.findings[tenant, code][1] += 1
        if before[0] == after[0]:
            return False
        self.moved += 1
        self.moved_fen += amount
        return True


class Replay:
    """One what-if, running."""

    def __init__(self, books: RuleBooks, wish: Wish) -> None:
        self._books, self._wish = books, wish
        self._timelines: dict[str, Timeline] = {}
        self.tally = Tally()

    def judge(self, rows: list[Row]) -> list[Moved]:
        """Judges a chunk both ways; the projects that move, as far as they are still listed."""
        wish, tally, moved = self._wish, self.tally, []
        for row in rows:
            try:
                decided = decided_of(row)
            except msgspec.MsgspecError:
                tally.unreadable += 1
                continue
            on, project = decided.on, decided.project
            if not wish.first <= on <= wish.last:
                continue
            was, would = self._timeline(row["tenant_id"]).on(on, decided.version, decided.aside)
            before = judge(project, was)
            changed = reclassified(project, wish.definitions) if wish.definitions else project
            after = judge(_as_settled(changed, would), would)
            if tally.add(row, project, before, after) and tally.listed < LISTED:
                tally.listed += 1
                moved.append(_moved(row, project, on, before[0], after[0]))
        return moved

    def _timeline(self, tenant: str) -> Timeline:
        if tenant not in self._timelines:
            books = self._books
            self._timelines[tenant] = Timeline(books.of(tenant), self._wish.changes, books.book)
        return self._timelines[tenant]


def _as_settled(project: Project, would: Rules) -> Project:
    """R22 keeps a route only of what the leading group would have decided under the changed rules too."""
    amount = project.settled_fen
    if (
        amount is None
        or judge(project._replace(investment_fen=amount, settled_fen=None), would)[0] == PROVINCIAL
    ):
        return project
    return project._replace(settled_fen=None)


def _moved(row: Row, project: Project, on: str, before: str, after: str) -> Moved:
    return Moved(
        id=str(Ref(row["tenant_id"], row["id"])),
        tenant=row["tenant_id"],
        name=row["name"],
        project_class=project.project_class,
        investment_yuan=yuan(project.investment_fen),
        state=row["state"],
        decided_on=on,
        route_before=before,
        route_after=after,
    )


async def stream(call: Call, wish: Wish) -> AsyncGenerator[bytes, None]:
    """Lines of JSON: progress with the projects that move, at last the result (or that it broke off)."""
    turn: Turn = call.service(Turn)
    try:
        async with turn.lock:
            async for line in _lines(call, wish):
                yield line
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        yield _line(Failed(status=503, code="unavailable", detail="数据服务暂不可用，推演中断，请稍后重试"))


async def _lines(call: Call, wish: Wish) -> AsyncGenerator[bytes, None]:
    tenant = wish.tenant or (None if call.scope.login == "province" else call.principal.tenant)
    given = {} if tenant is None else {"tenant_id": tenant}
    shape = {"own": tenant is not None}
    counted = await call.door.row(call.scope, total(**shape), **given)
    replay = Replay(call.service(RuleBooks), wish)
    everything, read = (0 if counted is None else counted["total"]), 0
    yield _line(Progress(read=0, total=everything, moved=0, projects=[]))
    pages = chunks(call.door, call.scope, chunk(**shape), **given)
    try:
        async for rows in pages:
            projects = replay.judge(rows)
            read += len(rows)
            moved = replay.tally.moved
            yield _line(Progress(read=read, total=max(read, everything), moved=moved, projects=projects))
            await asyncio.sleep(0)  # the others' turn
    finally:
        await pages.aclose()
    yield _line(result_of(replay.tally))


def _line(content: msgspec.Struct) -> bytes:
    return encode(content) + b"\n"


def result_of(tally: Tally) -> Result:
    """The table: flows, the load of each route before and after, findings."""
    return Result(
        projects=tally.projects,
        moved=tally.moved,
        moved_amount_yuan=yuan(tally.moved_fen),
        listed=tally.listed,
        flows=[
            Flow(
                tenant=key[0],
                project_class=key[1],
                route_before=key[2],
                route_after=key[3],
                count=cell[0],
                amount_yuan=yuan(cell[1]),
            )
            for key, cell in sorted(tally.flows.items())
        ],
        workload=_workload(tally),
        findings=[
            FindingChange(tenant=key[0], code=key[1], gained=cell[0], lost=cell[1])
            for key, cell in sorted(tally.findings.items())
        ],
        not_as_recorded=tally.not_as_recorded,
        unreadable=tally.unreadable,
    )


def _workload(tally: Tally) -> list[Work]:
    load: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (tenant, name, before, after), (count, amount) in tally.flows.items():
        was, would = load[tenant, name, before], load[tenant, name, after]
        was[0] += count
        was[1] += amount
        would[2] += count
        would[3] += amount
    return [
        Work(
            tenant=key[0],
            project_class=key[1],
            route=key[2],
            count_before=cell[0],
            amount_before_yuan=yuan(cell[1]),
            count_after=cell[2],
            amount_after_yuan=yuan(cell[3]),
        )
        for key, cell in sorted(load.items())
    ]
