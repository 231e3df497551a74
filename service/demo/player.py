"""Plays cases through the HTTP API as the people and portals who would do it, each from where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import aiohttp

from service.demo.client import Client, Refused, Reply, Who
from service.demo.directory import Directory
from service.demo.framework import settle, wanted
from service.kit import clock
from service.measures.offices import Divisions
from service.province import CODE
from service.sandbox.cases import Case, approval, materials, opinion, reason
from service.setup.seed import demo_places

PROVINCE = CODE
ANY_CITY = demo_places()[0]["code"]  # asks about facts that name no known division
# Seconds until a message must have arrived: what a killed worker had taken waits for its lease (15 s) to end.
INBOX_PATIENCE = 25.0
_PAUSE = 0.1
CLASSIFIED = "classified_material"
# By state: which message the last steps leave on which desk (unit: where a person declared).
_TOLD = {
    "filed": {
        "office": "filing.filed",
        "gatekeeper": "filing.filed",
        "approver": "project.gatekept",
        "portal": "filing.filed",
        "unit": "filing.filed",
    },
    "with_province": {
        "office": "project.handed_over",
        "gatekeeper": "project.gatekept",
        "unit": "project.handed_over",
    },
}

Step = Callable[["Case", "Outcome"], Coroutine[Any, Any, Reply]]


@dataclass
class Outcome:
    """What became of a case."""

    external_ref: str
    name: str
    tenant: str | None
    route: str | None = None
    articles: list[int] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    filing_number: str | None = None
    notified: list[str] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    declarer: Who | None = None
    project: dict[str, Any] = field(default_factory=dict)
    etag: str | None = None

    def decided(self, decision: dict[str, Any]) -> None:
        """Takes over a decision of the API."""
        self.route = decision["route"]
        self.articles = decision["articles"]
        self.findings = decision.get("findings", [])

    def as_dict(self) -> dict[str, Any]:
        """What --json prints; `errors` only where there are any."""
        names = (
            "external_ref",
            "name",
            "tenant",
            "route",
            "articles",
            "findings",
            "filing_number",
            "notified",
        )
        plain = {name: getattr(self, name) for name in names}
        return {**plain, "errors": self.errors} if self.errors else plain

    @property
    def desks(self) -> dict[str, Who]:
        """Whose inbox may hold a message about it, by label."""
        if self.tenant is None or not self.project:
            return {}
        found = {f"{PROVINCE}/office": Who(PROVINCE, "office")}
        if self.tenant == PROVINCE:
            return found
        found |= {f"{self.tenant}/{role}": Who(self.tenant, role) for role in ("gatekeeper", "approver")}
        found[f"{self.tenant}/portal"] = Who(self.tenant)
        if self.declarer is not None and self.declarer.login is not None:
            found[f"{self.tenant}/unit"] = self.declarer
        return found

    @property
    def awaited(self) -> set[tuple[str, str]]:
        """The messages (desk, kind) that must be there, also of what an earlier start did just before it died."""
        told = _TOLD.get(self.project.get("state", ""), {})
        return {(label, told[role]) for label in self.desks if (role := label.partition("/")[2]) in told}


class Player:
    """Plays cases; `say` takes a line of progress, `today` dates the demo's documents."""

    def __init__(self, client: Client, divisions: Divisions, since: date, say: Callable[[str], None]) -> None:
        self._client, self._divisions, self._say = client, divisions, say
        self._directory = Directory(client, since.isoformat())
        self._seen: set[tuple[str, str]] = set()
        self._today = clock.legal_day(clock.now())
        self._steps: dict[str, Step] = {
            "draft": self._submit,
            "submitted": self._gatekeep,
            "gatekept": self._decide,
            "city_approved": self._file,
        }

    async def play(self, cases: Iterable[Case]) -> list[Outcome]:
        """Plays tenants side by side, the cases of one in order; then reads back who was told."""
        pairs = [
            (case, Outcome(case.external_ref, case.name, case.tenant(self._divisions))) for case in cases
        ]
        queues: dict[str | None, list[tuple[Case, Outcome]]] = {}
        for case, outcome in pairs:
            queues.setdefault(outcome.tenant, []).append((case, outcome))
        await asyncio.gather(*(self._queue(queue) for queue in queues.values()))
        outcomes = [outcome for _, outcome in pairs]
        await self._read_back(outcomes)
        return outcomes

    async def _queue(self, queue: list[tuple[Case, Outcome]]) -> None:
        for case, outcome in queue:
            try:
                await self._one(case, outcome)
            except Refused as refusal:
                self._refused(outcome, refusal)
            except Exception as error:  # whatever it is, the other cases go on
                outcome.errors.append(_fault("not_played", f"{type(error).__name__}: {error}"))
            where = outcome.filing_number or outcome.project.get("state") or outcome.route or "未受理"
            self._say(f"{case.external_ref}  {where}")

    def _refused(self, outcome: Outcome, refusal: Refused) -> None:
        if refusal.code == CLASSIFIED:
            outcome.decided({"route": refusal.problem["route"], "articles": refusal.problem["articles"]})
        else:
            outcome.errors += refusal.errors

    async def _one(self, case: Case, outcome: Outcome) -> None:
        tenant, outcome.errors = outcome.tenant, list(case.faults)
        if case.faults:
            return
        # Whoever asks first asks about the facts alone: nothing is kept, so nothing classified can be.
        asking = Who(PROVINCE, "department") if tenant == PROVINCE else Who(tenant or ANY_CITY)
        try:
            preview = await self._client.send(asking, "POST", "/projects/preview", {"facts": case.facts})
        except Refused as refusal:
            if refusal.code == CLASSIFIED:  # and the declaration itself is refused in the same way
                body = {"name": case.name, "external_ref": case.external_ref, "facts": case.declared_facts}
                await self._client.send(asking, "POST", "/projects", body)
            raise
        outcome.decided(preview.data["decision"])
        if outcome.route == "out_of_scope" or tenant is None:
            return
        if (tenant, case.external_ref) in self._seen:
            outcome.errors.append(_fault("external_ref_taken", "该外部编号在文件中出现了不止一次"))
            return
        self._seen.add((tenant, case.external_ref))
        office, outcome.declarer = await self._directory.owner(case, tenant)
        self._stands(
            outcome, await self._found(case, outcome.declarer) or await self._drafted(case, outcome, office)
        )
        while (step := self._steps.get(outcome.project["state"])) is not None:
            self._stands(outcome, await step(case, outcome))

    def _stands(self, outcome: Outcome, reply: Reply) -> None:
        """Takes over a case as an answer shows it; filing wraps it beside its receipt."""
        outcome.project, outcome.etag = reply.data.get("project", reply.data), reply.etag
        outcome.filing_number = outcome.project["filing_number"]
        if outcome.project["decision"] is not None:
            outcome.decided(outcome.project["decision"])

    async def _found(self, case: Case, declarer: Who) -> Reply | None:
        """The case as an earlier start left it."""
        page = await self._client.get(declarer, "/projects", external_ref=case.external_ref, limit=1)
        if not page.data["items"]:
            return None
        return await self._client.get(declarer, f"/projects/{page.data['items'][0]['id']}")

    async def _drafted(self, case: Case, outcome: Outcome, office: str) -> Reply:
        body = {
            "name": case.name,
            "external_ref": case.external_ref,
            "owner_office_id": office,
            "facts": case.declared_facts,
            "materials": materials(case, self._today),
        }
        return await self._act(outcome.declarer, "", body)

    async def _submit(self, _: Case, outcome: Outcome) -> Reply:
        preview = await self._act(outcome.declarer, f"/{outcome.project['id']}/preview")
        body = {
            "reasons": [reason(code) for code in preview.data["reasons_required"]],
            "expected_route": preview.data["decision"]["route"],
        }
        return await self._act(outcome.declarer, f"/{outcome.project['id']}/submit", body, outcome.etag)

    async def _gatekeep(self, _: Case, outcome: Outcome) -> Reply:
        keeper, path = Who(str(outcome.tenant), "gatekeeper"), f"/{outcome.project['id']}"
        seen = await self._client.get(keeper, f"/projects{path}")
        given = [f["code"] for f in seen.data["findings"] if f["reason"] is not None]
        body = {"opinions": [opinion(code) for code in given]}
        return await self._act(keeper, f"{path}/gatekeeping/pass", body, seen.etag)

    async def _decide(self, _: Case, outcome: Outcome) -> Reply:
        """The approver's part on the city's route, which waits for a framework where others build along (art. 12); on
        the province's the gatekeeper hands over."""
        tenant, path = str(outcome.tenant), f"/{outcome.project['id']}"
        if outcome.project["route"] == "provincial_review":
            body = {"note": "（演示）请按第九条组织论证评估"}
            return await self._act(Who(tenant, "gatekeeper"), f"{path}/hand-over", body, outcome.etag)
        approver, body = Who(tenant, "approver"), approval(outcome.project, self._today)
        try:
            return await self._act(approver, f"{path}/approve", body, outcome.etag)
        except Refused as refusal:
            if not wanted(refusal):
                raise
        settled = await settle(self._client, self._directory, outcome.project, self._today)
        return await self._act(approver, f"{path}/approve", body, settled.etag)

    async def _file(self, _: Case, outcome: Outcome) -> Reply:
        path = f"/{outcome.project['id']}/file"
        return await self._act(Who(str(outcome.tenant)), path, {}, outcome.etag)

    async def _act(self, who: Who | None, path: str, body: Any = None, etag: str | None = None) -> Reply:
        if who is None:
            raise LookupError("nobody declares this case")
        return await self._client.send(who, "POST", f"/projects{path}", body, etag=etag)

    async def _read_back(self, outcomes: list[Outcome]) -> None:
        """Reads the inboxes as their owners until all that must arrive is there, or patience ends."""
        ids = {outcome.project["id"] for outcome in outcomes if outcome.project}
        desks = {label: who for outcome in outcomes for label, who in _readers(outcome)}
        until = clock.monotonic() + INBOX_PATIENCE
        while True:
            lists = await asyncio.gather(*(self._inbox(who, ids) for who in desks.values()))
            seen = dict(zip(desks, lists, strict=True))
            for outcome in outcomes:
                outcome.notified = [
                    label for label, who in outcome.desks.items() if _told(seen[_key(label, who)], outcome)
                ]
            late = [o for o in outcomes if not o.awaited <= _arrived(o, seen)]
            if not late or clock.monotonic() > until:
                for outcome in late:
                    outcome.errors.append(_fault("not_notified", "有应收到的消息未在期限内到达"))
                return
            await asyncio.sleep(_PAUSE)

    async def _inbox(self, who: Who, ids: set[str]) -> set[tuple[str, str]]:
        """The messages (project, kind) about our cases in one inbox."""
        found: set[tuple[str, str]] = set()
        query: dict[str, str | int] = {"limit": 200}
        while True:
            try:
                page = (await self._client.get(who, "/inbox", **query)).data
            except (Refused, aiohttp.ClientError, TimeoutError):
                return found  # what was not read counts as not there
            found |= {(m["project_id"], m["kind"]) for m in page["items"] if m["project_id"] in ids}
            if page["next_cursor"] is None:
                return found
            query["cursor"] = page["next_cursor"]


def _fault(code: str, detail: str) -> dict[str, Any]:
    return {"pointer": "", "code": code, "detail": detail}


def _key(label: str, who: Who) -> str:
    """An inbox: several offices have a unit, so the label alone does not tell whose it is."""
    return f"{label}/{who.login}"


def _readers(outcome: Outcome) -> Iterable[tuple[str, Who]]:
    return [(_key(label, who), who) for label, who in outcome.desks.items()]


def _told(inbox: set[tuple[str, str]], outcome: Outcome) -> bool:
    return any(project == outcome.project["id"] for project, _ in inbox)


def _arrived(outcome: Outcome, seen: dict[str, set[tuple[str, str]]]) -> set[tuple[str, str]]:
    return {
        (label, kind)
        for label, who in outcome.desks.items()
        for project, kind in seen[_key(label, who)]
        if project == outcome.project["id"]
    }
