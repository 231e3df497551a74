"""Whether cases are as the commands of the trail left them: what was changed in SQL is found (art. 39).

The trail holds a digest of each row a command wrote. Cases are read in pages, each of one moment, and compared.
What was written before there were digests is counted as not checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Table, Text, Uuid, bindparam, cast, exists, select
from sqlalchemy import table as named
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import column, func, literal_column

from service.audit.actions import PROOFS
from service.audit.models import audit_entries
from service.audit.verify import Finding
from service.kit import proofs
from service.kit.db import Door, Row, Tx, metadata, tenant_scope
from service.kit.ids import NIL
from service.kit.statements import AT_MOST, ROW_IDS, TENANT_ID, Statement, scope_ready
from service.vocabulary import names

PAGE = 200
NAMES: Mapping[str, str] = names("case_part")
_E = audit_entries.c
_spills = named("spills", column("tenant_id"), column("project_id"), column("id"))


@dataclass
class Cases:
    """What came of comparing: cases that agree or not, those of before, those whose text was erased."""

    checked: int = 0
    not_checked: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)


@cache
def _case_page() -> Statement:
    projects = metadata.tables["projects"]
    # By the purge's own entry: a row among the spills could be put there in SQL to keep a case from being looked at.
    erased = exists().where(
        _spills.c.tenant_id == projects.c.tenant_id,
        _spills.c.project_id == projects.c.id,
        _E.tenant_id == projects.c.tenant_id,
        _E.object_id == cast(_spills.c.id, Text),
        _E.action == literal_column("'spill.purge'"),
        _E.summary["project"].astext == cast(projects.c.id, Text),
    )
    names = [projects.c[name] for name in proofs.columns(projects)]
    after = bindparam("after", type_=Uuid(as_uuid=False))
    page = select(*names, erased.label("erased")).where(
        projects.c.tenant_id == TENANT_ID, projects.c.id > after, scope_ready()
    )
    return Statement(page.order_by(projects.c.id).limit(AT_MOST))


@cache
def _entries() -> Statement:
    found = select(_E.object_id, _E.at, _E.summary[PROOFS].label("rows")).where(
        _E.tenant_id == TENANT_ID,
        _E.object_kind == literal_column("'project'"),
        _E.object_id == func.any(bindparam("texts", type_=ARRAY(Text))),
        _E.summary.has_key(PROOFS),
        scope_ready(),
    )
    return Statement(found.order_by(_E.at, _E.id))


@cache
def _tables() -> tuple[tuple[Table, Statement], ...]:
    """The tables whose rows belong to a case, and how those of a page are read."""
    found = []
    for table in metadata.tables.values():
        if table.info.get("proved") and "project_id" in table.c:
            # The key with them, which calls the row.
            wanted = dict.fromkeys([*proofs.columns(table), *table.primary_key.columns.keys()])
            names = [table.c[name] for name in wanted]
            mine = (table.c.tenant_id == TENANT_ID, table.c.project_id == func.any(ROW_IDS), scope_ready())
            found.append((table, Statement(select(*names).where(*mine))))
    return tuple(found)


@cache
def _lost() -> Statement:
    """Cases of the trail that are gone though no command deleted them."""
    projects, deleted = metadata.tables["projects"], audit_entries.alias("deleted")
    gone = ~exists().where(projects.c.tenant_id == _E.tenant_id, cast(projects.c.id, Text) == _E.object_id)
    kept = ~exists().where(
        deleted.c.tenant_id == _E.tenant_id,
        deleted.c.object_id == _E.object_id,
        deleted.c.action == literal_column("'project.delete'"),
    )
    mine = (
        _E.tenant_id == TENANT_ID,
        _E.object_kind == literal_column("'project'"),
        _E.summary.has_key(PROOFS),
    )
    return Statement(select(_E.object_id).distinct().where(*mine, gone, kept, scope_ready()))


async def check_cases(door: Door, tenant: str) -> Cases:
    """Every case of the tenant against its trail."""
    cases, after = Cases(), NIL
    while True:
        async with door.transaction(tenant_scope(tenant), frozen=True) as tx:
            page = await tx.fetch(_case_page(), tenant_id=tenant, after=after, limit=PAGE)
            if page:
                await _compare(tx, tenant, page, cases)
        if len(page) < PAGE:
            break
        after = page[-1]["id"]
    for row in await door.fetch(tenant_scope(tenant), _lost(), tenant_id=tenant):
        cases.findings.append(_finding("case", "deleted", tenant, row["object_id"]))
    return cases


async def _compare(tx: Tx, tenant: str, page: list[Row], cases: Cases) -> None:
    ids = [row["id"] for row in page]
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for entry in await tx.fetch(_entries(), tenant_id=tenant, texts=ids):
        told[entry["object_id"]].update(entry["rows"])
    there: dict[str, dict[str, str]] = defaultdict(dict)
    for table, statement in _tables():
        for row in await tx.fetch(statement, tenant_id=tenant, ids=ids):
            there[row["project_id"]][proofs.key(table, row)] = proofs.digest(
                table, row, proofs.columns(table)
            )
    for row in page:
        _judge(tenant, row, told[row["id"]], there[row["id"]], cases)


def _judge(tenant: str, row: Row, told: Mapping[str, str], there: dict[str, str], cases: Cases) -> None:
    if row["erased"]:
        cases.erased += 1
        return
    # Of a case made before there were digests only what was written since can be told.
    whole = "case" in told
    cases.checked += whole
    cases.not_checked += not whole
    projects = metadata.tables["projects"]
    constant, changing = proofs.parts(projects)
    there["case"] = proofs.digest(projects, row, constant)
    if whole or versions(told):
        there[f"case@{row['version']}"] = proofs.digest(projects, row, changing)
    cases.findings += [
        _finding(what, how, tenant, row["id"])
        for what, how in sorted(set(_differences(told, there, row["version"])))
        if whole or how != "added"
    ]


HOW = {
    "edited": "与经办时入审计的摘要不符：在库中被改动",
    "added": "在审计中没有经办记录：在库中被加入",
    "deleted": "在审计中有经办记录而库中已无：在库中被删除",
}


def _finding(what: str, how: str, tenant: str, case: str) -> Finding:
    return Finding(f"{what}_{how}", tenant, f"{NAMES[what]}（案卷 {tenant}-{case}）{HOW[how]}")


def versions(told: Iterable[str], word: str = "case") -> list[int]:
    """The versions that the trail has digests of."""
    return [int(key.partition("@")[2]) for key in told if key.startswith(f"{word}@")]


def _differences(
    told: Mapping[str, str], there: Mapping[str, str], version: int
) -> Iterator[tuple[str, str]]:
    """(what, how) for each row that is not as it was told; older versions of the case are not there any more."""
    if max(versions(told), default=version) > version:  # put back to what it once was
        yield "case", "edited"
    for key, digest in there.items():
        what = what_of(key)
        if key not in told and what != "case":
            yield what, "added"
        elif (key not in told and "@" in key) or told.get(key, digest) != digest:  # raised without a command
            yield what, "edited"
    for key in told:
        if key not in there and not key.startswith("case@"):
            yield what_of(key), "deleted"


def what_of(key: str) -> str:
    """The kind of row that a key calls."""
    return key.partition("/")[0].partition("@")[0]
