"""Whatever an amended entry gave a figure or a rule names the document: duties, refusals, findings (arts 44, 45)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from typing import Any

import pytest

from service.measures.deadlines import TITLES, CaseOnDay, due
from service.measures.evaluation import Evaluated
from service.measures.figures import Figures
from service.measures.gates import GatedCase
from service.measures.known import Known
from service.measures.law import Law
from service.measures.lifecycle import Action, Holder, NotAllowed, Refusal, State, step
from service.measures.offices import Tier
from service.measures.parameters import RuleBook
from service.measures.routing import route
from service.measures.rule_entries import Entry
from service.obligations.texts import ground, told
from service.projects.grounds import weigh
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from tests.measures.test_rulebook import facts_of
from tests.obligations.days import DEPARTMENT, FILING, REVIEW, case, on

DOCUMENT = "赣府厅发〔2019〕31号"
START = date(2026, 3, 1)


def amended(key: str, value: Any = None, start: date = START, base: RuleBook | None = None) -> RuleBook:
    """The base book with one entry replaced from a day on: by another value, or by the same one once more."""
    book = base or base_rulebook()
    old = book.entry_on(key, start)
    given = old.value if value is None else value
    row = replace(
        old,
        value=given,
        effective_from=start,
        recorded_at=datetime(2100, 1, 1, tzinfo=UTC),
        document=DOCUMENT,
    )
    return book.with_entries(row)


def under(case: CaseOnDay, book: RuleBook) -> CaseOnDay:
    figures = Figures(book, case.today)
    return replace(case, gated=replace(case.gated, figures=figures), provincial=figures)


def another(entry: Entry) -> Any:
    """Another value of its unit."""
    if entry.unit == "month_day":
        return "10-17" if entry.value != "10-17" else "10-18"
    return int(str(entry.value)) + 3


TODAY = date(2026, 10, 20)
ASKED = {"open": "r"}
CLAIM = {"id": "a", "since": "2026-10-15", "until": None, "state": "claimed", "told": "2026-10-15"}
# Everything that may have happened to a case, at once: each rule reads its own.
FACTS = {
    "approved": on("2026-03-10", amount_fen=100), "started": on("2026-04-01"), "trial_run": on("2026-04-10"),
    "final_inspected": on("2026-10-12"), "acceptance_applied": on("2026-10-13"), "accepted": on("2026-10-14"),
    "operation": on("2026-10-14"), "acceptance_delegated": on("2026-10-14"), "library": on("2026-02-01"),
    "appraisal_commissioned": on("2026-10-01"), "joint_review_opened": on("2026-10-02"), "filed": on("2026-03-12"),
    "change": on("2026-10-02", **ASKED), "end_request": on("2026-10-02", **ASKED),
    "extension_request": on("2026-10-02", **ASKED), "budget": on("2026-03-20", issued_fen=50),
    "amended": on("2026-10-02", documents=[{"on": "2026-10-02"}]), "force_majeure": on("2026-10-15", claims=[CLAIM]),
    "filing_queries": on("2026-10-02", asked={"q": {"on": "2026-10-02"}}),
}  # fmt: skip
CASES = [
    case(state, TODAY.isoformat(), procedure, facts=facts, created=START, filed="2026-03-12")
    for state, procedure in product(State, (FILING, REVIEW, DEPARTMENT))
    for facts in (FACTS, {**FACTS, "started": None}, {**FACTS, "final_inspected": None})
]
CASES += [
    replace(each, gated=replace(each.gated, kind="maintain")) for each in CASES if each.procedure is FILING
]
NO_DUTIES = ("split", "form", "date")  # what these begin bounds what is declared, not when
PERIODS = sorted(
    {
        row.key
        for row in base_rulebook().entries
        if row.unit in ("months", "days", "years", "month_day") and row.key.partition(".")[0] not in NO_DUTIES
    }
)


@cache
def unamended() -> list[dict[tuple[str, str], Any]]:
    """What each case owes by the base book: (code, key) → its days."""
    book = base_rulebook()
    return [{(o.code, o.key): (o.due, o.since, o.points) for o in due(under(each, book))} for each in CASES]


@pytest.mark.parametrize("key", PERIODS)
def test_a_duty_names_the_document_that_moved_its_day_and_no_other_duty_does(key: str) -> None:
    moved = set()
    book = amended(key, another(base_rulebook().entry_on(key, START)))
    for each, before in zip(CASES, unamended(), strict=True):
        for owed in due(under(each, book)):
            known = before.get((owed.code, owed.key))
            if known == (owed.due, owed.since, owed.points):
                assert owed.amended_by == (), (owed.code, each.state)
                continue
            assert owed.amended_by == (DOCUMENT,), (owed.code, each.state)
            said = ground(owed.article, owed.basis.value, owed.amended_by)
            assert said.endswith(f"（{DOCUMENT}修改）") and said in told(owed, TODAY)
            moved.add(owed.code)
    assert moved, "no duty hangs on it"
    assert moved <= TITLES.keys()


def test_a_duty_of_a_case_that_is_spared_names_nothing() -> None:
    """The law the case carries: taken in before, so the half year is the old one."""
    book = amended("start.months_after_approval", 8)
    facts = {"approved": on("2026-03-10"), "law": on("2026-02-20")}
    for law, last in ((None, "2026-11-10"), (Law(date(2026, 2, 20)), "2026-09-10")):
        view = under(case(State.FILED, "2026-09-01", facts=facts), book.under(law))
        (owed,) = [each for each in due(view) if each.code == "start"]
        assert (owed.due.isoformat(), owed.amended_by) == (last, () if law else (DOCUMENT,))


HOLDER = {"city.finance": Holder.CITY, "city.unit": Holder.OWNER}


def refused(book: RuleBook, state: State, action: Action, roles: list[str], facts: Any, today: date) -> str:
    gated = GatedCase(today, facts, Figures(book, today))
    with pytest.raises(NotAllowed) as refusal:
        step(
            state,
            action,
            route="city_filing",
            declarer_tier=Tier.CITY,
            holder=HOLDER[roles[0]],
            roles=roles,
            gated=gated,
        )
    assert refusal.value.reason is Refusal.GATE_SHUT
    return refusal.value.detail


GATED = [
    ("start.months_after_approval", 8, State.FILED, Action.RECALL_FUNDS, "city.finance", "2026-11-10"),
    ("trial_run.months", 3, State.TRIAL_RUN, Action.FINAL_INSPECT, "city.unit", "2026-07-10"),
    ("evaluation.from_months", 9, State.ACCEPTED, Action.EVALUATE, "city.unit", "2026-12-20"),
]


@pytest.mark.parametrize(("key", "value", "state", "action", "role", "day"), GATED)
def test_a_refusal_names_the_document(
    key: str, value: int, state: State, action: Action, role: str, day: str
) -> None:
    facts = {
        "approved": on("2026-03-10"),
        "trial_run": on("2026-04-10"),
        "accepted": on("2026-03-20"),
        "operation": on("2026-03-20"),
    }
    book, today = amended(key, value), date(2026, 6, 1)
    said = refused(book, state, action, [role], facts, today)
    assert day in said and said.endswith(f"（{DOCUMENT}修改）")
    spared = refused(book.under(Law(date(2026, 2, 20))), state, action, [role], facts, today)
    assert day not in spared and "2026-02-20受理" in spared and "R21" in spared
    assert DOCUMENT not in refused(base_rulebook(), state, action, [role], facts, today)
    # Another rule's amendment is not named.
    assert DOCUMENT not in refused(amended("library.validity_years", 3), state, action, [role], facts, today)


def test_the_months_of_a_trial_run_are_those_of_the_day() -> None:
    facts = {"trial_run": on("2026-04-10")}
    said = refused(
        amended("trial_run.months", 3),
        State.TRIAL_RUN,
        Action.FINAL_INSPECT,
        ["city.unit"],
        facts,
        date(2026, 6, 1),
    )
    assert said.startswith("试运行须满三个月，至 2026-07-10（第三十条）")


FOUND = [
    ("near_line.percent", "near_line", {"investment_yuan": "4900000.00"}),
    ("limit.other", "near_line", {"investment_yuan": "4900000.00"}),
    ("maintenance_excluded.other", "maintenance_excluded",
     {"investment_yuan": "5900000.00", "of_which_maintenance_yuan": "1500000.00"}),
    ("limit.other", "under_line_by_maintenance",
     {"investment_yuan": "5900000.00", "of_which_maintenance_yuan": "1500000.00"}),
    ("integration.either_suffices", "label_without_evidence", {"project_class": "integration"}),
    ("amount.unusual.build", "amount_unusual", {"investment_yuan": "400.00"}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "code", "changes"), FOUND)
def test_a_finding_names_the_document(
    plain: dict[str, Any], key: str, code: str, changes: dict[str, Any]
) -> None:
    facts, today = facts_of(plain, **changes), date(2026, 6, 1)
    decision = route(facts, amended(key), today)
    texts = {finding.code: finding.message for finding in decision.findings}
    assert texts[code].endswith(f"（{DOCUMENT}修改）")
    other = route(facts, amended("library.validity_years", 3), today)
    assert all(DOCUMENT not in finding.message for finding in other.findings)
    assert [f.code for f in decision.findings] == [
        f.code for f in route(facts, base_rulebook(), today).findings
    ]


@pytest.mark.parametrize(
    ("key", "code"),
    [("evaluation.pass_score", "owner_poorly_evaluated"), ("date.unusual.years", "date_unusual")],
)
def test_a_finding_on_what_is_known_names_the_document(plain: dict[str, Any], key: str, code: str) -> None:
    facts, today = facts_of(plain), date(2026, 6, 1)
    known = Known(meeting=date(1926, 1, 15), results=(Evaluated("360100-x", 4000, date(2026, 3, 1)),))

    def told(book: RuleBook) -> dict[str, str]:
        decision = weigh(RuleBooks(book, base_divisions()), facts, known, {}, today, None, book).decision
        return {finding.code: finding.message for finding in decision.findings}

    assert told(amended(key))[code].endswith(f"（{DOCUMENT}修改）")
    assert DOCUMENT not in told(amended("library.validity_years", 3))[code]
