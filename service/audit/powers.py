"""Whether accounts, grants and clients are as the commands of the trail left them: power given in SQL is found.

The trail holds a digest of each row a command wrote (kit/proofs), and has always told who was given which role: of what
was written before there were digests that much is held against it. People of a demo come from nowhere; a database with
that mark opens no production (setup/demo_mark).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Table, Text, bindparam, cast, exists, func, literal_column, select
from sqlalchemy import table as named
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import column

from service.audit.actions import PROOFS
from service.audit.cases import HOW, NAMES, versions, what_of
from service.audit.models import audit_entries
from service.audit.verify import Finding
from service.kit import proofs
from service.kit.db import Door, Row, Tx, metadata, tenant_scope
from service.kit.ids import NIL
from service.kit.proofs import GONE
from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready

PAGE = 500
# Told by an entry of before there were digests: written by a command, as what is not known.
_UNTOLD = "?"
_E = audit_entries.c


class Root(NamedTuple):
    """What gives power: its table, the action that makes one, the kinds of entries that tell of it, the tables of what
    belongs to one. `seeded`: a demo has some that nobody made by a command.
    """

    table: str
    made: str
    kinds: tuple[str, ...]
    parts: tuple[str, ...] = ()
    seeded: bool = False

    @property
    def word(self) -> str:
        return str(metadata.tables[self.table].info["proved"])


ROOTS = (
    Root("users", "user.create", ("user", "grant"), ("role_grants",), seeded=True),
    Root("clients", "client.create", ("client",), seeded=True),
    Root("issuers", "issuer.create", ("issuer",)),
    Root("deputies", "deputy.named", ("deputy",)),
)


_MAKE = {root.made for root in ROOTS}


class Told(NamedTuple):
    """What the trail says of one of them: digests by key, versions that an entry tells, whether from its beginning."""

    digests: dict[str, str]
    versions: set[int]
    made: set[str]

    @property
    def silent(self) -> bool:
        return not (self.digests or self.versions or self.made)


@cache
def _page(root: Root) -> Statement:
    table = metadata.tables[root.table]
    names = [table.c[name] for name in proofs.columns(table)]
    after = bindparam("after", type_=table.c.id.type)
    found = select(*names).where(table.c.tenant_id == TENANT_ID, table.c.id > after, scope_ready())
    return Statement(found.order_by(table.c.id).limit(AT_MOST))


@cache
def _part(name: str) -> Statement:
    table = metadata.tables[name]
    of = table.c[table.info["of"]]
    names = [table.c[name] for name in proofs.columns(table)]
    among = of == func.any(bindparam("ids", type_=ARRAY(of.type)))
    return Statement(select(*names).where(table.c.tenant_id == TENANT_ID, among, scope_ready()))


_ENTRIES = Statement(
    select(_E.object_id, _E.action, _E.summary)
    .where(
        _E.tenant_id == TENANT_ID,
        _E.object_id == func.any(bindparam("texts", type_=ARRAY(Text))),
        _E.object_kind == func.any(bindparam("kinds", type_=ARRAY(Text))),
        scope_ready(),
    )
    .order_by(_E.at, _E.id)
)


_FIRST = Statement(
    select(_E.summary).where(
        _E.tenant_id == TENANT_ID, _E.action == literal_column("'tenant.bootstrap'"), scope_ready()
    )
)
_local = named("tenant_local", column("tenant_id"), column("demo"))
_DEMO = Statement(select(_local.c.demo).where(_local.c.tenant_id == TENANT_ID, scope_ready()))


@cache
def _lost(root: Root) -> Statement:
    """Those of the trail that are gone: no command takes one away."""
    table = metadata.tables[root.table]
    there = exists().where(table.c.tenant_id == _E.tenant_id, cast(table.c.id, Text) == _E.object_id)
    made = _E.action == literal_column(f"'{root.made}'")
    return Statement(
        select(_E.object_id).distinct().where(_E.tenant_id == TENANT_ID, made, ~there, scope_ready())
    )


async def check_powers(door: Door, tenant: str) -> list[Finding]:
    """Every account, grant, client, identity provider and deputation of the tenant against its trail."""
    scope = tenant_scope(tenant)
    async with door.transaction(scope, frozen=True) as tx:
        local = await tx.row(_DEMO, tenant_id=tenant)
        first = [dict(row["summary"]) for row in await tx.fetch(_FIRST, tenant_id=tenant)]
    demo = local is not None and bool(local["demo"])
    found: list[Finding] = []
    for root in ROOTS:
        after: str | None = NIL if root.table in ("users", "deputies") else ""
        while after is not None:
            async with door.transaction(scope, frozen=True) as tx:
                page = await tx.fetch(_page(root), tenant_id=tenant, after=after, limit=PAGE)
                told = await _told(tx, tenant, root, page, first)
                parts = await _parts(tx, tenant, root, page)
                lost = [] if len(page) == PAGE else await tx.fetch(_lost(root), tenant_id=tenant)
            for row in page:
                differing = _differences(root, row, told[row["id"]], parts[row["id"]], demo)
                found += [_finding(*each, tenant, row["id"]) for each in sorted(set(differing))]
            after = page[-1]["id"] if len(page) == PAGE else None
        found += [_finding(root.word, "deleted", tenant, row["object_id"]) for row in lost]
    return found


async def _told(
    tx: Tx, tenant: str, root: Root, page: list[Row], first: list[dict[str, Any]]
) -> dict[str, Told]:
    """What the trail says of those of a page; `first`: what was made at the machine, whose entries are the tenant's."""
    told: dict[str, Told] = defaultdict(lambda: Told({}, set(), set()))
    for made in first:
        for role, of in made.items():
            who = told[str(of).removeprefix(f"{tenant}-")]
            who.made.add(root.made)
            who.digests[f"grant/{role}"] = _UNTOLD
    texts = [row["id"] for row in page]
    for entry in await tx.fetch(_ENTRIES, tenant_id=tenant, texts=texts, kinds=list(root.kinds)):
        _take(told[entry["object_id"]], entry)
    return told


async def _parts(tx: Tx, tenant: str, root: Root, page: list[Row]) -> dict[str, dict[str, str]]:
    """The digests of what belongs to those of a page, as it is."""
    there: dict[str, dict[str, str]] = defaultdict(dict)
    for name in root.parts:
        table = metadata.tables[name]
        for row in await tx.fetch(_part(name), tenant_id=tenant, ids=[each["id"] for each in page]):
            there[row[table.info["of"]]][proofs.key(table, row)] = _digest(table, row)
    return there


def _digest(table: Table, row: Row) -> str:
    return proofs.digest(table, row, proofs.columns(table))


def _take(told: Told, entry: Row) -> None:
    """What an entry says; one of before there were digests by its action and its role."""
    summary, action = entry["summary"], entry["action"]
    if "version" in summary:
        told.versions.add(int(summary["version"]))
    if action in _MAKE:
        told.made.add(action)
    # The digest may stand in an earlier entry of the same command: a person is made together with his roles.
    if action == "grant.add" and told.digests.get(given := f"grant/{summary['role']}", GONE) == GONE:
        told.digests[given] = _UNTOLD
    elif action == "grant.remove":
        told.digests[f"grant/{summary['role']}"] = GONE
    if action.startswith("deputy.") and PROOFS not in summary:
        told.digests[f"deputy/{entry['object_id']}"] = _UNTOLD
    told.digests.update(summary.get(PROOFS, {}))


def _differences(
    root: Root, row: Row, told: Told, parts: dict[str, str], demo: bool
) -> Iterator[tuple[str, str]]:
    """(what, how) for each row that is not as it was told."""
    table = metadata.tables[root.table]
    if told.silent and not (root.seeded and demo):
        yield root.word, "added"
    if "version" in table.c:
        yield from _versioned(root, table, row, told)
    elif told.digests.get(proofs.key(table, row), _UNTOLD) not in (_UNTOLD, _digest(table, row)):
        yield root.word, "edited"
    for name, digest in parts.items():
        said = told.digests.get(name, GONE if told.made else _UNTOLD)
        if said == GONE:
            yield what_of(name), "added"
        elif said not in (_UNTOLD, digest):
            yield what_of(name), "edited"
    for name, said in told.digests.items():
        if root.parts and "/" in name and said != GONE and name not in parts:
            yield what_of(name), "deleted"


def _versioned(root: Root, table: Table, row: Row, told: Told) -> Iterator[tuple[str, str]]:
    """Of a row with versions: what never changes, and what this version of it holds."""
    constant, changing = proofs.parts(table)
    version = row["version"]
    if told.digests.get(root.word, mine := proofs.digest(table, row, constant)) != mine:
        yield root.word, "edited"
    known = versions(told.digests, root.word)
    key = f"{root.word}@{version}"
    if max(known, default=version) > version:  # put back to what it once was
        yield root.word, "edited"
    elif key in told.digests:
        if told.digests[key] != proofs.digest(table, row, changing):
            yield root.word, "edited"
    elif known and version not in told.versions:  # raised without a command
        yield root.word, "edited"


def _finding(what: str, how: str, tenant: str, of: str) -> Finding:
    return Finding(f"{what}_{how}", tenant, f"{NAMES[what]}（{tenant} 的 {of}）{HOW[how]}")
