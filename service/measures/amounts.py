"""Money: yuan on the wire, integer fen inside. ASCII digits and at most two decimals, nothing else."""

from __future__ import annotations

import re

# 10^13 yuan: far above any budget of the province, far below what PostgreSQL's bigint holds in fen.
MAX_YUAN = 10**13
MAX_FEN = MAX_YUAN * 100
_AMOUNT = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,2}))?")


class AmountInvalid(ValueError):
    """Why an amount is refused: `code` amount_float | type | amount_format | amount_too_large."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def parse_yuan(value: object) -> int:
    """Fen of a yuan amount given as string or integer; raises AmountInvalid, never anything else.

    Python's Decimal would take full-width digits, `1_000` and `1e7`; a float has already lost the fen.
    """
    if isinstance(value, float):
        raise AmountInvalid("amount_float", "金额请用字符串或整数填写（元），不能使用小数类型的数字")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise AmountInvalid("type", "金额请用字符串或整数填写（元）")
    if isinstance(value, int):
        return _fen_of_integer(value)
    match = _AMOUNT.fullmatch(value)
    if match is None:
        raise AmountInvalid(
            "amount_format", "金额只能由半角数字组成，最多两位小数，不带正负号、空格、千分位或指数"
        )
    fen = int(match.group(1)) * 100 + int((match.group(2) or "0").ljust(2, "0"))
    return _bounded(fen)


def _fen_of_integer(value: int) -> int:
    if value < 0:
        raise AmountInvalid("amount_format", "金额不能为负数")
    return _bounded(value * 100)


def _bounded(fen: int) -> int:
    if fen > MAX_FEN:
        raise AmountInvalid("amount_too_large", "金额超出可登记的范围，请核对单位是否为元")
    return fen


def yuan_text(fen: int) -> str:
    """Fen as the wire's yuan string with two decimals: 499990000 -> "4999900.00"."""
    return f"{fen // 100}.{fen % 100:02d}"


def yuan_display(fen: int) -> str:
    """Fen for a Chinese sentence: 4,999,900.00 元."""
    return f"{fen // 100:,}.{fen % 100:02d} 元"
