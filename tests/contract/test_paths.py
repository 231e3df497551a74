"""What cannot be anybody's id, in every path parameter of every operation: 404 or 400, with a key or without."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from service.kit.ids import new_id
from tests.contract.operations import OWNED, Operation
from tests.lives import TENANT, People

pytestmark = pytest.mark.long  # every operation with ids that are none

GOOD = f"{TENANT}-{new_id()}"
# NUL and other controls, what is no UTF-8, overlong, a surrogate, beyond Unicode, digits that are none, bounds.
HOSTILE = (
    "%00",
    f"{GOOD}%00",
    f"{GOOD}%0A",
    "%FF%FE",
    "%C0%80",
    "%ED%A0%80",
    "%F4%90%80%80",
    quote("١٢"),
    "-1",
    "9" * 23,
    "x" * 3000,
)


@pytest.mark.parametrize("operation", OWNED, ids=str)
async def test_undecodable_ids_are_not_found(operation: Operation, find: People) -> None:
    caller = find(TENANT, operation.may[0])
    for name in operation.path_names:
        for text in HOSTILE:
            path = {each: "1" if each in ("number", "seat") else GOOD for each in operation.path_names}
            path[name] = text
            etag = '"1"' if operation.conditional else None
            answer = await caller(
                operation.method, operation.path.format_map(path), operation.example, etag=etag
            )
            told = f"{operation.id} {name}={text[:40]}: {answer.status_code} {answer.text[:200]}"
            if "%00" in text:
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), told
            assert 400 <= answer.status_code < 500, told
