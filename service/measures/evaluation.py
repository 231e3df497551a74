"""The scorecard of art. 40: five aspects, weights of practice, one card per organ, and the result of all three.

Points are integers of hundredths (0 … 10000), so that nothing is lost to floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from service.measures.findings import Finding, Severity
from service.measures.organs import THREE
from service.vocabulary import names

ASPECTS: Mapping[str, str] = names("aspect")
# Practice, for callers without a rule book; the rule book's `evaluation.weight.*` stand otherwise.
WEIGHTS: Mapping[str, int] = {
    "application_effect": 30,
    "support_capability": 20,
    "security": 20,
    "investment_benefit": 15,
    "resource_conformity": 15,
}
FULL = 10000


def card(points: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """One organ's card: points 0 … 100 per aspect, weighted; rounded half up to hundredths."""
    whole = sum(weights[aspect] for aspect in ASPECTS)
    return (sum(points[aspect] * weights[aspect] for aspect in ASPECTS) * 200 + whole) // (2 * whole)


def result(cards: Mapping[str, int]) -> int | None:
    """Art. 40: the three organs evaluate together; the mean of their cards, None until all are in."""
    if any(slot.value not in cards for slot in THREE):
        return None
    total = sum(cards[slot.value] for slot in THREE)
    return (2 * total + len(THREE)) // (2 * len(THREE))


def points_text(hundredths: int) -> str:
    """8750 → "87.50"."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The result of another project of the same owner: its public id, hundredths, the day all three had said."""

    project: str
    total: int
    on: date


MOST_TOLD = 5


def weighs_from(on: date) -> date:
    """Art. 40, R49: results weigh in the money of the year after them, so on a day those of last year or this one."""
    return date(on.year - 1, 1, 1)


def poor(results: Iterable[Evaluated], line: int, on: date) -> tuple[Evaluated, ...]:
    """Those under the line (points of practice) that weigh on the day; the worst first."""
    under = [each for each in results if each.total < line * 100 and weighs_from(on) <= each.on <= on]
    return tuple(sorted(under, key=lambda each: (each.total, each.project)))


def told_of(found: tuple[Evaluated, ...]) -> str:
    """As a finding or a message reads it."""
    named = "、".join(f"{each.project}（{points_text(each.total)}分）" for each in found[:MOST_TOLD])
    more = f"等{len(found)}个项目" if len(found) > MOST_TOLD else ""
    return f"项目单位其他项目的重点绩效评价结果低于合格线：{named}{more}"


def owner_poorly_evaluated(
    results: Iterable[Evaluated], line: int, on: date, by: str = ""
) -> tuple[Finding, ...]:
    """Art. 40: results weigh in next year's building and maintenance money; whoever gives it sees them. `by`: the
    document that amended the line, as it is cited."""
    found = poor(results, line, on)
    if not found:
        return ()
    message = f"{told_of(found)}；安排建设和运维经费时应予考虑{by}"
    return (Finding("owner_poorly_evaluated", Severity.NOTICE, 40, message, reading="R49"),)
