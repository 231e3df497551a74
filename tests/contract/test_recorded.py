"""Every JSON answer has an example that a real run gave, and each fits its schema as it stands today."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import date, timedelta
from typing import Any

import jsonschema_rs
import pytest

from service.docs.document import RECORDED
from service.docs.members import name_of
from service.docs.recorded import shown
from tests.contract.operations import DOCUMENT, OPERATIONS
from tests.contract.recorded import TODAY, settled, shortened, written_down

TOLD: dict[str, Any] = json.loads(RECORDED.read_bytes())
# What a portal meets first, and what tells it what to do next.
TELLING = {
    "action_not_allowed",
    "classified_material",
    "forbidden",
    "gate_shut",
    "idempotency_key_required",
    "idempotency_key_reused",
    "if_match_required",
    "invalid_body",
    "invalid_query",
    "not_found",
    "stale_version",
    "token_missing",
}
_STANDS_FOR = b"recorded-example-not-a-secret"
AGAIN = "play them again: `make examples`"


@pytest.fixture(scope="module")
def registry() -> jsonschema_rs.Registry:
    return jsonschema_rs.Registry([("urn:document", DOCUMENT)], draft=jsonschema_rs.Draft202012)


def _faults(schema: Any, body: Any, registry: jsonschema_rs.Registry) -> list[str]:
    local = json.loads(json.dumps(schema).replace('"#/', '"urn:document#/'))
    found = jsonschema_rs.validator_for(local, registry=registry, validate_formats=True).iter_errors(body)
    return [f"{'/'.join(map(str, each.instance_path))}: {each.message[:200]}" for each in found]


def _resolved(schema: Any) -> list[Any]:
    """The schema and whatever it may be instead, without references."""
    while "$ref" in schema:
        at: Any = DOCUMENT
        for part in schema["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        schema = at
    others = [each for how in ("anyOf", "oneOf", "allOf") for each in schema.get(how, [])]
    return [schema, *(each for other in others for each in _resolved(other))]


def _undeclared(schema: Any, body: Any, at: str = "") -> list[str]:
    """Members that the schema allows only by saying nothing; what it calls open may hold anything."""
    known = _resolved(schema)
    if isinstance(body, list):
        items = [each["items"] for each in known if "items" in each]
        return [fault for one in body for fault in _undeclared({"anyOf": items}, one, f"{at}/-")]
    found = []
    for key, value in body.items() if isinstance(body, dict) else ():
        told = [each["properties"][key] for each in known if key in each.get("properties", {})]
        more = [each["additionalProperties"] for each in known if each.get("additionalProperties", False)]
        if told or True not in more:
            told = told or more
            found += _undeclared({"anyOf": told}, value, f"{at}/{key}") if told else [f"{at}/{key}"]
    return found


def test_examples_hold_no_member_that_is_not_declared() -> None:
    """Schemas of answers are open, so that members may come: an example with one that went would fit for ever."""
    found = []
    for operation in OPERATIONS:
        for status, answer in operation.doc["responses"].items():
            media = answer.get("content", {}).get("application/json", {})
            if "example" in media:
                told = _undeclared(media["schema"], media["example"])
                found += [f"{operation.id} {status} {each}" for each in told]
    assert found == [], AGAIN
    (orders,) = (each for each in OPERATIONS if each.id == "orders_list_page")
    media = orders.doc["responses"]["200"]["content"]["application/json"]
    lying = json.loads(json.dumps(media["example"]))
    lying["items"][0] |= {"gone": 1, "evidence": [{"name": "报告", "sort": "x"}]}
    assert _undeclared(media["schema"], lying) == ["/items/-/evidence/-/sort", "/items/-/gone"]


def test_every_json_answer_has_an_example_that_fits(registry: jsonschema_rs.Registry) -> None:
    without, unfit = [], []
    for operation in OPERATIONS:
        for status, answer in operation.doc["responses"].items():
            media = answer.get("content", {}).get("application/json") if status.startswith("2") else None
            if media is None:
                continue
            if "example" not in media:
                without.append(f"{operation.id} {status}")
            elif faults := _faults(media["schema"], media["example"], registry):
                unfit.append((operation.id, faults[:3]))
    assert (without, unfit) == ([], []), AGAIN


def test_telling_refusals_have_examples_that_fit(registry: jsonschema_rs.Registry) -> None:
    examples = DOCUMENT["components"]["examples"]
    assert {f"problem.{code}" for code in TELLING} <= examples.keys()
    unfit = {
        code: faults
        for code, body in TOLD["problems"].items()
        if (faults := _faults(DOCUMENT["components"]["schemas"][name_of(code)], body, registry))
    }
    assert unfit == {}, AGAIN
    (forbidden,) = DOCUMENT["components"]["responses"]["problem.403.forbidden"]["content"].values()
    assert forbidden["examples"] == {"forbidden": {"$ref": "#/components/examples/problem.forbidden"}}


def test_the_file_is_settled_and_carries_no_secret() -> None:
    """Recorded on the day of recordings it would read the same; whatever lets somebody in is not a real one."""
    text = RECORDED.read_text(encoding="utf-8")
    assert written_down(TOLD["answers"], TOLD["problems"]) == text
    assert {
        op: {status: settled(body, TODAY) for status, body in each.items()}
        for op, each in TOLD["answers"].items()
    } == TOLD["answers"]
    assert "eyJ" not in text and set(re.findall(r"whsec_[^\"]*", text)) == {
        f"whsec_{b64encode(_STANDS_FOR).decode()}"
    }
    assert set(re.findall(r"[?&]code=([^&\"]*)", text)) == {_STANDS_FOR.decode()}


def test_what_differs_from_run_to_run_is_settled() -> None:
    today = date(2027, 3, 4)
    one, other = (
        {
            "id": f"360100-{ident}",
            "made_on": (today - timedelta(days=2)).isoformat(),
            "signed_on": "2026-02-01",
            "at": [f"2027-03-04T01:02:{second}.123456Z", f"2027-03-04T01:01:{second}.000001Z"],
            "digest": letter * 32,
            "secret": f"{letter}Q1w2e3r4t5y6u7i8o9p0Zx{letter}8v",
            "again": ident,
        }
        for ident, second, letter in (
            ("01a22a9c-b480-71d4-a357-ada1b6a8066b", "03", "a1"),
            ("01a22a9c-b480-71d4-a357-ada1b6a8066c", "44", "b2"),
        )
    )
    made = settled(one, today)
    assert made == settled(other, today) == settled(made, TODAY)
    assert made["id"] == f"360100-{made['again']}" and made["made_on"] == "2026-11-28"
    assert made["signed_on"] == "2026-02-01" and made["at"][1] < made["at"][0] and len(made["digest"]) == 64
    assert shortened({"items": [{"a": [1, 2]}, {}], "codes": list("abcdefgh")}) == {
        "items": [{"a": [1, 2]}],
        "codes": list("abcdef"),
    }


def test_without_the_file_the_document_stands_without_examples(tmp_path: Any) -> None:
    bare: dict[str, Any] = {"paths": {}, "components": {"responses": {}}}
    assert shown(bare, tmp_path / "none.json") == {"paths": {}, "components": {"responses": {}}}
