"""Every field that names an office takes what /offices and /me give: the `id` with its tenant, or the bare one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec import inspect as types

from service.app import API_ROUTES, ROOT_ROUTES
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.office_ids import office_fields, strip_offices
from service.portfolio.schemas import ImportLine
from tests.factories import city_office, draft

NAMED = re.compile(r"(.*_)?office_ids?|participants")
SPECS = [route.opt["spec"] for route in [*API_ROUTES, *ROOT_ROUTES] if "spec" in (route.opt or {})]
ROOTS = sorted(
    {kind for spec in SPECS for kind in (spec.body, spec.query) if isinstance(kind, type)} | {ImportLine},
    key=lambda kind: kind.__name__,
)


def structs(kind: Any, seen: set[type]) -> Iterator[types.StructType]:
    """Every struct below a type."""
    if isinstance(kind, types.Metadata):
        yield from structs(kind.type, seen)
    elif isinstance(kind, types.UnionType):
        for each in kind.types:
            yield from structs(each, seen)
    elif isinstance(kind, types.StructType) and kind.cls not in seen:
        seen.add(kind.cls)
        yield kind
        for field in kind.fields:
            yield from structs(field.type, seen)
    elif isinstance(kind, types.ListType):
        yield from structs(kind.item_type, seen)


def test_every_office_in_a_body_or_query_is_of_the_one_type() -> None:
    found = 0
    for root in ROOTS:
        for depth, kind in enumerate(structs(types.type_info(root), set())):
            named = {field.name for field in kind.fields if NAMED.fullmatch(field.name)}
            assert {name for name, _ in office_fields(kind.cls)} == named, kind.cls
            assert not (named and depth), f"{kind.cls}: an office id below the top is not stripped"
            found += len(named)
    assert found > 15


@pytest.mark.parametrize(
    "kind", [root for root in ROOTS if issubclass(root, msgspec.Struct) and office_fields(root)]
)
def test_the_prefix_falls_and_a_foreign_one_is_unknown(kind: type) -> None:
    """On the struct that a request is decoded into, with nothing else in it."""
    bare = new_id()
    for name, many in office_fields(kind):
        for across, query in ((False, False), (False, True), (True, True)):
            made: Any = kind(**{field.name: None for field in msgspec.structs.fields(kind)})
            for given in (bare, f"360100-{bare}"):
                msgspec.structs.force_setattr(made, name, [given] if many else given)
                strip_offices(made, "360100", across=across, query=query)
                assert getattr(made, name) == ([bare] if many else bare)
            msgspec.structs.force_setattr(made, name, [f"360200-{bare}"] if many else f"360200-{bare}")
            if across:
                strip_offices(made, "360100", across=True, query=True)
                assert getattr(made, name) == ([bare] if many else bare)
                continue
            with pytest.raises(ServiceError) as refused:
                strip_offices(made, "360100", query=query)
            assert refused.value.status == (400 if query else 422)
            assert refused.value.extensions["errors"][0].code == "unknown_office"


async def test_a_declaration_and_a_filter_take_the_id_of_me_and_offices(as_user: Any) -> None:
    portal, bare = as_user("360100"), city_office("360100")
    me = (await as_user("360100", "unit")("GET", "/me")).json()["office"]
    offices = (await portal("GET", "/offices", params={"limit": 200})).json()["items"]
    assert me["id"] in {each["id"] for each in offices}
    for given in (bare, f"360100-{bare}"):
        made = await portal("POST", "/projects", draft("360100", owner_office_id=given))
        assert made.status_code == 201, made.text
        assert made.json()["owner"]["office_id"] == bare
        page = await portal("GET", "/projects", params={"owner_office_id": given})
        assert made.json()["id"] in {each["id"] for each in page.json()["items"]}
    foreign = await portal("POST", "/projects", draft("360100", owner_office_id=f"360200-{bare}"))
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (422, "unknown_office")
