"""An operation called inside answers as it does over HTTP: the same guard, decoding, stored reply, tag and refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from service.kit.authn import Principal, Verifier
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.inside import Ask, Inside
from tests.factories import draft
from tests.worlds import Caller


@pytest.fixture
def inside(app: Any) -> Inside:
    found: Inside = app.app.state.services.shelf[Inside]
    return found


@pytest.fixture
def who(app: Any, token: Callable[..., str]) -> Callable[..., Principal]:
    verifier: Verifier = app.verifier
    return lambda *person: verifier.authenticate(f"Bearer {token(*person)}")


async def refused(inside: Inside, ask: Ask) -> ServiceError:
    with pytest.raises(ServiceError) as told:
        await inside.reply(ask)
    return told.value


async def test_a_case_is_made_once_read_alike_and_guarded(
    inside: Inside, who: Callable[..., Principal], as_user: Callable[..., Caller]
) -> None:
    unit = who("360100", "unit")
    make = Ask(unit, "projects_create", body=msgspec.json.encode(draft()), key=new_id())
    first = await inside.reply(make)
    again = await inside.reply(make)
    assert first.status == 201 and again.body == first.body and again.headers["idempotent-replayed"] == "true"
    ref = msgspec.json.decode(first.body)["id"]

    read = await inside.reply(Ask(unit, "projects_read", path={"ref": ref}))
    over_http = await as_user("360100", "unit")("GET", f"/projects/{ref}")
    assert read.body == over_http.content and read.headers["etag"] == over_http.headers["etag"]

    foreign = who("360200", "unit")
    assert (await refused(inside, Ask(foreign, "projects_read", path={"ref": ref}))).status == 404
    county = who("360100", "360121.user")
    forbidden = await refused(inside, Ask(county, "projects_gatekeep_pass", path={"ref": ref}, body=b"{}"))
    assert (forbidden.status, forbidden.code) == (403, "forbidden")
    missing = await refused(inside, Ask(unit, "projects_submit", path={"ref": ref}, body=b"{}", key=new_id()))
    assert missing.status == 428
    stale = Ask(unit, "projects_submit", path={"ref": ref}, body=b"{}", key=new_id(), if_match='"7"')
    assert (await refused(inside, stale)).status == 412
    wrong = Ask(unit, "projects_create", body=b'{"name": 3}', key=new_id())
    assert (await refused(inside, wrong)).status == 422


async def test_query_parts_of_the_path_and_unknown_names(
    inside: Inside, who: Callable[..., Principal]
) -> None:
    unit = who("360100", "unit")
    listed = await inside.reply(Ask(unit, "projects_list_page", query=[("limit", "1")]))
    assert len(msgspec.json.decode(listed.body)["items"]) <= 1
    bad = await refused(inside, Ask(unit, "projects_list_page", query=[("nothing", "1")]))
    assert (bad.status, bad.code) == (400, "invalid_query")
    for number in ("x", "", "1/2"):
        odd = Ask(unit, "projects_version", path={"ref": "360100-x", "number": number})
        assert (await refused(inside, odd)).status == 404
    assert inside.spec("nothing_here") is None and not inside.may(unit, "nothing_here")
    assert inside.may(unit, "projects_create") and not inside.may(unit, "projects_gatekeep_pass")
    with pytest.raises(LookupError):
        await inside.reply(Ask(unit, "nothing_here"))
