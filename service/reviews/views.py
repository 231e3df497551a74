"""Appraisals, joint reviews and approvals as answers: each role sees what it may."""

from __future__ import annotations

from typing import Any

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.money import yuan, yuan_or_none
from service.kit.rows import of_row
from service.measures.budgets import PROCEDURES
from service.measures.experts import draw_order, follows
from service.measures.offices import Tier
from service.measures.organs import ROLES, SLOT_NAMES, Slot
from service.projects.case import Case
from service.reviews.drawing import ALGORITHM
from service.reviews.joint_review import latest
from service.reviews.schemas_out import (
    AppraisalView,
    ApprovalView,
    DrawView,
    JointReviews,
    JointReviewView,
    SeatView,
    SheetView,
    SlotView,
)
from service.reviews.whose_turn import holds, organs_tenant, slot_name, tier_by

_SUPERVISING = ("supervisor", "auditor")


def sees_panel(call: Call, case: Case) -> bool:
    """Whose own organs review: agency, office, and who supervises (art. 39); nobody of another tier."""
    who = call.principal
    supervises = who.tenant == organs_tenant(case) and any(role in who.roles for role in _SUPERVISING)
    return supervises or holds(call, case, Slot.AGENCY, Slot.GENERAL_OFFICE)


def appraisal_view(call: Call, case: Case, row: Row, seats: list[Row], sheets: list[Row]) -> AppraisalView:
    """One appraisal; `seats` and `sheets` are all of the case that the caller's login may read."""
    own = sees_panel(call, case)
    mine = [seat for seat in seats if seat["appraisal_id"] == row["id"]]
    given = [sheet for sheet in sheets if sheet["appraisal_id"] == row["id"]]
    concluded = row["verdict"] is not None
    report = row["report"] or {}
    today = legal_day(call.now)
    return of_row(
        AppraisalView,
        row,
        due_basis="管理惯例",
        overdue=not concluded and row["status"] != "lapsed" and today > row["due_on"],
        task=row["task"] if own else None,
        panel=row["panel"] if own else None,
        scored=sum(s["scored_at"] is not None and s["recused_at"] is None for s in mine) if own else None,
        experts=[seat_view(seat) for seat in mine] if own else None,
        draw=draw_view(row, mine) if own else None,
        sheets=[sheet_view(sheet, _name(mine, sheet)) for sheet in given]
        if own and row["opened_at"]
        else None,
        text=report.get("text"),
        report={"name": report["name"], "digest": report["digest"]} if concluded else None,
        averages=report.get("averages"),
        serves=concluded and row["substance"] == case.dated.get("declared", {}).get("substance"),
    )


def _name(seats: list[Row], sheet: Row) -> str:
    return next((seat["name"] for seat in seats if seat["id"] == sheet["assignment_id"]), "")


def seat_view(seat: Row) -> SeatView:
    """A place in the panel."""
    return of_row(SeatView, seat)


def sheet_view(sheet: Row, name: str) -> SheetView:
    """A sheet, once it may be seen."""
    return of_row(SheetView, sheet, name=name)


def draw_view(row: Row, seats: list[Row]) -> DrawView | None:
    """The draw, repeated from its seed as anybody can repeat it, and compared with who was seated by it."""
    if row["seed"] is None:
        return None
    order = draw_order(row["seed"], row["eligible"])
    return of_row(
        DrawView,
        row,
        algorithm=ALGORITHM,
        order=list(order),
        reproduced=follows(order, [seat["expert_id"] for seat in seats if seat["chosen"] == "drawn"]),
    )


def sees_slots(call: Call, by_tenant: str) -> bool:
    """Whose own organs review together, the leading group and who supervises; others see what came of it.

    `by_tenant`: whose organs review; of what has been reviewed it is the row's own, wherever the case went since.
    """
    who, tier = call.principal, tier_by(by_tenant)
    if who.tenant != by_tenant or who.tier != tier.value:
        return False
    return bool({*_SUPERVISING, *(ROLES[tier][slot] for slot in Slot)}.intersection(who.roles))


def slot_view(tier: Tier, slot: str, row: Any | None) -> SlotView:
    """One slot of that tier's organs, filled or not."""
    given = row or {}
    return SlotView(
        slot=slot,
        organ=SLOT_NAMES[tier][Slot(slot)],
        opinion=given.get("opinion"),
        text=given.get("text"),
        plan=given.get("plan"),
        funds_yuan=yuan_or_none(given.get("funds_fen")),
        given_by=given.get("given_by"),
        given_at=given.get("given_at"),
        edition=given.get("edition", 0),
    )


def review_view(call: Call, row: Row, opinions: list[Row]) -> JointReviewView:
    """One joint review; `opinions` may hold those of others."""
    given, tier = latest(opinions, row), tier_by(row["by_tenant"])
    within = sees_slots(call, row["by_tenant"])
    return of_row(
        JointReviewView,
        row,
        task=row["task"] if within else None,
        slots=[slot_view(tier, slot, given.get(slot)) for slot in row["slots"]] if within else None,
        missing=[slot for slot in row["slots"] if slot not in given] if row["status"] == "open" else [],
        budget_yuan=yuan_or_none(row["budget_fen"]),
    )


def reviews_view(call: Call, case: Case, rows: list[Row], opinions: list[Row]) -> JointReviews:
    """All joint reviews beside priority, library entry and the reasons given (arts 16, 19)."""
    return JointReviews(
        items=[review_view(call, row, opinions) for row in rows],
        leading_group=case.dated.get("leading_group"),
        priority=case.dated.get("priority"),
        library=case.dated.get("library"),
        reasons=[finding for finding in case.findings if finding["reason"]],
    )


def approval_view(case: Case, row: Row) -> ApprovalView:
    """The approval and what was issued on it."""
    budget = case.dated.get("budget") or {}
    return of_row(
        ApprovalView,
        row,
        organ=row["organ"] or slot_name(case, Slot.DRC),
        approved_amount_yuan=yuan(row["approved_fen"]),
        procedure_names=[PROCEDURES[name] for name in row["procedures"]],
        issued_yuan=yuan(budget.get("issued_fen", 0)),
        lines={source: yuan(amount) for source, amount in (budget.get("lines") or {}).items()},
        complete=bool(budget.get("complete")),
    )
