"""The words of a case's life: states, actions, the pen's desks and the procedures (arts 8, 9, 13-41)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cache

from service.measures.offices import Tier
from service.vocabulary import names


class State(StrEnum):
    """States of the need, of the declaration, of both afterwards, and side states."""

    NEED_DRAFT = "need_draft"
    NEED_SUBMITTED = "need_submitted"
    NEED_GATEKEPT = "need_gatekept"
    NEED_REPORTED = "need_reported"
    NEED_RETURNED = "need_returned"
    APPRAISED = "appraised"
    IN_LIBRARY = "in_library"
    LAPSED = "lapsed"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    GATEKEPT = "gatekept"
    CITY_APPROVED = "city_approved"
    FILED = "filed"
    WITH_PROVINCE = "with_province"
    IN_JOINT_REVIEW = "in_joint_review"
    LEADING_GROUP_DECIDED = "leading_group_decided"
    APPROVED = "approved"
    BUDGETED = "budgeted"
    STARTED = "started"
    TRIAL_RUN = "trial_run"
    TERM_ENDED = "term_ended"
    FINAL_INSPECTED = "final_inspected"
    ACCEPTANCE_APPLIED = "acceptance_applied"
    ACCEPTANCE_DELEGATED = "acceptance_delegated"
    ACCEPTED = "accepted"
    EVALUATED = "evaluated"
    RETIRED = "retired"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    FUNDS_RECALLED = "funds_recalled"


INITIAL = frozenset({State.DRAFT, State.NEED_DRAFT})
TERMINAL = frozenset({State.RETIRED, State.WITHDRAWN, State.TERMINATED, State.FUNDS_RECALLED})
# Ended without having been carried out: nothing will come of it.
ABANDONED = TERMINAL - {State.RETIRED}
# What has not left its city yet is nobody's outside: drafts, and needs before they are reported (art. 8).
UNDECLARED = INITIAL | {State.NEED_SUBMITTED, State.NEED_GATEKEPT}
# What is handed in next, or was last, is a need (arts 8, 9).
NEED_STATES = UNDECLARED - {State.DRAFT} | {State.NEED_REPORTED, State.NEED_RETURNED}
# The acceptance lies behind it: what was built belongs to government and is run (arts 31, 32).
COMPLETED = frozenset({State.ACCEPTED, State.EVALUATED, State.RETIRED})
# From the final inspection on its papers are those of the acceptance (art. 30).
ACCEPTING = COMPLETED - {State.RETIRED} | {
    State.FINAL_INSPECTED,
    State.ACCEPTANCE_APPLIED,
    State.ACCEPTANCE_DELEGATED,
}
# The owner works on the text: the working copy is shown to its tenant, edits go there. A need settled in its city's own
# round is declared from there; one that waits to be reported has the city's pen, and the table lets nobody edit it.
WORKING = frozenset(
    {
        State.DRAFT,
        State.RETURNED,
        State.NEED_DRAFT,
        State.NEED_RETURNED,
        State.NEED_GATEKEPT,
        State.IN_LIBRARY,
        State.LAPSED,
    }
)


def values(states: Collection[State]) -> tuple[str, ...]:
    """These states as they are stored, in the order of a life."""
    return tuple(state.value for state in State if state in states)


STATE_NAMES: Mapping[str, str] = names("state")


class Action(StrEnum):
    """What a desk does. A case begins as a draft by being created, which is no transition.

    Most acts after the approval leave the state as it is: they record a dated fact that gates and deadlines read.
    """

    EDIT = "edit"
    DELETE = "delete"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    TAG_PRIORITY = "tag_priority"
    LINK_PLAN = "link_plan"
    GATEKEEP_PASS = "gatekeep_pass"
    GATEKEEP_RETURN = "gatekeep_return"
    CONFIRM_SPLIT = "confirm_split"
    CLEAR_SPLIT = "clear_split"
    APPROVE = "approve"
    FILE = "file"
    FILE_SUPPLEMENT = "file_supplement"
    QUERY_APPROVAL = "query_approval"
    ANSWER_QUERY = "answer_query"
    HAND_OVER = "hand_over"
    PROVINCE_RETURN = "province_return"
    # needs and library
    NEED_SUBMIT = "need_submit"
    NEED_GATEKEEP = "need_gatekeep"
    NEED_RETURN = "need_return"
    NEED_REPORT = "need_report"
    NEED_REJECT = "need_reject"
    ENTER_LIBRARY = "enter_library"
    LAPSE = "lapse"
    REMOVE_ENTRY = "remove_entry"
    AGREE_FRAMEWORK = "agree_framework"
    # review
    COMMISSION_APPRAISAL = "commission_appraisal"
    CONCLUDE_APPRAISAL = "conclude_appraisal"
    APPRAISE = "appraise"
    OPEN_JOINT_REVIEW = "open_joint_review"
    CLOSE_JOINT_REVIEW = "close_joint_review"
    RECORD_LEADING_GROUP = "record_leading_group"
    PROVINCE_APPROVE = "province_approve"
    ASSESS_AFFORDABILITY = "assess_affordability"
    ISSUE_SHARE = "issue_share"
    ISSUE_BUDGET = "issue_budget"
    # building
    NAME_RESPONSIBLE = "name_responsible"
    RECORD_REGIME = "record_regime"
    RECORD_SUPERVISION = "record_supervision"
    RECORD_PROCUREMENT = "record_procurement"
    RECORD_CONTRACT = "record_contract"
    RECORD_CERTIFICATE = "record_certificate"
    RECORD_FORCE_MAJEURE = "record_force_majeure"
    END_FORCE_MAJEURE = "end_force_majeure"
    DECIDE_FORCE_MAJEURE = "decide_force_majeure"
    START = "start"
    REPORT_PERFORMANCE = "report_performance"
    REPORT_INCIDENT = "report_incident"
    REQUEST_CHANGE = "request_change"
    DECIDE_CHANGE = "decide_change"
    CORRECT_APPROVAL = "correct_approval"
    APPLY_END = "apply_end"
    REFUSE_END = "refuse_end"
    AGREE_END = "agree_end"
    SET_FUNDING = "set_funding"
    RECORD_PAYMENT = "record_payment"
    REVERSE_PAYMENT = "reverse_payment"
    RETURN_SURPLUS = "return_surplus"
    END_TERM = "end_term"
    # acceptance and after
    BEGIN_TRIAL_RUN = "begin_trial_run"
    FINAL_INSPECT = "final_inspect"
    CONFIRM_DATA = "confirm_data"
    CONFIRM_CRYPTO = "confirm_crypto"
    REQUEST_EXTENSION = "request_extension"
    DECIDE_EXTENSION = "decide_extension"
    APPLY_ACCEPTANCE = "apply_acceptance"
    GIVE_ACCEPTANCE_OPINION = "give_acceptance_opinion"
    RETURN_ACCEPTANCE = "return_acceptance"
    DELEGATE_ACCEPTANCE = "delegate_acceptance"
    REPORT_DELEGATED = "report_delegated"
    ACCEPT = "accept"
    FILE_ACCEPTANCE = "file_acceptance"
    RECORD_OPERATION = "record_operation"
    EVALUATE = "evaluate"
    SCORE = "score"
    PROPOSE_MAINTENANCE = "propose_maintenance"
    RETIRE = "retire"
    # supervision
    ORDER_RECTIFICATION = "order_rectification"
    ANSWER_ORDER = "answer_order"
    CLOSE_ORDER = "close_order"
    CRITICISE = "criticise"
    DEFER_FUNDS = "defer_funds"
    LIFT_DEFERRAL = "lift_deferral"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESUME_TRIAL_RUN = "resume_trial_run"
    RESUME_ACCEPTANCE = "resume_acceptance"
    TERMINATE = "terminate"
    RECALL_FUNDS = "recall_funds"


class Holder(StrEnum):
    """The desk that has the pen."""

    OWNER = "owner"
    CITY = "city"
    PROVINCE = "province"


class Procedure(StrEnum):
    """city_filing, provincial_review: declared by a city or county (arts 9, 23).
    departmental: declared by a provincial department (art. 8), which no city gatekeeps."""

    CITY_FILING = "city_filing"
    PROVINCIAL_REVIEW = "provincial_review"
    DEPARTMENTAL = "departmental"


@cache
def procedure_of(route: str | None, declarer_tier: Tier) -> Procedure | None:
    """The procedure of a routed case; None while unrouted and for the routes that are no procedure."""
    if route not in (Procedure.CITY_FILING.value, Procedure.PROVINCIAL_REVIEW.value):
        return None
    return Procedure.DEPARTMENTAL if declarer_tier is Tier.PROVINCE else Procedure(route)
