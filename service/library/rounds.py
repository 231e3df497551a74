"""Intake rounds (art. 14): announced by the three organs in one document, amended and reopened; read by everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from service.audit.actions import audited
from service.kit.api import Answer, Call, Error
from service.kit.clock import legal_day
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid, or_404
from service.kit.ids import Ref, stable_id
from service.kit.outbox import Recipient, emitted, figures_of
from service.kit.rows import of_row
from service.kit.tables import insert_row
from service.library.models import intake_notices
from service.library.queries import ROUND, ROUND_OF, TENANTS
from service.library.schemas import ReopenIn, RoundIn, RoundView
from service.measures.intake import Round
from service.measures.organs import THREE
from service.measures.periods import annual
from service.projects.submission import PROVINCE
from service.rulebook.book import RuleBooks

_NOTICE = insert_row(intake_notices)
PRACTICE = "管理惯例，非条文规定"
# Art. 8 and art. 9 have a day each; the round that asks for both kinds of needs closes by the later one.
_DEADLINES = ("intake.department_deadline", "intake.city_deadline")


def legal_close(call: Call, year: int) -> date:
    """The last day of a year's intake by the rule book (arts 8, 9)."""
    book = call.service(RuleBooks).book
    day = max(legal_day(call.now), book.first_date)
    return max(annual(str(book.value_on(key, day)), year) for key in _DEADLINES)


def as_round(row: Row | None) -> Round | None:
    """A stored notice as the law core reads it."""
    if row is None:
        return None
    said = row["content"]
    return Round(
        date.fromisoformat(said["opens"]),
        date.fromisoformat(said["closes"]),
        frozenset(said["kinds"]),
        _day(said.get("reopened_from")),
        _day(said.get("reopened_until")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def round_view(row: Row, today: date) -> RoundView:
    """A round as everybody sees it."""
    said, stands = row["content"], as_round(row)
    reopened = said.get("reopened_until")
    is_open = stands is not None and (stands.opens <= today <= stands.closes or stands.reopened_on(today))
    return of_row(
        RoundView,
        said,
        id=str(Ref(PROVINCE, row["id"])),
        year=row["year"],
        document_date=date.fromisoformat(said["document_date"]),
        opens=date.fromisoformat(said["opens"]),
        closes=date.fromisoformat(said["closes"]),
        reopened_from=_day(said.get("reopened_from")),
        reopened_until=_day(reopened),
        reopening_reason=said.get("reopening_reason"),
        reopening_basis=PRACTICE if reopened else None,
        open_today=is_open,
        articles=[8, 9, 14],
        version=row["number"],
        announced_at=row["at"],
    )


def _noticed(call: Call, row: Any) -> Answer:
    return Answer(round_view(row, legal_day(call.now)), version=row["number"])


@command(
    "POST",
    "/intake-rounds",
    resource="intake",
    action="announce",
    summary="发布或更正年度申报通知",
    tag="rounds",
    where="cases",
    body=RoundIn,
    answer=RoundView,
    status=201,
    conflict=Error(409, "round_changed", "同一年度的通知刚被更改，请重新读取"),
    view=_noticed,
)
async def announce(call: Call, tx: Tx) -> dict[str, Any]:
    """三机构联合发文后登记；同一年度再次登记即为更正，原通知保留。"""
    # The year's notice; a later document of the same year takes its place, the earlier one stays on record.
    body: RoundIn = call.body
    closes = _checked(call, body)
    before = await tx.row(ROUND_OF, year=body.year)
    content = {
        **msgspec.to_builtins(body),
        "issued_by": [slot.value for slot in THREE],
        "closes": closes.isoformat(),
    }
    del content["year"]
    if before is not None:
        kept = ("reopened_from", "reopened_until", "reopening_reason")
        content |= {name: before["content"][name] for name in kept if name in before["content"]}
    row = _row(call, body.year, before, "announced" if before is None else "amended", content)
    message = f"征集自 {body.opens.isoformat()} 至 {closes.isoformat()}，文号 {body.document_number}。"
    await _tell(call, tx, row, "round.announced", message)
    return row


def _checked(call: Call, body: RoundIn) -> date:
    """The closing day, when window, organs and document agree with arts 8, 9 and 14."""
    faults = []
    limit = legal_close(call, body.year)
    closes = body.closes or limit
    if set(body.issued_by) != {slot.value for slot in THREE}:
        detail = "申报通知由省政府办公厅、省发展改革委、省财政厅联合发布（第十四条）"
        faults.append(FieldError("/issued_by", "three_organs", detail))
    if body.opens.year != body.year:
        faults.append(FieldError("/opens", "date_order", "起始日应在征集年度内（第十四条）"))
    if closes > limit:
        detail = f"截止日不能晚于 {limit.isoformat()}（第八条、第九条）"
        faults.append(FieldError("/closes", "date_order", detail))
    if closes < body.opens:
        faults.append(FieldError("/closes", "date_order", "征集截止日不能早于起始日（第十四条）"))
    if body.document_date > legal_day(call.now):
        faults.append(FieldError("/document_date", "date_in_future", "发文日期晚于今天，请核对"))
    if len(set(body.kinds)) != len(body.kinds):
        faults.append(FieldError("/kinds", "duplicate", "征集的种类不要重复"))
    if faults:
        raise invalid(faults)
    return closes


@command(
    "POST",
    "/intake-rounds/{ref:str}/reopen",
    resource="intake",
    action="reopen",
    summary="重新开放征集",
    tag="rounds",
    where="cases",
    body=ReopenIn,
    answer=RoundView,
    if_match=True,
    conflict=Error(409, "round_changed", "同一年度的通知刚被更改，请重新读取"),
    errors=(Error(409, "round_open", "征集尚未截止"),),
    at=ref_of,
    view=_noticed,
)
async def reopen(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """截止后由征集机构说明理由重新开放：管理惯例，非条文规定。"""
    # The organs take needs in again until a day: practice, not law (law.md, trap 6), and told as such.
    body: ReopenIn = call.body
    before = or_404(await tx.row(ROUND, id=ref.id) if ref.tenant == PROVINCE else None)
    call.expected.check(before["number"])
    today, closes = legal_day(call.now), date.fromisoformat(before["content"]["closes"])
    if today <= closes:
        raise ServiceError(409, "round_open", "本年度征集尚未截止，无需重新开放（第十四条）", article=14)
    if body.until < today:
        raise invalid([FieldError("/until", "date_order", "重新开放的截止日不能早于今天")])
    if body.until.year != before["year"]:
        raise invalid([FieldError("/until", "date_order", "重新开放不能延到下一年度（第八条、第九条）")])
    content = {
        **before["content"],
        "reopened_from": today.isoformat(),
        "reopened_until": body.until.isoformat(),
        "reopening_reason": body.reason,
    }
    row = _row(call, before["year"], before, "reopened", content)
    message = f"重新开放至 {body.until.isoformat()}（{PRACTICE}）。理由：{body.reason}"
    await _tell(call, tx, row, "round.reopened", message)
    return row


def _row(call: Call, year: int, before: Row | None, action: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": stable_id("intake_round", str(year)),
        "number": 1 if before is None else before["number"] + 1,
        "year": year,
        "action": action,
        "content": content,
        "by": call.principal.actor,
        "at": call.now,
    }


def _desks(tenant: str) -> list[Recipient]:
    """Who works with a round in a tenant: the province's departments and organs, or a city's declaring side."""
    if tenant == PROVINCE:
        return [
            Recipient(PROVINCE, "department"),
            Recipient(PROVINCE, "drc"),
            Recipient(PROVINCE, "finance"),
        ]
    return [Recipient(tenant, "gatekeeper"), Recipient(tenant, "portal"), Recipient(tenant, "unit")]


async def _tell(call: Call, tx: Tx, row: dict[str, Any], kind: str, message: str) -> None:
    """Keeps the notice, records who gave it, and tells everybody who works with the round."""
    tx.batch.add(_NOTICE, **row)
    audited(
        call,
        tx,
        kind,
        row["id"],
        {"year": row["year"], "number": row["number"]},
        kind="intake_round",
        tenant=PROVINCE,
    )
    everyone = [each["id"] for each in await tx.fetch(TENANTS)]
    emitted(
        call,
        tx,
        kind,
        [desk for tenant in everyone for desk in _desks(tenant)],
        {
            "subject": {
                "id": str(Ref(PROVINCE, row["id"])),
                "name": f"{row['year']} 年度需求征集",
                "owner_name": "省政府办公厅、省发展改革委、省财政厅",
            },
            "message": message,
            "figures": {"year": row["year"], **figures_of(row["content"])},
            "steps": {"gatekeeper": "请统筹征集、把关并按期报送。", "department": "请按期报送建设需求。"},
        },
        tenant=PROVINCE,
    )
