"""Amounts of money as pages say them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

NOTHING = "—"


def wan(amount: str | None) -> str:
    """An amount of yuan as 万元 with two decimals, without the unit: 5300000.00 → 530.00."""
    value = decimal_of(amount)
    return NOTHING if value is None else f"{value / 10_000:,.2f}"


def in_wan(amount: str | None) -> str:
    """An amount in a sentence: 530 万元, 1.25 亿元."""
    value = decimal_of(amount)
    if value is None:
        return NOTHING
    unit, name = (100_000_000, "亿元") if abs(value) >= 100_000_000 else (10_000, "万元")
    text = f"{value / unit:,.6f}".rstrip("0").rstrip(".")
    return f"{text} {name}"


def yuan(amount: str | None) -> str:
    """An exact amount: 5,300,000.00 元."""
    value = decimal_of(amount)
    return NOTHING if value is None else f"{value:,.2f} 元"


def decimal_of(amount: str | None) -> Decimal | None:
    try:
        return None if amount in (None, "") else Decimal(str(amount))
    except InvalidOperation:
        return None


def cost(amount: str | None) -> str:
    """What an adopter pays: 免费, or the amount."""
    return "免费" if not decimal_of(amount) else yuan(amount)
