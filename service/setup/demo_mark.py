"""Production refuses a database that was once seeded as a demo: its people and portals have secrets everybody knows.

And a sandbox's database is served as a sandbox and as nothing else, a sandbox serves nothing else.

The seed marks every tenant before it makes anybody; migration 0020 marked the demo databases there were. A portal that
still opens with the demo's public secret tells as much, whoever copied it here.
"""

from __future__ import annotations

import hashlib

import asyncpg
from sqlalchemy import select

from service.identity.models import clients, tenant_local
from service.kit.db import Door, tenant_scope
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.settings import DEMO_SECRET, Settings
from service.setup.seed import PROVINCE, demo_client_secret, divisions

_L, _C = tenant_local.c, clients.c
_MARKED = Statement(select(_L.demo).where(_L.tenant_id == TENANT_ID, scope_ready()))
_SANDBOX = Statement(select(_L.sandbox).where(_L.tenant_id == TENANT_ID, scope_ready()))
_SECRETS = Statement(select(_C.secrets).where(_C.tenant_id == TENANT_ID, scope_ready()))
REFUSED = (
    "本数据库曾按演示数据初始化，含公开口令的账号与门户，生产环境不得使用；请新建数据库 / "
    "this database was once seeded as a demo and holds people and portals with public secrets: "
    "production refuses it; make a new one (tongjian migrate, tongjian seed)"
)


A_SANDBOX = (
    "本数据库属于沙箱，只能由 tongjian sandbox 使用 / "
    "this database is a sandbox's: only `tongjian sandbox` serves it"
)
NO_SANDBOX = (
    "本数据库不是沙箱，沙箱拒绝使用；请为沙箱另备数据库服务器 / "
    "this database is no sandbox's, which a sandbox refuses: give it a database server of its own"
)


async def is_sandbox(door: Door) -> bool:
    """Whether the database behind the door (the tenants' login) says that it is a sandbox's."""
    try:
        row = await door.row(tenant_scope(PROVINCE), _SANDBOX, tenant_id=PROVINCE)
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        return False  # of before there were any
    return bool(row and row["sandbox"])


async def once_a_demo(door: Door) -> bool:
    """Whether the database behind the door (the tenants' login) was ever seeded as a demo."""
    for tenant in sorted(row["code"] for row in divisions() if row["tier"] in ("province", "city")):
        scope = tenant_scope(tenant)
        if any(row["demo"] for row in await door.fetch(scope, _MARKED, tenant_id=tenant)):
            return True
        secret = demo_client_secret(DEMO_SECRET, tenant)
        known = hashlib.sha256(secret.encode()).hexdigest()
        for row in await door.fetch(scope, _SECRETS, tenant_id=tenant):
            if any(each.get("digest") == known for each in row["secrets"]):
                return True
    return False


async def refuse_demo(settings: Settings) -> None:
    """Ends a process that has the wrong database, with a message: production with a demo's, a sandbox with any but a
    sandbox's, whatever else with a sandbox's.
    """
    door = Door({"tenant": settings.tenant_url}, pool_min=0, pool_max=1)
    await door.open()
    try:
        marked = await is_sandbox(door)
        refused = settings.production and await once_a_demo(door)
    finally:
        await door.close()
    if marked is not settings.sandbox:
        raise SystemExit(A_SANDBOX if marked else NO_SANDBOX)
    if refused:
        raise SystemExit(REFUSED)
