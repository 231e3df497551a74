"""Nobody judges his own work: by person, whatever roles were held when (law.md, trap 20)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from service.kit import clock, keys
from service.kit.authn import Principal, issue_token
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.principal import DeputedRole
from service.kit.roles import load_roles
from service.kit.second_person import by_another
from service.measures.lifecycle import TRANSITIONS, NotAllowed, Refusal, step
from service.measures.offices import Tier
from service.portfolio import spills
from service.projects.hands import barred, with_hand
from service.rulebook import rounds
from service.setup.seed import PROVINCE, user_id
from tests.factories import city_office, draft
from tests.lives import APPROVAL
from tests.worlds import Caller

TENANT = "360100"
RULES = load_roles()
PEOPLE = [(tier, role) for tier, role in RULES.valid if role not in RULES.clients]


def principal(tenant: str, tier: Any, role: str) -> Principal:
    return Principal(tenant, tier, new_id(), "p", None, None, (role,), 0.0, "t", 0.0)


@pytest.fixture
def somebody(settings: Any, client: Any) -> Any:
    """somebody("gatekeeper", user=…): a token of that person with these roles, as held at that moment."""
    assert settings.signing_keys_file is not None
    signing = keys.load(settings.signing_keys_file)

    def make(*roles: str, user: str, via: str | None = None) -> Caller:
        token = issue_token(
            signing,
            issuer=settings.issuer,
            audience=settings.audience,
            now=clock.timestamp(),
            tenant=TENANT,
            tier="city",
            roles=roles,
            user=user,
            login=f"p{user[-12:]}",
            client=via,
            seat=city_office(TENANT),
        )
        return Caller(client, token)

    return make


def action_of(reply: Any, name: str) -> dict[str, Any]:
    return next(each for each in reply.json()["actions"] if each["action"] == name)


async def refused(caller: Caller, path: str, verb: str, body: Any, action: str) -> None:
    """`actions` says so beforehand, and the act is refused with the article; nothing has moved."""
    seen = await caller("GET", path)
    told = action_of(seen, action)
    assert (told["allowed"], "另一人" in told["why_not"]) == (False, True), told
    reply = await caller("POST", f"{path}{verb}", body, etag=seen.headers["etag"])
    assert (reply.status_code, reply.json()["code"]) == (409, "same_person"), reply.text
    assert "第" in reply.json()["detail"]
    assert (await caller("GET", path)).headers["etag"] == seen.headers["etag"]


async def done(caller: Caller, path: str, verb: str, body: Any) -> Any:
    seen = await caller("GET", path)
    reply = await caller("POST", f"{path}{verb}", body, etag=seen.headers["etag"])
    assert reply.status_code == 200, reply.text
    return reply


@pytest.mark.parametrize("submits", ["person", "portal"])
async def test_who_submitted_does_not_gatekeep_and_who_gatekept_does_not_approve(
    somebody: Any, as_user: Any, submits: str
) -> None:
    ann, ben, cat = new_id(), new_id(), new_id()
    unit = somebody("unit", user=ann, via="portal")  # a portal sees the drafts made through it
    made = await unit("POST", "/projects", draft())
    path = f"/projects/{made.json()['id']}"
    await done(unit if submits == "person" else as_user(TENANT), path, "/submit", {})
    # The same person under another role, through another client, or with the old role still beside it.
    for who in (
        somebody("gatekeeper", user=ann),
        somebody("gatekeeper", user=ann, via="portal"),
        somebody("gatekeeper", "cyber", user=ann),
    ):
        await refused(who, path, "/gatekeeping/pass", {}, "gatekeep_pass")
        await refused(who, path, "/gatekeeping/return", {"reason": "不通过"}, "gatekeep_return")
    await done(somebody("gatekeeper", user=ben), path, "/gatekeeping/pass", {})
    await refused(somebody("approver", user=ann), path, "/approve", APPROVAL, "approve")
    await refused(somebody("approver", user=ben), path, "/approve", APPROVAL, "approve")
    await done(somebody("approver", user=cat), path, "/approve", APPROVAL)
    # Filing reports what was approved: who gatekept may, who approved or declared may not.
    await refused(somebody("gatekeeper", user=cat), path, "/file", {}, "file")
    await refused(somebody("gatekeeper", user=ann), path, "/file", {}, "file")
    filed = await somebody("gatekeeper", user=ben)(
        "POST", f"{path}/file", {}, etag=(await as_user(TENANT)("GET", path)).headers["etag"]
    )
    assert filed.status_code == 201, filed.text


async def test_it_holds_over_a_return_and_in_both_directions(somebody: Any) -> None:
    ann, ben, eve = new_id(), new_id(), new_id()
    unit = somebody("unit", user=ann)
    path = f"/projects/{(await unit('POST', '/projects', draft())).json()['id']}"
    await done(unit, path, "/submit", {})
    await done(somebody("gatekeeper", user=ben), path, "/gatekeeping/return", {"reason": "补充"})
    # Ben, who sent it back, has become a clerk of the unit: he does not now declare what he checked.
    await refused(somebody("unit", user=ben), path, "/submit", {}, "submit")
    await done(somebody("unit", user=eve), path, "/submit", {})
    await refused(somebody("gatekeeper", user=eve), path, "/gatekeeping/pass", {}, "gatekeep_pass")
    await refused(somebody("gatekeeper", user=ann), path, "/gatekeeping/pass", {}, "gatekeep_pass")
    await done(somebody("gatekeeper", user=ben), path, "/gatekeeping/pass", {})


async def test_writing_the_draft_is_a_hand_too(somebody: Any, as_user: Any) -> None:
    ann, ben = new_id(), new_id()
    made = await as_user(TENANT)("POST", "/projects", draft())
    path = f"/projects/{made.json()['id']}"
    edited = await somebody("unit", user=ann)("PATCH", path, {"name": "改名"}, etag=made.headers["etag"])
    assert edited.status_code == 200, edited.text
    await done(as_user(TENANT), path, "/submit", {})
    await refused(somebody("gatekeeper", user=ann), path, "/gatekeeping/pass", {}, "gatekeep_pass")
    await done(somebody("gatekeeper", user=ben), path, "/gatekeeping/pass", {})


@pytest.mark.long
def test_every_row_of_the_table_is_shut_to_the_other_sides_hand() -> None:
    """Over all acts and all roles: what an earlier role rules out, no act of the table lets through."""
    tried = 0
    for row, (tier, had) in itertools.product(TRANSITIONS.values(), PEOPLE):
        declarer = Tier.PROVINCE if row.procedure.value == "departmental" else Tier.CITY
        route = "city_filing" if row.procedure.value == "city_filing" else "provincial_review"
        for name in row.who:
            where, _, role = name.partition(".")
            if where != tier or role == "clock" or role in RULES.clients:
                continue
            who = principal(PROVINCE if tier == "province" else TENANT, tier, role)
            hands = with_hand({}, who, [f"{tier}.{had}"])
            ruled_out = barred(hands, who, RULES)
            assert (name in ruled_out) is RULES.apart(had, role)
            try:
                step(
                    row.source,
                    row.action,
                    route=route,
                    declarer_tier=declarer,
                    roles=[name],
                    barred=ruled_out,
                    holder=row.holder_before or "owner",
                )  # type: ignore[arg-type]
                assert not RULES.apart(had, role), (row, had)
            except NotAllowed as refusal:
                assert (refusal.reason, RULES.apart(had, role)) == (Refusal.SAME_PERSON, True), (row, had)
            tried += 1
    assert tried > 5000


def test_whoever_declared_judges_nothing_of_it_in_any_office() -> None:
    organs = [role for _, role in PEOPLE if role not in ("unit", "department")]
    assert all(
        RULES.apart(side, organ) and RULES.apart(organ, side)
        for side in ("unit", "department")
        for organ in organs
    )
    for one, other in (
        ("gatekeeper", "approver"),
        ("office", "drc"),
        ("agency", "office"),
        ("drc", "finance"),
    ):
        assert RULES.apart(one, other)
    assert not any(RULES.apart(role, role) for _, role in PEOPLE)


def test_another_person_and_a_client_alone_are_not_barred() -> None:
    ann, ben = principal(TENANT, "city", "gatekeeper"), principal(TENANT, "city", "gatekeeper")
    hands = with_hand({}, ann, ["city.unit"])
    assert barred(hands, ann, RULES)
    assert ann.user != ben.user
    assert not barred(hands, ben, RULES)
    assert user_id(TENANT, "gatekeeper") not in hands


def test_a_deputy_is_judged_over_both_persons() -> None:
    """docs/decisions/0204: his own hands and those of whom he stands for, whichever came first."""
    absent = DeputedRole("approver", new_id(), "absent")
    deputy = replace(principal(TENANT, "city", "approver"), deputed=(absent,), acts_for="absent")
    assert deputy.user is not None
    for earlier in ({deputy.user: ["city.unit"]}, {absent.user: ["city.gatekeeper"]}):
        assert "city.approver" in barred(earlier, deputy, RULES)
    assert barred({new_id(): ["city.gatekeeper"]}, deputy, RULES) == {}
    left = with_hand({}, deputy, ["city.approver"])
    assert left == {deputy.user: ["city.approver"], absent.user: ["city.approver"]}


def test_two_persons_are_never_one_who_stands_for_both() -> None:
    absent = DeputedRole("drc", new_id(), "absent")
    deputy = replace(principal("360000", "province", "drc"), deputed=(absent,), acts_for="absent")
    for first, noted in ((deputy.user, ""), (absent.user, ""), (new_id(), deputy.actor)):
        with pytest.raises(ServiceError):
            by_another(first, deputy, noted)
    by_another(new_id(), deputy, "user:360000:somebody")
    assert deputy.actor == "user:360000:p for absent"
    for actor in ("user:360000:p", "user:360000:absent via portal", "user:360000:x for absent"):
        assert deputy.same_hand(actor)
    assert not deputy.same_hand("user:360100:absent")


def test_neither_a_purge_nor_a_round_is_confirmed_by_who_stands_for_its_proposer() -> None:
    """Arts 14: proposed before leave, confirmed by the deputy: one hand."""
    absent = DeputedRole("office", new_id(), "absent")
    deputy = replace(principal("360000", "province", "office"), deputed=(absent,), acts_for=None)
    call: Any = SimpleNamespace(principal=deputy)
    for user, by in ((absent.user, "user:360000:absent"), (deputy.user, "user:360000:p for absent")):
        with pytest.raises(ServiceError, match="same_person"):
            spills.another(call, {"requested_user": user, "requested_by": by})
        with pytest.raises(ServiceError, match="same_person"):
            rounds.another(call, {"by_user": user, "by": by, "organ": "drc"})
    other = {"requested_user": new_id(), "requested_by": "user:360000:somebody"}
    spills.another(call, other)
    rounds.another(call, {"by_user": new_id(), "by": "user:360000:somebody", "organ": "drc"})
