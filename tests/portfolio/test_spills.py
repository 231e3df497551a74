"""Purging a state secret that slipped in (art. 14; law.md, trap 9): two people, everywhere, and nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from service.audit.check import report
from service.audit.jobs import seal
from service.kit import clock
from service.kit.ids import parse_ref
from service.kit.telemetry import Telemetry
from service.monitoring.jobs import fold
from service.portfolio import erasing
from service.portfolio.erasing import purge_spills
from tests.contract import recipes  # noqa: F401 - joins the recipes in their order
from tests.lives import good
from tests.lives import reviews as reviews
from tests.portfolio.spilling import (
    SECRET,
    Planted,
    agreed,
    ask,
    asked_inside,
    delivered,
    on_disk,
    places,
    plant,
    purged,
    spilled_city_case,
    totals_sum,
    upload,
)

__all__ = ["asked_inside"]
pytestmark = pytest.mark.usefixtures("asked_inside")


@pytest.fixture
async def hook(as_user: Any, superuser: Any) -> None:
    """The city's portal is called back of everything."""
    await superuser.execute("DELETE FROM webhook_deliveries")
    await superuser.execute("DELETE FROM webhook_endpoints")
    good(
        await as_user("360100", "administrator")(
            "POST", "/webhooks", {"url": "https://portal.example/hook", "kinds": []}
        )
    )


async def test_art_14_nothing_of_it_is_left_anywhere(
    as_user: Any, build: Any, door: Any, storage: Any, superuser: Any, settings: Any, hook: None
) -> None:
    """Everywhere it went: rows, replies, inbox, feed, callbacks, files. The rest of the world stays as it was."""
    ref = await spilled_city_case(build(kind=Planted), as_user)
    await delivered(door)
    await fold(door)
    written = await plant(superuser, ref)
    before = await places(superuser)
    print("\nfound before:", before)
    expected = {
        "projects",
        "project_drafts",
        "project_versions",
        "project_records",
        "approvals",
        "filings",
        "filing_queries",
        "documents",
        "systems",
        "inbox",
        "event_feed",
        "webhook_deliveries",
        "outbox",
        "idempotency",
        "transitions",
    }
    assert expected <= before.keys()
    assert written <= before.keys()
    assert on_disk(storage)
    digest = await superuser.fetchval(
        "SELECT digest FROM project_versions WHERE project_id = $1", parse_ref(ref).id
    )
    spill = await agreed(as_user, project_id=ref)
    await purged(door, storage)
    assert await places(superuser) == {}
    assert not on_disk(storage)
    await _erased_and_still_proved(as_user, door, superuser, settings, ref, digest, spill)


async def _erased_and_still_proved(
    as_user: Any, door: Any, superuser: Any, settings: Any, ref: Any, digest: Any, spill: Any
) -> None:
    """The case says so, its digest stays, and the chain verifies."""
    case = (await as_user("360100")("GET", f"/projects/{ref}")).json()
    assert (case["name"], case["state"], case["facts"]) == ("（已清除）", "withdrawn", {})
    history = (await as_user("360100")("GET", f"/projects/{ref}/history")).json()
    assert history["transitions"][-1]["details"] == {"purged": spill.partition("-")[2]}
    assert history["versions"][0]["digest"] == digest
    told = (await as_user("360100", "secrecy")("GET", f"/spills/{spill}")).json()
    assert told["state"] == "purged"
    assert told["purged_at"] > told["erased_at"] >= told["confirmed_at"]
    settled = clock.now().replace(year=2099)
    clock.travel(settled)
    try:
        await seal(door, settings, Telemetry())
    finally:
        clock.travel(None)
    assert await report(door, settings) == 0, "the audit chain no longer verifies"
    await fold(door)
    assert await totals_sum(superuser)


async def test_what_the_provincial_review_wrote_goes_too(
    as_user: Any, build: Any, door: Any, storage: Any, superuser: Any
) -> None:
    w = build(kind=Planted)
    case = await reviews.to_budgeted(w)
    await delivered(door)
    written = await plant(superuser, case.id)
    before = await places(superuser)
    assert {
        "appraisals",
        "appraisal_experts",
        "appraisal_scores",
        "joint_reviews",
        "joint_review_opinions",
    } <= written
    assert written <= before.keys()
    spill = good(await ask(as_user, ("360000", "security_admin"), project_id=case.id)).json()["id"]
    good(await as_user("360100", "security_admin")("POST", f"/spills/{spill}/confirm"))
    await purged(door, storage)
    assert await places(superuser) == {}
    for who in (("360000", "office"), ("360100", "gatekeeper"), ("360100", None)):
        told = (await as_user(*who)("GET", "/inbox?limit=1")).json()["items"][0]
        assert told["kind"] == "spill.purged", told
        assert "已经清除" in told["body"]


async def test_another_case_and_its_messages_stay(
    as_user: Any, build: Any, door: Any, storage: Any, superuser: Any
) -> None:
    other = await spilled_city_case(build(kind=Planted), as_user)
    await delivered(door)
    before = await places(superuser)
    gone = await build().submitted()
    await agreed(as_user, project_id=gone.id)
    await purged(door, storage)
    assert {k: v for k, v in (await places(superuser)).items() if k != "outbox"} == {
        k: v for k, v in before.items() if k != "outbox"
    }
    assert (await as_user("360100")("GET", f"/projects/{other}")).json()["name"].startswith(SECRET)
    await agreed(as_user, project_id=other)
    await purged(door, storage)
    assert await places(superuser) == {}


async def test_one_attachment_alone(
    as_user: Any, build: Any, door: Any, storage: Any, superuser: Any
) -> None:
    case = await build().submitted()
    kept = await upload(as_user, case.id, "可以公开".encode(), "说明.txt")
    gone = await upload(as_user, case.id, f"{SECRET}的图纸".encode(), f"{SECRET}.txt")
    assert {"documents", "idempotency"} <= (await places(superuser)).keys()
    await agreed(as_user, document_id=gone)
    await purged(door, storage)
    assert await places(superuser) == {}
    assert not on_disk(storage)
    shown = (await as_user("360100")("GET", f"/projects/{case.id}")).json()
    assert (shown["state"], shown["name"]) == (case.data["state"], case.data["name"])
    items = (await as_user("360100")("GET", f"/projects/{case.id}/documents")).json()["items"]
    assert [each["id"] for each in items] == [kept]
    assert (await as_user("360100")("GET", f"/documents/{gone}/content")).status_code == 404


async def test_one_person_alone_erases_nothing(
    as_user: Any, build: Any, door: Any, storage: Any, superuser: Any
) -> None:
    """The second person is another one, whatever client they come by (our own rule)."""
    case = await build().submitted()
    spill = good(await ask(as_user, project_id=case.id)).json()["id"]
    same = await as_user("360100", "security_admin")("POST", f"/spills/{spill}/confirm")
    assert (same.status_code, same.json()["code"]) == (409, "same_person")
    assert "article" not in same.json(), "two people are our own rule"
    other_client = as_user("360100", "security_admin", client="other")
    assert (await other_client("POST", f"/spills/{spill}/confirm")).status_code == 409
    assert await purge_spills(door, storage) == 0
    assert (await as_user("360100")("GET", f"/projects/{case.id}")).json()["state"] == "submitted"
    good(await as_user("360100", "secrecy")("POST", f"/spills/{spill}/confirm"))
    again = await as_user("360000", "secrecy")("POST", f"/spills/{spill}/confirm")
    assert (again.status_code, again.json()["code"]) == (409, "spill_confirmed")
    await purged(door, storage)


async def test_what_a_request_may_say(as_user: Any, build: Any, superuser: Any) -> None:
    case = await build().submitted()
    asking = as_user("360100", "security_admin")
    count = "SELECT count(*) FROM spills"
    before = await superuser.fetchval(count)
    for body, status in (
        ({"reason": "text"}, 422),
        ({"reason": "text", "project_id": case.id, "document_id": case.id}, 422),
        ({"reason": "雷达站在山洞里", "project_id": case.id}, 422),
        ({"reason": "text", "project_id": case.id, "note": "雷达站"}, 422),
        ({"reason": "text", "project_id": "360200-0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"}, 404),
        ({"reason": "text", "project_id": "360100-0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"}, 404),
    ):
        answer = await asking("POST", "/spills", body)
        assert answer.status_code == status, answer.text
        assert "雷达站" not in answer.text
    assert await superuser.fetchval(count) == before
    good(await ask(as_user, project_id=case.id))
    twice = await ask(as_user, ("360000", "security_admin"), project_id=case.id)
    assert (twice.status_code, twice.json()["code"]) == (409, "spill_open")
    draft = await build().draft()
    hidden = await ask(as_user, ("360000", "security_admin"), project_id=draft.id)
    assert hidden.status_code == 404, "the province does not meet drafts"


async def test_the_office_does_not_hear_of_a_draft(
    as_user: Any, build: Any, door: Any, storage: Any, superuser: Any
) -> None:
    draft = await build(kind=Planted).draft()
    await agreed(as_user, project_id=draft.id)
    await purged(door, storage)
    assert await places(superuser) == {}
    rows = await superuser.fetch(
        "SELECT tenant_id FROM inbox WHERE kind = 'spill.purged' AND strpos(snapshot::text, $1) > 0",
        parse_ref(draft.id).id,
    )
    assert {row["tenant_id"] for row in rows} == {"360100"}


async def test_a_crash_on_the_way_is_made_good(
    as_user: Any, build: Any, door: Any, storage: Any, superuser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are gone and the rows are not: the next pass does the rest, once."""
    case = await build(kind=Planted).submitted()
    await upload(as_user, case.id, SECRET.encode(), "图纸.txt")
    spill = await agreed(as_user, project_id=case.id)
    close = erasing.close

    async def dying(*_: Any) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(erasing, "close", dying)
    with pytest.raises(RuntimeError):
        await purge_spills(door, storage)
    assert not on_disk(storage)
    assert "projects" in await places(superuser), "the rows were rolled back"
    monkeypatch.setattr(erasing, "close", close)
    await purged(door, storage)
    assert await places(superuser) == {}
    steps = await superuser.fetchval(
        "SELECT count(*) FROM transitions WHERE action = 'purge' AND project_id = $1", parse_ref(case.id).id
    )
    told = await superuser.fetchval(
        "SELECT count(*) FROM audit_entries WHERE action = 'spill.purge' AND object_id = $1",
        parse_ref(spill).id,
    )
    assert (steps, told) == (1, 1)


async def test_two_workers_at_once_close_it_once(
    as_user: Any, build: Any, door: Any, storage: Any, superuser: Any
) -> None:
    case = await build(kind=Planted).submitted()
    await agreed(as_user, project_id=case.id)
    await asyncio.gather(*(purge_spills(door, storage) for _ in range(4)), return_exceptions=True)
    steps = await superuser.fetchval(
        "SELECT count(*) FROM transitions WHERE action = 'purge' AND project_id = $1", parse_ref(case.id).id
    )
    assert steps == 1
    await superuser.execute("UPDATE spills SET state = 'purged', purged_at = now() WHERE state = 'confirmed'")


async def test_lists_are_paged_and_keep_to_their_tenant(as_user: Any, build: Any) -> None:
    for _ in range(3):
        good(await ask(as_user, project_id=(await build().submitted()).id))
    caller = as_user("360100", "security_admin")
    first = (await caller("GET", "/spills?state=requested&limit=2")).json()
    assert len(first["items"]) == 2
    rest = (await caller("GET", f"/spills?state=requested&limit=200&cursor={first['next_cursor']}")).json()[
        "items"
    ]
    ids = [each["id"] for each in [*first["items"], *rest]]
    assert len(set(ids)) == len(ids) >= 3
    assert (await as_user("360200", "secrecy")("GET", "/spills")).json()["items"] == []
    assert ids[0] in [
        each["id"] for each in (await as_user("360000", "secrecy")("GET", "/spills")).json()["items"]
    ]
