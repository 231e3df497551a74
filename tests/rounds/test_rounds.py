"""What a declaration must carry (arts 14, 15): the rounds of the three organs, and one code that judges by them."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from service.kit.clock import legal_day, now
from tests.factories import PLAN, draft, materials
from tests.measures.test_form import FORM

TODAY = legal_day(now())
ASKED = {
    "fields": [{"field": "form.period"}, {"field": "form.indicators", "kinds": ["new"]}],
    "attachments": [{"slot": "priority_evidence", "kinds": ["expand"]}],
    "extra": [{"name": "项目单位承诺书"}],
}


def notice(number: str, **more: Any) -> dict[str, Any]:
    return {
        "year": TODAY.year,
        "document_number": number,
        "document_date": "2026-02-01",
        "effective_from": TODAY.isoformat(),
        **ASKED,
        **more,
    }


async def proposed(as_user: Any, number: str, who: str = "drc", **more: Any) -> Any:
    made = await as_user("360000", who)("POST", "/declaration-rounds", notice(number, **more))
    assert made.status_code == 201, made.text
    return made


async def confirmed(as_user: Any, number: str, **more: Any) -> Any:
    made = await proposed(as_user, number, **more)
    path = f"/declaration-rounds/{made.json()['id']}/confirm"
    sure = await as_user("360000", "office")("POST", path, etag=made.headers["etag"])
    assert sure.status_code == 200, sure.text
    return sure


async def drafted(as_user: Any, tenant: str = "360100", who: str | None = None, **changes: Any) -> Any:
    body = draft(tenant, **changes)
    if who == "department":
        del body["owner_office_id"]
    made = await as_user(tenant, who)("POST", "/projects", body)
    assert made.status_code == 201, made.text
    return made


async def three_ways(caller: Any, made: Any) -> list[list[tuple[str, str]]]:
    """What checklist, preview and submission find: (pointer, code), each in its own order."""
    path = f"/projects/{made.json()['id']}"
    listed = (await caller("GET", f"{path}/documents/checklist")).json()
    preview = (await caller("POST", f"{path}/preview")).json()
    sent = await caller("POST", f"{path}/submit", {}, etag=made.headers["etag"])
    errors = sent.json()["errors"] if sent.status_code == 422 else []
    unfilled = {
        row["slot"] for row in listed["items"] if row["asked_at"] == "submission" and not row["filled"]
    }
    assert unfilled == set(listed["missing"])
    return [
        [(row["pointer"], row["code"]) for row in rows]
        for rows in (listed["open"], preview["missing"], errors)
    ]


async def test_a_round_is_proposed_by_one_organ_and_confirmed_by_another(as_user: Any) -> None:
    made = await proposed(
        as_user,
        "赣府厅发〔2026〕1号",
        effective_from=(TODAY + timedelta(days=40)).isoformat(),
        year=(TODAY + timedelta(days=40)).year,
    )
    view, path = made.json(), f"/declaration-rounds/{made.json()['id']}"
    assert (view["status"], view["proposed_organ"]) == ("proposed", "省发展改革委")
    assert [row["name"] for row in view["asked"]] == ["建设期", "绩效指标", "重点支持依据", "项目单位承诺书"]
    keeper = as_user("360100", "gatekeeper")
    assert (await keeper("GET", path)).status_code == 403
    assert (await keeper("GET", f"/declaration-rounds/effect?round={view['id']}")).status_code == 404
    assert view["id"] not in (await keeper("GET", "/declaration-rounds")).text
    own = await as_user("360000", "drc")("POST", f"{path}/confirm", etag=made.headers["etag"])
    assert (own.status_code, own.json()["code"]) == (409, "same_person")
    old = await as_user("360000", "office")("POST", f"{path}/confirm", etag='"7"')
    assert old.status_code == 412
    sure = await as_user("360000", "finance")("POST", f"{path}/confirm", etag=made.headers["etag"])
    assert (sure.json()["status"], sure.json()["decided_organ"]) == ("coming", "省财政厅")
    again = await as_user("360000", "office")("POST", f"{path}/confirm", etag=sure.headers["etag"])
    assert (again.status_code, again.json()["code"]) == (409, "round_decided")
    shown = {row["id"]: row["status"] for row in (await keeper("GET", "/declaration-rounds")).json()["items"]}
    assert shown[view["id"]] == "coming"
    # Not before its day.
    found = await three_ways(as_user("360100"), await drafted(as_user, materials={**materials(), "plan": {}}))
    assert not any("/form" in pointer for pointer, _ in found[2]) and found[2]


async def test_what_is_refused_is_asked_of_nobody(as_user: Any) -> None:
    made = await proposed(as_user, "赣府厅发〔2026〕2号", who="finance")
    path = f"/declaration-rounds/{made.json()['id']}/refuse"
    gone = await as_user("360000", "office")(
        "POST", path, {"reason": "与印发的通知不符"}, etag=made.headers["etag"]
    )
    assert (gone.json()["status"], gone.json()["reason"]) == ("refused", "与印发的通知不符")
    requirements = (await as_user("360100")("GET", "/declaration-requirements")).json()
    assert requirements["announced"] == [] and requirements["document_number"] is None
    assert [row["key"] for row in requirements["base"]][:2] == ["resolution.body", "resolution.date"]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"effective_from": (TODAY - timedelta(days=1)).isoformat()}, "/effective_from", "date_in_past"),
        ({"document_date": (TODAY + timedelta(days=1)).isoformat()}, "/document_date", "date_in_future"),
        ({"year": TODAY.year + 2}, "/effective_from", "date_order"),
        ({"fields": [{"field": "form.period"}, {"field": "form.period"}]}, "/fields/1", "duplicate"),
        ({"fields": [{"field": "basics.main_tasks"}]}, "/fields/0/field", None),
        ({"attachments": [{"slot": "contract"}]}, "/attachments/0/slot", None),
    ],
)
async def test_what_cannot_be_announced(as_user: Any, changes: Any, pointer: str, code: str | None) -> None:
    wrong = await as_user("360000", "drc")(
        "POST", "/declaration-rounds", notice("赣府厅发〔2026〕3号", **changes)
    )
    assert wrong.status_code == 422, wrong.text
    assert (pointer, code) in [(e["pointer"], e["code"] if code else None) for e in wrong.json()["errors"]]


async def test_submission_and_checklist_judge_by_the_round_in_force(as_user: Any) -> None:
    tenant, unit = "360300", as_user("360300")
    made = await drafted(as_user, tenant, name="待补申报表的项目")
    expected = await _previewed(as_user, tenant, unit, made)
    sure = await confirmed(as_user, "赣府厅发〔2026〕4号")
    assert sure.json()["status"] == "standing"
    effect = (await unit("GET", f"/declaration-rounds/effect?round={sure.json()['id']}")).json()
    assert effect["lacking"] == 0  # it is asked already, so the round asks nothing new
    checklist, preview, errors = await three_ways(unit, made)
    assert checklist == preview == errors and [pointer for pointer, _ in errors] == expected
    refused = await unit("POST", f"/projects/{made.json()['id']}/submit", {}, etag=made.headers["etag"])
    assert all("赣府厅发〔2026〕4号" in each["detail"] for each in refused.json()["errors"])
    changed = await _given_wrongly(unit, made)
    await _given_rightly(unit, made, changed)
    await _found_by_its_code(as_user, unit, made)
    # The next round takes its place: what it does not ask is not asked any more.
    await confirmed(as_user, "赣府厅发〔2026〕5号", fields=[], attachments=[], extra=[])
    found = await three_ways(unit, await drafted(as_user, tenant, name="其后的项目"))
    assert found == [[], [], []]


async def _previewed(as_user: Any, tenant: Any, unit: Any, made: Any) -> Any:
    """What each desk sees of the cases that lack something."""
    seen = (
        await as_user("360000", "drc")(
            "POST", "/declaration-rounds/preview", {"effective_from": TODAY.isoformat(), **ASKED}
        )
    ).json()
    assert seen["covers"] == "declared" and made.json()["id"] not in str(seen)  # a draft is nobody's outside
    mine = await as_user(tenant, "gatekeeper")(
        "POST", "/declaration-rounds/preview", {"effective_from": TODAY.isoformat(), **ASKED}
    )
    lacking = {row["id"]: [each["pointer"] for each in row["lacking"]] for row in mine.json()["cases"]}
    # The gatekeeper sees none of its units' drafts; the unit's portal that made it does.
    own = (
        await unit("POST", "/declaration-rounds/preview", {"effective_from": TODAY.isoformat(), **ASKED})
    ).json()
    lacking |= {row["id"]: [each["pointer"] for each in row["lacking"]] for row in own["cases"]}
    expected = ["/materials/form/period", "/materials/form/indicators", "/materials/extra"]
    assert lacking[made.json()["id"]] == expected
    return expected


async def _given_wrongly(unit: Any, made: Any) -> Any:
    """A slip in what is given is told beside what is missing."""
    wrong = {
        "period": {"from_month": "1926-03", "to_month": "2026-12"},
        "credit_code": "91350100M000100Y44",
        "yearly": [{"year": 2031, "source": "city", "amount_yuan": "1"}],
    }
    given = {**materials(), "form": wrong}
    changed = await unit(
        "PATCH", f"/projects/{made.json()['id']}", {"materials": given}, etag=made.headers["etag"]
    )
    checklist, preview, errors = await three_ways(unit, changed)
    assert checklist == preview == errors
    assert {code for _, code in errors} == {
        "form_required",
        "credit_code_check",
        "year_implausible",
        "year_outside_period",
        "yearly_sum",
        "extra_required",
    }
    return changed


async def _given_rightly(unit: Any, made: Any, changed: Any) -> None:
    """As asked: taken, and all is closed."""
    good = {
        **materials(),
        "form": {k: v for k, v in FORM.items() if k != "costs"},
        "extra": {"项目单位承诺书": "已签署盖章"},
    }
    changed = await unit(
        "PATCH", f"/projects/{made.json()['id']}", {"materials": good}, etag=changed.headers["etag"]
    )
    sent = await unit("POST", f"/projects/{made.json()['id']}/submit", {}, etag=changed.headers["etag"])
    assert sent.status_code == 200, sent.text
    assert "赣府厅发〔2026〕4号" in sent.json()["decision"]["requirements"]
    assert sent.json()["materials"]["form"]["indicators"][0]["name"] == "平均办理时限"
    after = (await unit("GET", f"/projects/{made.json()['id']}/documents/checklist")).json()
    assert after["open"] == after["missing"] == []


async def _found_by_its_code(as_user: Any, unit: Any, made: Any) -> None:
    """By the code that the investment platform gave it."""
    # Found by the code that the investment platform gave it.
    code = FORM["project_codes"][0]["code"]
    page = (await as_user("360000", "office")("GET", f"/projects?project_code={code}")).json()
    assert [row["id"] for row in page["items"]] == [made.json()["id"]]
    assert page["items"][0]["project_codes"] == [code]
    assert (await unit("GET", "/projects?project_code=2026-360100-65-01-000000")).json()["items"] == []


KINDS = ("new", "rebuild", "expand", "migrate", "maintain")
BROKEN: dict[str, Any] = {
    "nothing": {},
    "no plan": {**materials(), "technical_plan": "", "plan": {}},
    "a plan of one character": {**materials(), "technical_plan": "x", "plan": {}},
    "placeholders": {**materials(), "plan": dict.fromkeys(PLAN, "无"), "maintenance_plan": "详见附件"},
    "half a resolution": {
        **materials(),
        "resolution": {"body": "局党组会议"},
        "maintenance_plan": "驻场运维服务",
    },
    "work secrets": {
        **materials(),
        "plan": {**PLAN, "involves_work_secrets": True},
        "maintenance_plan": "驻场运维",
    },
    "funding": {**materials("1.00"), "maintenance_plan": "驻场运维服务"},
    "slips": {**materials(), "maintenance_plan": "驻场运维服务", "form": {**FORM, "cloud": {"cpu_cores": 0}}},
}


@pytest.mark.parametrize(("kind", "broken"), list(product(KINDS, BROKEN)))
async def test_one_code_for_every_kind(as_user: Any, kind: str, broken: str) -> None:
    """Whatever is missing: checklist, preview and submission name the same, in the same order."""
    tenant, who = ("360000", "department") if KINDS.index(kind) % 2 else ("360200", None)
    project_class = ("other", "infrastructure", "integration")[(KINDS.index(kind) + len(broken)) % 3]
    changes = {
        "kind": kind,
        "project_class": project_class,
        "participating_offices": ["省数据局", "省税务局"],
    }
    if kind in ("rebuild", "expand"):
        changes["previous_project_accepted"] = True
    made = await drafted(
        as_user, tenant, who, facts=changes, materials=BROKEN[broken], name=f"{kind}{broken}"
    )
    checklist, preview, errors = await three_ways(as_user(tenant, who), made)
    assert checklist == preview
    if errors:
        assert errors == preview
    else:  # nothing was missing for this kind
        assert preview == []


@pytest.mark.parametrize("part", list(PLAN))
async def test_a_part_as_an_attachment_in_its_slot(as_user: Any, part: str) -> None:
    unit = as_user("360400")
    given = {
        **materials(),
        "technical_plan": "建设业务系统",
        "plan": {name: text for name, text in PLAN.items() if name != part},
    }
    made = await drafted(as_user, "360400", materials=given, name=f"附件{part}")
    path = f"/projects/{made.json()['id']}/documents"
    (point,) = (await three_ways(unit, made))[2]
    assert point == (f"/materials/plan/{part}", "plan_part_required")
    (slot,) = (await unit("GET", f"{path}/checklist")).json()["missing"]
    file = await unit(
        "POST", path, content=f"关于{part}的方案".encode(), params={"slot": slot, "name": "方案.txt"}
    )
    assert file.status_code == 201, file.text
    assert (await three_ways(unit, made)) == [[], [], []]
