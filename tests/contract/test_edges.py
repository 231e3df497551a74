"""Corners that random requests seldom reach, tried on every operation that has them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.contract.operations import LISTS, Operation
from tests.factories import draft
from tests.lives import APPROVAL, TENANT, People, World

DATES = {
    "date": ("0001-01-01", "9999-12-31"),
    "date-time": ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
}
ABSENT = "01a22fea-0000-7000-8000-000000000000"


def query(kind: str, value: str) -> str:
    return f"?{kind}={quote(value)}"


@pytest.mark.parametrize("operation", [each for each in LISTS if each.query_names], ids=str)
async def test_queries_at_their_ends(operation: Operation, find: People) -> None:
    """The ends of the calendar, the word null, a line feed, an empty text, a repetition: 2xx or 4xx, as documented."""
    caller = find(TENANT, operation.may[0])
    for parameter in operation.parameters:
        if parameter["in"] == "query":
            await at_its_ends(operation, parameter, caller)


async def at_its_ends(operation: Operation, parameter: dict[str, Any], caller: Any) -> None:
    name, schema = parameter["name"], parameter["schema"]

    async def asked(ending: str) -> int:
        return (await caller("GET", operation.path + ending)).status_code

    for day in DATES.get(schema.get("format", ""), ()):
        assert await asked(query(name, day)) < 500, (name, day)
    for value in ("a\n", "\x00"):
        assert await asked(query(name, value)) == 400, (name, value)
    assert await asked(query(name, "")) < 500, name
    assert await asked(f"{query(name, '1')}&{name}=1") == 400, name
    assert (found := await asked(query(name, ABSENT))) in map(int, operation.doc["responses"]), (name, found)
    one = schema.get("items", schema)  # several values are told by each
    if one.get("type") != "string" or "enum" in one or "format" in one:
        assert await asked(query(name, "null")) == 400, f"{operation.id}?{name}=null is silently ignored"


@pytest.mark.parametrize("operation", [each for each in LISTS if not each.query_names], ids=str)
async def test_an_unknown_query_parameter_is_an_error(operation: Operation, find: People) -> None:
    answer = await find(TENANT, operation.may[0])(operation.method, f"{operation.path}?nonsense=1")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")


async def test_head_is_get_without_the_content(find: People) -> None:
    """RFC 9110: what is read with GET may be asked for with HEAD, under the same gates; nothing else is."""
    keeper = find(TENANT, "city.gatekeeper")
    for path in (
        "/projects",
        "/rulebook",
        "/projects/360100-00000000-0000-7000-8000-000000000000",
        "/webhooks",
    ):
        got, head = await keeper("GET", path), await keeper("HEAD", path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["content-type"] == got.headers["content-type"]
    assert (await keeper("HEAD", "/projects?nonsense=1")).status_code == 400
    assert (await keeper("HEAD", "/oauth/token")).status_code == 405


@pytest.mark.parametrize("text", ["甲\n", "\n甲", " ", "甲 ", ""])
async def test_names_have_ends_that_can_be_seen(text: str, find: People) -> None:
    answer = await find(TENANT, "city.portal")("POST", "/projects", draft(TENANT, name=text))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/name")


async def test_an_approved_amount_beyond_all_bounds_is_told(world: World) -> None:
    case = await world.gatekept()
    body = {**APPROVAL, "approved_amount_yuan": "90000000000000"}
    answer = await world.by("city.approver")("POST", f"/projects/{case.id}/approve", body, etag=case.etag)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/approved_amount_yuan")
