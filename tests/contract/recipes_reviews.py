"""Recipes of reviews; see recipes.py. `to_budgeted(w)` and its steps carry a project through the provincial review.

The city's operations are shown under the city's own organs (R5), so that a foreign city meets nothing.
"""

from __future__ import annotations

from typing import Any

from service.kit import clock
from service.kit.ids import new_id
from service.seed import office_id, people_of, user_id
from tests import factories
from tests.contract.recipes import on, recipe
from tests.contract.world import PROVINCE, Ready, Thing, World, good

DIGEST = "b" * 64
CRITERIA = ("necessity", "integration_sharing", "security", "protection_level", "investment_estimate",
            "cryptography", "safe_reliable")  # fmt: skip
ORGANS = {
    "province": {"office": "province.office", "drc": "province.drc", "finance": "province.finance",
                 "agency": "province.agency", "expert": "province.expert",
                 "secretary": "province.leading_group_secretary"},
    "city": {"office": "city.gatekeeper", "drc": "city.approver", "finance": "city.finance", "agency": "city.agency",
             "expert": "city.expert", "secretary": "city.leading_group_secretary"},
}  # fmt: skip


def today() -> str:
    return clock.legal_day(clock.now()).isoformat()


def home(w: World, tier: str) -> str:
    """The tenant whose organs review."""
    return PROVINCE if tier == "province" else w.tenant


def expert_logins(tenant: str) -> list[str]:
    return [person.login for person in people_of(tenant) if "expert" in person.roles]


def expert(tenant: str, login: str | None = None, **changes: Any) -> dict[str, Any]:
    """A new expert of the pool, with a login where one is named."""
    body = {"name": f"专家{login or new_id()[-4:]}", "title": "教授级高级工程师", "fields": ["architecture", "data"],
            "employer_name": "某某大学", "valid_from": "2024-01-01"}  # fmt: skip
    return body | ({"user_id": user_id(tenant, login)} if login else {}) | changes


def agency(tenant: str) -> str:
    """The seeded evaluation agency."""
    person = next(each for each in people_of(tenant) if each.login == "agency")
    return office_id(tenant, person.division, person.office)


async def pooled(w: World, tier: str = "province") -> None:
    """Every seeded expert of the tier stands in its pool; done once per world."""
    keeper = w.by(ORGANS[tier]["agency"])
    known = good(await keeper("GET", "/experts?limit=200")).json()["items"]
    users = {each["user_id"] for each in known}
    for login in expert_logins(home(w, tier)):
        if user_id(home(w, tier), login) not in users:
            good(await keeper("POST", "/experts", expert(home(w, tier), login)))


async def as_expert(w: World, tier: str, login: str) -> Any:
    """A seeded expert as a caller: `expert` is the role's own login, `expert2` … its colleagues."""
    caller = w.by(ORGANS[tier]["expert"])
    if login == "expert":
        return caller
    grant = {"grant_type": "urn:tongjian:grant:development", "username": f"{home(w, tier)}/{login}"}
    answer = good(await caller.client.post("/api/v1/oauth/token", data=grant))
    return type(caller)(caller.client, answer.json()["access_token"])


async def step(w: World, case: Thing, who: str, verb: str, body: Any) -> Thing:
    return await w.made(who, f"/projects/{case.id}/{verb}", body, etag=case.etag)


def commission(w: World, tier: str) -> dict[str, Any]:
    return {
        "agency_office_id": agency(home(w, tier)),
        "fields": ["architecture", "data"],
        "task": "论证必要性和技术方案",
    }


async def commissioned(w: World, case: Thing, tier: str = "province") -> Thing:
    await pooled(w, tier)
    body = commission(w, tier)
    if w.owner == "province.department" and "codes" in case.data:
        body |= w.opinions(case)  # a department's reasons have met no gatekeeper
    made = await step(w, case, ORGANS[tier]["office"], "appraisals", body)
    found = good(await w.by(ORGANS[tier]["agency"])("GET", f"/projects/{case.id}/appraisals")).json()["items"]
    made.data["number"] = found[-1]["number"]
    return made


async def drawn(w: World, case: Thing, tier: str = "province") -> Thing:
    made = await commissioned(w, case, tier)
    path = f"/projects/{case.id}/appraisals/{made.data['number']}/draw"
    good(await w.by(ORGANS[tier]["agency"])("POST", path, {}))
    return made


def sheet(points: int = 80, recommendation: str = "pass") -> dict[str, Any]:
    rows = [{"criterion": name, "score": points, "opinion": f"{name}符合要求"} for name in CRITERIA]
    return {"scores": rows, "recommendation": recommendation, "opinion": "同意通过论证"}


async def assigned(w: World, case: Thing, tier: str = "province") -> dict[str, str]:
    """{login: assignment} of the experts who serve in the case's appraisal."""
    found = {}
    for login in expert_logins(home(w, tier)):
        items = good(
            await (await as_expert(w, tier, login))("GET", "/assignments?open=true&limit=200")
        ).json()["items"]
        tenant = case.id.partition("-")[0]
        seats = good(await w.by(ORGANS[tier]["agency"])("GET", f"/projects/{case.id}/appraisals")).json()[
            "items"
        ]
        ids = {f"{tenant}-{seat['id']}" for seat in seats[-1]["experts"] if seat["recused_at"] is None}
        mine = [item["id"] for item in items if item["id"] in ids]
        found |= dict.fromkeys([login] if mine else [], mine[0] if mine else "")
    return found


async def scored(w: World, case: Thing, tier: str = "province", **more: Any) -> Thing:
    made = await drawn(w, case, tier)
    for login, assignment in (await assigned(w, case, tier)).items():
        good(
            await (await as_expert(w, tier, login))("POST", f"/assignments/{assignment}/score", sheet(**more))
        )
    return made


def report(verdict: str = "pass") -> dict[str, Any]:
    return {
        "verdict": verdict,
        "text": "方案可行，投资合理",
        "report": {"name": "评估报告.pdf", "digest": DIGEST},
    }


async def appraised(w: World, case: Thing, tier: str = "province", verdict: str = "pass") -> Thing:
    """Commissioned, drawn, scored, concluded."""
    made = await scored(w, case, tier, recommendation=verdict)
    verb = f"appraisals/{made.data['number']}/conclude"
    return await step(w, made, ORGANS[tier]["agency"], verb, report(verdict))


async def in_review(w: World, case: Thing, tier: str = "province", **more: Any) -> Thing:
    body = {"invited": ["crypto"], **more}
    if w.owner == "province.department":
        body |= w.opinions(case) if "codes" in case.data else {}
    return await step(w, case, ORGANS[tier]["office"], "joint-review", body)


async def opined(w: World, case: Thing, tier: str = "province") -> Thing:
    """All slots agree; the case itself is not touched."""
    roles = {"general_office": "office", "drc": "drc", "finance": "finance"}
    for slot, who in {
        **{s: ORGANS[tier][r] for s, r in roles.items()},
        "crypto": f"{tier}.crypto_organ",
    }.items():
        body = {"slot": slot, "opinion": "agree", "text": "同意", "funds_yuan": "3900000.00"}
        good(await w.by(who)("POST", f"/projects/{case.id}/joint-review/opinions", body))
    return case


def outcome(budget: str = "3900000.00") -> dict[str, Any]:
    return {"agreed": True, "summary": "会审意见一致", "plan": "两年内分两期建设", "budget_yuan": budget}


async def reviewed(w: World, case: Thing, tier: str = "province") -> Thing:
    return await step(w, await opined(w, case, tier), ORGANS[tier]["office"], "joint-review/close", outcome())


def meeting(decision: str = "approve") -> dict[str, Any]:
    return {"decision": decision, "meeting_date": today(), "number": "赣数领〔2026〕5号"}


async def decided(w: World, case: Thing, tier: str = "province", decision: str = "approve") -> Thing:
    return await step(w, case, ORGANS[tier]["secretary"], "leading-group", meeting(decision))


def approval(amount: str = "5000000.00", **more: Any) -> dict[str, Any]:
    return {"approved_amount_yuan": amount, "document_number": "赣发改〔2026〕30号", "document_date": today(),
            "document_digest": DIGEST, **more}  # fmt: skip


def budget(*lines: tuple[str, str]) -> dict[str, Any]:
    return {"document": {"number": "赣财预〔2026〕8号", "date": today(), "digest": DIGEST},
            "lines": [{"source": source, "amount_yuan": amount} for source, amount in lines]}  # fmt: skip


async def to_appraised(w: World) -> Thing:
    """At the province, appraised with pass."""
    case = await w.with_province()
    codes = case.data.get("codes", [])
    made = await appraised(w, case)
    made.data["codes"] = codes
    return made


async def to_reviewed(w: World) -> Thing:
    """The joint review is closed with agreement."""
    return await reviewed(w, await in_review(w, await to_appraised(w)))


async def to_decided(w: World) -> Thing:
    """The leading group agreed."""
    return await decided(w, await to_reviewed(w))


async def to_approved(w: World) -> Thing:
    """Approved by 省发展改革委; the pen is the owner's."""
    return await step(w, await to_decided(w), "province.drc", "province-approve", approval())


async def to_budgeted(w: World) -> Thing:
    """The whole approved amount as provincial money: state `budgeted`."""
    lines = ("provincial", "5000000.00")
    return await step(w, await to_approved(w), "province.finance", "budget", budget(lines))


# ---- under a city's own organs -------------------------------------------------------------------------------


async def city_drawn(w: World) -> Thing:
    """A city's own project with its own appraisal, experts drawn."""
    return await drawn(w, await w.gatekept(), "city")


async def city_in_review(w: World) -> Thing:
    return await in_review(w, await appraised(w, await w.gatekept(), "city"), "city")


@recipe("reviews_appraisals", "reviews_joint_review")
async def _(w: World) -> Ready:
    if w.owner == "province.department":
        return on(await to_appraised(w), w.owner)
    return on(await appraised(w, await w.gatekept(), "city"), w.owner)


@recipe("reviews_commission")
async def _(w: World) -> Ready:
    await pooled(w, "city")
    return on(await w.gatekept(), "city.gatekeeper", commission(w, "city"))


@recipe("reviews_draw")
async def _(w: World) -> Ready:
    case = await commissioned(w, await w.gatekept(), "city")
    return Ready("city.agency", {"ref": case.id, "number": case.data["number"]}, {})


@recipe("reviews_recuse")
async def _(w: World) -> Ready:
    case = await city_drawn(w)
    rows = good(await w.by("city.agency")("GET", f"/projects/{case.id}/appraisals")).json()["items"]
    path = {"ref": case.id, "number": case.data["number"], "seat": rows[-1]["experts"][0]["id"]}
    return Ready("city.agency", path, {"reason": "与项目承建方有合作"})


@recipe("reviews_conclude")
async def _(w: World) -> Ready:
    case = await scored(w, await w.gatekept(), "city")
    return on(case, "city.agency", report(), number=case.data["number"])


async def need_reported(w: World) -> Thing:
    """A need of the city, reported to the province (art. 9)."""
    from tests.contract import recipes_library as library

    return await library._reported(w)


async def need_again(w: World, case: Thing) -> Thing:
    """Handed back by the province and reported anew, unchanged."""
    from tests.contract import recipes_library as library

    back = await step(w, case, "province.office", "need/reject", {"reason": "下一批次再议"})
    sent = await step(w, back, w.owner, "need/submit", {})
    passed = await step(w, sent, "city.gatekeeper", "need/gatekeep", {})
    return await step(w, passed, "city.gatekeeper", "need/report", library.REPORT)


@recipe("reviews_accept")
async def _(w: World) -> Ready:
    return on(await need_again(w, await appraised(w, await need_reported(w))), "province.office")


@recipe("reviews_open_review")
async def _(w: World) -> Ready:
    return on(await appraised(w, await w.gatekept(), "city"), "city.gatekeeper", {"invited": ["crypto"]})


@recipe("reviews_opine")
async def _(w: World) -> Ready:
    case = await city_in_review(w)
    body = {"slot": "crypto", "opinion": "agree", "text": "同意"}
    return Ready("city.crypto_organ", {"ref": case.id}, body)


@recipe("reviews_close_review")
async def _(w: World) -> Ready:
    return on(await opined(w, await city_in_review(w), "city"), "city.gatekeeper", outcome())


@recipe("reviews_leading_group")
async def _(w: World) -> Ready:
    return on(await reviewed(w, await city_in_review(w), "city"), "city.leading_group_secretary", meeting())


@recipe("reviews_province_approve")
async def _(w: World) -> Ready:
    return on(await to_decided(w), "province.drc", approval())


async def _filed(w: World) -> Thing:
    filing = await w.filed()
    return await w.read(w.owner, f"/projects/{filing.data['project']['id']}")


@recipe("reviews_approval")
async def _(w: World) -> Ready:
    if w.owner == "province.department":
        return on(await to_approved(w), w.owner)
    return on(await _filed(w), w.owner)


@recipe("reviews_affordability")
async def _(w: World) -> Ready:
    return on(await _filed(w), "city.finance", {"major": False})


@recipe("reviews_budget")
async def _(w: World) -> Ready:
    return on(await _filed(w), "city.finance", budget(("city", "1000000.00")))


# ---- the pool and one's own work -------------------------------------------------------------------------------


async def _expert(w: World) -> Thing:
    return await w.made("city.agency", "/experts", expert(w.tenant))


@recipe("experts_create")
async def _(w: World) -> Ready:
    return Ready("city.agency", body=expert(w.tenant))


@recipe("experts_read")
async def _(w: World) -> Ready:
    return on(await _expert(w), "city.agency")


@recipe("experts_edit")
async def _(w: World) -> Ready:
    return on(await _expert(w), "city.agency", {"title": "研究员"})


@recipe("experts_suspend")
async def _(w: World) -> Ready:
    return on(await _expert(w), "city.agency", {"reason": "长期出差"})


@recipe("experts_reinstate")
async def _(w: World) -> Ready:
    made = await _expert(w)
    held = await w.made("city.agency", f"/experts/{made.id}/suspend", {"reason": "长期出差"}, etag=made.etag)
    return on(held, "city.agency")


async def _assignment(w: World) -> str:
    found = await assigned(w, await city_drawn(w), "city")
    return found["expert"]


@recipe("assignments_assignment", "assignments_documents")
async def _(w: World) -> Ready:
    return Ready("city.expert", {"ref": await _assignment(w)})


@recipe("assignments_document")
async def _(w: World) -> Ready:
    case = await w.draft()
    sent = await w.by(w.owner)(
        "POST", f"/projects/{case.id}/documents", content="技术方案".encode(),
        params={"slot": "technical_plan", "name": "技术方案.txt"},
    )  # fmt: skip
    case.etag = await factories.answered(w.by(w.owner), case.id, case.etag)
    case = await w.made(w.owner, f"/projects/{case.id}/submit", {}, etag=case.etag)
    passed = await step(w, case, "city.gatekeeper", "gatekeeping/pass", {})
    found = await assigned(w, await drawn(w, passed, "city"), "city")
    return Ready(
        "city.expert", {"ref": found["expert"], "document": good(sent).json()["id"].partition("-")[2]}
    )


@recipe("assignments_score")
async def _(w: World) -> Ready:
    return Ready("city.expert", {"ref": await _assignment(w)}, sheet())


@recipe("assignments_recuse")
async def _(w: World) -> Ready:
    return Ready("city.expert", {"ref": await _assignment(w)}, {"reason": "曾参与方案编制"})
