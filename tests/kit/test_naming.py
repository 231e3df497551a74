"""Names beside codes: what an answer's bytes become, whoever rendered them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from msgspec import UNSET, Struct, UnsetType

from service.kit.idempotency import Reply
from service.kit.naming import By, DivisionNamed, Names, PersonView, TenantNamed, ended, named


class Line(Struct):
    tenant: TenantNamed
    by: By | None | UnsetType = UNSET
    note: Any = None


class Holder(Struct):
    division: DivisionNamed
    lines: list[Line]
    first: Line | None = None
    by_code: dict[str, Line] = {}


PLACES = {"360100": "南昌市", "360102": "东湖区"}


def person(actor: str) -> PersonView:
    return PersonView(actor, "person", f"名{actor}", None)


async def people(_call: Any, actors: frozenset[str]) -> dict[str, PersonView]:
    return {actor: person(actor) for actor in actors}


async def told(answer: Any, body: bytes, content: Any = None) -> Any:
    call = SimpleNamespace(
        spec=SimpleNamespace(answer=answer), services=SimpleNamespace(names=Names(people, PLACES.get))
    )
    return msgspec.json.decode((await named(call, Reply(200, {}, body), content)).body)


def line(tenant: str, **more: Any) -> dict[str, Any]:
    beside: dict[str, Any] = {"tenant_name": PLACES.get(tenant)}
    if "by" in more:
        beside["by_person"] = None if more["by"] is None else msgspec.to_builtins(person(more["by"]))
    return {"tenant": tenant, **more, **beside}


@pytest.mark.parametrize("space", ["", " "])
async def test_lines_of_a_list_alone_and_in_an_object(space: str) -> None:
    rows = [
        {"tenant": "360100", "by": "a", "note": {"tenant": "360102", "of": ["}", '\\"']}},
        {"by": None, "tenant": "360102"},
        {"tenant": "360100", "note": "各地"},
        {"tenant": "999999", "by": "a"},
    ]
    parts = (
        ",".join(f'"{k}"{space}:{space}{msgspec.json.encode(v).decode()}' for k, v in row.items())
        for row in rows
    )
    listed = "[" + ", ".join(f"{{{part}}}" for part in parts) + "]"
    wanted = [line(**row) for row in rows]
    assert await told(list[Line], listed.encode()) == wanted
    assert await told(Line, listed[1 : listed.index(', {"by"')].encode()) == wanted[0]

    whole = f'{{"division":"360102","lines":{listed},"first":null,"by_code":{{"x":{{"tenant":"360100"}}}}}}'
    assert await told(Holder, whole.encode()) == {
        "division": "360102",
        "division_name": "东湖区",
        "lines": wanted,
        "first": None,
        "by_code": {"x": line("360100")},
    }


async def test_an_empty_list_and_nothing_at_all() -> None:
    assert await told(list[Line], b"[]") == []
    assert await told(Line | None, b"null") is None
    assert await told(list[Line | None], b'[null,{"tenant":"360102"}]') == [None, line("360102")]


class Place(Struct):
    tenant: TenantNamed
    division: DivisionNamed


def test_lines_coded_by_places_alone_are_named_where_they_are_rendered() -> None:
    names = Names(people, PLACES.get)
    one = (b'{"tenant" : "360100", "division" : "360102"}', ("360100", "360102"))
    other = (b'{"tenant":"360100","division":"9"}', ("360100", "9"))
    assert [msgspec.json.decode(each) for each in ended(Place, [one, other, one], names)][:2] == [
        {"tenant": "360100", "division": "360102", "tenant_name": "南昌市", "division_name": "东湖区"},
        {"tenant": "360100", "division": "9", "tenant_name": "南昌市", "division_name": None},
    ]
    assert ended(Place, [], names) == []
    elsewhere = Names(people, {"360100": "他处"}.get)  # of another process's places: nothing is kept
    assert "他处".encode() in ended(Place, [one], elsewhere)[0]
    with pytest.raises(ValueError, match="Line"):
        ended(Line, [], names)


class Renamed(Struct, rename="camel"):
    tenant_of: TenantNamed
    by: By | None | UnsetType = UNSET


@pytest.mark.parametrize(
    "answer",
    [Line("360100", "a", {"tenant": "360102"}), Line("9"), Line("360100", None), Renamed("360100", "b")],
)
async def test_what_is_at_hand_is_named_as_its_bytes_are(answer: Any) -> None:
    body = msgspec.json.encode(answer)
    assert await told(type(answer), body, answer) == await told(type(answer), body)
