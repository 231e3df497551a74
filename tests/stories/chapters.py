"""What the stories have in common: documents, facts, and the chapters that many lives go through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.kit import clock
from service.kit.clock import legal_day
from service.setup.seed import office_id, people_of, user_id
from tests import factories
from tests.stories.teller import PROVINCE, Person, Story, Who

D = "a" * 64
PAPER = {"name": "报告.pdf", "digest": D}
CRITERIA = (
    "necessity",
    "integration_sharing",
    "security",
    "protection_level",
    "investment_estimate",
    "cryptography",
    "safe_reliable",
)
CLAUSE = {"reference": "第十二条", "quote": "项目成果及知识产权归采购人所代表的政府所有"}
MATERIALS: dict[str, Any] = {
    **{name: {"digest": D} for name in ("summary", "data_confirmation", "safe_reliable", "financial_report",
                                        "third_party_audit", "cryptography", "secrecy_risk", "archives")},
    "data_sharing_report": {"digest": D, "parts": ["catalogue", "access", "sharing"]},
    "third_party_test": {"digest": D, "parts": ["function", "performance"]},
    "security_risk": {"digest": D, "parts": ["protection_level"]},
}  # fmt: skip
APPLICATION = {"materials": MATERIALS, "work_secrets": False}
YES = {"agreed": True, "opinion": "同意通过验收"}
PASSED = {"passed": True, "opinion": "符合要求"}
POINTS = {
    "application_effect": 90,
    "support_capability": 80,
    "security": 80,
    "investment_benefit": 70,
    "resource_conformity": 70,
}
CARD = {"points": POINTS, "opinion": "运行良好"}
WATCHED = {
    "data_shared": True,
    "collects_twice": False,
    "crypto_and_security_met": True,
    "serious_hazard": False,
    "on_government_network": True,
    "on_government_cloud": True,
}


def today() -> str:
    return legal_day(clock.now()).isoformat()


@dataclass(frozen=True)
class Organs:
    """Who decides: the province's organs, or a city's own in their place (art. 5, R5)."""

    tenant: str
    office: str
    drc: str
    finance: str = "finance"
    secretary: str = "leading_group_secretary"
    agency: str = "agency"

    def who(self, story: Story, role: str) -> Person:
        return story.as_(self.tenant, getattr(self, role, role))


PROVINCIAL = Organs(PROVINCE, "office", "drc")


def organs_of(city: str) -> Organs:
    return Organs(city, "gatekeeper", "approver")


def declaration(name: str, tenant: str, login: str | None, **facts: Any) -> dict[str, Any]:
    """A draft of the owner; people declare for their own office, the portal names it."""
    body = factories.draft("360100" if tenant == PROVINCE else tenant, name=name, facts=facts)
    if login is not None:
        del body["owner_office_id"]
    return body


async def answered(story: Story, owner: Person) -> dict[str, Any]:
    """The reasons that the system asks for in this case, given (art. 17)."""
    preview = await owner.call("POST", story.path("preview"))
    assert preview.status_code == 200, preview.text
    return {
        "reasons": [{"code": code, "reason": "上级统一部署"} for code in preview.json()["reasons_required"]]
    }


def accepting(reasons: dict[str, Any]) -> dict[str, Any]:
    return {"opinions": [{"code": each["code"], "accepted": True} for each in reasons["reasons"]]}


# ---- review ------------------------------------------------------------------------------------------------


async def pooled(organs: Organs, agency: Person) -> None:
    """The expert pool: everybody seeded stands in it (art. 18)."""
    known = {each["user_id"] for each in (await agency.sees("/experts?limit=200"))["items"]}
    for person in people_of(organs.tenant):
        user = user_id(organs.tenant, person.login)
        if "expert" in person.roles and user not in known:
            body = {
                "name": person.name,
                "title": "教授级高级工程师",
                "fields": ["architecture", "data"],
                "employer_name": "某某大学",
                "user_id": user,
                "valid_from": "2024-01-01",
            }
            answer = await agency.call("POST", "/experts", body)
            assert answer.status_code == 201, answer.text


def commission(organs: Organs) -> dict[str, Any]:
    person = next(each for each in people_of(organs.tenant) if each.login == "agency")
    office = office_id(organs.tenant, person.division, person.office)
    return {"agency_office_id": office, "fields": ["architecture", "data"], "task": "论证必要性和技术方案"}


def unanswered(project: dict[str, Any]) -> dict[str, Any]:
    """A department's reasons that nobody has accepted by name yet: the office does, before it commissions."""
    if project["owner"]["tier"] != "province" or project["state"] != "with_province":
        return {}
    codes = [each["code"] for each in project["findings"] if each["reason"] and not each["opinion"]]
    return {"opinions": [{"code": code, "accepted": True} for code in codes]}


def sheet(recommendation: str = "pass") -> dict[str, Any]:
    rows = [{"criterion": name, "score": 82, "opinion": "符合要求"} for name in CRITERIA]
    return {"scores": rows, "recommendation": recommendation, "opinion": "同意通过论证"}


def report(verdict: str = "pass") -> dict[str, Any]:
    return {"verdict": verdict, "text": "方案可行，投资合理", "report": PAPER}


async def appraised(story: Story, organs: Organs, verdict: str = "pass", state: str | None = None) -> None:
    """Commissioned, experts drawn at random, scored under seal, concluded (art. 18)."""
    agency = organs.who(story, "agency")
    await pooled(organs, agency)
    office = organs.who(story, "office")
    said = {**commission(organs), **unanswered(await office.sees("/projects/{p}"))}
    await office.does("委托论证评估", "POST", "appraisals", said)
    number = (await agency.sees("appraisals"))["items"][-1]["number"]
    path = f"/projects/{{p}}/appraisals/{number}"
    drawn = await agency.does("随机抽取专家", "POST", f"{path}/draw", {})
    assert len(drawn["experts"]) % 2 == 1
    assert {each["chosen"] for each in drawn["experts"]} == {"drawn"}
    await agency.refused("评分未齐就出结论", "POST", f"{path}/conclude", report(), "scores_missing", 18)
    await scored(story, organs, drawn["experts"], verdict)
    await agency.does(
        "出具评估报告", "POST", f"{path}/conclude", report(verdict), state=state, articles=(18,)
    )


async def scored(story: Story, organs: Organs, seats: list[dict[str, Any]], verdict: str) -> None:
    pool = (await organs.who(story, "agency").sees("/experts?limit=200"))["items"]
    users = {each["id"].rpartition("-")[0] and each["id"][7:]: each["user_id"] for each in pool}
    logins = {user_id(organs.tenant, each.login): each.login for each in people_of(organs.tenant)}
    for seat in seats:
        login = logins[users[seat["expert_id"]]]
        path = f"/assignments/{story.ids['p'][:6]}-{seat['id']}/score"
        await story.as_(organs.tenant, login).does("评分", "POST", path, sheet(verdict))


async def jointly_reviewed(
    story: Story,
    organs: Organs,
    budget: str,
    invited: tuple[str, ...] = ("crypto", "data"),
    opinions: dict[str, Any] | None = None,
) -> None:
    """Every organ fills its own slot; then plan and funds are proposed (art. 19)."""
    office = organs.who(story, "office")
    body = {"invited": list(invited), **(opinions or {})}
    await office.does("发起联合会审", "POST", "joint-review", body, state="in_joint_review")
    outcome = {"agreed": True, "summary": "会审意见一致", "plan": "一年建成", "budget_yuan": budget}
    close = "joint-review/close"
    await office.refused("意见未齐就汇总", "POST", close, outcome, "opinions_missing", 19)
    seats = {
        "general_office": "office",
        "drc": "drc",
        "finance": "finance",
        "crypto": "crypto_organ",
        "data": "data_office",
        "info_centre": "info_centre",
    }
    for slot in ("general_office", "drc", "finance", *invited):
        said = {"slot": slot, "opinion": "agree", "text": "同意"}
        who = organs.who(story, seats[slot])
        await who.does("填写会审意见", "POST", "joint-review/opinions", said)
    await office.does("汇总会审意见", "POST", close, outcome, articles=(19,))


def meeting(decision: str = "approve", on: str | None = None) -> dict[str, Any]:
    return {"decision": decision, "meeting_date": on or today(), "number": "数领纪〔2027〕5号"}


def approval(amount: str, **more: Any) -> dict[str, Any]:
    return {
        "approved_amount_yuan": amount,
        "document_number": "发改〔2027〕30号",
        "document_date": today(),
        "document_digest": D,
        **more,
    }


def budget(*lines: tuple[str, str], on: str | None = None) -> dict[str, Any]:
    return {
        "document": {"number": "财预〔2027〕8号", "date": on or today(), "digest": D},
        "lines": [{"source": source, "amount_yuan": amount} for source, amount in lines],
    }


# ---- building and after --------------------------------------------------------------------------------------


def responsible() -> dict[str, Any]:
    return {"implementing_body": "信息中心", "person": "张三", "title": "主任", "named_on": today()}


def contract(amount: str, **more: Any) -> dict[str, Any]:
    return {
        "number": "HT-01",
        "parties": ["信息中心", "某软件公司"],
        "amount_yuan": amount,
        "signed_on": today(),
        "ownership_clause": CLAUSE,
        "document": PAPER,
        **more,
    }


def payment(number: str, amount: str, **more: Any) -> dict[str, Any]:
    return {
        "treasury_document": number,
        "payee": "某软件公司",
        "paid_on": today(),
        "amount_yuan": amount,
        "purpose": "合同进度款",
        **more,
    }


async def started(story: Story, owner: Person, on: date | None = None) -> None:
    """Who answers for it is named before (art. 24); the start itself waits for the approval alone (art. 13)."""
    begin = {"started_on": (on or legal_day(clock.now())).isoformat()}
    await owner.does("确定实施机构和责任人", "POST", "responsible", responsible())
    await owner.does("开工", "POST", "start", begin, state="started", holder="owner", articles=(13, 24))


async def confirmed(story: Story, organs: Organs) -> None:
    """Data sharing and cryptography, each by its own organ (arts 11, 25, 30)."""
    await organs.who(story, "data_office").does(
        "确认数据共享", "POST", "confirm-data", PASSED, articles=(30,)
    )
    await organs.who(story, "crypto_organ").does(
        "确认密码应用", "POST", "confirm-crypto", PASSED, articles=(30,)
    )


async def accepted(story: Story, organs: Organs) -> None:
    """The three together (art. 32)."""
    drc = organs.who(story, "drc")
    done = {"on": today(), "conclusion": "同意通过", "document_number": "验〔2028〕5号", "document_digest": D}
    await drc.refused("意见未齐就验收", "POST", "accept", done, "gate_shut", 32, gate="acceptance_agreed")
    for role in ("office", "finance"):
        await organs.who(story, role).does("填写验收意见", "POST", "give-acceptance-opinion", YES)
    await drc.does("竣工验收", "POST", "accept", done, state="accepted", holder="owner", articles=(32,))


async def judged(story: Story, organs: Organs) -> None:
    """The scorecards of the three (art. 40)."""
    for role in ("office", "drc", "finance"):
        await organs.who(story, role).does("重点绩效评价", "POST", "score", CARD, articles=(40,))
    total = (await story.case())["dated"]["scored"]["total"]
    assert total == 8000, "weighed 30/20/20/15/15 of 90, 80, 80, 70, 70"


def evaluation() -> dict[str, Any]:
    return {"on": today(), "summary": "办理时限缩短一半", "report": PAPER}


def inspection() -> dict[str, Any]:
    return {"on": today(), "conclusion": "达到合同要求", "report": PAPER}


def whose(story: Story, who: Who) -> Person:
    return story.as_(*who)
