"""What `Caller` holds every answer against would notice: a word outside its vocabulary, a member that is missing."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.answers import misfits
from tests.contract.operations import DOCUMENT

STEP: dict[str, Any] = {
    "actor_person": {"id": "u", "kind": "person", "name": "张敏", "office_name": None},
    "actor_tenant_name": "南昌市",
    "action": "request",
    "from_state": None,
    "to_state": "requested",
    "actor": "u",
    "actor_tenant": "360100",
    "reason": None,
    "citation": {},
    "details": {},
    "at": "2026-03-02T01:00:00.000000Z",
}


def answered(
    body: Any, path: str = "/api/v1/adoptions/360100-1/history", status: int = 200
) -> httpx.Response:
    request = httpx.Request("GET", f"http://127.0.0.1{path}")
    return httpx.Response(status, json=body, request=request)


def test_an_answer_as_described_fits() -> None:
    assert misfits(answered({"steps": [STEP], "usage": []})) == []


@pytest.mark.parametrize("stored", ["", "（已清除）", "of_before"])
def test_a_word_outside_its_vocabulary_is_found(stored: str) -> None:
    """An adoption's first step came from the empty text, which the document did not list."""
    (found,) = misfits(answered({"steps": [{**STEP, "from_state": stored}], "usage": []}))
    assert "steps/0/from_state" in found
    assert len(misfits(answered({"steps": []}))) == 1


def test_a_problem_is_an_answer_too() -> None:
    answer = answered({"status": "late"}, status=404)
    answer.headers["content-type"] = "application/problem+json"
    assert misfits(answer)


def test_every_read_of_the_document_is_recognised() -> None:
    """No path is taken for another: a body that is no object misfits each answer that is described as one."""
    for path, operations in DOCUMENT["paths"].items():
        told = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if "$ref" in told.get("application/json", {}).get("schema", {}):
            place = path.replace("{", "").replace("}", "")
            assert any(f" {path} " in each for each in misfits(answered(0, place))), path
