"""A case is found by any of its codes, at whatever place it stands, through the places' own indexes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from tests.monitoring.conftest import all_pages

TENANT, OTHER = "360100", "360200"
ASKED = "2026-360100-65-01-777777"
# Where it stands among a case's codes, of which tenants' cases.
PLACES = ((TENANT, 0), (TENANT, 1), (TENANT, 2), (TENANT, 3), (TENANT, 6), (OTHER, 1))
_CODED = """
UPDATE projects SET project_codes = $2 WHERE (tenant_id, id) = (
    SELECT tenant_id, id FROM projects WHERE tenant_id = $1 AND state <> 'draft' ORDER BY id OFFSET $3 LIMIT 1)
RETURNING tenant_id || '-' || id AS ref
"""


@pytest.fixture
async def coded(settings: Any) -> Any:
    """The cases that have the code; who has it is told as before when the test is over."""
    owner = await asyncpg.connect(settings.database_url)
    before = await owner.fetch("SELECT tenant_id, id, project_codes FROM projects")
    found = []
    for at, (tenant, place) in enumerate(PLACES):
        codes = [f"A{number}" for number in range(place)] + [ASKED]
        found.append(await owner.fetchval(_CODED, tenant, codes, at))
    await owner.execute("ANALYZE projects")
    yield found
    given = [(row["tenant_id"], row["id"], row["project_codes"]) for row in before]
    await owner.executemany("UPDATE projects SET project_codes = $3 WHERE tenant_id = $1 AND id = $2", given)
    await owner.close()


@pytest.mark.parametrize("few", [True, False])
async def test_a_case_is_found_by_any_of_its_codes(
    office: Any, coded: list[str], monkeypatch: pytest.MonkeyPatch, few: bool
) -> None:
    """As the list of those few, and walked in its order."""
    if not few:
        monkeypatch.setattr("service.caselist.listing.FEW", -1)

    async def seen(asked: str) -> set[str]:
        return {item["id"] for item in await all_pages(office, f"/projects?{asked}", limit=50)}

    assert None not in coded and len(set(coded)) == len(PLACES)
    assert await seen(f"project_code={ASKED}") == set(coded)
    assert await seen(f"project_code={ASKED}&tenant={TENANT}") == set(coded[:-1])
    for typed in (ASKED.replace("-", "—"), "".join(chr(ord(each) + 0xFEE0) for each in ASKED)):
        assert await seen(f"project_code={typed}") == set(coded)
    assert await seen("project_code=A5") == {coded[4]}
    assert await seen("project_code=A6") == set()


async def test_a_filing_is_found_however_its_number_is_typed(office: Any, superuser: Any) -> None:
    (row,) = await superuser.fetch("SELECT tenant_id, number FROM filings ORDER BY id LIMIT 1")
    wide = "".join(chr(ord(each) + 0xFEE0) for each in row["number"])
    for typed in (row["number"], wide, row["number"].replace("-", "—"), row["number"].replace("-", " – ")):
        for scope in ("", f"&tenant={row['tenant_id']}"):
            page = (await office("GET", f"/filings?number={quote(typed)}{scope}")).json()
            assert [item["number"] for item in page["items"]] == [row["number"]], typed
        told = await office("GET", f"/exports/filings.csv?number={quote(typed)}")
        assert told.text.count(row["number"]) == 1
    assert (await office("GET", f"/filings?number={quote(wide)}9")).json()["items"] == []
