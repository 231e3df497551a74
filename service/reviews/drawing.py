"""The panel of an appraisal (art. 18): drawn by a recorded seed, directed with a reason, stepping aside, replacing.

The seed comes from the operating system, after the pool it falls on is fixed: nobody can try seeds until one pleases.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient
from service.kit.rows import columns_of
from service.kit.tables import insert_row, update_row
from service.measures.experts import (
    Subject,
    draw_order,
    next_drawn,
    objection,
    remaining,
    same_people,
)
from service.measures.organs import Slot
from service.projects.case import Case
from service.reviews.experts import as_expert
from service.reviews.models import appraisal_experts
from service.reviews.queries import EXPERTS, PANEL
from service.reviews.whose_turn import closed, desk_of, organs_tenant, tell

ALGORITHM = "SHA-256(seed LF id)，按摘要升序，依次取用"
_SEAT = insert_row(appraisal_experts)
_RECUSE = update_row(
    appraisal_experts,
    appraisal_experts.c.recused_at.is_(None),
    recused_by="by",
    recusal_reason="reason",
    recused_at="at",
)


@dataclass
class Panel:
    """An appraisal's seats beside its pool, as a draw needs them."""

    appraisal: Mapping[str, Any]
    seats: list[Row]
    experts: dict[str, Row]
    subject: Subject

    @property
    def serving(self) -> list[Row]:
        return [seat for seat in self.seats if seat["recused_at"] is None]

    def seated(self, more: Collection[str] = ()) -> set[str]:
        """Who has a seat, had one, or is one of those under another account; `more` are about to sit down."""
        ids = {seat["expert_id"] for seat in self.seats} | set(more)
        return ids | same_people(map(as_expert, self.experts.values()), ids)

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
            row = self.experts.get(each)
            if row is None or objection(as_expert(row), self.subject, today) is not None:
                out.add(each)
        return out


async def panel_of(tx: Tx, case: Case, appraisal: Mapping[str, Any]) -> Panel:
    """Seats and pool, read after the appraisal was locked."""
    seats = await tx.fetch(PANEL, tenant_id=case.tenant_id, id=appraisal["id"])
    experts = await tx.fetch(EXPERTS, tenant_id=organs_tenant(case))
    facts: dict[str, Any] = (case.declared or {}).get("facts") or {}
    names = {case.owner_name, *facts.get("participating_offices", ())}
    subject = Subject(frozenset(appraisal["fields"]), case.office_id, frozenset(names))
    return Panel(appraisal, seats, {row["id"]: row for row in experts}, subject)


def seat(
    tx: Tx,
    call: Call,
    case: Case,
    panel: Panel,
    expert: str,
    position: int,
    *,
    reason: str | None = None,
    replaces: str | None = None,
) -> Recipient:
    """Gives an expert a place; name and employer stay as they are today. Returns whom to call, and to what."""
    row, made = panel.experts[expert], new_id()
    tx.batch.add(
        _SEAT,
        tenant_id=case.tenant_id,
        id=made,
        appraisal_id=panel.appraisal["id"],
        project_id=case.id,
        by_tenant=organs_tenant(case),
        position=position,
        expert_id=expert,
        **columns_of(row, "user_id", "name", "title", "employer_name"),
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


def step_aside(call: Call, tx: Tx, case: Case, panel: Panel, seat_row: Row, reason: str) -> None:
    """Recusal and replacement, both on record; with nobody left in the draw the place waits for the agency."""
    appraisal = panel.appraisal
    if appraisal["opened_at"] is not None or appraisal["verdict"] is not None:
        raise closed("专家评分已经齐全，不再回避（本系统规定）", ours=True)
    tx.batch.add(
        _RECUSE,
        of_tenant=case.tenant_id,
        of_id=seat_row["id"],
        by=call.principal.actor,
        reason=reason,
        at=call.now,
        miss=closed("该专家已经回避", ours=True),
    )
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
