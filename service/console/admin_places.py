"""单位, 回调, 清除, 日历: an office and its desks, where events go and what came of it, erasings, working days."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import list_of, offers, page_of, pages_of, press
from service.console.amounts import NOTHING
from service.console.cells import cells
from service.console.choosing import choices_for
from service.console.deeds import deed
from service.console.pages import page
from service.console.records import listing
from service.console.registers_admin import DELIVERIES
from service.console.registers_admin import HOOKS as HOOKS_LISTED
from service.console.registers_admin import OFFICES as OFFICES_LISTED
from service.console.registers_admin import SPILLS as SPILLS_LISTED
from service.console.visiting import Visit
from service.console.wording import minute
from service.console.year import months_of
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.handler import Rendered

OFFICES, HOOKS = "/console/admin/offices", "/console/admin/webhooks"
SPILLS, CALENDAR = "/console/admin/spills", "/console/admin/calendar"


async def offices(visit: Visit) -> Rendered:
    """The tenant's offices; 新增单位."""
    return await list_of(visit, OFFICES_LISTED)


async def office(visit: Visit) -> Rendered:
    """One office, and who sits at its desks; 修改. 撤并 has a page of its own."""
    found = await visit.ask("offices_read", ref=visit.part("ref"))
    people = await visit.maybe("users_list_page", {"office_id": found["office_id"], "limit": "200"})
    desks = await visit.maybe("offices_desks", ref=visit.part("ref"))
    given = {name: found[name] for name in ("name", "organ", "valid_from", "valid_to")}
    return page_of(
        visit,
        "office.html",
        found=found,
        people=people["items"] if people else [],
        desks={each["role"]: each for each in desks["items"]} if desks else {},
        offers=[
            each._replace(choices=await choices_for(visit, each.form, found)) if each.form else each
            for each in offers(visit, "offices_edit", version=found["version"], given=given)
        ],
    )


async def hooks(visit: Visit) -> Rendered:
    """Where events go; 登记回调地址."""
    return await list_of(
        visit,
        HOOKS_LISTED,
        lambda row: {
            "told_kinds": f"{len(row['kinds'])} 种事件" if row["kinds"] else "全部事件",
        },
    )


async def hook(visit: Visit) -> Rendered:
    """One address with what was delivered and what was not; 修改, 轮换, 重新投递."""
    ref = visit.part("ref")
    found = await visit.ask("webhooks_read", ref=ref)
    told = await listing(visit, DELIVERIES._replace(path=visit.path), ref=ref)
    again = found["state"] != "disabled"
    for row in told.found["items"]:
        row["told_answer"] = _answer(row)
        if again and row["state"] != "pending":
            row["press"] = press(visit, "webhooks_redeliver", "再投一次", delivery=row["id"])
    names = (
        "webhooks_test",
        "webhooks_edit",
        "webhooks_rotate",
        "webhooks_redeliver_range",
        "webhooks_delete",
    )
    given = {"url": found["url"], "kinds": found["kinds"]}
    return page_of(
        visit,
        "webhook.html",
        found=found,
        list=told,
        cells=cells,
        offers=offers(visit, *names, version=found["version"], given=given),
    )


def _answer(row: Any) -> str:
    """What the receiver said last."""
    if row["delivered_at"]:
        return f"{minute(row['delivered_at'])} 收下"
    return (
        f"答复 {row['last_status']}" if row["last_status"] else "没有连上" if row["last_error"] else NOTHING
    )


async def spills(visit: Visit) -> Rendered:
    """What was let in by mistake and is erased by two people (art. 14); 申请清除, 确认清除."""
    return await list_of(visit, SPILLS_LISTED, lambda row: _spill_told(visit, row))


def _spill_told(visit: Visit, row: Any) -> dict[str, Any]:
    ended = (
        f"{minute(row['purged_at'])} 清除完毕"
        if row["purged_at"]
        else (f"{minute(row['erased_at'])} 已清除，清理备份中" if row["erased_at"] else NOTHING)
    )
    open_now = row["state"] == "requested"
    return {
        "told_scope": "一个附件" if row["document_id"] else "整个项目",
        "told_end": ended,
        "press": press(visit, "spills_confirm", "确认清除", ref=row["id"]) if open_now else [],
    }


async def spill(visit: Visit) -> Rendered:
    """One of them, where its task leads to."""
    row: Any = await visit.ask("spills_read", ref=visit.part("ref"))
    row.update(_spill_told(visit, row))
    return page_of(visit, "spill.html", found=row)


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
    months, working = months_of(year, found["days"])
    return page_of(
        visit,
        "calendar.html",
        found=found,
        year=year,
        months=months,
        working=working,
        offers=offers(visit, "calendar_import_year"),
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
