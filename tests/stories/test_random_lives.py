"""Random lives over HTTP: any act, by anybody, in any order, on any day. Whatever the service accepts is lawful by a
model of the Measures that knows neither the table nor the service; whatever it refuses leaves no trace, says why, and
was not told to be open. `TONGJIAN_LIVES_HTTP` says how many lives (10; `make stories` lives more)."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from random import Random

import pytest

from service.kit.roles import load_roles
from service.library.jobs import lapse_expired
from service.measures.gates import GatedCase, shut
from service.measures.lifecycle import TRANSITIONS, Action, Procedure, State, Transition
from tests.contract.operations import MATRIX, OPERATIONS
from tests.stories.deeds import CALLS, ELSEWHERE
from tests.stories.teller import Tools
from tests.stories.wanderer import Wanderer
from tests.stories.wandering import Figures

LIVES = int(os.environ.get("TONGJIAN_LIVES_HTTP", "10"))
STEPS = 40
CITIES = ("360900", "361000")
PEOPLE = sorted(f"{tier}.{role}" for tier, role in load_roles().valid)
ACTIONS = sorted(CALLS, key=lambda action: action.value)
BACKWARD = {
    Action.WITHDRAW,
    Action.TERMINATE,
    Action.RECALL_FUNDS,
    Action.RETIRE,
    Action.AGREE_END,
    Action.PROVINCE_RETURN,
    Action.NEED_RETURN,
    Action.NEED_REJECT,
    Action.RETURN_ACCEPTANCE,
    Action.REMOVE_ENTRY,
    Action.GATEKEEP_RETURN,
}
ROWS: dict[tuple[State, Procedure], list[Transition]] = {}
BY: defaultdict[tuple[Action, Procedure], list[str]] = defaultdict(list)
for _row in TRANSITIONS.values():
    if _row.action in CALLS:
        BY[_row.action, _row.procedure] += _row.who
        ROWS.setdefault((_row.source, _row.procedure), []).append(_row)


def test_every_action_has_its_call() -> None:
    """A new action joins the table of calls, or says where else it is done."""
    assert set(CALLS) | ELSEWHERE == set(Action)


def test_whoever_the_table_lets_act_may_call_the_operation() -> None:
    """Two books on who does what, the table and the permissions: nobody is told «open» at a door that answers 403."""
    paths = {f"/api/v1/projects/{{ref}}/{call.path}": action for action, call in CALLS.items() if call.path}
    doors = {paths[op.path]: op for op in OPERATIONS if op.path in paths and op.method == "POST"}
    assert len({CALLS[action].path for action in doors}) == len(
        {call.path for call in CALLS.values() if call.path}
    )
    shut = [
        (row.action.value, who)
        for row in TRANSITIONS.values()
        for action, op in doors.items()
        if CALLS.get(row.action) and CALLS[row.action].path == CALLS[action].path
        for who in row.who
        if who not in MATRIX[str(op.permission)]
    ]
    assert not shut, sorted(set(shut))


async def _step(w: Wanderer, rng: Random) -> None:
    """Sometimes anything by anybody, sometimes what the state knows, mostly what is open; days pass between."""
    if rng.random() < 0.4:
        w.travel(rng.choice([1, 3, 20, 61, 92, 190]))
    here, dice = ROWS.get((w.state, w.procedure), []), rng.random()
    if dice < 0.08:
        await w.attempt(rng.choice(ACTIONS), rng.choice(PEOPLE))
    elif not here or dice < 0.25:  # whoever has a name for it, but not from here
        action = rng.choice(ACTIONS)
        await w.attempt(action, rng.choice(BY[action, w.procedure] or PEOPLE))
    elif dice < 0.35:
        row = rng.choice(here)
        await w.attempt(row.action, rng.choice(row.who))
    else:
        await w.attempt(*_open(w, rng, here))


def _open(w: Wanderer, rng: Random, here: list[Transition]) -> tuple[Action, str]:
    """Something that may be done now, by somebody who has a case for it; onward half of the time."""
    gated = GatedCase(w.life.today, w.view["dated"])
    rows = [row for row in here if shut(row.guards, gated) is None and row.holder_before in (None, w.holder)]
    onward = [row for row in rows if row.target is not row.source and row.action not in BACKWARD]
    aside = [row for row in rows if row.target is row.source]
    back = [row for row in rows if row.action in BACKWARD]
    first = rng.choices([onward, aside, back], [50, 44, 6])[0]
    done = Counter(act for _, act, _ in w.life.done)
    for row in sorted(
        [*first, *aside], key=lambda row: (row not in first, done[row.action.value], rng.random())
    ):
        for who in rng.sample(row.who, len(row.who)):
            if not who.startswith("county.") and CALLS[row.action].body(w, who) is not None:
                return row.action, who
    return rng.choice(ACTIONS), rng.choice(PEOPLE)


A, P = Action, Procedure
_REVIEW = [
    A.COMMISSION_APPRAISAL,
    A.CONCLUDE_APPRAISAL,
    A.OPEN_JOINT_REVIEW,
    A.CLOSE_JOINT_REVIEW,
    A.RECORD_LEADING_GROUP,
    A.PROVINCE_APPROVE,
    A.ISSUE_BUDGET,
]
_BUILT = [
    A.NAME_RESPONSIBLE,
    A.START,
    A.RECORD_PAYMENT,
    A.BEGIN_TRIAL_RUN,
    A.FINAL_INSPECT,
    A.CONFIRM_DATA,
    A.CONFIRM_CRYPTO,
    A.APPLY_ACCEPTANCE,
    A.GIVE_ACCEPTANCE_OPINION,
    A.GIVE_ACCEPTANCE_OPINION,
    A.ACCEPT,
    A.RECORD_OPERATION,
    A.EVALUATE,
]
ORDINARY = {
    P.CITY_FILING: [A.SUBMIT, A.GATEKEEP_PASS, A.AGREE_FRAMEWORK, A.APPROVE, A.FILE, A.ISSUE_SHARE, *_BUILT],
    P.PROVINCIAL_REVIEW: [A.SUBMIT, A.GATEKEEP_PASS, A.HAND_OVER, A.AGREE_FRAMEWORK, *_REVIEW, *_BUILT],
    P.DEPARTMENTAL: [A.SUBMIT, A.AGREE_FRAMEWORK, *_REVIEW, *_BUILT],
}
NEED = {
    True: [A.NEED_REPORT, A.COMMISSION_APPRAISAL, A.CONCLUDE_APPRAISAL, A.ENTER_LIBRARY],
    False: [
        A.NEED_SUBMIT,
        A.NEED_GATEKEEP,
        A.NEED_REPORT,
        A.COMMISSION_APPRAISAL,
        A.CONCLUDE_APPRAISAL,
        A.ENTER_LIBRARY,
    ],
}


async def _ahead(w: Wanderer, steps: int, rng: Random) -> None:
    """So many acts of an ordinary life, so that later ones are tried from late states too."""
    acts = [*(NEED[w.life.departmental] if w.need and w.life.provincial else ()), *ORDINARY[w.procedure]]
    for action in acts[:steps]:
        w.travel(190 if action in (A.FINAL_INSPECT, A.EVALUATE) else 2)
        row = TRANSITIONS.get((w.state, action, w.procedure))
        if row is None or (action is A.AGREE_FRAMEWORK and not w.life.joint):
            continue
        who = row.who[0]
        if action is A.GIVE_ACCEPTANCE_OPINION:
            who = row.who[len([each for each in w.life.done if each[1] == action.value]) % 2]
        await w.attempt(action, who)


@pytest.mark.long
async def test_random_lives(tools: Tools, door: object) -> None:
    """No illegal order, gate or date is passed; money always sums; one pen; `actions` tells the truth."""
    figures = Figures()
    for number in range(LIVES):
        rng = Random(20230928 + number)
        procedure = list(Procedure)[number % 3]
        w = Wanderer(
            tools, rng, procedure, CITIES[number % 2], figures, joint=number % 4 == 0, need=number % 5 < 2
        )
        await w.begin()
        await _ahead(w, rng.choice([0, 4, 8, 12, 16, 20, 26]), rng)
        for _ in range(STEPS):
            if w.over and rng.random() < 0.5:
                break
            await _step(w, rng)
            if w.state is State.IN_LIBRARY and w.fact("library")["valid_until"] <= w.life.today.isoformat():
                await lapse_expired(door)  # type: ignore[arg-type]
                await w.read()
    _told(figures)


def _told(figures: Figures) -> None:
    """The figures; lives that never get anywhere prove nothing."""
    done, refused = sum(figures.accepted.values()), sum(figures.refused.values())
    print(f"\n随机 {figures.lives} 个项目：办理 {done} 步，不予办理 {refused} 步")
    for action in ACTIONS:
        print(f"  {action.value:26} {figures.accepted[action.value]:5} {figures.refused[action.value]:5}")
    for name, found in (("代码", figures.codes), ("状态", figures.states), ("另判", figures.excused)):
        print(f"  {name} {dict(found.most_common())}")
    if LIVES >= 10:
        for state in ("filed", "budgeted", "started", "trial_run", "accepted", "evaluated"):
            assert figures.states[state], f"no life reached {state}"
        assert done > LIVES * 10
        assert refused > LIVES * 5
