"""单位, 回调, 清除, 日历: an office and its desks, where events go and what came of it, erasings, working days."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import offers, page_of, pages_of
from service.console.deeds import deed
from service.console.pages import page
from service.console.visiting import Visit
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.handler import Rendered

OFFICES, HOOKS = "/console/admin/offices", "/console/admin/webhooks"
SPILLS, CALENDAR = "/console/admin/spills", "/console/admin/calendar"


async def offices(visit: Visit) -> Rendered:
    """The tenant's offices; 新增单位."""
    found = await visit.ask("offices_list_page", visit.picked("name", "tier", "cursor") | {"limit": "100"})
    return page_of(visit, "offices.html", found=found, offers=offers(visit, "offices_create"))


async def office(visit: Visit) -> Rendered:
    """One office, and who sits at its desks; 修改. 撤并 has a page of its own."""
    found = await visit.ask("offices_read", ref=visit.part("ref"))
    people = await visit.maybe("users_list_page", {"office_id": found["office_id"], "limit": "200"})
    desks = await visit.maybe("offices_desks", ref=visit.part("ref"))
    given = {name: found[name] for name in ("name", "organ", "valid_from", "valid_to")}
    return page_of(
        visit, "office.html", found=found, people=people["items"] if people else [],
        desks={each["role"]: each for each in desks["items"]} if desks else {},
        offers=offers(visit, "offices_edit", version=found["version"], given=given),
    )  # fmt: skip


async def hooks(visit: Visit) -> Rendered:
    """Where events go; 登记回调地址."""
    found = await visit.ask("webhooks_list_all")
    return page_of(visit, "webhooks.html", found=found, offers=offers(visit, "webhooks_create"))


async def hook(visit: Visit) -> Rendered:
    """One address with what was delivered and what was not; 修改, 轮换, 重新投递."""
    ref = visit.part("ref")
    found = await visit.ask("webhooks_read", ref=ref)
    told = await visit.ask("webhooks_deliveries", visit.picked("state", "cursor"), ref=ref)
    names = (
        "webhooks_test",
        "webhooks_edit",
        "webhooks_rotate",
        "webhooks_redeliver_range",
        "webhooks_delete",
    )
    given = {"url": found["url"], "kinds": found["kinds"]}
    return page_of(
        visit, "webhook.html", found=found, told=told,
        offers=offers(visit, *names, version=found["version"], given=given),
    )  # fmt: skip


async def spills(visit: Visit) -> Rendered:
    """What was let in by mistake and is erased by two people (art. 14); 申请清除, 确认清除."""
    found = await visit.ask("spills_list_page", visit.picked("state", "cursor"))
    return page_of(visit, "spills.html", found=found, offers=offers(visit, "spills_request"))


async def spill(visit: Visit) -> Rendered:
    """One of them, where its task leads to."""
    found = {"items": [await visit.ask("spills_read", ref=visit.part("ref"))], "next_cursor": None}
    return page_of(visit, "spills.html", found=found, offers=[])


@page("GET", CALENDAR)
async def calendar(visit: Visit) -> Rendered:
    """The working days that terms are counted by."""
    return await _calendar(visit)


async def _calendar(visit: Visit) -> Rendered:
    year = legal_day(clock.now()).year
    asked = visit.query.get("year", "")
    if asked.isascii() and asked.isdecimal() and 2000 < int(asked[:5]) < 2100:
        year = int(asked[:5])
    found: Any = await visit.ask("calendar_read", {"year": str(year)})
    return page_of(
        visit, "calendar.html", found=found, year=year, offers=offers(visit, "calendar_import_year")
    )


@page("POST", CALENDAR)
async def calendar_deed(visit: Visit) -> Rendered:
    """导入年度工作日历."""
    return await deed(visit, _calendar)


ROUTES: list[HTTPRouteHandler] = [
    *pages_of(OFFICES, offices, office, then=lambda made: f"{OFFICES}/{made['id']}"),
    *pages_of(HOOKS, hooks, hook, once=("webhooks_create", "webhooks_rotate")),
    *pages_of(SPILLS, spills, spill),
    calendar, calendar_deed,
]  # fmt: skip
