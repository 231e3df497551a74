"""Random lives: whatever anybody tries, the answer is what the lifecycle table says, and totals stay exact."""

from __future__ import annotations

import random
from typing import Any

import pytest

from service.measures.lifecycle import Action, Holder, NotAllowed, State, step
from service.measures.offices import Tier
from tests.factories import draft, facts, materials
from tests.lives import APPROVAL

TENANT = "360500"
PEOPLE = {"portal": (TENANT, None), "gatekeeper": (TENANT, "gatekeeper"), "approver": (TENANT, "approver"),
          "office": ("360000", "office")}  # fmt: skip
ROLES = {
    "portal": "city.portal",
    "gatekeeper": "city.gatekeeper",
    "approver": "city.approver",
    "office": "province.office",
}
REASON = {"reason": "按要求办理"}
CALLS: dict[Action, tuple[str, str, Any]] = {
    Action.EDIT: ("PATCH", "", {"name": "改名后的系统"}),
    Action.SUBMIT: ("POST", "/submit", None),
    Action.GATEKEEP_PASS: ("POST", "/gatekeeping/pass", None),
    Action.GATEKEEP_RETURN: ("POST", "/gatekeeping/return", REASON),
    Action.APPROVE: ("POST", "/approve", APPROVAL),
    Action.FILE: ("POST", "/file", {}),
    Action.HAND_OVER: ("POST", "/hand-over", {}),
    Action.PROVINCE_RETURN: ("POST", "/province-return", REASON),
    Action.WITHDRAW: ("POST", "/withdraw", REASON),
}
# Who the policy lets through to the table; everybody else is stopped by the guard with 403.
MAY: dict[Action, set[str]] = {
    Action.EDIT: {"portal"},
    Action.SUBMIT: {"portal"},
    Action.WITHDRAW: {"portal"},
    Action.GATEKEEP_PASS: {"gatekeeper"},
    Action.GATEKEEP_RETURN: {"gatekeeper"},
    Action.HAND_OVER: {"gatekeeper"},
    Action.APPROVE: {"approver"},
    Action.FILE: {"portal", "gatekeeper"},
    Action.PROVINCE_RETURN: {"office"},
}


def body_of(action: Action, case: dict[str, Any]) -> Any:
    needs = ["not_in_library"] if case["investment_yuan"] >= "5000000.00" else []
    if action is Action.SUBMIT:
        return {"reasons": [{"code": code, "reason": "上级部署"} for code in needs]}
    if action is Action.GATEKEEP_PASS:
        return {"opinions": [{"code": code, "accepted": True} for code in needs]}
    return CALLS[action][2]


def predicted(action: Action, who: str, case: dict[str, Any]) -> int:
    """The status the three gates give, in their order."""
    if who not in MAY[action]:
        return 403
    if who == "office" and case["state"] == "draft":
        return 404
    route = case["route"]
    if action is Action.SUBMIT:
        route = "provincial_review" if case["investment_yuan"] >= "5000000.00" else "city_filing"
    try:
        step(
            State(case["state"]),
            action,
            route=route,
            declarer_tier=Tier.CITY,
            holder=Holder(case["holder"]),
            roles=[ROLES[who]],
        )
    except NotAllowed:
        return 409
    return 201 if action is Action.FILE else 200


NAMES = {action.value for action in CALLS}


@pytest.mark.parametrize("seed", range(12))
async def test_every_attempt_is_answered_as_the_table_says(as_user: Any, seed: int) -> None:
    rng = random.Random(seed)
    callers = {name: as_user(*person) for name, person in PEOPLE.items()}
    amount = rng.choice(["4999999.99", "5000000.00", "1200000.00"])
    made = await callers["portal"](
        "POST", "/projects", draft(TENANT, facts=facts(investment_yuan=amount), materials=materials(amount))
    )
    path = f"/projects/{made.json()['id']}"
    case, etag, done = made.json(), made.headers["etag"], []
    for _ in range(40):
        action, who = rng.choice(list(CALLS)), rng.choice(list(PEOPLE))
        if rng.random() < 0.6:  # go on more often than not
            open_now = [a["action"] for a in case["actions"] if a["action"] in NAMES]
            action = Action(rng.choice(open_now)) if open_now else action
            who = rng.choice(sorted(MAY[action]))
        method, suffix, _ = CALLS[action]
        seen_by = await callers[who]("GET", path)
        answer = await callers[who](method, path + suffix, body_of(action, case), etag=etag)
        if seen_by.status_code == 200 and action.value in {a["action"] for a in seen_by.json()["actions"]}:
            told = {a["action"]: a["allowed"] for a in seen_by.json()["actions"]}[action.value]
            assert told == (answer.status_code < 300), (seed, done, action, who, case["state"], answer.text)
        if answer.status_code == seen_by.status_code == 404:
            assert case["state"] == "draft"  # a draft is its office's own: to other desks it is not there
            continue
        assert answer.status_code == predicted(action, who, case), (
            seed,
            done,
            action,
            who,
            case["state"],
            answer.text,
        )
        if answer.status_code < 300:
            done.append(action.value)
            seen = await callers["portal"]("GET", path)
            case, etag = seen.json(), seen.headers["etag"]
        elif answer.status_code == 409:
            assert answer.json()["article"], answer.text
    await _told_as_it_went(callers, path, case, done)


async def _told_as_it_went(callers: Any, path: Any, case: Any, done: Any) -> None:
    """The history tells each step that was taken, one after the other."""
    history = (await callers["portal"]("GET", f"{path}/history")).json()["transitions"]
    assert [t["action"] for t in history] == [action for action in done if action != "edit"]
    states = ["draft"] + [t["to_state"] for t in history]
    assert [t["from_state"] for t in history] == states[:-1]
    assert case["state"] == states[-1]
    assert all(t["citation"]["articles"] for t in history)


async def test_totals_equal_a_count_over_the_projects(settings: Any) -> None:
    """Summary and deltas together, as the province reads them, against a naive GROUP BY as the owner."""
    import asyncpg

    connection = await asyncpg.connect(settings.database_url)
    try:
        # One snapshot: both sides must be read at the same instant.
        async with connection.transaction(isolation="repeatable_read"):
            naive = await connection.fetch(
                "SELECT tenant_id, route, state, month, count(*)::bigint AS n, "
                "sum(coalesce(approved_fen, investment_fen))::bigint AS amount "
                "FROM projects WHERE route IS NOT NULL GROUP BY 1, 2, 3, 4"
            )
            summed = await connection.fetch(
                "SELECT tenant_id, route, state, month, sum(count)::bigint AS n, sum(amount_fen)::bigint AS amount "
                "FROM (SELECT tenant_id, route, state, month, count, amount_fen FROM summary UNION ALL "
                " SELECT tenant_id, route, state, month, count, amount_fen FROM summary_deltas WHERE state <> 'x') t "
                "GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0 OR sum(amount_fen) <> 0"
            )
    finally:
        await connection.close()
    assert {tuple(row) for row in naive} == {tuple(row) for row in summed}
    assert naive


async def test_nobody_owns_a_working_text_that_he_does_not_see(build: Any) -> None:
    """A unit's returned case: its portal would submit or edit it unread, so it may not, and `actions` says so."""
    unit = build("city.unit")
    portal, case = unit.by("city.portal"), await unit.submitted()
    await case.does("city.gatekeeper", "gatekeeping/return", {"reason": "请补充"})
    await case.edit(name="改名之后")
    path = f"/projects/{case.id}"
    seen = await portal("GET", path)
    assert seen.json()["name"] != "改名之后"
    offered = {each["action"] for each in seen.json()["actions"] if each["allowed"]}
    assert offered.isdisjoint({"edit", "submit", "withdraw"})
    for method, verb, body in (("POST", "/submit", {}), ("PATCH", "", {"name": "盲改"})):
        refused = await portal(method, f"{path}{verb}", body, etag=case.etag)
        assert (refused.status_code, refused.json()["code"]) == (409, "action_not_allowed"), refused.text
    assert (await case.read())["name"] == "改名之后"
    await case.does("owner", "submit")
