"""What a story begins with: a case at somebody's desk, brought there over HTTP by whoever brings it there in life."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from service.demo.client import Client, Who
from service.demo.queues import AGENCY, APPROVER, CITY, COUNTY, KEEPER, OFFICE, UNIT, Queues
from service.kit.ids import new_id
from service.sandbox.cases import Case, approval, materials
from service.setup.seed import PROVINCE

Json = dict[str, Any]
USER = Who(CITY, "360121.user")
# Names that have no words in common, so that no case is taken for a part of another.
_NAMES = iter(Path(__file__).with_name("names.txt").read_text(encoding="utf-8").split())
_RUN = new_id()[-3:].upper()


def named() -> str:
    """A name for a case that no other has, also where stories were told before."""
    return f"{next(_NAMES)}系统{_RUN}"


class Desks(Queues):
    """The demo's players, one case at a time."""

    def __init__(self, client: Client, today: date) -> None:
        super().__init__(client, today, print)
        self.client, self.today, self._count = client, today, 0
        self._run, self._promised = new_id()[-6:], set[tuple[Who, str]]()

    def _ref(self) -> str:
        self._count += 1
        return f"story-{self._run}-{self._count:03}"

    def declaration(self, name: str, amount: str) -> Json:
        """A complete draft as a unit would write it."""
        facts = {
            "project_class": "other",
            "kind": "new",
            "investment_yuan": amount,
            "fiscal_funds": True,
            "classified": False,
        }
        case = Case("", name, "申报单位", facts)
        return {"name": name, "facts": case.declared_facts, "materials": materials(case, self.today)}

    async def submitted(self) -> Json:
        """With the city's gatekeeper."""
        return found(await self._new(self._ref(), UNIT, named(), "4600000.00"))

    async def returned(self, who: Who = UNIT) -> Json:
        """Back with its unit."""
        made = found(await self._new(self._ref(), who, named(), "800000.00"))
        return await self._do(KEEPER, made, "gatekeeping/return", {"reason": "请写明与现有系统的衔接办法"})

    async def passed(self) -> Json:
        """With the approver."""
        return found(await self._kept(self._ref(), named(), "1800000.00"))

    async def approved(self) -> Json:
        """Approved and not filed."""
        made = await self.passed()
        return await self._do(APPROVER, made, "approve", approval(made, self.today))

    async def filed(self) -> Json:
        """Filed, so that money may be allotted."""
        made = await self.approved()
        await self._do(KEEPER, made, "file", {})
        return made

    async def handed_over(self) -> Json:
        """With the provincial office."""
        made = found(await self._kept(self._ref(), named(), "9600000.00"))
        return await self._do(KEEPER, made, "hand-over", {"note": "请按第九条组织论证评估"})

    async def with_expert(self) -> Json:
        """Waits for the scores of those who were drawn."""
        return found(await self._commissioned(self._ref(), named(), "9600000.00"))

    async def in_review(self) -> Json:
        """Waits for the organs' opinions."""
        return found(await self._reviewed(self._ref(), named(), "12000000.00"))

    async def app(self, free_for: Who, *, paid: bool = False) -> Json:
        """An app that this county has not asked for yet: the province's, or one that costs something."""
        asked = (await self.client.get(free_for, "/adoptions", limit=200)).data["items"]
        known = {each["app_id"] for each in asked}
        listed = (await self.client.get(free_for, "/apps", status="available", limit=50)).data["items"]
        known |= {app for who, app in self._promised if who == free_for}
        free = [
            each
            for each in listed
            if each["id"] not in known
            and (each["cost_yuan"] != "0.00" if paid else each["provider_tier"] == "province")
        ]
        self._promised.add((free_for, free[0]["id"]))
        return dict(free[0])

    async def asked_for(self, user: Who = USER, *, confirmed: bool = True) -> Json:
        """An app that a county asked for; confirmed by the city, it is its provider's turn."""
        app = await self.app(user, paid=not confirmed)  # the city confirms what costs something
        body = {"app_id": app["id"], "users": 35, "scope": "县直单位日常使用"}
        made = await self.client.send(user, "POST", "/adoptions", body)
        if confirmed and made.data["state"] == "requested":
            path = f"/adoptions/{made.data['id']}/confirm"
            await self.client.send(KEEPER, "POST", path, {}, etag=made.etag)
        return {**made.data, "name": app["name"]}


def found(made: Json | None) -> Json:
    assert made is not None, "a case of this name was there already"
    return made


def flat(value: Any, at: str = "") -> dict[str, str]:
    """JSON pointer → what a reader types there; a list of words is typed a line each, at the list's own pointer."""
    if isinstance(value, Mapping):
        return {key: text for name, each in value.items() for key, text in flat(each, f"{at}/{name}").items()}
    if isinstance(value, list):
        if all(isinstance(each, str) for each in value):
            return {at: "\n".join(value)}
        return {key: text for n, each in enumerate(value) for key, text in flat(each, f"{at}/{n}").items()}
    return {at: "true" if value is True else "false" if value is False else str(value)}


__all__ = ["AGENCY", "COUNTY", "OFFICE", "PROVINCE", "Desks", "flat", "named"]
