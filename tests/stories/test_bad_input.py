"""Bad input at every deed: days that have not come or come before what must precede them, amounts that are none, parts
that are missing, the wrong desk, an old version, the wrong moment. Each is a problem naming field and article, and
nothing is stored. Derived from the document: a new deed is tried without being named here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from service.kit.db import Door
from service.settings import Settings
from tests.contract.operations import DOCUMENT, OPERATIONS, Operation
from tests.contract.recipes import RECIPES, prepare
from tests.lives import Ready, World, builder
from tests.stories.teller import problem_of

CITY = "361100"
DEEDS = [
    each
    for each in OPERATIONS
    if each.method == "POST"
    and each.path.startswith("/api/v1/projects/{ref}/")
    and each.unsafe
    and each.conditional
]
# What may lie ahead: deadlines, ends of validity, plans.
AHEAD = {"due", "due_on", "valid_to", "until", "planned_finish", "expected_finish"}
# What may lie long ago: recorded as it was, early ones are findings (arts 13, 39).
BEHIND = {
    "signed_on",
    "issued_on",
    "started_on",
    "set_up_on",
    "named_on",
    "occurred_on",
    "planned_finish",
    "assessed_on",
}
# May be nothing: what was lost, what an optional line costs.
NOTHING = {"budget_yuan"}
# No limit that the case knows: a contract is recorded as it is.
BOUNDLESS = {"amount_yuan", "loss_yuan", "investment_yuan"}
TRIED: Counter[str] = Counter()


@pytest.fixture
def world(as_user: Any, door: Door, settings: Settings) -> World:
    return builder(as_user, door, settings)(tenant=CITY)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Without references; of alternatives the first that says something."""
    while "$ref" in schema or "anyOf" in schema or "oneOf" in schema:
        if "$ref" in schema:
            found: Any = DOCUMENT
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        else:
            options = schema.get("anyOf") or schema.get("oneOf") or []
            schema = next(each for each in options if each.get("type") != "null")
    return schema


def fields(
    schema: dict[str, Any], body: Any, at: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any], bool]]:
    """(where, schema, required) of everything the body gives."""
    schema = resolved(schema)
    if isinstance(body, dict):
        for name, part in (schema.get("properties") or {}).items():
            if name in body:
                yield (*at, name), resolved(part), name in schema.get("required", ())
                yield from fields(part, body[name], (*at, name))
    elif isinstance(body, list) and body and "items" in schema:
        yield from fields(schema["items"], body[0], (*at, 0))


def changed(body: Any, where: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the body with another value there; `...` takes it out."""
    copy = deepcopy(body)
    spot = copy
    for step in where[:-1]:
        spot = spot[step]
    if value is ...:
        del spot[where[-1]]
    else:
        spot[where[-1]] = value
    return copy


def faults(operation: Operation, body: Any) -> Iterator[tuple[str, str, Any]]:
    """(what, pointer, body): every way of spoiling a body that must be refused."""
    schema = operation.doc.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None or not isinstance(body, dict):
        return
    yield "unknown", "/strange", {**body, "strange": 1}
    for where, part, required in fields(schema, body):
        name, pointer = str(where[-1]), "".join(f"/{step}" for step in where)
        if required:
            yield "missing", pointer, changed(body, where, ...)
        if part.get("format") == "date":
            if name not in AHEAD:
                yield "ahead", pointer, changed(body, where, "2999-12-31")
            if name not in BEHIND:
                yield "behind", pointer, changed(body, where, "2003-01-01")
            yield "no_day", pointer, changed(body, where, "2026-02-30")
        if str(part.get("pattern", "")).startswith("^[0-9]{1,14}"):
            for value in ("-1.00", "1.001", "１００", "1e3", "1_000"):
                yield "no_amount", pointer, changed(body, where, value)
            if name not in NOTHING:
                yield "zero", pointer, changed(body, where, "0.00")
            if name not in BOUNDLESS:
                yield "too_much", pointer, changed(body, where, "99999999999999.99")
        if name in ("digest", "document_digest"):
            yield "no_digest", pointer, changed(body, where, "A" * 64)
        if part.get("type") == "array" and part.get("minItems"):
            yield "empty", pointer, changed(body, where, [])


@pytest.mark.long
@pytest.mark.parametrize("operation", DEEDS, ids=str)
async def test_bad_input_is_refused_and_leaves_nothing(operation: Operation, world: World) -> None:
    """Arts 4, 13, 15, 30, 38, 39: code, pointer, article; nothing stored; and without the fault the deed is done."""
    ready = await prepare(operation, world)
    path = operation.path.format(**ready.path)
    caller, ref = world.by(ready.who), str(ready.path["ref"])
    before = await _case(world, ready, ref)
    for what, pointer, body in faults(operation, ready.body):
        answer = await caller("POST", path, body, etag=ready.etag)
        assert answer.status_code in (400, 409, 422), (
            f"{what} {pointer}: {answer.status_code} {answer.text[:300]}"
        )
        problem = problem_of(answer)
        if answer.status_code == 422:
            pointers = [each["pointer"] for each in problem["errors"]]
            assert any(pointer.startswith(each) or each.startswith(pointer) for each in pointers), (
                what,
                pointer,
                answer.text,
            )
        if what in ("ahead", "behind") and problem["code"] == "invalid_body":
            assert "条" in answer.text or "date_in_future" in answer.text, (
                f"{pointer}: no article: {answer.text}"
            )
        TRIED[what] += 1
    await _desks(operation, world, ready, path)
    assert await _case(world, ready, ref) == before, "something was stored"
    answer = await caller("POST", path, ready.body, etag=ready.etag)
    assert answer.is_success, answer.text


async def _case(world: World, ready: Ready, ref: str) -> tuple[Any, int]:
    """The case and how many records it has, as whoever acts sees them."""
    caller = world.by(ready.who)
    case = (await caller("GET", f"/projects/{ref}")).json()
    records = (await caller("GET", f"/projects/{ref}/records?limit=200")).json()
    return case, len(records.get("items", ()))


async def _desks(operation: Operation, world: World, ready: Ready, path: str) -> None:
    """The wrong desk (403 with its articles), another city (404), an old version (412), none (428)."""
    strange = await world.by("city.administrator")("POST", path, ready.body, etag=ready.etag)
    assert (strange.status_code, problem_of(strange)["articles"] != []) == (403, True), strange.text
    if ready.who.startswith("city."):
        foreign = await world.find("360100", ready.who)("POST", path, ready.body, etag=ready.etag)
        assert (foreign.status_code, problem_of(foreign)["code"]) == (404, "not_found"), foreign.text
    old = await world.by(ready.who)("POST", path, ready.body, etag='"9999"')
    assert (old.status_code, problem_of(old)["code"]) == (412, "stale_version"), old.text
    none = await world.by(ready.who)("POST", path, ready.body)
    assert (none.status_code, problem_of(none)["code"]) == (428, "if_match_required"), none.text
    TRIED["desk"] += 4


@pytest.mark.long
async def test_every_deed_at_the_wrong_moment(world: World) -> None:
    """Wrong order: on a draft and on what was withdrawn every deed but its own is refused with an article."""
    draft = await world.draft()
    gone = await world.step(await world.submitted(), "city.portal", "withdraw", {"reason": "另行安排"})
    own = ("submit", "priority", "plan-item", "reuse-check")
    told: Counter[str] = Counter()
    for operation in DEEDS:
        if operation.id not in RECIPES or operation.path_names != ["ref"]:
            continue
        for case in (draft, gone):
            if case is draft and operation.path.endswith(own):
                continue
            for who in operation.may:
                if who.startswith("county."):
                    continue
                answer = await world.by(who)(
                    "POST", operation.path.format(ref=case.id), operation.example, etag=case.etag
                )
                problem = problem_of(answer)
                known = {
                    (409, "action_not_allowed"),
                    (404, "not_found"),
                    (422, "invalid_body"),
                    (409, "plan_superseded"),
                }
                assert (answer.status_code, problem["code"]) in known, f"{operation.id} {who}: {answer.text}"
                if problem["code"] == "action_not_allowed":
                    assert 1 <= problem["article"] <= 45
                assert answer.status_code != 422, (
                    f"{operation.id} {who}: judged before the table was asked: {answer.text}"
                )
                told[problem["code"]] += 1
    for case in (draft, gone):
        now = await world.read("city.portal", f"/projects/{case.id}")
        assert now.etag == case.etag, "something was stored"
    assert told["action_not_allowed"] > 100, told
    TRIED["moment"] += sum(told.values())


@pytest.mark.long
def test_zz_what_was_tried() -> None:
    """The matrix is not empty (runs last)."""
    print(f"\n错误输入：{dict(TRIED)}，共 {sum(TRIED.values())} 次，{len(DEEDS)} 项操作")
    if TRIED["moment"]:
        for what in (
            "missing",
            "ahead",
            "behind",
            "no_amount",
            "zero",
            "too_much",
            "no_digest",
            "empty",
            "desk",
        ):
            assert TRIED[what], what
