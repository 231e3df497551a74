"""If-Match as it is written: what is no list of quoted tags is refused and never guessed at."""

from __future__ import annotations

from datetime import date

import pytest

from service.kit.errors import ServiceError
from service.kit.preconditions import precondition
from service.measures.building import reports_told


def test_a_quoted_version_is_met_by_itself_only() -> None:
    asked = precondition('"1", "3"')
    assert [asked.met(version) for version in (1, 2, 3)] == [True, False, True]


@pytest.mark.parametrize("written", ["1", '"1', '1"', "", "x"])
def test_what_has_no_quotes_is_refused(written: str) -> None:
    with pytest.raises(ServiceError) as refusal:
        precondition(written)
    assert (refusal.value.status, refusal.value.code) == (400, "if_match_invalid")


def test_a_corrected_report_does_not_move_its_first_date() -> None:
    first = reports_told({"2025": "2025-12-01"}, 2026, date(2026, 11, 1))
    assert first == {"2025": "2025-12-01", "2026": "2026-11-01"}
    assert reports_told(first, 2026, date(2026, 12, 1)) == first
