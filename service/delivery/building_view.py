"""How building stands, told from the facts of the case."""

from __future__ import annotations

from datetime import date

from service.delivery.building_schemas import (
    BuildingView,
    CertificateLine,
    FundingLineView,
    MoneyView,
    RegimeLine,
)
from service.delivery.funding_of_case import funds_of
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.money import yuan
from service.measures.building import CERTIFICATES, REGIMES, expired, missing_regimes
from service.measures.hindrance import accepted, start_due
from service.projects.case import Case
from service.projects.dated_facts import gated_case_of
from service.projects.phases import fact_day
from service.rulebook.book import RuleBooks


def building_view(case: Case, call: Call) -> BuildingView:
    """The facts of building, sorted; expiry by today's date."""
    today = legal_day(call.now)
    regimes = _by_kind(case, "regimes")
    certificates = _by_kind(case, "certificates")
    out = expired(certificates, today)
    years = (case.dated.get("reports") or {}).get("years") or {}
    return BuildingView(
        regimes=[
            RegimeLine(key, name, date.fromisoformat(regimes[key]) if key in regimes else None)
            for key, name in REGIMES.items()
        ],
        missing_regimes=missing_regimes(regimes),
        certificates=[
            CertificateLine(kind, CERTIFICATES.get(kind, kind), date.fromisoformat(day), kind in out)
            for kind, day in sorted(certificates.items())
        ],
        expired_certificates=out,
        start_due=_start_due(case, call),
        reported_years=sorted(int(year) for year in years),
        open_change=(case.dated.get("change") or {}).get("open"),
        money=_funds(case),
    )


def _by_kind(case: Case, name: str) -> dict[str, str]:
    found: dict[str, str] = (case.dated.get(name) or {}).get("by_kind") or {}
    return found


def _start_due(case: Case, call: Call) -> date | None:
    """Art. 29: the last day to start; none while there is no approval, after the start, or under force majeure."""
    approved, force = fact_day(case, "approved"), case.dated.get("force_majeure") or {}
    if approved is None or fact_day(case, "started") is not None or case.kind == "maintain":
        return None
    gated = gated_case_of(case.dated, call.service(RuleBooks), case.tenant_id, call.now, kind=case.kind)
    due = start_due(approved, gated.figure("start.months_after_approval", 6), force, gated.on)
    lasts = any(each.until is None and each.since <= due for each in accepted(force))
    return None if lasts else due


def _funds(case: Case) -> MoneyView:
    funds = funds_of(case)
    lines = (case.dated.get("funding") or {}).get("lines") or []
    return MoneyView(
        approved_yuan=yuan(funds.approved),
        issued_yuan=yuan(funds.issued),
        paid_yuan=yuan(funds.paid),
        returned_yuan=yuan(funds.returned),
        surplus_yuan=yuan(funds.surplus),
        returnable_yuan=yuan(funds.left),
        lines=[FundingLineView(line["source"], yuan(line["amount_fen"])) for line in lines],
    )
