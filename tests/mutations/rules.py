"""The rules that are switched off, each in the way in which it could quietly get lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from service.kit import authz
from service.measures import building, checks, completeness, funding, gates, lifecycle_table, organs, routing
from service.measures.lifecycle_states import Action, State
from service.measures.offices import Tier
from service.rulebook import loader
from tests.mutations import Mutation

_FILES = ((23, "declaring"), (32, "building"), (42, "money_and_supervision"), (43, "declaring"))


def _pure(test: str) -> str:
    """The test of a rule, in the file of its article."""
    article = int(re.findall(r"\d+", test)[0])
    return f"tests/measures/test_rules_{next(name for last, name in _FILES if article <= last)}.py::{test}"


def _open(*names: str) -> Callable[[], None]:
    """Gates that let everything pass."""

    def off() -> None:
        for name in names:
            gates.GATES[name] = replace(gates.GATES[name], test=lambda _: None)

    return off


def _silent(check: str) -> Callable[[], None]:
    """A finding that is not raised any more."""

    def nothing(_: object) -> Iterator[Any]:
        return iter(())

    return lambda: setattr(checks, check, nothing)


def _way(sources: tuple[State, ...], action: Action) -> Callable[[], None]:
    """A row of the lifecycle table where there must be none, with the people and the pen of one that is there."""

    def off() -> None:
        table: dict[Any, Any] = lifecycle_table.TRANSITIONS  # type: ignore[assignment]
        for row in [row for row in table.values() if row.action is action]:
            for source in sources:
                opened = replace(row, source=source, holder_before=None, guards=())
                table.setdefault((source, action, row.procedure), opened)

    return off


def _shows_nothing() -> None:
    """A start that is recorded without its findings."""
    building.start_findings = lambda *_, **__: ()  # type: ignore[assignment]


def _figure(key: str, value: Any) -> Callable[[], None]:
    """A figure of the rule book that somebody typed otherwise."""

    def off() -> None:
        genuine = loader.base_rulebook()
        changed = [replace(each, value=value) if each.key == key else each for each in genuine.entries]
        book = type(genuine)(changed, genuine.readings)
        loader.base_rulebook = lambda: book  # type: ignore[assignment]

    return off


def _no_line(obj: str, act: str) -> Callable[[], None]:
    """A permission that is gone from the policy files."""

    def off() -> None:
        read = authz.read_lines
        authz.read_lines = lambda *a: tuple(  # type: ignore[attr-defined]
            line for line in read(*a) if (line.obj, line.act) != (obj, act)
        )

    return off


def _attribute(target: Any, name: str, value: Any) -> Callable[[], None]:
    return lambda: setattr(target, name, value)


def _priority_forgotten() -> None:
    routing.priority_items = lambda *_, **__: ()  # type: ignore[assignment]


def _classified_passes() -> None:
    """A declared secret is routed like anything else."""
    route = routing.route

    def lenient(facts: Any, rulebook: Any, on: Any, **more: Any) -> Any:
        return route(replace(facts, classified=False), rulebook, on, **more)

    routing.route = lenient


def _province_everywhere() -> None:
    """The province's organs decide on city projects too."""
    table: dict[Any, Any] = lifecycle_table.TRANSITIONS  # type: ignore[assignment]
    for key, row in table.items():
        if row.action is Action.CONFIRM_DATA:
            table[key] = replace(row, who=("city.data_office", "province.data_office"))


def _one_seat_for_all() -> None:
    roles: dict[Any, Any] = organs.ROLES  # type: ignore[assignment]
    for tier in Tier:
        if tier in roles:
            roles[tier] = dict.fromkeys(roles[tier], "office")
    organs.who.cache_clear()  # filled while the routes were declared


_EARLY = (State.DRAFT, State.SUBMITTED, State.GATEKEPT, State.WITH_PROVINCE, State.IN_JOINT_REVIEW)


def _m(article: int, what: str, off: Callable[[], None], test: str) -> Mutation:
    return Mutation(article, test.partition("::")[2].removeprefix("test_"), what, off, test)


MUTATIONS: tuple[Mutation, ...] = (
    _m(4, "every seat filled by one role", _one_seat_for_all,
       _pure("test_art_4_each_organ_has_its_own_seat_and_no_other")),
    _m(5, "the province confirms on the city route", _province_everywhere,
       _pure("test_art_5_the_city_organs_stand_where_the_provincial_ones_stand")),
    _m(8, "gate not_split open", _open("not_split"), _pure("test_art_8_split_projects_are_not_submitted")),
    _m(9, "limit of other classes 6,000,000", _figure("limit.other", 600_000_000),
       _pure("test_art_9_the_line_is_where_the_figures_say")),
    _m(9, "gate affordable open", _open("affordable"),
       _pure("test_art_9_no_budget_without_a_passed_affordability_assessment")),
    _m(11, "gate data_confirmed open", _open("data_confirmed"),
       _pure("test_art_11_data_sharing_is_confirmed_before_acceptance")),
    _m(12, "gate framework_agreed open", _open("framework_agreed"),
       _pure("test_art_12_a_joint_project_has_one_framework_before_its_review")),
    _m(13, "lifecycle: start from before the approval", _way(_EARLY, Action.START),
       _pure("test_art_13_nothing_starts_before_its_approval")),
    _m(14, "declared secrets routed like others", _classified_passes,
       _pure("test_art_14_state_secrets_are_refused_and_nothing_is_kept")),
    _m(15, "the resolution is not asked for", _attribute(completeness, "_resolution", lambda *_: []),
       _pure("test_art_15_a_leadership_resolution_is_among_the_materials")),
    _m(16, "priority is not named", _priority_forgotten,
       _pure("test_art_16_what_is_evidenced_is_named_as_priority")),
    _m(17, "findings of art. 17 not raised", _silent("_negative"),
       _pure("test_art_17_each_of_the_seven_cases_asks_for_a_reason")),
    _m(18, "gate appraisal_passed open", _open("appraisal_passed"),
       _pure("test_art_18_nothing_unappraised_is_reviewed")),
    _m(19, "finding not_in_library not raised", _silent("_library"),
       _pure("test_art_19_what_is_not_in_the_library_needs_a_reason")),
    _m(20, "gate leading_group_agreed open", _open("leading_group_agreed"),
       _pure("test_art_20_no_approval_against_the_leading_group")),
    _m(23, "finding county_reuse_first not raised", _silent("_reuse"),
       _pure("test_art_23_a_county_is_asked_why_it_builds_itself")),
    _m(23, "policy: nobody approves on the city route", _no_line("project.city_filing", "approve"),
       _pure("test_art_23_a_filing_is_no_permission_and_cannot_be_refused")),
    _m(24, "a start shows nothing", _shows_nothing,
       _pure("test_art_24_a_start_without_somebody_who_answers_is_shown")),
    _m(29, "gate half_year_over open", _open("half_year_over"),
       _pure("test_art_29_money_is_taken_back_after_half_a_year_only")),
    _m(30, "gate trial_run_over open", _open("trial_run_over"), _pure("test_art_30_six_months_of_trial_run")),
    _m(30, "gate crypto_confirmed open", _open("crypto_confirmed"),
       _pure("test_art_30_both_confirmations_stand_before_acceptance")),
    _m(32, "gate acceptance_agreed open", _open("acceptance_agreed"),
       _pure("test_art_32_acceptance_is_decided_with_the_two_other_organs")),
    _m(34, "sources need not sum", _attribute(funding, "check_lines", lambda *_: None),
       _pure("test_arts_33_34_35_the_sources_sum_to_the_whole")),
    _m(38, "gate within_budget open", _open("within_budget"),
       _pure("test_art_38_nothing_is_paid_without_a_budget")),
    _m(39, "lifecycle: edit what was submitted", _way((State.SUBMITTED,), Action.EDIT),
       _pure("test_art_39_who_supervises_reads_and_changes_nothing")),
    _m(40, "gate evaluation_open open", _open("evaluation_open"),
       _pure("test_art_40_evaluation_opens_six_months_after_the_later_day")),
    _m(41, "gate order_lapsed open", _open("order_lapsed"),
       _pure("test_art_41_measures_follow_an_order_that_lapsed")),
    _m(42, "policy: nobody reads evidence", _no_line("evidence", "read"),
       _pure("test_art_42_the_whole_history_is_for_those_who_ask_who_answers")),
    _m(43, "art. 43's bodies are not told apart", _attribute(routing, "ART_43_KINDS", frozenset()),
       _pure("test_art_43_party_and_mass_bodies_declare_as_others_do")),
)  # fmt: skip
