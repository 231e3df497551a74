"""A life lived at random over HTTP, beside the model of the Measures in tests/measures/lives.py."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx

from service.kit.money import fen
from service.measures.lifecycle import TRANSITIONS, Action, Holder, Procedure, State, procedure_of
from service.measures.offices import Tier
from tests import factories
from tests.contract.operations import OPERATIONS
from tests.measures.lives import unkept, unlawful
from tests.stories import chapters as c
from tests.stories.deeds import CALLS, Call
from tests.stories.teller import problem_of
from tests.stories.wandering import Wandering

# What only the decision on the facts of the day can tell: reasons newly asked for, a round not open.
OBSTACLES = {"wrong_state": "state", "wrong_route": "route", "not_holder": "pen", "gate_shut": "gate"}
JUDGED = {"reason_required", "opinion_required", "route_changed", "intake_closed", "intake_kind"}
FACTS: dict[Procedure, dict[str, Any]] = {
    Procedure.CITY_FILING: {"investment_yuan": "4000000.00"},
    Procedure.PROVINCIAL_REVIEW: {"investment_yuan": "8000000.00", "national_or_provincial_deployment": True},
    Procedure.DEPARTMENTAL: {"investment_yuan": "3000000.00", "national_or_provincial_deployment": True},
}
_PREFIX = "/api/v1/projects/{ref}/"
EXAMPLES = {
    op.path.removeprefix(_PREFIX): op.example
    for op in OPERATIONS
    if op.method == "POST" and op.path.startswith(_PREFIX)
}


class Wanderer(Wandering):
    """`attempt` tries one act, and holds what comes of it against the model."""

    async def begin(self) -> None:
        self.travel(0)
        self.figures.lives += 1
        facts = dict(FACTS[self.procedure])
        if self.life.joint:
            facts["participating_offices"] = [self.police]
        body = c.declaration("随机项目", self.tenant, "unit", **facts)
        need = self.need and self.life.provincial
        answer = await self.caller(self.owner)("POST", "/needs" if need else "/projects", body)
        assert answer.status_code == 201, answer.text
        self.id = answer.json()["id"]
        if need:  # a late one rests on the deployment's paper
            await factories.attach(self.caller(self.owner), self.id, "deployment_basis")
        await self.read()
        await self._preview()

    async def _preview(self) -> None:
        preview = await self.caller(self.owner)("POST", f"/projects/{self.id}/preview")
        self.reasons = list(preview.json()["reasons_required"])

    async def attempt(self, action: Action, who: str) -> bool:
        """Tries it; whatever comes of it is held against model, table and what `actions` said. True: accepted."""
        call, caller = CALLS[action], self.caller(who)
        seen = await caller("GET", f"/projects/{self.id}")
        said = {each["action"]: each for each in seen.json()["actions"]} if seen.status_code == 200 else {}
        open_ = bool(said.get(action.value, {}).get("allowed"))
        if action in (Action.SUBMIT, Action.NEED_SUBMIT):
            await self._preview()
        if open_ and call.prepare is not None:
            await call.prepare(self)
        body = call.body(self, who)
        before = dict(await self.read())
        path = f"/projects/{self.id}/{call.path.format(number=await self._number(call))}".rstrip("/")
        sent = EXAMPLES.get(call.path) if body is None else body  # well-formed, if of no use here
        answer = await caller(call.method, path, sent, etag=f'"{before["version"]}"')
        if answer.is_success:
            await self._accepted(action, who, sent, before, said)
            return True
        await self._refused(action, who, answer, before, told_open=open_ and body is not None)
        self._told_alike(said.get(action.value), answer)
        return False

    def _told_alike(self, said: dict[str, Any] | None, answer: httpx.Response) -> None:
        """What stands in the way is told by the same reason as the refusal gives, where the table refused."""
        problem = problem_of(answer)
        if said is None or said["allowed"] or problem["code"] not in ("action_not_allowed", "gate_shut"):
            return
        assert OBSTACLES[problem["reason"]] == said["blocked_by"], (said, problem)
        if said["blocked_by"] == "gate" and "gate" in problem:
            assert said["why_not"] == problem["detail"], (said, problem)

    async def _number(self, call: Call) -> int:
        if "{number}" not in call.path:
            return 0
        rows = (
            (await self.caller(self.owner)("GET", f"/projects/{self.id}/appraisals")).json().get("items", [])
        )
        return rows[-1]["number"] if rows else 1

    async def _refused(
        self, action: Action, who: str, answer: httpx.Response, before: dict[str, Any], *, told_open: bool
    ) -> None:
        """problem+json with a code, the table's with an article; nothing stored; no open door that is shut."""
        problem = problem_of(answer)
        assert 400 <= answer.status_code < 500, answer.text
        if problem["code"] in ("action_not_allowed", "gate_shut"):
            assert 1 <= problem["article"] <= 45, answer.text
        assert await self.read() == before, f"{who} {action}: refused, and yet something was stored"
        self.figures.refused[action.value] += 1
        self.figures.codes[problem["code"]] += 1
        if told_open and problem["code"] in JUDGED:
            self.figures.excused[f"{action.value}:{problem['code']}"] += 1
        else:
            assert not told_open, f"actions told {who} that {action} is open: {answer.text} {self.life.done}"

    async def _accepted(
        self, action: Action, who: str, body: Any, before: dict[str, Any], said: dict[str, Any]
    ) -> None:
        now = await self.read()
        last = (await self.caller(self.owner)("GET", f"/projects/{self.id}/history")).json()["transitions"][
            -1:
        ]
        done = action if action is Action.EDIT else Action(last[0]["action"])
        call = CALLS[action]
        outcome = call.outcome(self, who, body) if call.outcome is not None else True
        tale = f"{who} {done.value} at {before['state']}, {self.life.today}: {self.life.done}"
        for wrong in (
            unlawful(self.life, done, who),
            unkept(self.life, done, self._outcome(done, body, before, outcome)),
        ):
            assert wrong is None, f"art. {wrong} broken: {tale}"
        # A need that passes its appraisal is appraised by that very report.
        told = action if done is Action.APPRAISE else done
        assert said.get(told.value, {}).get("allowed"), f"not told to be open: {tale}"
        assert now["version"] == before["version"] + 1, tale
        self._agrees_with_table(done, who, before, now, tale)
        await self._note(done, body, before, outcome)
        self._sums(tale)
        self.figures.accepted[done.value] += 1
        self.figures.states[now["state"]] += 1
        self.figures.open_kept[done.value] += 1

    def _agrees_with_table(
        self, done: Action, who: str, before: dict[str, Any], now: dict[str, Any], tale: str
    ) -> None:
        """One pen: the row of the table, its people, its holder before and after, its target."""
        tier = Tier.PROVINCE if self.life.departmental else Tier.CITY
        row = TRANSITIONS[State(before["state"]), done, procedure_of(now["route"], tier) or self.procedure]
        assert who in row.who, tale
        assert row.holder_before in (None, Holder(before["holder"])), tale
        assert now["holder"] == (row.holder_after or before["holder"]), tale
        assert now["state"] == row.target.value, tale

    def _outcome(self, done: Action, body: Any, before: dict[str, Any], given: Any) -> Any:
        """What the model keeps of an act."""
        match done:
            case Action.ORDER_RECTIFICATION:
                old = before["dated"].get("orders", {}).get("open") or {}
                (new,) = set(self.view["dated"]["orders"]["open"]) - set(old)
                return (new, date.fromisoformat(body["due"]))
            case Action.CLOSE_ORDER:
                return body["order"] if body["done"] else ("failed", body["order"])
            case Action.CRITICISE | Action.DEFER_FUNDS | Action.SUSPEND | Action.TERMINATE:
                return body["order"]
            case Action.RECALL_FUNDS:
                return fen(self.view["dated"]["recalled"]["amount_yuan"])
            case _:
                return given

    async def _note(self, done: Action, body: Any, before: dict[str, Any], given: Any) -> None:
        """The model's diary, and what later bodies need to know."""
        self.life.done.append((self.life.today, done.value, self._outcome(done, body, before, given)))
        match done:
            case Action.EDIT:
                self.working = self.drafted
            case Action.SUBMIT | Action.NEED_SUBMIT | Action.NEED_REPORT:
                if done is not Action.NEED_REPORT or self.life.departmental:
                    self.life.text, self.given = self.working, list(self.reasons)
                self.reviewing = False
            case Action.COMMISSION_APPRAISAL:
                self.appraising, self.commissioned_text = self.stage, self.life.text
            case Action.CONCLUDE_APPRAISAL | Action.APPRAISE:
                self.appraising = None
            case Action.OPEN_JOINT_REVIEW:
                self.reviewing = True
            case Action.CLOSE_JOINT_REVIEW:
                self.reviewing = False
            case Action.DECIDE_CHANGE if body["approve"]:
                self._changed()
            case Action.RECORD_PAYMENT:
                items = (
                    await self.caller(self.owner)("GET", f"/projects/{self.id}/records?kind=record_payment")
                ).json()
                self.payments[items["items"][0]["id"]] = given
            case Action.TERMINATE | Action.AGREE_END:  # what was not spent goes back with it (art. 38)
                back = fen(self.view["dated"]["terminated"]["returned_yuan"])
                self.life.done.append((self.life.today, "settle", back))
            case Action.REVERSE_PAYMENT:
                del self.payments[body["payment"]]
            case Action.PROPOSE_MAINTENANCE:
                self.proposed.add(body["year"])
            case _:
                pass

    def _changed(self) -> None:
        """An approved change is the declared text now; its appraisal came with it (R9)."""
        appraised = self.life.appraised_for
        fresh = appraised is not None and appraised[1] == self.life.text
        self.life.text = -self.drafted  # unlike any draft
        if fresh:
            self.life.done.append((self.life.today, "conclude_appraisal", (appraised[0], self.life.text)))

    def _sums(self, tale: str) -> None:
        """Money always sums, and as the diary has it."""
        money = self.money
        assert 0 <= money["paid"] + money["returned"] <= money["issued"] <= money["approved"], (
            f"{money}: {tale}"
        )
        assert money["issued"] == self.life.sum_of("issue_budget", "issue_share"), tale
        assert money["paid"] == self.life.sum_of("record_payment") - self.life.sum_of("reverse_payment"), tale
        assert money["returned"] == self.life.sum_of("return_surplus", "recall_funds", "settle"), tale
