"""What the system itself knows of a declaration, in one read: of its own, or with the case that hands its text in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.identity.models import offices
from service.kit.keyed import key_of
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.measures.lifecycle import COMPLETED, values
from service.projects.evaluated import OFFICE, results
from service.projects.models import ON_ENTRY, projects
from service.projects.queries import own_case

_names = ("tenant_id", "project_id", "slot", "name", "checked", "removed_at", "state")


def _above(name: str) -> Any:
    """A table of a layer above, of which only these columns are asked for."""
    return table(name, *(column(each) for each in _names))


_files, _links, _joined = _above("documents"), _above("links"), _above("link_invitations")
_here = and_(_files.c.tenant_id == TENANT_ID, _files.c.project_id == ROW_ID, _files.c.removed_at.is_(None))
_empty: Any = literal_column("'{}'::text[]")
_unread = _files.c.checked == literal_column("'not_checked'")
# Both in one look at the files.
_FILES = (
    select(
        func.coalesce(func.array_agg(_files.c.slot.distinct()), _empty).label("slots"),
        func.coalesce(func.array_agg(_files.c.name.distinct()).filter(_unread), _empty).label("unread"),
    )
    .where(_here)
    .lateral("files")
)


def _joined_by(links: Any) -> Any:
    """A link of the project to another level that both sides have joined."""
    joined = links.c.state == literal_column("'joined'")
    return exists(
        select(literal_column("1")).where(
            links.c.tenant_id == TENANT_ID, links.c.project_id == ROW_ID, joined
        )
    )


_name_key = key_of(offices, "name_key")
_REGISTERED = (
    select(func.coalesce(func.array_agg(_name_key), _empty))
    .select_from(offices)
    .where(
        offices.c.tenant_id == TENANT_ID,
        _name_key == func.any(bindparam("names", type_=ARRAY(Text))),
        offices.c.valid_from <= bindparam("on", type_=offices.c.valid_from.type),
        or_(
            offices.c.valid_to.is_(None),
            offices.c.valid_to > bindparam("on", type_=offices.c.valid_from.type),
        ),
    )
    .scalar_subquery()
)
P = projects.c
_PREVIOUS = exists(
    select(literal_column("1")).where(
        P.tenant_id == TENANT_ID,
        P.id == bindparam("previous", type_=Uuid(as_uuid=False)),
        P.id != ROW_ID,
        P.office_id == OFFICE,
        P.state == func.any(literal_column("'{" + ",".join(values(COMPLETED)) + "}'::text[]")),
    )
)
_I = table(
    "library_imports",
    *(
        column(each)
        for each in (
            "tenant_id",
            "id",
            "owner_office_id",
            "project_name",
            "entered_on",
            "valid_until",
            "state",
        )
    ),
)
_entry = bindparam("entry", type_=Uuid(as_uuid=False))
_ended: Any = literal_column("'{withdrawn,terminated,funds_recalled}'::text[]")
# Another project that stands on the same entry; one that has ended holds it no more. Asked of an entry that was found.
_TAKEN = exists(
    select(literal_column("1")).where(
        P.tenant_id == TENANT_ID,
        P.id != ROW_ID,
        cast(_I.c.id, Text) == ON_ENTRY,
        P.state != func.all(_ended),
    )
)
_ENTRY = (
    select(
        func.jsonb_build_object(
            literal_column("'on'"),
            _I.c.entered_on,
            literal_column("'valid_until'"),
            _I.c.valid_until,
            literal_column("'entry'"),
            _I.c.id,
            literal_column("'imported'"),
            literal_column("true"),
            literal_column("'name'"),
            _I.c.project_name,
        )
    )
    .where(
        _I.c.tenant_id == TENANT_ID,
        _I.c.id == _entry,
        _I.c.owner_office_id == OFFICE,
        _I.c.state == literal_column("'confirmed'"),
        ~_TAKEN,
    )
    .scalar_subquery()
)
_LINKED = or_(_joined_by(_links), _joined_by(_joined))
GROUNDS = Statement(
    select(
        _FILES.c.slots.label("papers"),
        _FILES.c.unread,
        _LINKED.label("linked"),
        _REGISTERED.label("registered"),
        _PREVIOUS.label("previous"),
        _ENTRY.label("entry"),
        results(OFFICE).label("results"),
    )
    .select_from(_FILES)
    .where(scope_ready())
)
# The case with what is known of any text of it.
CASE_GROUNDS = Statement(
    own_case(
        _FILES.c.slots,
        func.jsonb_build_object(
            literal_column("'unread'"),
            _FILES.c.unread,
            literal_column("'linked'"),
            _LINKED,
            literal_column("'results'"),
            results(P.office_id),
        ).label("ground"),
        beside=_FILES,
    )
)
