"""Where one tenant's rows cannot be read, the others are served, and it is refused (docs/decisions/0278)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from service.identity.revoking import RevocationPoller, revoke, token_subject
from service.kit import clock
from service.kit.authn import Revocations
from service.kit.db import Door, tenant_scope
from tests.conftest import Caller

HERE, GONE = "360100", "360200"


class _OneMachineLess:
    """The door to a database whose rows of one tenant lie on a machine that does not answer."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.whole, self.gone = 0, GONE

    async def fetch(self, scope: Any, statement: Any, **params: Any) -> Any:
        if self.gone and "since" in params and params.get("tenant_id", self.gone) == self.gone:
            self.whole += "tenant_id" not in params
            raise OSError("no route to host")
        return await self._door.fetch(scope, statement, **params)


@pytest.fixture
def broken(app: Any, door: Door) -> Iterator[_OneMachineLess]:
    poller = app.app.state.services.shelf[RevocationPoller]
    kept, poller._door = poller._door, _OneMachineLess(door)
    yield poller._door
    poller._door = kept


async def _me(call: Caller) -> tuple[int, str]:
    answer = await call("GET", "/me")
    return answer.status_code, answer.json().get("code", "")


async def test_a_tenant_whose_cuts_cannot_be_read_is_refused_and_the_others_are_served(
    app: Any, door: Door, broken: _OneMachineLess, as_user: Any, person: Any, client: httpx.AsyncClient
) -> None:
    shelf = app.app.state.services.shelf
    here, gone, who = as_user(HERE), as_user(GONE), await person("unit")
    caller = Caller(client, who.token)
    assert await _me(caller) == (200, "")
    shelf[Revocations].replace({}, 0.0)  # as five seconds later
    assert await _me(here) == (200, "")
    assert await _me(gone) == (503, "revocations_stale")
    assert (await client.get("/readyz")).status_code == 200
    async with door.transaction(tenant_scope(HERE)) as tx:  # by another process
        revoke(tx, Revocations(), HERE, [token_subject(_id_of(who.token))])
    await shelf[RevocationPoller].load()
    assert await _me(caller) == (401, "token_revoked")
    assert broken.whole == 1, "not asked for all again while one is missing"
    broken.gone = ""
    await shelf[RevocationPoller].load()
    assert await _me(gone) == (200, "")
    await shelf[RevocationPoller].load()
    assert not shelf[Revocations]._apart, "all by one statement again"
    assert not shelf[Revocations].stale(clock.timestamp(), GONE)


async def test_where_no_tenant_can_be_read_the_load_fails(door: Door) -> None:
    less, revocations = _OneMachineLess(door), Revocations()
    poller = RevocationPoller(less, revocations, clock.timestamp)  # type: ignore[arg-type]

    async def nothing(scope: Any, statement: Any, **params: Any) -> Any:
        if "since" in params:
            raise OSError("no route to host")
        return await door.fetch(scope, statement, **params)

    less.fetch = nothing  # type: ignore[method-assign]
    with pytest.raises(OSError):
        await poller.start()
    assert revocations.stale(clock.timestamp(), HERE)


def _id_of(token: str) -> str:
    import jwt

    return str(jwt.decode(token, options={"verify_signature": False})["jti"])
