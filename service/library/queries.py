"""Every SELECT of rounds and of the library."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Text,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
)

from service.identity.models import tenants
from service.kit.listing import Order, among, listing_of
from service.kit.statements import AT_MOST, ROW_ID, TENANT_ID, Statement, scope_ready
from service.library.models import intake_notices, library_entries
from service.measures.lifecycle import ABANDONED, values
from service.projects.models import projects

N, E, P = intake_notices.c, library_entries.c, projects.c
_year = bindparam("year", type_=Integer)

_latest = select(N.year, func.max(N.number).label("number")).group_by(N.year).subquery("latest")
_current = select(*intake_notices.c).select_from(
    intake_notices.join(_latest, (_latest.c.year == N.year) & (_latest.c.number == N.number))
)
# How each year's round stands, newest year first.
ROUNDS = Statement(_current.where(scope_ready()).order_by(N.year.desc()))
ROUND_OF = Statement(_current.where(N.year == _year, scope_ready()))
ROUND = Statement(_current.where(N.id == ROW_ID, scope_ready()))
TENANTS = Statement(select(tenants.c.id, tenants.c.name).order_by(tenants.c.id))

# An entry tells of a project that may still be declared: one that was withdrawn or ended stands no more, whatever
# its two years say.
_STATE = (
    select(P.state)
    .where(P.tenant_id == E.tenant_id, P.id == E.project_id)
    .correlate(library_entries)
    .scalar_subquery()
)
_ENTRY = (*library_entries.c, _STATE.label("project_state"))
ENDED = values(ABANDONED)
# Whose case is not seen (an agency's that was not commissioned), nor is its entry.
_SEEN = _STATE.is_not(None)
ENTRY = Statement(select(*_ENTRY).where(E.tenant_id == TENANT_ID, E.id == ROW_ID, _SEEN, scope_ready()))
ENTRY_OF = Statement(
    select(*library_entries.c)
    .where(E.tenant_id == TENANT_ID, E.project_id == ROW_ID, scope_ready())
    .order_by(E.entered_on.desc(), E.id.desc())
    .limit(literal_column("1"))
)
# Whose entry is over, for the worker.
EXPIRED = Statement(
    select(P.id)
    .where(
        P.tenant_id == TENANT_ID,
        P.state == literal_column("'in_library'"),
        func.jsonb_extract_path_text(P.dated, literal_column("'library'"), literal_column("'valid_until'"))
        <= bindparam("today", type_=Text),
        scope_ready(),
    )
    .order_by(P.id)
    .limit(AT_MOST)
)

_on = bindparam("valid_on", type_=Date)
ENTRY_FILTERS: dict[str, ColumnElement[bool]] = {
    "year": among(E.year, "year"),
    "valid_on": (E.entered_on <= _on)
    & (_on < E.valid_until)
    & or_(E.removed_on.is_(None), _on < E.removed_on)
    & func.coalesce(_STATE.not_in([literal_column(f"'{state}'", Text) for state in ENDED]), true()),
    "in_plan": E.in_plan == bindparam("in_plan", type_=Boolean),
}


ENTRIES = listing_of(
    library_entries,
    name="library",
    path="/library",
    columns=_ENTRY,
    filters=ENTRY_FILTERS,
    # The plan's first, then those of priority; of each the newest first.
    orders={
        "library": Order(
            (("rank", E.rank), ("entered_on", E.entered_on), ("id", E.id)),
            descending=True,
            where=(_SEEN,),
            turned=1,
        )
    },
)
