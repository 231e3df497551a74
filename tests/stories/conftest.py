"""A world of its own for the stories, with the worker's relay by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import pytest

from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.clock import legal_day
from service.kit.db import RELAY, Door
from service.kit.ids import new_id
from service.kit.telemetry import Telemetry
from service.obligations import jobs as obligations
from service.obligations.queries import TENANTS
from service.settings import Settings
from service.setup.seed import PROVINCE, office_id
from tests.contract import recipes  # noqa: F401 - whole, before a story takes one of its parts
from tests.lives.worker import carried
from tests.stories.teller import Tools
from tests.worlds import Caller, world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    return partial(carried, door)


def officer(settings: Settings, tenant: str, role: str, office: str) -> str:
    """A token of somebody the seed does not know, in one of its offices."""
    assert settings.signing_keys_file is not None
    tier = "province" if tenant == PROVINCE else "city"
    return issue_token(
        keys.load(settings.signing_keys_file),
        issuer=settings.issuer,
        audience=settings.audience,
        now=clock.timestamp(),
        tenant=tenant,
        tier=tier,
        roles=(role,),
        user=new_id(),
        login=f"{role}.{office}",
        office=office_id(tenant, tenant, office),
    )


@pytest.fixture
def tools(
    as_user: Callable[..., Any],
    relay: Callable[[], Awaitable[int]],
    door: Door,
    client: Any,
    settings: Settings,
) -> Iterator[Tools]:
    """What a story needs; its journey through time ends with it."""

    async def look(tenant: str) -> None:
        """The worker's daily look at what is due, in this tenant."""
        today = legal_day(clock.now())
        others = {row["tenant_id"]: today for row in await door.fetch(RELAY, TENANTS)}
        del others[tenant]
        await obligations.sweep(door, Telemetry(), others)

    def caller(tenant: str, login: str | None = None) -> Caller:
        """A seeded person; `department@<office>` is a declarer of another provincial department."""
        name, _, office = (login or "").partition("@")
        if not office:
            return as_user(tenant, login)
        return Caller(client, officer(settings, tenant, name, office))

    yield Tools(caller, relay, look)
    clock.travel(None)
