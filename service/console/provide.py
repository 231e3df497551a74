"""开通: which requests first? The provider's desk, oldest first, and one request with its deeds."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import deed
from service.console.pages import page, render
from service.console.records import listing, looked, shown_as
from service.console.registers_cases import PROVISIONS
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.kit.handler import Rendered

# The deed of each step on the provider's side.
_OPERATIONS = {
    "provision": "adoptions_provision",
    "decline": "adoptions_decline",
    "suspend": "adoptions_suspend",
    "resume": "adoptions_resume",
    "end": "adoptions_end_provision",
    "report": "adoptions_report",
}


@page("GET", "/console/provisions")
async def provisions(visit: Visit) -> Rendered:
    """What waits to be provisioned comes first in the list that is asked for."""
    state = visit.query.get("state", "confirmed")
    shown = await listing(visit, PROVISIONS, {} if state == "all" else {"state": state})
    if state == "confirmed":
        shown.found["items"].sort(key=lambda each: each["confirmed_at"] or "")
    return shown_as(visit, await looked(visit, shown))


@page("GET", "/console/provisions/{ref:str}")
async def provision(visit: Visit) -> Rendered:
    """One request on the provider's side."""
    return await _provision(visit)


async def _provision(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    found = await visit.ask("adoptions_read_provision", ref=ref)
    usage = await visit.maybe("adoptions_usage", ref=ref)
    forms = visit.services.shelf[Forms]
    # A month's use is told of what was ever opened, whatever its steps are; what goes on stands before what ends it.
    told = [{"action": "report", "allowed": True}] if found["activated_at"] else []
    deeds = [
        {**each, "operation": name, "form": forms.of(name)}
        for each in [*told, *found["actions"]]
        if (name := _OPERATIONS.get(each["action"])) is not None and visit.may(name)
    ]
    return render(visit, "provision.html", found=found, deeds=deeds, usage=usage)


@page("POST", "/console/provisions/{ref:str}")
async def provision_deed(visit: Visit) -> Rendered:
    """开通, 不予开通, 暂停, 恢复, 终止, 报告使用量."""
    return await deed(visit, _provision, ref=visit.part("ref"))


ROUTES: list[HTTPRouteHandler] = [provisions, provision, provision_deed]
