"""What a declaration must hold, as callers meet it: materials, reasons, the owner's office, sealed versions."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.digest import sealed
from service.setup.seed import office_id
from tests.factories import draft, facts
from tests.projects.declared import submitted


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
