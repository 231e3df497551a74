"""Building (arts 13, 24-29, 31, 33-35, 38), acceptance and after (arts 30, 32, 36, 37, 40), orders (art. 41)."""

from __future__ import annotations

from service.measures.lifecycle_rows import (
    AFTER,
    APPROVED,
    CLOSING,
    DEPARTMENT,
    DEPARTMENT_OWNER,
    FILING,
    FINANCE,
    LOCAL,
    LOCAL_OWNER,
    NO_PEN,
    REVIEW,
    RUNNING,
    STARTED,
    Row,
    organs,
    owners,
)
from service.measures.lifecycle_states import Action as A
from service.measures.lifecycle_states import Holder, Procedure
from service.measures.lifecycle_states import State as S
from service.measures.offices import Tier
from service.measures.organs import SUPERVISING, THREE, Slot, who

_O, _C, _P = Holder.OWNER, Holder.CITY, Holder.PROVINCE
_LIVE = (*APPROVED, *RUNNING)
_FINISHED = (S.TERM_ENDED, S.FINAL_INSPECTED, *AFTER)
_BUILT = (*_LIVE, S.TERM_ENDED, *CLOSING, *AFTER)
_ENDABLE = (*_LIVE, S.FINAL_INSPECTED, S.SUSPENDED)
# What is stopped is put right meanwhile (art. 41), and what is put right is told (art. 39).
_KEPT = (*_BUILT, S.SUSPENDED)

BUILDING = [
    *owners((*_LIVE, S.SUSPENDED, S.FINAL_INSPECTED), A.NAME_RESPONSIBLE, None, (24,)),
    *owners(_KEPT, A.RECORD_REGIME, None, (24,), pen=NO_PEN),
    *owners((*_LIVE, S.SUSPENDED), A.RECORD_SUPERVISION, None, (26,)),
    # Recorded whatever its date: refusing would teach lying (art. 39); an early one is a finding (art. 13).
    *owners(_KEPT, A.RECORD_PROCUREMENT, None, (24, 31), pen=NO_PEN),
    *owners(_KEPT, A.RECORD_CONTRACT, None, (13, 24, 31), pen=NO_PEN),
    *owners(_KEPT, A.RECORD_CERTIFICATE, None, (25,), pen=NO_PEN),
    *owners(APPROVED, A.RECORD_FORCE_MAJEURE, None, (29,)),
    # Art. 13 asks for the approval; who is not named yet and what is not filed yet are findings (arts 23, 24).
    *owners(APPROVED, A.START, S.STARTED, (13, 24)),
    # Art. 27 asks for every year of building; a report that is late is still to come, whoever has the pen by then.
    *owners(STARTED, A.REPORT_PERFORMANCE, None, (27,), pen=NO_PEN),
    *owners((*RUNNING, *CLOSING, S.SUSPENDED), A.REPORT_INCIDENT, None, (28,), pen=NO_PEN),
    *owners(_LIVE, A.REQUEST_CHANGE, None, (13, 24), ("change_settled",)),
    # What was asked while building is answered, however far the project has come meanwhile.
    *organs(_KEPT, A.DECIDE_CHANGE, None, (Slot.DRC,), (13, 20), ("change_asked",)),
    # A slip in an approval is mended by whoever approved, by an act that takes the place of the first (R36).
    *organs(_KEPT, A.CORRECT_APPROVAL, None, (Slot.DRC,), (20, 23)),
    # Giving up: the owner applies, the approving organ agrees, the money is settled as with any end (R37).
    *owners(_ENDABLE, A.APPLY_END, None, (4, 38), ("end_answered",), pen=NO_PEN),
    *organs(_ENDABLE, A.REFUSE_END, None, (Slot.DRC,), (20, 23), ("end_asked",)),
    *organs(_ENDABLE, A.AGREE_END, S.TERMINATED, (Slot.DRC,), (20, 23, 38), ("end_asked",)),
    *owners(_LIVE, A.SET_FUNDING, None, (33, 34, 35)),
    # Paid of what was issued, be it the whole or a share so far.
    *owners((*APPROVED, *RUNNING, *_FINISHED), A.RECORD_PAYMENT, None, (38,),
            ("within_budget", "not_deferred")),
    # Money that comes back is told at any time, a deferral (art. 41) notwithstanding.
    *owners((*APPROVED, *STARTED), A.REVERSE_PAYMENT, None, (38,),
            ("within_budget", "paid"), pen=NO_PEN),
    *owners(_FINISHED, A.RETURN_SURPLUS, None, (38,), ("within_budget", "surplus_left")),
]  # fmt: skip

ACCEPTANCE = [
    # Maintenance is a service over a term: nothing is tried, inspected and accepted (arts 30, 32), and the window of
    # art. 40 has nothing to run from; its reports, its money and what art. 37 asks stay (R30).
    *owners((*RUNNING, *CLOSING), A.END_TERM, S.TERM_ENDED, (27,), ("maintenance_project",), pen=(None, _O)),
    *owners((S.STARTED,), A.BEGIN_TRIAL_RUN, S.TRIAL_RUN, (30,), ("building_project",)),
    *owners((S.TRIAL_RUN,), A.FINAL_INSPECT, S.FINAL_INSPECTED, (30,), ("trial_run_over",)),
    # R46: by the organs of the tier that approved.
    *organs((S.TRIAL_RUN, *CLOSING), A.CONFIRM_DATA, None, (Slot.DATA,), (30, 11)),
    *organs((S.TRIAL_RUN, *CLOSING), A.CONFIRM_CRYPTO, None, (Slot.CRYPTO,), (30, 25)),
    # What was taken over without its confirmations, or with one that failed, is confirmed where it stands.
    *organs(AFTER, A.CONFIRM_DATA, None, (Slot.DATA,), (30, 11), ("data_unconfirmed",)),
    *organs(AFTER, A.CONFIRM_CRYPTO, None, (Slot.CRYPTO,), (30, 25), ("crypto_unconfirmed",)),
    *owners((S.TRIAL_RUN, S.FINAL_INSPECTED), A.REQUEST_EXTENSION, None, (30,), ("extension_answered",)),
    # A city accepts its own projects, those decided by the province's leading group too (art. 32).
    Row((S.FINAL_INSPECTED,), A.APPLY_ACCEPTANCE, LOCAL, S.ACCEPTANCE_APPLIED, LOCAL_OWNER, (_O, _C), (30,)),
    Row((S.FINAL_INSPECTED,), A.APPLY_ACCEPTANCE, DEPARTMENT, S.ACCEPTANCE_APPLIED, DEPARTMENT_OWNER, (_O, _P), (30,)),
    *[row
      for procedures, tier, desk in ((LOCAL, Tier.CITY, _C), (DEPARTMENT, Tier.PROVINCE, _P))
      for row in (
          # Asked of whoever takes the application, and so granted by it (R35).
          Row((S.TRIAL_RUN, S.SUSPENDED, *CLOSING), A.DECIDE_EXTENSION, procedures, None, who(tier, Slot.DRC),
              NO_PEN, (30,), ("extension_asked",)),
          Row((S.ACCEPTANCE_APPLIED,), A.GIVE_ACCEPTANCE_OPINION, procedures, None,
              who(tier, Slot.GENERAL_OFFICE, Slot.FINANCE), (desk, desk), (32,)),
          Row((S.ACCEPTANCE_APPLIED,), A.ACCEPT, procedures, S.ACCEPTED, who(tier, Slot.DRC), (desk, _O), (30, 32),
              ("data_confirmed", "crypto_confirmed", "acceptance_agreed")),
          Row((S.ACCEPTANCE_APPLIED,), A.RETURN_ACCEPTANCE, procedures, S.FINAL_INSPECTED, who(tier, Slot.DRC),
              (desk, _O), (30, 32)),
          # Delegated acceptance: the owner runs it and reports to all three (art. 32).
          Row((S.ACCEPTANCE_APPLIED,), A.DELEGATE_ACCEPTANCE, procedures, S.ACCEPTANCE_DELEGATED, who(tier, Slot.DRC),
              (desk, _O), (32,)),
          # The owner has the pen then; the organ may still take the matter back to where it was.
          Row((S.ACCEPTANCE_DELEGATED,), A.RETURN_ACCEPTANCE, procedures, S.FINAL_INSPECTED, who(tier, Slot.DRC),
              NO_PEN, (30, 32)),
          # Arts 5, 36: each tier proposes the upkeep of its own. Art. 30 bars money where a confirmation failed; one
          # that the older rules never asked for is a finding on the line (R33).
          Row(AFTER, A.PROPOSE_MAINTENANCE, procedures, None, who(tier, Slot.GENERAL_OFFICE, Slot.DRC), NO_PEN,
              (36, 37), ("data_not_barred", "crypto_not_barred")),
          Row((S.STARTED, S.TERM_ENDED), A.PROPOSE_MAINTENANCE, procedures, None,
              who(tier, Slot.GENERAL_OFFICE, Slot.DRC), NO_PEN, (36, 37), ("upkeep_begun",)),
      )],
    *owners((S.ACCEPTANCE_DELEGATED,), A.REPORT_DELEGATED, S.ACCEPTED, (30, 32),
            ("data_confirmed", "crypto_confirmed")),
    Row(AFTER, A.FILE_ACCEPTANCE, REVIEW, None, ("city.gatekeeper", "city.portal"), NO_PEN, (32,),
        ("acceptance_not_filed",)),
    *owners((*CLOSING, S.ACCEPTED), A.RECORD_OPERATION, None, (30, 40), pen=NO_PEN),
    *owners((S.ACCEPTED,), A.EVALUATE, S.EVALUATED, (40,), ("evaluation_open",)),
    *owners((S.TERM_ENDED,), A.EVALUATE, S.EVALUATED, (27, 36)),
    # The three evaluate by themselves: whoever owes a self-evaluation does not put theirs off by that (art. 40).
    *organs((S.TERM_ENDED, *AFTER), A.SCORE, None, THREE, (40,)),
    # What is retired is touched no more: no money and no order may be left behind.
    *owners((S.EVALUATED,), A.RETIRE, S.RETIRED, (3,), ("surplus_settled", "orders_settled")),
    # A system of before the Measures owes no self-evaluation, so it need not make one up to be retired.
    *owners((S.ACCEPTED,), A.RETIRE, S.RETIRED, (3,), ("evaluation_not_owed", "surplus_settled", "orders_settled")),
]  # fmt: skip

_ORDERED = (*APPROVED, *STARTED)
# Building goes on until the acceptance (art. 32): what is inspected may still be stopped and ended.
_HALTABLE = (*RUNNING, *CLOSING)


def _orders(
    procedures: tuple[Procedure, ...],
    sup: tuple[str, ...],
    treasury: tuple[str, ...],
    declarers: tuple[str, ...],
) -> list[Row]:
    """Arts 29, 41: what organs may order; the pen stays where it is.

    Every supervising organ has all the measures, each after its own order ("各部门按照职责分工": `may_enforce`).
    """
    lapsed = ("order_lapsed", "may_enforce")
    resume = ("order_settled", "may_resume")
    return [
        Row(_ORDERED, A.ORDER_RECTIFICATION, procedures, None, sup, NO_PEN, (41, 40)),
        Row(_ORDERED, A.CLOSE_ORDER, procedures, None, sup, NO_PEN, (41,), ("order_open", "own_order")),
        Row(_ORDERED, A.CRITICISE, procedures, None, sup, NO_PEN, (41,), lapsed),
        Row(_ORDERED, A.DEFER_FUNDS, procedures, None, sup, NO_PEN, (41,), (*lapsed, "not_deferred")),
        Row(_ORDERED, A.LIFT_DEFERRAL, procedures, None, sup, NO_PEN, (41,), ("deferred", "may_lift")),
        Row(_HALTABLE, A.SUSPEND, procedures, S.SUSPENDED, sup, (None, _O), (41,), lapsed),
        Row((S.SUSPENDED,), A.RESUME, procedures, S.STARTED, sup, NO_PEN, (41,), ("suspended_in_building", *resume)),
        Row((S.SUSPENDED,), A.RESUME_TRIAL_RUN, procedures, S.TRIAL_RUN, sup, NO_PEN, (41,),
            ("suspended_in_trial_run", *resume)),
        # What lay with the accepting organ is applied for anew: the papers are no longer those it was given.
        Row((S.SUSPENDED,), A.RESUME_ACCEPTANCE, procedures, S.FINAL_INSPECTED, sup, NO_PEN, (41,),
            ("suspended_in_acceptance", *resume)),
        Row((*APPROVED, *_HALTABLE, S.SUSPENDED), A.TERMINATE, procedures, S.TERMINATED, sup, NO_PEN, (41,), lapsed),
        # Claimed by the owner, found by the organ that takes back; either tells the end, so that none lasts for ever.
        Row(APPROVED, A.DECIDE_FORCE_MAJEURE, procedures, None, treasury, NO_PEN, (29,), ("hindrance_claimed",)),
        Row(APPROVED, A.END_FORCE_MAJEURE, procedures, None, (*declarers, *treasury), NO_PEN, (29,),
            ("hindrance_lasts",)),
        Row(APPROVED, A.RECALL_FUNDS, procedures, S.FUNDS_RECALLED, treasury, NO_PEN, (29,), ("half_year_over",)),
    ]  # fmt: skip


_CITY = who(Tier.CITY, *SUPERVISING)
_PROVINCE = who(Tier.PROVINCE, *SUPERVISING)
# Art. 41 reaches every project: the province's organs may order on a city's own project too.
ORDERS = [
    *_orders(FILING, (*_CITY, *_PROVINCE), ("city.finance", *FINANCE), LOCAL_OWNER),
    *_orders(REVIEW, (*_CITY, *_PROVINCE), (*FINANCE, "city.finance"), LOCAL_OWNER),
    *_orders(DEPARTMENT, _PROVINCE, FINANCE, DEPARTMENT_OWNER),
    *owners(_ORDERED, A.ANSWER_ORDER, None, (39, 41), ("order_open",), pen=NO_PEN),
]
