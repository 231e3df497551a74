"""Every field that names an office, a person or an expert takes the `id` of lists, with its tenant, or the bare one."""

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
from service.kit.office_ids import own_fields, strip_own
from service.portfolio.schemas import ImportLine
from service.reviews.schemas import DirectedIn, DrawIn
from tests.factories import city_office, draft

NAMED = re.compile(r"(.*_)?office(_ids?)?|participants|user_id|expert_id")
SPECS = [route.opt["spec"] for route in [*API_ROUTES, *ROOT_ROUTES] if "spec" in (route.opt or {})]
ROOTS = sorted(
    {kind for spec in SPECS for kind in (spec.body, spec.query) if isinstance(kind, type)} | {ImportLine},
    key=lambda kind: kind.__name__,
)
# Of lists of objects the ids fall too (kit/office_ids).
LISTED = {
    part.item_type.cls
    for root in ROOTS
    if isinstance(info := types.type_info(root), types.StructType)
    for field in info.fields
    for part in [field.type.type if isinstance(field.type, types.Metadata) else field.type]
    if isinstance(part, types.ListType) and isinstance(part.item_type, types.StructType)
}


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
        for kind in structs(types.type_info(root), set()):
            named = {field.name for field in kind.fields if NAMED.fullmatch(field.name)}
            assert {each.name for each in own_fields(kind.cls)} == named, kind.cls
            assert not (named and kind.cls not in LISTED | set(ROOTS)), (
                f"{kind.cls}: an id below is not stripped"
            )
            found += len(named)
    assert found > 15


@pytest.mark.parametrize(
    "kind", [root for root in ROOTS if issubclass(root, msgspec.Struct) and own_fields(root)]
)
def test_the_prefix_falls_and_a_foreign_one_is_unknown(kind: type) -> None:
    """On the struct that a request is decoded into, with nothing else in it."""
    bare = new_id()
    for name, many, unknown in own_fields(kind):
        for across, query in ((False, False), (False, True), (True, True)):
            made: Any = kind(**{field.name: None for field in msgspec.structs.fields(kind)})
            for given in (bare, f"360100-{bare}"):
                msgspec.structs.force_setattr(made, name, [given] if many else given)
                strip_own(made, "360100", across=across, query=query)
                assert getattr(made, name) == ([bare] if many else bare)
            msgspec.structs.force_setattr(made, name, [f"360200-{bare}"] if many else f"360200-{bare}")
            if across:
                strip_own(made, "360100", across=True, query=True)
                assert getattr(made, name) == ([bare] if many else bare)
                continue
            with pytest.raises(ServiceError) as refused:
                strip_own(made, "360100", query=query)
            assert refused.value.status == (400 if query else 422)
            assert refused.value.extensions["errors"][0].code == unknown
            assert refused.value.extensions["errors"][0].pointer == (
                name if query else f"/{name}/0" if many else f"/{name}"
            )


def test_ids_of_listed_objects_lose_their_prefix_too() -> None:
    drawn = DrawIn(directed=[DirectedIn(expert_id=f"360000-{(bare := new_id())}", reason="熟悉业务")])
    assert strip_own(drawn, "360000").directed[0].expert_id == bare
    drawn.directed[0].expert_id = f"360100-{bare}"
    with pytest.raises(ServiceError) as refused:
        strip_own(drawn, "360000")
    fault = refused.value.extensions["errors"][0]
    assert (fault.pointer, fault.code) == ("/directed/0/expert_id", "unknown_expert")


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
        assert (await portal("GET", "/obligations", params={"office": given})).status_code == 200
    foreign = await portal("POST", "/projects", draft("360100", owner_office_id=f"360200-{bare}"))
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (422, "unknown_office")
