"""Tokens that must die: at once here, within five seconds in every other process."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from service.identity import queries
from service.identity.models import revocations as table
from service.identity.revoking import MARGIN, RevocationPoller, revoke, user_subject
from service.identity.tokens import TokenService
from service.kit import clock
from service.kit.authn import Revocations
from service.kit.db import RELAY, Door, tenant_scope
from service.kit.ids import new_id
from service.kit.statements import Statement
from service.kit.telemetry import Telemetry
from service.portfolio.retention import Retention
from service.settings import Settings
from tests.conftest import Caller
from tests.identity.conftest import TENANT, offices_today, serving


async def test_disabling_ends_tokens_at_once_and_enabling_gives_new_ones(
    admin: Caller, person: Any, me: Any, demo: Any
) -> None:
    who = await person("unit")
    assert await me(who.token) == 200
    off = await admin("PATCH", f"/users/{who.id}", {"disabled": True}, etag=who.etag)
    assert off.status_code == 200, off.text
    assert off.json()["disabled_at"] is not None
    assert await me(who.token) == 401
    assert (await demo(TENANT, who.login)).status_code == 400
    on = await admin("PATCH", f"/users/{who.id}", {"disabled": False}, etag=off.headers["etag"])
    assert on.json()["disabled_at"] is None
    assert await me(who.token) == 401
    fresh = (await demo(TENANT, who.login)).json()["access_token"]
    assert await me(fresh) == 200, "a token issued on the new state is dated after the cut"


async def test_grants_and_moves_end_tokens(admin: Caller, person: Any, me: Any, demo: Any) -> None:
    who = await person("gatekeeper")
    assert (await admin("DELETE", f"/users/{who.id}/roles/gatekeeper")).status_code == 200
    assert await me(who.token) == 401
    assert (await demo(TENANT, who.login)).status_code == 400, "no role, no token"
    granted = await admin("PUT", f"/users/{who.id}/roles/approver")
    token = (await demo(TENANT, who.login)).json()["access_token"]
    assert await me(token) == 200
    again = await admin("PUT", f"/users/{who.id}/roles/approver")
    assert again.headers["etag"] == granted.headers["etag"]
    assert await me(token) == 200, "nothing changed, nothing ends"
    there = await offices_today(admin)
    other = next(each["office_id"] for each in there if each["id"] != granted.json()["office"])
    moved = await admin("PATCH", f"/users/{who.id}", {"office_id": other}, etag=granted.headers["etag"])
    assert moved.status_code == 200, moved.text
    assert await me(token) == 401


async def test_an_ended_office_ends_the_tokens_of_its_people(
    admin: Caller, person: Any, me: Any, demo: Any
) -> None:
    made = await admin(
        "POST",
        "/offices",
        {
            "name": f"临时单位{new_id()}",
            "tier": "city",
            "division": TENANT,
            "office_kind": "administrative",
            "valid_from": "2024-01-01",
        },
    )
    who = await person("unit", office=made.json()["id"])
    today = clock.legal_day(clock.now())
    over = {"valid_to": str(today), "people": "end"}
    ends = await admin("PATCH", f"/offices/{made.json()['id']}", over, etag=made.headers["etag"])
    assert ends.status_code == 200, ends.text
    assert await me(who.token) == 401
    assert (await demo(TENANT, who.login)).status_code == 400
    new = {"login": f"n{new_id()[-8:]}", "name": "某人", "office_id": made.json()["office_id"]}
    refused = await admin("POST", "/users", new)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/office_id")
    back = await admin(
        "PATCH", f"/offices/{made.json()['id']}", {"valid_to": None}, etag=ends.headers["etag"]
    )
    assert back.status_code == 200
    assert (await demo(TENANT, who.login)).status_code == 400, (
        "the account ended with the office, and by itself"
    )
    off = await admin("GET", f"/users/{who.id}")
    await admin("PATCH", f"/users/{who.id}", {"disabled": False}, etag=off.headers["etag"])
    assert (await demo(TENANT, who.login)).status_code == 200


async def test_a_token_ends_with_its_office(admin: Caller, person: Any, demo: Any, monkeypatch: Any) -> None:
    """Also one issued shortly before the last midnight."""
    made = await admin(
        "POST",
        "/offices",
        {
            "name": f"将撤单位{new_id()}",
            "tier": "city",
            "division": TENANT,
            "office_kind": "administrative",
            "valid_from": "2024-01-01",
            "valid_to": "2099-01-01",
        },
    )
    who = await person("unit", office=made.json()["id"])
    midnight = datetime(2098, 12, 31, 16, tzinfo=UTC).timestamp()  # 2099-01-01 in Shanghai
    issued: list[float] = []
    real = TokenService._issue

    def issue(self: Any, *args: Any, **more: Any) -> Any:
        self._clock, before = (lambda: midnight - 600.5), self._clock
        try:
            answer = real(self, *args, **more)
            issued.append(answer.expires_in)
            return answer
        finally:
            self._clock = before

    monkeypatch.setattr(TokenService, "_issue", issue)
    assert (await demo(TENANT, who.login)).status_code == 200
    assert issued == [600]


async def test_revoke_endpoint(client: httpx.AsyncClient, person: Any, me: Any) -> None:
    who = await person("unit")
    url = "/api/v1/oauth/revoke"
    first = await client.post(url, headers={"authorization": f"Bearer {who.token}"})
    assert (first.status_code, first.content) == (200, b"")
    assert await me(who.token) == 401
    for header in ({"authorization": f"Bearer {who.token}"}, {"authorization": "Bearer nonsense"}):
        assert (await client.post(url, headers=header)).status_code == 200
    for form in (None, {"token": ""}):  # a variable that was never set: told, since nothing has been ended
        assert (await client.post(url, data=form)).json()["code"] == "invalid_client"


async def test_another_process_learns_by_its_next_look(
    settings: Settings, person: Any, client: httpx.AsyncClient, me: Any
) -> None:
    async with serving(settings) as elsewhere:
        who = await person("unit")
        other = Caller(elsewhere, who.token)
        assert (await other("GET", "/me")).status_code == 200
        await client.post("/api/v1/oauth/revoke", headers={"authorization": f"Bearer {who.token}"})
        assert await me(who.token) == 401
        while (await other("GET", "/me")).status_code == 200:
            await asyncio.sleep(0.05)  # its next look: INTERVAL, and STALE_SECONDS if it cannot look
        assert (await other("GET", "/me")).json()["code"] == "token_revoked"


async def test_a_load_that_began_before_the_commit_does_not_undo_it(door: Door) -> None:
    revocations = Revocations()
    subject = user_subject(TENANT, new_id())
    load = revocations.begin()
    async with door.transaction(tenant_scope(TENANT)) as tx:
        revoke(tx, revocations, TENANT, [subject])
        assert subject not in revocations._cuts, "not before the commit"
    revocations.replace({}, clock.timestamp(), load)
    assert subject in revocations._cuts
    poller = RevocationPoller(door, revocations, clock.timestamp)
    await poller.load()
    assert revocations._cuts[subject] > clock.timestamp() - 1
    assert revocations._own == {}


async def test_loads_do_not_overlap(door: Door) -> None:
    """An older list that comes after a newer one would undo what was revoked between them."""
    revocations = Revocations()
    poller = RevocationPoller(door, revocations, clock.timestamp)
    loads: list[int] = []
    plain = revocations.replace

    def noted(mapping: Any, loaded_at: float, load: int | None = None) -> None:
        assert load == revocations._loads, "no other load began meanwhile"
        loads.append(load)
        plain(mapping, loaded_at, load)

    revocations.replace = noted  # type: ignore[method-assign]
    await asyncio.gather(*(poller.load() for _ in range(5)))
    assert loads == [1, 2, 3, 4, 5]


async def test_a_further_cut_outruns_the_tokens_issued_after_the_last(
    door: Door, admin: Caller, person: Any, demo: Any, me: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token on the new state is dated past the cut; a clock that went back must not save it from the next cut."""
    who = await person("gatekeeper")
    await admin("DELETE", f"/users/{who.id}/roles/gatekeeper")
    etag = (await admin("PUT", f"/users/{who.id}/roles/approver")).headers["etag"]
    token = (await demo(TENANT, who.login)).json()["access_token"]
    assert await me(token) == 200
    real = clock.timestamp
    monkeypatch.setattr(clock, "timestamp", lambda: real() - 4)
    off = await admin("PATCH", f"/users/{who.id}", {"disabled": True}, etag=etag)
    assert off.status_code == 200, off.text
    assert await me(token) == 401
    others = Revocations()
    await RevocationPoller(door, others, clock.timestamp).load()
    assert others._cuts[user_subject(TENANT, who.id.partition("-")[2])] > real()


async def test_a_failed_command_revokes_nobody(door: Door) -> None:
    revocations = Revocations()
    with pytest.raises(RuntimeError):
        async with door.transaction(tenant_scope(TENANT)) as tx:
            revoke(tx, revocations, TENANT, [user_subject(TENANT, new_id())])
            raise RuntimeError
    assert revocations._cuts == {}


async def test_the_list_goes_stale_without_a_database_and_forgets_the_old(door: Door) -> None:
    revocations = Revocations()
    fixed = RevocationPoller(door, revocations, lambda: clock.timestamp() - 600)
    await fixed.load()
    assert revocations.stale(clock.timestamp())
    old = user_subject(TENANT, new_id())
    long_ago = clock.timestamp() - 3 * 3600
    async with door.transaction(tenant_scope(TENANT)) as tx:
        revoke(tx, revocations, TENANT, [old], long_ago)
    await Retention().purge(door, Telemetry())
    subjects = [row["subject"] for row in await door.fetch(RELAY, Statement(select(table.c.subject)))]
    assert old not in subjects


async def test_the_cut_of_a_user_is_read_with_his_login(door: Door, person: Any) -> None:
    who = await person("unit")
    row = await door.row(tenant_scope(TENANT), queries.LOGIN, tenant_id=TENANT, login=who.login)
    assert row is not None
    assert row["cut"] - clock.now() < MARGIN
