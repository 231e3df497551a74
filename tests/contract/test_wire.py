"""How things are spelt on the wire: preconditions, methods, revoked tokens, keys, filters (RFC 9110, 7009, 8259)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from service.kit.ids import new_id
from tests.contract.operations import LISTS, Operation
from tests.factories import draft
from tests.lives import TENANT, People

REVOKE, FORM = "/api/v1/oauth/revoke", {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("written", "status", "code"),
    [
        ('"1"', 200, ""),
        (' "1" ', 200, ""),
        ('"9", "1"', 200, ""),
        ('W/"1", "1"', 200, ""),
        ("*", 200, ""),
        ('"9"', 412, "stale_version"),
        ('"9", "8"', 412, "stale_version"),
        ('"01"', 412, "stale_version"),
        ('"+1"', 412, "stale_version"),
        ('""', 412, "stale_version"),
        ('W/"1"', 412, "weak_etag"),
        ("1", 400, "if_match_invalid"),
        ('"1', 400, "if_match_invalid"),
        ("x", 400, "if_match_invalid"),
        ('"1",', 400, "if_match_invalid"),
        ('"1" "2"', 400, "if_match_invalid"),
        ("", 400, "if_match_invalid"),
    ],
)
async def test_if_match(written: str, status: int, code: str, find: People) -> None:
    portal = find(TENANT, "city.portal")
    made = await portal("POST", "/projects", draft(TENANT))
    answer = await portal("PATCH", f"/projects/{made.json()['id']}", {"name": "新名称"}, etag=written)
    assert (answer.status_code, answer.json().get("code", "")) == (status, code), answer.text
    if code == "stale_version":
        assert answer.json()["current_etag"] == '"1"'
    if code == "weak_etag":
        assert "W/" in answer.json()["detail"]


ENUMERATED = ("state", "tenant", "division", "parent", "role", "organ", "route", "kind", "status", "tier")


@pytest.mark.parametrize(
    ("operation", "name"),
    [(op, each["name"]) for op in LISTS for each in op.parameters if each["name"] in ENUMERATED],
    ids=str,
)
async def test_what_there_is_not_is_told_and_not_an_empty_list(
    operation: Operation, name: str, find: People
) -> None:
    """A misspelt state or a tenant that does not exist was 200 and nothing."""
    caller = find(TENANT, operation.may[0])
    for value in ("aproved", "999999", "zz"):
        answer = await caller("GET", f"{operation.path}?{name}={value}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query"), f"{name}={value}"
        assert [each["pointer"] for each in answer.json()["errors"]] == [name]


async def test_the_same_json_in_other_bytes_is_the_same_request(find: People) -> None:
    portal, key, body = find(TENANT, "city.portal"), new_id(), draft(TENANT)
    written = [
        json.dumps(body, ensure_ascii=False),
        json.dumps(body, ensure_ascii=True, indent=2),
        json.dumps(dict(reversed(body.items())), ensure_ascii=False),
    ]
    answers = [
        await portal(
            "POST",
            "/projects",
            content=text.encode(),
            headers={"idempotency-key": key, "content-type": "application/json"},
        )
        for text in written
    ]
    assert [answer.status_code for answer in answers] == [201] * 3, answers[-1].text
    assert len({answer.content for answer in answers}) == 1
    other = await portal("POST", "/projects", {**body, "name": "另一个"}, headers={"idempotency-key": key})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_options_and_405_name_every_method(client: httpx.AsyncClient) -> None:
    path = "/api/v1/projects/360100-00000000-0000-7000-8000-000000000000"
    expected = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH"}
    for method in ("OPTIONS", "PUT"):
        answer = await client.request(method, path)
        assert set(answer.headers["allow"].split(", ")) == expected, answer.status_code


async def test_revocation_ends_the_token_that_was_named(client: httpx.AsyncClient, token: Any) -> None:
    """RFC 7009: `token` says which; only who it was issued to may, and what is no token needs no ending."""

    async def revoke(named: str, bearer: str | None) -> httpx.Response:
        headers = {**FORM, **({"authorization": f"Bearer {bearer}"} if bearer else {})}
        return await client.post(REVOKE, content=f"token={named}", headers=headers)

    async def stands(of: str) -> bool:
        answer = await client.get("/api/v1/me", headers={"authorization": f"Bearer {of}"})
        return answer.status_code == 200

    portal, person = token(TENANT), token(TENANT, "unit", client="portal")
    stranger, other = token("360200"), token(TENANT, "unit")
    assert (await revoke(person, stranger)).json()["code"] == "invalid_grant"
    assert (await revoke(other, portal)).json()["code"] == "invalid_grant"
    assert (await revoke(portal, person)).json()["code"] == "invalid_grant"
    assert (await revoke(person, None)).status_code == 401
    assert await stands(person)
    assert (await revoke("nonsense", portal)).status_code == 200
    assert (await revoke(person, portal)).status_code == 200
    assert not await stands(person)
    assert await stands(portal)
    bare = await client.post(REVOKE, headers={"authorization": f"Bearer {portal}"})
    assert bare.status_code == 200
    assert not await stands(portal)
