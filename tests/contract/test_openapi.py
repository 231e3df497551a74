"""The committed document: valid, current, complete."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis

from service.docs import document as openapi
from service.docs.described import reached
from service.docs.document import COMMITTED, EXAMPLES
from service.docs.members import name_of
from service.event_kinds import KINDS
from service.event_kinds import OPERATIONS as OPERATIONS_EVENTS
from service.kit.api import Spec
from tests.contract.operations import BY_ID, DOCUMENT, GUARDED, MATRIX, OPERATIONS
from tests.syntax import nodes

SERVICE = Path(openapi.__file__).parents[1]
# Refusals of the framework, the gate and the console's pages that belong to no operation.
ELSEWHERE = {
    (405, "method_not_allowed"), (400, "incomplete_request"), (400, "malformed_form"), (400, "malformed_query"),
    (401, "session_over"), (403, "cross_site"), (400, "sign_in_over"), (403, "sign_in_refused"),
    (403, "sign_in_unknown"), (403, "sign_in_factors"), (403, "proof_wanted"), (503, "sign_in_away"),
    (410, "hand_over_used"),
    (409, "clock_backwards"), (422, "unknown_operation"),  # the sandbox's, whose own document has them
}  # fmt: skip


@pytest.fixture(scope="module")
def registered(app: Any) -> dict[str, tuple[str, Spec]]:
    """operation id -> (path, spec) of the running application."""
    routes = openapi.routes_of(app.app)
    return {spec.operation_id: (path, spec) for path, spec in openapi.specs(routes)}


def test_the_committed_document_is_what_the_routes_say(app: Any) -> None:
    assert openapi.check(openapi.routes_of(app.app)) == [], "run `make openapi`"


def test_rendering_is_deterministic(app: Any) -> None:
    routes = openapi.routes_of(app.app)
    assert openapi.render(openapi.build(routes)) == openapi.render(openapi.build(list(reversed(routes))))


def test_it_is_valid_openapi() -> None:
    # The specification allows a relative tokenUrl and its schema does not; the document must name no host.
    document = copy.deepcopy(DOCUMENT)
    flow = document["components"]["securitySchemes"]["clientCredentials"]["flows"]["clientCredentials"]
    flow["tokenUrl"] = f"https://example.org{flow['tokenUrl']}"
    schema = schemathesis.openapi.from_dict(document)
    schema.validate()
    assert DOCUMENT["openapi"].startswith("3.1")
    for result in schema.get_all_operations():
        assert not isinstance(result.ok(), Exception)  # type: ignore[union-attr]


def test_every_schema_is_valid_and_every_reference_leads_somewhere() -> None:
    bundle = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": DOCUMENT["components"]}
    every = [{"$ref": f"#/components/schemas/{name}"} for name in DOCUMENT["components"]["schemas"]]
    jsonschema_rs.validator_for({**bundle, "anyOf": every})
    text = COMMITTED.read_text(encoding="utf-8")
    for reference in set(re.findall(r'"\$ref": "#/components/([^"]+)"', text)):
        kind, _, name = reference.partition("/")
        assert name in DOCUMENT["components"][kind], reference
    assert "x-struct" not in text


def test_it_names_no_machine() -> None:
    text = COMMITTED.read_text(encoding="utf-8")
    assert not re.search(r"localhost|127\.0\.0\.1|/(?:work|home|root)/", text)


def test_every_registered_route_has_a_spec_and_is_documented(app: Any, registered: Any) -> None:
    for route in app.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if route.path.startswith("/api/") and handler.name is not None:  # OPTIONS is Litestar's own
                assert isinstance(handler.opt.get("spec"), Spec), f"{route.path} has no Spec"
    assert {path for path, _ in registered.values()} == set(DOCUMENT["paths"])
    assert set(registered) == set(BY_ID)


def test_every_operation_has_a_row_in_the_matrix() -> None:
    for operation in GUARDED:
        assert operation.permission in MATRIX, f"{operation.id}: add {operation.permission} to matrix.yaml"
        assert sorted(operation.doc["x-roles"]) == sorted(MATRIX[operation.permission]), operation.id


def test_every_declared_error_is_documented(registered: Any) -> None:
    for operation in OPERATIONS:
        _, spec = registered[operation.id]
        declared = [*spec.errors, *([spec.conflict] if spec.conflict else [])]
        assert {(error.status, error.code) for error in declared} <= operation.codes(), operation.id


def test_every_operation_is_told_in_chinese() -> None:
    tags = {each["name"]: each["description"] for each in DOCUMENT["tags"]}
    for operation in OPERATIONS:
        assert re.search(r"[一-鿿]", operation.doc["summary"]), operation.id
        assert operation.doc.get("description"), f"{operation.id}: a docstring is its description"
        tag = operation.doc["tags"][0]
        assert re.search(r"[一-鿿]", tags[tag]), f"name the tag {tag} in service/docs/texts.py"


def _raised(path: Path) -> set[tuple[int, str]]:
    """(status, code) of every ServiceError built with literals."""
    found: set[tuple[Any, Any]] = set()
    for node in nodes(path):
        if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("ServiceError", "Error")):
            continue
        values = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
        if len(values) == 2:
            found.add((values[0], values[1]))
    return found


def test_every_code_that_the_service_can_answer_is_documented() -> None:
    documented = {pair for operation in OPERATIONS for pair in operation.codes()}
    raised = {pair: path for path in SERVICE.rglob("*.py") for pair in _raised(path)}
    missing = {
        f"{pair} in {path.name}" for pair, path in raised.items() if pair not in documented | ELSEWHERE
    }
    assert not missing


def test_every_member_of_a_problem_is_documented() -> None:
    """Whatever a refusal with a literal code is given beside RFC 9457's members stands in its schema."""
    schemas = DOCUMENT["components"]["schemas"]
    missing = set()
    for path in SERVICE.rglob("*.py"):
        for node in nodes(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ServiceError":
                code = getattr(node.args[1], "value", None) if len(node.args) > 1 else None
                told = schemas.get(name_of(code), {}).get("properties", {}) if isinstance(code, str) else None
                given = {each.arg for each in node.keywords if each.arg not in (None, "headers")}
                missing |= {f"{code}: {each}" for each in given if told and each not in told}
    assert not missing, "service/docs/members.py"


def test_a_component_is_called_by_its_name_and_says_what_is_in_it() -> None:
    """What generators stumble over: titles of others, arrays of nothing, bare objects, times that are just text."""
    faults = set()
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if schema.get("title") != name:
            faults.add(f"{name} is titled {schema.get('title')}")
        for at, each in _schemas(schema, name):
            if each.get("type") == "array" and "items" not in each:
                faults.add(f"{at}: an array of what?")
            if each.get("type") == "object" and not {"properties", "additionalProperties"} & each.keys():
                faults.add(f"{at}: a bare object")
            last = at.rpartition("/")[2]
            if last.endswith("_at") and each.get("type") == "string" and not {"format", "enum"} & each.keys():
                faults.add(f"{at}: a time without a format")
    assert not faults, sorted(faults)


def _schemas(value: Any, at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside, with the way to it by the names of properties."""
    if isinstance(value, dict):
        yield at, value
        for key in ("anyOf", "oneOf", "allOf"):
            for each in value.get(key, ()):
                yield from _schemas(each, at)
        for key in ("items", "additionalProperties"):
            yield from _schemas(value.get(key), at + "[]")
        for name, each in value.get("properties", {}).items():
            yield from _schemas(each, f"{at}/{name}")


def test_every_kind_of_event_has_a_payload() -> None:
    told = DOCUMENT["webhooks"]
    assert set(told) == set(KINDS) - set(OPERATIONS_EVENTS)
    for kind, each in told.items():
        (media,) = each["post"]["requestBody"]["content"].values()
        payload = DOCUMENT["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]
        assert payload["properties"]["type"]["const"] == kind


def test_every_body_has_an_example_that_fits() -> None:
    components = DOCUMENT["components"]
    for operation in OPERATIONS:
        content = operation.doc.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            assert "example" in content, f"add openapi/examples/{operation.id}.json"
            needed = {
                name: components["schemas"][name]
                for name in reached(components["schemas"], [content["schema"]])
            }
            schema = {**content["schema"], "components": {"schemas": needed}}
            jsonschema_rs.validator_for(schema).validate(content["example"])
    assert {path.stem for path in EXAMPLES.glob("*.json")} <= set(BY_ID), "an example without an operation"


async def test_the_document_and_the_page_are_served(client: httpx.AsyncClient) -> None:
    served = await client.get("/openapi.json")
    assert served.content == COMMITTED.read_bytes()
    entrance = await client.get("/")
    assert (entrance.status_code, entrance.headers["location"]) == (303, "/docs")
    page = await client.get("/docs")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/"), f"{address} leaves this host"
        assert (await client.get(address)).status_code == 200
    assert not re.search(r"<style|<script>|\son\w+=", page.text)
    assert (await client.get("/docs/static/README.md")).status_code == 404
