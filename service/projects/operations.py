"""Which operation does an act of a case, and which operations on a case are no act that its `actions` tell.

A test holds both complete: every unsafe operation on a project is an act told, or stands here with its reason.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping

from service.measures import side_acts as beside
from service.measures.lifecycle_states import Action as A

# Filled as the modules are loaded that declare acts (deeds.py).
DECLARED: dict[str, str] = {}
# Acts that no `deed` declares: `<tag>_<act>`, or by name below.
_TAGS: Mapping[str, tuple[A, ...]] = {
    "projects": (A.EDIT, A.DELETE, A.SUBMIT, A.WITHDRAW, A.GATEKEEP_PASS, A.GATEKEEP_RETURN, A.HAND_OVER,
                 A.PROVINCE_RETURN),
    "filings": (A.APPROVE, A.FILE, A.FILE_SUPPLEMENT, A.QUERY_APPROVAL, A.ANSWER_QUERY),
    "needs": (A.TAG_PRIORITY,),
    "reviews": (A.PROVINCE_APPROVE,),
}  # fmt: skip
_ELSEWHERE: dict[str, str] = {
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
OPERATIONS: Mapping[str, str] = ChainMap(DECLARED, _ELSEWHERE)
UNTOLD: Mapping[str, str] = {
    "reviews_recuse": "it is done on a seat of the panel, which the appraisal tells",
}
# Acts that no operation does.
BY_NOBODY: Mapping[str, str] = {A.LAPSE: "the clock lets an entry lapse on its day (art. 9)"}
