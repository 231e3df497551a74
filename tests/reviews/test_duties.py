"""What organs owe in a review is true when it is read: no relay and no look of the worker's runs here (0092)."""

from __future__ import annotations

from typing import Any

from tests.lives import good
from tests.lives import reviews as steps

CODE = "joint_review_opinion"


async def states(caller: Any, project: str) -> list[tuple[str, str]]:
    """(state, day kept or due) of the opinions of one case; the list of what is owed says the same."""
    items = (await caller("GET", f"/projects/{project}/obligations")).json()["items"]
    page = (await caller("GET", f"/obligations?code={CODE}&limit=200")).json()["items"]
    found = [each for each in items if each["code"] == CODE]
    owed = [each["id"] for each in found if each["state"] in ("open", "lapsed")]
    assert [each["id"] for each in page if each["project_id"] == project] == owed
    return sorted((each["state"], each["done_on"] or each["due"]) for each in found)


async def test_an_opinion_is_kept_as_it_is_given(build: Any) -> None:
    """Art. 19: an opinion does not touch the case; the organ of the province reads it of the city's case."""
    world = build()
    case = await steps.in_review(world, await steps.to_appraised(world))
    drc = world.by("province.drc")
    assert [state for state, _ in await states(drc, case.id)] == ["open"] * 4
    body = {"slot": "drc", "opinion": "agree", "text": "同意", "funds_yuan": "3900000.00"}
    good(await drc("POST", f"/projects/{case.id}/joint-review/opinions", body))
    kept, *rest = await states(drc, case.id)
    assert kept == ("done", steps.today())
    assert [state for state, _ in rest] == ["open"] * 3
