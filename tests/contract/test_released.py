"""What breaks a client of the last release is noticed: by kind, and only what breaks."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from service.kit.api import Answer, Spec
from tests.contract.operations import DOCUMENT
from tests.released import CHANGELOG, RELEASED, breaks, promises, undeclared

Json = dict[str, Any]
BEFORE = promises(DOCUMENT)


def _schema(document: Json, name: str) -> Json:
    return document["components"]["schemas"][name]  # type: ignore[no-any-return]


def _drop_operation(document: Json) -> None:
    del document["paths"]["/api/v1/projects/{ref}/submit"]


def _drop_member(document: Json) -> None:
    del _schema(document, "ProjectView")["properties"]["filing_number"]


def _require(document: Json) -> None:
    _schema(document, "DraftIn")["required"].append("external_ref")


def _retype(document: Json) -> None:
    _schema(document, "ProjectView")["properties"]["version"] = {"type": "string"}


def _loosen(document: Json) -> None:
    _schema(document, "ProjectView")["required"].remove("filing_number")


def _refuse(document: Json) -> None:
    del _schema(document, "DraftIn")["properties"]["external_ref"]


def _add(document: Json) -> None:
    _schema(document, "ProjectView")["properties"]["more"] = {"type": "string"}
    _schema(document, "DraftIn")["properties"]["more"] = {"type": "string"}
    document["paths"]["/api/v1/more"] = {"get": {"operationId": "more_read", "responses": {"200": {}}}}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (_drop_operation, {"projects_submit"}),
        (_drop_member, {"ProjectView"}),
        (_require, {"DraftIn"}),
        (_retype, {"ProjectView"}),
        (_loosen, {"ProjectView"}),
        (_refuse, {"DraftIn"}),
        (_add, set()),
    ],
)
def test_what_breaks_a_client_is_noticed(change: Callable[[Json], None], names: set[str]) -> None:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    found = breaks(BEFORE, promises(document))
    assert {each.partition(":")[0] for each in found} >= names
    assert bool(found) is bool(names), found
    told = "# 变更\n\n## 未发布\n\n" + "".join(f"- `{name}`：改了\n" for name in names)
    assert [each for each in undeclared(found, told) if each.partition(":")[0] in names] == []
    assert undeclared(found, f"# 变更\n\n## 未发布\n\n## 0.1.0\n\n{told}") == found


def test_nothing_is_broken_since_the_last_release_but_what_is_declared() -> None:
    before = json.loads(RELEASED.read_text(encoding="utf-8"))
    if not before["released"]:
        before = {**before, **BEFORE}  # a draft holds nobody
    assert not undeclared(breaks(before, BEFORE), CHANGELOG.read_text(encoding="utf-8"))


def test_an_operation_that_is_going_says_so() -> None:
    given = dict.fromkeys(("method", "path", "operation_id", "summary", "tag", "resource", "action"), "x")
    going = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    told = Answer(b"").reply(Spec(status=200, deprecated=going, **given)).headers
    assert (told["deprecation"], told["sunset"]) == ("@1796083200", "Tue, 01 Jun 2027 00:00:00 GMT")
    assert "sunset" not in Answer(b"").reply(Spec(status=200, **given)).headers
