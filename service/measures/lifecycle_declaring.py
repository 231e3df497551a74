"""Needs and the library (arts 8, 9), declaration and gatekeeping (arts 13-15, 23), review to budget (arts 18-20)."""

from __future__ import annotations

from service.measures.lifecycle_rows import (
    APPROVED,
    APPROVER,
    CITY_PEN,
    CLOCK,
    DEPARTMENT,
    DEPARTMENT_OWNER,
    DRC,
    FILER,
    FILING,
    FINANCE,
    GATEKEEPER,
    LOCAL,
    LOCAL_OWNER,
    NO_PEN,
    OFFICE,
    OWNER_PEN,
    PROVINCE_PEN,
    PROVINCIAL,
    REVIEW,
    STARTED,
    Row,
    owners,
)
from service.measures.lifecycle_states import Action as A
from service.measures.lifecycle_states import Holder, Procedure
from service.measures.lifecycle_states import State as S
from service.measures.offices import Tier
from service.measures.organs import Slot, who

_O, _C, _P = Holder.OWNER, Holder.CITY, Holder.PROVINCE
_FRESH = (S.DRAFT, S.RETURNED, S.IN_LIBRARY, S.LAPSED)
_NEED = (S.NEED_DRAFT, S.NEED_RETURNED, S.LAPSED)

# Needs below the limit are never reported: settled in the city's own round (arts 5, 9), they are declared from there.
NEEDS = [
    Row((S.NEED_DRAFT, S.NEED_RETURNED), A.EDIT, LOCAL, None, LOCAL_OWNER, OWNER_PEN, (8, 9)),
    Row((S.NEED_DRAFT, S.NEED_RETURNED), A.EDIT, DEPARTMENT, None, DEPARTMENT_OWNER, OWNER_PEN, (8, 9)),
    Row((S.NEED_DRAFT,), A.DELETE, LOCAL, None, LOCAL_OWNER, OWNER_PEN, (8, 9), removes=True),
    Row((S.NEED_DRAFT,), A.DELETE, DEPARTMENT, None, DEPARTMENT_OWNER, OWNER_PEN, (8, 9), removes=True),
    *owners((S.NEED_RETURNED, S.IN_LIBRARY, S.LAPSED), A.WITHDRAW, S.WITHDRAWN, (8, 9)),
    Row((S.NEED_SUBMITTED,), A.WITHDRAW, LOCAL, S.WITHDRAWN, LOCAL_OWNER, (_C, _O), (9,)),
    Row((S.NEED_GATEKEPT,), A.WITHDRAW, REVIEW, S.WITHDRAWN, LOCAL_OWNER, (_C, _O), (9,)),
    Row((S.NEED_GATEKEPT,), A.WITHDRAW, FILING, S.WITHDRAWN, LOCAL_OWNER, OWNER_PEN, (9,)),
    Row((S.NEED_DRAFT, S.NEED_RETURNED), A.NEED_SUBMIT, FILING, S.NEED_SUBMITTED, LOCAL_OWNER, (_O, _C), (9, 5),
        ("not_split",)),
    Row((S.NEED_SUBMITTED,), A.NEED_GATEKEEP, FILING, S.NEED_GATEKEPT, GATEKEEPER, (_C, _O), (9, 5)),
    Row((S.NEED_SUBMITTED,), A.NEED_RETURN, FILING, S.NEED_RETURNED, GATEKEEPER, (_C, _O), (9, 5)),
    Row((S.NEED_GATEKEPT,), A.EDIT, FILING, None, LOCAL_OWNER, OWNER_PEN, (15,)),
    Row((S.NEED_GATEKEPT,), A.SUBMIT, FILING, S.SUBMITTED, LOCAL_OWNER, (_O, _C), (13, 14, 15), ("not_split",)),
    Row((S.NEED_REPORTED,), A.WITHDRAW, REVIEW, S.WITHDRAWN, LOCAL_OWNER, (_P, _O), (9, 18), ("not_appraised",)),
    Row((S.NEED_REPORTED,), A.WITHDRAW, DEPARTMENT, S.WITHDRAWN, DEPARTMENT_OWNER, (_P, _O), (8, 18),
        ("not_appraised",)),
    Row(_NEED, A.NEED_SUBMIT, REVIEW, S.NEED_SUBMITTED, LOCAL_OWNER, (_O, _C), (9,), ("not_split",)),
    Row((S.NEED_SUBMITTED,), A.NEED_GATEKEEP, REVIEW, S.NEED_GATEKEPT, GATEKEEPER, CITY_PEN, (9,)),
    Row((S.NEED_SUBMITTED, S.NEED_GATEKEPT), A.NEED_RETURN, REVIEW, S.NEED_RETURNED, GATEKEEPER, (_C, _O), (9,)),
    Row((S.NEED_GATEKEPT,), A.NEED_REPORT, REVIEW, S.NEED_REPORTED, GATEKEEPER, (_C, _P), (9,)),
    Row(_NEED, A.NEED_REPORT, DEPARTMENT, S.NEED_REPORTED, DEPARTMENT_OWNER, (_O, _P), (8,), ("not_split",)),
    Row((S.NEED_REPORTED, S.APPRAISED), A.NEED_REJECT, PROVINCIAL, S.NEED_RETURNED, OFFICE, (_P, _O), (8, 9)),
    Row((S.NEED_REPORTED,), A.APPRAISE, PROVINCIAL, S.APPRAISED, (*OFFICE, "province.agency"), PROVINCE_PEN,
        (8, 9, 18), ("appraisal_passed",)),
    Row((S.APPRAISED,), A.ENTER_LIBRARY, PROVINCIAL, S.IN_LIBRARY, OFFICE, (_P, _O), (8, 9), ("appraisal_passed",)),
    # Two years over, the need may be reported anew from the start (R6).
    # Nobody does this by hand: the worker does, on the day.
    Row((S.IN_LIBRARY,), A.LAPSE, PROVINCIAL, S.LAPSED, CLOCK, OWNER_PEN, (8, 9), ("entry_expired",)),
    # Art. 8: the library is kept dynamically; what goes out before its time goes back with the reason.
    Row((S.IN_LIBRARY,), A.REMOVE_ENTRY, PROVINCIAL, S.NEED_RETURNED, OFFICE, OWNER_PEN, (8, 9), ("entry_stands",)),
    Row((S.NEED_REPORTED, S.APPRAISED, S.WITH_PROVINCE), A.AGREE_FRAMEWORK, PROVINCIAL, None,
        who(Tier.PROVINCE, Slot.INFO_CENTRE), PROVINCE_PEN, (12,)),
    # Where the city approves, its own centre (arts 5, 12, R48).
    Row((S.SUBMITTED, S.GATEKEPT), A.AGREE_FRAMEWORK, FILING, None, who(Tier.CITY, Slot.INFO_CENTRE), CITY_PEN,
        (12, 5)),
]  # fmt: skip

# A split that nobody confirmed cannot be cleared.
_SPLIT: tuple[tuple[A, tuple[str, ...]], ...] = ((A.CONFIRM_SPLIT, ()), (A.CLEAR_SPLIT, ("split_confirmed",)))

DECLARATION = [
    Row(_FRESH, A.EDIT, LOCAL, None, LOCAL_OWNER, OWNER_PEN, (15,)),
    Row(_FRESH, A.EDIT, DEPARTMENT, None, DEPARTMENT_OWNER, OWNER_PEN, (15,)),
    Row((S.DRAFT,), A.DELETE, LOCAL, None, LOCAL_OWNER, OWNER_PEN, (15,), removes=True),
    Row((S.DRAFT,), A.DELETE, DEPARTMENT, None, DEPARTMENT_OWNER, OWNER_PEN, (15,), removes=True),
    *owners((S.RETURNED,), A.WITHDRAW, S.WITHDRAWN, (14,)),
    *owners((*_FRESH, S.NEED_DRAFT, S.NEED_RETURNED), A.TAG_PRIORITY, None, (16,)),
    *owners((*_FRESH, S.NEED_DRAFT, S.NEED_RETURNED), A.LINK_PLAN, None, (7, 10)),
    Row(_FRESH, A.SUBMIT, LOCAL, S.SUBMITTED, LOCAL_OWNER, (_O, _C), (13, 14, 15), ("not_split",)),
    Row(_FRESH, A.SUBMIT, DEPARTMENT, S.WITH_PROVINCE, DEPARTMENT_OWNER, (_O, _P), (13, 14, 15), ("not_split",)),
    # Until the city's desk has decided, the owner may take back what it sent: the pen is still the city's.
    Row((S.SUBMITTED,), A.WITHDRAW, LOCAL, S.WITHDRAWN, LOCAL_OWNER, (_C, _O), (14,)),
    # Nothing in the text holds the owner to it before it is appraised (art. 18), wherever it lies (R37).
    Row((S.GATEKEPT,), A.WITHDRAW, LOCAL, S.WITHDRAWN, LOCAL_OWNER, (_C, _O), (14, 18), ("not_appraised",)),
    Row((S.WITH_PROVINCE,), A.WITHDRAW, REVIEW, S.WITHDRAWN, LOCAL_OWNER, (_P, _O), (14, 18), ("not_appraised",)),
    Row((S.WITH_PROVINCE,), A.WITHDRAW, DEPARTMENT, S.WITHDRAWN, DEPARTMENT_OWNER, (_P, _O), (14, 18),
        ("not_appraised",)),
    Row((S.SUBMITTED,), A.GATEKEEP_PASS, LOCAL, S.GATEKEPT, GATEKEEPER, CITY_PEN, (9, 23), ("not_split",)),
    Row((S.SUBMITTED, S.GATEKEPT), A.GATEKEEP_RETURN, LOCAL, S.RETURNED, GATEKEEPER, (_C, _O), (9, 23)),
    Row((S.IN_JOINT_REVIEW, S.LEADING_GROUP_DECIDED), A.GATEKEEP_RETURN, FILING, S.RETURNED, GATEKEEPER,
        (_C, _O), (5, 19)),
    # The mark of a confirmed split needs no pen; on the city's route the province has no desk (art. 23), so what it
    # confirms there is left on the case by the city's own worker (service/suspicions).
    *[row
      for act, gates in _SPLIT
      for row in (
          Row((S.SUBMITTED, S.GATEKEPT, S.RETURNED), act, FILING, None, GATEKEEPER, NO_PEN, (8,), gates),
          Row((S.SUBMITTED, S.GATEKEPT, S.NEED_SUBMITTED, S.NEED_GATEKEPT), act, REVIEW, None, GATEKEEPER, NO_PEN,
              (8,), gates),
          Row((S.RETURNED, S.NEED_RETURNED), act, REVIEW, None, (*GATEKEEPER, *OFFICE), NO_PEN, (8,), gates),
          Row((S.RETURNED, S.NEED_RETURNED), act, DEPARTMENT, None, OFFICE, NO_PEN, (8,), gates),
          Row((S.WITH_PROVINCE, S.NEED_REPORTED), act, PROVINCIAL, None, OFFICE, PROVINCE_PEN, (8,), gates),
      )],
    # Art. 13: the approval is what building waits for, so the pen is the owner's again; the filing waits for nobody.
    # Art. 12: a framework first, then the approval.
    Row((S.GATEKEPT,), A.APPROVE, FILING, S.CITY_APPROVED, APPROVER, (_C, _O), (23, 5),
        ("not_split", "city_review_done", "framework_agreed")),
    Row((S.LEADING_GROUP_DECIDED,), A.APPROVE, FILING, S.CITY_APPROVED, APPROVER, (_C, _O), (23, 5, 20),
        ("not_split", "city_review_done", "leading_group_agreed")),
    # Art. 23: a fact beside the state; what is built already is filed late, and never refused.
    Row((S.CITY_APPROVED,), A.FILE, FILING, S.FILED, FILER, NO_PEN, (23,), ("not_filed",)),
    Row(STARTED, A.FILE, FILING, None, FILER, NO_PEN, (23,), ("not_filed",)),
    # What was filed and has been changed since is told too (R27).
    Row((S.FILED, *STARTED), A.FILE_SUPPLEMENT, FILING, None, FILER, NO_PEN, (23,), ("supplement_owed",)),
    # An approval that nobody has filed is asked about at any time (R31); a filing has its own queries.
    Row((S.CITY_APPROVED, *STARTED), A.QUERY_APPROVAL, FILING, None, OFFICE, NO_PEN, (39, 23), ("not_filed",)),
    Row((S.CITY_APPROVED, S.FILED, *STARTED), A.ANSWER_QUERY, FILING, None, GATEKEEPER, NO_PEN, (39,),
        ("query_waits",)),
    Row((S.GATEKEPT,), A.HAND_OVER, REVIEW, S.WITH_PROVINCE, GATEKEEPER, (_C, _P), (9, 23), ("not_split",)),
]  # fmt: skip


def _review(procedures: tuple[Procedure, ...], tier: Tier, desk: Holder, ready: S) -> list[Row]:
    """Arts 18, 19: one code for the province's review and a city's own (R5); `ready` is where review begins."""
    pen = (desk, desk)
    office = who(tier, Slot.GENERAL_OFFICE)
    agency = who(tier, Slot.AGENCY)
    secretary = who(tier, Slot.LEADING_GROUP)
    appraisable = (ready,) if tier is Tier.CITY else (S.NEED_REPORTED, ready)
    return [
        Row(appraisable, A.COMMISSION_APPRAISAL, procedures, None, office, pen, (18,), ("no_appraisal_underway",)),
        Row(appraisable, A.CONCLUDE_APPRAISAL, procedures, None, agency, pen, (18,), ("appraisal_underway",)),
        Row((ready,), A.OPEN_JOINT_REVIEW, procedures, S.IN_JOINT_REVIEW, office, pen, (18, 19),
            ("appraisal_passed", "framework_agreed", "not_split")),
        Row((S.IN_JOINT_REVIEW,), A.CLOSE_JOINT_REVIEW, procedures, None, office, pen, (19,), ("joint_review_open",)),
        Row((S.IN_JOINT_REVIEW,), A.RECORD_LEADING_GROUP, procedures, S.LEADING_GROUP_DECIDED, secretary, pen, (19,),
            ("appraisal_passed", "joint_review_agreed")),
    ]  # fmt: skip


_FUNDING = ("affordable", "not_deferred")
_FUNDED = (S.IN_JOINT_REVIEW, S.LEADING_GROUP_DECIDED, *APPROVED, *STARTED)
REVIEWING = [
    *_review(FILING, Tier.CITY, Holder.CITY, S.GATEKEPT),
    *_review(PROVINCIAL, Tier.PROVINCE, Holder.PROVINCE, S.WITH_PROVINCE),
    Row((S.WITH_PROVINCE, S.IN_JOINT_REVIEW, S.LEADING_GROUP_DECIDED), A.PROVINCE_RETURN, PROVINCIAL, S.RETURNED,
        OFFICE, (_P, _O), (18, 19)),
    # law.md, trap 12: after a provincial approval the pen is the owner's again.
    Row((S.LEADING_GROUP_DECIDED,), A.PROVINCE_APPROVE, PROVINCIAL, S.APPROVED, DRC, (_P, _O), (18, 20),
        ("appraisal_passed", "leading_group_agreed", "not_split")),
    # Provincial funds by the province's treasury, a city's share by the city's own (art. 34).
    Row((S.APPROVED,), A.ISSUE_BUDGET, REVIEW, S.BUDGETED, (*FINANCE, "city.finance"), NO_PEN, (20, 9, 18, 34),
        ("appraisal_passed", *_FUNDING)),
    Row((S.APPROVED,), A.ISSUE_BUDGET, DEPARTMENT, S.BUDGETED, FINANCE, NO_PEN, (20, 9, 18, 34),
        ("appraisal_passed", *_FUNDING)),
    # The budget follows the approval however far the project has come meanwhile (art. 20).
    Row((S.APPROVED, S.BUDGETED, *STARTED), A.ISSUE_SHARE, REVIEW, None, (*FINANCE, "city.finance"), NO_PEN,
        (34, 9, 20), ("appraisal_passed", *_FUNDING)),
    Row((S.APPROVED, S.BUDGETED, *STARTED), A.ISSUE_SHARE, DEPARTMENT, None, FINANCE, NO_PEN, (34, 9, 20),
        ("appraisal_passed", *_FUNDING)),
    Row((S.CITY_APPROVED, S.FILED, *STARTED), A.ISSUE_SHARE, FILING, None, ("city.finance",), NO_PEN, (34, 5, 9),
        _FUNDING),
    # Each organ that funds says what its own budget can afford (arts 9, 34), also while shares are still given out.
    Row((S.GATEKEPT, *_FUNDED), A.ASSESS_AFFORDABILITY, FILING, None, ("city.finance",), NO_PEN, (9,)),
    Row((S.WITH_PROVINCE, *_FUNDED), A.ASSESS_AFFORDABILITY, REVIEW, None, (*FINANCE, "city.finance"), NO_PEN,
        (9, 34)),
    Row((S.WITH_PROVINCE, *_FUNDED), A.ASSESS_AFFORDABILITY, DEPARTMENT, None, FINANCE, NO_PEN, (9,)),
]  # fmt: skip
