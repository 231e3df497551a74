"""The panel of an appraisal (art. 18): drawn by a recorded seed, directed with a reason, stepping aside, replacing.

The seed comes from the operating system, after the pool it falls on is fixed: nobody can try seeds until one pleases.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, Uuid, bindparam, update

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, is_uuid, new_id
from service.kit.outbox import Recipient
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.measures.experts import (
    OBJECTIONS,
    Subject,
    draw_order,
    eligible,
    next_drawn,
    objection,
    odd_at_least,
    remaining,
    same_people,
)
from service.measures.figures import Figures
from service.measures.organs import Slot
from service.projects.case import Case, load
from service.reviews.appraising import locked
from service.reviews.models import appraisal_experts, appraisals
from service.reviews.pool import as_expert
from service.reviews.queries import PANEL, POOL
from service.reviews.schemas import DrawIn, ReasonIn
from service.reviews.standing import closed, desk_of, only, organs_tenant, still_on, tell
from service.rulebook.book import RuleBooks

ALGORITHM = "SHA-256(seed LF id)，按摘要升序，依次取用"
_SEAT = insert_row(appraisal_experts)
_DRAWN = Statement(
    update(appraisals)
    .where(
        appraisals.c.tenant_id == bindparam("of_tenant", type_=Text),
        appraisals.c.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
    )
    .values(
        {
            name: bindparam(f"new_{name}", type_=appraisals.c[name].type)
            for name in ("status", "panel", "seed", "eligible", "drawn_at")
        }
    )
)
_RECUSE = Statement(
    update(appraisal_experts)
    .where(
        appraisal_experts.c.tenant_id == bindparam("of_tenant", type_=Text),
        appraisal_experts.c.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        appraisal_experts.c.recused_at.is_(None),
    )
    .values(
        recused_by=bindparam("by", type_=Text),
        recusal_reason=bindparam("reason", type_=Text),
        recused_at=bindparam("at", type_=appraisal_experts.c.recused_at.type),
    )
)


@dataclass
class Panel:
    """An appraisal's seats beside its pool, as a draw needs them."""

    appraisal: Mapping[str, Any]
    seats: list[Row]
    pool: dict[str, Row]
    subject: Subject

    @property
    def serving(self) -> list[Row]:
        return [seat for seat in self.seats if seat["recused_at"] is None]

    def seated(self, more: Collection[str] = ()) -> set[str]:
        """Who has a seat, had one, or is one of those under another account; `more` are about to sit down."""
        ids = {seat["expert_id"] for seat in self.seats} | set(more)
        return ids | same_people(map(as_expert, self.pool.values()), ids)

    def ahead(self, seed: str, ids: Sequence[str]) -> tuple[str, ...]:
        """The order of the draw from where it stands."""
        return remaining(
            draw_order(seed, ids), {s["expert_id"] for s in self.seats if s["chosen"] == "drawn"}
        )

    def barred(self, call: Call, order: Sequence[str]) -> set[str]:
        """Who of the order cannot serve any more: has a seat, had one under any account, or meanwhile an objection."""
        today = legal_day(call.now)
        out = self.seated()
        for each in order:
            row = self.pool.get(each)
            if row is None or objection(as_expert(row), self.subject, today) is not None:
                out.add(each)
        return out


async def panel_of(tx: Tx, case: Case, appraisal: Mapping[str, Any]) -> Panel:
    """Seats and pool, read after the appraisal was locked."""
    seats = await tx.fetch(PANEL, tenant_id=case.tenant_id, id=appraisal["id"])
    pool = await tx.fetch(POOL, tenant_id=organs_tenant(case))
    facts: dict[str, Any] = (case.declared or {}).get("facts") or {}
    names = {case.owner_name, *facts.get("participating_offices", ())}
    subject = Subject(frozenset(appraisal["fields"]), case.office_id, frozenset(names))
    return Panel(appraisal, seats, {row["id"]: row for row in pool}, subject)


async def draw(call: Call, tx: Tx, ref: Ref) -> Case:
    """Fills the panel: first those named with a reason, then by the order of the seed."""
    case = await load(tx, call.principal, ref, None)
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
        _DRAWN, of_tenant=case.tenant_id, of_id=appraisal["id"], new_status="drawn", new_panel=count,
        **{f"new_{name}": value for name, value in state.items()},
    )  # fmt: skip
    position = len(panel.seats)
    called = [
        seat(tx, call, case, panel, each, position + offset, reason=named.get(each))
        for offset, each in enumerate([*named, *lots], 1)
    ]
    summary = {
        "appraisal": appraisal["number"],
        "seed": state["seed"],
        "drawn": lots,
        "directed": list(named),
    }
    desks = [desk_of(case, Slot.GENERAL_OFFICE)]
    tell(call, tx, case, "review.experts_drawn", desks, "评审专家已经确定。", summary=summary)
    call_experts(call, tx, case, called)
    return case


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
        row = panel.pool.get(each.expert_id)
        if row is None:
            faults.append(FieldError(pointer, "unknown_expert", "专家库中没有这位专家"))
        elif each.expert_id in panel.seated(named):
            faults.append(FieldError(pointer, "already_seated", "该专家已在本次评估中，或已回避"))
        elif (why := objection(as_expert(row), panel.subject, today, directed=True)) is not None:
            faults.append(FieldError(pointer, why, f"不能选用该专家：{OBJECTIONS[why]}（第十八条）"))
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
    ids = eligible((as_expert(row) for row in panel.pool.values()), panel.subject, legal_day(call.now))
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


def seat(
    tx: Tx, call: Call, case: Case, panel: Panel, expert: str, position: int, *, reason: str | None = None,
    replaces: str | None = None,
) -> Recipient:  # fmt: skip
    """Gives an expert a place; name and employer stay as they are today. Returns whom to call, and to what."""
    row, made = panel.pool[expert], new_id()
    tx.batch.add(
        _SEAT,
        tenant_id=case.tenant_id,
        id=made,
        appraisal_id=panel.appraisal["id"],
        project_id=case.id,
        by_tenant=organs_tenant(case),
        position=position,
        expert_id=expert,
        **{name: row[name] for name in ("user_id", "name", "title", "employer_name")},
        chosen="drawn" if reason is None else "directed",
        reason=reason,
        replaces=replaces,
        assigned_by=call.principal.actor,
        assigned_at=call.now,
        **dict.fromkeys(("recused_by", "recusal_reason", "recused_at", "scored_at")),
    )
    thing = str(Ref(case.tenant_id, made))
    return Recipient(organs_tenant(case), "expert", user=row["user_id"], thing=thing)


def call_experts(call: Call, tx: Tx, case: Case, desks: Sequence[Recipient]) -> None:
    """Calls each expert by a message of his own, which another's reading does not hide; it does not name the case."""
    message = "您被确定为评审专家，请在评审任务中查看。"
    tell(call, tx, case, "review.assigned", desks, message, anonymous=True)


async def recuse_by_agency(call: Call, tx: Tx, ref: Ref) -> Case:
    """The agency takes an expert out, with a reason; the next of the draw takes the place."""
    body: ReasonIn = call.body
    case = await load(tx, call.principal, ref, None)
    only(call, tx, case, 18, Slot.AGENCY)
    appraisal = await locked(call, tx, case)
    still_on(case, appraisal)
    panel = await panel_of(tx, case, appraisal)
    wanted = call.path("seat")
    found = [each for each in panel.serving if each["id"] == wanted] if is_uuid(wanted) else []
    if not found:
        raise not_found()
    step_aside(call, tx, case, panel, found[0], body.reason)
    return case


def step_aside(call: Call, tx: Tx, case: Case, panel: Panel, seat_row: Row, reason: str) -> None:
    """Recusal and replacement, both on record; with nobody left in the draw the place waits for the agency."""
    appraisal = panel.appraisal
    if appraisal["opened_at"] is not None or appraisal["verdict"] is not None:
        raise closed("专家评分已经齐全，不再回避（本系统规定）", ours=True)
    tx.batch.add(
        _RECUSE, of_tenant=case.tenant_id, of_id=seat_row["id"], by=call.principal.actor, reason=reason, at=call.now,
        miss=closed("该专家已经回避", ours=True),
    )  # fmt: skip
    order = panel.ahead(appraisal["seed"], appraisal["eligible"])
    following = next_drawn(order, panel.barred(call, order))
    summary = {"appraisal": appraisal["number"], "seat": seat_row["id"], "next": following}
    if following is not None:
        called = seat(tx, call, case, panel, following, len(panel.seats) + 1, replaces=seat_row["id"])
        call_experts(call, tx, case, [called])
        message = "一位评审专家回避，已按抽取顺序递补。"
    else:
        message = "一位评审专家回避，抽取名单已用尽，请说明理由指定。"
    desks = [desk_of(case, Slot.AGENCY), desk_of(case, Slot.GENERAL_OFFICE)]
    tell(call, tx, case, "review.expert_recused", desks, message, summary=summary)
