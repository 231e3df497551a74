"""Money between SQL, Python and the wire: fen inside, yuan as text with two decimals outside."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, case, cast, func, literal_column


def yuan(fen: int) -> str:
    """Fen as yuan text: 123456 → "1234.56"."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def yuan_or_none(fen: int | None) -> str | None:
    """The same for an amount that may be absent."""
    return None if fen is None else yuan(fen)


def fen(text: str) -> int:
    """Yuan text that a schema has already checked (digits, at most two decimals) as fen."""
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or "0")


def yuan_sql(column: Any) -> ColumnElement[str]:
    """`yuan` in SQL for non-negative columns; NULL stays NULL."""
    hundred: ColumnElement[int] = literal_column("100", BigInteger)
    return case(
        (column.is_(None), None),
        else_=cast(column // hundred, Text)  # `/` would divide as NUMERIC
        + literal_column("'.'")
        + func.lpad(cast(column % hundred, Text), literal_column("2"), literal_column("'0'")),
    )
