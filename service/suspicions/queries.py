"""Every SELECT of suspicions and of the candidates behind them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    lateral,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.listing import Order, among, listing_of
from service.kit.statements import ROW_ID, ROW_IDS, TENANT_ID, Statement, scope_ready
from service.measures.lifecycle import ABANDONED, INITIAL, values
from service.projects.alike import similarity_keys
from service.projects.models import projects
from service.projects.queries import external_ref_of
from service.suspicions.models import suspicion_members, suspicions

P, K, S, M = projects.c, similarity_keys.c, suspicions.c, suspicion_members.c
_office = bindparam("office_id", type_=Uuid(as_uuid=False))
_tokens = bindparam("tokens", type_=ARRAY(BigInteger))
_since, _until = bindparam("since", type_=Date), bindparam("until", type_=Date)

PER_KEY = 200  # newest projects read under one key: what bounds the work when a word is in fashion
CANDIDATES = 60
# Members a group lists at most: who decides on it must read them, and what is alike without end makes more groups.
MOST_LISTED = 50
# Of what there is nothing yet, and of what nothing will come: such a project is no part of anything.
NOTHING_TO_BUILD = INITIAL | ABANDONED
ALIVE = and_(*(P.state != state for state in values(NOTHING_TO_BUILD)))


def _candidates() -> Statement:
    """Projects that share keys, the newest under each key: of the same office, and of the tenant; best first."""
    token = func.unnest(_tokens).table_valued(Column("token", BigInteger)).render_derived(name="given")
    near = and_(K.tenant_id == TENANT_ID, K.day >= _since, K.day <= _until, K.project_id != ROW_ID)
    newest = (
        select(K.project_id)
        .where(near, K.token == token.c.token)
        .order_by(K.day.desc(), K.project_id.desc())
        .limit(PER_KEY)
        .correlate(token)
    )
    wide = lateral(newest, name="wide")
    own = lateral(newest.where(K.office_id == _office), name="own")
    found = union_all(
        select(wide.c.project_id, literal_column("0").label("own")).select_from(token.join(wide, true())),
        select(own.c.project_id, literal_column("1")).select_from(token.join(own, true())),
    ).subquery("found")
    counted = (
        select(found.c.project_id, func.max(found.c.own).label("own"), func.count().label("shared"))
        .group_by(found.c.project_id)
        .order_by(literal_column("own").desc(), literal_column("shared").desc(), found.c.project_id.desc())
        .limit(CANDIDATES)
        .subquery("counted")
    )
    joined = projects.join(counted, and_(P.tenant_id == TENANT_ID, P.id == counted.c.project_id))
    told = (P.tenant_id, P.id, P.office_id, P.name, P.owner_name, P.division, P.state, P.declared, P.decision)
    submitted = func.coalesce(P.submitted_at, P.updated_at).label("submitted_at")
    return Statement(select(*told, submitted).select_from(joined).where(ALIVE, scope_ready()))


NEAREST = _candidates()

_EXTERNAL = external_ref_of(S)
SUSPICION = Statement(
    select(*suspicions.c, _EXTERNAL).where(S.tenant_id == TENANT_ID, S.id == ROW_ID, scope_ready())
)
OF_PROJECT = Statement(
    select(*suspicions.c).where(
        S.tenant_id == TENANT_ID,
        S.project_id == ROW_ID,
        S.kind == bindparam("kind", type_=Text),
        scope_ready(),
    )
)
MEMBERS = Statement(
    select(*suspicion_members.c, P.state, P.version.label("project_version"))
    .select_from(suspicion_members.join(projects, and_(P.tenant_id == M.tenant_id, P.id == M.project_id)))
    .where(M.tenant_id == TENANT_ID, M.suspicion_id == ROW_ID, scope_ready())
    .order_by(M.day, M.project_id)
)
# Groups a project is a member of, undecided or confirmed.
SPLITS = Statement(
    select(*suspicions.c)
    .select_from(suspicions.join(suspicion_members, and_(M.tenant_id == S.tenant_id, M.suspicion_id == S.id)))
    .where(
        S.tenant_id == TENANT_ID,
        M.project_id == ROW_ID,
        S.kind == "split",
        or_(S.state == "open", S.state == "confirmed"),
        scope_ready(),
    )
)

# Of these projects, those that a full group lists already, other than the one that this project raised.
FULL = Statement(
    select(M.project_id)
    .select_from(suspicions.join(suspicion_members, and_(M.tenant_id == S.tenant_id, M.suspicion_id == S.id)))
    .where(
        S.tenant_id == TENANT_ID,
        M.project_id == func.any(ROW_IDS),
        S.project_id != ROW_ID,
        S.kind == "split",
        or_(S.state == "open", S.state == "confirmed"),
        S.size >= bindparam("full", type_=Integer),
        scope_ready(),
    )
)

FILTERS: dict[str, ColumnElement[bool]] = {
    "kind": among(S.kind, "kind"),
    "state": among(S.state, "state"),
    "project_id": exists().where(
        M.tenant_id == S.tenant_id,
        M.suspicion_id == S.id,
        among(M.project_id, "project_id"),
    ),
}


LISTING = listing_of(
    suspicions,
    name="suspicions",
    path="/suspicions",
    filters=FILTERS,
    orders={"newest": Order((("found_at", S.found_at), ("id", S.id)), descending=True)},
)
