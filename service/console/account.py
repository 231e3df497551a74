"""Coming and going: the sign-in page, a demo person's link, signing out."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler

from service.console.own import own_page
from service.console.pages import page, render, see
from service.console.sso import console_of, sign_in_of, tried_of
from service.console.visiting import Visit
from service.kit.handler import Rendered
from service.kit.refusals import reading, refusals
from service.setup.seed import PROVINCE, demo_places, people_of
from service.vocabulary import names

LEFT = re.compile(r"[0-9A-Za-z]{2,16}\.[a-z][a-z0-9-]{0,39}")
CITY, COUNTY = (each["code"] for each in demo_places())
SHOWN = (  # one person for each audience of the demo: tenant, login
    ("县（市、区）", ((CITY, f"{COUNTY}.user"), (CITY, f"{COUNTY}.unit"))),
    ("设区市", (
        (CITY, "unit"), (CITY, "gatekeeper"), (CITY, "approver"), (CITY, "finance"), (CITY, "supervisor"),
        (CITY, "app_provider"), (CITY, "administrator"), (CITY, "security_admin"),
    )),
    ("省级", (
        (PROVINCE, "office"), (PROVINCE, "drc"), (PROVINCE, "finance"), (PROVINCE, "supervisor"),
        (PROVINCE, "department"), (PROVINCE, "expert"), (PROVINCE, "agency"), (PROVINCE, "info_centre"),
        (PROVINCE, "cyber"), (PROVINCE, "leading_group_secretary"), (PROVINCE, "app_provider"), (PROVINCE, "auditor"),
        (PROVINCE, "administrator"), (PROVINCE, "security_admin"),
    )),
)  # fmt: skip


class Known(NamedTuple):
    """A demo person: role, name, and the link that signs in."""

    label: str
    name: str
    address: str


class Group(NamedTuple):
    """The people of one tier."""

    name: str
    people: list[Known]


def demo_people() -> list[Group]:
    """Those of the seed, by tier; what the seed does not know is left out."""
    labels = names("tier_role")
    groups = []
    for name, wanted in SHOWN:
        found = []
        for tenant, login in wanted:
            person = next((each for each in people_of(tenant) if each.login == login), None)
            if person is not None:
                tier = "province" if tenant == PROVINCE else "city" if person.division == tenant else "county"
                label = labels.get(f"{tier}.{person.roles[0]}", person.name)
                found.append(Known(label, person.name, f"/console/demo/{tenant}/{login}"))
        groups.append(Group(name, found))
    return groups


@page("GET", "/console/enter", known=False)
async def enter(visit: Visit) -> Rendered:
    """Where one signs in: one's place, then its identity providers; the demo lists its people besides."""
    demo = console_of(visit).sessions.demo
    groups = demo_people() if demo else []
    to = own_page(visit.query.get("to", ""))
    onward = f"?to={quote(to, safe='/')}" if to else ""
    if to:
        groups = [
            Group(name, [each._replace(address=f"{each.address}{onward}") for each in people])
            for name, people in groups
        ]
    sign_in = sign_in_of(visit.services)
    tenant = visit.query.get("tenant", "")
    with reading():
        places = await sign_in.places()
        found = await sign_in.listed(tenant)
    left = visit.query.get("left", "")
    return render(
        visit,
        "enter.html",
        demo=demo,
        groups=groups,
        tenants=places,
        found=found,
        onward=onward,
        to=to,
        tenant=next((each for each in places if each.id == tenant), None),
        left=left.replace(".", "/") if LEFT.fullmatch(left) else "",
        gone="left" in visit.query,
    )


@page("GET", "/console/demo/{tenant:str}/{login:str}", known=False)
async def demo(visit: Visit) -> Rendered:
    """Signs a demo person in, without proof; 404 outside development."""
    console = console_of(visit)
    with refusals():
        cookie = await console.sessions.begin_demo(
            f"{visit.part('tenant')}/{visit.part('login')}", tried_of(visit.request, visit.request_id)
        )
    answer = see(own_page(visit.query.get("to", "")) or "/console")
    return Rendered(answer.status, {**answer.headers, "set-cookie": console.set_cookie(cookie)}, b"")


@page("POST", "/console/leave")
async def leave(visit: Visit) -> Rendered:
    """Ends the session here and now."""
    console = console_of(visit)
    with refusals():
        by = await console.sessions.end(console.cookie(visit.request.scope) or "")  # type: ignore[arg-type]
    return left(visit, by)


def left(visit: Visit, by: str | None) -> Rendered:
    """To where one signs in, without the cookie. `by`: the provider that began what is over, with a link out there."""
    # Not on to the provider: a form's redirects may not leave us (form-action); the page has a link there.
    to = f"/console/enter?left={by or 'yes'}" + (f"&tenant={by.partition('.')[0]}" if by else "")
    headers = {"location": to, "set-cookie": console_of(visit).set_cookie(""), "clear-site-data": '"storage"'}
    return Rendered(303, headers, b"")


ROUTES: list[HTTPRouteHandler] = [enter, demo, leave]
