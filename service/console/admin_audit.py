"""审计: what was done by whom, and whether the chain still says what it said."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import page_of
from service.console.pages import page, see
from service.console.visiting import Visit
from service.console.wording import NOTHING
from service.kit.handler import Rendered
from service.vocabulary import names


def act_of(action: str) -> str:
    """An audited act in words: by the permission it needs, else by its object and verb."""
    kind, _, verb = action.rpartition(".")
    known = names("audit_act").get(action) or names("permission").get(f"{kind}/{verb}")
    if known:
        return known
    what = names("audit_object").get(kind.partition(".")[0], "")
    said = names("audit_verb").get(verb) or names("action").get(verb, "")
    return f"{said}{what}" if said else f"办理{what}事项" if what else NOTHING


def about_of(entry: dict[str, Any]) -> str:
    """What kind of thing it concerns."""
    return names("audit_object").get(entry["object_kind"], NOTHING)


@page("GET", "/console/admin/audit")
async def audit(visit: Visit) -> Rendered:
    """The newest first; `verify=1` recomputes the chain."""
    picked = visit.picked("object_id", "actor", "cursor")
    for name, ends in (("at_from", "T00:00:00+08:00"), ("at_to", "T23:59:59+08:00")):
        if visit.query.get(name):
            picked[name] = visit.query[name] + ends
    found = await visit.ask("audit_list_entries", picked | {"limit": "50"})
    checked = await visit.maybe("audit_verify") if visit.query.get("verify") == "1" else None
    return page_of(visit, "audit.html", found=found, checked=checked, act_of=act_of, about_of=about_of)


@page("GET", "/console/admin")
async def first(visit: Visit) -> Rendered:
    """Administration begins with the people."""
    return see("/console/admin/people" if visit.may("users_list_page") else "/console/admin/audit")


ROUTES: list[HTTPRouteHandler] = [first, audit]
