"""What a week's story begins with: cases further on than the main road's desks, brought there over HTTP."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta
from typing import Any

from service.demo.client import Client, Refused, Who
from service.demo.queues import AGENCY, APPROVER, CITY, KEEPER, OFFICE, UNIT
from service.measures.facts import NEGATIVE_KEYS
from service.sandbox.cases import approval, reason
from service.setup.seed import PROVINCE, office_id, people_of
from tests.browser.making import Desks, Json, found, named
from tests.lives.said import WATCHED

DIGEST = "0123456789abcdef" * 4
PAPER: Json = {"name": "报告.pdf", "digest": DIGEST}
PARTS: Json = {
    "data_sharing_report": ["catalogue", "access", "sharing"],
    "third_party_test": ["function", "performance"],
    "security_risk": ["protection_level"],
}
PAPERS = (
    "summary",
    "data_sharing_report",
    "data_confirmation",
    "safe_reliable",
    "financial_report",
    "third_party_audit",
    "third_party_test",
    "security_risk",
    "cryptography",
    "secrecy_risk",
    "archives",
)
_INVITED = {"drc": "drc", "finance": "finance", "cyber": "cyber", "info_centre": "info_centre"}
USER = Who(CITY, "360123.user")
CARRIED = 120  # seconds in which the worker has carried on what it carries


def agency() -> str:
    """The office that appraises for the province, as a form names it."""
    person = next(each for each in people_of(PROVINCE) if each.login == "agency")
    return f"{PROVINCE}-{office_id(PROVINCE, person.division, person.office)}"


class Weeks(Desks):
    """The demo's players, who bring a case as far as a week of theirs wants it."""

    def __init__(self, client: Client, today: date) -> None:
        super().__init__(client, today)
        self._turns = Counter[tuple[str, ...]]()

    async def clean(self) -> Json:
        """With the gatekeeper, and nothing to judge: every situation of art. 17 was answered."""
        return await self._answered()

    async def common(self) -> Json:
        """Infrastructure, with the gatekeeper: what a plan of upkeep is for (art. 22)."""
        return await self._answered(project_class="infrastructure")

    async def _answered(self, **facts: str) -> Json:
        body = self.declaration(named(), "700000.00")
        body["facts"] |= {"negative": dict.fromkeys(NEGATIVE_KEYS, False), **facts}
        made = await self.client.send(UNIT, "POST", "/projects", body)
        wanted = (await self.client.send(UNIT, "POST", f"/projects/{made.data['id']}/preview")).data
        reasons = [reason(code) for code in wanted["reasons_required"]]
        return {**body, **await self._do(UNIT, dict(made.data), "submit", {"reasons": reasons})}

    async def pair(self) -> Json:
        """Two that look like one in parts, at the gatekeeper's; the second, whose suspicion waits."""
        name = named()
        await self._new(self._ref(), UNIT, f"{name}一期", "4500000.00")
        return found(await self._new(self._ref(), UNIT, f"{name}二期", "4500000.00"))

    async def ordered(self, answered: bool = False) -> Json:
        """Filed, and asked to put something right."""
        made = await self.filed()
        due = (self.today + timedelta(days=20)).isoformat()
        body = {"area": "construction", "text": "请报送实施方案和责任人", "due": due}
        made = await self._do(KEEPER, made, "order-rectification", body)
        if answered:
            orders = (await self.client.get(KEEPER, "/orders", project_id=made["id"])).data["items"]
            await self._do(UNIT, made, "answer-order", {"order": orders[0]["id"], "answer": "已报送，见附件"})
        return made

    async def started(self) -> Json:
        """Under construction for ten months."""
        made = await self.filed()
        body = {"implementing_body": "市数据中心", "person": "王工", "named_on": self.ago(310)}
        await self._do(UNIT, made, "responsible", body)
        return {**made, **await self._do(UNIT, made, "start", {"started_on": self.ago(300)})}

    async def inspected(self) -> Json:
        """Through its trial run and its final inspection, and confirmed by both organs."""
        made = await self.started()
        await self._do(UNIT, made, "begin-trial-run", {"on": self.ago(290)})
        body = {"on": self.ago(20), "conclusion": "达到合同要求", "report": PAPER}
        await self._do(UNIT, made, "final-inspect", body)
        for verb, login in (("confirm-data", "data_office"), ("confirm-crypto", "crypto_organ")):
            await self._do(Who(CITY, login), made, verb, {"passed": True, "opinion": "符合要求"})
        return made

    async def opined(self) -> Json:
        """Both opinions given: the approver's turn."""
        made = await self.applied()
        for who in (KEEPER, Who(CITY, "finance")):
            await self._do(who, made, "give-acceptance-opinion", {"agreed": True, "opinion": "同意"})
        return made

    async def applied(self) -> Json:
        """Applied for: the opinions' turn."""
        made = await self.inspected()
        papers = {
            each: {"digest": DIGEST} | ({"parts": PARTS[each]} if each in PARTS else {}) for each in PAPERS
        }
        await self._do(UNIT, made, "apply-acceptance", {"materials": papers, "work_secrets": False})
        return made

    async def accepted(self) -> Json:
        """Accepted, and not filed yet."""
        made = await self.opined()
        body = {
            "on": self.ago(0),
            "conclusion": "同意通过",
            "document_number": f"洪发改验〔2026〕{made['id'][-6:]}号",
            "document_digest": DIGEST,
        }
        return {**made, **await self._do(APPROVER, made, "accept", body)}

    async def proposed(self) -> Json:
        """Accepted, with money for its upkeep asked for."""
        made = await self.accepted()
        body = {
            "year": self.today.year + 1,
            "amount_yuan": "100000.00",
            "workload": "驻场一人",
            "watch": WATCHED,
        }
        await self._do(KEEPER, made, "propose-maintenance", body)
        return made

    async def appraised(self) -> Json:
        """Scored and concluded: the office may open the joint review."""
        return found(await self._concluded(self._ref(), named(), "9600000.00"))

    async def agreed(self) -> Json:
        """All opinions given: the office sums them up."""
        made = found(await self._reviewed(self._ref(), named(), "12000000.00"))
        for slot, login in _INVITED.items():
            await self._opine(made, slot, login, "12000000.00")
        return made

    async def for_the_meeting(self) -> Json:
        """Summed up: the leading group's turn."""
        made = await self.agreed()
        body = {
            "agreed": True,
            "summary": "会审意见一致",
            "plan": "两年内分两期建设",
            "budget_yuan": "12000000.00",
        }
        return {**made, **await self._do(OFFICE, made, "joint-review/close", body)}

    async def decided(self) -> Json:
        """Decided by the leading group: the province's approval."""
        made = await self.for_the_meeting()
        body = {
            "decision": "approve",
            "meeting_date": self.ago(0),
            "number": f"赣数领纪〔2026〕{made['id'][-6:]}号",
        }
        return {
            **made,
            **await self._do(Who(PROVINCE, "leading_group_secretary"), made, "leading-group", body),
        }

    async def approved_above(self) -> Json:
        """Approved by the province: the province's money."""
        made = await self.decided()
        return {
            **made,
            **await self._do(Who(PROVINCE, "drc"), made, "province-approve", approval(made, self.today)),
        }

    async def commissioned(self) -> Json:
        """With the agency, which draws its experts."""
        made = found(await self._kept(self._ref(), named(), "9600000.00"))
        await self._do(KEEPER, made, "hand-over", {"note": "请按第九条组织论证评估"})
        body = {"agency_office_id": agency()[len(PROVINCE) + 1 :], "fields": ["data"], "task": "论证技术方案"}
        await self._do(OFFICE, made, "appraisals", body)
        return made

    async def needed(self) -> Json:
        """A need that a unit submitted."""
        draft = self.declaration(named(), "900000.00")
        made = await self.client.send(UNIT, "POST", "/needs", draft)
        return {**draft, **await self._do(UNIT, dict(made.data), "need/submit", {})}

    async def requested(self) -> Json:
        """An app that a county asked for, another county each time: the city's turn."""
        county = self.turn("360102", "360103", "360104")
        return await self.asked_for(Who(CITY, f"{county}.user"), confirmed=False)

    async def used(self, user: Who = USER) -> Json:
        """An app that a county uses."""
        made, provider = await self.asked_for(user), Who(PROVINCE, "app_provider")
        path = f"/provisions/{PROVINCE}{made['id'][len(CITY) :]}"
        async with asyncio.timeout(CARRIED):
            seen = await self._came(provider, path)
            await self.client.send(provider, "POST", f"{path}/provision", {}, etag=seen.etag)
            while (await self.client.get(user, f"/adoptions/{made['id']}")).data["state"] != "active":
                await asyncio.sleep(0.2)
        return made

    async def _came(self, who: Who, path: str) -> Any:
        """What the worker carries to another tenant, once it is there."""
        while True:
            try:
                return await self.client.get(who, path)
            except Refused:
                await asyncio.sleep(0.2)

    def ago(self, days: int) -> str:
        """The day so many days before today."""
        return (self.today - timedelta(days=days)).isoformat()

    def ahead(self, days: int) -> str:
        """The day so many days after today."""
        return self.ago(-days)

    def turn(self, *of: str) -> str:
        """Each of these in turn, whenever the same are asked for."""
        self._turns[of] += 1
        return of[self._turns[of] % len(of)]

    def more(self) -> int:
        """A number that no other story of this run was given."""
        self._count += 1
        return self._count


__all__ = ["AGENCY", "DIGEST", "PAPER", "PAPERS", "Weeks"]
