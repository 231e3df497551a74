"""/projects/{id}/actions: all that a case offers, to whom, and what its text still lacks."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.identity.contacts import contacts_of
from service.identity.schemas_contacts import ContactView
from service.kit.api import Answer, Call, operation
from service.kit.errors import ServiceError
from service.kit.scopes import DECLARING
from service.measures.lifecycle import Holder
from service.measures.offers import desks, later
from service.measures.side_acts import Obstacle
from service.projects.api import read_case
from service.projects.case import WORKING, Case, roles_on
from service.projects.hands import roles_of
from service.projects.schemas_actions import ActionsView, DeskView, Lacking, LackingPoint
from service.projects.schemas_out import ActionView, PenView
from service.projects.submission import PROVINCE, preview_case
from service.projects.views import gated_case_at, offered_of, stand_of, told_of
from service.vocabulary import names

_DESKS = names("tier_role")


@operation(
    "GET",
    "/projects/{ref:str}/actions",
    resource="project",
    action="read",
    summary="可以办理的事项",
    tag="projects",
    where="cases",
    answer=ActionsView,
    tagged=True,
)
async def actions(call: Call) -> Answer:
    """本人现在能办的、尚不能办的及原因，以后环节由本岗位办理的，其他岗位现在能办的，以及草稿提交前还缺什么。

    每项的表单见 GET /operations/{operation_id}/form。还缺的内容与提交时用同一套代码判断。
    """
    case = await read_case(call, call.path("ref"))
    stand = stand_of(case, call)
    mine = roles_on(case.state, roles_of(call.principal), sees_text=case.content is not None)
    others = desks(stand.place, Holder(case.holder), gated_case_at(stand, case.tenant_id, case.dated, call))
    pen = PenView(case.holder, await _contacts(call, case, others))
    return Answer(
        ActionsView(
            pen,
            _asking(offered_of(case, call), pen),
            _asking(told_of(later(stand.place, mine), suspected=stand.suspected), pen),
            [
                DeskView(
                    role, role.partition(".")[0], _DESKS[role], told_of(open_now, suspected=stand.suspected)
                )
                for role, open_now in others.items()
                if role not in mine and role in _DESKS
            ],
            await _lacking(case, call),
        ),
        version=case.version,
    )


def _asking(found: list[ActionView], pen: PenView) -> list[ActionView]:
    """What waits for another's pen says whose, and by which telephone (docs/decisions/0227)."""
    blocked = Obstacle.PEN.value
    return [msgspec.structs.replace(each, ask=pen) if each.blocked_by == blocked else each for each in found]


async def _contacts(call: Call, case: Case, open_now: Iterable[str]) -> list[ContactView]:
    """How the desks are reached that the case waits for: of the owner's own office, else of the holder's tenant."""
    tiers = {"owner": ("city", "county", "province"), "city": ("city",), "province": ("province",)}[
        case.holder
    ]
    owners = tuple(DECLARING) if case.holder == "owner" else None
    roles = [
        role
        for tier, _, role in (each.partition(".") for each in open_now)
        if tier in tiers and (role in owners if owners else role not in DECLARING)
    ]
    tenant = PROVINCE if case.holder == "province" else case.tenant_id
    return await contacts_of(call, tenant, roles, office=case.office_id if owners else None)


async def _lacking(case: Case, call: Call) -> Lacking | None:
    """What submission would ask for of a text at work; None for what is not at work, or not the reader's to see."""
    if case.state not in WORKING or case.content is None:
        return None
    try:
        found = await preview_case(call, case)
    except ServiceError as refusal:
        if refusal.status >= 500:
            raise
        return Lacking([], [], [], refusal.detail)
    missing = [LackingPoint(**each) for each in found.missing]
    return Lacking(missing, found.reasons_required, found.reuse.unanswered)


ROUTES: list[HTTPRouteHandler] = [actions]
