"""How papers spell what the system counts: amounts in 万元 and in capital numerals, days with their characters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from service.kit.clock import legal_day

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def spoken(day: date | datetime) -> str:
    """2026年11月30日; of a moment its day in Jiangxi."""
    on = legal_day(day) if isinstance(day, datetime) else day
    return f"{on.year}年{on.month}月{on.day}日"


def in_wan(fen: int) -> str:
    """Fen as 390万元, exact to the last fen and without idle zeros; less than a hundred yuan in yuan."""
    if abs(fen) < 100_00:
        return f"{Decimal(fen) / 100:.2f}元"
    wan = Decimal(fen) / 1_000_000
    return f"{wan.normalize():,f}万元"


def capital(fen: int) -> str:
    """Fen in capital numerals, as cheques and approvals write them: 叁佰玖拾万元整, 壹仟零伍元零叁分."""
    yuan, rest = divmod(abs(fen), 100)
    tenths, hundredths = divmod(rest, 10)
    said = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{'负' if fen < 0 else ''}{said or '零元'}整"
    if tenths:
        said += f"{_DIGITS[tenths]}角"
    elif yuan:
        said += "零"
    if hundredths:
        said += f"{_DIGITS[hundredths]}分"
    else:
        said += "整"
    return f"{'负' if fen < 0 else ''}{said}"


def _whole(number: int) -> str:
    """A whole number above nought: groups of four from the right, one 零 for every gap."""
    said, gap = "", False
    for place in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10_000**place % 10_000
        if group:
            said += ("零" if said and (gap or group < 1000) else "") + _group(group) + _GROUPS[place]
        gap = group == 0
    return said


def _group(group: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            said += ("零" if said and gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = digit == 0
    return said


def both_spellings(fen: int | None) -> str:
    """Both spellings: 390万元（人民币叁佰玖拾万元整）."""
    return "未载明" if fen is None else f"{in_wan(fen)}（人民币{capital(fen)}）"
