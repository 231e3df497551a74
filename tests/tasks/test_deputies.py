"""Deputies: a desk's power, tasks and inbox for some days, in the deputy's own name; nothing kept apart in one hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.identity.deputed import stands_for
from service.kit.ids import new_id
from service.kit.roles import load_roles
from service.setup.seed import user_id
from tests.lives import APPROVAL, World, good
from tests.worlds import Caller

CITY = "360100"
ADMIN = "administrator"


@pytest.fixture
def enter(client: Any) -> Any:
    """enter("cyber"): the person with a token of this moment, as the token endpoint gives it."""

    async def make(login: str, tenant: str = CITY) -> Caller:
        grant = {"grant_type": "urn:tongjian:grant:development", "username": f"{tenant}/{login}"}
        answer = good(await client.post("/api/v1/oauth/token", data=grant))
        return Caller(client, answer.json()["access_token"])

    return make


def body(role: str, deputy: str, **more: str) -> dict[str, str]:
    return {"role": role, "deputy_login": deputy, "from_day": "2026-03-02", "until_day": "2026-03-04", **more}


async def waits(caller: Caller, case: str) -> list[str]:
    items = good(await caller("GET", "/tasks?limit=200")).json()["items"]
    found = [each["queue"] for each in items if each["project_id"] == case]
    return [
        each for each in found if each != "suspicion"
    ]  # whether another case looks alike is another test's matter


async def test_the_desk_reaches_the_deputy_for_its_days(build: Any, at: Any, enter: Any) -> None:
    """Arts 9, 23: named, seen in tasks and inbox, done in his own name for the absent, and over by itself."""
    at("2026-03-02")
    w: World = build()
    keeper = w.by("city.gatekeeper")
    named = good(await keeper("POST", "/deputies", body("gatekeeper", "cyber", note="出差"))).json()
    assert (named["in_force"], named["role_name"]) == (True, "设区市统筹把关人员")
    case = await w.submitted()
    await w.delivered()
    deputy = await enter("cyber")
    me = good(await deputy("GET", "/me")).json()
    assert [(each["role"], each["person"]) for each in me["standing"]] == [
        ("gatekeeper", f"user:{CITY}:gatekeeper")
    ]
    assert await waits(deputy, case.id) == ["gatekeeping"]
    told = good(await deputy("GET", "/inbox?open=true&limit=200")).json()["items"]
    (notice,) = [each for each in told if each["project_id"] == case.id]
    good(await deputy("POST", f"/inbox/{notice['id']}/read"))
    (theirs,) = [
        each
        for each in good(await keeper("GET", "/inbox?unread=true&limit=200")).json()["items"]
        if each["id"] == notice["id"]
    ]
    assert theirs["read_at"] is None
    await _done_for_the_absent(w, keeper, case, deputy)
    at("2026-03-05")
    later = await enter("cyber")
    assert good(await later("GET", "/me")).json()["standing"] == []
    other = await w.submitted()
    assert await waits(later, other.id) == []
    refused = await later("POST", f"/projects/{other.id}/gatekeeping/pass", other.opinions(), etag=other.etag)
    assert refused.status_code == 403


async def _done_for_the_absent(w: Any, keeper: Any, case: Any, deputy: Any) -> None:
    """In his own name, for the absent."""
    passed = good(
        await deputy("POST", f"/projects/{case.id}/gatekeeping/pass", case.opinions(), etag=case.etag)
    )
    steps = good(await keeper("GET", f"/projects/{case.id}/history")).json()["transitions"]
    (step,) = [each for each in steps if each["action"] == "gatekeep_pass"]
    assert step["actor"] == f"user:{CITY}:cyber for gatekeeper"
    assert step["actor_person"]["stands_for_name"] in step["actor_person"]["name"]
    assert "（代" in step["actor_person"]["name"]
    assert passed


async def test_what_is_kept_apart_is_apart_by_deputy_too(
    build: Any, at: Any, enter: Any, as_user: Any
) -> None:
    """Arts 4, 23, 39: not at one time (409 when named), not one after the other on one case (409 when done)."""
    at("2026-03-09")
    w: World = build()
    keeper, approver = w.by("city.gatekeeper"), w.by("city.approver")
    days = {"from_day": "2026-03-09", "until_day": "2026-03-10"}
    first = good(await keeper("POST", "/deputies", body("gatekeeper", "archives", **days))).json()
    both = await approver("POST", "/deputies", body("approver", "archives", **days))
    assert (both.status_code, both.json()["code"], both.json()["other"]) == (
        409,
        "roles_exclude_each_other",
        "gatekeeper",
    )
    case = await w.submitted()
    deputy = await enter("archives")
    passed = good(
        await deputy("POST", f"/projects/{case.id}/gatekeeping/pass", case.opinions(), etag=case.etag)
    )
    ended = good(await keeper("POST", f"/deputies/{first['id']}/end")).json()
    assert (ended["in_force"], ended["ended_by"]) == (False, f"user:{CITY}:gatekeeper")
    assert (await deputy("GET", "/me")).status_code == 401, "its tokens end with it"
    assert (await keeper("POST", f"/deputies/{first['id']}/end")).json()["code"] == "deputation_over"
    good(await approver("POST", "/deputies", body("approver", "archives", **days)))
    again = await enter("archives")
    refused = await again("POST", f"/projects/{case.id}/approve", APPROVAL, etag=passed.headers["etag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "same_person")
    free = await w.step(await w.submitted(), "city.gatekeeper", "gatekeeping/pass", {})
    approved = good(await again("POST", f"/projects/{free.id}/approve", APPROVAL, etag=free.etag))
    assert approved
    wrong = await again("POST", "/deputies", body("approver", "cyber", **days))
    assert wrong.status_code == 422, "no deputy of a deputy"
    assert [each["code"] for each in wrong.json()["errors"]] == ["role_not_held"]
    assert (await again("GET", "/projects", headers={"acting-for": "approver"})).status_code == 200
    unknown = await again(
        "POST", f"/projects/{free.id}/approve", APPROVAL, etag='"1"', headers={"acting-for": "office"}
    )
    assert (unknown.status_code, unknown.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("who", "given", "code"),
    [
        ("gatekeeper", {"role": "approver"}, "role_not_held"),
        ("gatekeeper", {"deputy_login": "nobody.here"}, "unknown_user"),
        ("gatekeeper", {"deputy_login": "gatekeeper"}, "same_person"),
        ("gatekeeper", {"from_day": "2026-02-28"}, "date_in_past"),
        ("gatekeeper", {"until_day": "2026-03-01"}, "date_order"),
        ("gatekeeper", {"until_day": "2026-06-02"}, "too_long"),
        ("gatekeeper", {"deputy_login": "360103.unit"}, "other_tier"),
        ("unit", {"role": "unit", "deputy_login": "cyber"}, "other_office"),
        (ADMIN, {"role": ADMIN, "deputy_login": "archives"}, "role_not_deputable"),
        (
            ADMIN,
            {"role": "expert", "person_login": "expert", "deputy_login": "archives"},
            "role_not_deputable",
        ),
    ],
)
async def test_who_cannot_be_named(as_user: Any, at: Any, who: str, given: dict[str, str], code: str) -> None:
    at("2026-03-02")
    answer = await as_user(CITY, who)("POST", "/deputies", {**body("gatekeeper", "archives"), **given})
    assert answer.status_code == 422, answer.text
    assert code in [each["code"] for each in answer.json()["errors"]]


async def test_an_administrator_names_for_the_absent_and_sees_all(as_user: Any, at: Any, enter: Any) -> None:
    at("2026-03-16")
    days = {"from_day": "2026-03-17", "until_day": "2026-03-17"}
    admin, other = as_user(CITY, ADMIN), as_user(CITY, "cyber")
    wanted = body("secrecy", "cyber", person_login="secrecy", **days)
    assert (await as_user(CITY, "gatekeeper")("POST", "/deputies", wanted)).status_code == 403
    made = good(await admin("POST", "/deputies", wanted)).json()
    assert made["in_force"] is False
    assert (await admin("POST", "/deputies", wanted)).json()["code"] == "deputy_named"
    mine = good(await other("GET", "/deputies")).json()["items"]
    assert made["id"] in [each["id"] for each in mine]
    assert made["id"] not in [
        each["id"] for each in good(await as_user(CITY, "unit")("GET", "/deputies")).json()["items"]
    ]
    assert (await as_user(CITY, "unit")("POST", f"/deputies/{made['id']}/end")).status_code == 404
    assert good(await (await enter("cyber"))("GET", "/me")).json()["standing"] == []
    at("2026-03-17")
    assert [each["role"] for each in good(await (await enter("cyber"))("GET", "/me")).json()["standing"]] == [
        "secrecy"
    ]
    good(await admin("POST", f"/deputies/{made['id']}/end"))


async def test_a_role_granted_later_ends_what_it_excludes_and_both_are_told(
    build: Any, as_user: Any, at: Any, enter: Any
) -> None:
    """Art. 4: the grant takes precedence; no deputation is left that says it counts and gives nothing."""
    at("2026-03-23")
    days = {"from_day": "2026-03-23", "until_day": "2026-03-24"}
    admin, keeper = as_user(CITY, ADMIN), as_user(CITY, "gatekeeper")
    kept = good(await (await enter("cyber"))("POST", "/deputies", body("cyber", "archives", **days))).json()
    lost = good(await keeper("POST", "/deputies", body("gatekeeper", "archives", **days))).json()
    deputy = await enter("archives")
    assert len(good(await deputy("GET", "/me")).json()["standing"]) == 2
    person = user_id(CITY, "archives")
    good(await admin("PUT", f"/users/{CITY}-{person}/roles/approver"))
    try:
        assert (await deputy("GET", "/me")).status_code == 401
        listed = {
            each["id"]: each for each in good(await admin("GET", "/deputies?limit=200")).json()["items"]
        }
        assert (listed[lost["id"]]["in_force"], listed[lost["id"]]["ended_by"]) == (
            False,
            f"user:{CITY}:{ADMIN}",
        )
        assert (listed[kept["id"]]["in_force"], listed[kept["id"]]["ended_by"]) == (True, None)
        again = await enter("archives")
        assert [each["role"] for each in good(await again("GET", "/me")).json()["standing"]] == ["cyber"]
        await build().delivered()
        for concerned in (keeper, again):
            told = good(await concerned("GET", "/inbox?kind=deputy.ended&limit=200")).json()["items"]
            assert any("archives 代 gatekeeper 办理" in each["body"] for each in told), told
        refused = await keeper("POST", "/deputies", body("gatekeeper", "archives", **days))
        assert (refused.status_code, refused.json()["code"]) == (409, "roles_exclude_each_other")
    finally:
        good(await admin("DELETE", f"/users/{CITY}-{person}/roles/approver"))
        good(await admin("POST", f"/deputies/{kept['id']}/end"))
    await _not_for_who_is_locked(as_user, days, admin)


async def _not_for_who_is_locked(as_user: Any, days: Any, admin: Any) -> None:
    """Nobody is stood for who is locked."""
    absent = f"/users/{CITY}-{user_id(CITY, 'public_security')}"
    named = good(
        await admin(
            "POST", "/deputies", body("public_security", "archives", person_login="public_security", **days)
        )
    ).json()
    guard = as_user(CITY, "security_admin")
    good(await guard("POST", f"{absent}/lock", {"reason": "核查"}))
    try:
        listed = {
            each["id"]: each for each in good(await admin("GET", "/deputies?limit=200")).json()["items"]
        }
        assert listed[named["id"]]["in_force"] is False, "nobody is stood for who is locked"
    finally:
        good(await guard("POST", f"{absent}/unlock", {"reason": "核查完毕"}))
        good(await admin("POST", f"/deputies/{named['id']}/end"))


def test_a_deputys_rights_end_with_the_day_or_the_absent_persons_office() -> None:
    """Within a token that lives on: its end is the earlier of the last day and the office's last."""
    rules, today = load_roles(), date(2026, 3, 2)
    one = {
        "role": "cyber",
        "person": new_id(),
        "login": "absent",
        "name": "甲",
        "from": "2026-03-01",
        "until": "2026-03-05",
        "tier": "city",
        "from_office": "2020-01-01",
        "to_office": None,
        "cut": None,
    }
    for ends, until in ((None, 5), ("2026-03-04", 3), ("2026-03-06", 5), ("2026-03-03", 2)):
        row = {"tier": "city", "deputed": [{**one, "to_office": ends}]}
        (stood,) = stands_for(row, ["archives"], rules, today)
        assert stood.until == date(2026, 3, until), ends
    assert (
        stands_for({"tier": "city", "deputed": [{**one, "to_office": "2026-03-02"}]}, [], rules, today) == []
    )


async def test_who_sees_one_office_only_names_a_deputy_too(build: Any, at: Any, enter: Any) -> None:
    """A unit's person is bound to its office, which sees no grants; a role it does not hold is refused all the same."""
    at("2026-03-02")
    w: World = build()
    unit = w.by("city.unit")
    named = good(await unit("POST", "/deputies", body("unit", "leading_group_secretary"))).json()
    assert named["in_force"] and named["deputy"] == f"user:{CITY}:leading_group_secretary"
    assert "unit" in good(await (await enter("leading_group_secretary"))("GET", "/me")).json()["roles"]
    refused = await unit("POST", "/deputies", body("approver", "leading_group_secretary"))
    assert refused.json()["errors"][0]["code"] == "role_not_held"
    county = await enter("360124.user")
    assert (await county("POST", "/deputies", body("user", "360124.unit"))).status_code == 201
