"""Facts instead of words, as desks meet them: claims with and without proof, entries of before, files not read."""

from __future__ import annotations

import json
from typing import Any

from tests.factories import PAPER, attach, city_office
from tests.lives import Life, World, good, reviews
from tests.lives.said import accepting, because
from tests.portfolio.lines import line

BIG = {"investment_yuan": "8000000.00"}
WHY = because("not_in_library", reason="业务急需，已报主管部门")


async def passed(case: Life, *codes: str) -> Any:
    """Whatever the gatekeeper is answered who has seen the originals of these."""
    return await case.tried("city.gatekeeper", "gatekeeping/pass", accepting(*codes, note="原件已核"))


async def declared(city: World, **facts: Any) -> Life:
    """Submitted as it is: nothing asked for a reason."""
    case = await city.draft(**facts)
    await case.does("owner", "submit")
    return case


def weights(case: Life) -> dict[str, str]:
    return {each["code"]: each["severity"] for each in case.data["findings"]}


async def test_a_claimed_entry_is_told_and_softens_nothing(city: World) -> None:
    case = await city.draft(**BIG, in_library=True)
    bare = await case.tried("owner", "submit", {})
    assert (bare.status_code, bare.json()["code"]) == (409, "reason_required")
    assert [each["code"] for each in bare.json()["findings"]] == ["not_in_library"]
    await case.does("owner", "submit", WHY)
    assert weights(case) == {"not_in_library": "in_principle", "library_claim_unfounded": "notice"}
    assert case.data["facts"]["in_library"] is True  # sealed as declared (art. 39)
    assert (await passed(case)).json()["code"] == "opinion_required"
    good(await passed(case, "not_in_library"))
    assert "library_claim_unfounded" in weights(case)


async def test_a_deployment_counts_with_its_paper_and_a_persons_word(city: World) -> None:
    said = {**BIG, "national_or_provincial_deployment": True}
    bare = await city.draft(**said)
    assert (await bare.tried("owner", "submit", {})).json()["code"] == "reason_required"
    cited = await city.draft(**said, evidence={"deployment": PAPER})
    shown = await cited.tried("owner", "submit", {})
    assert shown.json()["code"] == "reason_required"  # cited, not shown
    await attach(city.by("owner"), cited.id, "deployment_basis")
    assert (await cited.preview())["reasons_required"] == []
    await cited.does("owner", "submit")
    assert weights(cited) == {"library_exception_deployment": "in_principle"}
    assert "赣府厅字〔2026〕5号" in cited.data["findings"][0]["reason"]
    assert (await passed(cited)).json()["code"] == "opinion_required"
    good(await passed(cited, "library_exception_deployment"))
    await cited.hand_over()


async def test_registered_offices_take_part_others_are_shown(city: World) -> None:
    """Art. 12, R16; neither a placeholder nor the owner himself, however it is typed."""
    joint = {"project_class": "integration", "investment_yuan": "6000000.00"}
    for nobody in (["无"], ["/"], ["详见附件"], ["南昌市 政府办公室"], []):
        alone = await declared(city, **joint, participating_offices=nobody)
        assert weights(alone) == {"label_without_evidence": "notice"}, nobody
    known = next(
        each["name"]
        for each in good(await city.by("city.administrator")("GET", "/offices?limit=200")).json()["items"]
        if each["office_id"] != city_office("360100") and each["tier"] == "city"
    )
    assert weights(await declared(city, **joint, participating_offices=[f" {known}"])) == {}
    strange = {**joint, "participating_offices": ["未登记的某单位"]}
    case = await city.draft(**strange, evidence={"participants": PAPER})
    await attach(city.by("owner"), case.id, "participants_basis")
    await case.does("owner", "submit")
    assert weights(case) == {"participants_evidenced": "in_principle"}
    word = await declared(city, **strange)
    assert weights(word) == {"label_without_evidence": "notice", "participants_unproven": "notice"}


async def test_unanswered_is_explained_and_accepted_by_name(city: World) -> None:
    """Arts 3, 11, 17: what nobody answered is asked for, one reason each, and the gatekeeper accepts each."""
    open_ones = ("negative_not_checked", "sharing_not_answered", "unifications_not_checked")
    case = await city.draft(negative={}, unifications={}, sharing={})
    bare = await case.tried("owner", "submit", {})
    assert sorted(each["code"] for each in bare.json()["findings"]) == sorted(open_ones)
    await case.does("owner", "submit", because(*open_ones, reason="现状尚在摸底，九月底前补核"))
    assert set(case.data["decision"]["articles"]) >= {3, 11, 17}
    assert (await passed(case, *open_ones[:2])).json()["code"] == "opinion_required"
    good(await passed(case, *open_ones))


async def test_a_file_not_read_is_looked_at_by_the_gatekeeper(city: World) -> None:
    case = await city.draft()
    scan = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
        "0000000d49484452000000010000000108020000009077 53de".replace(" ", "")
    )
    paper = await attach(city.by("owner"), case.id, "technical_plan", scan, "扫描件.png")
    assert paper["checked"] == "not_checked"
    await case.does("owner", "submit")
    assert weights(case) == {"attachments_not_read": "in_principle"}
    assert "扫描件.png" in case.data["findings"][0]["reason"]
    assert (await passed(case)).json()["code"] == "opinion_required"
    good(await passed(case, "attachments_not_read"))


async def test_the_project_before_is_the_systems_own_or_shown(city: World) -> None:
    """Art. 17 item 7."""
    upgrade = {"kind": "rebuild", "previous_project_accepted": True}
    bare = await (await city.draft(**upgrade)).tried("owner", "submit", {})
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
        answer = await city.by("city.gatekeeper")(
            "POST", "/imports", content=raw, headers={"content-type": "application/x-ndjson"}
        )
        assert answer.status_code == 201, answer.text
        found = good(await city.by("owner")("GET", f"/projects?state={state}&limit=1")).json()["items"]
        ids[state] = found[0]["id"]
    assert weights(await declared(city, **upgrade, previous_project=ids["accepted"])) == {}
    building = await city.draft(**upgrade, previous_project=ids["started"])
    running = await building.tried("owner", "submit", {})
    assert [each["code"] for each in running.json()["findings"]] == ["negative_17_7"]
    shown = await city.draft(**upgrade, evidence={"previous_acceptance": PAPER})
    await attach(city.by("owner"), shown.id, "previous_acceptance")
    await shown.does("owner", "submit")
    assert weights(shown) == {"previous_acceptance_evidenced": "in_principle"}


async def test_an_entry_of_before_is_entered_by_one_and_confirmed_by_another(city: World, build: Any) -> None:
    """Arts 8, 9, 19; R15: no word of one person, no other office's entry, one project an entry."""
    drc, office, elsewhere = city.by("province.drc"), city.by("province.office"), build(tenant="360200")
    body = {
        "owner": f"360100-{city_office('360100')}",
        "project_name": "早先入库的项目",
        "entered_on": "2026-01-05",
        "document": {"issuer": "省领导小组办公室", "number": "赣数〔2026〕1号", "date": "2026-01-05"},
    }
    assert (await city.by("city.gatekeeper")("POST", "/library-imports", body)).status_code == 403
    entry = await drc("POST", "/library-imports", body)
    assert entry.status_code == 201, entry.text
    assert (entry.json()["state"], entry.json()["valid_until"]) == ("proposed", "2028-01-05")
    ref = entry.json()["id"]
    case = await city.draft(**BIG, library_entry=ref)
    early = await case.tried("owner", "submit", {})
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "unknown_entry")
    path = f"/library-imports/{ref}/confirm"
    alone = await drc("POST", path, {"accepted": True}, etag='"1"')
    assert (alone.status_code, alone.json()["code"]) == (409, "same_person")
    assert (await office("POST", path, {"accepted": False}, etag='"1"')).status_code == 422
    good(await office("POST", path, {"accepted": True}, etag='"1"'))
    again = await office("POST", path, {"accepted": True}, etag='"2"')
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert ref in good(await city.by("city.unit")("GET", "/library-imports?state=confirmed")).text
    assert ref not in good(await elsewhere.by("city.unit")("GET", "/library-imports")).text
    assert (await case.preview())["reasons_required"] == []
    await case.does("owner", "submit")
    assert weights(case) == {"library_entry_other_name": "notice"}
    assert case.data["dated"]["library"]["valid_until"] == "2028-01-05"
    told = {each["code"]: each for each in case.data["decision"]["findings"]}["library_entry_other_name"]
    assert told["article"] == 19 and "早先入库的项目" in told["message"]
    good(await passed(case))
    taken = await (await city.draft(**BIG, library_entry=ref)).tried("owner", "submit", {})
    assert (taken.status_code, taken.json()["errors"][0]["code"]) == (422, "unknown_entry")
    foreign = await (await elsewhere.draft(**BIG, library_entry=ref)).tried("owner", "submit", {})
    assert foreign.json()["errors"][0]["code"] == "unknown_entry"


async def test_a_departments_claims_meet_the_office_before_the_appraisal(build: Any) -> None:
    department = build("province.department")
    case = await department.draft(
        **BIG, national_or_provincial_deployment=True, evidence={"deployment": PAPER}
    )
    await attach(department.by("owner"), case.id, "deployment_basis")
    await case.does("owner", "submit")
    asked = reviews.commission(department, "province")
    bare = await case.tried("province.office", "appraisals", asked)
    assert (bare.status_code, bare.json()["code"]) == (409, "opinion_required")
    named = {**asked, **accepting("library_exception_deployment")}
    begun = await case.does("province.office", "appraisals", named)
    assert begun["findings"][0]["opinion"].startswith("accepted")
