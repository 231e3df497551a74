"""What the demo leaves on its desks: a handful of open cases, so that each audience finds something that waits for it.

Every step is done by whoever does it in life. A case that an earlier start made is left as it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any

import aiohttp

from service.demo.client import Client, Refused, Who
from service.kit.digest import sm3
from service.measures.amounts import parse_yuan
from service.measures.facts import NEGATIVE_KEYS
from service.sandbox.cases import Case, approval, materials, opinion, reason
from service.setup.seed import PROVINCE, demo_places, office_id, people_of, user_id
from service.vocabulary import names

CITY, _COUNTY = (each["code"] for each in demo_places())
UNIT, COUNTY = Who(CITY, "unit"), Who(CITY, f"{_COUNTY}.unit")
KEEPER, APPROVER = Who(CITY, "gatekeeper"), Who(CITY, "approver")
OFFICE, AGENCY = Who(PROVINCE, "office"), Who(PROVINCE, "agency")
# Who is invited to a joint review beside the three organs: slot and login.
_INVITED = {"cyber": "cyber", "info_centre": "info_centre"}
_DIGEST = f"sm3:{sm3('（演示）'.encode())}"
Json = dict[str, Any]


class Queues:
    """Leaves the open cases; `say` takes a line for each, and why one could not be left."""

    def __init__(self, client: Client, today: date, say: Callable[[str], None]) -> None:
        self._client, self._today, self._say = client, today, say

    async def leave(self) -> None:
        """All of them; what one meets keeps no other from being left."""
        steps: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "open-01": self._submitted("档案数字化加工系统", "900000.00", checked=True),
            "open-02": self._submitted("公共卫生应急监测系统", "4600000.00"),
            "open-03": self._submitted("综合执法监督系统一期", "4500000.00"),
            "open-04": self._submitted("综合执法监督系统二期", "4500000.00"),
            "open-05": self._passed("行政审批效能分析系统", "1800000.00"),
            "open-06": self._approved("园林绿化管养系统", "1200000.00"),
            "open-07": self._returned(UNIT, "养老服务综合平台", "2600000.00"),
            "open-08": self._returned(COUNTY, "乡镇事项协同系统", "600000.00"),
            "open-09": self._ordered("农产品质量追溯系统", "1500000.00"),
            "open-10": self._with_expert("智慧水利防汛平台", "9600000.00"),
            "open-11": self._in_review("城市生命线监测平台", "12000000.00"),
            "open-12": self._for_the_meeting("医疗健康数据平台", "15000000.00"),
            "open-13": self._asked_for,
            "open-14": self._submitted("法律援助服务系统", "1800000.00", checked=True),
            "open-15": self._resubmitted("城管执法业务系统", "4900000.00", "5300000.00"),
        }
        for ref, step in steps.items():
            try:
                await step(ref)
            except Refused as refusal:
                self._say(f"{ref}  {refusal.problem.get('detail', refusal)}")
            except (aiohttp.ClientError, TimeoutError, LookupError) as error:
                self._say(f"{ref}  {type(error).__name__}")

    async def _new(self, ref: str, who: Who, name: str, amount: str, *, checked: bool = False) -> Json | None:
        """The draft, submitted with its reasons; None where an earlier start made it.

        `checked`: every case of art. 17 was looked at and found not to be so, so that nothing is left to judge.
        """
        known = await self._client.get(who, "/projects", external_ref=ref, limit=1)
        if known.data["items"]:
            return None
        content = self._content(ref, name, amount)
        if checked:
            content["facts"] = {**content["facts"], "negative": dict.fromkeys(NEGATIVE_KEYS, False)}
        made = await self._client.send(who, "POST", "/projects", content)
        return await self._submit(who, made.data["id"], made.etag)

    def _content(self, ref: str, name: str, amount: str) -> Json:
        facts = {
            "project_class": "other",
            "kind": "new",
            "investment_yuan": amount,
            "fiscal_funds": True,
            "classified": False,
        }
        case = Case(ref, f"（演示）{name}", "（演示）申报单位", facts)
        return {
            "name": case.name,
            "external_ref": ref,
            "facts": case.declared_facts,
            "materials": materials(case, self._today),
        }

    async def _submit(self, who: Who, ref: str, etag: str | None) -> Json:
        path = f"/projects/{ref}"
        preview = (await self._client.send(who, "POST", f"{path}/preview")).data
        wanted = {
            "reasons": [reason(code) for code in preview["reasons_required"]],
            "expected_route": preview["decision"]["route"],
        }
        sent = await self._client.send(who, "POST", f"{path}/submit", wanted, etag=etag)
        return dict(sent.data)

    async def _do(self, who: Who, project: Json, verb: str, body: Any) -> Json:
        """A deed on the case as it stands."""
        path = f"/projects/{project['id']}"
        seen = await self._client.get(who, path)
        return dict((await self._client.send(who, "POST", f"{path}/{verb}", body, etag=seen.etag)).data)

    def _submitted(
        self, name: str, amount: str, *, checked: bool = False
    ) -> Callable[[str], Awaitable[None]]:
        async def step(ref: str) -> None:
            if await self._new(ref, UNIT, name, amount, checked=checked):
                self._say(f"{ref}  {name}：待统筹把关")

        return step

    async def _kept(self, ref: str, name: str, amount: str) -> Json | None:
        project = await self._new(ref, UNIT, name, amount)
        if project is None:
            return None
        given = [each["code"] for each in project["findings"] if each["reason"] is not None]
        return await self._do(
            KEEPER, project, "gatekeeping/pass", {"opinions": [opinion(code) for code in given]}
        )

    def _passed(self, name: str, amount: str) -> Callable[[str], Awaitable[None]]:
        async def step(ref: str) -> None:
            if await self._kept(ref, name, amount):
                self._say(f"{ref}  {name}：待批复")

        return step

    def _approved(self, name: str, amount: str) -> Callable[[str], Awaitable[None]]:
        async def step(ref: str) -> None:
            if project := await self._kept(ref, name, amount):
                await self._do(APPROVER, project, "approve", approval(project, self._today))
                self._say(f"{ref}  {name}：待备案")

        return step

    def _returned(self, who: Who, name: str, amount: str) -> Callable[[str], Awaitable[None]]:
        async def step(ref: str) -> None:
            if project := await self._new(ref, who, name, amount):
                body = {"reason": "（演示）请补充与现有系统的衔接办法后再报"}
                await self._do(KEEPER, project, "gatekeeping/return", body)
                self._say(f"{ref}  {name}：退回修改")

        return step

    def _resubmitted(self, name: str, before: str, after: str) -> Callable[[str], Awaitable[None]]:
        """Given back because the amount had grown, and declared anew: two sealed versions to compare."""

        async def step(ref: str) -> None:
            if project := await self._new(ref, UNIT, name, before):
                body = {"reason": "（演示）金额已有增加，请按现在的金额重新申报"}
                await self._do(KEEPER, project, "gatekeeping/return", body)
                path = f"/projects/{project['id']}"
                seen = await self._client.get(UNIT, path)
                content = {k: v for k, v in self._content(ref, name, after).items() if k != "external_ref"}
                made = await self._client.send(UNIT, "PATCH", path, content, etag=seen.etag)
                await self._submit(UNIT, project["id"], made.etag)
                self._say(f"{ref}  {name}：改后再报，待统筹把关")

        return step

    def _ordered(self, name: str, amount: str) -> Callable[[str], Awaitable[None]]:
        async def step(ref: str) -> None:
            if project := await self._kept(ref, name, amount):
                made = await self._do(APPROVER, project, "approve", approval(project, self._today))
                await self._do(Who(CITY), made, "file", {})
                due = (self._today + timedelta(days=20)).isoformat()
                body = {"area": "construction", "text": "（演示）请报送实施方案和责任人", "due": due}
                await self._do(KEEPER, made, "order-rectification", body)
                self._say(f"{ref}  {name}：限期整改")

        return step

    async def _commissioned(self, ref: str, name: str, amount: str) -> Json | None:
        project = await self._kept(ref, name, amount)
        if project is None:
            return None
        known = await self._pooled()
        made = await self._do(KEEPER, project, "hand-over", {"note": "（演示）请按第九条组织论证评估"})
        person = next(each for each in people_of(PROVINCE) if each.login == "agency")
        body = {
            "agency_office_id": office_id(PROVINCE, person.division, person.office),
            "fields": ["architecture", "data"],
            "task": "（演示）论证必要性和技术方案",
        }
        made = await self._do(OFFICE, made, "appraisals", body)
        # The person whose link the demo shows is named; the others are drawn.
        named = {"expert_id": known[user_id(PROVINCE, "expert")], "reason": "（演示）熟悉本项目所涉领域"}
        path = f"/projects/{made['id']}/appraisals/1/draw"
        await self._client.send(AGENCY, "POST", path, {"directed": [named]})
        return made

    async def _pooled(self) -> dict[str, str]:
        """The seeded experts stand in the pool: their logins' ids, and theirs in the pool."""
        known = (await self._client.get(AGENCY, "/experts", limit=200)).data["items"]
        there = {each["user_id"]: each["expert_id"] for each in known if each["user_id"]}
        for person in people_of(PROVINCE):
            if "expert" in person.roles and user_id(PROVINCE, person.login) not in there:
                body = {
                    "name": person.name,
                    "title": "教授级高级工程师",
                    "fields": ["architecture", "data"],
                    "employer_name": "（演示）某某大学",
                    "valid_from": "2024-01-01",
                    "user_id": user_id(PROVINCE, person.login),
                }
                made = await self._client.send(AGENCY, "POST", "/experts", body)
                there[user_id(PROVINCE, person.login)] = made.data["expert_id"]
        return there

    def _with_expert(self, name: str, amount: str) -> Callable[[str], Awaitable[None]]:
        async def step(ref: str) -> None:
            if await self._commissioned(ref, name, amount):
                self._say(f"{ref}  {name}：待专家评分")

        return step

    async def _reviewed(self, ref: str, name: str, amount: str) -> Json | None:
        """Concluded, the review opened and the office's own word given."""
        if (project := await self._concluded(ref, name, amount)) is None:
            return None
        made = await self._do(OFFICE, project, "joint-review", {"invited": list(_INVITED)})
        await self._opine(made, "general_office", "office", amount)
        return made

    async def _concluded(self, ref: str, name: str, amount: str) -> Json | None:
        """Scored by all who were drawn, and concluded."""
        if (project := await self._commissioned(ref, name, amount)) is None:
            return None
        listed = (await self._client.get(AGENCY, f"/projects/{project['id']}/appraisals")).data["items"]
        ids = {f"{CITY}-{seat['id']}" for seat in listed[-1]["experts"]}
        for person in people_of(PROVINCE):
            if "expert" in person.roles:
                who = Who(PROVINCE, person.login)
                mine = (await self._client.get(who, "/assignments", open="true", limit=200)).data["items"]
                for each in mine:
                    if each["id"] in ids:
                        await self._client.send(who, "POST", f"/assignments/{each['id']}/score", _sheet())
        report = {
            "verdict": "pass",
            "text": "（演示）方案可行，投资合理",
            "report": {"name": "评估报告.pdf", "digest": _DIGEST.removeprefix("sm3:")},
        }
        return await self._do(AGENCY, project, "appraisals/1/conclude", report)

    async def _opine(self, project: Json, slot: str, login: str, amount: str) -> None:
        body = {"slot": slot, "opinion": "agree", "text": "（演示）同意", "funds_yuan": amount}
        await self._client.send(
            Who(PROVINCE, login), "POST", f"/projects/{project['id']}/joint-review/opinions", body
        )

    def _in_review(self, name: str, amount: str) -> Callable[[str], Awaitable[None]]:
        async def step(ref: str) -> None:
            if await self._reviewed(ref, name, amount):
                self._say(f"{ref}  {name}：待会审意见")

        return step

    def _for_the_meeting(self, name: str, amount: str) -> Callable[[str], Awaitable[None]]:
        async def step(ref: str) -> None:
            if project := await self._reviewed(ref, name, amount):
                for slot, login in (("drc", "drc"), ("finance", "finance"), *_INVITED.items()):
                    await self._opine(project, slot, login, amount)
                total = parse_yuan(amount) // 100
                body = {
                    "agreed": True,
                    "summary": "（演示）会审意见一致",
                    "plan": "（演示）两年内分两期建设",
                    "budget_yuan": f"{total}.00",
                }
                await self._do(OFFICE, project, "joint-review/close", body)
                self._say(f"{ref}  {name}：提请领导小组审定")

        return step

    async def _asked_for(self, ref: str) -> None:
        """Two apps that a county asks for; one waits for the city, the other for its provider."""
        user = Who(CITY, f"{_COUNTY}.user")
        if (await self._client.get(user, "/adoptions", limit=1)).data["items"]:
            return
        listed = (await self._client.get(user, "/apps", status="available", limit=50)).data["items"]
        for n, app in enumerate([each for each in listed if each["provider_tier"] == "province"][:2]):
            body = {"app_id": app["id"], "users": 35, "scope": "（演示）县直单位日常使用"}
            made = await self._client.send(user, "POST", "/adoptions", body)
            if n and made.data["state"] == "requested":
                path = f"/adoptions/{made.data['id']}/confirm"
                await self._client.send(KEEPER, "POST", path, {}, etag=made.etag)
        self._say(f"{ref}  应用申请：待确认、待开通")


def _sheet() -> Json:
    rows = [{"criterion": code, "score": 85, "opinion": "（演示）符合要求"} for code in names("criterion")]
    return {"scores": rows, "recommendation": "pass", "opinion": "（演示）同意通过论证"}
