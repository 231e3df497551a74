"""Building (arts 13, 24, 25, 27, 29, 31): what must be recorded, and what a record shows beside itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from service.measures.findings import Finding, Severity
from service.vocabulary import names

# Art. 24: the regimes a project unit must run, each with the document that sets it up.
REGIMES: Mapping[str, str] = names("regime")

# Art. 25: what is tested or assessed again and again, so that each proof runs out.
CERTIFICATES: Mapping[str, str] = {
    code: names("certificate_kind")[code]
    for code in ("protection_level", "crypto_assessment", "security_test", "secrecy_test", "risk_assessment")
}

# Findings that come of records and not of a decision: a later decision neither makes nor drops them. Recording is
# never refused for them (arts 13, 39: refusing would teach lying).
RECORDED: Mapping[str, Finding] = {
    each.code: each
    for each in (
        Finding("contract_before_approval", Severity.NOTICE, 13, "采购或合同的日期早于批复日期"),
        Finding("started_before_approval", Severity.NOTICE, 13, "开工日期早于批复日期"),
        Finding("started_before_filing", Severity.NOTICE, 23, "开工时尚未报备案"),
        Finding("responsible_missing", Severity.NOTICE, 24, "开工时尚未确定项目实施机构和项目责任人"),
        Finding(
            "ownership_clause_missing", Severity.NOTICE, 31, "采购文件或合同没有成果和知识产权归政府的条款"
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Engagement:
    """A procurement, contract or supervision contract as recorded. `owned`: None where art. 31 asks for no clause."""

    signed_on: date
    owned: bool | None = None


def contract_findings(approved_on: date | None, engagements: Iterable[Engagement]) -> set[str]:
    """Arts 13, 31: the codes that the engagements in force of a project earn."""
    found = set()
    for each in engagements:
        if approved_on is not None and each.signed_on < approved_on:
            found.add("contract_before_approval")
        if each.owned is False:
            found.add("ownership_clause_missing")
    return found


START_CODES = ("started_before_approval", "started_before_filing", "responsible_missing")


def start_findings(
    approved_on: date | None, started_on: date, *, responsible: bool, unfiled: bool
) -> tuple[str, ...]:
    """Arts 13, 23, 24: what a start shows beside itself; `unfiled`: the filing is owed and has not been made."""
    early = approved_on is not None and started_on < approved_on
    return tuple(
        code for code, holds in zip(START_CODES, (early, unfiled, not responsible), strict=True) if holds
    )


def missing_regimes(recorded: Iterable[str]) -> list[str]:
    """Art. 24: the regimes without a document."""
    known = set(recorded)
    return [regime for regime in REGIMES if regime not in known]


def expired(by_kind: Mapping[str, str], on: date) -> list[str]:
    """Art. 25: the proofs that have run out; the last day still counts."""
    return sorted(kind for kind, valid_to in by_kind.items() if date.fromisoformat(valid_to) < on)


def service_template(kind: str, services_procured: bool) -> bool:
    """Art. 27: maintenance and the procurement of government services report on the work, builds on progress."""
    return kind == "maintain" or services_procured


def reports_told(years: Mapping[str, str], year: int, on: date) -> dict[str, str]:
    """The days on which the years' reports were first made; a corrected report is no later one (art. 27)."""
    return {str(year): on.isoformat(), **years}
