"""Notices: what each is about, who of a desk has read it, and that a deed done is done for everybody at once."""

from __future__ import annotations

from typing import Any

from service.kit import clock
from service.kit.ids import new_id
from service.setup.seed import user_id
from service.tasks.answered import _asked
from tests.contract.recipes_administration import ISSUER, new_issuer
from tests.contract.recipes_catalogue import _requested
from tests.lives import APPROVAL, REASON, Thing, good
from tests.lives import reviews as r


async def inbox(caller: Any, **params: Any) -> list[dict[str, Any]]:
    answer = good(await caller("GET", "/inbox", params={"limit": "200", **params}))
    return list(answer.json()["items"])


def of(items: list[dict[str, Any]], case: Thing) -> list[tuple[str, Any, Any]]:
    """Of this case; a case alike in the same world may tell of both, and asks nothing."""
    told = [each for each in items if each["project_id"] == case.id and each["kind"] != "suspicion.split"]
    return [(each["kind"], each["asked"], each["done"]) for each in told]


async def test_each_reads_for_himself_and_what_is_done_is_done_for_all(
    build: Any, at: Any, somebody: Any
) -> None:
    """Arts 9, 23: two gatekeepers and an approver; one reads, the other still has it unread until the case moves."""
    at("2026-03-02")
    w = build()
    case = await w.submitted()
    await w.delivered()
    one, other = w.by("city.gatekeeper"), somebody("gatekeeper", user=user_id("360100", "second-keeper"))
    (mine,) = [each for each in await inbox(one, unread="true", open="true") if each["project_id"] == case.id]
    assert mine["object"] == {"kind": "project", "id": case.id, "title": mine["object"]["title"]}
    assert mine["object"]["title"]
    assert (mine["asked"], mine["done"], mine["readers"]) == ("gatekeeping", False, [])
    read = good(await one("POST", f"/inbox/{mine['id']}/read")).json()
    assert (read["read_by"], read["done"]) == ("user:360100:gatekeeper", False)
    assert of(await inbox(one, unread="true"), case) == []
    assert of(await inbox(one, open="true"), case) == [("project.submitted", "gatekeeping", False)]
    (theirs,) = [each for each in await inbox(other, unread="true") if each["project_id"] == case.id]
    assert theirs["read_at"] is None
    assert [each["by"] for each in theirs["readers"]] == ["user:360100:gatekeeper"]
    passed = await w.step(case, "city.gatekeeper", "gatekeeping/pass", case.opinions())
    for who in (one, other):
        assert of(await inbox(who, open="true"), case) == []
        assert of(await inbox(who, unread="true"), case) == []
    assert ("project.submitted", "gatekeeping", True) in of(await inbox(other, open="false"), case)
    await w.delivered()
    approver = w.by("city.approver")
    assert of(await inbox(approver, open="true"), case) == [("project.gatekept", "approving", False)]
    done = await w.step(passed, "city.approver", "approve", APPROVAL)
    assert of(await inbox(approver, open="true"), case) == []
    await w.delivered()
    assert of(await inbox(one, open="true"), case) == [("project.approved", "filing", False)]
    good(await one("POST", f"/projects/{case.id}/file", {}, etag=done.etag))
    assert of(await inbox(one, open="true"), case) == []


async def test_a_case_that_comes_back_asks_by_its_new_notice(build: Any, at: Any) -> None:
    """Art. 14: returned and declared again; the first notice stays done, the second asks."""
    at("2026-03-02")
    w = build()
    case = await w.submitted()
    returned = await w.step(case, "city.gatekeeper", "gatekeeping/return", REASON)
    await w.delivered()
    portal = w.by("city.portal")
    assert of(await inbox(portal, open="true"), case) == [("project.returned", "returned", False)]
    at("2026-03-03")
    await w.step(returned, "city.portal", "submit", {})
    await w.delivered()
    assert of(await inbox(portal, open="true"), case) == []
    keeper = await inbox(w.by("city.gatekeeper"), kind="project.submitted")
    assert of(keeper, case) == [
        ("project.submitted", "gatekeeping", False),
        ("project.submitted", "gatekeeping", True),
    ]


async def test_an_expert_opens_his_own_assignment(build: Any, at: Any) -> None:
    """Art. 18: each drawn expert's notice leads to his own assignment, and is done by his own score alone."""
    at("2026-03-02")
    w = build()
    case = await w.with_province()
    await w.delivered()
    office = w.by("province.office")
    assert of(await inbox(office, open="true"), case) == [("project.handed_over", "provincial_review", False)]
    await r.drawn(w, case)
    await w.delivered()
    assert of(await inbox(office, open="true"), case) == []
    seats = await r.assigned(w, case)
    (first, mine), *others = seats.items()

    async def waits(login: str) -> set[str]:
        found = await inbox(await r.as_expert(w, "province", login), open="true")
        return {each["object"]["id"] for each in found if each["object"]["kind"] == "assignment"}

    assert mine in await waits(first)
    good(await (await r.as_expert(w, "province", first))("POST", f"/assignments/{mine}/score", r.sheet()))
    assert mine not in await waits(first)
    for login, assignment in others:
        assert assignment in await waits(login)


async def test_an_adoption_leads_to_what_each_side_opens(build: Any, at: Any) -> None:
    """Arts 3, 23: the city confirms an adoption, the provider opens a provision; each is done when that is done."""
    at("2026-03-02")
    w = build()
    asked = await _requested(w)
    await w.delivered()
    keeper, provider = w.by("city.gatekeeper"), w.by("city.app_provider")

    async def waits(caller: Any) -> list[tuple[str, str]]:
        found = await inbox(caller, open="true")
        return [
            (each["object"]["kind"], each["object"]["id"])
            for each in found
            if asked.id == each["object"]["id"]
        ]

    assert await waits(keeper) == [("adoption", asked.id)]
    done = await w.made("city.gatekeeper", f"/adoptions/{asked.id}/confirm", {}, etag=asked.etag)
    assert done
    assert await waits(keeper) == []
    await w.delivered()
    assert await waits(provider) == [("provision", asked.id)]
    opened = await w.read("city.app_provider", f"/provisions/{asked.id}")
    await w.made("city.app_provider", f"/provisions/{asked.id}/provision", {}, etag=opened.etag)
    assert await waits(provider) == []


async def test_a_proposed_sign_in_is_done_when_confirmed_or_refused(build: Any, at: Any) -> None:
    """Refused, proposed again and confirmed: each notice asks until its own proposal is decided."""
    at("2026-03-02")
    w = build()
    asked, guard = await new_issuer(w), w.by("city.security_admin")

    async def told() -> list[tuple[Any, Any]]:
        await w.delivered()
        found = await inbox(guard, kind="issuer.proposed")
        return [(each["asked"], each["done"]) for each in found if each["object"]["id"] == asked.id]

    path = f"/issuers/{asked.id}"
    assert await told() == [("issuer_confirmation", False)]
    no = good(await guard("POST", f"{path}/confirm", {"accepted": False, "note": "须改"}, etag=asked.etag))
    assert await told() == [("issuer_confirmation", True)]
    body = {"settings": {**ISSUER, "login_claim": "account"}}
    again = good(await w.by("city.administrator")("PATCH", path, body, etag=no.headers["etag"]))
    assert await told() == [("issuer_confirmation", False), ("issuer_confirmation", True)]
    good(await guard("POST", f"{path}/confirm", {}, etag=again.headers["etag"]))
    assert await told() == [("issuer_confirmation", True)] * 2


async def test_marking_all_is_for_oneself(build: Any, at: Any, somebody: Any) -> None:
    at("2026-03-05")
    w = build()
    case = await w.submitted()
    await w.delivered()
    one, other = (
        w.by("city.gatekeeper"),
        somebody("gatekeeper", user=user_id("360100", "third-keeper")),
    )
    assert good(await one("POST", "/inbox/read-all", {})).json()["marked"] >= 1
    assert of(await inbox(one, unread="true"), case) == []
    assert of(await inbox(other, unread="true"), case) == [("project.submitted", "gatekeeping", False)]


def test_what_names_nothing_is_not_looked_up() -> None:
    """A notice of a kind whose object is not told: listed as it is, never a failure of the inbox."""
    row = {
        "id": new_id(),
        "asked": "workbook_confirmation",
        "at": clock.now(),
        "project_id": None,
        "object_id": None,
    }
    for kind in (None, "project", "workbook", "client", "adoption"):
        assert _asked({**row, "object_kind": kind}) is None
    gone = {**row, "object_kind": "workbook", "object_id": "no id"}
    assert _asked(gone) is None
