"""What the three organs ask of declarations (art. 14): one proposes, another confirms, from a day on it is asked.

The notice is issued jointly, so the organ that confirms is another than the one that proposed, and another person. A
round stands until a later one begins; it adds to art. 15 and takes nothing away (R18).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import select

from service.audit.actions import audited
from service.kit.api import Answer, Call, Error
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient, emitted, figures_of
from service.kit.second_person import by_another
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.measures.requirements import Announced, announced_of, in_force
from service.province import CODE
from service.rulebook.book import RuleBooks
from service.rulebook.models import declaration_rounds
from service.rulebook.schemas_rounds import (
    DeclarationRoundIn,
    DeclarationRoundView,
    RequirementsIn,
)
from service.rulebook.schemas_runtime import ORGANS
from service.rulebook.views_rounds import asked_views

TAG = "rounds"

MOVED = Error(409, "round_changed", "该申报要求刚被另一人处理，请重新读取")

PROVINCE = CODE
ORGAN_OF = {"office": "general_office", "drc": "drc", "finance": "finance"}
_INSERT = insert_row(declaration_rounds)
_R = declaration_rounds.c
ROUNDS = Statement(select(*declaration_rounds.c).order_by(_R.at, _R.id, _R.number))


def newest(rows: Iterable[Row | dict[str, Any]]) -> dict[str, list[Any]]:
    """Each round's rows in order: the proposal, and what was decided on it."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    return {key: sorted(each, key=lambda row: int(row["number"])) for key, each in found.items()}


def confirmed(rows: Iterable[Row | dict[str, Any]]) -> tuple[Announced, ...]:
    """The confirmed rounds in the order of confirmation, as the law core reads them."""
    last = [each[-1] for each in newest(rows).values() if each[-1]["action"] == "confirmed"]
    return tuple(
        announced_of(row["content"], n) for n, row in enumerate(sorted(last, key=lambda row: row["at"]))
    )


def content_of(rows: Iterable[Row | dict[str, Any]], found: Announced | None) -> dict[str, Any]:
    """The stored content of a confirmed round; nothing where none stands."""
    if found is None:
        return {}
    mine = (found.document_number, found.from_day.isoformat())
    for each in newest(rows).values():
        content: dict[str, Any] = each[-1]["content"]
        if each[-1]["action"] == "confirmed" and mine == (
            content["document_number"],
            content["effective_from"],
        ):
            return content
    return {}


def view_of(rows: list[Any], every: tuple[Announced, ...], today: date) -> DeclarationRoundView:
    """One round; `every`: the confirmed ones, among which it stands or not."""
    first, last = rows[0], rows[-1]
    said, decided = first["content"], last if len(rows) > 1 else None
    return DeclarationRoundView(
        id=str(Ref(PROVINCE, first["id"])),
        year=said["year"],
        document_number=said["document_number"],
        document_date=date.fromisoformat(said["document_date"]),
        issued_by=list(ORGANS.values()),
        effective_from=date.fromisoformat(said["effective_from"]),
        asked=asked_views(said),
        note=said.get("note", ""),
        status=_status(last, every, today),
        proposed_by=first["by"],
        proposed_organ=ORGANS[first["organ"]],
        proposed_at=first["at"],
        decided_by=decided and decided["by"],
        decided_organ=decided and ORGANS[decided["organ"]],
        decided_at=decided and decided["at"],
        reason=last["content"].get("reason"),
        articles=[14, 15],
        version=last["number"],
    )


def _status(last: Any, every: tuple[Announced, ...], today: date) -> Any:
    if last["action"] != "confirmed":
        return last["action"]
    mine = date.fromisoformat(last["content"]["effective_from"])
    if mine > today:
        return "coming"
    now = in_force(every, today)
    same = now is not None and (now.from_day, now.document_number) == (
        mine,
        last["content"]["document_number"],
    )
    return "standing" if same else "superseded"


def checked(body: RequirementsIn, today: date) -> dict[str, Any]:
    """The content as it is stored; 422 for the past and for what is named twice."""
    faults = []
    if body.effective_from < today:
        said = "施行日不得早于今天：已提交的申报不受影响（本系统规定）"
        faults.append(FieldError("/effective_from", "date_in_past", said))
    for name, key in (("fields", "field"), ("attachments", "slot"), ("extra", "name")):
        seen = set()
        for index, row in enumerate(getattr(body, name)):
            if getattr(row, key) in seen:
                faults.append(FieldError(f"/{name}/{index}", "duplicate", "同一要求不要重复"))
            seen.add(getattr(row, key))
    if isinstance(body, DeclarationRoundIn):
        faults += _document(body, today)
    if faults:
        raise invalid(faults)
    content: dict[str, Any] = msgspec.to_builtins(body)
    return content


def _document(body: DeclarationRoundIn, today: date) -> list[FieldError]:
    faults = []
    if body.document_date > today:
        faults.append(FieldError("/document_date", "date_in_future", "发文日期晚于今天，请核对"))
    if body.effective_from < body.document_date:
        faults.append(FieldError("/effective_from", "date_order", "施行日不能早于发文日期"))
    if not body.year - 1 <= body.effective_from.year <= body.year:
        said = "施行日应在申报年度或其上一年度内（本系统规定）"
        faults.append(FieldError("/effective_from", "date_order", said))
    return faults


def organ_of(call: Call) -> str:
    """Which of the three organs the caller acts for."""
    return next(ORGAN_OF[role] for role in call.principal.roles if role in ORGAN_OF)


def _proposed(call: Call, rows: Any) -> Answer:
    view = view_of(rows, (), legal_day(call.now))
    return Answer(view, version=view.version, headers={"location": f"/api/v1/declaration-rounds/{view.id}"})


@command(
    "POST",
    "/declaration-rounds",
    resource="declaration_round",
    action="propose",
    summary="提出年度申报要求",
    tag=TAG,
    where="cases",
    body=DeclarationRoundIn,
    answer=DeclarationRoundView,
    status=201,
    conflict=MOVED,
    view=_proposed,
)
async def declaration_propose(call: Call, tx: Tx) -> list[dict[str, Any]]:
    """三机关之一按联合发布的申报通知录入在第十五条以外另行要求的内容；经另一机关的另一人确认后，自施行日起核对。"""
    # One organ's person enters what the joint notice asks; nothing is asked yet.
    content = checked(call.body, legal_day(call.now))
    row = _row(call, new_id(), 1, "proposed", content)
    others = [role for role, organ in ORGAN_OF.items() if organ != row["organ"]]
    message = (
        f"{content['document_number']} 自 {content['effective_from']} 起的申报要求，待另一机关核对确认。"
    )
    _tell(
        call, tx, row, "declaration_round.proposed", [Recipient(PROVINCE, role) for role in others], message
    )
    return [row]


async def decide(call: Call, tx: Tx, ref: Ref, action: str, reason: str | None = None) -> list[Any]:
    """Confirmed by another person of another organ; refused by any of the three, its proposer too."""
    rows = newest(await tx.fetch(ROUNDS)).get(ref.id) if ref.tenant == PROVINCE else None
    if not rows:
        raise not_found()
    call.expected.check(rows[-1]["number"])
    if rows[-1]["action"] != "proposed":
        raise ServiceError(409, "round_decided", "该申报要求已经确认或退回", status_now=rows[-1]["action"])
    first, today = rows[0], legal_day(call.now)
    if action == "confirmed":
        another(call, first)
        if date.fromisoformat(first["content"]["effective_from"]) < today:
            said = "施行日已过，不能追溯，请重新提出"
            raise ServiceError(409, "round_too_late", said)
    content = first["content"] if reason is None else {**first["content"], "reason": reason}
    row = _row(call, ref.id, rows[-1]["number"] + 1, action, content)
    said = content["document_number"]
    if action == "confirmed":
        divisions = call.service(RuleBooks).divisions
        every = [each.code for each in divisions if divisions.tenant_of(each.code) == each.code]
        message = f"{said}：自 {content['effective_from']} 起提交的申报按此核对（第十四条）。"
        _tell(call, tx, row, "declaration_round.confirmed", _everybody(every), message)
    else:
        desks = [Recipient(PROVINCE, role) for role in ORGAN_OF]
        _tell(call, tx, row, "declaration_round.refused", desks, f"{said}：未予确认。{reason}")
    return [*rows, row]


def another(call: Call, first: Any) -> None:
    """Art. 14: the notice is issued jointly, so no organ confirms what it proposed, and no person his own."""
    by_another(first["by_user"], call.principal, first["by"])
    if first["organ"] == organ_of(call):
        said = "申报通知由三家机关联合发布（第十四条），须由提出机关以外的机关确认（本系统规定）"
        raise ServiceError(409, "same_organ", said, article=14)


def _hand(call: Call) -> str:
    return call.principal.user or f"client:{call.principal.client}"


def _everybody(every: list[str]) -> list[Recipient]:
    desks = [Recipient(PROVINCE, role) for role in (*ORGAN_OF, "department")]
    for tenant in every:
        if tenant != PROVINCE:
            desks += [Recipient(tenant, role) for role in ("gatekeeper", "portal", "unit")]
    return desks


def _row(call: Call, key: str, number: int, action: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": key,
        "number": number,
        "action": action,
        "content": content,
        "organ": organ_of(call),
        "by": call.principal.actor,
        "by_user": _hand(call),
        "at": call.now,
    }


def _tell(call: Call, tx: Tx, row: dict[str, Any], kind: str, desks: list[Recipient], message: str) -> None:
    tx.batch.add(_INSERT, **row)
    audited(
        call,
        tx,
        kind,
        row["id"],
        {"number": row["number"], "document": row["content"]["document_number"]},
        kind="declaration_round",
        tenant=PROVINCE,
    )
    emitted(
        call,
        tx,
        kind,
        desks,
        {
            "subject": {
                "id": str(Ref(PROVINCE, row["id"])),
                "name": f"{row['content']['year']} 年度申报要求",
                "owner_name": "、".join(ORGANS.values()),
            },
            "message": message,
            "figures": figures_of(row["content"]),
            "actor": call.principal.actor,
            "steps": {
                "portal": "请按新的要求更新申报界面。",
                "unit": "请按新的要求补充尚未提交的申报材料。",
                "gatekeeper": "请告知所属各单位。",
            },
        },
        tenant=PROVINCE,
    )
