"""Facts instead of words, as desks meet them: claims with and without proof, entries of before, files not read."""

from __future__ import annotations

import json
from typing import Any

from tests.factories import PAPER, attach, city_office, draft
from tests.portfolio.lines import line

BIG = {"investment_yuan": "8000000.00"}
WHY = {"reasons": [{"code": "not_in_library", "reason": "业务急需，已报主管部门"}]}


def good(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer


async def made(as_user: Any, tenant: str = "360100", **changes: Any) -> Any:
    return good(await as_user(tenant)("POST", "/projects", draft(tenant, **changes)), 201)


async def sent(as_user: Any, case: Any, body: Any = None) -> Any:
    path, tenant = f"/projects/{case.json()['id']}/submit", case.json()["tenant"]
    return await as_user(tenant)("POST", path, body or {}, etag=case.headers["etag"])


async def passed(as_user: Any, case: Any, *codes: str) -> Any:
    body = {"opinions": [{"code": code, "accepted": True, "note": "原件已核"} for code in codes]}
    path, tenant = f"/projects/{case.json()['id']}/gatekeeping/pass", case.json()["tenant"]
    return await as_user(tenant, "gatekeeper")("POST", path, body, etag=case.headers["etag"])


def weights(answer: Any) -> dict[str, str]:
    return {each["code"]: each["severity"] for each in answer.json()["findings"]}


async def test_a_claimed_entry_is_told_and_softens_nothing(as_user: Any) -> None:
    case = await made(as_user, facts={**BIG, "in_library": True})
    bare = await sent(as_user, case)
    assert (bare.status_code, bare.json()["code"]) == (409, "reason_required")
    assert [each["code"] for each in bare.json()["findings"]] == ["not_in_library"]
    submitted = good(await sent(as_user, case, WHY))
    assert weights(submitted) == {"not_in_library": "in_principle", "library_claim_unfounded": "notice"}
    assert submitted.json()["facts"]["in_library"] is True  # sealed as declared (art. 39)
    assert (await passed(as_user, submitted)).json()["code"] == "opinion_required"
    kept = good(await passed(as_user, submitted, "not_in_library"))
    assert "library_claim_unfounded" in weights(kept)


async def test_a_deployment_counts_with_its_paper_and_a_persons_word(as_user: Any) -> None:
    said = {**BIG, "national_or_provincial_deployment": True}
    bare = await made(as_user, facts=said)
    assert (await sent(as_user, bare)).json()["code"] == "reason_required"
    cited = await made(as_user, facts={**said, "evidence": {"deployment": PAPER}})
    assert (await sent(as_user, cited)).json()["code"] == "reason_required"  # cited, not shown
    await attach(as_user("360100"), cited.json()["id"], "deployment_basis")
    preview = good(await as_user("360100")("POST", f"/projects/{cited.json()['id']}/preview")).json()
    assert preview["reasons_required"] == []
    submitted = good(await sent(as_user, cited))
    assert weights(submitted) == {"library_exception_deployment": "in_principle"}
    assert "赣府厅字〔2026〕5号" in submitted.json()["findings"][0]["reason"]
    assert (await passed(as_user, submitted)).json()["code"] == "opinion_required"
    kept = good(await passed(as_user, submitted, "library_exception_deployment"))
    path = f"/projects/{kept.json()['id']}/hand-over"
    good(await as_user("360100", "gatekeeper")("POST", path, {}, etag=kept.headers["etag"]))


async def test_registered_offices_take_part_others_are_shown(as_user: Any) -> None:
    """Art. 12, R16; neither a placeholder nor the owner himself, however it is typed."""
    joint = {"project_class": "integration", "investment_yuan": "6000000.00"}
    for nobody in (["无"], ["/"], ["详见附件"], ["南昌市 政府办公室"], []):
        alone = good(
            await sent(as_user, await made(as_user, facts={**joint, "participating_offices": nobody}))
        )
        assert weights(alone) == {"label_without_evidence": "notice"}, nobody
    known = next(
        each["name"]
        for each in good(await as_user("360100", "administrator")("GET", "/offices?limit=200")).json()[
            "items"
        ]
        if each["office_id"] != city_office("360100") and each["tier"] == "city"
    )
    named = good(
        await sent(as_user, await made(as_user, facts={**joint, "participating_offices": [f" {known}"]}))
    )
    assert weights(named) == {}
    strange = {**joint, "participating_offices": ["未登记的某单位"], "evidence": {"participants": PAPER}}
    case = await made(as_user, facts=strange)
    await attach(as_user("360100"), case.json()["id"], "participants_basis")
    assert weights(good(await sent(as_user, case))) == {"participants_evidenced": "in_principle"}
    word = good(
        await sent(as_user, await made(as_user, facts={**joint, "participating_offices": ["未登记的某单位"]}))
    )
    assert weights(word) == {"label_without_evidence": "notice", "participants_unproven": "notice"}


async def test_unanswered_is_explained_and_accepted_by_name(as_user: Any) -> None:
    """Arts 3, 11, 17: what nobody answered is asked for, one reason each, and the gatekeeper accepts each."""
    open_ones = ("negative_not_checked", "sharing_not_answered", "unifications_not_checked")
    case = await made(as_user, facts={"negative": {}, "unifications": {}, "sharing": {}})
    bare = await sent(as_user, case)
    assert sorted(each["code"] for each in bare.json()["findings"]) == sorted(open_ones)
    reasons = {"reasons": [{"code": code, "reason": "现状尚在摸底，九月底前补核"} for code in open_ones]}
    submitted = good(await sent(as_user, case, reasons))
    assert set(submitted.json()["decision"]["articles"]) >= {3, 11, 17}
    assert (await passed(as_user, submitted, *open_ones[:2])).json()["code"] == "opinion_required"
    good(await passed(as_user, submitted, *open_ones))


async def test_a_file_not_read_is_looked_at_by_the_gatekeeper(as_user: Any) -> None:
    case = await made(as_user)
    scan = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
        "0000000d49484452000000010000000108020000009077 53de".replace(" ", "")
    )
    paper = await attach(as_user("360100"), case.json()["id"], "technical_plan", scan, "扫描件.png")
    assert paper["checked"] == "not_checked"
    submitted = good(await sent(as_user, case))
    assert weights(submitted) == {"attachments_not_read": "in_principle"}
    assert "扫描件.png" in submitted.json()["findings"][0]["reason"]
    assert (await passed(as_user, submitted)).json()["code"] == "opinion_required"
    good(await passed(as_user, submitted, "attachments_not_read"))


async def test_the_project_before_is_the_systems_own_or_shown(as_user: Any) -> None:
    """Art. 17 item 7."""
    upgrade = {"kind": "rebuild", "previous_project_accepted": True}
    bare = await sent(as_user, await made(as_user, facts=upgrade))
    assert [each["code"] for each in bare.json()["findings"]] == ["negative_17_7"]
    days = {
        "approved": "2025-03-01",
        "started": "2025-05-06",
        "trial_run": "2025-08-01",
        "final_inspected": "2026-02-10",
        "acceptance_applied": "2026-02-20",
        "accepted": "2026-03-02",
    }
    ids = {}
    for state, dated in (
        ("accepted", days),
        ("started", {key: days[key] for key in ("approved", "started")}),
    ):
        raw = json.dumps(line(state=state, dated=dated), ensure_ascii=False).encode()
        answer = await as_user("360100", "gatekeeper")(
            "POST", "/imports", content=raw, headers={"content-type": "application/x-ndjson"}
        )
        assert answer.status_code == 201, answer.text
        found = good(await as_user("360100")("GET", f"/projects?state={state}&limit=1")).json()["items"]
        ids[state] = found[0]["id"]
    known = good(
        await sent(as_user, await made(as_user, facts={**upgrade, "previous_project": ids["accepted"]}))
    )
    assert weights(known) == {}
    running = await sent(as_user, await made(as_user, facts={**upgrade, "previous_project": ids["started"]}))
    assert [each["code"] for each in running.json()["findings"]] == ["negative_17_7"]
    shown = await made(as_user, facts={**upgrade, "evidence": {"previous_acceptance": PAPER}})
    await attach(as_user("360100"), shown.json()["id"], "previous_acceptance")
    assert weights(good(await sent(as_user, shown))) == {"previous_acceptance_evidenced": "in_principle"}


async def test_an_entry_of_before_is_entered_by_one_and_confirmed_by_another(as_user: Any) -> None:
    """Arts 8, 9, 19; R15: no word of one person, no other office's entry, one project an entry."""
    drc, office = as_user("360000", "drc"), as_user("360000", "office")
    body = {
        "owner": f"360100-{city_office('360100')}",
        "project_name": "早先入库的项目",
        "entered_on": "2026-01-05",
        "document": {"issuer": "省领导小组办公室", "number": "赣数〔2026〕1号", "date": "2026-01-05"},
    }
    assert (await as_user("360100", "gatekeeper")("POST", "/library-imports", body)).status_code == 403
    entry = good(await drc("POST", "/library-imports", body), 201)
    assert (entry.json()["state"], entry.json()["valid_until"]) == ("proposed", "2028-01-05")
    ref = entry.json()["id"]
    case = await made(as_user, facts={**BIG, "library_entry": ref})
    early = await sent(as_user, case)
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "unknown_entry")
    path = f"/library-imports/{ref}/confirm"
    alone = await drc("POST", path, {"accepted": True}, etag='"1"')
    assert (alone.status_code, alone.json()["code"]) == (409, "same_person")
    assert (await office("POST", path, {"accepted": False}, etag='"1"')).status_code == 422
    good(await office("POST", path, {"accepted": True}, etag='"1"'))
    again = await office("POST", path, {"accepted": True}, etag='"2"')
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert ref in good(await as_user("360100", "unit")("GET", "/library-imports?state=confirmed")).text
    assert ref not in good(await as_user("360200", "unit")("GET", "/library-imports")).text
    preview = good(await as_user("360100")("POST", f"/projects/{case.json()['id']}/preview")).json()
    assert preview["reasons_required"] == []
    submitted = good(await sent(as_user, case))
    assert weights(submitted) == {} and submitted.json()["dated"]["library"]["valid_until"] == "2028-01-05"
    good(await passed(as_user, submitted))
    taken = await sent(as_user, await made(as_user, facts={**BIG, "library_entry": ref}))
    assert (taken.status_code, taken.json()["errors"][0]["code"]) == (422, "unknown_entry")
    foreign = await made(as_user, "360200", facts={**BIG, "library_entry": ref})
    assert (await sent(as_user, foreign)).json()["errors"][0]["code"] == "unknown_entry"


async def test_a_departments_claims_meet_the_office_before_the_appraisal(as_user: Any) -> None:
    department, office = as_user("360000", "department"), as_user("360000", "office")
    body = draft(facts={**BIG, "national_or_provincial_deployment": True, "evidence": {"deployment": PAPER}})
    del body["owner_office_id"]
    case = good(await department("POST", "/projects", body), 201)
    await attach(department, case.json()["id"], "deployment_basis")
    path = f"/projects/{case.json()['id']}"
    submitted = good(await department("POST", f"{path}/submit", {}, etag=case.headers["etag"]))
    offices = good(await as_user("360000", "administrator")("GET", "/offices?limit=200")).json()["items"]
    agency = next(each["office_id"] for each in offices if each["organ"] == "agency")
    asked = {"agency_office_id": agency, "fields": ["architecture"], "task": "论证必要性和技术方案"}
    bare = await office("POST", f"{path}/appraisals", asked, etag=submitted.headers["etag"])
    assert (bare.status_code, bare.json()["code"]) == (409, "opinion_required")
    named = {**asked, "opinions": [{"code": "library_exception_deployment", "accepted": True}]}
    begun = good(await office("POST", f"{path}/appraisals", named, etag=submitted.headers["etag"]))
    assert begun.json()["findings"][0]["opinion"].startswith("accepted")
