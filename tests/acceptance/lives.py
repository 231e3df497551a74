"""A project's life over HTTP as its people live it: `await life.do("crypto_organ", "confirm-crypto", {...})`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.factories import answered, draft
from tests.lives import APPROVAL

D = "a" * 64
PAPER = {"name": "报告", "digest": D}
MATERIALS: dict[str, Any] = {
    "summary": {"digest": D},
    "data_sharing_report": {"digest": D, "parts": ["catalogue", "access", "sharing"]},
    "data_confirmation": {"digest": D},
    "safe_reliable": {"digest": D},
    "financial_report": {"digest": D},
    "third_party_audit": {"digest": D},
    "third_party_test": {"digest": D, "parts": ["function", "performance"]},
    "security_risk": {"digest": D, "parts": ["protection_level"]},
    "cryptography": {"digest": D},
    "secrecy_risk": {"digest": D},
    "archives": {"digest": D},
}
APPLY = {"materials": MATERIALS, "work_secrets": False}
YES = {"agreed": True, "opinion": "同意"}
PASSED = {"passed": True, "opinion": "符合要求"}
ACCEPT = {
    "on": "2026-11-23",
    "conclusion": "同意通过",
    "document_number": "洪发改验〔2026〕5号",
    "document_digest": D,
}
POINTS = {
    "application_effect": 90,
    "support_capability": 80,
    "security": 80,
    "investment_benefit": 70,
    "resource_conformity": 70,
}
SCORE = {"points": POINTS, "opinion": "较好"}


@dataclass
class Life:
    """One project. `who` is a seeded login of the city, "province.<login>" of the province, or "" for the portal."""

    as_user: Any
    app: Any
    door: Any
    tenant: str = "360100"
    id: str = ""
    etag: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    money: str | None = None  # issued by the city once building has started
    form: dict[str, Any] | None = None  # what the declaration says besides art. 15
    materials: dict[str, Any] = field(default_factory=dict)  # what it says otherwise

    def caller(self, who: str) -> Any:
        tier, _, login = who.rpartition(".")
        if tier == "province":
            return self.as_user("360000", login)
        return self.as_user(self.tenant, who) if who else self.as_user(self.tenant)

    async def read(self, who: str = "") -> dict[str, Any]:
        answer = await self.caller(who)("GET", f"/projects/{self.id}")
        assert answer.status_code == 200, answer.text
        self.etag, self.data = answer.headers["etag"], answer.json()
        return self.data

    async def try_(self, who: str, verb: str, body: Any, *, etag: str | None = None) -> httpx.Response:
        """The answer, whatever it is."""
        if self.id and etag is None:
            await self.read()
        return await self.caller(who)("POST", f"/projects/{self.id}/{verb}", body, etag=etag or self.etag)

    async def do(self, who: str, verb: str, body: Any, status: int = 200) -> dict[str, Any]:
        """What must succeed; returns the case."""
        answer = await self.try_(who, verb, body)
        assert answer.status_code == status, f"{verb}: {answer.status_code} {answer.text}"
        await self.read()
        return self.data

    async def refused(
        self,
        who: str,
        verb: str,
        body: Any,
        status: int,
        code: str,
        *,
        pointer: str | None = None,
        article: int | None = None,
        gate: str | None = None,
    ) -> dict[str, Any]:
        """What must be refused, with nothing stored: the case is word for word what it was."""
        before = await self.read()
        records = await self.records()
        answer = await self.try_(who, verb, body)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), answer.text
        assert answer.headers["content-type"].startswith("application/problem+json")
        if pointer is not None:
            assert pointer in [each["pointer"] for each in problem["errors"]], answer.text
        if article is not None:
            assert problem.get("article") == article, answer.text
        assert gate is None or problem.get("gate") == gate, answer.text
        assert await self.read() == before
        assert await self.records() == records
        return dict(problem)

    async def records(self, kind: str | None = None) -> list[dict[str, Any]]:
        query = "?limit=200" + (f"&kind={kind}" if kind else "")
        answer = await self.caller("")("GET", f"/projects/{self.id}/records{query}")
        return list(answer.json()["items"])

    # ---- stations --------------------------------------------------------------------------------------

    async def filed(self, **facts: Any) -> Life:
        said = draft(self.tenant, facts=facts)
        if self.form is not None:
            said["materials"]["form"] = self.form
        said["materials"] |= self.materials
        made = await self.caller("")("POST", "/projects", said)
        assert made.status_code == 201, made.text
        self.id = made.json()["id"]
        await answered(self.caller(""), self.id, made.headers["etag"])
        await self.do("", "submit", {"reasons": []})
        await self.do("gatekeeper", "gatekeeping/pass", {})
        await self.do("approver", "approve", APPROVAL)
        await self.do("", "file", {}, 201)
        return self

    async def started(self, on: str = "2026-02-20", **facts: Any) -> Life:
        await self.filed(**facts)
        await self.do(
            "unit", "responsible", {"implementing_body": "信息科", "person": "张三", "named_on": "2026-02-10"}
        )
        await self.do("unit", "start", {"started_on": on})
        if self.money is not None:
            line = {"source": "city", "amount_yuan": self.money}
            paper = {"number": "财预〔2026〕8号", "date": "2026-03-02", "digest": D}
            await self.do("finance", "budget", {"document": paper, "lines": [line]})
        return self

    async def trial_run(self, on: str = "2026-03-02", **facts: Any) -> Life:
        await self.started(**facts)
        await self.do("unit", "begin-trial-run", {"on": on})
        return self

    async def inspected(self, **facts: Any) -> Life:
        await self.trial_run(**facts)
        await self.do(
            "unit", "final-inspect", {"on": "2026-09-02", "conclusion": "达到合同要求", "report": PAPER}
        )
        return self

    async def applied(self, *, confirmed: bool = True, **facts: Any) -> Life:
        await self.inspected(**facts)
        if confirmed:
            await self.do("data_office", "confirm-data", PASSED)
            await self.do("crypto_organ", "confirm-crypto", PASSED)
        await self.do("unit", "apply-acceptance", APPLY)
        return self

    async def accepted(self, **facts: Any) -> Life:
        await self.applied(**facts)
        for organ in ("gatekeeper", "finance"):
            await self.do(organ, "give-acceptance-opinion", YES)
        await self.do("approver", "accept", ACCEPT)
        return self

    async def evaluated(self, day: Any, **facts: Any) -> Life:
        await self.accepted(**facts)
        await self.do("unit", "record-operation", {"on": "2026-10-08"})
        day("2027-06-01")
        await self.do("unit", "evaluate", {"on": "2027-06-01", "summary": "运行良好", "report": PAPER})
        return self

    async def ordered(
        self, organ: str = "cyber", area: str = "network_security", due: str = "2026-12-01"
    ) -> str:
        """An order on the case as it stands; its id."""
        text = {"area": area, "text": "限期整改存在的问题", "due": due}
        before = set((await self.read())["dated"].get("orders", {}).get("open", {}))
        data = await self.do(organ, "order-rectification", text)
        (found,) = set(data["dated"]["orders"]["open"]) - before
        return str(found)


async def failed(life: Any, **more: Any) -> Life:
    """One whose order was answered and found in vain."""
    case: Life = await life(**more).started()
    order = await case.ordered()
    await case.do("unit", "answer-order", {"order": order, "answer": "已修复", "evidence": []})
    await case.do("cyber", "close-order", {"order": order, "done": False, "opinion": "仍有高危问题"})
    return case
