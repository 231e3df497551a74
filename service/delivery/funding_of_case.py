"""A case's money as the law core reads it, and back as facts (arts 33-35, 38)."""

from __future__ import annotations

from typing import Any

from service.measures.funding import Funds
from service.projects.case import Case


def funds_of(case: Case) -> Funds:
    """Approved, issued, paid and returned so far."""
    budget, paid = case.dated.get("budget") or {}, case.dated.get("payments") or {}
    return Funds(
        case.approved_fen or 0,
        budget.get("issued_fen") or 0,
        paid.get("paid_fen") or 0,
        paid.get("returned_fen") or 0,
    )


def settled(case: Case) -> tuple[int, dict[str, dict[str, Any]]]:
    """Art. 38: a project that ends gives back what was issued and not spent; fen of that, and the facts it leaves."""
    before = funds_of(case)
    after = before.recall()
    dated = {"payments": payments(after)} if "budget" in case.dated else {}
    return after.returned - before.returned, dated


def payments(funds: Funds) -> dict[str, Any]:
    """The fact `payments`."""
    return {"paid_fen": funds.paid, "returned_fen": funds.returned}
