"""An identity provider's row: found, shown, written back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, bindparam, select

from service.identity.models import tenants
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError, not_found, or_404
from service.kit.listing import Order, listing_of
from service.kit.rows import of_row
from service.kit.statements import OF_TENANT, Statement, scope_ready
from service.kit.tables import insert_row, update_read
from service.settings import Settings
from service.signin.models import issuers
from service.signin.schemas import IssuerPending, IssuerSettings, IssuerView

PAGES = "/console/sso"
BUSY = ServiceError(409, "busy", "该身份系统的设置正在被其他请求修改，请稍后重试")
CREATE = insert_row(issuers)
_I = issuers.c
_REF = re.compile(r"([0-9A-Za-z]{2,16})\.([a-z][a-z0-9-]{0,39})")
_tenant, _id = OF_TENANT, bindparam("of_id", type_=Text)
ISSUER = Statement(select(*_I).where(_I.tenant_id == _tenant, _I.id == _id, scope_ready()))
# Those one may sign in with, for the page that lists them.
OPEN = Statement(
    select(_I.id, _I.current)
    .where(_I.tenant_id == _tenant, _I.current.is_not(None), _I.disabled_at.is_(None), scope_ready())
    .order_by(_I.id)
)
# The province first, then the cities by their code; public.
PLACES = Statement(
    select(tenants.c.id, tenants.c.name).where(scope_ready()).order_by(tenants.c.tier.desc(), tenants.c.id)
)
_EDITABLE = ("current", "pending", "disabled_at", "confirmed_at", "confirmed_by")
# What settings say that were confirmed before it was asked for; whoever proposes new ones says it anew.
BEFORE = "登记在提出这项要求以前"
_BEFORE = {"plain_logout": True, "short_keys": BEFORE}
_EDIT = update_read(issuers, _EDITABLE, "new_")


# The tenant's, by id.
LISTING = listing_of(
    issuers,
    name="issuers",
    path="/issuers",
    filters={},
    orders={"id": Order((("id", _I.id),))},
)


def issuer_of(call: Call) -> str:
    """The provider of the path `<tenant>.<id>`; a foreign or malformed one is answered like an absent one."""
    match = _REF.fullmatch(call.path("ref"))
    if match is None or match[1] != call.principal.tenant:
        raise not_found()
    return match[2]


async def read(call: Call, tx: Tx) -> dict[str, Any]:
    """The row of the path's provider."""
    row = or_404(await tx.row(ISSUER, of_tenant=call.principal.tenant, of_id=issuer_of(call)))
    return dict(row)


def write(tx: Tx, row: dict[str, Any], miss: ServiceError | None) -> None:
    """Adds the guarded update; the version goes up by one."""
    values = {f"new_{name}": row[name] for name in _EDITABLE}
    tx.batch.add(
        _EDIT, miss=miss, of_tenant=row["tenant_id"], of_id=row["id"], read_version=row["version"], **values
    )
    row["version"] += 1
    tx.told(issuers, [row])


def in_force(row: Mapping[str, Any] | None) -> IssuerSettings | None:
    """The settings people may sign in by now; None where nobody may."""
    if row is None or row["current"] is None or row["disabled_at"] is not None:
        return None
    return settings_of(row["current"])


def settings_of(kept: Mapping[str, Any]) -> IssuerSettings:
    """Settings as they were confirmed: those from before something was asked for do not fall short of it (0282)."""
    return msgspec.convert({**_BEFORE, **kept}, IssuerSettings)


def ref_of(row: Row | Mapping[str, Any]) -> str:
    return f"{row['tenant_id']}.{row['id']}"


def secret_of(settings: Settings, ref: str) -> str | None:
    """The secret of the environment for this provider."""
    return dict(settings.sso_secrets).get(ref)


def redirect_uri(settings: Settings, tenant: str, issuer: str) -> str:
    """Where the provider sends people back to: an address of its own for each, so that none answers for another."""
    return f"{settings.issuer.rstrip('/')}{PAGES}/{tenant}/{issuer}/back"


def view(call: Call, row: Mapping[str, Any]) -> IssuerView:
    """A provider as administrators see it."""
    settings, pending = call.service(Settings), row["pending"]
    base = settings.issuer.rstrip("/")
    return of_row(
        IssuerView,
        row,
        id=ref_of(row),
        settings=None if row["current"] is None else settings_of(row["current"]),
        pending=None if pending is None else _pending(pending),
        redirect_uri=redirect_uri(settings, row["tenant_id"], row["id"]),
        logout_uri=f"{base}{PAGES}/{row['tenant_id']}/{row['id']}/logout",
        jwks_uri=f"{base}/.well-known/jwks.json",
        secret_known=secret_of(settings, ref_of(row)) is not None,
    )


def _pending(pending: Mapping[str, Any]) -> IssuerPending:
    asked = pending.get("settings")
    return IssuerPending(
        None if asked is None else settings_of(asked),
        "enable" in pending,
        pending["proposed_by"],
        datetime.fromisoformat(pending["proposed_at"]),
    )
