"""Digests of rows that must not be changed behind the service's back: taken where they are written, kept in the trail.

A row is what its columns hold, in a form that reading it back gives again: JSON as PostgreSQL returns it, moments in
UTC. What has versions (a case, a user, a client) is proved in two parts: what never changes, and what every version of
it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import JSONB

from service.kit.digest import canonical, quick, sealed
from service.kit.wire import encode, settled, spelt

# By what the row belongs to (a case, a user, a client), by the key of what was written.
Proofs = dict[tuple[str, str], dict[str, str]]
GONE = ""  # in place of the digest of a row that a command took away


class Spelling:
    """The JSON of a command's objects, each put into canonical form once: for its digests and for its rows alike.

    What was spelt changes no more before the command is over.
    """

    def __init__(self) -> None:
        self._of: dict[int, tuple[Any, Any]] = {}  # with the object itself: an `id` is given again

    def of(self, value: Any) -> Any:
        """The bytes that stand for an object; itself where what is stored would be other bytes."""
        known = self._of.get(id(value))
        if known is None:
            text = quick(value) if type(value) is dict else None
            known = (value, value if text is None or not settled(text) else msgspec.Raw(text))
            self._of[id(value)] = known
        return known[1]

    def row(self, table: Table, values: dict[str, Any]) -> None:
        """Puts the bytes in place of the objects of a row."""
        values.update((name, self.of(values[name])) for name in _json(table) if name in values)


def plain(table: Table, values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """These columns as they will be read back; what is empty is left out, so that a column that comes later is too."""
    found: dict[str, Any] = {}
    json = _json(table)
    for name in names:
        value = values[name]
        if value is None or value == [] or value == ():
            continue
        if isinstance(value, datetime):
            value = spelt(value)
        elif isinstance(value, date | UUID | str):  # a plain text takes the quick way through kit/digest
            value = str(value)
        elif name in json:
            told = table.c[name].info.get("proved_as")
            value = value if type(value) is msgspec.Raw else _stored(value if told is None else told(value))
        elif isinstance(value, tuple):
            value = list(value)
        found[name] = value
    return found


def _stored(value: Any) -> msgspec.Raw:
    """Canonical JSON of what PostgreSQL will give back."""
    return msgspec.Raw(canonical(msgspec.json.decode(encode(value))))


def digest(table: Table, values: Mapping[str, Any], names: Collection[str]) -> str:
    """SM3 over the canonical JSON of these columns."""
    return sealed(plain(table, values, names))


@cache
def _json(table: Table) -> frozenset[str]:
    """The columns that hold JSON."""
    return frozenset(str(each.name) for each in table.columns if isinstance(each.type, JSONB))


@cache
def columns(table: Table) -> list[str]:
    """What of a row is proved: all of it but what is kept without a version and what the database works out.

    Plain text: SQLAlchemy's own names are a kind of it that would take the slow way through kit/digest.
    """
    return [
        str(each.name)
        for each in table.columns
        if each.computed is None and not each.info.get("unproved", False)
    ]


@cache
def parts(table: Table) -> tuple[list[str], list[str]]:
    """Of a table with versions: the columns that never change, and those that do."""
    changing = [name for name in columns(table) if table.c[name].info.get("changes", False)]
    return [name for name in columns(table) if name not in changing], changing


@cache
def _last(table: Table) -> tuple[str, bool]:
    """The last column of its key, and whether that tells editions."""
    last = str(table.primary_key.columns.keys()[-1])
    return last, bool(table.c[last].info.get("unproved", False))


def key(table: Table, values: Mapping[str, Any]) -> str:
    """What the row is called among those of its case; the first of what got editions later keeps its name."""
    last, editions = _last(table)
    first = editions and values[last] == 1
    return (
        str(table.info["proved"])
        if last == "project_id" or first
        else f"{table.info['proved']}/{values[last]}"
    )


def _whose(table: Table, values: Mapping[str, Any]) -> tuple[str, str]:
    return values["tenant_id"], values[table.info["of"]]


def withdraw(proofs: Proofs, table: Table, values: Mapping[str, Any]) -> None:
    """Notes that a row is taken away: what is there later under its key was not written by a command."""
    proofs.setdefault(_whose(table, values), {})[key(table, values)] = GONE


def prove(proofs: Proofs, table: Table, values: Mapping[str, Any]) -> None:
    """Adds the digests of a row that is written."""
    if "version" not in table.c:
        proofs.setdefault(_whose(table, values), {})[key(table, values)] = digest(
            table, values, columns(table)
        )
        return
    constant, changing = parts(table)
    mine = proofs.setdefault((values["tenant_id"], values["id"]), {})
    if set(values.keys()) >= set(constant):
        mine[table.info["proved"]] = digest(table, values, constant)
    mine[f"{table.info['proved']}@{values['version']}"] = digest(table, values, changing)
