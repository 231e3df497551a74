"""Mends of decisions 0092, 0140-0145 and 0242, each switched off as it would be lost: tests over HTTP notice most."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import false

from service.catalogue import providing
from service.delivery import changes_deeds, changes_text
from service.kit import preconditions
from service.kit.statements import Statement
from service.library import entries, framework_deeds, parties
from service.measures import evaluation, gates, lifecycle_table, priority, whatif
from service.measures.lifecycle_states import Action, Procedure
from service.measures.offices import Tier
from service.obligations import api as duties
from service.obligations import asked, current, deriving, listing, queries
from service.projects import accepting, asking, grounds, submission
from service.replay import effects, reading
from service.replay import whatif as replay
from service.reviews import budget, joint_review
from tests.mutations import Mutation

_FRAMEWORKS = "tests/library/test_city_frameworks.py::"
_PRIORITY = "tests/library/test_priority.py::"
_WEIGHING = "tests/acceptance/test_weighing.py::"
_CONTENT = "tests/delivery/test_change_content.py::"
_CHECKLIST = "tests/acceptance/test_one_checklist.py::"
_AMENDMENTS = "tests/rulebook/test_amendments.py::"
_GUARDS = "tests/kit/test_preconditions.py::"
_READ = "tests/obligations/test_derived_when_read.py::"


def _set(*targets: Any, name: str, value: Any) -> Callable[[], None]:
    """The name in every module that took it over."""

    def off() -> None:
        for target in targets:
            getattr(target, name)  # what is not there any more switches nothing off
            setattr(target, name, value)

    return off


async def _nothing(*_: Any, **__: Any) -> None:
    return None


async def _no_results(*_: Any, **__: Any) -> tuple[list[Any], str]:
    return [], ""


def _city_approves_without() -> None:
    table: dict[Any, Any] = lifecycle_table.TRANSITIONS  # type: ignore[assignment]
    for key, row in table.items():
        if row.action is Action.APPROVE and row.procedure is Procedure.CITY_FILING:
            table[key] = replace(row, guards=tuple(g for g in row.guards if g != "framework_agreed"))


def _owed_after_the_law_moved_it() -> None:
    shut = gates.GATES["framework_agreed"]

    def owed(s: Any) -> str | None:
        return "没有框架方案" if s.fact("declared").get("joint") and not s.fact("framework") else None

    gates.GATES["framework_agreed"] = replace(shut, test=owed)


def _all_must_be_registered() -> None:
    async def everybody(_: Any, case: Any) -> dict[str, str]:
        return {name: name for name in parties.participants(case)}

    parties._registered = everybody


def _decided_by_the_day() -> None:
    whatif.Timeline._governing = lambda self, *_: self._books[0]  # type: ignore[method-assign]


def _one_group_only() -> None:
    """A change carries basics and the plan as one text, as before."""
    merge = changes_text.changed

    def changed(declared: Any, facts: Any, content: Any, funding: Any = None) -> Any:
        kept = {key: value for key, value in content.items() if key not in ("plan", "form")}
        return merge(declared, facts, kept, funding)

    changes_deeds.changed = changed  # type: ignore[attr-defined]


def _what_is_empty_stays() -> None:
    merge = changes_text.changed

    def changed(declared: Any, facts: Any, content: Any, funding: Any = None) -> Any:
        new = merge(declared, facts, content, funding)
        for name in ("plan", "form"):
            if name in content:
                new["materials"][name] = {**(declared["materials"].get(name) or {}), **content[name]}
        return new

    changes_deeds.changed = changed  # type: ignore[attr-defined]


def _given(**changes: Any) -> Callable[[], None]:
    """What an application rests on, with a part of it always the same."""

    def off() -> None:
        genuine = accepting.given_in

        def given_in(*positional: Any, **named: Any) -> Any:
            given = genuine(*positional, **named)
            return replace(given, **{name: value(given) for name, value in changes.items()})

        from service.delivery import acceptance_actions

        accepting.given_in = acceptance_actions.given_in = given_in  # type: ignore[attr-defined]

    return off


def _told_by_events_only() -> None:
    current.BEHIND = queries._behind(asked.numbers(false()))  # type: ignore[attr-defined]
    current.ONE_BEHIND = queries._behind(  # type: ignore[attr-defined]
        asked.numbers(false()), queries.P.id == queries.ROW_ID
    )


def _as_the_worker_left_it() -> None:
    """State, rest and day kept as the last look wrote them."""
    written = (*queries.W,)
    shown = listing.LISTING.columns
    joined = [column for column in shown if column.name not in {each.name for each in written}]
    object.__setattr__(listing.LISTING, "columns", (*written, *joined))


def _m(decision: str, number: int, what: str, off: Callable[[], None], test: str) -> Mutation:
    return Mutation(number, f"{decision} {what}", what, off, test)


def _a_correction_is_a_later_report() -> None:
    from service.measures import building

    building.reports_told = lambda years, year, on: {**years, str(year): on.isoformat()}


def _affordability_stays() -> None:
    genuine = submission.without_fact

    def without(dated: Any, *names: str) -> Any:
        return genuine(dated, *(name for name in names if name != "affordability"))

    submission.without_fact = without  # type: ignore[attr-defined]


def _reports_overwrite() -> None:
    values = {name: providing._usage.excluded[name] for name in ("active_users", "calls", "revision")}
    keys = ["tenant_id", "provision_id", "month"]
    statement = providing._usage.on_conflict_do_update(index_elements=keys, set_=values)
    providing._REPORT = Statement(statement)


def _quotes_may_be_left_out() -> None:
    preconditions._TAG = re.compile(r'(W/)?"?([\x21\x23-\x7e]*)"?')


MENDS: tuple[Mutation, ...] = (
    _m("0242", 27, "a correction is a later report", _a_correction_is_a_later_report,
       _GUARDS + "test_a_corrected_report_does_not_move_its_first_date"),
    _m("0242", 9, "affordability survives a new declaration", _affordability_stays,
       "tests/projects/test_declared_anew.py::test_what_was_decided_on_an_earlier_text_is_not_decided_on_this_one"),
    _m("0242", 23, "reports of use overwrite each other", _reports_overwrite,
       "tests/catalogue/test_adoptions_seen.py::test_a_report_of_use_written_meanwhile_is_not_overwritten"),
    _m("0242", 39, "the day a duty was kept moves", _set(deriving, name="_on_its_day", value=lambda row, _: row),
       "tests/obligations/test_kept_day.py::test_a_second_telling_does_not_move_the_day"),
    _m("0242", 39, "an If-Match may leave out its quotes", _quotes_may_be_left_out,
       _GUARDS + "test_what_has_no_quotes_is_refused"),
    _m("0140", 12, "a city approves without a framework", _city_approves_without,
       _FRAMEWORKS + "test_the_citys_own_centre_settles_it_before_the_city_approves"),
    _m("0140", 12, "the province's centre leads all", _set(parties, framework_deeds, name="leading_tier",
       value=lambda _: Tier.PROVINCE),
       _FRAMEWORKS + "test_the_citys_own_centre_settles_it_before_the_city_approves"),
    _m("0140", 12, "the city's centre leads all", _set(parties, framework_deeds, name="leading_tier",
       value=lambda _: Tier.CITY),
       _FRAMEWORKS + "test_the_provinces_centre_settles_it_where_the_province_reviews"),
    _m("0140", 12, "every participant must have an office", _all_must_be_registered,
       _FRAMEWORKS + "test_participants_without_an_office_strand_nobody"),
    _m("0140", 12, "who leads now is not asked", _set(framework_deeds, name="demand_named", value=_nothing),
       _FRAMEWORKS + "test_a_case_that_went_the_other_way_is_settled_anew_by_whoever_leads_now"),
    _m("0140", 12, "owed also where the law moved the case", _owed_after_the_law_moved_it,
       _AMENDMENTS + "test_decided_anew_at_the_next_desk_both_ways"),
    _m("0141", 40, "a declaration is not told of results", _set(grounds, name="owner_poorly_evaluated",
       value=lambda *_: ()),
       _WEIGHING + "test_a_poor_result_is_told_at_the_owners_next_declaration"),
    _m("0141", 40, "results weigh for ever", _set(evaluation, name="weighs_from",
       value=lambda on: on.replace(year=2000)),
       "tests/measures/test_evaluated.py::test_the_year_turns_at_new_year"),
    _m("0141", 40, "who proposes money is not told", _set(joint_review, name="poor_results_told", value=_no_results),
       _WEIGHING + "test_who_proposes_money_is_told_too"),
    _m("0141", 40, "who gives money is not told", _set(budget, name="poor_results_told", value=_no_results),
       _WEIGHING + "test_who_gives_money_is_told_as_of_that_day"),
    _m("0142", 16, "no desk accepts a claim", _set(priority, name="answered", value=lambda *_: None),
       _PRIORITY + "test_a_citys_desk_accepts_the_claim_of_a_need_and_the_list_follows"),
    _m("0142", 16, "the office accepts no claim", _set(priority, name="answered", value=lambda *_: None),
       _PRIORITY + "test_a_departments_claim_is_the_leading_groups_offices"),
    _m("0142", 16, "a declaration's claim needs no answer", _set(priority, name="findings",
       value=lambda *_, **__: iter(())),
       _PRIORITY + "test_at_the_declaration_the_gatekeeper_answers_it_by_name"),
    _m("0142", 16, "a claim is believed", _set(priority, name="counting",
       value=lambda fact, _: sorted(priority.claimed(fact))),
       "tests/measures/test_priority.py::test_it_counts_when_a_desk_has_accepted_it_and_only_on_that_paper"),
    _m("0142", 16, "the list believes a claim", _set(entries, name="counting",
       value=lambda fact, _: sorted(priority.claimed(fact))),
       _PRIORITY + "test_what_nobody_accepted_or_nobody_could_look_at_ranks_nothing"),
    _m("0143", 44, "a replay knows the day only", _decided_by_the_day,
       _AMENDMENTS + "test_what_if_replays_a_case_by_the_law_it_carries"),
    _m("0143", 44, "a replay forgets what was left aside", _decided_by_the_day,
       "tests/measures/test_whatif.py::test_what_was_decided_by_the_law_of_a_case_is_found_again"),
    _m("0143", 44, "a settled route stays whatever is supposed", _set(replay, name="_as_settled",
       value=lambda project, _: project),
       "tests/measures/test_whatif.py::test_a_settled_route_stays_only_where_it_would_have_been_settled"),
    _m("0143", 44, "a city's values forget the case's law", _set(effects, reading, name="law_of_row",
       value=lambda *_: None),
       _AMENDMENTS + "test_what_if_replays_a_case_by_the_law_it_carries"),
    _m("0144", 20, "a change is not judged", _set(changes_deeds, name="demand_whole", value=_nothing),
       _CONTENT + "test_another_total_wants_the_money_of_the_form_to_follow"),
    _m("0144", 20, "a change may say anything", _set(changes_deeds, name="demand_whole", value=_nothing),
       _CONTENT + "test_what_a_declaration_could_not_say_a_change_cannot"),
    _m("0144", 20, "a project of before is asked for everything",
       _set(changes_text, name="_touched", value=lambda _: iter(("/",))),
       _CONTENT + "test_a_project_of_before_is_asked_only_for_what_it_changes"),
    _m("0144", 20, "plan parts and form do not follow", _one_group_only,
       _CONTENT + "test_an_agreed_change_of_plan_and_form_is_the_cases_new_text"),
    _m("0144", 20, "an emptied group stays", _what_is_empty_stays,
       _CONTENT + "test_a_group_can_go_and_the_same_text_is_no_change"),
    _m("0145", 30, "files do not count", _given(attached=lambda _: frozenset()),
       _CHECKLIST + "test_what_lies_in_a_slot_counts_for_the_checklists_and_for_the_application"),
    _m("0145", 30, "a name is a material", _given(papers=lambda given: frozenset(given.materials)),
       _CHECKLIST + "test_a_material_without_digest_and_file_is_none"),
    _m("0145", 30, "declared work secrets are forgotten",
       _set(accepting, name="declared_secrets", value=lambda _: False),
       _CHECKLIST + "test_declared_work_secrets_are_asked_for_at_the_end_whatever_is_told"),
    _m("0145", 9, "a need lacks nothing", _set(asking, name="missing_need", value=lambda *_, **__: []),
       _CHECKLIST + "test_a_needs_checklist_and_actions_say_what_its_report_will"),
    _m("0092", 39, "lists wait for the relay", _set(duties, name="bring_up", value=_nothing),
       _READ + "test_lists_alone_know_it_too"),
    _m("0092", 39, "a case waits for the relay", _set(duties, name="bring_up_case", value=_nothing),
       _READ + "test_a_draft_knows_of_30_june_when_it_is_read"),
    _m("0092", 39, "a question waits for the relay", _told_by_events_only,
       _READ + "test_a_question_on_a_filing_is_owed_an_answer_at_once"),
    _m("0092", 39, "an opinion waits for the relay", _told_by_events_only,
       "tests/reviews/test_duties.py::test_an_opinion_is_kept_as_it_is_given"),
    _m("0092", 39, "a day that passes waits for the look", _as_the_worker_left_it,
       "tests/obligations/test_read_on_the_day.py::test_what_time_alone_changes_is_read_from_the_row_and_the_day"),
)  # fmt: skip
