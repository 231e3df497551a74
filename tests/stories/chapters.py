"""What the stories have in common: documents, facts, and the chapters that many lives go through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.kit import clock
from service.kit.clock import legal_day
from service.setup.seed import people_of, user_id
from tests import factories
from tests.lives import reviews, said
from tests.lives.reviews import report, today
from tests.lives.said import DIGEST as D
from tests.lives.said import PASSED, SCORE, YES, accepting, because
from tests.stories.teller import PROVINCE, Person, Story, Who


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


def _path(name: str) -> str:
    """Of the story's project, or of another by its name."""
    return f"/projects/{{{name}}}"


async def reasoned(story: Story, owner: Person, name: str = "p") -> list[str]:
    """The codes for which the system asks why in this case (art. 17)."""
    preview = await owner.call("POST", story.path(f"{_path(name)}/preview"))
    assert preview.status_code == 200, preview.text
    return list(preview.json()["reasons_required"])


# ---- declared and decided by a city ------------------------------------------------------------------------


async def drafted(story: Story, owner: Person, title: str, name: str = "p", **facts: Any) -> None:
    """What exists already is answered for before it is submitted (art. 23)."""
    body = declaration(title, owner.tenant, owner.login, **facts)
    made = await owner.does("起草申报", "POST", "/projects", body, new=name, state="draft")
    strong = [each["id"] for each in made["reuse"]["candidates"] if each["strong"]]
    if strong:
        submit = f"{_path(name)}/submit"
        await owner.refused("未答复可复用应用就提交", "POST", submit, because(), "reuse_answer_required", 23)
        answers = [{"candidate": each, "answer": "build", "reason": "须与本市系统整合"} for each in strong]
        await owner.does("说明不能采用的理由", "POST", f"{_path(name)}/reuse-check", {"answers": answers})


async def submitted(story: Story, owner: Person, name: str = "p") -> list[str]:
    """With a reason wherever the system asks for one (art. 17); for which."""
    codes = await reasoned(story, owner, name)
    await owner.does("提交", "POST", f"{_path(name)}/submit", because(*codes), state="submitted")
    story.reasons[name] = codes
    return codes


async def gatekept(story: Story, name: str = "p") -> None:
    """The city's desk accepts each reason by name (arts 4, 17)."""
    keeper = story.as_(story.ids[name][:6], "gatekeeper")
    opinions = accepting(*story.reasons[name])
    await keeper.does("统筹把关通过", "POST", f"{_path(name)}/gatekeeping/pass", opinions, state="gatekept")


async def city_approved(story: Story, body: Any, name: str = "p") -> None:
    """By the city's own organ (arts 5, 23)."""
    approver = story.as_(story.ids[name][:6], "approver")
    done = {"state": "city_approved", "holder": "owner", "articles": (5, 23)}
    await approver.does("批复", "POST", f"{_path(name)}/approve", body, **done)


async def filed(story: Story, name: str = "p") -> None:
    """With the province, by the desk that gatekept it (art. 23)."""
    keeper = story.as_(story.ids[name][:6], "gatekeeper")
    await keeper.does("备案", "POST", f"{_path(name)}/file", {}, state="filed", holder="owner")


# ---- review ------------------------------------------------------------------------------------------------


async def pooled(organs: Organs, agency: Person) -> None:
    """The expert pool: everybody seeded stands in it (art. 18)."""
    known = {each["user_id"] for each in (await agency.sees("/experts?limit=200"))["items"]}
    for person in people_of(organs.tenant):
        user = user_id(organs.tenant, person.login)
        if "expert" in person.roles and user not in known:
            body = reviews.expert(organs.tenant, person.login, name=person.name)
            answer = await agency.call("POST", "/experts", body)
            assert answer.status_code == 201, answer.text


def commission(organs: Organs) -> dict[str, Any]:
    return reviews.commissioning(organs.tenant)


def unanswered(project: dict[str, Any]) -> dict[str, Any]:
    """A department's reasons that nobody has accepted by name yet: the office does, before it commissions."""
    if project["owner"]["tier"] != "province" or project["state"] != "with_province":
        return {}
    return accepting(
        *(each["code"] for each in project["findings"] if each["reason"] and not each["opinion"])
    )


async def appraised(story: Story, organs: Organs, verdict: str = "pass", state: str | None = None) -> None:
    """Commissioned, experts drawn at random, scored under seal, concluded (art. 18)."""
    agency = organs.who(story, "agency")
    await pooled(organs, agency)
    office = organs.who(story, "office")
    asked = {**commission(organs), **unanswered(await office.sees("/projects/{p}"))}
    await office.does("委托论证评估", "POST", "appraisals", asked)
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
        await story.as_(organs.tenant, login).does("评分", "POST", path, reviews.sheet(82, verdict))


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
        agrees = {"slot": slot, "opinion": "agree", "text": "同意"}
        who = organs.who(story, seats[slot])
        await who.does("填写会审意见", "POST", "joint-review/opinions", agrees)
    await office.does("汇总会审意见", "POST", close, outcome, articles=(19,))


def meeting(decision: str = "approve", on: str | None = None) -> dict[str, Any]:
    return {"decision": decision, "meeting_date": on or today(), "number": "数领纪〔2027〕5号"}


def budget(*lines: tuple[str, str], on: str | None = None) -> dict[str, Any]:
    return {
        "document": {"number": "财预〔2027〕8号", "date": on or today(), "digest": D},
        "lines": [{"source": source, "amount_yuan": amount} for source, amount in lines],
    }


# ---- building and after --------------------------------------------------------------------------------------


def responsible() -> dict[str, Any]:
    return {**said.RESPONSIBLE, "named_on": today()}


def contract(amount: str, **more: Any) -> dict[str, Any]:
    return said.contract(amount_yuan=amount, **{"signed_on": today(), **more})


def payment(number: str, amount: str, **more: Any) -> dict[str, Any]:
    return said.payment(amount, number, **{"paid_on": today(), **more})


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
        await organs.who(story, role).does("重点绩效评价", "POST", "score", SCORE, articles=(40,))
    total = (await story.case())["dated"]["scored"]["total"]
    assert total == 8000, "weighed 30/20/20/15/15 of 90, 80, 80, 70, 70"


def evaluation() -> dict[str, Any]:
    return said.evaluation(today())


def inspection() -> dict[str, Any]:
    return said.inspection(today())


def whose(story: Story, who: Who) -> Person:
    return story.as_(*who)
