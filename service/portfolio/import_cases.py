"""One line of a take-over from paper: read, judged, and the case that it makes (art. 39)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, cast

import msgspec

from service.identity.queries import OFFICE_HELD
from service.identity.rows import stands
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.decoding import decode_json
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import new_id
from service.kit.money import fen, yuan
from service.kit.office_ids import strip_own
from service.measures.building import RECORDED
from service.measures.comparing import compared
from service.measures.facts import Facts, Kind
from service.measures.importing import fits, holder_of, shown
from service.measures.lifecycle import State, procedure_of
from service.measures.offices import Tier
from service.measures.routing import Decision
from service.portfolio.import_checks import check_line
from service.portfolio.schemas import ImportLine
from service.projects.case import Case
from service.projects.dated_facts import gated_case_of, record_fact, substance
from service.projects.deciding import decide, in_scope, read_facts
from service.projects.findings import brought
from service.rulebook.book import RuleBooks


def lines_of(raw: bytes) -> list[tuple[int, bytes]]:
    """The numbered lines of NDJSON; blank ones are left out."""
    plain = raw.removeprefix(b"\xef\xbb\xbf")  # what some editors put in front
    return [(number, line) for number, line in enumerate(plain.splitlines(), 1) if line.strip()]


def decoded(line: bytes) -> ImportLine:
    try:
        return cast(ImportLine, decode_json(line, ImportLine))
    except ServiceError as error:
        if error.status != 400:
            raise
        raise invalid([FieldError("", "malformed_json", "该行不是有效的 JSON（UTF-8）")]) from None


async def case_of(call: Call, tx: Tx, line: ImportLine) -> tuple[Case, dict[str, Any]]:
    """The case of one line, judged by the law of the day of its approval, or of the first rules."""
    strip_own(line, call.principal.tenant)
    office = await tx.row(OFFICE_HELD, tenant_id=call.principal.tenant, id=line.owner_office_id)
    books, today = call.service(RuleBooks), legal_day(call.now)
    if office is None or not stands(office, today):
        detail = "没有这个单位，或不在您的权限内，或已终止（已终止的填其承接单位）"
        raise invalid([FieldError("/owner_office_id", "unknown_office", detail)])
    facts = read_facts(books, line.facts, office, today)
    decision = _decision(call, line, facts, office["name"], today)
    tier, state = Tier(office["tier"]), State(line.state)
    days = {k: v for k, v in msgspec.structs.asdict(line.dated).items() if v is not msgspec.UNSET}
    procedure = procedure_of(decision.route.value, tier)
    check_line(line, state, days, today, facts.investment_fen)
    if procedure is None or not fits(state, procedure):
        raise invalid(
            [FieldError("/state", "state_route", "按该项目的批复程序没有这个状态（第二十条、第二十三条）")]
        )
    materials = msgspec.to_builtins(line.materials)
    content = {
        "name": line.name,
        "facts": facts.as_dict(),
        "materials": materials,
        "external_ref": line.external_ref,
    }
    case = _imported(call, line, facts, decision, office, holder_of(state, procedure).value, days)
    case.declared, case.dated = content, _dated(line, days, content, today)
    gated = gated_case_of(case.dated, books, case.tenant_id, call.now, kind=case.kind)
    codes = shown(
        days, procedure, maintain=gated.maintenance, since=office["valid_from"], figure=gated.figure
    )
    case.findings = brought([RECORDED[code] for code in sorted(codes)])
    return case, content


def _imported(
    call: Call,
    line: ImportLine,
    facts: Facts,
    decision: Decision,
    office: Row,
    holder: str,
    days: dict[str, date],
) -> Case:
    """The case as it is registered, without what it declared."""
    return Case(
        tenant_id=office["tenant_id"],
        office_id=office["id"],
        id=new_id(),
        external_ref=line.external_ref,
        name=line.name,
        owner_name=office["name"],
        tier=office["tier"],
        division=office["division"],
        office_kind=office["office_kind"],
        state=line.state,
        holder=holder,
        route=decision.route.value,
        project_class=facts.project_class.value,
        kind=facts.kind.value,
        investment_fen=facts.investment_fen,
        declared=None,
        decision=decision.as_dict(),
        submissions=1,
        month=days["approved"].strftime("%Y-%m"),
        created_by=call.principal.actor,
        created_at=call.now,
        updated_at=call.now,
        entered_at=call.now,
        submitted_at=None,
        approved_fen=fen(line.approved_amount_yuan),
        version=1,
        origin="imported",
        dated={},
    )


def _decision(call: Call, line: ImportLine, facts: Facts, owner: str, today: date) -> Decision:
    """The route of the declared facts, which the approved amount must not change: an approval is held to the same."""
    books = call.service(RuleBooks)
    book, amount = books.of(call.principal.tenant), fen(line.approved_amount_yuan)
    decision = in_scope(decide(books, facts, today, owner, book=book))
    share = amount if facts.kind is Kind.MAINTAIN else min(facts.maintenance_fen, amount)
    approved = replace(facts, investment_fen=amount, maintenance_fen=share)
    if decide(books, approved, today, owner, book=book).route is not decision.route:
        detail = (
            f"按批复金额{yuan(amount)}元，审批路径与所填事实（投资额{yuan(facts.investment_fen)}元）不同；"
            "请核对金额，事实应与批复一致（第九条）"
        )
        raise invalid([FieldError("/approved_amount_yuan", "route_changed", detail)])
    return compared(decision, book, today, facts.investment_fen, amount)


def _dated(line: ImportLine, days: dict[str, date], content: dict[str, Any], today: date) -> dict[str, Any]:
    source = line.source
    dated: dict[str, Any] = record_fact(
        {},
        "imported",
        source.date,
        document=source.document,
        number=source.number,
        recorded_on=today.isoformat(),
    )
    dated = record_fact(dated, "declared", today, substance=substance(content), joint=False)
    for name, day in days.items():
        dated = record_fact(dated, name, day)
    if "appraised" in dated:
        dated["appraised"] |= {"verdict": "pass", "substance": dated["declared"]["substance"]}
    for name in {"data_confirmed", "crypto_confirmed"} & set(days):
        dated[name] |= {"passed": True}
    if line.state == State.FILED:  # the document says so; there is no filing of this system
        dated = record_fact(dated, "filed", days["approved"], number=None)
    if "suspended" in dated:
        stood = State.TRIAL_RUN if "trial_run" in days else State.STARTED
        dated["suspended"] |= {"from": stood.value, "order": None, "earlier_days": 0}
    amount = fen(line.approved_amount_yuan)
    dated["approved"] |= {"number": line.approval_number, "amount_fen": amount}
    if line.budget_issued_yuan is not None:
        issued = fen(line.budget_issued_yuan)
        dated = record_fact(
            dated, "budget", days["approved"], issued_fen=issued, lines={}, complete=issued == amount
        )
    if line.paid_yuan is not None:
        dated = record_fact(dated, "payments", source.date, paid_fen=fen(line.paid_yuan), returned_fen=0)
    return dated
