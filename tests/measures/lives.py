"""A small model of the Measures, written from the articles and not from the lifecycle table.

A life is what was done and when. `unlawful(life, action, who)` names the article that an act would break, or None;
it says nothing about acts the Measures do not order.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.measures.lifecycle import Action as A
from tests.measures.life import Past, months_on

ORDERING = {
    "order_rectification",
    "close_order",
    "criticise",
    "defer_funds",
    "lift_deferral",
    "suspend",
    "resume",
    "resume_trial_run",
    "resume_acceptance",
    "terminate",
    "recall_funds",
    "decide_force_majeure",
    "end_force_majeure",
    "query_approval",
}
OWNERS = {"city.unit", "city.portal", "county.unit", "province.department"}
DECISIVE = {
    "gatekeep_pass",
    "gatekeep_return",
    "approve",
    "hand_over",
    "province_return",
    "province_approve",
    "issue_budget",
    "issue_share",
    "appraise",
    "conclude_appraisal",
    "commission_appraisal",
    "open_joint_review",
    "close_joint_review",
    "record_leading_group",
    "accept",
    "return_acceptance",
    "delegate_acceptance",
    "confirm_data",
    "confirm_crypto",
    "enter_library",
    "score",
    "need_gatekeep",
    "need_reject",
    "need_return",
    "decide_change",
    "decide_force_majeure",
    "decide_extension",
    "correct_approval",
    "agree_end",
    "refuse_end",
    "assess_affordability",
    "give_acceptance_opinion",
    "propose_maintenance",
}


NEED_APPRAISAL = {"open_joint_review", "province_approve", "issue_budget", "enter_library"}


def _sequence(life: Past, act: str) -> int | None:
    """Which must have come before (arts 13, 18-20, 23, 24, 30, 32, 40)."""
    since = "submit"
    if act in NEED_APPRAISAL and life.appraised_for != ("pass", life.text):
        return 18
    if act == "record_leading_group":
        closed = life.last("close_joint_review", since=since)
        if closed is None or not closed[2]:
            return 19
    if act == "province_approve":
        decided = life.last("record_leading_group", since=since)
        if decided is None or decided[2] != "approve":
            return 20
    # Arts 5, 12: whoever builds jointly has one framework first, settled by the deciding tier's own centre.
    settled = life.last("agree_framework", since=since)
    if act in ("open_joint_review", "approve") and life.joint and not settled:
        return 12
    if act == "file" and not life.last("approve", since=since):
        return 23
    if act == "approve" and not life.last("gatekeep_pass", since=since):
        return 23
    if act == "start" and life.approved is None:
        return 13
    if act == "file" and life.day("file"):
        return 23
    if act == "begin_trial_run" and life.day("start") is None:
        return 30
    if act in ("agree_end", "refuse_end", "decide_extension"):
        asking = "request_extension" if act == "decide_extension" else "apply_end"
        answers = ("decide_extension",) if act == "decide_extension" else ("agree_end", "refuse_end")
        asked = life.last(asking, *answers)
        if asked is None or asked[1] != asking:
            return 30 if act == "decide_extension" else 20
    if act == "withdraw" and life.last("open_joint_review", "approve", "province_approve", since="submit"):
        returned = life.last("gatekeep_return", "province_return", since="submit")
        if returned is None:  # reviewed or approved, and not given back: it is no longer the owner's to take
            return 18
    if act == "retire" and life.day("evaluate") is None:
        return 40
    return None


def _money(life: Past, act: str, who: str) -> int | None:
    if act in ("issue_budget", "issue_share"):
        since = max((i for i, entry in enumerate(life.done) if entry[1] == "submit"), default=0)
        mine = who.partition(".")[0]
        said = [
            out[1] for _, name, out in life.done[since:] if name == "assess_affordability" and out[0] == mine
        ]
        if said and not said[-1]:
            return 9
        if life.approved is None:
            return 18
    if act in ("record_payment", "reverse_payment") and not life.last("issue_budget", "issue_share"):
        return 38
    if act in ("record_payment", "issue_budget", "issue_share"):
        latest = life.last("defer_funds", "lift_deferral")
        if latest is not None and latest[1] == "defer_funds":
            return 41
    return None


def _time(life: Past, act: str) -> int | None:
    if act == "final_inspect":
        begun = life.day("begin_trial_run")
        if begun is None or life.today < months_on(begun, 6) + timedelta(days=life.rested):
            return 30
    if act == "recall_funds":
        if life.approved is None or life.day("start"):
            return 29
        if life.today <= life.last_start:
            return 29
    if act == "decide_force_majeure" and life.day("start"):
        return 29
    if act == "evaluate":
        accepted, operating = life.day("accept", "report_delegated"), life.day("record_operation")
        if accepted is None or operating is None or life.today < months_on(max(accepted, operating), 6):
            return 40
    if act in ("accept", "report_delegated"):
        if life.day("final_inspect") is None:
            return 30
        for confirmation in ("confirm_data", "confirm_crypto"):
            found = life.last(confirmation)
            if found is None or not found[2]:
                return 30
    if act in ("suspend", "terminate", "criticise", "defer_funds") and not life.lapsed_order:
        return 41
    return None


def _actors(life: Past, act: str, who: str) -> int | None:
    """Who has no business with it (arts 4, 5, 23; the pen)."""
    if who.endswith(
        (".administrator", ".user", ".expert", ".app_provider", ".security_admin", ".supervisor")
    ):
        return 4
    if act in DECISIVE and who in OWNERS:
        return 4
    if life.departmental and not who.startswith("province."):
        return 8
    if not life.provincial and who.startswith("province.") and act not in ORDERING:
        # Below the limit only filing and arts 23, 39, 41 reach the province.
        return 23
    if act == "province_approve" and who != "province.drc":
        return 20
    if (
        act == "agree_framework"
        and who != f"{'province' if life.provincial or life.departmental else 'city'}.info_centre"
    ):
        return 12
    return None


def unlawful(life: Past, action: A, who: str) -> int | None:
    """The article the act would break now, or None."""
    act = action.value
    if life.last("retire", "terminate", "recall_funds", "withdraw", "agree_end"):
        return 42
    for rule in (_sequence(life, act), _money(life, act, who), _time(life, act), _actors(life, act, who)):
        if rule is not None:
            return rule
    return None


def _after(life: Past, act: str, outcome: Any) -> int | None:
    """Acceptance and what follows it, and orders by number (arts 30, 32, 40, 41)."""
    round_of = "apply_acceptance"
    if act == "apply_acceptance" and life.day("final_inspect") is None:
        return 30
    if act in ("accept", "delegate_acceptance", "give_acceptance_opinion") and life.day(round_of) is None:
        return 30
    if act == "accept":
        said = [entry for entry in life.done if entry[1] in ("give_acceptance_opinion", round_of)]
        start = max((i for i, entry in enumerate(said) if entry[1] == round_of), default=0)
        opinions = dict(entry[2] for entry in said[start:] if isinstance(entry[2], tuple))
        if len(opinions) < 2 or not all(opinions.values()):
            return 32
    if act == "report_delegated" and not life.last("delegate_acceptance", since=round_of):
        return 32
    if act == "file_acceptance" and (
        life.day("file_acceptance") or not life.day("accept", "report_delegated")
    ):
        return 32
    if act == "score" and life.last("accept", "report_delegated", "end_term") is None:
        return 40  # the three evaluate what stands and is used, whether or not its owner has reported on it
    if act in ("criticise", "defer_funds", "suspend", "terminate") and outcome not in life.lapsed_orders:
        return 41
    if act in ("resume", "resume_trial_run", "resume_acceptance"):
        suspended = life.last("suspend")
        closed = [entry[2] for entry in life.done if entry[1] == "close_order"]
        if suspended is None or suspended[2] not in closed:
            return 41
    return None


def unkept(life: Past, action: A, outcome: Any) -> int | None:
    """The article that an act with this outcome would break: what the service keeps by its records, not by the table.

    Amounts are fen; an opinion is (who, agreed); a measure names its order.
    """
    act = action.value
    if act == "conclude_appraisal":
        latest = life.last("commission_appraisal", "conclude_appraisal", "appraise")
        if latest is None or latest[1] != "commission_appraisal":
            return 18
    if act == "close_joint_review" and not life.last("open_joint_review", since="submit"):
        return 19
    if act == "hand_over" and not life.last("gatekeep_pass", since="submit"):
        return 23
    if act == "need_report" and not life.departmental and not life.last("need_gatekeep", since="need_submit"):
        return 9
    if act in ("record_payment", "return_surplus") and outcome > life.left:
        return 38
    approved = life.last("approve", "province_approve")
    issued = life.sum_of("issue_budget", "issue_share")
    if act in ("issue_budget", "issue_share") and (approved is None or issued + outcome > approved[2]):
        return 20
    return _after(life, act, outcome)
