"""What an operation prepares before BEGIN: given to its command, never in the way of a stored reply."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from msgspec import Struct
from sqlalchemy import func, literal_column, select

from service import app as joined
from service.kit.api import Again, Answer, Call, operation
from service.kit.db import Tx, own
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.statements import Statement
from tests.worlds import Caller, running, token_maker

SETTING = Statement(
    select(func.coalesce(func.current_setting("app.scope", literal_column("true")), "").label("v"))
)


class Said(Struct):
    """What the probe answers."""

    found: str
    scope: str


class Probe:
    """An operation that counts its preparing, and does what the test tells it to."""

    def __init__(self) -> None:
        self.prepared = 0
        self.refuse: Exception | None = None
        self.refuse_command: Exception | None = None

    async def prepare(self, call: Call) -> str:
        self.prepared += 1
        await call.door.fetch(own(call.principal), SETTING)
        if self.refuse is not None:
            raise self.refuse
        return f"prepared {self.prepared}"

    async def command(self, call: Call, tx: Tx) -> Answer:
        """Answers what was found."""
        if self.refuse_command is not None:
            error, self.refuse_command = self.refuse_command, None
            raise error
        row = await tx.row(SETTING)
        assert row is not None
        return Answer(Said(call.found, row["v"]))


@pytest.fixture
def probe() -> Probe:
    return Probe()


@pytest.fixture
async def caller(settings: Any, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Caller]:
    async def command(call: Call, tx: Tx) -> Answer:
        return await probe.command(call, tx)

    route = operation(
        "POST",
        "/probe",
        resource="project",
        action="declare",
        summary="试",
        tag="projects",
        answer=Said,
        before=probe.prepare,
    )(command)
    monkeypatch.setattr(joined, "API_ROUTES", [*joined.API_ROUTES, route])
    async with running(settings) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield Caller(client, token_maker(settings)("360100"))


async def test_the_command_finds_what_was_prepared_in_its_own_scope(caller: Caller) -> None:
    answer = await caller("POST", "/probe")
    assert answer.json() == {"found": "prepared 1", "scope": "360100/*/~portal"}


async def test_a_command_that_runs_again_is_prepared_again(caller: Caller, probe: Probe) -> None:
    async def caught_up() -> None:
        return None

    probe.refuse_command = Again(caught_up)
    answer = await caller("POST", "/probe")
    assert (answer.status_code, answer.json()["found"]) == (200, "prepared 2")


@pytest.mark.parametrize("status", [422, 503])
async def test_a_stored_reply_is_replayed_whatever_preparing_says(
    caller: Caller, probe: Probe, status: int
) -> None:
    key = {"idempotency-key": new_id()}
    first = await caller("POST", "/probe", headers=dict(key))
    probe.refuse = ServiceError(status, "no", "否")
    again = await caller("POST", "/probe", headers=dict(key))
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    fresh = await caller("POST", "/probe")
    assert (fresh.status_code, fresh.json()["code"]) == (status, "no")


async def test_preparing_that_meets_no_database_is_unavailable(caller: Caller, probe: Probe) -> None:
    probe.refuse = ConnectionRefusedError("gone")
    answer = await caller("POST", "/probe")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
