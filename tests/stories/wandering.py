"""A project that lives at random, as it is read over HTTP; what others do before an act is told by the stories."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from service.kit import clock
from service.kit.clock import SHANGHAI
from service.kit.money import fen, yuan
from service.measures.lifecycle import TERMINAL, Holder, Procedure, State
from service.setup.seed import divisions, office_id
from tests.measures.life import Past
from tests.stories import chapters as c
from tests.stories.teller import PROVINCE, Story, Tools

POOLED: set[str] = set()


@dataclass
class Figures:
    """What happened in all lives: accepted and refused per action, and by which code."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    open_kept: Counter[str] = field(default_factory=Counter)  # told to be open, and open it was
    excused: Counter[str] = field(default_factory=Counter)
    lives: int = 0


@dataclass
class Wandering:
    """One project as its owner reads it, and what others do before an act can be tried."""

    tools: Tools
    rng: Random
    procedure: Procedure
    city: str
    figures: Figures
    joint: bool = False
    need: bool = False
    id: str = ""
    view: dict[str, Any] = field(default_factory=dict)
    working: int = 0
    drafted: int = 0
    serial: int = 0
    reasons: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    payments: dict[str, int] = field(default_factory=dict)
    proposed: set[int] = field(default_factory=set)
    appraising: tuple[int, bool] | None = None
    commissioned_text: int = 0
    reviewing: bool = False
    framed: bool = False

    def __post_init__(self) -> None:
        departmental = self.procedure is Procedure.DEPARTMENTAL
        provincial = self.procedure is not Procedure.CITY_FILING
        self.life = Past(departmental, provincial, date(2026, 3, 2), joint=self.joint)
        self.tenant = PROVINCE if departmental else self.city
        self.owner = "province.department" if departmental else "city.unit"

    @property
    def police(self) -> str:
        """The office that takes part in what is built jointly."""
        if self.tenant == PROVINCE:
            return "省公安厅"
        return next(row["name"] for row in divisions() if row["code"] == self.city) + "公安局"

    # ---- reading -------------------------------------------------------------------------------------------

    def caller(self, who: str) -> Any:
        tier, _, role = who.partition(".")
        if tier == "province":
            return self.tools.as_user(PROVINCE, role)
        if tier == "county":
            return self.tools.as_user(self.city, f"{self.city[:4]}02.{role}")
        return self.tools.as_user(self.city, None if role == "portal" else role)

    def fact(self, name: str) -> dict[str, Any]:
        return dict(self.view["dated"].get(name) or {})

    def day(self, name: str) -> date | None:
        on = self.fact(name).get("on")
        return date.fromisoformat(on) if on else None

    @property
    def state(self) -> State:
        return State(self.view["state"])

    @property
    def holder(self) -> Holder:
        return Holder(self.view["holder"])

    @property
    def stage(self) -> tuple[int, bool]:
        """What an appraisal is of: which declaration, and whether of the need."""
        return self.view["submissions"], self.state is State.NEED_REPORTED

    @property
    def money(self) -> dict[str, int]:
        approved = self.fen(self.view["approved_amount_yuan"] or "0")
        issued, moved = self.fen(self.fact("budget").get("issued_yuan") or "0"), self.fact("payments")
        paid, returned = (self.fen(moved.get(f"{name}_yuan") or "0") for name in ("paid", "returned"))
        left = max(0, min(approved, issued) - paid - returned)
        return {"approved": approved, "issued": issued, "paid": paid, "returned": returned, "left": left}

    fen = staticmethod(fen)
    yuan = staticmethod(yuan)

    async def read(self) -> dict[str, Any]:
        answer = await self.caller(self.owner)("GET", f"/projects/{self.id}")
        assert answer.status_code == 200, answer.text
        self.view = answer.json()
        return self.view

    def travel(self, days: int) -> None:
        """Days later, at ten; within a day the clock runs on, since histories are told by the moment."""
        if not days and self.id:
            return
        self.life.today += timedelta(days=days)
        on = self.life.today
        clock.travel(datetime(on.year, on.month, on.day, 10, tzinfo=SHANGHAI))

    @property
    def over(self) -> bool:
        return self.state in TERMINAL

    # ---- what others do before an act ------------------------------------------------------------------------

    @property
    def organs(self) -> c.Organs:
        return c.PROVINCIAL if self.life.provincial else c.organs_of(self.city)

    def story(self) -> Story:
        """The chapters of the stories, lent: its people act on this project."""
        tenant, login = (PROVINCE, "department") if self.life.departmental else (self.city, "unit")
        return Story("", self.tools, (tenant, login), {"p": self.id})

    def commission(self, who: str) -> Any:
        if self.appraising == self.stage:
            return None
        return {**c.commission(self.organs), **c.unanswered(self.view)}

    async def scored(self) -> None:
        """Experts drawn and all their sheets in, where an appraisal waits for them."""
        if self.appraising != self.stage:
            return
        story, organs = self.story(), self.organs
        agency = organs.who(story, "agency")
        if organs.tenant not in POOLED:
            await c.pooled(organs, agency)
            POOLED.add(organs.tenant)
        rows = (await agency.sees("appraisals"))["items"]
        if rows[-1]["experts"]:
            return
        drawn = await agency.call("POST", story.path(f"appraisals/{rows[-1]['number']}/draw"), {})
        assert drawn.is_success, drawn.text
        await c.scored(story, organs, drawn.json()["experts"], "pass")

    async def opined(self) -> None:
        if not self.reviewing:
            return
        story = self.story()
        for slot, role in (("general_office", "office"), ("drc", "drc"), ("finance", "finance")):
            said = {"slot": slot, "opinion": "agree", "text": "同意"}
            answer = await self.organs.who(story, role).call(
                "POST", story.path("joint-review/opinions"), said
            )
            assert answer.is_success, answer.text

    async def signed(self) -> None:
        """The framework of a jointly built project, signed by all."""
        if not self.life.joint or self.framed:
            return
        story, role = self.story(), self.owner.partition(".")[2]
        text = {
            "participants": [office_id(self.tenant, self.tenant, self.police)],
            "goals": "协同",
            "content": "共建",
        }
        centre = self.organs.who(story, "info_centre")
        people = [centre, *(story.as_(self.tenant, each) for each in (role, f"{role}@{self.police}"))]
        made = await people[0].call("POST", story.path("framework"), text)
        assert made.is_success, made.text
        for person in people:
            answer = await person.call("POST", story.path("framework/sign"), {"edition": 1})
            assert answer.is_success, answer.text
        self.framed = True
