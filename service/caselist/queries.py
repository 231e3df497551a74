"""The list of cases in SQL: each item one JSON text, rendered by PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    tuple_,
)

from service.kit.keyed import finds, key_of
from service.kit.listing import Order, among, often
from service.kit.looking import Looks
from service.kit.money import yuan_sql
from service.kit.wire import Spelt, coded, free, json_text, plain, wire_time
from service.measures.lifecycle import State
from service.measures.lifecycle_states import TERMINAL
from service.obligations.models import obligations
from service.obligations.queries import OWED
from service.projects.models import AMOUNT, project_findings, projects
from service.projects.queries import NEED_YEAR, REPORTED, counted_month, declared
from service.suspicions.models import suspicion_members, suspicions

P, F, W, S, M = (each.c for each in (projects, project_findings, obligations, suspicions, suspicion_members))
WAITING = tuple(state.value for state in State if state not in TERMINAL)


def _word(text: str) -> Any:
    return literal_column(f"'{text}'", Text)


_of_case = and_(F.tenant_id == P.tenant_id, F.project_id == P.id)
# Of a case's findings, read once for its line: their codes, and what a desk has to judge, reasons that nobody has taken
# or refused yet.
_codes = func.coalesce(func.array_agg(F.code), literal_column("'{}'::text[]"))
_to_judge = cast(func.count().filter(F.reason.is_not(None), F.opinion.is_(None)), Integer)
_near = func.coalesce(func.bool_or(F.code == _word("near_line")), false())
_ENDED = P.state.in_([_word(state.value) for state in sorted(TERMINAL)])
_days = bindparam("today", type_=Date) - cast(func.timezone(_word("Asia/Shanghai"), P.entered_at), Date)
# The worst that is suspected of it, where the reader may know (arts 8, 9): confirmed before open.
_suspected = (
    select(S.state)
    .join_from(suspicion_members, suspicions, and_(S.tenant_id == M.tenant_id, S.id == M.suspicion_id))
    .where(M.tenant_id == P.tenant_id, M.project_id == P.id)
    .where(S.state.in_([_word(state) for state in ("open", "confirmed", "joined")]))
    .order_by(S.state == _word("open"), S.state == _word("joined"))
    .limit(literal_column("1"))
    .correlate(projects)
    .scalar_subquery()
)
# The members of an item, in the order of ProjectItem.
_ITEM: dict[str, Spelt] = {
    "id": coded(P.tenant_id + _word("-") + cast(P.id, Text)),
    "tenant": coded(P.tenant_id),
    **{name: free(P[name]) for name in ("external_ref", "name", "owner_name")},
    **{name: coded(P[name]) for name in ("tier", "division", "state", "holder")},
    "route": coded(P.route, null=True),
    **{name: coded(P[name]) for name in ("project_class", "kind")},
    "investment_yuan": coded(yuan_sql(P.investment_fen)),
    "approved_amount_yuan": coded(yuan_sql(P.approved_fen), null=True),
    "created_at": coded(wire_time(P.created_at)),
    **{name: coded(wire_time(P[name]), null=True) for name in ("submitted_at", "filed_at")},
    "version": plain(P.version),
    "project_codes": plain(func.to_json(P.project_codes)),
    "amount_yuan": coded(yuan_sql(AMOUNT)),
    "updated_at": coded(wire_time(P.updated_at)),
    "since": coded(wire_time(P.entered_at)),
    "days_waiting": plain(case((_ENDED, _word("null")), else_=cast(_days, Text))),
    "filing_number": free(P.filing_number),
    "document_number": free(literal_column("projects.dated #>> '{approved,number}'", Text)),
    "finding_codes": plain(func.to_json(_codes)),
    "reasons_to_judge": plain(_to_judge),
    "near_line": plain(func.to_json(_near)),
    "suspicion": coded(case((bindparam("sees_suspicions"), _suspected), else_=null()), null=True),
}


# What of an item is named (kit/naming): beside it, so that nobody has to read it for them.
_CODES = (P.tenant_id, P.division)


def _line(*codes: Any, **more: Spelt) -> ColumnElement[str]:
    line = select(json_text({**_ITEM, **more}, *codes)).select_from(project_findings).where(_of_case)
    return line.correlate(projects, obligations).scalar_subquery()


def _moment(name: str) -> Any:
    return bindparam(name, type_=DateTime(timezone=True))


_FILTERS: dict[str, ColumnElement[bool]] = {
    "declared": declared(),
    **{name: among(P[name], name) for name in ("state", "holder", "route", "project_class", "kind", "division")},
    "owner_office_id": among(P.office_id, "owner_office_id"),
    "office": P.office_id == bindparam("office", type_=Uuid(as_uuid=False)),
    "finding": exists().where(_of_case, among(F.code, "finding")),
    "ids": among(P.id, "ids"),
    "external_ref": P.external_ref == bindparam("external_ref", type_=Text),
    "project_code": bindparam("project_code", type_=Text) == func.any(P.project_codes),
    "filing_number": key_of(projects, "filing_key") == bindparam("filing_number", type_=Text),
    "document_number": key_of(projects, "document_key") == bindparam("document_number", type_=Text),
    # Not leakproof, so it filters after row level security; among few ids, where the words are rare (worded.py).
    "text": finds(key_of(projects, "search_key"), "text"),
    "amount_from": bindparam("amount_from", type_=BigInteger) <= AMOUNT,
    "amount_to": bindparam("amount_to", type_=BigInteger) >= AMOUNT,
    "waiting_before": and_(P.entered_at < _moment("waiting_before"), ~_ENDED),
    "updated_since": P.updated_at >= _moment("updated_since"),
    "created_from": P.created_at >= _moment("created_from"),
    "created_to": P.created_at < _moment("created_to"),
    # As the totals count: by the month of the first declaration or of the report, what has a route.
    "month_from": and_(P.route.is_not(None), counted_month() >= bindparam("month_from", type_=Text)),
    "month_to": and_(P.route.is_not(None), counted_month() <= bindparam("month_to", type_=Text)),
    "need_year": and_(REPORTED, cast(bindparam("need_year", type_=Integer), Text) == NEED_YEAR, declared()),
}  # fmt: skip
_amount: Any = AMOUNT
ORDERS = {
    "newest": Order((("created_at", P.created_at), ("row_id", P.id)), descending=True, parted=True),
    "waiting": Order((("entered_at", P.entered_at), ("row_id", P.id)), parted=True),
    "amount_up": Order((("amount_fen", _amount), ("row_id", P.id))),
    "amount_down": Order((("amount_fen", _amount), ("row_id", P.id)), descending=True),
    "updated": Order((("updated_at", P.updated_at), ("row_id", P.id))),
}
# Where the list is looked through every filter is asked case by case, but for whose cases they are and, of an order,
# stretches of its own index.
WHOSE = frozenset({"office", "owner_office_id", "declared"})
_AMOUNTS = frozenset({"amount_from", "amount_to"})
_RANGES = {
    "newest": frozenset({"created_from", "created_to"}),
    "waiting": frozenset({"waiting_before"}),
    "amount_up": _AMOUNTS,
    "amount_down": _AMOUNTS,
    "updated": frozenset({"updated_since"}),
}
PROJECTS = Looks(
    name="projects",
    path="/projects",
    columns=(_line().label("item"),),
    line=_line(*_CODES),
    source=projects,
    row=(P.tenant_id, P.id),
    tenants=(P.tenant_id,),
    filters=_FILTERS,
    orders=ORDERS,
    parted=(("division", P.division), ("state", P.state), ("route", P.route)),
    offices=(P.office_id,),
    by_seat={"newest": frozenset({"state"})},
    belonging=WHOSE,
    ranges=_RANGES,
)
_earlier = obligations.alias("earlier")
_E = _earlier.c
# A case stands where the first of its duties does. Asked row by row: else all duties are joined with all others first.
_FIRST = often(
    ~exists().where(
        _E.tenant_id == W.tenant_id,
        _E.project_id == W.project_id,
        or_(_E.state == _word("open"), _E.state == _word("lapsed")),
        tuple_(_E.due, _E.id) < tuple_(W.due, W.id),
    )
)
_DUE = {"due": plain(func.to_json(W.due))}
DUE = Looks(
    name="projects.due",
    path="/projects",
    columns=(_line(**_DUE).label("item"),),
    line=_line(*_CODES, **_DUE),
    source=projects.join(obligations, and_(W.tenant_id == P.tenant_id, W.project_id == P.id)),
    row=(P.tenant_id, P.id, W.id),
    tenants=(P.tenant_id, W.tenant_id),
    # Whose case it is, the duty tells as well: so the office's own duties are read, in the order of their days.
    filters={
        **_FILTERS,
        "office": W.office_id == bindparam("office", type_=Uuid(as_uuid=False)),
        "owner_office_id": among(W.office_id, "owner_office_id"),
    },
    orders={"due": Order((("due", W.due), ("duty_id", W.id)), where=(OWED, _FIRST))},
    offices=(W.office_id,),
    belonging=WHOSE,
)
