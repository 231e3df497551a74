"""`tongjian keys reseal`: every signing secret sealed anew by the first secret key and the cipher of the settings.

Receivers notice nothing: the secrets stay as they are. Once none is left of an earlier key, that key may go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import JSONB

from service.audit.actions import Operator, record
from service.identity.models import tenants
from service.kit import clock
from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id
from service.kit.statements import Statement, scope_ready
from service.kit.tables import update_row
from service.webhooks.actions import context_of
from service.webhooks.models import webhook_endpoints
from service.webhooks.queries import ENDPOINTS, W
from service.webhooks.vault import Vault

_TENANTS = Statement(select(tenants.c.id).where(scope_ready()).order_by(tenants.c.id))
# Nobody's version: what is told of an endpoint does not change. Who rotates in between keeps what was rotated.
_RESEAL = update_row(webhook_endpoints, W.secrets == bindparam("read", type_=JSONB), secrets="resealed")


class Resealed(NamedTuple):
    """Of one tenant: endpoints that were sealed anew, that need not be, and that no key opens any more."""

    tenant: str
    done: int
    current: int
    lost: int


async def reseal(door: Door, vault: Vault) -> list[Resealed]:
    """All tenants, each in a transaction of its own with an entry in its trail. Done again it does the rest."""
    found = await door.fetch(tenant_scope("00"), _TENANTS)
    return [await _of_tenant(door, vault, row["id"]) for row in found]


async def _of_tenant(door: Door, vault: Vault, tenant: str) -> Resealed:
    done = current = lost = 0
    async with door.transaction(tenant_scope(tenant)) as tx:
        for row in await tx.fetch(ENDPOINTS, of_tenant=tenant):
            try:
                anew = _anew(vault, row)
            except InvalidTag:
                lost += 1
                continue
            if anew is None:
                current += 1
                continue
            tx.batch.add(_RESEAL, of_tenant=tenant, of_id=row["id"], read=row["secrets"], resealed=anew)
            done += 1
        if done:
            record(
                tx,
                tenant=tenant,
                principal=Operator(tenant),
                action="webhook.reseal",
                object_kind="webhook",
                object_id=tenant,
                summary={"count": done, "lost": lost},
                request_id=new_id(),
                now=clock.now(),
            )
    return Resealed(tenant, done, current, lost)


def _anew(vault: Vault, row: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The endpoint's secrets sealed anew; None where all of them are as they would be sealed now."""
    context = context_of(row["tenant_id"], row["id"])
    if not any(vault.stale(each["sealed"], context) for each in row["secrets"]):
        return None
    return [
        {**each, "sealed": vault.seal(vault.unseal(each["sealed"], context), context)}
        for each in row["secrets"]
    ]
