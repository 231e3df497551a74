"""The day on which a duty was kept stays, whatever is told again later (art. 39)."""

from __future__ import annotations

from datetime import date

from service.measures.lifecycle_states import State
from service.obligations.deriving import differing, row_of
from service.obligations.statements import DERIVED
from tests.obligations.days import REVIEW, case, on, the

CASE = {
    "tenant_id": "360100",
    "office_id": "o",
    "id": "p",
    "state": State.WITH_PROVINCE.value,
    "route": REVIEW.value,
}


def test_a_second_telling_does_not_move_the_day() -> None:
    facts = {"appraisal_commissioned": on("2026-03-02"), "appraised": on("2026-03-20", verdict="pass")}
    again = the(case(State.WITH_PROVINCE, "2026-03-20", REVIEW, facts=facts), "appraisal")
    assert again.done_on == date(2026, 3, 20)
    kept = row_of(CASE, "row", again) | {"done_on": date(2026, 3, 10)}  # type: ignore[arg-type]
    assert differing(CASE, {"row": kept}, {"row": again}, date(2026, 3, 20)) == []  # type: ignore[arg-type, dict-item]
    (moved,) = differing(CASE, {"row": kept | {"due": date(2026, 5, 1)}}, {"row": again}, date(2026, 3, 20))  # type: ignore[arg-type, dict-item]
    assert moved["done_on"] == date(2026, 3, 10)
    assert moved["due"] == again.due and set(moved) >= set(DERIVED)
