"""One project and the acts of the Measures, done by whoever's they are; waypoints stand along the road."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from service.kit import clock
from tests import factories
from tests.lives import said as words
from tests.lives.case import Case
from tests.lives.people import Thing, good

A = TypeVar("A", bound=Callable[..., Awaitable[Any]])
ROAD: dict[str, Callable[[Life], Awaitable[Any]]] = {}  # waypoint → the act that brings there


def waypoint(name: str) -> Callable[[A], A]:
    """Whoever has done this act stands there, whether it was done by itself or on the way to a later one."""

    def mark(act: A) -> A:
        @wraps(act)
        async def done(self: Life, *args: Any, **more: Any) -> Any:
            came = await act(self, *args, **more)
            self.stands = name
            return came

        ROAD[name] = done
        return cast("A", done)

    return mark


@dataclass
class Life(Case):
    """A project as it is lived from its draft on. `said`: what the draft says otherwise (factories.draft)."""

    said: dict[str, Any] = field(default_factory=dict, kw_only=True)
    stands: str = field(default="", kw_only=True)  # the waypoint that was reached

    async def at(self, name: str) -> Life:
        """Goes on to this waypoint, by every act that lies between."""
        names = ["", *ROAD]
        for each in names[names.index(self.stands) + 1 : names.index(name) + 1]:
            await ROAD[each](self)
        return self

    # ---- declared and decided (arts 15-23) -------------------------------------------------------------------

    @waypoint("drafted")
    async def declare(self) -> None:
        """A draft with the materials of art. 15; people declare for their own office, a portal names it."""
        changes = dict(self.said)
        materials = changes.pop("materials", {})
        body = factories.draft(self.world.tenant, **changes)
        body["materials"] |= materials
        if not self.world.owner.endswith(".portal"):
            body.pop("owner_office_id", None)
        answer = good(await self.world.by("owner")("POST", "/projects", body))
        self.etag, self.data = answer.headers["etag"], answer.json()
        self.id = self.data["id"]

    async def edit(self, **changes: Any) -> dict[str, Any]:
        """Its owner writes something else, in a draft or in what came back."""
        path = f"/projects/{self.id}"
        answer = good(await self.world.by("owner")("PATCH", path, changes, etag=self.etag))
        self.etag, self.data = answer.headers["etag"], answer.json()
        return self.data

    async def preview(self) -> dict[str, Any]:
        return dict(good(await self.world.by("owner")("POST", f"/projects/{self.id}/preview")).json())

    @waypoint("submitted")
    async def submit(self) -> None:
        """With a reason wherever the system asks for one, and an answer to every candidate for reuse (arts 17, 23)."""
        preview = await self.preview()
        self.codes = list(preview["reasons_required"])
        self.etag = await factories.answered(self.world.by("owner"), self.id, self.etag, preview)
        reasons = [{"code": code, "reason": "上级统一部署"} for code in self.codes]
        await self.does("owner", "submit", {"reasons": reasons})

    @waypoint("gatekept")
    async def gatekeep(self) -> None:
        await self.does("city.gatekeeper", "gatekeeping/pass", self.opinions())

    async def hand_over(self) -> None:
        """To the province, whose review it needs (arts 16, 18); reviews.py goes on from there."""
        await self.does("city.gatekeeper", "hand-over", {})

    @waypoint("approved")
    async def approve(self, **changes: Any) -> None:
        await self.does("city.approver", "approve", {**words.APPROVAL, **changes})

    @waypoint("filed")
    async def file(self, who: str = "city.portal") -> Thing:
        """The filing with its receipt."""
        answer = good(await self.tried(who, "file", {}))
        return Thing(answer.json()["filing_id"], self.etag, answer.json())

    # ---- built (arts 13, 24-29, 33-38) -----------------------------------------------------------------------

    @waypoint("named")
    async def name_responsible(self, **changes: Any) -> dict[str, Any]:
        return await self.does("owner", "responsible", {**words.RESPONSIBLE, **changes})

    @waypoint("started")
    async def start(self, on: str = "2026-03-01") -> dict[str, Any]:
        return await self.does("owner", "start", {"started_on": on})

    async def issue_budget(self, amount: str, on: str = "2026-03-10") -> dict[str, Any]:
        """So much more of the budget, by the treasury of whoever decides (arts 20, 34)."""
        return await self.does(self.world.organ("finance"), "budget", words.budget(amount, on))

    async def contract(self, **changes: Any) -> dict[str, Any]:
        return await self.does("owner", "contracts", words.contract(**changes))

    async def pay(self, amount: str, number: str | None = None, **changes: Any) -> dict[str, Any]:
        return await self.does("owner", "payments", words.payment(amount, number, **changes))

    @waypoint("trial_run")
    async def begin_trial_run(self, on: str = "2026-03-02") -> dict[str, Any]:
        return await self.does("owner", "begin-trial-run", {"on": on})

    @waypoint("inspected")
    async def inspect(self, on: str = "2026-09-02") -> dict[str, Any]:
        """The final inspection, after half a year's trial run (art. 30)."""
        return await self.does("owner", "final-inspect", words.inspection(on))

    # ---- accepted, evaluated, ended (arts 30-32, 40, 41) -----------------------------------------------------

    @waypoint("confirmed")
    async def confirm(self, tier: str | None = None) -> None:
        """Data sharing and cryptography, each by its own organ (art. 30), of the tier that decided on the project."""
        for role, verb in (("data_office", "confirm-data"), ("crypto_organ", "confirm-crypto")):
            await self.does(f"{tier}.{role}" if tier else self.world.organ(role), verb, words.PASSED)

    @waypoint("applied")
    async def apply_acceptance(self) -> dict[str, Any]:
        return await self.does("owner", "apply-acceptance", words.APPLY)

    @waypoint("opined")
    async def give_opinions(self) -> None:
        for organ in ("gatekeeper", "finance"):
            await self.does(self.world.organ(organ), "give-acceptance-opinion", words.YES)

    @waypoint("accepted")
    async def accept(self, **changes: Any) -> dict[str, Any]:
        return await self.does(self.world.organ("approver"), "accept", {**words.ACCEPT, **changes})

    @waypoint("operating")
    async def operate(self, on: str = "2026-10-08") -> dict[str, Any]:
        return await self.does("owner", "record-operation", {"on": on})

    @waypoint("evaluated")
    async def evaluate(self, on: str = "2027-06-01") -> dict[str, Any]:
        """On that day: time goes on to its morning (art. 40)."""
        day = date.fromisoformat(on)
        clock.travel(datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
        return await self.does("owner", "evaluate", words.evaluation(on))

    @waypoint("scored")
    async def score(self, points: int | None = None) -> None:
        """The cards of the three; `points`: all of one sum."""
        card = (
            words.SCORE
            if points is None
            else {"points": dict.fromkeys(words.ASPECTS, points), "opinion": "意见"}
        )
        for organ in ("gatekeeper", "approver", "finance"):
            await self.does(self.world.organ(organ), "score", card)

    async def order(
        self, who: str = "city.cyber", area: str = "network_security", due: str = "2026-12-01"
    ) -> str:
        """An order on the case as it stands; its id (art. 41)."""
        before = set((await self.read())["dated"].get("orders", {}).get("open", {}))
        data = await self.does(who, "order-rectification", words.order(area, due))
        (found,) = set(data["dated"]["orders"]["open"]) - before
        return str(found)

    async def order_in_vain(self, who: str = "city.cyber", **more: Any) -> str:
        """One that was answered, and found not to be done (art. 41); its id."""
        order = await self.order(who, **more)
        await self.does("owner", "answer-order", {"order": order, "answer": "已修复", "evidence": []})
        await self.does(who, "close-order", {"order": order, "done": False, "opinion": "仍有高危问题"})
        return order
