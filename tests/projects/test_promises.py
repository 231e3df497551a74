"""Promises of every unsafe call: idempotency keys, preconditions, strict bodies, limits, clear problems."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from service.kit import pool
from service.kit.ids import new_id
from tests.factories import draft
from tests.lives import World
from tests.worlds import Caller, running


async def count(settings: Any, table: str) -> int:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return int(await connection.fetchval(f"SELECT count(*) FROM {table}"))
    finally:
        await connection.close()


async def test_a_key_is_mandatory_for_machines_and_optional_for_people(
    as_user: Any, client: Any, token: Any
) -> None:
    headers = {"authorization": f"Bearer {token('360100')}"}
    bare = await client.post("/api/v1/projects", json=draft(), headers=headers)
    assert (bare.status_code, bare.json()["code"]) == (400, "idempotency_key_required")
    headers = {"authorization": f"Bearer {token('360100', 'unit')}"}
    assert (await client.post("/api/v1/projects", json=draft(), headers=headers)).status_code == 201


async def test_the_first_answer_is_replayed_byte_for_byte(as_user: Any, settings: Any) -> None:
    portal, key = as_user("360100"), {"idempotency-key": new_id()}
    body = draft()
    first = await portal("POST", "/projects", body, headers=dict(key))
    before = await count(settings, "projects")
    again = await portal("POST", "/projects", body, headers=dict(key))
    assert (again.status_code, again.content, again.headers["etag"]) == (
        201,
        first.content,
        first.headers["etag"],
    )
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert await count(settings, "projects") == before
    other = await portal("POST", "/projects", {**body, "name": "另一个"}, headers=dict(key))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    # The same key means nothing to another caller or on another route.
    stranger = await as_user("360100", "unit")("POST", "/projects", body, headers=dict(key))
    assert stranger.status_code == 201
    assert stranger.json()["id"] != first.json()["id"]


async def test_a_repeated_submission_is_answered_as_the_first(as_user: Any) -> None:
    portal, key = as_user("360100"), {"idempotency-key": new_id()}
    made = await portal("POST", "/projects", draft())
    path = f"/projects/{made.json()['id']}/submit"
    first = await portal("POST", path, {}, etag=made.headers["etag"], headers=dict(key))
    again = await portal("POST", path, {}, etag=made.headers["etag"], headers=dict(key))
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    fresh = await portal("POST", path, {}, etag=made.headers["etag"])
    assert (fresh.status_code, fresh.json()["code"]) == (412, "stale_version")


async def test_twenty_copies_at_once_make_one_project(as_user: Any, settings: Any) -> None:
    portal, key, body = as_user("360100"), {"idempotency-key": new_id()}, draft()
    before = await count(settings, "projects")
    answers = await asyncio.gather(*[portal("POST", "/projects", body, headers=dict(key)) for _ in range(20)])
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert all(a.json()["code"] == "idempotency_in_flight" for a in answers if a.status_code == 409)
    assert await count(settings, "projects") == before + 1


async def test_a_key_held_by_another_process_is_in_flight(
    token: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has the key's row uncommitted: after the lock timeout the answer is 409, nothing stored."""
    monkeypatch.setattr(pool, "LOCK_SECONDS", 0.2)
    async with running(settings) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            await _held_key(Caller(client, token("360100")), settings)


async def _held_key(portal: Caller, settings: Any) -> None:
    key, body = new_id(), draft()
    connection = await asyncpg.connect(settings.database_url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(
            "INSERT INTO idempotency (tenant_id, caller, route, key, fingerprint, status, headers, body, created_at) "
            "VALUES ('360100', 'portal/', 'POST /api/v1/projects', $1, 'f', 201, '{}', '', now())",
            key,
        )
        answer = await portal("POST", "/projects", body, headers={"idempotency-key": key})
    finally:
        await transaction.rollback()
        await connection.close()
    assert (answer.status_code, answer.json()["code"]) == (409, "busy")
    retry = await portal("POST", "/projects", body, headers={"idempotency-key": key})
    assert retry.status_code == 201


async def test_one_of_many_writers_wins(as_user: Any) -> None:
    portal = as_user("360100")
    made = await portal("POST", "/projects", draft())
    path, etag = f"/projects/{made.json()['id']}", made.headers["etag"]
    answers = await asyncio.gather(
        *[portal("PATCH", path, {"name": f"名称{n}"}, etag=etag) for n in range(8)]
    )
    assert [answer.status_code for answer in answers].count(200) == 1
    lost = {answer.json()["code"] for answer in answers if answer.status_code != 200}
    assert lost <= {"stale_version", "busy"}


async def test_preconditions(as_user: Any) -> None:
    portal = as_user("360100")
    made = await portal("POST", "/projects", draft())
    path = f"/projects/{made.json()['id']}"
    missing = await portal("PATCH", path, {"name": "新名称"})
    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_required")
    stale = await portal(
        "PATCH", path, {"name": "新名称"}, etag='"99"'
    )  # other spellings: tests/contract/test_wire
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert (await portal("DELETE", path)).status_code == 428
    current = (await portal("GET", path)).headers["etag"]
    assert (await portal("DELETE", path, etag=current)).status_code == 204
    assert (await portal("GET", path)).status_code == 404


BAD = [
    ({"unknown": 1}, 422, "/unknown", "unknown_field"),
    ({"name": 5}, 422, "/name", "wrong_type"),
    ({"name": ""}, 422, "/name", "wrong_type"),
    ({"external_ref": "a\u0000b"}, 422, "/external_ref", "invalid_character"),
    ({"owner_office_id": "x"}, 422, "/owner_office_id", "wrong_type"),
    ({"owner_office_id": "00000000-0000-7000-8000-000000000000"}, 422, "/owner_office_id", "unknown_office"),
    (
        {"materials": {"funding": [{"source": "x", "amount_yuan": "１２"}]}},
        422,
        "/materials/funding/0/amount_yuan",
        "wrong_type",
    ),
]
BAD_FACTS = [
    ({"investment_yuan": 4000000.0}, "/facts/investment_yuan"),
    ({"investment_yuan": "4_000"}, "/facts/investment_yuan"),
    ({"investment_yuan": "１０"}, "/facts/investment_yuan"),
    ({"classified": None}, "/facts/classified"),
    ({"surprise": 1}, "/facts/surprise"),
    ({"on": "2026-01-01"}, "/facts/on"),
    ({"declarant": {"tier": "province", "division": "360000"}}, "/facts/declarant"),
    ({"kind": "demolish"}, "/facts/kind"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "status", "pointer", "code"), BAD)
async def test_bad_bodies_are_told_where_and_nothing_is_stored(
    as_user: Any, settings: Any, change: Any, status: int, pointer: str, code: str
) -> None:
    before = [
        await count(settings, table) for table in ("projects", "audit_entries", "idempotency", "outbox")
    ]
    answer = await as_user("360100")("POST", "/projects", {**draft(), **change})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in answer.json()["errors"]], answer.text
    after = [await count(settings, table) for table in ("projects", "audit_entries", "idempotency", "outbox")]
    assert after == before


@pytest.mark.parametrize(("change", "pointer"), BAD_FACTS)
async def test_bad_facts_are_told_where(as_user: Any, change: Any, pointer: str) -> None:
    answer = await as_user("360100")("POST", "/projects", draft(facts=change, materials={}))
    assert answer.status_code == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_all_faults_of_the_facts_come_at_once(as_user: Any) -> None:
    body = draft()
    body["facts"] = {"investment_yuan": "-1", "kind": "x"}
    errors = (await as_user("360100")("POST", "/projects", body)).json()["errors"]
    assert {"/facts/investment_yuan", "/facts/kind", "/facts/classified", "/facts/fiscal_funds"} <= {
        error["pointer"] for error in errors
    }


async def test_what_is_not_json_or_too_large_or_mistyped(as_user: Any, client: Any, token: Any) -> None:
    headers = {"authorization": f"Bearer {token('360100')}", "idempotency-key": new_id()}

    async def post(content: bytes, media: str = "application/json") -> Any:
        return await client.post(
            "/api/v1/projects", content=content, headers={**headers, "content-type": media}
        )

    assert (await post(b"{")).json()["code"] == "malformed_json"
    assert (await post(b"")).json()["code"] == "malformed_json"
    assert (await post(b"\xff\xfe{}")).json()["code"] == "malformed_json"
    assert (await post(b"[" * 100_000)).status_code in (400, 422)
    assert (await post(b'{"name": "a", "name": "b"}')).status_code == 422
    assert (await post(b"{}", "text/plain")).json()["code"] == "unsupported_media_type"
    assert (await post(b'"' + b"x" * (1 << 20) + b'"')).json()["code"] == "too_large"


async def test_lists_page_through_everything_once(as_user: Any) -> None:
    portal = as_user("360300")
    made = [
        (await portal("POST", "/projects", draft("360300", external_ref=f"p-{n}"))).json()["id"]
        for n in range(7)
    ]
    seen: list[str] = []
    url: str | None = "/api/v1/projects?limit=3&state=draft"
    while url:
        page = await portal("GET", url)
        assert page.status_code == 200, page.text
        seen += [item["id"] for item in page.json()["items"]]
        link = page.links.get("next")
        url = link["url"] if link else None
    assert [each for each in seen if each in made] == made[::-1]
    assert len(seen) == len(set(seen))
    one = (await portal("GET", "/projects?external_ref=p-3")).json()["items"]
    assert [item["id"] for item in one] == [made[3]]
    taken = await portal("POST", "/projects", draft("360300", external_ref="p-3"))
    assert (taken.status_code, taken.json()["code"]) == (409, "external_ref_taken")


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=201", "limit=x", "limit=1&limit=2", "state=A'", "nope=1", "cursor=abc"),
        *("cursor=" + "A" * 60, "created_from=2026-13-01", "text=%00", "text=%ff"),
    ],
)
async def test_bad_queries_and_forged_cursors_are_400(as_user: Any, query: str) -> None:
    answer = await as_user("360100")("GET", f"/projects?{query}")
    assert answer.status_code == 400, answer.text


async def test_a_cursor_of_another_caller_is_forged(build: Any, as_user: Any) -> None:
    for _ in range(2):
        await build(tenant="360400").submitted()
    page = (await as_user("360400")("GET", "/projects?limit=1")).json()
    answer = await as_user("360100")("GET", f"/projects?limit=1&cursor={page['next_cursor']}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


async def test_list_items_rendered_by_sql_fit_their_struct(city: World, as_user: Any) -> None:
    import msgspec

    from service.projects.schemas_out import ProjectItem, ProjectList

    await city.submitted()
    page = await as_user("360100")("GET", "/projects")
    decoded = msgspec.json.decode(page.content, type=ProjectList)
    assert decoded.items
    keys = [key for key in page.json()["items"][0] if key not in ("tenant_name", "division_name")]
    assert [*keys, "due"] == list(ProjectItem.__struct_fields__)  # told where the order is by it


async def test_unknown_paths_and_methods_are_problems(client: Any, as_user: Any) -> None:
    assert (await as_user("360100")("GET", "/nothing")).json()["code"] == "not_found"
    answer = await as_user("360100")("PUT", "/projects", {})
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
    naked = await client.get("/api/v1/projects")
    assert (naked.status_code, naked.json()["code"]) == (401, "token_missing")
    assert naked.headers["www-authenticate"].startswith("Bearer")


async def test_health(client: Any) -> None:
    assert (await client.get("/livez")).text == "ok"
    assert (await client.get("/readyz")).text == "ready"
    assert "tongjian_request_seconds_count" in (await client.get("/metrics")).text
