"""客户端 and 身份系统: who vouches for people, and what waits for the second person; secrets are shown once."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import offers, page_of, shown_once
from service.console.deeds import deed
from service.console.pages import page
from service.console.visiting import Visit
from service.kit.handler import Rendered

CLIENTS, ISSUERS = "/console/admin/clients", "/console/admin/issuers"


@page("GET", CLIENTS)
async def clients(visit: Visit) -> Rendered:
    """The tenant's portals."""
    return await _clients(visit)


async def _clients(visit: Visit, secret: str = "") -> Rendered:
    found = await visit.ask("clients_list_page", visit.picked("cursor"))
    return page_of(visit, "clients.html", found=found, offers=offers(visit, "clients_create"), secret=secret)


@page("POST", CLIENTS)
async def registered(visit: Visit) -> Rendered:
    """登记客户端: its secret stands on the page that comes, and nowhere after."""
    return await shown_once(visit, _clients, lambda made: made["secret"] or "")


@page("GET", f"{CLIENTS}/{{ref:str}}")
async def client(visit: Visit) -> Rendered:
    """One portal: keys, roles it may speak for, what waits."""
    return await _client(visit)


async def _client(visit: Visit, secret: str = "") -> Rendered:
    found = await visit.ask("clients_read", ref=visit.part("ref"))
    wanted = ["clients_confirm"] if found["pending"] else []
    wanted += ["clients_edit"] if found["sign_in"] else ["clients_edit", "clients_rotate", "clients_lock"]
    given = {"name": found["name"], "vouch_roles": found["vouch_roles"]}
    return page_of(
        visit, "client.html", found=found, secret=secret,
        offers=offers(visit, *wanted, version=found["version"], given=given),
    )  # fmt: skip


@page("POST", f"{CLIENTS}/{{ref:str}}")
async def client_deed(visit: Visit) -> Rendered:
    """确认, 修改, 轮换, 锁定."""
    if visit.field("_op") == "clients_rotate":
        return await shown_once(visit, _client, lambda made: made["secret"] or "", ref=visit.part("ref"))
    return await deed(visit, _client, ref=visit.part("ref"))


@page("GET", ISSUERS)
async def issuers(visit: Visit) -> Rendered:
    """By which identity providers one signs in here."""
    return await _issuers(visit)


async def _issuers(visit: Visit) -> Rendered:
    found = await visit.ask("issuers_list_page", visit.picked("cursor"))
    return page_of(visit, "issuers.html", found=found, offers=offers(visit, "issuers_create"))


@page("POST", ISSUERS)
async def proposed(visit: Visit) -> Rendered:
    """登记身份系统: leads to its page, where what is to be registered there stands."""
    return await deed(visit, _issuers, then=lambda made: f"{ISSUERS}/{made['id']}")


@page("GET", f"{ISSUERS}/{{ref:str}}")
async def issuer(visit: Visit) -> Rendered:
    """One provider: what is in force, what waits and what would change."""
    return await _issuer(visit)


async def _issuer(visit: Visit) -> Rendered:
    found = await visit.ask("issuers_read", ref=visit.part("ref"))
    pending: dict[str, Any] | None = found["pending"]
    wanted = [*(["issuers_confirm"] if pending else []), "issuers_edit", "issuers_lock"]
    current = (pending or {}).get("settings") or found["settings"]
    return page_of(
        visit, "issuer.html", found=found,
        offers=offers(visit, *wanted, version=found["version"], given={"settings": current}),
    )  # fmt: skip


@page("POST", f"{ISSUERS}/{{ref:str}}")
async def issuer_deed(visit: Visit) -> Rendered:
    """确认, 修改, 锁定."""
    return await deed(visit, _issuer, ref=visit.part("ref"))


ROUTES: list[HTTPRouteHandler] = [
    clients, registered, client, client_deed, issuers, proposed, issuer, issuer_deed,
]  # fmt: skip
