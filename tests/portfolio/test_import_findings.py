"""What an import's days show beside themselves: taken as it was, with the findings its deeds would have had."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.measures.building import RECORDED
from service.measures.importing import shown
from service.measures.lifecycle import Procedure
from tests.factories import facts
from tests.portfolio.lines import line
from tests.portfolio.test_imports import send

BUILT = {
    "approved": "2024-01-08",
    "started": "2024-02-01",
    "trial_run": "2024-06-01",
    "final_inspected": "2024-12-01",
    "acceptance_applied": "2024-12-20",
    "accepted": "2025-01-10",
    "data_confirmed": "2024-12-25",
    "crypto_confirmed": "2025-01-10",
    "operation": "2025-02-01",
    "evaluated": "2025-08-01",
}
FILING, REVIEW = Procedure.CITY_FILING, Procedure.PROVINCIAL_REVIEW


def codes(
    procedure: Procedure = FILING, *, maintain: bool = False, since: str = "2023-09-28", **other: Any
) -> set[str]:
    days = {name: date.fromisoformat(day) for name, day in (BUILT | other).items() if day}
    months = {"trial_run.months": 6, "evaluation.from_months": 6}
    figure = lambda key, default: months.get(key, default)  # noqa: E731
    return shown(days, procedure, maintain=maintain, since=date.fromisoformat(since), figure=figure)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, set()),
        ({"started": "2024-01-08"}, set()),
        ({"started": "2024-01-07"}, {"started_before_approval"}),
        ({"final_inspected": "2024-11-30"}, {"trial_run_short"}),
        ({"crypto_confirmed": None}, {"accepted_unconfirmed"}),
        ({"data_confirmed": "2025-01-11"}, {"accepted_unconfirmed"}),
        ({"evaluated": "2025-07-31"}, {"evaluated_early"}),
        ({"since": "2024-01-08"}, set()),
        ({"since": "2024-01-09"}, {"older_than_owner"}),
        ({"procedure": REVIEW, "appraised": "2024-01-08"}, set()),
        ({"procedure": REVIEW}, {"approved_unappraised"}),
        ({"procedure": REVIEW, "appraised": "2024-01-09"}, {"approved_unappraised"}),
        ({"procedure": REVIEW, "approved": "2023-09-27"}, set()),
        ({"maintain": True, "crypto_confirmed": None, "final_inspected": "2024-07-01"}, set()),
    ],
)
def test_arts_13_18_30_40_what_days_show(other: Any, found: set[str]) -> None:
    assert codes(**other) == found


def test_art_45_what_was_over_before_the_measures_shows_nothing() -> None:
    before = {name: day.replace("2024", "2021").replace("2025", "2022") for name, day in BUILT.items()}
    assert codes(**(before | {"data_confirmed": None, "final_inspected": "2021-07-01"})) == set()


async def test_art_39_a_start_before_the_approval_is_taken_and_shown(as_user: Any) -> None:
    """Told by the dry run, the import and the event; kept by whatever is decided later; seen by the province."""
    early = line(dated={"approved": "2025-03-01", "started": "2025-02-01"})
    tried = (await send(as_user, early, line(), dry_run="true")).json()["items"]
    finding = RECORDED["started_before_approval"]
    told = {"code": finding.code, "article": 13, "message": finding.message}
    assert [each["findings"] for each in tried] == [[told], []]
    taken = await send(as_user, early, line())
    assert taken.status_code == 201, taken.text
    items = taken.json()["items"]
    assert [each["findings"] for each in items] == [[told], []]
    for who in (("360100", "gatekeeper"), ("360000", "office")):
        seen = [(await as_user(*who)("GET", f"/projects/{each['id']}")).json()["findings"] for each in items]
        assert [[each["code"] for each in found] for found in seen] == [["started_before_approval"], []]


async def test_art_18_an_unappraised_approval_of_the_provinces_is_taken_and_shown(as_user: Any) -> None:
    given = {"facts": facts(investment_yuan="6000000.00"), "approved_amount_yuan": "6000000.00"}
    taken = await send(as_user, line(**given))
    assert taken.status_code == 201, taken.text
    (item,) = taken.json()["items"]
    assert (item["route"], [each["code"] for each in item["findings"]]) == (
        "provincial_review",
        ["approved_unappraised"],
    )


@pytest.mark.parametrize("amount", ["400.00", "400000.00"])
async def test_what_its_amounts_look_like_is_told_with_the_line(as_user: Any, amount: str) -> None:
    """万元 typed as 元 in what was approved, or a tenth of what was declared: told as its approval would have been."""
    taken = await send(as_user, line(approved_amount_yuan=amount))
    assert taken.status_code == 201, taken.text
    told = [each["code"] for each in taken.json()["items"][0]["findings"]]
    assert told == (["amount_unusual"] if amount == "400.00" else [])
