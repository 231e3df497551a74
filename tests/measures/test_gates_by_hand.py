"""Every gate of the lifecycle table, by hand from the Measures: on which facts it is open, on which it is shut.

Written from the articles, not from the gates; days stand at their boundaries. tests/mutations opens and shuts each gate
once and expects this table to notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import pytest

from service.measures.gates import GATES, GatedCase

DAY = date(2026, 6, 1)
FINANCE = "city.finance"
BOTH = "city.finance province.finance"
# Begun again on the day it was stopped, after a spell of one day.
WAS_SHORT = {"on": "2026-03-01", "until": "2026-03-01", "earlier_days": 1}


class At(NamedTuple):
    """What the gate is asked on: facts, the day, whoever asks, figures, the kind of project."""

    facts: Mapping[str, Mapping[str, Any]]
    on: date = DAY
    by: tuple[str, ...] = ()
    figures: Mapping[str, Any] = {}
    kind: str | None = None

    def gated(self) -> GatedCase:
        return GatedCase(self.on, self.facts, self.figures, frozenset(self.by), self.kind)


def at(
    on: str = "", by: str = "", kind: str | None = None, figures: Mapping[str, Any] = {}, **facts: Any
) -> At:
    return At(facts, date.fromisoformat(on) if on else DAY, tuple(by.split()), figures, kind)


def fact(**more: Any) -> dict[str, Any]:
    return {"on": "2026-05-01", **more}


def spell(state: str, until: str | None = None) -> dict[str, Any]:
    """One claim of force majeure, as the case carries it."""
    claim = {"id": "r", "since": "2026-05-01", "until": until, "state": state}
    return {"on": "2026-05-01", "until": until, "claims": [claim]}


def order(**more: Any) -> dict[str, Any]:
    """One rectification order that is not closed."""
    told = {"on": "2026-05-01", "due": "2026-05-31", "by": "city.network_security", "area": "security"}
    return fact(open={"o": {**told, "answered": False, "failed": False, **more}})


NOTHING = at()
APPRAISED = {"appraised": fact(verdict="pass", substance="s"), "declared": {"substance": "s"}}
ACCEPTED = {"accepted": {"on": "2026-01-31"}, "operation": {"on": "2026-01-10"}}
# gate → (open on these, shut on those)
BY_HAND: Mapping[str, tuple[list[At], list[At]]] = {
    # art. 8, R6: an entry is valid for two years, the end day excluded
    "entry_expired": ([at(library=fact(valid_until="2026-06-01"))],
                      [NOTHING, at(library=fact(valid_until="2026-06-02"))]),
    "entry_stands": ([at(library=fact(valid_until="2026-06-02")),
                at("2026-05-01", library=fact(valid_until="2028-05-01"))],
                     [NOTHING, at(library=fact(valid_until="2026-06-01")),
                at(library={"valid_until": "2026-06-02"})]),
    # art. 8: what belongs together is not declared in parts
    "not_split": ([NOTHING, at(split=fact(confirmed=False))], [at(split=fact(confirmed=True))]),
    "split_confirmed": ([at(split=fact(confirmed=True))], [NOTHING, at(split=fact(confirmed=False))]),
    # art. 9: a major investment wants its assessment; each organ its own
    "affordable": ([NOTHING, at(major_investment=fact(major=False)), at(affordability=fact(passed=True)),
                    at(by=FINANCE, affordability=fact(passed=False, tiers={"city": True, "province": False})),
                at(major_investment=fact(major=True),
                   affordability=fact(passed=False, tiers={"city": True, "province": False})),
                at(by=FINANCE, major_investment=fact(major=True, tiers={"city": False, "province": True}))],
                   [at(major_investment=fact(major=True)), at(affordability=fact(passed=False)),
                    at(by=FINANCE, affordability=fact(passed=False, tiers={"city": False, "province": True})),
                    at(by=FINANCE, major_investment=fact(major=True, tiers={"city": True})),
                at(by=BOTH, major_investment=fact(tiers={"city": False, "province": True})),
                at(major_investment=fact(tiers={"city": True, "province": False})),
                at(by=BOTH, affordability=fact(passed=False, tiers={"city": False, "province": True}))]),
    # art. 12: built together on one framework
    "framework_agreed": ([NOTHING, at(declared={"joint": True}, framework=fact()),
                          at(by="city.approver", declared={"joint": True, "led_by": "province"})],
                         [at(declared={"joint": True}), at(by="province.office", declared={"joint": True}),
                at(by="city.approver", declared={"joint": True}),
                at(declared={"joint": True, "led_by": "province"})]),
    # art. 18: nothing unappraised, and what was appraised is what is declared
    "appraisal_passed": ([at(**APPRAISED), at(approved={"on": "2023-09-27"})],
                         [NOTHING, at(appraised=fact(verdict="fail", substance="s"), declared={"substance": "s"}),
                          at(appraised=fact(verdict="pass", substance="s"), declared={"substance": "t"}),
                          at(approved={"on": "2023-09-28"})]),
    "appraisal_underway": ([at(appraisal_commissioned=fact(submission="a", appraisal=1), declared={"submission": "a"})],
                           [NOTHING,
                            at(appraisal_commissioned=fact(submission="a", appraisal=1), declared={"submission": "b"}),
                            at(appraisal_commissioned=fact(submission="a", appraisal=1), declared={"submission": "a"},
                               appraised=fact(appraisal=1))]),
    "no_appraisal_underway": ([NOTHING,
                               at(appraisal_commissioned=fact(submission="a", appraisal=1),
                                  declared={"submission": "a"}, appraised=fact(appraisal=1))],
                              [at(appraisal_commissioned=fact(submission="a", appraisal=1),
                                  declared={"submission": "a"})]),
    "not_appraised": ([NOTHING, at(appraised=fact(substance="s"), declared={"substance": "t"})],
                      [at(appraised=fact(substance="s"), declared={"substance": "s"}),
                       at(appraisal_commissioned=fact(submission="a"), declared={"submission": "a"})]),
    # art. 5, R5: a city that asks for the steps of the province is bound by them
    "city_review_done": ([NOTHING, at(figures={"review.city_steps": "appraisal"}, **APPRAISED),
                          at(figures={"review.city_steps": "full"}, leading_group=fact(decision="approve"),
                             **APPRAISED)],
                         [at(figures={"review.city_steps": "appraisal"}),
                          at(appraisal_commissioned=fact()),
                          at(figures={"review.city_steps": "full"}, **APPRAISED)]),
    # arts 19, 20
    "joint_review_open": ([NOTHING], [at(joint_review=fact(agreed=True)), at(joint_review=fact(agreed=False))]),
    "joint_review_agreed": ([at(joint_review=fact(agreed=True))], [NOTHING, at(joint_review=fact(agreed=False))]),
    "leading_group_agreed": ([at(leading_group=fact(decision="approve"))],
                             [NOTHING, at(leading_group=fact(decision="reject"))]),
    "change_asked": ([at(change=fact(open="r"))], [NOTHING, at(change=fact(open=None))]),
    "change_settled": ([NOTHING, at(change=fact(open=None))], [at(change=fact(open="r"))]),
    # arts 4, 20, R37
    "end_asked": ([at(end_request=fact(open="r"))], [NOTHING, at(end_request=fact(open=None))]),
    "end_answered": ([NOTHING, at(end_request=fact(open=None))], [at(end_request=fact(open="r"))]),
    # art. 23: filed once; a supplement tells what changed since
    "not_filed": ([NOTHING], [at(filed=fact()), at(imported=fact())]),
    "supplement_owed": ([at(filed=fact(), amended=fact(documents=[{"on": "2026-05-02"}]))],
                        [NOTHING, at(filed=fact()), at(amended=fact(documents=[{"on": "2026-05-02"}]))]),
    # art. 39
    "query_waits": ([at(filing_queries=fact(asked={"q": {"answered": None}}))],
                    [NOTHING, at(filing_queries=fact(asked={"q": {"answered": "2026-05-03"}}))]),
    # art. 27, R30: kinds
    "building_project": ([NOTHING, at(kind="new")], [at(kind="maintain")]),
    "maintenance_project": ([at(kind="maintain")], [NOTHING, at(kind="new")]),
    "upkeep_begun": ([at(kind="maintain")], [NOTHING, at(kind="new")]),
    # art. 29: half a year after the approval, its last day included; what was found to hinder does not count
    "half_year_over": ([at("2026-07-02", approved={"on": "2026-01-01"}),
                        at("2026-07-12", approved={"on": "2026-01-01"},
                           force_majeure=spell("accepted", until="2026-05-11")),
                at("2026-04-05", approved={"on": "2025-10-01"}, force_majeure=spell("accepted", until="2026-05-11")),
                        at("2026-07-02", approved={"on": "2023-03-28"})],
                       [NOTHING, at("2026-07-01", approved={"on": "2026-01-01"}),
                        at("2026-07-02", approved={"on": "2023-03-27"}),  # over before the Measures (art. 45, R33)
                        at("2026-07-11", approved={"on": "2026-01-01"},
                           force_majeure=spell("accepted", until="2026-05-11")),
                        at("2027-07-02", approved={"on": "2026-01-01"}, kind="maintain"),
                at("2026-05-05", approved={"on": "2025-11-01"}, force_majeure=spell("accepted", until="2026-05-11")),
                at("2026-07-12", approved={"on": "2026-01-01"}, force_majeure=fact(earlier_days=20, claims=[]))]),
    "hindrance_claimed": ([at(force_majeure=spell("claimed"))],
                          [NOTHING, at(force_majeure=spell("accepted")), at(force_majeure=spell("refused"))]),
    "hindrance_lasts": ([at(force_majeure=spell("claimed")), at(force_majeure=spell("accepted"))],
                        [NOTHING, at(force_majeure=spell("refused")),
                         at(force_majeure=spell("accepted", until="2026-05-11"))]),
    # art. 30: six months of trial run, both confirmations
    "trial_run_over": ([at("2026-07-15", trial_run={"on": "2026-01-15"}),
                at("2026-07-16", trial_run={"on": "2026-01-15"}, suspended=WAS_SHORT)],
                       [NOTHING, at("2026-07-14", trial_run={"on": "2026-01-15"}),
                        at("2026-07-15", trial_run={"on": "2026-01-15"},
                           suspended={"on": "2026-03-01", "until": "2026-03-02"}),
                at("2026-07-15", trial_run={"on": "2026-01-15"}, suspended=WAS_SHORT)]),
    "data_confirmed": ([at(data_confirmed=fact(passed=True))], [NOTHING, at(data_confirmed=fact(passed=False))]),
    "crypto_confirmed": ([at(crypto_confirmed=fact(passed=True))], [NOTHING, at(crypto_confirmed=fact(passed=False))]),
    "data_unconfirmed": ([NOTHING, at(data_confirmed=fact(passed=False))], [at(data_confirmed=fact(passed=True))]),
    "crypto_unconfirmed": ([NOTHING, at(crypto_confirmed=fact(passed=False))],
                           [at(crypto_confirmed=fact(passed=True))]),
    "data_not_barred": ([at(data_confirmed=fact(passed=True)), at(kind="maintain"), at(accepted={"on": "2023-09-27"})],
                        [NOTHING, at(data_confirmed=fact(passed=False)), at(accepted={"on": "2023-09-28"}),
                         at(accepted={"on": "2023-09-27"}, data_confirmed=fact(passed=False))]),
    "crypto_not_barred": ([at(crypto_confirmed=fact(passed=True)), at(kind="maintain"),
                           at(accepted={"on": "2023-09-27"})],
                          [NOTHING, at(crypto_confirmed=fact(passed=False)), at(accepted={"on": "2023-09-28"}),
                           at(accepted={"on": "2023-09-27"}, crypto_confirmed=fact(passed=False))]),
    "extension_asked": ([at(extension_request=fact(open="r"))], [NOTHING, at(extension_request=fact(open=None))]),
    "extension_answered": ([NOTHING, at(extension_request=fact(open=None))], [at(extension_request=fact(open="r"))]),
    # art. 32: together with the two others; filed once
    "acceptance_agreed": ([at(acceptance_opinions=fact(slots={"general_office": True, "finance": True}))],
                          [NOTHING, at(acceptance_opinions=fact(slots={"general_office": True})),
                           at(acceptance_opinions=fact(slots={"finance": True})),
                           at(acceptance_opinions=fact(slots={"general_office": True, "finance": False}))]),
    "acceptance_not_filed": ([NOTHING], [at(acceptance_filed=fact())]),
    # art. 38: no money without a budget; what is left goes back
    "within_budget": ([at(budget=fact(issued_fen=1))], [NOTHING]),
    "paid": ([at(payments=fact(paid_fen=1))], [NOTHING, at(payments=fact(paid_fen=0))]),
    "surplus_left": ([at(budget=fact(issued_fen=3)), at(budget=fact(issued_fen=3), payments=fact(paid_fen=2)),
                      at(budget=fact(issued_fen=3), payments=fact(paid_fen=1, returned_fen=1))],
                     [NOTHING, at(budget=fact(issued_fen=3), payments=fact(paid_fen=3)),
                      at(budget=fact(issued_fen=3), payments=fact(paid_fen=2, returned_fen=1))]),
    "surplus_settled": ([NOTHING, at(budget=fact(issued_fen=3), payments=fact(paid_fen=2, returned_fen=1))],
                        [at(budget=fact(issued_fen=3), payments=fact(paid_fen=2))]),
    # art. 40: from six months after the later of acceptance and operation
    "evaluation_open": ([at("2026-07-31", **ACCEPTED), at(kind="maintain")],
                        [NOTHING, at("2026-07-30", **ACCEPTED), at("2026-07-31", accepted={"on": "2026-01-31"}),
                         at("2026-07-31", accepted={"on": "2026-01-31"}, operation={"on": "2026-02-10"})]),
    "evaluation_not_owed": ([at(accepted={"on": "2022-09-27"})],
                            [NOTHING, at(accepted={"on": "2022-09-28"}),
                             at(accepted={"on": "2022-09-27"}, operation={"on": "2022-09-28"})]),
    # art. 41: measures follow an order that lapsed, its own day still counts; by who ordered or one of the three
    "not_deferred": ([NOTHING, at(deferral=fact(in_force=False))], [at(deferral=fact(in_force=True))]),
    "deferred": ([at(deferral=fact(in_force=True))], [NOTHING, at(deferral=fact(in_force=False))]),
    "order_open": ([at(orders=order())], [NOTHING, at(orders=fact(open={}))]),
    "orders_settled": ([NOTHING, at(orders=fact(open={}))], [at(orders=order())]),
    "order_lapsed": ([at(orders=order()), at("2026-05-02", orders=order(failed=True)),
                at(orders=fact(open={**order()["open"], "p": {"due": "2026-06-30"}}))],
                     [NOTHING, at("2026-05-31", orders=order()), at(orders=order(answered_on="2026-05-31"))]),
    "own_order": ([at(by="city.approver", orders=order(by="city.drc"))],
                  [NOTHING, at(by="city.approver", orders=fact(open={})),
                   at(by="city.finance", orders=order(by="city.drc"))]),
    "may_enforce": ([at(by="city.approver", orders=order()), at(by="city.finance", orders=order())],
                    [NOTHING, at("2026-05-31", by="city.approver", orders=order()),
                     at(by="city.unit", orders=order())]),
    "may_lift": ([at(by="city.approver", deferral=fact(by="city.data")),
                  at(by="province.drc", deferral=fact(by="city.data")),
                  at(by="province.finance", deferral=fact(by="province.cyber"))],
                 [NOTHING, at(by="city.unit", deferral=fact(by="city.data")),
                  at(by="city.approver", deferral=fact(by="province.cyber")),
                  at(by="city.cyber", deferral=fact(by="province.cyber"))]),
    "may_resume": ([NOTHING, at(by="city.unit", suspended=fact()),
                    at(by="city.approver", suspended=fact(by="city.data")),
                    at(by="province.cyber", suspended=fact(by="province.cyber"))],
                   [at(by="city.unit", suspended=fact(by="city.data")),
                    at(by="city.finance", suspended=fact(by="province.drc"))]),
    "suspended_in_building": ([NOTHING, at(suspended=fact(**{"from": "started"}))],
                              [at(suspended=fact(**{"from": "trial_run"})),
                               at(suspended=fact(**{"from": "final_inspected"})),
                               at(suspended=fact(**{"from": "acceptance_applied"}))]),
    "suspended_in_trial_run": ([at(suspended=fact(**{"from": "trial_run"}))],
                               [NOTHING, at(suspended=fact(**{"from": "started"}))]),
    "suspended_in_acceptance": ([at(suspended=fact(**{"from": "acceptance_delegated"}))],
                                [NOTHING, at(suspended=fact(**{"from": "trial_run"}))]),
    "order_settled": ([NOTHING, at(suspended=fact(order="p"), orders=order())],
                      [at(suspended=fact(order="o"), orders=order())]),
}  # fmt: skip


def test_every_gate_is_in_the_table() -> None:
    assert set(BY_HAND) == set(GATES)


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_a_gate_is_open_and_shut_as_the_measures_say(name: str) -> None:
    opens, shuts = BY_HAND[name]
    test = GATES[name].test
    for given in opens:
        assert test(given.gated()) is None, ("shut", given)
    for given in shuts:
        said = test(given.gated())
        assert said, ("open", given)
