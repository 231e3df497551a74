"""Which operation does an act of a case, and which operations on a case are no act that its `actions` tell.

A test holds both complete: every unsafe operation on a project is an act told, or stands here with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.measures import side_acts as beside
from service.measures.lifecycle_states import Action as A

# Acts whose operation is called otherwise than the act; all others are `<tag>_<act>`, by their tag.
_TAGS: Mapping[str, tuple[A, ...]] = {
    "projects": (A.EDIT, A.DELETE, A.SUBMIT, A.WITHDRAW, A.GATEKEEP_PASS, A.GATEKEEP_RETURN, A.HAND_OVER,
                 A.PROVINCE_RETURN),
    "filings": (A.APPROVE, A.FILE, A.FILE_SUPPLEMENT, A.QUERY_APPROVAL, A.ANSWER_QUERY),
    "needs": (A.TAG_PRIORITY,),
    "delivery": (A.NAME_RESPONSIBLE, A.RECORD_REGIME, A.RECORD_SUPERVISION, A.RECORD_PROCUREMENT, A.RECORD_CONTRACT,
                 A.RECORD_CERTIFICATE, A.RECORD_FORCE_MAJEURE, A.END_FORCE_MAJEURE, A.DECIDE_FORCE_MAJEURE, A.START,
                 A.REPORT_PERFORMANCE, A.REPORT_INCIDENT, A.REQUEST_CHANGE, A.DECIDE_CHANGE, A.APPLY_END,
                 A.REFUSE_END, A.AGREE_END, A.END_TERM),
    "reviews": (A.PROVINCE_APPROVE,),
    "funding": (A.SET_FUNDING, A.RECORD_PAYMENT, A.REVERSE_PAYMENT, A.RETURN_SURPLUS, A.RECALL_FUNDS),
    "acceptance": (A.BEGIN_TRIAL_RUN, A.FINAL_INSPECT, A.CONFIRM_DATA, A.CONFIRM_CRYPTO, A.REQUEST_EXTENSION,
                   A.DECIDE_EXTENSION, A.APPLY_ACCEPTANCE, A.RETURN_ACCEPTANCE, A.REPORT_DELEGATED, A.ACCEPT,
                   A.FILE_ACCEPTANCE, A.RECORD_OPERATION),
    "evaluation": (A.EVALUATE, A.SCORE, A.RETIRE),
    "orders": (A.ORDER_RECTIFICATION, A.ANSWER_ORDER, A.CLOSE_ORDER, A.CRITICISE, A.DEFER_FUNDS, A.LIFT_DEFERRAL,
               A.SUSPEND, A.RESUME, A.RESUME_TRIAL_RUN, A.RESUME_ACCEPTANCE, A.TERMINATE),
}  # fmt: skip
OPERATIONS: Mapping[str, str] = {
    **{act.value: f"{tag}_{act.value}" for tag, acts in _TAGS.items() for act in acts},
    A.LINK_PLAN: "plans_link",
    A.CONFIRM_SPLIT: "suspicions_confirm",
    A.CLEAR_SPLIT: "suspicions_dismiss",
    A.NEED_SUBMIT: "needs_submit",
    A.NEED_GATEKEEP: "needs_gatekeep",
    A.NEED_RETURN: "needs_give_back",
    A.NEED_REPORT: "needs_report",
    A.NEED_REJECT: "needs_reject",
    A.ENTER_LIBRARY: "library_enter",
    A.REMOVE_ENTRY: "library_remove",
    A.AGREE_FRAMEWORK: "frameworks_conclude",
    A.COMMISSION_APPRAISAL: "reviews_commission",
    A.CONCLUDE_APPRAISAL: "reviews_conclude",
    A.APPRAISE: "reviews_accept",
    A.OPEN_JOINT_REVIEW: "reviews_open_review",
    A.CLOSE_JOINT_REVIEW: "reviews_close_review",
    A.RECORD_LEADING_GROUP: "reviews_leading_group",
    A.ASSESS_AFFORDABILITY: "reviews_affordability",
    A.ISSUE_SHARE: "reviews_budget",
    A.ISSUE_BUDGET: "reviews_budget",
    A.CORRECT_APPROVAL: "filings_correct",
    A.DELEGATE_ACCEPTANCE: "acceptance_delegate",
    A.GIVE_ACCEPTANCE_OPINION: "acceptance_give_opinion",
    A.PROPOSE_MAINTENANCE: "evaluation_propose",
    beside.DRAW: "reviews_draw",
    beside.OPINION: "reviews_opine",
    beside.OPEN_FRAMEWORK: "frameworks_create",
    beside.EDIT_FRAMEWORK: "frameworks_edit",
    beside.SIGN_FRAMEWORK: "frameworks_sign",
    beside.INVITE: "links_invite",
    beside.SET_STANDARD: "links_set_standard",
    beside.CHECK_REUSE: "projects_reuse_check",
    beside.UPLOAD: "documents_upload",
}
UNTOLD: Mapping[str, str] = {
    "reviews_recuse": "it is done on a seat of the panel, which the appraisal tells",
}
# Acts that no operation does.
BY_NOBODY: Mapping[str, str] = {A.LAPSE: "the clock lets an entry lapse on its day (art. 9)"}
