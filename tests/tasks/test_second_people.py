"""What is no case: adoptions, provisions, what waits for a second person; two roles; pages; the words of it all."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.ids import new_id
from service.tasks.queues import DEEDS
from service.vocabulary import names
from tests.contract import operations, recipes
from tests.contract.recipes_catalogue import _confirmed, _requested
from tests.factories import answered, draft
from tests.lives import Ready, World, good
from tests.lives import reviews as r


async def queue(caller: Any, **params: Any) -> list[dict[str, Any]]:
    return list(good(await caller("GET", "/tasks", params={"limit": 200, **params})).json()["items"])


def test_every_queue_has_its_words_and_its_deeds() -> None:
    """Labels for all, and deeds that there are."""
    known = {each.id for each in operations.OPERATIONS}
    assert set(DEEDS) == set(names("task_queue"))
    assert {deed for deeds in DEEDS.values() for deed in deeds} <= known


def test_whatever_a_second_person_confirms_waits_in_a_queue() -> None:
    """Nobody finds by luck what waits for him."""
    waiting = {deed for deeds in DEEDS.values() for deed in deeds}
    confirming = {each.id for each in operations.OPERATIONS if "confirm" in each.id.split("_")}
    assert len(confirming) > 8 and confirming <= waiting, confirming - waiting


async def test_an_adoption_waits_for_the_city_then_for_the_provider(build: Any) -> None:
    """Arts 5, 23."""
    w: World = build()
    asked = await _requested(w)
    (mine,) = [
        each for each in await queue(w.by("city.gatekeeper"), queue="adoption") if each["id"] == asked.id
    ]
    assert (mine["kind"], mine["project_id"], mine["due"], mine["version"]) == ("adoption", None, None, 1)
    assert "：" in mine["name"]
    done, provision = await _confirmed(w)
    assert done.id not in {each["id"] for each in await queue(w.by("city.gatekeeper"), queue="adoption")}
    (open_,) = [each for each in await queue(w.by("city.app_provider")) if each["id"] == provision.id]
    assert (open_["queue"], open_["operation_ids"][0]) == ("provision", "adoptions_provision")
    await w.made("city.app_provider", f"/provisions/{provision.id}/provision", {}, etag=provision.etag)
    assert provision.id not in {each["id"] for each in await queue(w.by("city.app_provider"))}


@pytest.mark.parametrize(
    ("recipe", "kind"),
    [
        ("clients_confirm", "client"),
        ("issuers_confirm", "issuer"),
        ("spills_confirm", "spill"),
        ("library_confirm_import", "library_import"),
        ("rounds_declaration_confirm", "declaration_round"),
        ("rulebook_amendment_confirm", "amendment"),
        ("suspicions_dismiss", "suspicion"),
    ],
)
async def test_what_waits_for_a_second_person(build: Any, recipe: str, kind: str) -> None:
    """Whoever may confirm it sees it until it is confirmed, by the id that its own operation takes."""
    w: World = build()
    ready: Ready = await recipes.RECIPES[recipe](w)
    caller = w.by(ready.who)
    (task,) = [
        each for each in await queue(caller) if each["kind"] == kind and each["id"] == ready.path["ref"]
    ]
    assert recipe in task["operation_ids"]
    path = operations.BY_ID[recipe].path.format(**ready.path)
    good(
        await caller("POST", path.removeprefix("/api/v1"), ready.body, etag=ready.etag, headers=ready.headers)
    )
    assert ready.path["ref"] not in {each["id"] for each in await queue(caller) if each["kind"] == kind}


async def test_a_person_with_two_roles_sees_both_and_pages_lose_nothing(
    build: Any, as_user: Any, somebody: Any, at: Any
) -> None:
    """In the order of due days, then of waiting; pages of one hold what one page holds."""
    w: World = build()
    for day in ("2026-03-02", "2026-03-03"):
        at(day)
        await w.submitted()
        await w.gatekept(provincial=True)
    await r.in_review(w, await r.appraised(w, await w.gatekept(), "city"), "city", invited=["data"])
    both = somebody("gatekeeper", "data_office", user=new_id())
    whole = await queue(both)
    keys = [(each["due"] or "9999", each["since"], each["id"].partition("-")[2]) for each in whole]
    assert keys == sorted(keys)
    assert {"gatekeeping", "handing_over", "joint_review", "joint_review_opinion"} <= {
        each["queue"] for each in whole
    }
    found, params = [], {"limit": "1"}
    while True:
        page = good(await both("GET", "/tasks", params=params)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert [(each["queue"], each["id"]) for each in found] == [(each["queue"], each["id"]) for each in whole]
    summary = good(await both("GET", "/tasks/summary")).json()
    assert summary["count"] == len(whole) == sum(each["count"] for each in summary["items"])
    assert all(each["label"] == names("task_queue")[each["queue"]] for each in summary["items"])
    other = as_user("360100", "approver")
    assert (await other("GET", "/tasks", params={"cursor": params["cursor"]})).status_code == 400


async def test_whose_hands_a_case_went_through_is_told_so(somebody: Any) -> None:
    """law.md, trap 20: the desk has it, this person has declared it; another person of the desk may."""
    ann, ben = new_id(), new_id()
    unit = somebody("unit", user=ann)
    made = good(await unit("POST", "/projects", draft()))
    case = made.json()["id"]
    etag = await answered(unit, case, made.headers["etag"])
    good(await unit("POST", f"/projects/{case}/submit", {"reasons": []}, etag=etag))
    blocked = {}
    for person in (ann, ben):
        tasks = await queue(somebody("gatekeeper", user=person), queue="gatekeeping")
        blocked[person] = next(each["blocked"] for each in tasks if each["project_id"] == case)
    assert blocked[ben] is None and "须由另一人办理" in blocked[ann]
