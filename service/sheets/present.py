"""What of a sheet is there already, by its natural key: it stays as it is, so that the same file may come twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Text, Uuid, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.catalogue.models import adoptions
from service.characters.keys import key
from service.identity.models import offices, role_grants, users
from service.kit.api import Call
from service.kit.db import Row, Scope
from service.kit.ids import Ref
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.library.models import library_imports, plan_versions
from service.measures.adoption import LIVE
from service.portfolio.models import systems
from service.projects.models import projects
from service.reviews.models import experts
from service.sheets.columns import Sheet
from service.sheets.rows import Thing, get, key_of

_values = bindparam("values", type_=ARRAY(Text))
_office = bindparam("office", type_=Uuid(as_uuid=False))


def _among(column: Any) -> Any:
    return column.op("=")(func.any(_values))


class Look(NamedTuple):
    """How one sheet looks: a statement by the values of one path, and what of a row makes the key."""

    path: str
    statement: Statement
    parts: Callable[[Row], tuple[Any, ...]]
    # Whether a row that is there says what the entry says; None: nothing but the key is compared.
    same: Callable[[Row, Mapping[str, Any]], bool] | None = None
    # By the province, where it enters things of every tenant.
    everywhere: Statement | None = None


_U, _O, _S, _E, _P, _V, _M, _D = (
    users.c,
    offices.c,
    systems.c,
    experts.c,
    projects.c,
    plan_versions.c,
    library_imports.c,
    adoptions.c,
)
_roles = (
    select(func.coalesce(func.array_agg(role_grants.c.role), literal_column("'{}'::text[]")))
    .where(role_grants.c.tenant_id == _U.tenant_id, role_grants.c.user_id == _U.id)
    .scalar_subquery()
)
_entered = select(_M.tenant_id, _M.owner_office_id, _M.project_name, _M.document).where(
    _among(_M.project_name), _M.state != "refused"
)
_number = func.jsonb_extract_path_text(_P.dated, "approved", "number")


def _person(row: Row, body: Mapping[str, Any]) -> bool:
    same = (row["name"], row["office_id"]) == (body.get("name"), str(body.get("office_id"))[-36:])
    return same and set(body.get("roles", ())) <= set(row["roles"])


def _by(path: str, column: Any, *columns: Any) -> tuple[str, Statement]:
    """Of the caller's tenant, by one column's values."""
    tenant = column.table.c.tenant_id == TENANT_ID
    return path, Statement(select(*columns).where(tenant, _among(column), scope_ready()))


def _projects(state: str) -> Look:
    return Look(
        "/name",
        Statement(
            select(_P.office_id, _P.name).where(
                _P.tenant_id == TENANT_ID, _P.state == state, _among(_P.name), scope_ready()
            )
        ),
        lambda row: (row["office_id"], row["name"]),
    )


LOOKS: Mapping[str, Look] = {
    "people": Look(
        *_by("/login", _U.login, _U.login, _U.name, _U.office_id, _roles.label("roles")),
        lambda row: (row["login"],),
        _person,
    ),
    "offices": Look(
        *_by("/name", _O.name, _O.name, _O.division, _O.local_code),
        lambda row: (row["name"], "" if row["local_code"] else row["division"], row["local_code"]),
    ),
    "systems": Look(
        *_by("/name", _S.name, _S.office_id, _S.name), lambda row: (row["office_id"], row["name"])
    ),
    "experts": Look(
        *_by("/name", _E.name, _E.name, _E.employer_name, _E.told_apart),
        lambda row: (row["name"], row["employer_name"], row["told_apart"]),
    ),
    "needs": _projects("need_draft"),
    "declarations": _projects("draft"),
    "plan-items": Look(
        *_by("/title", _V.title, _V.title, _V.first_year), lambda row: (row["title"], row["first_year"])
    ),
    "library": Look(
        "/project_name",
        Statement(_entered.where(_M.tenant_id == TENANT_ID, scope_ready())),
        lambda row: (
            Ref(row["tenant_id"], row["owner_office_id"]), row["project_name"], row["document"]["number"],
        ),
        everywhere=Statement(_entered),
    ),
    "projects": Look(
        "/approval_number",
        Statement(
            select(_P.office_id, _P.name, _number.label("number")).where(
                _P.tenant_id == TENANT_ID, _among(_number), scope_ready()
            )
        ),
        lambda row: (row["office_id"], row["number"], row["name"]),
    ),
    "adoptions": Look(
        "/app_id",
        Statement(
            select(_D.provider_tenant, _D.app_id).where(
                _D.tenant_id == TENANT_ID, _D.office_id == _office,
                or_(*(_D.state == state.value for state in LIVE)), scope_ready(),
            )
        ),
        lambda row: (Ref(row["provider_tenant"], row["app_id"]),),
    ),
}  # fmt: skip


async def present(call: Call, scope: Scope, sheet: Sheet, things: list[Thing]) -> dict[int, bool]:
    """By the place of an entry that is there already: whether what is there says the same."""
    look = LOOKS[sheet.name]
    values = sorted({str(value) for each in things if (value := get(each.body, look.path)) is not None})
    found: dict[tuple[str, ...], Row] = {}
    given: dict[str, Any] = {
        "tenant_id": call.principal.tenant,
        "values": values,
        "office": call.principal.office,
    }
    if "office" in look.statement.names and call.principal.office is None:
        return {}
    everywhere = look.everywhere if scope.login == "province" else None
    for row in await call.door.fetch(scope, everywhere or look.statement, **given):
        found[tuple("" if part is None else key(str(part)) for part in look.parts(row))] = row
    told = {}
    for place, thing in enumerate(things):
        own = key_of(sheet, thing)
        if own in found:
            told[place] = look.same is None or look.same(found[own], thing.body)
    return told
