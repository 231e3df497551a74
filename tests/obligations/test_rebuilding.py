"""Random fact histories: following every change step by step leaves what one look at the end would build."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.kit.ids import stable_id
from service.measures.deadlines import OWES_NOTHING, Calendar, due, reminder_due, reminder_points
from service.measures.lifecycle_states import State
from service.obligations.deriving import differing, on_day
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook

BOOKS = RuleBooks(base_rulebook(), base_divisions())
TENANT, PROJECT, OFFICE = (
    "360100",
    "018f0000-0000-7000-8000-000000000001",
    "018f0000-0000-7000-8000-000000000002",
)
FIRST = date(2025, 1, 1)
days = st.integers(0, 900).map(lambda n: FIRST + timedelta(days=n))
iso = days.map(date.isoformat)
EXTRA: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "library": st.fixed_dictionaries({"valid_until": iso}),
    "force_majeure": st.fixed_dictionaries(
        {"until": st.none() | iso, "earlier_days": st.integers(0, 40)},
        optional={"claims": st.lists(st.fixed_dictionaries({
            "id": st.sampled_from("ab"), "since": iso, "until": st.none() | iso, "told": iso,
            "state": st.sampled_from(["claimed", "accepted", "refused"]),
        }), max_size=3)},
    ),
    "suspended": st.fixed_dictionaries({"from": st.just("trial_run")}, optional={"until": iso}),
    "trial_run": st.fixed_dictionaries({}, optional={"suspended_days": st.integers(0, 60)}),
    "extension": st.fixed_dictionaries({"until": iso}),
    "certificates": st.fixed_dictionaries({"by_kind": st.dictionaries(st.sampled_from(["crypto", "test"]), iso)}),
    "reports": st.fixed_dictionaries({"years": st.dictionaries(st.sampled_from(["2025", "2026"]), iso)}),
    "orders": st.fixed_dictionaries({"open": st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.fixed_dictionaries({"on": iso, "due": iso, "failed": st.booleans(), "answered": st.booleans()}),
    )}),
    "payments": st.fixed_dictionaries({"paid_fen": st.integers(0, 9), "returned_fen": st.integers(0, 9)}),
    "budget": st.fixed_dictionaries({"issued_fen": st.integers(0, 18)}),
    "acceptance_opinions": st.fixed_dictionaries({"slots": st.dictionaries(
        st.sampled_from(["general_office", "finance"]), st.booleans())}),
    "joint_review_opened": st.fixed_dictionaries({"slots": st.just(["drc", "finance", "cyber"])}),
    "change": st.fixed_dictionaries({"open": st.none() | st.just("r1")}),
}  # fmt: skip
PLAIN = (
    "declared",
    "appraisal_commissioned",
    "appraised",
    "joint_review",
    "approved",
    "started",
    "final_inspected",
    "acceptance_applied",
    "acceptance_delegated",
    "accepted",
    "operation",
    "evaluated",
    "data_confirmed",
)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.sets(st.sampled_from([*EXTRA, *PLAIN])))
    return {name: {**draw(EXTRA.get(name, st.just({}))), "on": draw(iso)} for name in sorted(names)}


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A case as the worker reads it; facts need not make sense together."""
    tier = draw(st.sampled_from(["city", "province"]))
    route = (
        "provincial_review"
        if tier == "province"
        else draw(st.sampled_from(["city_filing", "provincial_review"]))
    )
    return {
        "tenant_id": TENANT,
        "office_id": OFFICE,
        "id": PROJECT,
        "tier": tier,
        "route": route,
        "kind": draw(st.sampled_from(["new", "maintain"])),
        "project_class": draw(st.sampled_from(["infrastructure", "integration", "other"])),
        "investment_fen": draw(st.sampled_from([499_999_999, 500_000_000, 999_999_999, 1_000_000_000])),
        "state": draw(st.sampled_from([state.value for state in State])),
        "dated": draw(facts()),
        "created_at": datetime(2025, 1, 1, 4, tzinfo=UTC),
        "filed_at": None,
        "entered_at": datetime(2025, 6, 1, 4, tzinfo=UTC),
    }


def follow(store: dict[str, Any], case: dict[str, Any], today: date) -> list[dict[str, Any]]:
    """What `refresh` does with a table that is a dictionary."""
    owed = {
        stable_id("obligation", TENANT, PROJECT, each.code, each.key): each
        for each in due(on_day(case, [], BOOKS, TENANT, today))
    }
    rows = differing(case, store, owed, today)
    store.update({row["id"]: row for row in rows})
    return rows


def still_owed(store: dict[str, Any]) -> dict[str, Any]:
    return {key: row for key, row in store.items() if row["state"] in ("open", "lapsed")}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(cases(), days), min_size=1, max_size=6))
def test_open_obligations_follow_from_the_last_state_alone(
    history: list[tuple[dict[str, Any], date]],
) -> None:
    store: dict[str, Any] = {}
    for case, today in history:
        follow(store, case, today)
        assert follow(store, case, today) == []  # a second look finds nothing to write
    case, today = history[-1]
    owed = still_owed(store)
    rest = {key: row for key, row in store.items() if key not in owed}
    follow(rest, case, today)
    assert still_owed(rest) == owed
    fresh: dict[str, Any] = {}
    follow(fresh, case, today)
    assert still_owed(fresh) == owed
    if State(case["state"]) in OWES_NOTHING:
        assert owed == {}


@settings(max_examples=80, deadline=None)
@given(cases(), days, st.dictionaries(days, st.booleans(), max_size=60))
def test_reminders_land_on_working_days_within_the_duty_and_never_while_it_rests(
    case: dict[str, Any], today: date, special: dict[date, bool]
) -> None:
    calendar = Calendar(special)
    for owed in due(on_day(case, [], BOOKS, TENANT, today)):
        for _, day in reminder_points(owed, calendar):
            assert calendar.works(day)
            assert min(owed.since, owed.due) <= day <= owed.due
        point = reminder_due(owed, calendar, today)
        if owed.paused or owed.done_on is not None or not calendar.works(today):
            assert point is None
        assert (point == "lapsed") <= (owed.status.value == "lapsed")
