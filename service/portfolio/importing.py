"""Running projects taken over from paper, a line each: all lines or none, nothing invented (art. 39).

An imported case has `origin: imported`, the source's document and date, the dated facts it brings, and no transitions
and no filing number of ours. Deadlines follow from the facts like everybody's.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from service.audit.actions import audited
from service.kit.api import Call
from service.kit.clock import SHANGHAI
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import new_id
from service.kit.money import yuan
from service.kit.outbox import Recipient, emitted
from service.kit.tables import insert_rows
from service.measures.building import RECORDED, hints
from service.measures.findings import Finding, Severity
from service.measures.offices import Tier
from service.measures.plausible import NOTHING, UNUSUAL
from service.portfolio.import_cases import case_of, decoded
from service.portfolio.queries import REFERENCES
from service.portfolio.schemas import Imported, ImportLine, ImportNotice, ImportQuery, ImportResult
from service.portfolio.twins import TAKEN, twins
from service.projects.alike import ADD, project_of, rows_of
from service.projects.case import Case
from service.projects.findings import brought_rows
from service.projects.models import project_findings, project_versions, projects
from service.projects.models_records import summary_deltas
from service.projects.phases import owner_desks
from service.projects.state import snapshot, totals_of
from service.similarity.keys import keys

MAX_LINES = 200
_AMOUNTS = (NOTHING, UNUSUAL)
_PROJECTS = insert_rows(projects)
_VERSIONS = insert_rows(project_versions)
_DELTAS = insert_rows(summary_deltas)
_FINDINGS = insert_rows(project_findings)


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
            cases.append((number, *await case_of(call, tx, decoded(line))))
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
        Imported(
            number,
            None if query.dry_run else str(case.ref),
            case.name,
            case.route or "",
            case.state,
            [ImportNotice(each.code, each.article, each.message) for each in _found(case)],
        )
        for number, case, _ in cases
    ]
    return ImportResult(query.dry_run, digest, shown)


def _found(case: Case) -> list[Finding]:
    """What its days show beside themselves, and what its amounts look like, which its decision says (art. 13)."""
    said = [each for each in (case.decision or {})["findings"] if each["code"] in _AMOUNTS]
    return [
        *(RECORDED[line["code"]] for line in case.findings),
        *(Finding(each["code"], Severity.NOTICE, each["article"], each["message"]) for each in said),
    ]


async def take(call: Call, tx: Tx) -> Case:
    """One line of a workbook that another person (`call.found`) had sent: judged and stored as the lines of a file."""
    line: ImportLine = call.body
    case, content = await case_of(call, tx, line)
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
            detail = "该外部编号已被本地区的另一个项目使用，或在文件中重复"
            faults.append(FieldError(f"/{number}/external_ref", "external_ref_taken", detail))
        seen.add(ref)
    return faults


def _counted(call: Call, case: Case) -> list[dict[str, Any]]:
    """What it adds to the totals; nothing where it is not counted."""
    totals = totals_of(case)
    if totals is None:
        return []
    told = dict(zip(("route", "state", "month", "amount_fen"), totals, strict=True))
    return [{"tenant_id": case.tenant_id, "id": new_id(), "count": 1, "at": call.now, **told}]


async def _store(call: Call, tx: Tx, cases: list[tuple[Case, dict[str, Any]]], digest: str) -> None:
    rows, versions, deltas, tokens, found = [], [], [], [], []
    for case, content in cases:
        rows.append({column.name: getattr(case, column.name) for column in projects.columns})
        sealed_digest = sealed({"content": content, "decision": case.decision})
        versions.append(
            {
                "tenant_id": case.tenant_id,
                "office_id": case.office_id,
                "project_id": case.id,
                "number": 1,
                "content": content,
                "decision": case.decision,
                "digest": sealed_digest,
                "submitted_by": call.principal.actor,
                "submitted_at": _document_day(case),
            }
        )
        deltas += _counted(call, case)
        found += brought_rows(case, call.now)
        # So that it is found by who plans the like (arts 8, 23), under the day of its approval.
        approved = date.fromisoformat(case.dated["approved"]["on"])
        tokens += rows_of(case, list(keys(project_of(content))), approved)
        _tell(call, tx, case)
    inserts = (
        (_PROJECTS, rows), (_VERSIONS, versions), (_DELTAS, deltas), (ADD, tokens), (_FINDINGS, found),
    )  # fmt: skip
    for statement, many in inserts:
        if not many:
            continue
        await tx.fetch(statement, of_tenant=call.principal.tenant, rows=many)
    audited(call, tx, "project.import", new_id(), {"count": len(cases), "digest": digest}, kind="import")


def _document_day(case: Case) -> datetime:
    """What was declared stands in the source's document: its day, never the moment of the import (art. 39)."""
    return datetime.combine(date.fromisoformat(case.dated["imported"]["on"]), time(), SHANGHAI)


def _tell(call: Call, tx: Tx, case: Case) -> None:
    desks = [Recipient(case.tenant_id, "gatekeeper")] if case.declarer is not Tier.PROVINCE else []
    source = case.dated["imported"]
    emitted(
        call,
        tx,
        "portfolio.imported",
        [*desks, *owner_desks(case)],
        {
            **snapshot(case),
            "message": f"按{source['number']}导入，批复金额{yuan(case.approved_fen or 0)}元。{hints(_found(case))}",
            "actor": call.principal.actor,
        },
        tenant=case.tenant_id,
    )
