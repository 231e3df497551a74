"""What the review answers. Who may see names, scores and the draw is decided in views.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from service.kit.coded import (
    AppraisalStageCode,
    AppraisalStatusCode,
    ExpertChoiceCode,
    ExpertFieldCode,
    OpinionCode,
    ProcedureCode,
    ReviewStatusCode,
    SlotCode,
    VerdictCode,
)
from service.kit.naming import By


class ExpertView(Struct, kw_only=True):
    """An expert of one's own pool; `objection` is why nobody could draw this one today."""

    id: str
    expert_id: str
    name: str
    title: str
    fields: list[ExpertFieldCode]
    employer_name: str
    told_apart: str
    employer_office_id: str | None
    user_id: str | None
    valid_from: date
    valid_to: date | None
    suspended_reason: str | None
    objection: str | None
    added_at: datetime
    updated_at: datetime
    version: int


class ExpertList(Struct):
    """A page; the Link header leads to the next."""

    items: list[ExpertView]
    next_cursor: str | None


class SeatView(Struct, kw_only=True):
    """An expert's place in an appraisal, with everything that happened to it."""

    id: str
    expert_id: str
    position: int
    name: str
    title: str
    employer_name: str
    chosen: ExpertChoiceCode
    reason: str | None
    replaces: str | None
    assigned_at: datetime
    recused_by: By | None
    recusal_reason: str | None
    recused_at: datetime | None
    scored_at: datetime | None


class SheetView(Struct, kw_only=True):
    """One expert's sheet, once all are in."""

    assignment_id: str
    name: str
    scores: list[dict[str, Any]]
    recommendation: VerdictCode
    opinion: str
    digest: str
    at: datetime


class DrawView(Struct, kw_only=True):
    """The draw and all that it depends on: who repeats it from the seed gets the same order."""

    algorithm: str
    seed: str
    eligible: list[str]
    order: list[str]
    reproduced: bool
    drawn_at: datetime


class AppraisalView(Struct, kw_only=True):
    """An appraisal. Its organs see panel, draw and (unsealed) sheets; others what came of it, when it is concluded."""

    number: int
    stage: AppraisalStageCode
    status: AppraisalStatusCode
    agency_name: str
    fields: list[ExpertFieldCode]
    due_on: date
    due_basis: str
    overdue: bool
    commissioned_at: datetime
    task: str | None
    panel: int | None
    scored: int | None
    opened_at: datetime | None
    experts: list[SeatView] | None
    draw: DrawView | None
    sheets: list[SheetView] | None
    verdict: VerdictCode | None
    text: str | None
    report: dict[str, Any] | None
    averages: dict[str, str] | None
    serves: bool
    concluded_at: datetime | None


class AppraisalList(Struct):
    """All appraisals of a case, oldest first."""

    items: list[AppraisalView]


class AssignmentItem(Struct, kw_only=True):
    """A line of one's own assignments."""

    id: str
    project_name: str
    stage: AppraisalStageCode
    due_on: date
    status: AppraisalStatusCode
    scored_at: datetime | None
    recused_at: datetime | None


class AssignmentList(Struct):
    """A page, newest first."""

    items: list[AssignmentItem]
    next_cursor: str | None


class AssignmentView(AssignmentItem, kw_only=True):
    """What an expert reads to score: the case as it was declared, and the criteria."""

    owner_name: str
    task: str
    criteria: dict[str, str]
    facts: dict[str, Any]
    materials: dict[str, Any]
    sheet: SheetView | None


class SlotView(Struct, kw_only=True):
    """One organ's slot: its latest opinion and how often it was changed."""

    slot: SlotCode
    organ: str
    opinion: OpinionCode | None
    text: str | None
    plan: str | None
    funds_yuan: str | None
    given_by: By | None
    given_at: datetime | None
    edition: int


class JointReviewView(Struct, kw_only=True):
    """A joint review with every slot."""

    number: int
    status: ReviewStatusCode
    task: str | None
    due_on: date | None
    opened_at: datetime
    slots: list[SlotView] | None
    missing: list[SlotCode]
    agreed: bool | None
    summary: str | None
    plan: str | None
    budget_yuan: str | None
    reason: str | None
    closed_at: datetime | None


class JointReviews(Struct, kw_only=True):
    """All joint reviews of a case, and what the organs weigh beside them (arts 7, 16, 19)."""

    items: list[JointReviewView]
    leading_group: dict[str, Any] | None
    priority: dict[str, Any] | None
    library: dict[str, Any] | None
    reasons: list[dict[str, Any]]


class ApprovalView(Struct, kw_only=True):
    """The approval and the money issued on it."""

    organ: str
    document_number: str
    document_date: date
    document_digest: str
    approved_amount_yuan: str
    approved_at: datetime
    civil_works: bool
    high_energy: bool
    procedures: list[ProcedureCode]
    procedure_names: list[str]
    issued_yuan: str
    lines: dict[str, str]
    complete: bool
