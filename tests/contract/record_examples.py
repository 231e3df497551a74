"""`make examples`: plays every operation of the document once and writes what was answered into openapi/recorded.json.

`make examples ONLY="documents_upload offices_read"` plays these alone and keeps the rest. A test by form only, since
the worlds and recipes are those of the tests; `make test` does not collect it.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any

import httpx

from service.docs.document import RECORDED
from service.kit.clock import legal_day, now
from service.settings import Settings
from tests import factories
from tests.contract import recorded
from tests.contract.conftest import call
from tests.contract.operations import BY_ID, OPERATIONS, Operation
from tests.contract.recipes import RECIPES, prepare
from tests.contract.test_permissions import bare
from tests.lives import FOREIGN, People, Ready, World
from tests.signin.test_hand_over import assertion, registered

PROBLEM = "application/problem+json"
STRANGERS = ("city.auditor", "city.unit", "city.secrecy")


def is_json(operation: Operation) -> bool:
    return any(
        "application/json" in told.get("content", {})
        for status, told in operation.doc["responses"].items()
        if status.startswith("2")
    )


class Recorder:
    """What was answered: per operation and status the first, per code of a problem the first."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.answers: dict[str, Any] = kept["answers"]
        self.problems: dict[str, Any] = kept["problems"]

    def note(self, operation: Operation, answer: httpx.Response) -> bool:
        """Whether it is a good answer that shows something."""
        media = answer.headers.get("content-type", "").partition(";")[0]
        if media == PROBLEM:
            told = answer.json()
            self.problems.setdefault(told["code"], recorded.settled(told, legal_day(now())))
            return False
        if not answer.is_success or media != "application/json":
            return answer.is_success
        body = recorded.settled(recorded.shortened(answer.json()), legal_day(now()))
        shows = not (isinstance(body, dict) and body.get("items") == [])
        at = self.answers.setdefault(operation.id, {})
        if shows or str(answer.status_code) not in at:
            at[str(answer.status_code)] = body
        return shows


async def _ready(operation: Operation, world: World) -> Ready:
    """As prepared; of what takes a paper, the paper."""
    if operation.id == "papers_verify_file":
        filing = await world.filed()
        paper = await world.by("city.portal")("GET", f"/filings/{filing.id}/receipt.pdf")
        return Ready("city.portal", headers={"content-type": "application/pdf"}, content=paper.content)
    return await prepare(operation, world)


async def _of_nobody(
    operation: Operation, world: World, find: People, settings: Settings
) -> httpx.Response | None:
    """A token, a person whom a portal hands over, a well-known address; None for what somebody with a token asks."""
    client = world.by("city.portal").client
    if operation.id == "oauth_token":
        body = {"grant_type": "urn:tongjian:grant:development", "username": "360100/unit"}
        return await client.post("/api/v1/oauth/token", data=body)
    if operation.id == "oauth_metadata":
        return await client.get(operation.path)
    if operation.id != "oauth_hand_over":
        return None
    await registered(lambda tenant, login: find(tenant, f"city.{login}"))
    body = {"assertion": assertion(settings, "unit"), "to": "/console"}
    return await client.post("/api/v1/oauth/hand-over", data=body)


async def _played(operation: Operation, world: World, find: People, notes: Recorder) -> None:
    """The owner's call; again what a list shows to others, while it shows nothing; and what is refused."""
    ready = await _ready(operation, world)
    caller = world.by(ready.who)
    if "dry_run" in operation.query_names:  # answered otherwise than what is done
        notes.note(operation, await call(caller, operation, replace(ready, query={"dry_run": "true"})))
    answer = await call(caller, operation, ready)
    shown = notes.note(operation, answer)
    if operation.id not in RECIPES:
        for who in operation.may[1:]:
            if shown:
                break
            shown = notes.note(operation, await call(find(world.tenant, who), operation, ready))
    if operation.unsafe:
        again = (
            replace(ready, etag=answer.headers.get("etag", ready.etag)) if operation.conditional else ready
        )
        notes.note(operation, await call(caller, operation, again))
        notes.note(operation, await call(caller, operation, ready))
    if operation.path_names:
        notes.note(operation, await call(find(FOREIGN, ready.who), operation, ready))
    await _refused(operation, ready, world, find, notes)


async def _refused(operation: Operation, ready: Ready, world: World, find: People, notes: Recorder) -> None:
    caller, (method, path) = world.by(ready.who), bare(operation)
    if operation.permission:
        notes.note(operation, await caller.client.request(method, path))
        closed = next((who for who in STRANGERS if who not in operation.may), None)
        if closed is not None and "forbidden" not in notes.problems:
            notes.note(operation, await find(world.tenant, closed)(method, path))
    if operation.method == "GET" and not operation.path_names:
        wrong_query = replace(ready, query={"nonsense": "1"})
        notes.note(operation, await call(caller, operation, wrong_query))
    if operation.conditional:
        notes.note(operation, await call(caller, operation, Ready(ready.who, ready.path, ready.body)))
        notes.note(
            operation, await call(caller, operation, Ready(ready.who, ready.path, ready.body, '"999"'))
        )
    if ready.body is not None:
        wrong = (
            {"nonsense": True, "name": "绝密★"} if operation.id == "projects_create" else {"nonsense": True}
        )
        notes.note(operation, await call(caller, operation, Ready(ready.who, ready.path, wrong, ready.etag)))


async def _keys(world: World, notes: Recorder) -> None:
    """What a client's keys of idempotency are refused for."""
    create, portal = BY_ID["projects_create"], world.by("city.portal")
    body = factories.draft(world.tenant)
    for name in ("甲系统", "乙系统"):
        headers = {"idempotency-key": "one-key-for-two"}
        notes.note(create, await portal("POST", "/projects", {**body, "name": name}, headers=headers))
    bearer = {"authorization": f"Bearer {portal.token}"}
    notes.note(create, await portal.client.post("/api/v1/projects", json=body, headers=bearer))


async def test_record(world: World, find: People, settings: Settings) -> None:
    only = os.environ.get("ONLY", "").split()
    listed = {operation.id: operation for operation in filter(is_json, OPERATIONS)}
    before = json.loads(RECORDED.read_bytes()) if only else {"answers": {}, "problems": {}}
    again = set(only) or set(listed)
    kept = {name: told for name, told in before["answers"].items() if name in listed.keys() - again}
    notes = Recorder({"answers": kept, "problems": before["problems"]})
    await world.asked()
    await world.with_province()
    await world.delivered()
    await _keys(world, notes)
    for operation in sorted(
        (listed[name] for name in again), key=lambda each: (each.method == "GET", each.id)
    ):
        if (answer := await _of_nobody(operation, world, find, settings)) is not None:
            notes.note(operation, answer)
        else:
            await _played(operation, world, find, notes)
    RECORDED.write_text(recorded.written_down(notes.answers, notes.problems), encoding="utf-8")
    assert listed.keys() == notes.answers.keys()
