"""Who changed a record, when and by what deed: told to whoever came with an older version (412 stale_version).

Asked only after the operation has read the record for its caller: whoever may not read it was answered 404 before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Text, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from service.audit.actions import KIND_OF
from service.audit.models import audit_entries
from service.kit.call import Call
from service.kit.clock import legal_day
from service.kit.db import Door, tenant_scope
from service.kit.errors import ServiceError
from service.kit.naming import PersonView
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.kit.wire import spelt
from service.vocabulary import names

E = audit_entries.c
_LAST = Statement(
    select(E.actor, E.action, E.at)
    .where(
        E.tenant_id == TENANT_ID,
        E.object_id == bindparam("objects", type_=ARRAY(Text)).any_(),
        E.action.not_in([literal_column(f"'{kind}.noted'") for kind in ("project", *KIND_OF.values())]),
        scope_ready(),
    )
    .order_by(E.at.desc(), E.id.desc())
    .limit(literal_column("1"))
)
_SHANGHAI = ZoneInfo("Asia/Shanghai")


class Named(Protocol):
    """Looks actors up, on the connections of the tenant that asks (service/identity/people.py)."""

    def __call__(
        self, door: Door, actors: frozenset[str], *, share_of: str
    ) -> Awaitable[Mapping[str, PersonView]]: ...


async def tell(call: Call, error: ServiceError, named: Named) -> None:
    """Adds `changed_by`, `changed_at` and `deed` to the refusal, and a sentence that says so to its detail."""
    asks = call.principal.tenant
    for ident in call.request.path_params.values():
        tenant, _, bare = str(ident).partition("-")
        tenant, objects = (tenant, [str(ident), bare]) if _is_ref(str(ident)) else (asks, [str(ident)])
        rows = await call.door.fetch(
            tenant_scope(tenant), _LAST, share_of=asks, tenant_id=tenant, objects=objects
        )
        if rows:
            actor = rows[0]["actor"]
            person = (await named(call.door, frozenset({actor}), share_of=asks))[actor]
            _told(error, person, rows[0]["action"], rows[0]["at"], call.now)
            return


def _is_ref(ident: str) -> bool:
    """Whether the id begins with its tenant; a bare UUID's first part has eight digits and five parts in all."""
    return ident.count("-") == 5


def _told(error: ServiceError, person: PersonView, action: str, at: datetime, now: datetime) -> None:
    deed = deed_label(action)
    error.extensions |= {
        "changed_by": {"name": person.name, "office_name": person.office_name},
        "changed_at": spelt(at),
        "deed": {"code": action, "label": deed},
    }
    local = at.astimezone(_SHANGHAI)
    when = local.strftime("%H:%M" if legal_day(at) == legal_day(now) else "%Y-%m-%d %H:%M")
    office = f"（{person.office_name}）" if person.office_name else ""
    error.detail = f"{error.detail}：{person.name or ''}{office} {when} {deed}"


def deed_label(action: str) -> str:
    """What an audited deed is called: as a step of a case, or as the right it takes; else a change."""
    kind, _, verb = action.rpartition(".")
    return names("action").get(verb) or names("permission").get(f"{kind}/{verb}") or "办理"
