"""The findings of a case as rows: what the province watches and the gatekeeper answers by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Integer, Text, Uuid, and_, bindparam, delete, func, literal_column, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from service.kit.db import Tx
from service.kit.statements import OF_ID, OF_TENANT, Statement
from service.kit.tables import beside_tenant
from service.measures.building import RECORDED
from service.measures.findings import Finding
from service.measures.routing import Decision
from service.measures.splitting import OBSERVED
from service.projects.case import Case
from service.projects.models import project_findings

# By code: the declarer's reason and the gatekeeper's opinion.
Said: TypeAlias = Mapping[str, tuple[str | None, str | None]]
_SILENT = (None, None)
KEPT = frozenset({*RECORDED, *OBSERVED})  # not of the decision: a later one leaves these alone
F = project_findings.c
_codes = bindparam("codes", type_=ARRAY(Text))
_given = (
    bindparam("of_office", type_=Uuid(as_uuid=False)),
    OF_ID,
    func.unnest(_codes),
    func.unnest(bindparam("severities", type_=ARRAY(Text))),
    func.unnest(bindparam("article_numbers", type_=ARRAY(Integer))),
    func.unnest(bindparam("reasons", type_=ARRAY(Text))),
    bindparam("at", type_=F.submitted_at.type),
)
_COLUMNS = ["tenant_id", "office_id", "project_id", "code", "severity", "article", "reason", "submitted_at"]
_insert = insert(project_findings).from_select(_COLUMNS, beside_tenant(*_given))
_WRITE = Statement(
    _insert.on_conflict_do_update(
        index_elements=["tenant_id", "project_id", "code"],
        set_={
            "severity": _insert.excluded.severity,
            "article": _insert.excluded.article,
            "reason": _insert.excluded.reason,
            "opinion": literal_column("NULL"),
            "opinion_by": literal_column("NULL"),
            "submitted_at": _insert.excluded.submitted_at,
        },
    )
)
_RESTATE = Statement(
    update(project_findings)
    .where(
        F.tenant_id == OF_TENANT,
        F.project_id == OF_ID,
        F.code == bindparam("of_code", type_=Text),
    )
    .values(severity=bindparam("new_severity", type_=Text), article=bindparam("new_article", type_=Integer))
)
_DROP = Statement(
    delete(project_findings).where(
        F.tenant_id == OF_TENANT,
        F.project_id == OF_ID,
        F.code == func.any(_codes),
    )
)
_DROP_OTHERS = Statement(
    delete(project_findings).where(
        and_(
            F.tenant_id == OF_TENANT,
            F.project_id == OF_ID,
            func.not_(F.code == func.any(_codes)),
        )
    )
)


def replace_findings(
    tx: Tx, case: Case, decision: Decision, reasons: Mapping[str, str], now: datetime
) -> None:
    """At submission: the new findings with their reasons; opinions on an earlier submission go."""
    said = {code: (reason, None) for code, reason in reasons.items()}
    _insert_rows(tx, case, list(decision.findings), said, now)
    _drop_others(tx, case, decision)
    case.findings = _shown(decision, said, case.findings)


async def refresh_findings(
    tx: Tx, case: Case, decision: Decision, now: datetime, reasons: Mapping[str, str] | None = None
) -> None:
    """At a later decision on the same declaration: what no longer holds goes, what came up is added.

    Rows that stay are not touched: the same statement may be writing the gatekeeper's opinions on them. `reasons`:
    by code, what the declarer says of what came up.
    """
    said = {finding["code"]: (finding["reason"], finding["opinion"]) for finding in case.findings}
    given = {code: (reason, None) for code, reason in (reasons or {}).items()}
    codes = {finding.code for finding in decision.findings}
    stored = {f["code"]: (f["severity"], f["article"]) for f in case.findings}
    for finding in decision.findings:
        if stored.get(finding.code, (finding.severity.value, finding.article)) != (
            finding.severity.value,
            finding.article,
        ):
            # A rule changed its weight: written at once, apart from the statement that may hold its opinion.
            await tx.fetch(
                _RESTATE,
                of_tenant=case.tenant_id,
                of_id=case.id,
                of_code=finding.code,
                new_severity=finding.severity.value,
                new_article=finding.article,
            )
    added = [finding for finding in decision.findings if finding.code not in said or finding.code in given]
    if added:
        _insert_rows(tx, case, added, given, now)
    if said.keys() - codes - KEPT:
        _drop_others(tx, case, decision)
    case.findings = _shown(decision, {**said, **given}, case.findings)


def record_findings(
    tx: Tx, case: Case, among: Collection[str], holding: Collection[str], now: datetime
) -> list[Finding]:
    """Of the codes `among`, all of them of RECORDED, exactly `holding` stand; returns those that are new.

    They come of what was recorded (a contract, a start), so decisions leave them alone.
    """
    stored = {finding["code"] for finding in case.findings}
    new = [RECORDED[code] for code in sorted(set(holding) - stored)]
    gone = sorted((set(among) - set(holding)) & stored)
    if new:
        _insert_rows(tx, case, new, {}, now)
    if gone:
        tx.batch.add(_DROP, expect=len(gone), of_tenant=case.tenant_id, of_id=case.id, codes=gone)
    kept = [finding for finding in case.findings if finding["code"] not in gone]
    case.findings = _sorted([*kept, *(_line(finding, {}) for finding in new)])
    return new


def brought(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The lines of a case that brings its findings along (an import), as the next read will show them."""
    return _sorted([_line(finding, {}) for finding in findings])


def brought_rows(case: Case, now: datetime) -> list[dict[str, Any]]:
    """Such lines as rows of `project_findings`."""
    whose = {"tenant_id": case.tenant_id, "office_id": case.office_id, "project_id": case.id}
    return [{**whose, **line, "opinion_by": None, "submitted_at": now} for line in case.findings]


def _insert_rows(tx: Tx, case: Case, findings: Sequence[Finding], said: Said, now: datetime) -> None:
    rows = {finding.code: finding for finding in findings}
    tx.batch.add(
        _WRITE,
        expect=len(rows),
        of_tenant=case.tenant_id,
        of_office=case.office_id,
        of_id=case.id,
        codes=list(rows),
        severities=[finding.severity.value for finding in rows.values()],
        article_numbers=[finding.article for finding in rows.values()],
        reasons=[said.get(code, _SILENT)[0] for code in rows],
        at=now,
    )


def _drop_others(tx: Tx, case: Case, decision: Decision) -> None:
    codes = [*(finding.code for finding in decision.findings), *KEPT]
    tx.batch.add(_DROP_OTHERS, expect=None, of_tenant=case.tenant_id, of_id=case.id, codes=codes)


def _shown(decision: Decision, said: Said, stored: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as the next read will show them."""
    rows = {finding.code: _line(finding, said) for finding in decision.findings}
    recorded = [finding for finding in stored if finding["code"] in KEPT]
    return _sorted([*rows.values(), *recorded])


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["article"] or 0, row["code"]))


def _line(finding: Finding, said: Said) -> dict[str, Any]:
    reason, opinion = said.get(finding.code, _SILENT)
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "article": finding.article,
        "reason": reason,
        "opinion": opinion,
    }
