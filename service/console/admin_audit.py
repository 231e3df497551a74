"""审计: what was done by whom, and whether the chain still says what it said."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import tabs
from service.console.amounts import NOTHING
from service.console.pages import page, render, see
from service.console.records import listing, looked, shown_as
from service.console.registers_admin import TRAIL
from service.console.visiting import Visit
from service.kit import clock
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


def about_of(entry: dict[str, Any], people: Mapping[str, str]) -> str:
    """What it was done to: a person by name, what one signs in to, else what kind of thing it is."""
    if entry["object_kind"] == "login":
        return "本系统"
    return people.get(entry["object_id"], names("audit_object").get(entry["object_kind"], NOTHING))


def more_of(entry: dict[str, Any]) -> str:
    """What the act was about, where the entry says so in a code that has a name: a role, whose opinion."""
    said = entry["summary"]
    told = names("role").get(str(said.get("role", "")), "") or names("slot").get(
        str(said.get("slot", "")), ""
    )
    return told or NOTHING


@page("GET", "/console/admin/audit")
async def audit(visit: Visit) -> Rendered:
    """The newest first; with `verify=1` the whole chain is looked at after the page is there (`verdict`)."""
    listed_people = await visit.maybe("users_list_page", {"limit": "200"})
    people = listed_people["items"] if listed_people else []
    found = [
        (f"user:{visit.principal.tenant}:{each['login']}", f"{each['name']}　{each['office_name'] or ''}")
        for each in people
    ]
    filters = tuple(
        each._replace(values=tuple(found)) if each.name == "actor" else each for each in TRAIL.filters
    )
    if not found:
        filters = tuple(each for each in filters if each.name != "actor")
    listed = await listing(visit, TRAIL._replace(filters=filters))
    known = {each["id"].rpartition(f"{visit.principal.tenant}-")[2]: each["name"] for each in people}
    for row in listed.found["items"]:
        row.update(_told(visit, row, known))
    checking = visit.query.get("verify") == "1" and visit.may("audit_verify")
    return shown_as(
        visit, await looked(visit, listed), template="admin/audit.html", tabs=tabs(visit), checking=checking
    )


@page("GET", "/console/admin/audit/verdict")
async def verdict(visit: Visit) -> Rendered:
    """The whole chain, recomputed from its first entry: as long as it takes, which the page tells with the result."""
    began = time.monotonic()
    checked = await visit.ask("audit_verify", visit.picked("tenant"))
    took = time.monotonic() - began
    return render(
        visit,
        "admin/verdict.html",
        checked=checked,
        took=f"{took:.1f}",
        at=clock.now().isoformat(),
        tabs=tabs(visit),
    )


def _told(visit: Visit, row: Any, people: Mapping[str, str]) -> dict[str, Any]:
    """An entry in words: who, what, to whom. A project leads to its page where the reader may open it."""
    through = (row["actor_person"] or {}).get("client_name")
    opens = row["object_kind"] == "project" and visit.may("projects_read")
    return {
        "told_act": act_of(row["action"]),
        "told_more": more_of(row),
        "told_about": about_of(row, people),
        "told_from": f"来自 {row['address']}" if row["address"] else NOTHING,
        "told_seq": f"链上第 {row['seq']:,} 条" if row["seq"] else "封存中",
        "told_way": f"经由{through}" if through else NOTHING,
        "about": f"/console/projects/{row['object_id']}" if opens else "",
    }


@page("GET", "/console/admin")
async def first(visit: Visit) -> Rendered:
    """Administration begins with the people."""
    return see("/console/admin/people" if visit.may("users_list_page") else "/console/admin/audit")


ROUTES: list[HTTPRouteHandler] = [first, audit, verdict]
