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
# Acts that no `deed` declares: they begin by a decision, not by asking the table, or are none of the table.
_ELSEWHERE: dict[str, str] = {
    A.EDIT: "projects_edit",
    A.DELETE: "projects_delete",
    A.SUBMIT: "projects_submit",
    A.HAND_OVER: "projects_hand_over",
    A.APPROVE: "filings_approve",
    A.FILE: "filings_file",
    A.FILE_SUPPLEMENT: "filings_file_supplement",
    A.CONFIRM_SPLIT: "suspicions_confirm",
    A.CLEAR_SPLIT: "suspicions_dismiss",
    A.NEED_SUBMIT: "needs_submit",
    A.NEED_REPORT: "needs_report",
    A.ENTER_LIBRARY: "library_enter",
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
