"""What the pages of administration share: their own row of places, deeds as forms, a list with its things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.choosing import Choices
from service.console.deeds import OPERATION, deed
from service.console.pages import render
from service.console.records import Register, listing, looked, offered, pair, shown_as
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.docs.schemas_forms import FormView
from service.kit.handler import Rendered
from service.vocabulary import names

_TABS = (
    ("人员", "/console/admin/people", "users_list_page"),
    ("单位", "/console/admin/offices", "offices_list_page"),
    ("身份系统", "/console/admin/issuers", "issuers_list_page"),
    ("客户端", "/console/admin/clients", "clients_list_page"),
    ("回调", "/console/admin/webhooks", "webhooks_list_all"),
    ("审计", "/console/admin/audit", "audit_list_entries"),
    ("清除", "/console/admin/spills", "spills_list_page"),
    ("日历", "/console/admin/calendar", "calendar_import_year"),
)


class Tab(NamedTuple):
    """One page of administration. `here`: the page belongs to it."""

    label: str
    address: str
    here: bool


class Offer(NamedTuple):
    """A deed as a form: its operation, what it is called, its fields, and what is set already.

    `version`: what it was drawn from, for deeds that ask it; `given`: values shown; `path`: parts of its address;
    `choices`: what is chosen by name, by pointer.
    """

    operation: str
    label: str
    form: FormView | None
    version: int | None
    given: Mapping[str, Any]
    path: Mapping[str, str]
    choices: Choices | None = None


def tabs(visit: Visit) -> list[Tab]:
    """The caller's own pages of administration."""
    return [
        Tab(label, address, visit.path.startswith(address))
        for label, address, name in _TABS
        if visit.may(name)
    ]


def offers(
    visit: Visit,
    *operations: str,
    version: int | None = None,
    given: Mapping[str, Any] | None = None,
    path: Mapping[str, str] | None = None,
) -> list[Offer]:
    """Those of the deeds that the caller's roles open."""
    forms, found = visit.services.shelf[Forms], []
    for name in operations:
        spec = visit.inside.spec(name)
        if spec is not None and visit.may(name):
            drawn = version if spec.if_match or spec.tagged else None
            found.append(Offer(name, spec.summary, forms.of(name), drawn, given or {}, path or {}))
    return found


def pages_of(
    path: str,
    listed: Callable[[Visit], Awaitable[Rendered]],
    one: Callable[[Visit], Awaitable[Rendered]],
    *,
    then: Callable[[Any], str] | None = None,
    once: Collection[str] = (),
) -> list[HTTPRouteHandler]:
    """A list with what is made on it, and its things with their deeds. `then`, `once`: as `deed` has them."""

    async def made(visit: Visit) -> Rendered:
        return await deed(visit, listed, then=then, once=once)

    async def done(visit: Visit) -> Rendered:
        gone = visit.field(OPERATION).endswith("_delete")
        after = (lambda _: path) if gone else None
        return await deed(visit, one, once=once, then=after, ref=visit.part("ref"))

    return [*pair(path, listed, made), *pair(f"{path}/{{ref:str}}", one, done)]


async def list_of(
    visit: Visit, register: Register, tell: Callable[[Any], Mapping[str, Any]] = lambda _: {}, **context: Any
) -> Rendered:
    """A register of administration. `tell`: what the page adds to each row, in its own words."""
    listed = await listing(visit, register)
    for row in listed.found["items"]:
        row.update(tell(row))
    return shown_as(
        visit,
        await looked(visit, listed),
        await offered(visit, list(register.makes)),
        "admin/list.html",
        tabs=tabs(visit),
        secret=visit.secret,
        **context,
    )


def said_roles(tier: str, roles: Iterable[str]) -> str:
    """Roles of a tier, as they are called there."""
    known = names("tier_role")
    return "、".join(known.get(f"{tier}.{role}", "其他") for role in roles)


def press(visit: Visit, operation: str, label: str, **parts: str) -> list[dict[str, Any]]:
    """A deed by one press on a row, for those whose roles open it."""
    return [{"operation": operation, "label": label, "parts": parts}] if visit.may(operation) else []


def page_of(visit: Visit, template: str, **context: Any) -> Rendered:
    """A page of administration."""
    return render(visit, f"admin/{template}", tabs=tabs(visit), secret=visit.secret, **context)
