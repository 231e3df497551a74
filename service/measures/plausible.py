"""Slips in amounts and dates: told, never refused. Forms ask for 万元, this system for 元; 1926 is typed for 2026.

The thresholds are administrative practice (`amount.unusual.*`, `date.unusual.years`); no article names any. An amount
of zero is no slip: what is built free of charge or wholly with other people's money (art. 35) is declared like
everything else (art. 13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from service.measures.amounts import yuan_display
from service.measures.facts import Facts, Kind
from service.measures.findings import Finding, Severity
from service.measures.periods import add_months

BUILD, MAINTAIN, MOST = "amount.unusual.build", "amount.unusual.maintain", "amount.unusual.most"
READ = (BUILD, MAINTAIN, MOST)
YEARS = "date.unusual.years"
NOTHING, UNUSUAL, LONG_AGO = "nothing_invested", "amount_unusual", "date_unusual"
PRACTICE = "（管理惯例提示，非条文规定）"


def codes(
    investment_fen: int, maintenance_fen: int, maintain: bool, least: int, part: int, most: int
) -> list[str]:
    """The findings an amount gives by itself. `least`: of the whole by its kind; `part`: of the maintenance in it."""
    if investment_fen == 0:
        return [NOTHING]
    low = investment_fen < least or (not maintain and 0 < maintenance_fen < part)
    return [UNUSUAL] if low or investment_fen >= most else []


def amounts(facts: Facts, number_on: Callable[[str], int]) -> Iterator[Finding]:
    """The findings with their words. `number_on` gives a threshold of the day, in fen."""
    if facts.investment_fen == 0:  # whatever the thresholds are
        said = "投资额为零：没有投入资金；免费建设或全部由其他资金投入的也须申报，请核对金额"
        yield Finding(NOTHING, Severity.NOTICE, 13, said)
        return
    maintain = facts.kind is Kind.MAINTAIN
    least, part, most = number_on(MAINTAIN if maintain else BUILD), number_on(MAINTAIN), number_on(MOST)
    for code in codes(facts.investment_fen, facts.maintenance_fen, maintain, least, part, most):
        whole = facts.investment_fen < least or facts.investment_fen >= most
        name, fen = ("金额", facts.investment_fen) if whole else ("其中的运维费用", facts.maintenance_fen)
        size = "偏大" if fen >= most else "偏小"
        said = f"{name} {yuan_display(fen)}，明显{size}；金额以元填写，请核对是否误用了万元{PRACTICE}"
        yield Finding(code, Severity.NOTICE, 13, said)


def dates(named: Iterable[tuple[str, date]], years: int, on: date, by: str = "") -> Iterator[Finding]:
    """The notice on days so long before the declaration that the year was probably mistyped; `named`: what is dated;
    `by`: the document that amended the figure, as it is cited."""
    first = add_months(on, -12 * years)
    old = [f"{name}{day.isoformat()}" for name, day in named if day < first]
    if old:
        said = f"{'、'.join(old)}，距今超过{years}年，请核对年份{PRACTICE}{by}"
        yield Finding(LONG_AGO, Severity.NOTICE, 15, said)
