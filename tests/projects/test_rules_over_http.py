"""What the law core decides, as callers meet it: changed routes, reasons, materials, scope, sealed versions."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.db import Door
from service.kit.digest import sealed
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.seed import office_id
from service.worker import SUBSCRIBERS
from tests.factories import draft, facts, materials
from tests.projects.test_main_job import APPROVAL, submitted


async def gatekept(as_user: Any, tenant: str = "360100", **changes: Any) -> Any:
    sent = await submitted(as_user, tenant, **changes)
    assert sent.status_code == 200, sent.text
    keeper = as_user(tenant, "gatekeeper")
    path = f"/projects/{sent.json()['id']}"
    passed = await keeper("POST", f"{path}/gatekeeping/pass", {}, etag=sent.headers["etag"])
    assert passed.status_code == 200, passed.text
    return passed


@pytest.mark.parametrize(("approved", "status"), [("4999999.99", 200), ("5000000.00", 409)])
async def test_the_approved_amount_decides_the_route_again(as_user: Any, approved: str, status: int) -> None:
    passed = await gatekept(as_user, facts={"investment_yuan": "4900000.00"})
    path = f"/projects/{passed.json()['id']}"
    body = {**APPROVAL, "approved_amount_yuan": approved}
    answer = await as_user("360100", "approver")("POST", f"{path}/approve", body, etag=passed.headers["etag"])
    assert answer.status_code == status, answer.text
    if status == 409:
        problem = answer.json()
        assert problem["code"] == "route_changed"
        assert (problem["decided_route"], problem["route"]) == ("city_filing", "provincial_review")
        assert problem["next_desk"] == "owner"
        assert 9 in problem["articles"]
        after = await as_user("360100")("GET", path)
        assert (after.json()["state"], after.headers["etag"]) == ("gatekept", passed.headers["etag"])


async def test_an_approval_that_cannot_be_given_tells_who_must_act(as_user: Any, door: Door) -> None:
    """Once, however often it is tried: the gatekeeper who can return it, and the owner."""
    passed = await gatekept(as_user, facts={"investment_yuan": "4900000.00"})
    path = f"/projects/{passed.json()['id']}"
    body = {**APPROVAL, "approved_amount_yuan": "5000000.00"}
    for _ in range(2):
        refused = await as_user("360100", "approver")(
            "POST", f"{path}/approve", body, etag=passed.headers["etag"]
        )
        assert (refused.status_code, refused.json()["code"]) == (409, "route_changed")
    slip = {**body, "approved_amount_yuan": "0.00"}
    await as_user("360100", "approver")("POST", f"{path}/approve", slip, etag=passed.headers["etag"])
    await drain(door, "360100", SUBSCRIBERS, Telemetry())
    for who in ("gatekeeper", "unit"):
        found = (
            await as_user("360100", who)("GET", "/inbox?kind=project.approval_refused&limit=200")
        ).json()["items"]
        mine = [each for each in found if each["project_id"] == passed.json()["id"]]
        assert len(mine) == 1, who
        assert "省级论证评估" in mine[0]["body"]


async def test_a_returned_project_changes_its_route_only_knowingly(as_user: Any) -> None:
    passed = await gatekept(as_user, facts={"investment_yuan": "4900000.00"})
    path = f"/projects/{passed.json()['id']}"
    back = await as_user("360100", "gatekeeper")(
        "POST",
        f"{path}/gatekeeping/return",
        {"reason": "批复金额将超过限额，请按实申报"},
        etag=passed.headers["etag"],
    )
    assert back.json()["state"] == "returned"
    portal = as_user("360100")
    changed = {"facts": facts(investment_yuan="5300000.00"), "materials": materials("5300000.00")}
    edited = await portal("PATCH", path, changed, etag=back.headers["etag"])
    assert edited.status_code == 200, edited.text
    # Nothing undeclared reaches the province: it still reads what was submitted.
    seen = (await as_user("360000", "office")("GET", path)).json()
    assert seen["facts"]["investment_yuan"] == "4900000.00"
    reasons = [{"code": "not_in_library", "reason": "按实际批复金额申报"}]
    silent = await portal("POST", f"{path}/submit", {"reasons": reasons}, etag=edited.headers["etag"])
    assert silent.status_code == 409
    assert silent.json()["code"] == "route_changed"
    known = {"reasons": reasons, "expected_route": "provincial_review"}
    again = await portal("POST", f"{path}/submit", known, etag=edited.headers["etag"])
    assert again.status_code == 200, again.text
    assert again.json()["route"] == "provincial_review"
    history = (await portal("GET", f"{path}/history")).json()
    assert [version["number"] for version in history["versions"]] == [1, 2]


async def test_versions_stay_as_submitted_and_their_digest_recomputes(as_user: Any) -> None:
    sent = await submitted(as_user)
    office, path = as_user("360000", "office"), f"/projects/{sent.json()['id']}"
    version = (await office("GET", f"{path}/versions/1")).json()
    assert version["content"]["facts"]["investment_yuan"] == "4000000.00"
    assert version["digest"] == sealed({"content": version["content"], "decision": version["decision"]})
    for absent in ("0", "2", "99999999999"):
        assert (await office("GET", f"{path}/versions/{absent}")).status_code == 404


async def test_submission_names_every_missing_material(as_user: Any) -> None:
    portal = as_user("360100")
    bad = {"funding": [{"source": "市级财政", "amount_yuan": "3999999.99"}], "technical_plan": ""}
    made = await portal("POST", "/projects", draft(materials=bad))
    path = f"/projects/{made.json()['id']}"
    preview = (await portal("POST", f"{path}/preview")).json()
    sent = await portal("POST", f"{path}/submit", {}, etag=made.headers["etag"])
    assert sent.status_code == 422
    errors = sent.json()["errors"]
    pointers = [error["pointer"] for error in errors]
    assert {"/materials/resolution/body", "/materials/resolution/date", "/materials/technical_plan"} <= set(
        pointers
    )
    assert ("/materials/funding", "funding_sum") in [(e["pointer"], e["code"]) for e in errors]
    # Preview and submission are one code.
    assert [point["pointer"] for point in preview["missing"]] == pointers


async def test_reasons_are_asked_for_by_name_and_judged_by_name(as_user: Any) -> None:
    negative = {**facts()["negative"], "own_hardware": True, "off_cloud": True}
    first = await submitted(as_user, facts={"negative": negative})
    assert first.status_code == 409
    assert {finding["code"] for finding in first.json()["findings"]} == {"negative_17_1", "negative_17_3"}
    strange = [{"code": "negative_17_2", "reason": "并无此事"}]
    assert (await submitted(as_user, reasons=strange)).status_code == 422
    reasons = [{"code": c, "reason": "现有机房专用"} for c in ("negative_17_1", "negative_17_3")]
    sent = await submitted(as_user, facts={"negative": negative}, reasons=reasons)
    assert sent.status_code == 200, sent.text
    keeper, path = as_user("360100", "gatekeeper"), f"/projects/{sent.json()['id']}/gatekeeping/pass"
    none = await keeper("POST", path, {}, etag=sent.headers["etag"])
    assert (none.status_code, none.json()["code"]) == (409, "opinion_required")
    mixed = {
        "opinions": [
            {"code": "negative_17_1", "accepted": True},
            {"code": "negative_17_3", "accepted": False},
        ]
    }
    refused = await keeper("POST", path, mixed, etag=sent.headers["etag"])
    assert (refused.status_code, refused.json()["refused"]) == (409, ["negative_17_3"])
    both = {
        "opinions": [
            {"code": c, "accepted": True, "note": "属实"} for c in ("negative_17_1", "negative_17_3")
        ]
    }
    passed = await keeper("POST", path, both, etag=sent.headers["etag"])
    assert passed.status_code == 200, passed.text
    seen = (await keeper("GET", f"/projects/{sent.json()['id']}")).json()["findings"]
    assert seen == passed.json()["findings"]
    assert {f["code"]: f["opinion"] for f in seen if f["reason"]} == dict.fromkeys(
        ("negative_17_1", "negative_17_3"), "accepted：属实"
    )


async def test_out_of_scope_is_answered_with_the_article_and_not_submitted(as_user: Any) -> None:
    sent = await submitted(as_user, facts={"fiscal_funds": False})
    assert (sent.status_code, sent.json()["code"], sent.json()["articles"]) == (409, "out_of_scope", [2])


async def test_department_goes_straight_to_the_province_and_sees_only_its_own(as_user: Any) -> None:
    department = as_user("360000", "department")
    body = draft()
    del body["owner_office_id"]
    made = await department("POST", "/projects", body)
    assert made.status_code == 201, made.text
    path = f"/projects/{made.json()['id']}"
    office = as_user("360000", "office")
    assert (await office("GET", path)).status_code == 404  # a draft is under no article
    why = {"reasons": [{"code": "not_in_library", "reason": "上级统一部署"}]}
    sent = await department("POST", f"{path}/submit", why, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text
    assert (sent.json()["state"], sent.json()["holder"], sent.json()["route"]) == (
        "with_province", "province", "provincial_review",
    )  # fmt: skip
    assert sent.json()["decision"]["articles"] == [8, 13, 19]
    assert (await office("GET", path)).status_code == 200
    city = (await submitted(as_user)).json()["id"]
    assert (await department("GET", f"/projects/{city}")).status_code == 404
    taken = await department("POST", f"{path}/withdraw", {"reason": "撤回"}, etag=sent.headers["etag"])
    assert (taken.status_code, taken.json()["state"]) == (200, "withdrawn"), (
        "nobody has appraised it yet (R37)"
    )


async def test_county_unit_declares_its_new_build_with_a_reason(as_user: Any) -> None:
    unit = as_user("360100", "360121.unit")
    body = draft()
    del body["owner_office_id"]
    made = await unit("POST", "/projects", body)
    assert made.status_code == 201, made.text
    path = f"/projects/{made.json()['id']}"
    bare = await unit("POST", f"{path}/submit", {}, etag=made.headers["etag"])
    assert (bare.status_code, [f["code"] for f in bare.json()["findings"]]) == (409, ["county_reuse_first"])
    reasons = {"reasons": [{"code": "county_reuse_first", "reason": "省市尚无同类应用"}]}
    sent = await unit("POST", f"{path}/submit", reasons, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text
    assert (await as_user("360100", "360123.unit")("GET", path)).status_code == 404
    other = draft(owner_office_id=office_id("360100", "360123", "安义县政府办公室"))
    foreign = await unit("POST", "/projects", other)
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (422, "/owner_office_id")


async def test_withdrawal_until_it_is_decided(as_user: Any) -> None:
    """Art. 14, R37: what was sent may be taken back until it is appraised, or approved where no appraisal is asked."""
    portal = as_user("360100")
    sent = await submitted(as_user)
    path = f"/projects/{sent.json()['id']}/withdraw"
    gone = await portal("POST", path, {"reason": "重复申报"}, etag=sent.headers["etag"])
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    passed = await gatekept(as_user)
    path = f"/projects/{passed.json()['id']}/withdraw"
    back = await portal("POST", path, {"reason": "重复申报"}, etag=passed.headers["etag"])
    assert (back.status_code, back.json()["state"], back.json()["holder"]) == (200, "withdrawn", "owner")
    approved = await gatekept(as_user)
    path = f"/projects/{approved.json()['id']}"
    done = await as_user("360100", "approver")(
        "POST", f"{path}/approve", APPROVAL, etag=approved.headers["etag"]
    )
    late = await portal("POST", f"{path}/withdraw", {"reason": "重复申报"}, etag=done.headers["etag"])
    assert (late.status_code, late.json()["code"], late.json()["article"]) == (409, "action_not_allowed", 14)


async def test_actions_of_the_answer_come_from_the_table(as_user: Any) -> None:
    passed = await gatekept(as_user)
    path = f"/projects/{passed.json()['id']}"
    seen = (await as_user("360100", "approver")("GET", path)).json()["actions"]
    allowed = {action["action"]: action["allowed"] for action in seen}
    assert allowed["approve"] is True
    assert allowed["gatekeep_return"] is False
    assert all(action["why_not"] for action in seen if not action["allowed"])


async def test_findings_follow_the_approval_so_that_the_province_watches_what_is(as_user: Any) -> None:
    """Declared well under the line, approved just under it: near the line now, and on the province's list."""
    office = as_user("360000", "office")

    async def watched(name: str) -> set[str]:
        items = (await office("GET", f"/monitoring/{name}?tenant=360100&limit=200")).json()["items"]
        return {item["id"] for item in items}

    async def approved(declared: str, amount: str, **facts_: Any) -> Any:
        given = {"investment_yuan": declared, **facts_}
        passed = await gatekept(as_user, facts=given)
        body = {**APPROVAL, "approved_amount_yuan": amount}
        path = f"/projects/{passed.json()['id']}"
        answer = await as_user("360100", "approver")(
            "POST", f"{path}/approve", body, etag=passed.headers["etag"]
        )
        assert answer.status_code == 200, answer.text
        codes = {finding["code"] for finding in answer.json()["findings"]}
        assert codes == {finding["code"] for finding in answer.json()["decision"]["findings"]}
        assert (await office("GET", path)).json()["findings"] == answer.json()["findings"]
        return answer.json()["id"]

    up = await approved("4000000.00", "4900000.00")
    down = await approved("4900000.00", "4000000.00")
    share = await approved("4500000.00", "5500000.00", of_which_maintenance_yuan="600000.00")
    near = await watched("near-line")
    assert up in near and down not in near
    assert share in near and share in await watched("maintenance")


async def test_audit_tells_what_was_done_and_nothing_of_the_case(as_user: Any) -> None:
    portal = as_user("360100")
    made = await portal("POST", "/projects", draft(facts={"investment_yuan": "4321000.00"}))
    ref, uuid = made.json()["id"], made.json()["id"].partition("-")[2]
    await portal("PATCH", f"/projects/{ref}", {"name": "改名"}, etag=made.headers["etag"])
    sent = await submitted(as_user)
    admin, supervisor = as_user("360100", "administrator"), as_user("360000", "supervisor")
    own = (await admin("GET", f"/audit?object_id={ref}")).json()["items"]
    assert [entry["action"] for entry in own] == ["project.edit", "project.create"]
    everything = (await admin("GET", "/audit?limit=200")).text
    for word in ("4321000", "investment", "route", "city_filing", "filing_number"):
        assert word not in everything
    # Nobody outside the tenant learns of a draft, not even that there is one.
    assert (await supervisor("GET", f"/audit?tenant=360100&object_id={ref}")).json()["items"] == []
    seen = (await supervisor("GET", f"/audit?tenant=360100&object_id={sent.json()['id']}")).json()["items"]
    assert [entry["action"] for entry in seen] == ["project.submit"]
    assert uuid not in (await supervisor("GET", "/audit?tenant=360100&limit=200")).text
    verdict = (await supervisor("GET", "/audit/verify?tenant=360100")).json()
    assert verdict["problems"] == 0, verdict


@pytest.mark.parametrize("blank", ["\u200b\u200b", "\u3164\u3164", "  ", "\u2800\u00a0\u200d"])
async def test_what_nobody_can_see_is_no_reason(as_user: Any, blank: str) -> None:
    off = {"negative": {**facts()["negative"], "off_cloud": True}}
    sent = await submitted(as_user, facts=off, reasons=[{"code": "negative_17_3", "reason": blank}])
    assert sent.status_code == 422
    named = await as_user("360100")("POST", "/projects", draft(name=blank))
    assert named.status_code == 422
    sent = await submitted(as_user)
    path = f"/projects/{sent.json()['id']}/gatekeeping/return"
    back = await as_user("360100", "gatekeeper")("POST", path, {"reason": blank}, etag=sent.headers["etag"])
    assert back.status_code == 422


async def test_a_reason_is_given_once(as_user: Any) -> None:
    twice = [{"code": "negative_17_3", "reason": "理由甲"}, {"code": "negative_17_3", "reason": "理由乙"}]
    answer = await submitted(
        as_user, facts={"negative": {**facts()["negative"], "off_cloud": True}}, reasons=twice
    )
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "duplicate_reason")


async def test_a_draft_is_not_there_for_other_desks(as_user: Any) -> None:
    made = await as_user("360100")("POST", "/projects", draft())
    path = f"/projects/{made.json()['id']}"
    for who, suffix, body in (
        ("gatekeeper", "gatekeeping/pass", {}), ("gatekeeper", "gatekeeping/return", {"reason": "退回"}),
        ("approver", "approve", APPROVAL), ("gatekeeper", "file", {}), ("gatekeeper", "hand-over", {}),
    ):  # fmt: skip
        answer = await as_user("360100", who)("POST", f"{path}/{suffix}", body, etag=made.headers["etag"])
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), answer.text


async def test_a_rule_amended_between_submission_and_gatekeeping_adds_its_finding_beside_the_opinions(
    app: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The near-line share widens after submission: the notice comes up, and the opinions are kept."""
    from dataclasses import replace

    from service.rulebook.book import RuleBooks

    off = {"negative": {**facts()["negative"], "off_cloud": True}, "investment_yuan": "4400000.00"}
    sent = await submitted(as_user, facts=off, reasons=[{"code": "negative_17_3", "reason": "专用环境"}])
    assert {f["code"] for f in sent.json()["findings"]} == {"negative_17_3"}
    shelf = app.app.state.services.shelf
    books = shelf[RuleBooks]
    entry = next(e for e in books.book.entries if e.key == "near_line.percent")
    amended = books.book.with_entries(
        replace(entry, value=80, effective_from=entry.effective_from.replace(year=2025))
    )
    monkeypatch.setitem(shelf, RuleBooks, RuleBooks(amended, books.divisions))
    keeper, path = as_user("360100", "gatekeeper"), f"/projects/{sent.json()['id']}"
    opinions = {"opinions": [{"code": "negative_17_3", "accepted": True, "note": "属实"}]}
    passed = await keeper("POST", f"{path}/gatekeeping/pass", opinions, etag=sent.headers["etag"])
    assert passed.status_code == 200, passed.text
    seen = {f["code"]: f["opinion"] for f in (await keeper("GET", path)).json()["findings"]}
    assert seen == {"near_line": None, "negative_17_3": "accepted：属实"}
    assert passed.json()["decision"]["rulebook"]["version"] != sent.json()["decision"]["rulebook"]["version"]


@pytest.mark.parametrize(
    ("tenant", "login"),
    [("360100", None), ("360100", "unit"), ("360100", "360121.unit"), ("360000", "department")],
)
async def test_a_fresh_draft_tells_its_owner_that_it_may_be_submitted(
    as_user: Any, tenant: str, login: str | None
) -> None:
    caller, body = as_user(tenant, login), draft(facts={"in_library": True})
    if login is not None:
        del body["owner_office_id"]
    made = await caller("POST", "/projects", body)
    assert made.status_code == 201, made.text
    allowed = {action["action"]: action["allowed"] for action in made.json()["actions"]}
    assert allowed["submit"] and allowed["edit"] and allowed["delete"]


async def test_no_case_is_approved_on_a_reason_nobody_gave(as_user: Any, settings: Any) -> None:
    """As after an amendment between gatekeeping and approval: an in-principle finding without an accepted reason."""
    import asyncpg

    off = {"negative": {**facts()["negative"], "off_cloud": True}}
    sent = await submitted(as_user, facts=off, reasons=[{"code": "negative_17_3", "reason": "专用环境"}])
    path, keeper = f"/projects/{sent.json()['id']}", as_user("360100", "gatekeeper")
    opinions = {"opinions": [{"code": "negative_17_3", "accepted": True}]}
    passed = await keeper("POST", f"{path}/gatekeeping/pass", opinions, etag=sent.headers["etag"])
    connection = await asyncpg.connect(settings.database_url)
    try:
        found = await connection.execute(
            "DELETE FROM project_findings WHERE project_id = $1::uuid AND code = 'negative_17_3'",
            path.partition("-")[2],
        )
        assert found == "DELETE 1"
    finally:
        await connection.close()
    answer = await as_user("360100", "approver")(
        "POST", f"{path}/approve", APPROVAL, etag=passed.headers["etag"]
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["next_desk"]) == (
        409,
        "reason_required",
        "owner",
    )


async def test_a_digital_part_of_other_construction_names_what_it_belongs_to(as_user: Any) -> None:
    """Art. 43: declared like any other, with the construction project that it is part of; sealed with the rest."""
    portal = as_user("360100")
    parent = {
        "name": "市人民医院新院区",
        "project_code": "2504-360100-04-01-123456",
        "total_yuan": "800000000.00",
    }
    body = draft()
    body["materials"]["parent_construction"] = parent
    made = await portal("POST", "/projects", body)
    assert made.status_code == 201, made.text
    path = f"/projects/{made.json()['id']}"
    nameless = await portal(
        "PATCH",
        path,
        {"materials": {"parent_construction": {"project_code": "1"}}},
        etag=made.headers["etag"],
    )
    assert (nameless.status_code, nameless.json()["code"]) == (422, "invalid_body")
    sent = await portal("POST", f"{path}/submit", {}, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text
    assert sent.json()["materials"]["parent_construction"] == parent
    kept = (await as_user("360100", "gatekeeper")("GET", f"{path}/versions/1")).json()
    assert kept["content"]["materials"]["parent_construction"] == parent
