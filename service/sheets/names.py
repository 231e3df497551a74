"""Names in a sheet as the ids that operations take: offices, people, apps. What is ambiguous is told, never chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.catalogue.models import app_entries
from service.characters.keys import key
from service.identity.models import offices, users
from service.kit.api import Call
from service.kit.call import scope_of
from service.kit.db import Scope
from service.kit.ids import Ref
from service.kit.keyed import key_of
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.sheets.columns import Fault, Sheet
from service.sheets.rows import Thing, put, references
from service.vocabulary import label

_names = bindparam("names", type_=ARRAY(Text))
_O, _U, _A = offices.c, users.c, app_entries.c
_office_key = key_of(offices, "name_key")
_OFFICES = Statement(
    select(_O.tenant_id, _O.id, _office_key.label("name")).where(
        or_(TENANT_ID.is_(None), _O.tenant_id == TENANT_ID),
        _office_key.op("=")(func.any(_names)),
        or_(_O.valid_to.is_(None), _O.valid_to > bindparam("on", type_=_O.valid_to.type)),
        scope_ready(),
    )
)
_PEOPLE = Statement(
    select(_U.tenant_id, _U.id, _U.login.label("name")).where(
        _U.tenant_id == TENANT_ID, _U.login.op("=")(func.any(_names)), scope_ready()
    )
)
_APPS = Statement(
    select(_A.provider_tenant, _A.app_id, _A.name).where(
        _A.tenant_id == TENANT_ID, _A.name.op("=")(func.any(_names)), scope_ready()
    )
)
_ID = r"-[0-9a-f]{8}-"


async def resolve(call: Call, sheet: Sheet, things: list[Thing]) -> None:
    """Replaces names in the bodies by ids; a name that is nobody's or several's becomes a fault of its row."""
    tenant, own = call.principal.tenant, call.scope
    await _kind(call, own, sheet, things, "office", _OFFICES, lambda row: row["id"], key, tenant_id=tenant)
    across = None if call.principal.tier == "province" and call.principal.office is None else tenant
    cases = scope_of(
        call.principal, "cases"
    )  # the province names offices of all tenants, as its operations do
    await _kind(
        call,
        cases,
        sheet,
        things,
        "office_ref",
        _OFFICES,
        lambda row: str(Ref(row["tenant_id"], row["id"])),
        key,
        tenant_id=across,
    )
    await _kind(call, own, sheet, things, "person", _PEOPLE, lambda row: row["id"], str, tenant_id=tenant)
    await _kind(
        call,
        own,
        sheet,
        things,
        "app",
        _APPS,
        lambda row: str(Ref(row["provider_tenant"], row["app_id"])),
        str,
        tenant_id=tenant,
    )


async def _kind(
    call: Call,
    scope: Scope,
    sheet: Sheet,
    things: list[Thing],
    kind: str,
    statement: Statement,
    given: Callable[[Any], str],
    folded: Callable[[str], str],
    **params: Any,
) -> None:
    wanted = [each for each in references(sheet, things, kind) if not _is_id(each[2])]
    if not wanted:
        return
    found: dict[str, set[str]] = defaultdict(set)
    names = sorted({folded(name) for *_, name in wanted})
    if "on" in statement.names:
        params["on"] = call.now.date()
    for row in await call.door.fetch(scope, statement, names=names, **params):
        found[row["name"]].add(given(row))
    for thing, column, name in wanted:
        ids = found.get(folded(name), set())
        if len(ids) == 1:
            put(thing.body, column.path, next(iter(ids)))
        else:
            thing.faults.append(Fault(thing.rows[0], column.label, *_told(kind, ids)))


def _is_id(text: str) -> bool:
    return len(text) >= 36 and text[-36:].count("-") == 4 and text[-36:].replace("-", "").isalnum()


def _told(kind: str, ids: Iterable[str]) -> tuple[str, str]:
    what = label("looked_up", kind if kind in ("person", "app") else "office")
    code = {"person": "unknown_user", "app": "unknown_app"}.get(kind, "unknown_office")
    if any(True for _ in ids):
        return "ambiguous_name", f"有多个同名{what}，请填写其编号"
    return code, f"没有这个{what}，或不在您的权限内"
