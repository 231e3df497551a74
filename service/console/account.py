"""Coming and going: the sign-in page, a demo person's link, signing out."""

from __future__ import annotations

from typing import NamedTuple, cast
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler

from service.console.front import Console
from service.console.pages import page, render, see
from service.console.visiting import Visit
from service.identity.sessions import Sessions
from service.identity.trying import Try
from service.kit.address import Hop
from service.kit.handler import Rendered
from service.kit.refusals import refusals
from service.seed import PROVINCE, people_of
from service.vocabulary import names

CITY = "360100"
SHOWN = (  # one person for each audience of the demo: tenant, login
    ("县（市、区）", ((CITY, "360121.user"), (CITY, "360121.unit"))),
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


def _console(visit: Visit) -> Console:
    return cast(Console, visit.services.shelf[Console])


@page("GET", "/console/enter", known=False)
async def enter(visit: Visit) -> Rendered:
    """Where one signs in; the demo lists its people."""
    demo = _console(visit).sessions.demo
    groups = demo_people() if demo else []
    to = _own(visit.query.get("to", ""))
    if to:
        groups = [
            Group(
                name, [each._replace(address=f"{each.address}?to={quote(to, safe='/')}") for each in people]
            )
            for name, people in groups
        ]
    return render(visit, "enter.html", demo=demo, groups=groups)


@page("GET", "/console/demo/{tenant:str}/{login:str}", known=False)
async def demo(visit: Visit) -> Rendered:
    """Signs a demo person in, without proof; 404 outside development."""
    console = _console(visit)
    hop = cast(Hop, visit.request.scope["tj.address"])  # type: ignore[typeddict-item]
    with refusals():
        cookie = await console.sessions.begin_demo(
            f"{visit.part('tenant')}/{visit.part('login')}", Try(hop.text, visit.request_id)
        )
    answer = see(_own(visit.query.get("to", "")) or "/console")
    return Rendered(answer.status, {**answer.headers, "set-cookie": console.set_cookie(cookie)}, b"")


@page("POST", "/console/leave")
async def leave(visit: Visit) -> Rendered:
    """Ends the session here and now."""
    console = _console(visit)
    cookie = console.cookie(visit.request.scope)  # type: ignore[arg-type]
    sessions: Sessions = console.sessions
    with refusals():
        await sessions.end(cookie or "")
    return Rendered(303, {"location": "/console/enter", "set-cookie": console.set_cookie("")}, b"")


def _own(address: str) -> str:
    """The address if it is a page of ours, else nothing: nobody is led elsewhere."""
    plain = address.isprintable() and "\\" not in address and not address.startswith("//")
    return address if plain and (address == "/console" or address.startswith("/console/")) else ""


ROUTES: list[HTTPRouteHandler] = [enter, demo, leave]
