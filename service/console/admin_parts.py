"""What the pages of administration share: their own row of places, deeds as forms, a secret that is shown once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from service.console.deeds import OPERATION, PART
from service.console.pages import render
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.docs.schemas_forms import FormView
from service.kit.errors import ServiceError, not_found
from service.kit.handler import Rendered

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

    `version`: what it was drawn from, for deeds that ask it; `given`: values shown; `path`: parts of its address.
    """

    operation: str
    label: str
    form: FormView | None
    version: int | None
    given: Mapping[str, Any]
    path: Mapping[str, str]


def tabs(visit: Visit) -> list[Tab]:
    """The caller's own pages of administration."""
    return [
        Tab(label, address, visit.path.startswith(address))
        for label, address, name in _TABS
        if visit.may(name)
    ]


def offers(
    visit: Visit, *names: str, version: int | None = None, given: Mapping[str, Any] | None = None,
    path: Mapping[str, str] | None = None,
) -> list[Offer]:  # fmt: skip
    """Those of the deeds that the caller's roles open."""
    forms, found = visit.services.shelf[Forms], []
    for name in names:
        spec = visit.inside.spec(name)
        if spec is not None and visit.may(name):
            drawn = version if spec.if_match or spec.tagged else None
            found.append(Offer(name, spec.summary, forms.of(name), drawn, given or {}, path or {}))
    return found


async def shown_once(
    visit: Visit, show: Callable[..., Awaitable[Rendered]], answer_of: Callable[[Any], str] | None = None,
    **path: str,
) -> Rendered:  # fmt: skip
    """A deed whose answer may hold a secret: the page comes back with it, here and never again."""
    name = visit.field(OPERATION)
    spec = visit.inside.spec(name)
    if spec is None or not spec.unsafe:
        raise not_found()
    parts = {key[len(PART) :]: value for key, value in visit.form if key.startswith(PART)}
    try:
        answer = await visit.do(name, **path, **parts)
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem = error
        return await show(visit)
    visit.form = []
    found = answer_of(answer) if answer_of is not None else ""
    return await show(visit, secret=found)


def page_of(visit: Visit, template: str, **context: Any) -> Rendered:
    """A page of administration."""
    return render(visit, f"admin/{template}", tabs=tabs(visit), **context)
