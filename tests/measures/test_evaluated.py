"""Art. 40, R49: poor results of the owner's other projects weigh in the money of the year after them."""

from __future__ import annotations

from datetime import date

import pytest

from service.measures.evaluation import Evaluated, owner_poorly_evaluated, poor, weighs_from
from service.measures.known import Known, known_of

ON = date(2028, 5, 4)


def result(total: int, on: str = "2027-06-01", number: int = 1) -> Evaluated:
    return Evaluated(f"360100-{number}", total, date.fromisoformat(on))


@pytest.mark.parametrize(
    ("total", "on", "weighs"),
    [
        (5999, "2027-06-01", True),
        (6000, "2027-06-01", False),  # the line itself is good enough
        (5999, "2027-01-01", True),
        (5999, "2026-12-31", False),  # weighed in 2027
        (5999, "2028-05-04", True),
        (5999, "2028-05-05", False),  # nobody knows it yet
    ],
)
def test_under_the_line_and_until_the_end_of_the_next_year(total: int, on: str, weighs: bool) -> None:
    assert bool(poor([result(total, on)], 60, ON)) is weighs
    assert bool(owner_poorly_evaluated([result(total, on)], 60, ON)) is weighs


def test_the_year_turns_at_new_year() -> None:
    last, gone = date(2028, 12, 31), date(2029, 1, 1)
    assert [bool(poor([result(1000)], 60, day)) for day in (last, gone)] == [True, False]
    assert weighs_from(gone) == date(2028, 1, 1)


def test_the_finding_names_the_worst_first_and_counts_the_rest() -> None:
    (told,) = owner_poorly_evaluated([result(5000 + n, number=n) for n in range(7)], 60, ON)
    assert (told.code, told.severity.value, told.article, told.reading) == (
        "owner_poorly_evaluated",
        "notice",
        40,
        "R49",
    )
    assert "360100-0（50.00分）、360100-1（50.01分）" in told.message
    assert "360100-5" not in told.message
    assert "等7个项目" in told.message


def test_what_was_known_is_sealed_and_read_again() -> None:
    known = Known(results=(result(4000), result(5999, number=2)))
    assert known_of(known.as_dict()) == known
    assert known_of({}).results == (), "declared before results weighed"
