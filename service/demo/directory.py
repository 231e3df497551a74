"""Who declares a case: its office and, where a portal may not, a person; found or made as an administrator would."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.characters.keys import key
from service.demo.client import Client, Who
from service.measures.offices import Tier
from service.sandbox.cases import Case

ADMINISTRATOR = "administrator"
_KINDS = {
    "administrative": "行政",
    "authorised": "授权",
    "party": "党委",
    "congress": "人大",
    "cppcc": "政协",
    "supervision": "监委",
    "court": "法院",
    "procuratorate": "检察院",
    "mass_body": "群团",
    "other": "其他",
}
_ROLES = {Tier.COUNTY.value: "unit", Tier.PROVINCE.value: "department"}


class Directory:
    """The tenants' offices and people over the administration API. `since`: the day new offices stand from."""

    def __init__(self, client: Client, since: str) -> None:
        self._client = client
        self._since = since

    async def owner(self, case: Case, tenant: str) -> tuple[str, Who]:
        """The declaring office's id, and who declares for it: the city's portal, or a person of the office."""
        office = await self._office(case, tenant)
        role = _ROLES.get(str(case.declarant.get("tier")))
        if role is None:
            return str(office["office_id"]), Who(tenant)
        return str(office["office_id"]), Who(tenant, await self._person(tenant, office, role))

    async def _office(self, case: Case, tenant: str) -> dict[str, Any]:
        """The office of that name, place and kind. A name taken by another kind gets its kind beside it."""
        wanted = {
            "tier": str(case.declarant["tier"]),
            "division": str(case.declarant["division"]),
            "office_kind": str(case.declarant.get("office_kind", "administrative")),
        }
        names = [case.owner, f"{case.owner[:190]}（{_KINDS.get(wanted['office_kind'], '')}）"]
        found = await self._offices(
            tenant, tier=wanted["tier"], division=wanted["division"], name=case.owner[:100]
        )
        for name in names:
            same = next((office for office in found if office["name"] == name), None)
            if same is None:
                body = {"name": name, "valid_from": self._since, **wanted}
                reply = await self._client.send(Who(tenant, ADMINISTRATOR), "POST", "/offices", body)
                return dict(reply.data)
            if same["office_kind"] == wanted["office_kind"]:
                return same
        raise LookupError(f"no name is left for {case.owner}")

    async def named(self, tenant: str, names: Iterable[str], on: str) -> list[str]:
        """The ids of the tenant's offices of these names, as names are compared, that stand on the day."""
        keys = {key(name) for name in names}
        offices = await self._offices(tenant, valid_on=on)
        return [str(each["office_id"]) for each in offices if key(each["name"]) in keys]

    async def signer(self, tenant: str, office: str, name: str) -> Who:
        """Somebody of a city's office who signs for it."""
        return Who(tenant, await self._person(tenant, {"office_id": office, "name": name}, "unit"))

    async def _offices(self, tenant: str, **given: str) -> list[dict[str, Any]]:
        query: dict[str, str | int] = {**given, "limit": 200}
        found: list[dict[str, Any]] = []
        while True:
            reply = await self._client.get(Who(tenant, ADMINISTRATOR), "/offices", **query)
            found += reply.data["items"]
            if reply.data["next_cursor"] is None:
                return found
            query["cursor"] = reply.data["next_cursor"]

    async def _person(self, tenant: str, office: dict[str, Any], role: str) -> str:
        """The login of somebody of the office with the role."""
        administrator, ours = Who(tenant, ADMINISTRATOR), f"{role}-{str(office['office_id'])[-12:]}"
        there = await self._client.get(administrator, "/users", office_id=office["office_id"], limit=200)
        people = [person for person in there.data["items"] if person["disabled_at"] is None]
        for person in people:
            if person["roles"] == [role]:
                return str(person["login"])
        person = next((person for person in people if person["login"] == ours), None)
        if person is None:
            body = {
                "login": ours,
                "name": f"（演示）{office['name'][:180]}经办人",
                "office_id": office["office_id"],
            }
            person = (await self._client.send(administrator, "POST", "/users", body)).data
        await self._client.send(administrator, "PUT", f"/users/{person['id']}/roles/{role}")
        return ours
