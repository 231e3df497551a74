"""The agency draws a panel, and takes an expert out of it (art. 18): on an appraisal, which moves no case."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from service.kit.api import Answer, Call
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import is_uuid
from service.kit.tables import update_row
from service.measures import side_acts as beside
from service.measures.experts import (
    OBJECTIONS,
    eligible,
    next_drawn,
    objection,
    odd_at_least,
)
from service.measures.figures import Figures
from service.measures.organs import Slot
from service.projects.case import Case, load
from service.projects.deeds import Desk, deed
from service.reviews.appraising import locked
from service.reviews.drawing import Panel, call_experts, panel_of, seat, step_aside
from service.reviews.errors import ELSE, ENDED, EXHAUSTED, FULL
from service.reviews.experts import as_expert
from service.reviews.models import appraisals
from service.reviews.queries import APPRAISALS, PANELS, SCORES
from service.reviews.schemas import DrawIn, ReasonIn
from service.reviews.schemas_out import AppraisalView
from service.reviews.views import appraisal_view
from service.reviews.whose_turn import closed, desk_of, only, still_on, tell
from service.rulebook.book import RuleBooks

_DRAWN = update_row(
    appraisals, **{name: f"new_{name}" for name in ("status", "panel", "seed", "eligible", "drawn_at")}
)


async def appraisal_now(desk: Desk) -> Answer:
    """The appraisal of the path as it stands after the command's own rows."""
    call, tx = desk.call, desk.tx
    await tx.flush()
    case = await load(tx, call.principal, desk.case.ref, None)
    given = {"tenant_id": case.tenant_id, "id": case.id}
    rows, seats, sheets = [await tx.fetch(each, **given) for each in (APPRAISALS, PANELS, SCORES)]
    number = int(call.path("number"))
    row = next(each for each in rows if each["number"] == number)
    return Answer(appraisal_view(call, case, row, seats, sheets))


# The agency's own work on an appraisal, which moves no case: no row of the table is asked, but whose slot it is.
_drawing = partial(
    deed, may="appraisal/draw", tag="reviews", answer=AppraisalView, reply=appraisal_now, gated=False
)


@_drawing(
    "appraisals/{number:int}/draw",
    beside.DRAW,
    body=DrawIn,
    summary="抽取评审专家",
    errors=(ENDED, ELSE, FULL, EXHAUSTED),
)
async def draw(desk: Desk) -> None:
    """随机抽取，种子当场产生并留存，可以复核；指定专家须逐一说明理由。"""
    # Fills the panel: first those named with a reason, then by the order of the seed.
    call, tx, case = desk.call, desk.tx, desk.case
    only(call, tx, case, 18, Slot.AGENCY)
    appraisal = await locked(call, tx, case)
    still_on(case, appraisal)
    if appraisal["opened_at"] is not None or appraisal["verdict"] is not None:
        raise closed("专家评分已经齐全，不再调整专家（本系统规定）", ours=True)
    panel = await panel_of(tx, case, appraisal)
    count = _count(call, case, appraisal)
    vacant = count - len(panel.serving)
    if vacant <= 0:
        raise ServiceError(409, "panel_full", "专家已经抽足，无需再抽")
    named = _directed(call, panel, vacant)
    state = _seeded(call, panel)
    order = panel.ahead(state["seed"], state["eligible"])
    taken = panel.barred(call, order) | set(named)
    lots = _take(panel, order, taken, vacant - len(named), named, drawn=appraisal["seed"] is not None)
    tx.batch.add(
        _DRAWN,
        of_tenant=case.tenant_id,
        of_id=appraisal["id"],
        new_status="drawn",
        new_panel=count,
        **{f"new_{name}": value for name, value in state.items()},
    )
    position = len(panel.seats)
    called = [
        seat(tx, call, case, panel, each, position + offset, reason=named.get(each))
        for offset, each in enumerate([*named, *lots], 1)
    ]
    drawn = {"drawn": lots, "directed": list(named)}
    summary = {"appraisal": appraisal["number"], "seed": state["seed"], **drawn}
    desks = [desk_of(case, Slot.GENERAL_OFFICE)]
    tell(call, tx, case, "review.experts_drawn", desks, "评审专家已经确定。", summary=summary)
    call_experts(call, tx, case, called)


def _count(call: Call, case: Case, appraisal: Row) -> int:
    body: DrawIn = call.body
    if appraisal["panel"] is not None:
        if body.count not in (None, appraisal["panel"]):
            raise invalid([FieldError("/count", "panel_fixed", f"专家人数已定为 {appraisal['panel']} 人")])
        return int(appraisal["panel"])
    figures = Figures(call.service(RuleBooks).of(case.tenant_id), legal_day(call.now)).noting()
    least = odd_at_least(int(figures["appraisal.experts"]))
    count = least if body.count is None else body.count
    if count < least or count % 2 == 0:
        detail = f"专家人数须为单数且不少于 {least} 人（管理惯例，第十八条）{figures.told()}"
        raise invalid([FieldError("/count", "panel_size", detail)])
    return count


def _directed(call: Call, panel: Panel, vacant: int) -> dict[str, str]:
    """Those named with a reason, as {id: reason}; recusal binds them as it binds the drawn."""
    body: DrawIn = call.body
    today = legal_day(call.now)
    named: dict[str, str] = {}
    faults = []
    for index, each in enumerate(body.directed):
        pointer = f"/directed/{index}/expert_id"
        row = panel.experts.get(each.expert_id)
        if row is None:
            faults.append(FieldError(pointer, "unknown_expert", "专家库中没有这位专家"))
        elif each.expert_id in panel.seated(named):
            faults.append(FieldError(pointer, "already_seated", "该专家已在本次评估中，或已回避"))
        elif (why := objection(as_expert(row), panel.subject, today, directed=True)) is not None:
            faults.append(
                FieldError(pointer, why, f"不能选用该专家：{OBJECTIONS[why]}（本系统规定，参照第十八条）")
            )
        named[each.expert_id] = each.reason
    if len(body.directed) > vacant:
        faults.append(FieldError("/directed", "too_many", f"还缺 {vacant} 位专家"))
    if faults:
        raise invalid(faults)
    return named


def _seeded(call: Call, panel: Panel) -> dict[str, Any]:
    """The seed and the eligible: fixed by the first draw, kept for every later one."""
    given = panel.appraisal
    if given["seed"] is not None:
        return {name: given[name] for name in ("seed", "eligible", "drawn_at")}
    ids = eligible((as_expert(row) for row in panel.experts.values()), panel.subject, legal_day(call.now))
    return {"seed": secrets.token_hex(16), "eligible": list(ids), "drawn_at": call.now}


def _take(
    panel: Panel, order: Sequence[str], taken: set[str], wanted: int, named: Collection[str], *, drawn: bool
) -> list[str]:
    lots: list[str] = []
    while len(lots) < wanted:
        each = next_drawn(order, taken | panel.seated([*named, *lots]))
        if each is None:
            # A draw that was made stands on the pool of its day: who joined since can only be named.
            way = "抽取名单已用尽，请说明理由指定" if drawn else "可补充专家库或说明理由指定"
            raise ServiceError(
                409,
                "pool_exhausted",
                f"专家库中符合条件的专家不足，{way}（第十八条）",
                article=18,
                wanted=wanted,
                available=len(lots),
            )
        lots.append(each)
    return lots


@_drawing(
    "appraisals/{number:int}/experts/{seat:str}/recuse",
    None,  # told by the appraisal, on the seat
    body=ReasonIn,
    summary="专家回避",
    errors=(ENDED, ELSE),
)
async def recuse(desk: Desk) -> None:
    """评估机构说明理由令专家回避，按原抽取顺序递补。"""
    body: ReasonIn = desk.body
    call, tx, case = desk.call, desk.tx, desk.case
    only(call, tx, case, 18, Slot.AGENCY)
    appraisal = await locked(call, tx, case)
    still_on(case, appraisal)
    panel = await panel_of(tx, case, appraisal)
    wanted = call.path("seat")
    found = [each for each in panel.serving if each["id"] == wanted] if is_uuid(wanted) else []
    if not found:
        raise not_found()
    step_aside(call, tx, case, panel, found[0], body.reason)
