"""GET /audit and /audit/verify: whose trail, which entries, and what the check answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from service.kit import clock
from service.settings import Settings
from tests.audit.conftest import OTHER, TENANT, Trail, opened
from tests.conftest import Caller, running


@pytest.fixture(scope="module")
async def by(audit_settings: Settings, token: Callable[..., str]) -> AsyncIterator[Callable[..., Caller]]:
    """by(tenant, login): a caller of an application on the audit tests' database."""
    async with running(audit_settings) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield lambda tenant, login: Caller(client, token(tenant, login))


@pytest.fixture
async def trail(audit_settings: Settings) -> AsyncIterator[Trail]:
    """An empty trail whose anchors are where the application looks for them."""
    async with opened(audit_settings) as made:
        await made.sql("TRUNCATE audit_entries, audit_chain")
        made.anchors.unlink(missing_ok=True)
        yield made


async def pages(caller: Caller, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    url: str | None = path
    while url:
        answer = await caller("GET", url)
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        link = answer.headers.get("link")
        url = link[1 : link.index(">")] if link else None
    return items


async def test_pages_are_complete_newest_first(trail: Trail, by: Any) -> None:
    for _ in range(5):
        await trail.write(5)
    await trail.seal()
    await trail.write(2)
    await trail.write(3, OTHER)
    admin = by(TENANT, "administrator")
    items = await pages(admin, "/audit?limit=4")
    assert len({item["id"] for item in items}) == 27
    assert [(i["at"], i["id"]) for i in items] == sorted([(i["at"], i["id"]) for i in items], reverse=True)
    assert sorted(item["seq"] for item in items if item["seq"] is not None) == list(range(1, 26))
    assert {item["tenant"] for item in items} == {TENANT}
    assert items[0]["summary"]["investment"] == "4000000.00"


async def test_filters(trail: Trail, by: Any) -> None:
    await trail.write(2, action="project.withdraw")
    await trail.write(3, at=clock.now() - timedelta(days=2))
    await trail.write(1, object_id="018f0000-0000-7000-8000-000000000009")
    admin = by(TENANT, "administrator")

    async def count(query: str) -> int:
        return len(await pages(admin, f"/audit?{query}"))

    yesterday = quote((clock.now() - timedelta(days=1)).isoformat())
    assert await count("action=project.withdraw") == 2
    assert await count("object_id=018f0000-0000-7000-8000-000000000009") == 1
    assert await count(f"object_id={TENANT}-018f0000-0000-7000-8000-000000000009") == 1
    assert await count(f"at_to={yesterday}") == 3
    assert await count(f"at_from={yesterday}&action=project.submit") == 1
    assert await count(f"actor={quote(f'user:{TENANT}:zhang')}") == 6
    assert await count("actor=nobody") == 0
    bad = ("at_from=2026-01-01T00:00:00", "at_from=0001-01-01T00:00:00%2B14:00", "cursor=x", "x=1", "limit=0")
    for query in bad:
        assert (await admin("GET", f"/audit?{query}")).status_code == 400, query


async def test_who_reads_whose_trail(trail: Trail, by: Any) -> None:
    await trail.write(2)
    await trail.write(3, OTHER)
    for path in ("/audit", "/audit/verify"):
        city, other = by(TENANT, "administrator"), by(OTHER, "administrator")
        province, supervisor = by("360000", "administrator"), by("360000", "supervisor")
        for caller, tenant in ((city, OTHER), (other, TENANT), (province, TENANT)):
            refused = await caller("GET", f"{path}?tenant={tenant}")
            assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
        for caller, tenant in (
            (city, TENANT),
            (province, "360000"),
            (supervisor, TENANT),
            (supervisor, OTHER),
        ):
            assert (await caller("GET", f"{path}?tenant={tenant}")).status_code == 200
        for tenant, login in ((TENANT, "gatekeeper"), (TENANT, "360102.user"), ("360000", "office")):
            assert (await by(tenant, login)("GET", path)).status_code == 403
    supervisor = by("360000", "supervisor")
    assert len(await pages(supervisor, f"/audit?tenant={OTHER}")) == 3
    assert await pages(supervisor, "/audit") == []
    # Which tenants there are is public, so a code that is none is a misspelling and told as one.
    assert (await supervisor("GET", "/audit/verify?tenant=369999")).status_code == 400


async def test_cursor_of_one_trail_does_not_open_another(trail: Trail, by: Any) -> None:
    await trail.write(3)
    await trail.write(3, OTHER)
    supervisor = by("360000", "supervisor")
    cursor = (await supervisor("GET", f"/audit?tenant={TENANT}&limit=1")).json()["next_cursor"]
    assert (await supervisor("GET", f"/audit?tenant={OTHER}&limit=1&cursor={cursor}")).status_code == 400


async def test_verify(trail: Trail, by: Any) -> None:
    admin = by(TENANT, "administrator")
    await trail.write(1200)
    await trail.seal()
    await trail.write(1)
    answer = (await admin("GET", "/audit/verify")).json()
    assert (answer["intact"], answer["sealed"], answer["unsealed"], answer["problems"]) == (True, 1200, 1, 0)
    assert (answer["anchors"], answer["last_anchor"]["seq"]) == ("checked", 1200)
    assert answer["last_anchor"]["head"] == answer["head"]
    await trail.sql(
        "UPDATE audit_entries SET actor = 'x' WHERE id = (SELECT entry_id FROM audit_chain WHERE seq = 777)"
    )
    answer = (await admin("GET", "/audit/verify")).json()
    assert not answer["intact"]
    assert [(found["code"], found["seq"]) for found in answer["findings"]] == [("entry_edited", 777)]
    other = (await by(OTHER, "administrator")("GET", "/audit/verify")).json()
    assert (other["intact"], other["sealed"], other["last_anchor"]) == (True, 0, None)
