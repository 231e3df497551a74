"""The money of a change: the new total, and all its sources (arts 33-35, 38)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.delivery.building_deeds import fault
from service.delivery.changes_schemas import ChangeIn
from service.delivery.funding_deeds import funding_fact
from service.delivery.funding_of_case import funds_of
from service.kit.money import fen
from service.measures.funding import FundingRefused
from service.projects.deeds import Desk


def new_total(desk: Desk, facts: Mapping[str, Any]) -> int | None:
    """The new approved total, None where it stays; never below what was issued (art. 38)."""
    if "investment_yuan" not in facts:
        return None
    total = fen(facts["investment_yuan"])
    if total <= 0:
        raise fault("/facts/investment_yuan", "amount_range", "金额应大于零")
    if total == desk.case.approved_fen:
        return None
    try:
        funds_of(desk.case).resize(total)
    except FundingRefused as refusal:
        raise fault("/facts/investment_yuan", refusal.code, f"{refusal.detail}（第三十八条）") from None
    return total


def changes_something(desk: Desk, body: ChangeIn, differing: list[dict[str, Any]], total: int | None) -> None:
    """422 where nothing would be another thing; a new total names all its sources, and none but a new total does."""
    if not differing and total is None:
        raise fault("", "nothing_changed", "申报内容没有变化，无需申请变更")
    if total is not None:
        _funded(desk, body, total)
    elif body.funding is not None:
        raise fault("/funding", "unexpected", "总额没有变化，资金来源请在资金来源中登记")


def _funded(desk: Desk, body: ChangeIn, total: int) -> None:
    if body.funding is None:
        raise fault("/funding", "required", "总额变更须附全部资金来源（第三十三条至第三十五条）")
    funding_fact(body.funding, total, "/funding")
