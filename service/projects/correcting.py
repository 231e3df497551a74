"""A mistyped approval is corrected by an act that takes the place of the first, which stays on record (R36)."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from service.kit.errors import FieldError, invalid
from service.kit.money import fen, yuan
from service.kit.outbox import Recipient
from service.kit.text import Number
from service.measures.lifecycle import Action
from service.measures.organs import SLOT_NAMES, Slot
from service.projects.approving import (
    APPROVAL,
    ApprovalIn,
    Digest,
    add_approval,
    approval_held,
    judge_approval,
    members,
    tier_of,
)
from service.projects.case import Case
from service.projects.dated_facts import amended, without_fact
from service.projects.deeds import Desk, deed
from service.projects.engaged import engaged
from service.projects.errors import CHANGED, REASONS
from service.projects.findings import record_findings, refresh_findings
from service.projects.phases import Deed, fact_day, funding_desks, not_after, not_before, owner_desks
from service.projects.schemas import Amount, Said
from service.projects.submission import PROVINCE
from service.vocabulary import names


class CorrectingDocument(Struct, forbid_unknown_fields=True):
    """The document that corrects."""

    number: Number
    date: date
    digest: Digest


class CorrectApprovalIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What the approval says rightly, by which document, and why; what is left out stays as it was."""

    approved_amount_yuan: Amount | UnsetType = UNSET
    document_number: Number | UnsetType = UNSET
    document_date: date | UnsetType = UNSET
    document_digest: Digest | UnsetType = UNSET
    document: CorrectingDocument
    reason: Said


@deed(
    "correct-approval",
    Action.CORRECT_APPROVAL,
    body=CorrectApprovalIn,
    summary="更正批复",
    may="project.approval/correct",
    tag="filings",
    errors=(CHANGED, REASONS),
)
async def correct(desk: Desk) -> Deed:
    """文号、日期、金额或批复文件登记有误的，由原批复部门凭更正文件更正；原登记保留，曾经告知的机构同样收到通知。"""
    # Judged like the approval itself, on today's law of the case; told to whoever heard of the first.
    body: CorrectApprovalIn = desk.body
    tx, call, case = desk.tx, desk.call, desk.case
    first = {**(await tx.row(APPROVAL, tenant_id=case.tenant_id, id=case.id) or _brought(case))}
    first["approved_fen"] = case.approved_fen or 0  # as it stands, an approved change included
    not_after(body.document.date, desk.today, "/document/date", "更正文件日期", article=20)
    right = _right(body, first)
    changed = _changed(first, right)
    amount = fen(right.approved_amount_yuan)
    _not_below_issued(case, amount)
    decision = judge_approval(case, amount, right, call)
    # What corrects an approval follows it; its rightful day, since the day first told may be the slip.
    what = "更正文件日期（批复之后）"
    not_before(body.document.date, right.document_date, "/document/date", what, article=20)
    await refresh_findings(tx, case, decision, call.now)
    await _held_again(desk, right.document_date, amount)
    if amount != case.approved_fen:  # its sources no longer sum to it and are told anew (arts 33-35)
        case.dated = without_fact(case.dated, "funding")

    def revise(held: Case) -> None:
        held.approved_fen, held.decision = amount, decision.as_dict()

    add_approval(tx, case, amount, first["organ"], right, call, edition=first["edition"] + 1)
    dated = _dated(desk, right, amount)
    return desk.told(
        "project.approval_corrected",
        _told(case),
        content={**msgspec.to_builtins(body), "changed": changed},
        reason=body.reason,
        revise=revise,
        dated=dated,
        message=_sentence(body, changed),
        steps={"finance": "请按更正后的批复核对经费预算。"} | _supplement(dated),
    )


async def _held_again(desk: Desk, day: date, amount: int) -> None:
    """What is recorded is held against the approval as it is right now (arts 13, 24)."""
    case, started = desk.case, fact_day(desk.case, "started")
    await engaged(desk.tx, case, desk.actor.now, approved=(day, amount))
    early = started is not None and started < day
    among = ("started_before_approval",)
    record_findings(desk.tx, case, among, among if early else (), desk.actor.now)
    if (case.dated.get("change") or {}).get(
        "decided"
    ) != "approve":  # a change is appraised after the approval
        approval_held(desk.tx, case, day, desk.actor.now)


def _dated(desk: Desk, right: ApprovalIn, amount: int) -> dict[str, dict[str, Any]]:
    """The approval as it is now right; what was filed is told anew (R27)."""
    document, case = desk.body.document, desk.case
    dated: dict[str, dict[str, Any]] = {
        "approved": {"on": right.document_date, "number": right.document_number, "amount_fen": amount}
    }
    if case.route == "city_filing" and "filed" in case.dated:
        told = {"number": document.number, "day": document.date, "digest": document.digest}
        dated["amended"] = amended(case.dated, desk.today, **told)
    return dated


def _supplement(dated: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {"gatekeeper": "请补充备案。"} if "amended" in dated else {}


def _brought(case: Case) -> dict[str, Any]:
    """The approval of a project taken over from paper: what its line told (no digest of ours, no organ)."""
    told = case.dated["approved"]
    return {
        "document_number": told["number"],
        "document_date": date.fromisoformat(told["on"]),
        "document_digest": None,
        "organ": SLOT_NAMES[tier_of(case)][Slot.DRC],
        "civil_works": False,
        "high_energy": False,
        "procedures": [],
        "edition": 0,
    }


def _right(body: CorrectApprovalIn, first: dict[str, Any]) -> ApprovalIn:
    """The approval as it should have been."""
    if body.document_digest is UNSET and first["document_digest"] is None:
        raise invalid(
            [FieldError("/document_digest", "required", "导入的批复没有登记文件摘要，更正时请填写")]
        )

    def kept(name: str, old: Any) -> Any:
        given = getattr(body, name)
        return old if given is UNSET else given

    return ApprovalIn(
        approved_amount_yuan=kept("approved_amount_yuan", yuan(first["approved_fen"])),
        document_number=kept("document_number", first["document_number"]),
        document_date=kept("document_date", first["document_date"]),
        document_digest=kept("document_digest", first["document_digest"]),
        approving_organ=first["organ"],
        civil_works=first["civil_works"],
        high_energy=first["high_energy"],
        procedures=list(first["procedures"]),
    )


def _changed(first: dict[str, Any], right: ApprovalIn) -> dict[str, list[str]]:
    """{field: [as it was, as it is]}; 422 when nothing changes."""
    pairs = {
        "approved_amount_yuan": (yuan(first["approved_fen"]), yuan(fen(right.approved_amount_yuan))),
        "document_number": (first["document_number"], right.document_number),
        "document_date": (first["document_date"].isoformat(), right.document_date.isoformat()),
        "document_digest": (first["document_digest"], right.document_digest),
    }
    changed = {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}
    if not changed:
        raise invalid([FieldError("", "nothing_changed", "批复的文号、日期、金额和文件都没有变化，无需更正")])
    return changed


def _not_below_issued(case: Case, amount: int) -> None:
    issued = (case.dated.get("budget") or {}).get("issued_fen") or 0
    if amount < issued:
        detail = f"已下达预算{yuan(issued)}元，更正后的批复金额不能低于此数（第二十条）"
        raise invalid([FieldError("/approved_amount_yuan", "below_issued", detail)])


def _told(case: Case) -> list[Recipient]:
    """Whoever heard of the approval (art. 20), and the office that it was filed with."""
    desks = [*owner_desks(case), *members(case), *funding_desks(case)]
    if case.filing_number is not None:
        desks.append(Recipient(PROVINCE, "office"))
    return list(dict.fromkeys(desks))


_NAMES = names("approval_field")


def _sentence(body: CorrectApprovalIn, changed: dict[str, list[str]]) -> str:
    said = "，".join(
        f"{_NAMES[name]}由{old}更正为{new}" for name, (old, new) in changed.items() if name in _NAMES
    )
    return f"批复已更正（{body.document.number}）：{said or '批复文件已更换'}。"
