"""Cases of some months, in the order of months: those declared in them, then needs that were reported in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.monitoring.conftest import all_pages

CITY, OTHER = "360800", "360200"
# A need counts by its report until it is declared; while it is in its city, by nothing.
_NAIVE = """
SELECT tenant_id || '-' || id AS id, month IS NULL AS need FROM projects
WHERE tenant_id = ANY ($1) AND state NOT IN ('draft', 'need_submitted') AND route IS NOT NULL
  AND coalesce(month, left(dated #>> '{need_reported,on}', 7)) BETWEEN $2 AND $3
"""
_BY_MONTH = "month DESC NULLS LAST, created_at DESC, id DESC"
_NEWEST = "created_at DESC, id DESC"


@pytest.mark.parametrize("tenants", [[CITY], [CITY, OTHER]], ids=len)
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("month_from=2025-05&month_to=2025-07", "2025-05", "2025-07"),
        ("month_from=2025-04", "2025-04", "9"),
        ("month_to=2025-03", "0", "2025-03"),
    ],
)
async def test_declared_ones_come_by_month_and_needs_behind(
    office: Any, superuser: Any, tenants: list[str], asked: str, first: str, last: str
) -> None:
    path = f"/projects?tenant={','.join(tenants)}&{asked}"
    rows = await superuser.fetch(f"{_NAIVE} ORDER BY {_BY_MONTH}", tenants, first, last)
    assert {row["need"] for row in rows} == {True, False}
    wanted = [row["id"] for row in rows]
    for limit in (7, 200):
        assert [each["id"] for each in await all_pages(office, path, limit=limit)] == wanted
    assert (await office("GET", f"{path}&count=true&limit=1")).json()["total"] == len(wanted)


@pytest.mark.parametrize(
    ("asked", "where", "order"),
    [
        ("month_from=2025-05&month_to=2025-07&order=newest", "true", _NEWEST),
        (
            "month_from=2025-05&month_to=2025-07&state=filed,appraised",
            "state IN ('filed', 'appraised')",
            _BY_MONTH,
        ),
        (
            "month_from=2000-01&month_to=2025-07&state=filed,appraised",
            "state IN ('filed', 'appraised')",
            _NEWEST,
        ),
    ],
)
async def test_of_some_states_over_more_than_a_year_the_newest_come_first(
    office: Any, superuser: Any, asked: str, where: str, order: str
) -> None:
    first = asked.partition("month_from=")[2][:7]
    rows = await superuser.fetch(f"{_NAIVE} AND {where} ORDER BY {order}", [CITY], first, "2025-07")
    found = await all_pages(office, f"/projects?tenant={CITY}&{asked}", limit=5)
    assert rows and [each["id"] for each in found] == [row["id"] for row in rows]


@pytest.mark.parametrize("other", ["order=newest", "order=due", "month_from=2025-04"])
async def test_a_cursor_goes_on_in_its_own_order_alone(office: Any, other: str) -> None:
    """The lists have keys of their own, which one another's cursors would not fill."""
    for asked in ("order=newest", "order=due", "month_from=2025-04"):
        cursor = (await office("GET", f"/projects?limit=1&{asked}")).json()["next_cursor"]
        if cursor is not None:
            answer = await office("GET", f"/projects?limit=1&{other}&cursor={cursor}")
            assert answer.status_code == (200 if asked == other else 400), (asked, answer.text)
