"""代办安排: who stands for whom, at which desk, on which days; named for oneself, or by an administrator for others."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import press
from service.console.cells import cells
from service.console.deeds import deed
from service.console.pages import render
from service.console.records import listing, pair
from service.console.registers_rules import DEPUTIES as LISTED
from service.console.visiting import Visit
from service.console.wording import minute, who
from service.identity.deputed import deputable
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.handler import Rendered
from service.vocabulary import names

DEPUTIES = "/console/deputies"


async def deputies(visit: Visit) -> Rendered:
    """What concerns the reader (an administrator: the tenant); 指定代办人, 提前结束."""
    listed = await listing(visit, LISTED)
    people = await visit.maybe("users_list_page", {"disabled": "false", "limit": "200"})
    appoints = visit.may("users_edit")
    me = f"user:{visit.principal.tenant}:{visit.principal.login}"
    today = legal_day(clock.now()).isoformat()
    for row in listed.found["items"]:
        row |= _told(visit, row, me, today)
    roles = [] if not visit.may("deputies_name") else _roles(visit, every=appoints)
    return render(
        visit,
        "deputies.html",
        list=listed,
        cells=cells,
        people=people["items"] if people and appoints else [],
        appoints=appoints,
        roles=roles,
        day=today,
    )


def _told(visit: Visit, row: Any, me: str, today: str) -> dict[str, Any]:
    """A deputation in words, and the deed that ends it early."""
    over = bool(row["ended_at"]) or row["until_day"] < today
    why = ""
    if row["ended_at"]:
        condition, why = ("提前结束", ""), minute(row["ended_at"])
    elif row["in_force"]:
        condition = ("正在代办", "ok")
    elif over:
        condition = ("已到期", "")
    elif row["from_day"] > today:
        condition = ("尚未开始", "go")
    else:
        condition, why = ("暂不生效", "warn"), "缺席人已无此岗位，或已停用、锁定"
    return {
        "told_person": "本人" if row["person"] == me else who(row["person_person"]),
        "told_deputy": "本人" if row["deputy"] == me else who(row["deputy_person"]),
        "condition": condition,
        "told_why": why,
        "over": over,
        "press": [] if over else press(visit, "deputies_end", "提前结束", ref=row["id"]),
    }


def _roles(visit: Visit, *, every: bool) -> list[tuple[str, str]]:
    """Roles somebody may stand in for, as they are called: one's own, or (`every`) all of the tenant's tiers."""
    rules, labels, principal = visit.services.policy.roles, names("tier_role"), visit.principal
    tiers = ("city", "county") if every and principal.tier == "city" else (principal.tier,)
    stood = {each.role for each in principal.deputed}
    found: dict[str, str] = {}
    for tier in tiers:
        for role in deputable(rules, tier):
            if every or (role in principal.roles and role not in stood):
                found.setdefault(role, labels.get(f"{tier}.{role}", role))
    return list(found.items())


async def done(visit: Visit) -> Rendered:
    """Of one page: the deputation's id comes from its own form."""
    return await deed(visit, deputies)


ROUTES: list[HTTPRouteHandler] = pair(DEPUTIES, deputies, done)
