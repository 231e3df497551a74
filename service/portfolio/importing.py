"""Running projects taken over from paper, a line each: all lines or none, nothing invented (art. 39).

An imported case has `origin: imported`, the source's document and date, the dated facts it brings, and no transitions
and no filing number of ours. Deadlines follow from the facts like everybody's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, cast

import msgspec

from service.audit.actions import record
from service.identity.queries import OFFICE_HELD
from service.identity.rows import stands
from service.kit.api import Call
from service.kit.clock import SHANGHAI, legal_day
from service.kit.db import Tx
from service.kit.decoding import decode_json
from service.kit.digest import sealed
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import new_id
from service.kit.money import fen, yuan
from service.kit.office_ids import strip_offices
from service.kit.outbox import Recipient, emit
from service.kit.tables import insert_rows
from service.measures.comparing import compared
from service.measures.facts import Facts, Kind
from service.measures.importing import fits, holder_of
from service.measures.lifecycle import State, procedure_of
from service.measures.offices import Tier
from service.measures.routing import Decision
from service.portfolio.import_checks import check_line
from service.portfolio.queries import REFERENCES
from service.portfolio.schemas import Imported, ImportLine, ImportQuery, ImportResult
from service.portfolio.twins import TAKEN, twins
from service.projects.alike import ADD, project_of, rows_of
from service.projects.case import Case
from service.projects.deciding import decide, in_scope, read_facts
from service.projects.facts import record_fact, substance
from service.projects.models import project_versions, projects, summary_deltas
from service.projects.phases import owner_desks
from service.projects.state import snapshot, totals_of
from service.rulebook.book import RuleBooks
from service.similarity.keys import keys

MAX_LINES = 200
_PROJECTS = insert_rows(projects)
_VERSIONS = insert_rows(project_versions)
_DELTAS = insert_rows(summary_deltas)


def lines_of(raw: bytes) -> list[tuple[int, bytes]]:
    """The numbered lines of NDJSON; blank ones are left out."""
    plain = raw.removeprefix(b"\xef\xbb\xbf")  # what some editors put in front
    return [(number, line) for number, line in enumerate(plain.splitlines(), 1) if line.strip()]


async def run(
    call: Call, tx: Tx, lines: list[tuple[int, bytes]], digest: str, found: list[FieldError]
) -> ImportResult:
    """Reads every line, tells every fault with its line (`found`: those known before), and stores all or nothing."""
    query: ImportQuery = call.query
    faults = list(found)
    cases: list[tuple[int, Case, dict[str, Any]]] = []
    if not 0 < len(lines) <= MAX_LINES and not faults:
        raise invalid([FieldError("", "lines", f"每次导入 1 至 {MAX_LINES} 行，每行一个项目")])
    for number, line in lines:
        try:
            cases.append((number, *await _case(call, tx, _decoded(line))))
        except ServiceError as error:
            if error.code == "classified_material":
                raise
            told = list(error.extensions.get("errors", ())) or [FieldError("", error.code, error.detail)]
            faults += [FieldError(f"/{number}{each.pointer}", each.code, each.detail) for each in told]
    faults += await _taken(call, tx, cases)
    doubled = await twins(tx, call.principal.tenant, [(number, case) for number, case, _ in cases])
    if doubled and not faults:
        detail = "文件中的项目已经登记过，未保存任何内容；重复的行见 errors"
        raise ServiceError(409, TAKEN, detail, errors=doubled)
    if faults:
        raise invalid([*faults, *doubled], "有的行不能导入，未保存任何内容，请按 errors 逐行修改")
    if not query.dry_run:
        await _store(call, tx, [(case, content) for _, case, content in cases], digest)
    shown = [
        Imported(number, None if query.dry_run else str(case.ref), case.name, case.route or "", case.state)
        for number, case, _ in cases
    ]
    return ImportResult(query.dry_run, digest, shown)


async def take(call: Call, tx: Tx) -> Case:
    """One line of a workbook that another person (`call.found`) had sent: judged and stored as the lines of a file."""
    line: ImportLine = call.body
    case, content = await _case(call, tx, line)
    faults = [
        FieldError(each.pointer[2:], each.code, each.detail)
        for each in await _taken(call, tx, [(1, case, content)])
    ]
    doubled = await twins(tx, call.principal.tenant, [(1, case)])
    if faults or doubled:
        raise invalid([*faults, *(FieldError("/name", each.code, each.detail) for each in doubled)])
    await _store(call, tx, [(case, content)], sealed({"line": content}))
    return case


async def _taken(call: Call, tx: Tx, cases: list[tuple[int, Case, dict[str, Any]]]) -> list[FieldError]:
    """References that stand twice in the file or belong to a case already: told before anything is stored."""
    named = [(number, case.external_ref) for number, case, _ in cases if case.external_ref is not None]
    rows = (
        await tx.fetch(REFERENCES, tenant_id=call.principal.tenant, refs=[ref for _, ref in named])
        if named
        else []
    )
    seen = {row["external_ref"] for row in rows}
    faults = []
    for number, ref in named:
        if ref in seen:
            detail = "该外部编号已被本租户的另一个项目使用，或在文件中重复"
            faults.append(FieldError(f"/{number}/external_ref", "external_ref_taken", detail))
        seen.add(ref)
    return faults


def _decoded(line: bytes) -> ImportLine:
    try:
        return cast(ImportLine, decode_json(line, ImportLine))
    except ServiceError as error:
        if error.status != 400:
            raise
        raise invalid([FieldError("", "malformed_json", "该行不是有效的 JSON（UTF-8）")]) from None


async def _case(call: Call, tx: Tx, line: ImportLine) -> tuple[Case, dict[str, Any]]:
    """The case of one line, judged by the law of the day of its approval, or of the first rules."""
    strip_offices(line, call.principal.tenant)
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
    content = {
        "name": line.name,
        "facts": facts.as_dict(),
        "materials": msgspec.to_builtins(line.materials),
        "external_ref": line.external_ref,
    }
    case = Case(
        tenant_id=office["tenant_id"], office_id=office["id"], id=new_id(), external_ref=line.external_ref,
        name=line.name, owner_name=office["name"], tier=office["tier"], division=office["division"],
        office_kind=office["office_kind"], state=line.state, holder=holder_of(state, procedure).value,
        route=decision.route.value, project_class=facts.project_class.value, kind=facts.kind.value,
        investment_fen=facts.investment_fen, declared=content, decision=decision.as_dict(), submissions=1,
        month=days["approved"].strftime("%Y-%m"), created_by=call.principal.actor, created_at=call.now,
        updated_at=call.now, entered_at=call.now, submitted_at=None, approved_fen=fen(line.approved_amount_yuan),
        version=1, origin="imported", dated=_dated(line, days, content, today),
    )  # fmt: skip
    return case, content


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
            dated, "budget", days["approved"], issued_fen=issued, lines=[], complete=issued == amount
        )
    if line.paid_yuan is not None:
        dated = record_fact(dated, "payments", source.date, paid_fen=fen(line.paid_yuan), returned_fen=0)
    return dated


async def _store(call: Call, tx: Tx, cases: list[tuple[Case, dict[str, Any]]], digest: str) -> None:
    rows, versions, deltas, tokens = [], [], [], []
    for case, content in cases:
        rows.append({column.name: getattr(case, column.name) for column in projects.columns})
        sealed_digest = sealed({"content": content, "decision": case.decision})
        versions.append(
            {"tenant_id": case.tenant_id, "office_id": case.office_id, "project_id": case.id, "number": 1,
             "content": content, "decision": case.decision, "digest": sealed_digest,
             "submitted_by": call.principal.actor, "submitted_at": _document_day(case)}
        )  # fmt: skip
        totals = totals_of(case)
        if totals is not None:
            route, state, month, amount = totals
            deltas.append(
                {"tenant_id": case.tenant_id, "id": new_id(), "route": route, "state": state, "month": month,
                 "count": 1, "amount_fen": amount, "at": call.now}
            )  # fmt: skip
        # So that it is found by who plans the like (arts 8, 23), under the day of its approval.
        approved = date.fromisoformat(case.dated["approved"]["on"])
        tokens += rows_of(case, list(keys(project_of(content))), approved)
        _tell(call, tx, case)
    inserts = ((_PROJECTS, rows), (_VERSIONS, versions), (_DELTAS, deltas), (ADD, tokens))
    for statement, many in inserts:
        await tx.fetch(statement, rows=many)
    record(
        tx,
        tenant=call.principal.tenant,
        principal=call.principal,
        action="project.import",
        object_kind="import",
        object_id=new_id(),
        summary={"count": len(cases), "digest": digest},
        request_id=call.trace_id,
        now=call.now,
    )


def _document_day(case: Case) -> datetime:
    """What was declared stands in the source's document: its day, never the moment of the import (art. 39)."""
    return datetime.combine(date.fromisoformat(case.dated["imported"]["on"]), time(), SHANGHAI)


def _tell(call: Call, tx: Tx, case: Case) -> None:
    desks = [Recipient(case.tenant_id, "gatekeeper")] if case.declarer is not Tier.PROVINCE else []
    source = case.dated["imported"]
    emit(
        tx,
        tenant=case.tenant_id,
        kind="portfolio.imported",
        recipients=[*desks, *owner_desks(case)],
        snapshot={
            **snapshot(case),
            "message": f"按{source['number']}导入，批复金额{yuan(case.approved_fen or 0)}元。",
            "actor": call.principal.actor,
        },
        trace_id=call.trace_id,
        now=call.now,
    )
