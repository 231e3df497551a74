"""The steps of reviews, for recipes and tests: `to_budgeted(w)` and those before it carry a project through the
provincial review; `tier="city"` lets a city's own organs do the same.
"""

from __future__ import annotations

from typing import Any

from service.kit import clock
from service.kit.ids import new_id
from service.setup.seed import office_id, people_of, user_id
from tests.lives.life import Life
from tests.lives.people import PROVINCE, good
from tests.lives.world import World

DIGEST = "b" * 64
CRITERIA = (
    "necessity",
    "integration_sharing",
    "security",
    "protection_level",
    "investment_estimate",
    "cryptography",
    "safe_reliable",
)
ORGANS = {
    "province": {
        "office": "province.office",
        "drc": "province.drc",
        "finance": "province.finance",
        "agency": "province.agency",
        "expert": "province.expert",
        "secretary": "province.leading_group_secretary",
    },
    "city": {
        "office": "city.gatekeeper",
        "drc": "city.approver",
        "finance": "city.finance",
        "agency": "city.agency",
        "expert": "city.expert",
        "secretary": "city.leading_group_secretary",
    },
}


def today() -> str:
    return clock.legal_day(clock.now()).isoformat()


def home(w: World, tier: str) -> str:
    """The tenant whose organs review."""
    return PROVINCE if tier == "province" else w.tenant


def expert_logins(tenant: str) -> list[str]:
    return [person.login for person in people_of(tenant) if "expert" in person.roles]


def expert(tenant: str, login: str | None = None, **changes: Any) -> dict[str, Any]:
    """A new expert of the pool, with a login where one is named."""
    body = {
        "name": f"专家{login or new_id()[-4:]}",
        "title": "教授级高级工程师",
        "fields": ["architecture", "data"],
        "employer_name": "某某大学",
        "valid_from": "2024-01-01",
    }
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
    if (other := getattr(caller, "other", None)) is not None:  # where people are played, nobody signs in
        return other(login)
    grant = {"grant_type": "urn:tongjian:grant:development", "username": f"{home(w, tier)}/{login}"}
    answer = good(await caller.client.post("/api/v1/oauth/token", data=grant))
    return type(caller)(caller.client, answer.json()["access_token"])


def commissioning(tenant: str) -> dict[str, Any]:
    """What its agency is asked to appraise (art. 18)."""
    return {
        "agency_office_id": agency(tenant),
        "fields": ["architecture", "data"],
        "task": "论证必要性和技术方案",
    }


def commission(w: World, tier: str) -> dict[str, Any]:
    return commissioning(home(w, tier))


async def commissioned(w: World, case: Life, tier: str = "province") -> Life:
    await pooled(w, tier)
    body = commission(w, tier)
    if w.owner == "province.department" and case.codes:
        body |= case.opinions()  # a department's reasons have met no gatekeeper
    made = await w.step(case, ORGANS[tier]["office"], "appraisals", body)
    found = good(await w.by(ORGANS[tier]["agency"])("GET", f"/projects/{case.id}/appraisals")).json()["items"]
    made.data["number"] = found[-1]["number"]
    return made


async def drawn(w: World, case: Life, tier: str = "province") -> Life:
    made = await commissioned(w, case, tier)
    path = f"/projects/{case.id}/appraisals/{made.data['number']}/draw"
    good(await w.by(ORGANS[tier]["agency"])("POST", path, {}))
    return made


def sheet(points: int = 80, recommendation: str = "pass") -> dict[str, Any]:
    rows = [{"criterion": name, "score": points, "opinion": f"{name}符合要求"} for name in CRITERIA]
    return {"scores": rows, "recommendation": recommendation, "opinion": "同意通过论证"}


async def assigned(w: World, case: Life, tier: str = "province") -> dict[str, str]:
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


async def scored(w: World, case: Life, tier: str = "province", **more: Any) -> Life:
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


async def appraised(w: World, case: Life, tier: str = "province", verdict: str = "pass") -> Life:
    """Commissioned, drawn, scored, concluded."""
    made = await scored(w, case, tier, recommendation=verdict)
    verb = f"appraisals/{made.data['number']}/conclude"
    return await w.step(made, ORGANS[tier]["agency"], verb, report(verdict))


async def in_review(w: World, case: Life, tier: str = "province", **more: Any) -> Life:
    body = {"invited": ["crypto"], **more}
    if w.owner == "province.department":
        body |= case.opinions() if case.codes else {}
    return await w.step(case, ORGANS[tier]["office"], "joint-review", body)


async def opined(w: World, case: Life, tier: str = "province") -> Life:
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


async def reviewed(w: World, case: Life, tier: str = "province") -> Life:
    return await w.step(await opined(w, case, tier), ORGANS[tier]["office"], "joint-review/close", outcome())


def meeting(decision: str = "approve") -> dict[str, Any]:
    return {"decision": decision, "meeting_date": today(), "number": "赣数领〔2026〕5号"}


async def decided(w: World, case: Life, tier: str = "province", decision: str = "approve") -> Life:
    return await w.step(case, ORGANS[tier]["secretary"], "leading-group", meeting(decision))


def approval(amount: str = "5000000.00", **more: Any) -> dict[str, Any]:
    return {
        "approved_amount_yuan": amount,
        "document_number": "赣发改〔2026〕30号",
        "document_date": today(),
        "document_digest": DIGEST,
        **more,
    }


def budget(*lines: tuple[str, str]) -> dict[str, Any]:
    return {
        "document": {"number": "赣财预〔2026〕8号", "date": today(), "digest": DIGEST},
        "lines": [{"source": source, "amount_yuan": amount} for source, amount in lines],
    }


async def to_appraised(w: World) -> Life:
    """At the province, appraised with pass."""
    return await appraised(w, await w.with_province())


async def to_reviewed(w: World) -> Life:
    """The joint review is closed with agreement."""
    return await reviewed(w, await in_review(w, await to_appraised(w)))


async def to_decided(w: World) -> Life:
    """The leading group agreed."""
    return await decided(w, await to_reviewed(w))


async def to_approved(w: World) -> Life:
    """Approved by 省发展改革委 over what was declared; the pen is the owner's."""
    case = await to_decided(w)
    await case.does("province.drc", "province-approve", approval(case.data["investment_yuan"]))
    return case


async def to_budgeted(w: World) -> Life:
    """The whole approved amount as provincial money: state `budgeted`."""
    case = await to_approved(w)
    await case.does("province.finance", "budget", budget(("provincial", case.data["approved_amount_yuan"])))
    return case
