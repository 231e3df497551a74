"""What a declaration must hold, as callers meet it: materials, reasons, the owner's office, sealed versions."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.digest import sealed
from service.setup.seed import office_id
from tests.factories import draft, facts
from tests.lives import World, good
from tests.lives.said import accepting, because


async def test_versions_stay_as_submitted_and_their_digest_recomputes(city: World) -> None:
    sent = await city.submitted()
    office, path = city.by("province.office"), f"/projects/{sent.id}"
    version = await sent.sees("versions/1", "province.office")
    assert version["content"]["facts"]["investment_yuan"] == "4000000.00"
    assert version["digest"] == sealed({"content": version["content"], "decision": version["decision"]})
    for absent in ("0", "2", "99999999999", "01", "+1", "%EF%BC%91", "%201"):  # one number, one address
        assert (await office("GET", f"{path}/versions/{absent}")).status_code == 404


async def test_submission_names_every_missing_material(city: World) -> None:
    bad = {"funding": [{"source": "市级财政", "amount_yuan": "3999999.99"}], "technical_plan": ""}
    made = await city.made("owner", "/projects", draft(materials=bad))
    path = f"/projects/{made.id}"
    preview = good(await city.by("owner")("POST", f"{path}/preview")).json()
    sent = await city.by("owner")("POST", f"{path}/submit", {}, etag=made.etag)
    assert sent.status_code == 422
    errors = sent.json()["errors"]
    pointers = [error["pointer"] for error in errors]
    assert {"/materials/resolution/body", "/materials/resolution/date", "/materials/technical_plan"} <= set(
        pointers
    )
    assert ("/materials/funding", "funding_sum") in [(e["pointer"], e["code"]) for e in errors]
    # Preview and submission are one code.
    assert [point["pointer"] for point in preview["missing"]] == pointers


async def test_reasons_are_asked_for_by_name_and_judged_by_name(city: World) -> None:
    case = await city.draft(negative={**facts()["negative"], "own_hardware": True, "off_cloud": True})
    first = await case.tried("owner", "submit", {})
    assert first.status_code == 409
    assert {finding["code"] for finding in first.json()["findings"]} == {"negative_17_1", "negative_17_3"}
    strange = because("negative_17_2", reason="并无此事")
    assert (await (await city.draft()).tried("owner", "submit", strange)).status_code == 422
    await case.does("owner", "submit", because("negative_17_1", "negative_17_3", reason="现有机房专用"))
    keeper, verb = "city.gatekeeper", "gatekeeping/pass"
    none = await case.tried(keeper, verb, {})
    assert (none.status_code, none.json()["code"]) == (409, "opinion_required")
    mixed = {
        "opinions": [
            {"code": "negative_17_1", "accepted": True},
            {"code": "negative_17_3", "accepted": False},
        ]
    }
    refused = await case.tried(keeper, verb, mixed)
    assert (refused.status_code, refused.json()["refused"]) == (409, ["negative_17_3"])
    passed = await case.does(keeper, verb, accepting("negative_17_1", "negative_17_3", note="属实"))
    seen = (await case.read(keeper))["findings"]
    assert seen == passed["findings"]
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
async def test_what_nobody_can_see_is_no_reason(city: World, blank: str) -> None:
    case = await city.draft(negative={**facts()["negative"], "off_cloud": True})
    sent = await case.tried("owner", "submit", because("negative_17_3", reason=blank))
    assert sent.status_code == 422
    named = await city.by("owner")("POST", "/projects", draft(name=blank))
    assert named.status_code == 422
    case = await city.submitted()
    back = await case.tried("city.gatekeeper", "gatekeeping/return", {"reason": blank})
    assert back.status_code == 422


async def test_a_reason_is_given_once(city: World) -> None:
    case = await city.draft(negative={**facts()["negative"], "off_cloud": True})
    answer = await case.tried("owner", "submit", because("negative_17_3", "negative_17_3"))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "duplicate_reason")


async def test_a_digital_part_of_other_construction_names_what_it_belongs_to(city: World) -> None:
    """Art. 43: declared like any other, with the construction project that it is part of; sealed with the rest."""
    parent = {
        "name": "市人民医院新院区",
        "project_code": "2504-360100-04-01-123456",
        "total_yuan": "800000000.00",
    }
    case = await city.draft(materials={"parent_construction": parent})
    nameless = await city.by("owner")(
        "PATCH",
        f"/projects/{case.id}",
        {"materials": {"parent_construction": {"project_code": "1"}}},
        etag=case.etag,
    )
    assert (nameless.status_code, nameless.json()["code"]) == (422, "invalid_body")
    sent = await case.does("owner", "submit")
    assert sent["materials"]["parent_construction"] == parent
    kept = await case.sees("versions/1", "city.gatekeeper")
    assert kept["content"]["materials"]["parent_construction"] == parent
