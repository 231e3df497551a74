"""`tongjian check keys`: what is registered with less than is asked of new portals, managers and identity providers.

Keys of RSA below 3072 bits with the reason they were taken for, providers whose signatures may have as few, whose
logout tokens need no type of their own, and which are not asked how somebody proved himself (docs/decisions/0282).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from service.identity import powers
from service.identity.models import clients
from service.kit.db import Door, tenant_scope
from service.kit.keys import public_key, short
from service.kit.statements import OF_TENANT, Statement, scope_ready
from service.signin.rows import BEFORE, OPEN, PLACES, settings_of

_C = clients.c
_CLIENTS = Statement(
    select(_C.id, _C.public_jwk, _C.second_jwk, _C.sign_in)
    .where(_C.tenant_id == OF_TENANT, _C.disabled_at.is_(None), scope_ready())
    .order_by(_C.id)
)


class Shortfall(NamedTuple):
    """What is registered with less than is asked: whose, what of it, and why it was taken."""

    of: str
    what: str
    reason: str


async def shortfalls(door: Door) -> list[Shortfall]:
    """Of all tenants, by id; what is disabled is left out."""
    found: list[Shortfall] = []
    for place in await door.fetch(tenant_scope("00"), PLACES):
        tenant = place["id"]
        for row in await door.fetch(tenant_scope(tenant), _CLIENTS, of_tenant=tenant):
            found += _of_client(f"{tenant}.{row['id']}", row)
        for row in await door.fetch(tenant_scope(tenant), OPEN, of_tenant=tenant):
            found += _of_issuer(f"{tenant}.{row['id']}", row["current"])
    return found


def _of_client(ref: str, row: Mapping[str, Any]) -> Iterator[Shortfall]:
    named = {f"管理人员 {login} 的公钥": jwk for login, jwk in (row["sign_in"] or {}).items()}
    for what, jwk in {"公钥": row["public_jwk"], "另一把公钥": row["second_jwk"], **named}.items():
        if jwk is not None and short(public_key(jwk)[1]):
            yield Shortfall(ref, f"{what}不足 3072 位", jwk.get(powers.REASON, BEFORE))


def _of_issuer(ref: str, kept: Mapping[str, Any]) -> Iterator[Shortfall]:
    settings = settings_of(kept)
    if settings.short_keys is not None:
        yield Shortfall(ref, "签名密钥可以不足 3072 位", settings.short_keys)
    if settings.plain_logout:
        yield Shortfall(ref, "退出通知的类型可以不写明", "" if "plain_logout" in kept else BEFORE)
    if not settings.acr and not settings.amr:
        yield Shortfall(ref, "不核对登录方式（双因素）", "")


async def report(door: Door, console: Console | None = None) -> int:
    """Prints them as a table; the exit code, 1 where there are some."""
    out, found = console or Console(), await shortfalls(door)
    if not found:
        out.print("没有低于要求的密钥和身份系统")
        return 0
    table = Table("编号", "低于要求之处", "理由", title="低于要求的密钥和身份系统")
    for each in found:
        table.add_row(*each)
    out.print(table)
    return 1
