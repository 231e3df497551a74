"""An expert at work: one's own assignments, stepping aside, one sheet given once; the last sheet opens all."""

from __future__ import annotations

from typing import Any

from service.kit.api import Call, Error
from service.kit.clock import legal_day
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.digest import sealed
from service.kit.errors import FieldError, ServiceError, invalid, not_found, or_404
from service.kit.ids import Ref
from service.kit.tables import insert_row, update_row
from service.measures.experts import CRITERIA, OBJECTIONS, objection
from service.measures.organs import Slot
from service.projects.case import Case, case_of, statement_for
from service.reviews.drawing import Panel, panel_of, step_aside
from service.reviews.experts import as_expert
from service.reviews.models import appraisal_experts, appraisal_scores, appraisals
from service.reviews.queries import ASSIGNMENT, LOCKED_BY_ID
from service.reviews.schemas import ReasonIn, ScoreIn
from service.reviews.whose_turn import closed, desk_of, still_on, tell

TAG = "assignments"

SCORED = Error(409, "already_scored", "评分已经提交，不能更改")

CLOSED = Error(409, "appraisal_closed", "本次论证评估已不再办理该事项")

_SCORE = insert_row(appraisal_scores)
_SCORED = update_row(
    appraisal_experts,
    appraisal_experts.c.scored_at.is_(None),
    appraisal_experts.c.recused_at.is_(None),
    scored_at="at",
)
_OPEN = update_row(appraisals, appraisals.c.opened_at.is_(None), opened_at="at", status="scored")


async def _mine(call: Call, tx: Tx, ref: Ref) -> tuple[Row, Case, Panel]:
    """One's own assignment with its case and panel, the appraisal locked; anybody else's is not there."""
    who = call.principal
    if tx.scope.login != "province" and ref.tenant != who.tenant:
        raise not_found()
    mine = None
    if who.user is not None:
        mine = await tx.row(ASSIGNMENT, tenant_id=ref.tenant, id=ref.id, user_id=who.user)
    row = await tx.row(statement_for(tx.scope), tenant_id=ref.tenant, id=mine["project_id"]) if mine else None
    if mine is None or row is None:
        raise not_found()
    appraisal = or_404(await tx.row(LOCKED_BY_ID, tenant_id=ref.tenant, id=mine["appraisal_id"]))
    case = case_of(row)
    panel = await panel_of(tx, case, appraisal)
    seat = next(each for each in panel.seats if each["id"] == ref.id)
    if seat["recused_at"] is not None:
        raise closed("您已回避本次评估", ours=True)
    if seat["scored_at"] is not None:
        raise ServiceError(409, "already_scored", "评分已经提交，不能更改（本系统规定）")
    still_on(case, appraisal)
    return seat, case, panel


@command(
    "POST",
    "/assignments/{ref:str}/recuse",
    resource="assignment",
    action="recuse",
    summary="申请回避",
    tag=TAG,
    where="cases",
    body=ReasonIn,
    status=204,
    errors=(CLOSED, SCORED),
    at=ref_of,
)
async def recuse(call: Call, tx: Tx, ref: Ref) -> Row:
    """说明理由；按原抽取顺序递补。"""
    # An expert steps aside; the next of the draw takes the place.
    body: ReasonIn = call.body
    seat, case, panel = await _mine(call, tx, ref)
    step_aside(call, tx, case, panel, seat, body.reason)
    return seat


@command(
    "POST",
    "/assignments/{ref:str}/score",
    resource="assignment",
    action="score",
    summary="提交评分",
    tag=TAG,
    where="cases",
    body=ScoreIn,
    status=204,
    errors=(CLOSED, SCORED),
    at=ref_of,
)
async def score(call: Call, tx: Tx, ref: Ref) -> Row:
    """各项标准逐项评分并说明理由；只能提交一次，评分齐全之前对所有人封存。"""
    # An expert's sheet; when it is the last of a full panel, all are opened at once.
    body: ScoreIn = call.body
    seat, case, panel = await _mine(call, tx, ref)
    _may_score(call, panel, seat)
    _complete(body)
    content: dict[str, Any] = {
        "scores": [{"criterion": s.criterion, "score": s.score, "opinion": s.opinion} for s in body.scores],
        "recommendation": body.recommendation,
        "opinion": body.opinion,
    }
    digest = sealed({"assignment": ref.id, **content})
    tx.batch.add(
        _SCORE,
        tenant_id=ref.tenant,
        assignment_id=ref.id,
        appraisal_id=seat["appraisal_id"],
        by_tenant=seat["by_tenant"],
        **content,
        digest=digest,
        at=call.now,
    )
    again = ServiceError(409, "already_scored", "评分已经提交，不能更改（本系统规定）")
    tx.batch.add(_SCORED, miss=again, of_tenant=ref.tenant, of_id=ref.id, at=call.now)
    waiting = [s for s in panel.serving if s["scored_at"] is None and s["id"] != ref.id]
    full = len(panel.serving) == panel.appraisal["panel"]
    opened = full and not waiting
    if opened:
        tx.batch.add(_OPEN, of_tenant=ref.tenant, of_id=seat["appraisal_id"], at=call.now, scored="scored")
    summary = {"appraisal": panel.appraisal["number"], "seat": ref.id, "digest": digest}
    message = "专家评分已经齐全，可出具评估报告。" if opened else "一位专家已经评分，评分在齐全之前不公开。"
    kind = "review.scores_opened" if opened else "review.scored"
    tell(call, tx, case, kind, [desk_of(case, Slot.AGENCY)], message, summary=summary)
    return seat


def _may_score(call: Call, panel: Panel, seat: Row) -> None:
    """409 for who was suspended, or went over to a party of the project, after he was drawn: the agency replaces him.

    A term that has run out since is no objection: who was chosen was chosen rightly (art. 18)."""
    row = panel.experts.get(seat["expert_id"])
    why = (
        None if row is None else objection(as_expert(row), panel.subject, legal_day(call.now), directed=True)
    )
    if why in ("suspended", "own_employer"):
        raise closed(f"{OBJECTIONS[why]}，不能评分，由评估机构递补（本系统规定）", ours=True)


def _complete(body: ScoreIn) -> None:
    """Every criterion of art. 18 once."""
    given = [each.criterion for each in body.scores]
    faults = [
        FieldError(f"/scores/{index}/criterion", "duplicate", f"“{CRITERIA[name]}”重复评分")
        for index, name in enumerate(given)
        if name in given[:index]
    ]
    missing = [label for name, label in CRITERIA.items() if name not in given]
    if missing:
        faults.append(
            FieldError(
                "/scores", "criterion_missing", f"缺少论证评估各方面的评分：{'、'.join(missing)}（第十八条）"
            )
        )
    if faults:
        raise invalid(faults)
