"""Which queues a reader has: by what he may do, from which states, under which article, with which deeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.kit.authn import Principal
from service.kit.scopes import DECLARING
from service.measures.duties import TITLES, desks_of
from service.measures.lifecycle_states import State

S = State
FILING, REVIEW = "city_filing", "provincial_review"
LOCAL = (FILING, REVIEW)


@dataclass(frozen=True, slots=True)
class Queue:
    """Cases in some states that wait for a desk ("tier.role").

    `when`: what else must be so: "idle" no appraisal under way, "appraised" or "unappraised", "closed" no joint review
    open. `steps`: with which levels of `review.city_steps` (R5); empty: with any. `owner`: back with the owner.
    """

    code: str
    who: tuple[str, ...]
    states: tuple[State, ...]
    routes: tuple[str, ...]
    holder: str
    article: int
    when: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    term: bool = False  # due by the practice term of gatekeeping


_OWNERS = ("city.unit", "city.portal", "county.unit", "province.department")
_KEEPER, _APPROVER = ("city.gatekeeper",), ("city.approver",)
CASES = (
    Queue("gatekeeping", _KEEPER, (S.SUBMITTED,), LOCAL, "city", 9, term=True),
    Queue("need_gatekeeping", _KEEPER, (S.NEED_SUBMITTED,), (FILING,), "city", 9),
    Queue("handing_over", _KEEPER, (S.GATEKEPT,), (REVIEW,), "city", 23),
    Queue("city_review", _KEEPER, (S.GATEKEPT,), (FILING,), "city", 18, ("idle", "unappraised"), ("appraisal",)),
    Queue("city_review", _KEEPER, (S.GATEKEPT,), (FILING,), "city", 18, ("idle",), ("full",)),
    Queue("approving", _APPROVER, (S.GATEKEPT,), (FILING,), "city", 23, ("idle",), ("direct",)),
    Queue("approving", _APPROVER, (S.GATEKEPT,), (FILING,), "city", 23, ("idle", "appraised"), ("appraisal",)),
    Queue("approving", _APPROVER, (S.LEADING_GROUP_DECIDED,), (FILING,), "city", 23),
    Queue("leading_group", ("city.leading_group_secretary",), (S.IN_JOINT_REVIEW,), (FILING,), "city", 19, ("closed",)),
    Queue("leading_group", ("province.leading_group_secretary",), (S.IN_JOINT_REVIEW,), (REVIEW,), "province", 19,
          ("closed",)),
    Queue("need_appraisal", ("province.office",), (S.NEED_REPORTED,), (REVIEW,), "province", 18, ("idle",)),
    Queue("library_entry", ("province.office",), (S.APPRAISED,), (REVIEW,), "province", 9),
    Queue("provincial_review", ("province.office",), (S.WITH_PROVINCE,), (REVIEW,), "province", 18, ("idle",)),
    Queue("province_approval", ("province.drc",), (S.LEADING_GROUP_DECIDED,), (REVIEW,), "province", 20),
    Queue("returned", _OWNERS, (S.RETURNED,), LOCAL, "owner", 14),
    Queue("returned_need", _OWNERS, (S.NEED_RETURNED,), LOCAL, "owner", 9),
    Queue("to_declare", _OWNERS, (S.NEED_GATEKEPT,), (FILING,), "owner", 13),
)  # fmt: skip

# Duties that a queue of cases, or the agency's own queue, tells more exactly.
TOLD_ELSEWHERE = ("gatekeeping", "appraisal")
OF_DUTIES = frozenset(TITLES).difference(TOLD_ELSEWHERE)
# Art. 23: what is owed of cases that a city approves and files alone, so that none of these need be asked its way.
OF_FILED = ("filing", "supplementary_filing")

# What a queue's row is mostly done with, the main deed first.
DEEDS: Mapping[str, tuple[str, ...]] = {
    "gatekeeping": ("projects_gatekeep_pass", "projects_gatekeep_return"),
    "need_gatekeeping": ("needs_gatekeep", "needs_give_back"),
    "handing_over": ("projects_hand_over", "projects_gatekeep_return"),
    "city_review": ("reviews_commission", "reviews_open_review"),
    "approving": ("filings_approve", "projects_gatekeep_return"),
    "leading_group": ("reviews_leading_group",),
    "need_appraisal": ("reviews_commission", "needs_reject"),
    "library_entry": ("library_enter", "needs_reject"),
    "provincial_review": ("reviews_commission", "reviews_open_review", "projects_province_return"),
    "province_approval": ("reviews_province_approve", "projects_province_return"),
    "returned": ("projects_edit", "projects_submit", "projects_withdraw"),
    "returned_need": ("projects_edit", "needs_submit", "projects_withdraw"),
    "to_declare": ("projects_edit", "projects_submit"),
    "suspicion": ("suspicions_confirm", "suspicions_dismiss", "suspicions_join"),
    "framework": ("frameworks_sign",),
    "invitation": ("links_answer",),
    "order_answered": ("orders_close_order",),
    "appraisal": ("reviews_draw", "reviews_conclude"),
    "assignment": ("assignments_score", "assignments_recuse"),
    "adoption": ("adoptions_confirm", "adoptions_refuse"),
    "provision": ("adoptions_provision", "adoptions_decline"),
    "client_confirmation": ("clients_confirm",),
    "issuer_confirmation": ("issuers_confirm",),
    "amendment_confirmation": ("rulebook_amendment_confirm",),
    "round_confirmation": ("rounds_declaration_confirm", "rounds_declaration_refuse"),
    "entry_confirmation": ("library_confirm_import",),
    "workbook_confirmation": ("workbooks_commit",),
    "spill_confirmation": ("spills_confirm",),
    "need_report": ("needs_report", "needs_submit"),
    "library_expiry": ("projects_submit",),
    "joint_review": ("reviews_close_review",),
    "joint_review_opinion": ("reviews_opine",),
    "change_decision": ("delivery_decide_change",),
    "extension_decision": ("acceptance_decide_extension",),
    "end_decision": ("delivery_agree_end", "delivery_refuse_end"),
    "filing": ("filings_file",),
    "budget": ("reviews_budget",),
    "supplementary_filing": ("filings_file_supplement",),
    "filing_query": ("filings_answer", "filings_answer_query"),
    "start": ("delivery_start", "delivery_record_force_majeure"),
    "recall_decision": ("funding_recall_funds",),
    "force_majeure_decision": ("delivery_decide_force_majeure",),
    "performance_report": ("delivery_report_performance",),
    "certificate": ("delivery_record_certificate",),
    "trial_run": (),
    "final_inspection": ("acceptance_final_inspect", "acceptance_request_extension"),
    "acceptance_application": ("acceptance_apply_acceptance", "acceptance_request_extension"),
    "data_confirmation": ("acceptance_confirm_data",),
    "crypto_confirmation": ("acceptance_confirm_crypto",),
    "acceptance_opinion": ("acceptance_give_opinion",),
    "acceptance_decision": ("acceptance_accept", "acceptance_return_acceptance", "acceptance_delegate"),
    "acceptance_report": ("acceptance_report_delegated",),
    "acceptance_filing": ("acceptance_file_acceptance",),
    "surplus_return": ("funding_return_surplus",),
    "self_evaluation": ("evaluation_evaluate",),
    "maintenance_proposal": ("evaluation_propose",),
    "rectification": ("orders_answer_order",),
    "overdue": ("orders_order_rectification",),
}


def of_cases(principal: Principal, steps: str) -> list[Queue]:
    """The reader's queues of cases. `steps`: what his city asks for before an approval (R5)."""
    # A city's portal declares for its counties too; whoever sits in an office has its tier.
    held = {f"{principal.tier}.{role}" for role in principal.roles}
    return [each for each in CASES if held.intersection(each.who) and (not each.steps or steps in each.steps)]


def of_duties(principal: Principal) -> list[str]:
    """The desks, as obligations name them, whose duties the reader has; an agency's are told by its commissions."""
    return desks_of(principal.tier, (each for each in principal.roles if each not in ("agency", "portal")))


def owner_of(principal: Principal) -> tuple[bool, str | None]:
    """Whether the reader has what owners owe, and of which office; None: of every one, as a portal declares for all."""
    if DECLARING.isdisjoint(principal.roles):
        return "portal" in principal.roles, None
    return True, principal.declares_for
