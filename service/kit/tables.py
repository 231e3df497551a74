"""Columns and keys that every table shares, so that tenancy cannot be forgotten.

Tables marked `reference` hold public facts and have no row level security; `case` tables carry an office;
all others belong to a tenant as a whole. The migrations and the schema test read the mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import table as named
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, Insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.schema import SchemaItem

from service.kit.db import metadata
from service.kit.statements import OF_TENANT, READ_VERSION, Statement

Kind = Literal["tenant", "case", "reference"]
# A row of every tenant of a database: what a list over all of them begins with, and beside which given rows stand.
EACH_TENANT = named("tenant_local", column("tenant_id", Text))


def text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def uuid(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Uuid(as_uuid=False), nullable=null)


def number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null)


def fen(name: str, *, null: bool = False) -> Column[int]:
    """An amount of money in fen."""
    return Column(name, BigInteger, nullable=null)


def moment(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=null)


def json(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, JSONB, nullable=null)


def texts(name: str, *, default: str | None = None) -> Column[Any]:
    """A list of texts; `default`: the server's, as SQL."""
    return Column(name, ARRAY(Text), nullable=False, server_default=default and sql(default))


def table(
    name: str,
    *items: SchemaItem,
    key: tuple[str, ...],
    kind: Kind = "tenant",
    proved: str = "",
    of: str = "project_id",
) -> Table:
    """A tenant's table: `tenant_id` leads the primary key (docs/decisions/0165, rule 1).

    `proved`: what a row is called whose digest goes into the audit trail with the command that writes it (kit/proofs);
    `of`: the column that says whose row it is, where it is not itself what the entry is about.
    """
    columns: list[SchemaItem] = [text("tenant_id")]
    if kind == "case":
        columns.append(uuid("office_id"))
    return Table(
        name,
        metadata,
        *columns,
        *items,
        PrimaryKeyConstraint("tenant_id", *key, name=f"pk_{name}"),
        info={"kind": kind, "proved": proved, "of": of},
    )


def reference(name: str, *items: SchemaItem, key: tuple[str, ...]) -> Table:
    """Public reference data: no row level security (docs/decisions/0165, rule 2)."""
    return Table(
        name, metadata, *items, PrimaryKeyConstraint(*key, name=f"pk_{name}"), info={"kind": "reference"}
    )


def inside(
    name: str, columns: tuple[str, ...], target: str, remote: tuple[str, ...], *, gone: str | None = None
) -> ForeignKeyConstraint:
    """A foreign key inside one tenant: it always carries `tenant_id`. `gone`: what becomes of the row when the
    other is deleted (`CASCADE`, `SET NULL (column)`); by default the other cannot be.
    """
    remote_columns = [f"{target}.tenant_id", *(f"{target}.{c}" for c in remote)]
    return ForeignKeyConstraint(["tenant_id", *columns], remote_columns, name=name, ondelete=gone)


def index(name: str, *expressions: Any, **options: Any) -> Index:
    return Index(name, *expressions, **options)


def insert_row(
    target: Table, *, ignore_conflict: bool = False, given: Mapping[str, Any] | None = None
) -> Statement:
    """INSERT of one full row; every column is a parameter of its own name.

    `given`: columns that are no parameters, each with its SQL, or None for the server's default.
    """
    fixed = given or {}
    values = {each.name: bindparam(each.name, type_=each.type) for each in target.columns}
    values = {name: value for name, value in values.items() if name not in fixed}
    values |= {name: value for name, value in fixed.items() if value is not None}
    if ignore_conflict:
        return Statement(upsert(target).values(values).on_conflict_do_nothing())
    return Statement(insert(target).values(values), writes=target, sure=True)


def update_row(target: Table, *while_so: Any, **values: Any) -> Statement:
    """UPDATE of the row that `of_tenant` and `of_id` name, while `while_so` holds: else nothing is changed.

    `values`: by column the name of its parameter, or SQL.
    """
    c = target.c
    given = {
        name: bindparam(value, type_=c[name].type) if isinstance(value, str) else value
        for name, value in values.items()
    }
    this = (c.tenant_id == OF_TENANT, c.id == bindparam("of_id", type_=c.id.type))
    return Statement(update(target).where(*this, *while_so).values(given))


def update_read(target: Table, changing: Iterable[str], prefix: str = "") -> Statement:
    """UPDATE of one row as it was read: `of_tenant`, `of_id`, `read_version`, and what changes under `prefix` + name.

    The version goes up by one; who read an older one changes nothing, which the batch tells.
    """
    c = target.c
    values: dict[str, Any] = {name: bindparam(f"{prefix}{name}", type_=c[name].type) for name in changing}
    return Statement(
        update(target)
        .where(
            c.tenant_id == OF_TENANT,
            c.id == bindparam("of_id", type_=c.id.type),
            c.version == READ_VERSION,
        )
        .values({**values, "version": c.version + 1})
    )


def beside_tenant(*given: Any, of: Any = OF_TENANT) -> Select[Any]:
    """SELECT of what is given (parameters, their `unnest`, columns of a function) for the tenant `of`, to be inserted.

    Beside the tenant's own row, which says `tenant_id`: so one statement finds its machine where tenants lie on many
    (docs/decisions/0277). Nothing is inserted for a tenant that there is not, or that the login does not see.
    """
    return select(EACH_TENANT.c.tenant_id, *given).where(EACH_TENANT.c.tenant_id == of)


def insert_given(target: Table, *, now: Sequence[str] = ()) -> Insert:
    """INSERT of the rows given as one JSON list `rows` of objects with every column, for the tenant `of_tenant`.

    `now`: columns that get the database's time in place of the object's.
    """
    names = [each.name for each in target.columns if each.name != "tenant_id"]
    read = (
        func.jsonb_to_recordset(bindparam("rows", type_=JSONB))
        .table_valued(*(column(name, target.c[name].type) for name in names))
        .render_derived(name="given", with_types=True)
    )
    values = [func.now() if name in now else read.c[name] for name in names]
    if target.info["kind"] == "reference":
        return upsert(target).from_select(names, select(*values))
    return upsert(target).from_select(
        ["tenant_id", *names], beside_tenant(*values).select_from(EACH_TENANT, read)
    )


def insert_rows(target: Table, *, ignore_conflict: bool = False, now: Sequence[str] = ()) -> Statement:
    """The same as a statement. `ignore_conflict`: a row that is there is left as it is."""
    made = insert_given(target, now=now)
    return Statement(made.on_conflict_do_nothing()) if ignore_conflict else Statement(made, writes=target)
