"""客户端 and 身份系统: who vouches for people, and what waits for the second person; secrets are shown once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import list_of, offers, page_of, pages_of
from service.console.registers_admin import CLIENTS as CLIENTS_LISTED
from service.console.registers_admin import ISSUERS as ISSUERS_LISTED
from service.console.visiting import Visit
from service.kit.handler import Rendered
from service.vocabulary import names

CLIENTS, ISSUERS = "/console/admin/clients", "/console/admin/issuers"


async def clients(visit: Visit) -> Rendered:
    """The tenant's portals; 登记客户端."""
    return await list_of(visit, CLIENTS_LISTED, _client_told)


def _client_told(row: Any) -> dict[str, Any]:
    if row["sign_in"] is not None:
        said = f"管理人员登录，指名 {len(row['sign_in'])} 人"
    else:
        said = _roles(row["vouch_roles"]) or "只以自身名义调用"
    return {"told_roles": said, **_condition(row, new=not row["confirmed_at"], waits="尚不能使用")}


def _roles(codes: Iterable[str]) -> str:
    known = names("role")
    return "、".join(known.get(each, "其他") for each in codes)


def _condition(row: Any, *, new: bool, waits: str) -> dict[str, Any]:
    """How a portal or a provider stands, and what of it waits for the second person."""
    condition = (
        ("已停用", "bad") if row["disabled_at"] else (f"待确认，{waits}", "warn") if new else ("在用", "ok")
    )
    return {"condition": condition, "remark": "有变更待确认" if row["pending"] and not new else ""}


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
    return await list_of(visit, ISSUERS_LISTED, _issuer_told)


def _issuer_told(row: Any) -> dict[str, Any]:
    shown = row["settings"] or row["pending"]["settings"]
    managers = f"另有管理人员 {len(shown['managers'])} 人" if shown["managers"] else ""
    return {
        "name": shown["name"],
        "issuer": shown["issuer"],
        "told_roles": _roles(shown["roles"]),
        "told_managers": managers,
        **_condition(row, new=not row["settings"], waits="尚不能登录"),
    }


async def issuer(visit: Visit) -> Rendered:
    """One provider: what is in force, what waits and what would change; 确认, 修改, 锁定."""
    found = await visit.ask("issuers_read", ref=visit.part("ref"))
    pending: dict[str, Any] | None = found["pending"]
    wanted = [*(["issuers_confirm"] if pending else []), "issuers_edit", "issuers_lock"]
    current = (pending or {}).get("settings") or found["settings"]
    return page_of(
        visit,
        "issuer.html",
        found=found,
        offers=offers(visit, *wanted, version=found["version"], given={"settings": current}),
    )


ROUTES: list[HTTPRouteHandler] = [
    *pages_of(CLIENTS, clients, client, once=("clients_create", "clients_rotate")),
    *pages_of(ISSUERS, issuers, issuer, then=lambda made: f"{ISSUERS}/{made['id']}"),
]
