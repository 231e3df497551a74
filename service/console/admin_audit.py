"""审计: what was done by whom, and whether the chain still says what it said."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import tabs
from service.console.amounts import NOTHING
from service.console.pages import page, see
from service.console.records import listing, looked, shown_as
from service.console.registers_admin import TRAIL
from service.console.visiting import Visit
from service.kit.handler import Rendered
from service.vocabulary import names


def act_of(action: str) -> str:
    """An audited act in words: by the permission it needs or the event it is, else by its verb and its object."""
    kind, _, verb = action.rpartition(".")
    known = names("audit_act").get(action) or names("permission").get(f"{kind}/{verb}")
    known = known or names("event_kind").get(action)
    if known:
        return known
    what = names("audit_object").get(kind.partition(".")[0], "")
    said = names("audit_verb").get(verb)
    if said:
        return what if what.endswith(said) else f"{said}{what}"
    return names("action").get(verb) or (f"办理{what}事项" if what else NOTHING)


def about_of(entry: dict[str, Any]) -> str:
    """What kind of thing it concerns."""
    return names("audit_object").get(entry["object_kind"], NOTHING)


@page("GET", "/console/admin/audit")
async def audit(visit: Visit) -> Rendered:
    """The newest first; `verify=1` recomputes the chain."""
    people = await visit.maybe("users_list_page", {"limit": "200"})
    found = [
        (f"user:{visit.principal.tenant}:{each['login']}", f"{each['name']}　{each['office_name'] or ''}")
        for each in (people["items"] if people else [])
    ]
    filters = tuple(
        each._replace(values=tuple(found)) if each.name == "actor" else each for each in TRAIL.filters
    )
    if not found:
        filters = tuple(each for each in filters if each.name != "actor")
    listed = await listing(visit, TRAIL._replace(filters=filters))
    for row in listed.found["items"]:
        row.update(_told(row))
    checked = await visit.maybe("audit_verify") if visit.query.get("verify") == "1" else None
    return shown_as(
        visit, await looked(visit, listed), template="admin/audit.html", tabs=tabs(visit), checked=checked
    )


def _told(row: Any) -> dict[str, Any]:
    """An entry in words. A project leads to its page."""
    through = (row["actor_person"] or {}).get("client_name")
    return {
        "told_act": act_of(row["action"]),
        "told_about": about_of(row),
        "told_seq": row["seq"] or "封存中",
        "told_way": f"经由{through}" if through else NOTHING,
        "about": f"/console/projects/{row['object_id']}" if row["object_kind"] == "project" else "",
    }


@page("GET", "/console/admin")
async def first(visit: Visit) -> Rendered:
    """Administration begins with the people."""
    return see("/console/admin/people" if visit.may("users_list_page") else "/console/admin/audit")


ROUTES: list[HTTPRouteHandler] = [first, audit]
