"""代办安排: who stands for whom, at which desk, on which days; named for oneself, or by an administrator for others."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import deed
from service.console.pages import render
from service.console.records import pair
from service.console.visiting import Visit
from service.identity.deputed import deputable
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.handler import Rendered
from service.vocabulary import names

DEPUTIES = "/console/deputies"


async def deputies(visit: Visit) -> Rendered:
    """What concerns the reader (an administrator: the tenant); 指定代办人, 提前结束."""
    found = await visit.ask("deputies_list_page", visit.picked("cursor"))
    people = await visit.maybe("users_list_page", {"disabled": "false", "limit": "200"})
    appoints = visit.may("users_edit")
    me = f"user:{visit.principal.tenant}:{visit.principal.login}"
    today = legal_day(clock.now()).isoformat()
    roles = [] if not visit.may("deputies_name") else _roles(visit, every=appoints)
    return render(
        visit, "deputies.html", found=found, people=people["items"] if people and appoints else [],
        appoints=appoints, roles=roles, day=today, me=me,
    )  # fmt: skip


def _roles(visit: Visit, *, every: bool) -> list[tuple[str, str]]:
    """Roles somebody may stand in for, as they are called: one's own, or (`every`) all of the tenant's tiers."""
    rules, labels, principal = visit.services.policy.roles, names("tier_role"), visit.principal
    tiers = ("city", "county") if every and principal.tier == "city" else (principal.tier,)
    stood = {each.role for each in principal.standing}
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
