"""客户端 and 身份系统: who vouches for people, and what waits for the second person; secrets are shown once."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import offers, page_of, pages_of
from service.console.visiting import Visit
from service.kit.handler import Rendered

CLIENTS, ISSUERS = "/console/admin/clients", "/console/admin/issuers"


async def clients(visit: Visit) -> Rendered:
    """The tenant's portals; 登记客户端."""
    found = await visit.ask("clients_list_page", visit.picked("cursor"))
    return page_of(visit, "clients.html", found=found, offers=offers(visit, "clients_create"))


async def client(visit: Visit) -> Rendered:
    """One portal: keys, roles it may speak for, what waits; 确认, 修改, 轮换, 锁定."""
    found = await visit.ask("clients_read", ref=visit.part("ref"))
    wanted = ["clients_confirm"] if found["pending"] else []
    wanted += ["clients_edit"] if found["sign_in"] else ["clients_edit", "clients_rotate", "clients_lock"]
    given = {"name": found["name"], "vouch_roles": found["vouch_roles"]}
    return page_of(
        visit,
        "client.html",
        found=found,
        offers=offers(visit, *wanted, version=found["version"], given=given),
    )


async def issuers(visit: Visit) -> Rendered:
    """By which identity providers one signs in here; 登记身份系统 leads to its page."""
    found = await visit.ask("issuers_list_page", visit.picked("cursor"))
    return page_of(visit, "issuers.html", found=found, offers=offers(visit, "issuers_create"))


async def issuer(visit: Visit) -> Rendered:
    """One provider: what is in force, what waits and what would change; 确认, 修改, 锁定."""
    found = await visit.ask("issuers_read", ref=visit.part("ref"))
    pending: dict[str, Any] | None = found["pending"]
    wanted = [*(["issuers_confirm"] if pending else []), "issuers_edit", "issuers_lock"]
    current = (pending or {}).get("settings") or found["settings"]
    return page_of(
        visit, "issuer.html", found=found,
        offers=offers(visit, *wanted, version=found["version"], given={"settings": current}),
    )  # fmt: skip


ROUTES: list[HTTPRouteHandler] = [
    *pages_of(CLIENTS, clients, client, once=("clients_create", "clients_rotate")),
    *pages_of(ISSUERS, issuers, issuer, then=lambda made: f"{ISSUERS}/{made['id']}"),
]
