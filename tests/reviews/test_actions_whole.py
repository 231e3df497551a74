"""`GET /projects/{id}/actions`: the reader's own acts, the other desks', what comes later, what a draft still lacks."""

from __future__ import annotations

from typing import Any

import pytest

from service.vocabulary import names
from tests.contract.operations import BY_ID
from tests.lives import Thing, World, good


async def whole(w: World, case: Thing, who: str) -> Any:
    return good(await w.by(who)("GET", f"/projects/{case.id}/actions")).json()


@pytest.mark.parametrize("lacks", ["materials", "nothing"])
async def test_a_draft_tells_what_it_lacks_as_submission_judges_it(build: Any, lacks: str) -> None:
    w = build()
    case = await w.draft()
    if lacks == "materials":
        shorter = {"materials": {"technical_plan": "", "resolution": {"body": ""}}}
        changed = good(await w.by(w.owner)("PATCH", f"/projects/{case.id}", shorter, etag=case.etag))
        case.etag = changed.headers["etag"]
        (submit,) = [each for each in changed.json()["actions"] if each["action"] == "submit"]
        assert (submit["allowed"], submit["blocked_by"]) == (False, "text"), (
            "told at once, by the edit's own answer"
        )
    told = await whole(w, case, w.owner)
    sent = await case.tried("owner", "submit", {})
    if lacks == "materials":
        assert sent.status_code == 422
        assert [each["pointer"] for each in told["lacking"]["missing"]] == [
            each["pointer"] for each in sent.json()["errors"]
        ]
    else:
        assert not told["lacking"]["missing"] and not told["lacking"]["unanswered"]
        assert (sent.status_code == 200) is not bool(told["lacking"]["reasons_required"]), sent.text


async def test_the_whole_tells_ones_own_acts_the_other_desks_and_what_comes_later(build: Any) -> None:
    w = build()
    case = await w.submitted()
    read = good(await w.by("city.approver")("GET", f"/projects/{case.id}")).json()
    told = await whole(w, case, "city.approver")
    assert told["actions"] == read["actions"], "the same list, whoever reads it where"
    assert told["lacking"] is None
    desks = {each["role"]: {one["operation_id"] for one in each["actions"]} for each in told["desks"]}
    assert {"projects_gatekeep_pass", "projects_gatekeep_return"} <= desks["city.gatekeeper"]
    assert "city.approver" not in desks
    for each in [*told["actions"], *told["later"]]:
        assert each["label"] == names("action")[each["action"]]
        assert each["articles"] and each["operation_id"] in BY_ID
        assert each["allowed"] is (each["blocked_by"] is None) is (each["why_not"] is None)
    if read["route"] == "city_filing":
        assert "approve" in {each["action"] for each in told["later"]}


async def test_links_are_offered_where_they_are_taken_and_not_once_the_lead_has_ended(build: Any) -> None:
    w = build()
    case = await w.submitted()
    path = f"/projects/{case.id}"

    async def tried(task: str) -> tuple[dict[str, Any], int]:
        listed = good(await w.by(w.owner)("GET", path)).json()["actions"]
        sent = await w.by(w.owner)("POST", f"{path}/links", {"child_tenant": "360900", "task": task})
        return {each["action"]: each for each in listed}, sent.status_code

    told, status = await tried("县级部署")
    assert told["invite_link"]["allowed"] is (status == 201)
    case.etag = good(await w.by(w.owner)("GET", path)).headers["etag"]
    withdrawn = good(await w.by(w.owner)("POST", f"{path}/withdraw", {"reason": "不再建设"}, etag=case.etag))
    assert withdrawn.json()["state"] == "withdrawn"
    told, status = await tried("再邀请一次")
    assert ("invite_link" in told, status) == (False, 409)
    assert told["upload_document"]["blocked_by"] == "state"
