"""Statements of SQLAlchemy Core, compiled once, and the rows of one command put together into one statement.

A read of one tenant is folded with the setting of its scope, so that both take one round trip; nothing here opens a
connection or runs anything: that is the data door (kit/db.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any, ClassVar, TypeAlias
from weakref import WeakSet

import asyncpg
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.selectable import SelectBase

from service.kit.errors import ServiceError, stale

# What most statements are given: a tenant and a row of it, or several; the row that is written, as it was read.
TENANT_ID, ROW_ID = bindparam("tenant_id", type_=Text), bindparam("id", type_=Uuid(as_uuid=False))
ROW_IDS = bindparam("ids", type_=ARRAY(Uuid(as_uuid=False)))
AT_MOST = bindparam("limit", type_=Integer)
OF_TENANT, OF_ID = bindparam("of_tenant", type_=Text), bindparam("of_id", type_=Uuid(as_uuid=False))
READ_VERSION = bindparam("read_version", type_=Integer)

_DIALECT: Any = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
_PARAM = re.compile(r"\$(\d+)")
_CAST = re.compile(r"\$(\d+)(::JSONB\b(?!\[))?")
# Parameters, counted from 0, and the place, from 1, that each takes of an earlier one.
_Moved: TypeAlias = tuple[tuple[int, int], ...]
# Of a SELECT: rows that it locks, or changes in a WITH.
_HOLDS = re.compile(
    r"\bFOR (UPDATE|NO KEY UPDATE|SHARE|KEY SHARE)\b|\b(INSERT INTO|DELETE FROM)\b|\bUPDATE \w+ SET\b"
)
_MISSED = re.compile(r"tj_missed (\d+) ")
_READY = "s.tj_scope IS NOT NULL"
# Without this fence the planner pulls the subquery up, may scan the table first and the setting second, and row
# level security then hides every row. Fenced and referring to `s`, it can only run after `s`.
_FENCE = " OFFSET 0"


def scope_ready() -> ColumnElement[bool]:
    """Condition every scoped SELECT carries: makes PostgreSQL set the scope before it reads a row."""
    return literal_column(_READY)


# What one statement is ever asked for: a page of a list, a slice of an export, a capped count.
MOST_ROWS = 2001


def bounded(page: Select[Any]) -> Select[Any]:
    """A page (its LIMIT a parameter) that the planner knows to be short, in the order it has.

    Plans are generic, and of a LIMIT that it does not know PostgreSQL expects a tenth of the table: then it sorts and
    hashes the whole tenant where an index has the page ready. The known LIMIT reaches the page only where nothing
    sorts in between; the page's order stays, as it does in a folded statement.
    """
    found = page.subquery("page")
    return select(*found.c).limit(literal_column(str(MOST_ROWS)))


class Statement:
    """A Core statement compiled once to asyncpg SQL, when it is first used; parameters are given by name."""

    every: ClassVar[WeakSet[Statement]] = WeakSet()  # a test reads the plans of those that are folded

    def __init__(self, core: ClauseElement, *, writes: Table | None = None, sure: bool = False) -> None:
        self.sure = sure  # changes one row or fails, so that nobody need count
        # The table whose whole row the parameters are (or each of `rows`), by the columns' names: see kit/proofs.
        self.writes = writes if writes is not None and writes.info.get("proved") else None
        self._core = core
        Statement.every.add(self)

    @cached_property
    def _compiled(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        compiled = self._core.compile(dialect=_DIALECT)
        names = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        return str(compiled), names, {k: v for k, v in compiled.params.items() if v is not None}

    @property
    def sql(self) -> str:
        return self._compiled[0]

    @property
    def names(self) -> tuple[str, ...]:
        return self._compiled[1]

    @property
    def constants(self) -> dict[str, Any]:
        return self._compiled[2]

    @cached_property
    def plain(self) -> str:
        """By itself, in a transaction whose scope is set."""
        return self.sql.replace(_READY, "true")

    @cached_property
    def folded(self) -> str:
        """Together with the setting of its scope."""
        return (
            f"WITH s AS MATERIALIZED (SELECT set_config('app.scope', ${len(self.names) + 1}, true) AS tj_scope) "
            f"SELECT q.* FROM s CROSS JOIN LATERAL ({self.sql}{_FENCE}) q"
        )

    @property
    def folds(self) -> bool:
        return _READY in self.sql

    @cached_property
    def reads(self) -> bool:
        """Whether it only reads: changes nothing and locks no row, so that it needs no transaction around it."""
        return isinstance(self._core, SelectBase) and not _HOLDS.search(self.sql)

    @cached_property
    def objects(self) -> frozenset[int]:
        """Which parameters, counted from 0, are JSON wherever they stand."""
        found: dict[int, bool] = {}
        for at, cast in _CAST.findall(self.sql):
            found[int(at) - 1] = bool(cast) and found.get(int(at) - 1, True)
        return frozenset(at for at, every in found.items() if every)

    def arguments(self, params: Mapping[str, Any]) -> list[Any]:
        """Values in the statement's order; a missing parameter is a programming error."""
        _, names, constants = self._compiled
        if not constants:
            return [params[name] for name in names]
        return [params[name] if name in params else constants[name] for name in names]


class Batch:
    """All rows of one command, written by one statement."""

    # By the statements themselves, which stay alive here: an `id` would be given again to another statement.
    _sql: ClassVar[dict[tuple[object, ...], str]] = {}

    def __init__(self) -> None:
        self.parts: list[tuple[Statement, dict[str, Any], int | None, ServiceError | None]] = []

    def add(
        self, statement: Statement, *, expect: int | None = 1, miss: ServiceError | None = None, **params: Any
    ) -> None:
        """Adds rows. `expect` = affected rows required (None = any); a miss raises `miss` (default 412)."""
        self.parts.append((statement, params, expect, miss))

    def inside(self) -> tuple[str, list[Any]]:
        """For a transaction whose scope is set; answers how many rows each part changed."""
        every, (moved, values) = range(len(self.parts)), self._laid()
        return self._cached(
            "", moved, lambda: f"{self._parts(every, moved)} SELECT {self._counted(every)}"
        ), values

    def whole(self, literal: str) -> tuple[str, list[Any]]:
        """A transaction by itself: sets the scope, writes, and fails unless every count is the expected one.

        Its last two parameters: the expected counts and the scope. What is counted runs when the outermost row is put
        together, which comes from `s`, what is not after that; so the scope is set before. Were it not, row level
        security would refuse the rows and the counts would be wrong: an error, never a silent loss.
        """
        counts = self.counts
        counted = tuple(i for i, count in enumerate(counts) if count is not None) or (0,)
        moved, values = self._laid()
        at = len(values)
        sql = self._cached(counted, moved, lambda: self._whole(counted, moved, at))
        return sql, [*values, counts, literal]

    def _whole(self, counted: Collection[int], moved: _Moved, at: int) -> str:
        held = ", ".join(
            f"CASE WHEN c.w{i} = coalesce((${at + 1}::bigint[])[{i + 1}], c.w{i}) THEN c.w{i} "
            f"ELSE CAST('tj_missed {i} ' || c.w{i} AS bigint) END"
            for i in counted
        )
        setting = f"s AS MATERIALIZED (SELECT set_config('app.scope', ${at + 2}, true) AS tj_scope)"
        found = f"(SELECT {self._counted(counted)}{_FENCE}) c"
        parts = self._parts(counted, moved, setting)
        return f"{parts} SELECT {held} FROM s CROSS JOIN LATERAL {found} WHERE {_READY}"

    def _cached(self, form: object, moved: _Moved, render: Callable[[], str]) -> str:
        key = (form, moved, *(part[0] for part in self.parts))
        if key not in self._sql:
            self._sql[key] = render()
        return self._sql[key]

    def _laid(self) -> tuple[_Moved, list[Any]]:
        """The values of all parts, and which parameters take the value of an earlier one: an object that several rows
        hold (what was declared, of the case and of its sealed version) is sent, and read by PostgreSQL, once.
        """
        moved: list[tuple[int, int]] = []
        values: list[Any] = []
        places: dict[int, int] = {}  # of objects, by what they are
        for statement, params, *_ in self.parts:
            objects = statement.objects
            for at, value in enumerate(statement.arguments(params)):
                if at in objects and type(value) is dict:
                    if (place := places.get(id(value))) is not None:
                        moved.append((len(values) + len(moved), place))
                        continue
                    places[id(value)] = len(values) + 1
                values.append(value)
        return tuple(moved), values

    def _parts(self, counted: Collection[int], moved: _Moved, *first: str) -> str:
        elsewhere, place = dict(moved), 0
        bodies = list(first)
        for index, (statement, *_) in enumerate(self.parts):
            places = []
            for _name in statement.names:
                taken = elsewhere.get(place)
                places.append(taken or place + 1 - sum(at < place for at in elsewhere))
                place += 1
            body = _PARAM.sub(lambda m, places=places: f"${places[int(m[1]) - 1]}", statement.plain)  # type: ignore[misc]
            bodies.append(f"w{index} AS ({body}{' RETURNING 1' if index in counted else ''})")
        return f"WITH {', '.join(bodies)}"

    def _counted(self, counted: Collection[int]) -> str:
        return ", ".join(f"(SELECT count(*) FROM w{index}) AS w{index}" for index in counted)

    @property
    def counts(self) -> list[int | None]:
        """How many rows each part must change; None where any do, or where it changes one or fails."""
        return [None if part.sure and expect == 1 else expect for part, _, expect, _ in self.parts]

    def check(self, counts: asyncpg.Record) -> None:
        for (_, _, expect, miss), count in zip(self.parts, counts, strict=True):
            if expect is not None and count != expect:
                raise miss or stale()

    def missed(self, told: str) -> ServiceError | None:
        """What `whole` failed for, by the error that PostgreSQL told; None where it is another error."""
        found = _MISSED.search(told)
        return None if found is None else self.parts[int(found[1])][3] or stale()
