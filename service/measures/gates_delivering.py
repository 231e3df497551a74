"""Gates of building, acceptance and money (arts 20, 24, 27, 29, 30, 32, 38, 40), and the days some of them turn on.

Those of orders and of what follows them (art. 41) stand in gates_orders.py.
"""

from __future__ import annotations

from datetime import date

from service.measures.acceptance import evaluation_window, trial_run_ends
from service.measures.citations import chinese_number
from service.measures.gated_case import GatedCase, gate
from service.measures.hindrance import lasting, pending, start_due
from service.measures.periods import IN_FORCE, add_months


@gate("within_budget", 38)
def _within_budget(s: GatedCase) -> str | None:
    return None if s.fact("budget") else "尚未下达经费预算"


@gate("half_year_over", 29)
def _half_year_over(s: GatedCase) -> str | None:
    """Art. 29, R7, R28: half a year after the approval, later by what was found to be force majeure."""
    approved = s.day("approved")
    if approved is None:
        return "尚无批复日期"
    if s.maintenance:
        return "运维类项目没有开工建设的期限（解释口径R30）"
    due = start_due(approved, s.figure("start.months_after_approval", 6), s.fact("force_majeure"), s.on)
    if due < IN_FORCE:  # art. 45, R33: what ran out before the Measures is not taken back by them
        return f"批复后的开工期限 {due.isoformat()} 届满于本办法施行之前，不按本办法收回（解释口径R33）"
    return None if s.on > due else f"批复后的开工期限到 {due.isoformat()} 为止，尚未届满"


@gate("building_project", 30)
def _building_project(s: GatedCase) -> str | None:
    return "运维类项目不经试运行、终验和竣工验收，期满后评价（解释口径R30）" if s.maintenance else None


@gate("maintenance_project", 27)
def _maintenance_project(s: GatedCase) -> str | None:
    return None if s.maintenance else "本项目不是运维类项目"


@gate("upkeep_begun", 36)
def _upkeep_begun(s: GatedCase) -> str | None:
    """Arts 32, 36, R30: maintenance runs from its start; what is being built has no upkeep before its acceptance."""
    return None if s.maintenance else "建设类项目竣工验收以后，方可提出运维预算建议"


@gate("hindrance_claimed", 29)
def _hindrance_claimed(s: GatedCase) -> str | None:
    return None if pending(s.fact("force_majeure")) else "没有等待认定的不可抗力主张"


@gate("hindrance_lasts", 29)
def _hindrance_lasts(s: GatedCase) -> str | None:
    return None if lasting(s.fact("force_majeure")) else "没有正在持续的不可抗力"


@gate("trial_run_over", 30)
def _trial_run_over(s: GatedCase) -> str | None:
    """Art. 30, R44: six months of trial run, less the time the project stood suspended."""
    due = trial_run_end(s)
    if due is None:
        return "尚未开始试运行"
    months = chinese_number(s.figure("trial_run.months", 6))
    return None if s.on >= due else f"试运行须满{months}个月，至 {due.isoformat()}"


def trial_run_end(s: GatedCase) -> date | None:
    """Art. 30: when the trial run of a case is over; None while it has not begun."""
    begun = s.day("trial_run")
    if begun is None:
        return None
    return trial_run_ends(begun, s.figure("trial_run.months", 6), s.fact("suspended"), s.on)


def evaluation_days(s: GatedCase) -> tuple[date, date] | None:
    """Art. 40: first and last day of the self-evaluation; None before acceptance and operation."""
    accepted, operating = s.day("accepted"), s.day("operation")
    if accepted is None or operating is None or s.maintenance:
        return None
    months = s.figure("evaluation.from_months", 6), s.figure("evaluation.until_months", 12)
    return evaluation_window(accepted, operating, *months)


@gate("data_confirmed", 30)
def _data_confirmed(s: GatedCase) -> str | None:
    fact = s.fact("data_confirmed")
    if not fact:
        return "数据共享情况尚未经数据资源管理部门确认"
    return None if fact.get("passed") else "数据共享情况确认没有通过"


@gate("crypto_confirmed", 30)
def _crypto_confirmed(s: GatedCase) -> str | None:
    fact = s.fact("crypto_confirmed")
    if not fact:
        return "安全可靠和密码应用情况尚未经密码管理部门确认"
    return None if fact.get("passed") else "安全可靠和密码应用情况确认没有通过"


@gate("data_unconfirmed", 30)
def _data_unconfirmed(s: GatedCase) -> str | None:
    """Art. 30: confirmed before the acceptance; only what never was, or failed, is still to be confirmed after it."""
    return "数据共享情况已经确认通过" if s.fact("data_confirmed").get("passed") else None


@gate("crypto_unconfirmed", 30)
def _crypto_unconfirmed(s: GatedCase) -> str | None:
    return "安全可靠和密码应用情况已经确认通过" if s.fact("crypto_confirmed").get("passed") else None


def of_before(s: GatedCase) -> bool:
    """Art. 45: accepted before the Measures were in force, by rules that asked for no confirmation (R33)."""
    accepted = s.day("accepted")
    return accepted is not None and accepted < IN_FORCE


@gate("data_not_barred", 30)
def _data_not_barred(s: GatedCase) -> str | None:
    """Art. 30: money is barred by a confirmation that failed, and by none where the Measures asked for one."""
    if s.maintenance or (of_before(s) and not s.fact("data_confirmed")):
        return None
    return _data_confirmed(s)


@gate("crypto_not_barred", 30)
def _crypto_not_barred(s: GatedCase) -> str | None:
    if s.maintenance or (of_before(s) and not s.fact("crypto_confirmed")):
        return None
    return _crypto_confirmed(s)


@gate("evaluation_not_owed", 40)
def _evaluation_not_owed(s: GatedCase) -> str | None:
    """Arts 40, 45: whoever's twelve months were over before the Measures owes no self-evaluation."""
    accepted = s.day("accepted")
    if accepted is None:
        return "尚未竣工验收"
    later = max(accepted, s.day("operation") or accepted)
    until = add_months(later, s.figure("evaluation.until_months", 12))
    return None if until < IN_FORCE else "尚未开展绩效自评"


@gate("acceptance_agreed", 32)
def _acceptance_agreed(s: GatedCase) -> str | None:
    """Art. 32: the accepting organ decides together with the two others."""
    opinions = s.fact("acceptance_opinions").get("slots") or {}
    lacking = [slot for slot in ("general_office", "finance") if slot not in opinions]
    if lacking:
        return "参与验收的机构意见尚未齐全"
    return None if all(opinions.values()) else "有机构不同意通过验收"


@gate("evaluation_open", 40)
def _evaluation_open(s: GatedCase) -> str | None:
    """Art. 40: from six months after the later of acceptance and operation."""
    if s.maintenance:
        return None
    window = evaluation_days(s)
    if window is None:
        return "须通过竣工验收并投入运行后方可自评"
    return None if s.on >= window[0] else f"自评自 {window[0].isoformat()} 起"


@gate("change_asked", 20)
def _change_asked(s: GatedCase) -> str | None:
    return None if s.fact("change").get("open") else "没有等待决定的变更申请"


@gate("change_settled", 24)
def _change_settled(s: GatedCase) -> str | None:
    return "已有一项变更申请等待决定" if s.fact("change").get("open") else None


@gate("extension_asked", 30)
def _extension_asked(s: GatedCase) -> str | None:
    return None if s.fact("extension_request").get("open") else "没有等待答复的延期申请"


@gate("extension_answered", 30)
def _extension_answered(s: GatedCase) -> str | None:
    return "已有一项延期申请等待答复" if s.fact("extension_request").get("open") else None


@gate("end_asked", 20)
def _end_asked(s: GatedCase) -> str | None:
    return None if s.fact("end_request").get("open") else "项目单位没有提出终止申请"


@gate("end_answered", 4)
def _end_answered(s: GatedCase) -> str | None:
    return "项目单位的终止申请正在等待决定" if s.fact("end_request").get("open") else None


@gate("paid", 38)
def _paid(s: GatedCase) -> str | None:
    return None if s.fact("payments").get("paid_fen") else "没有可以冲回的支付"


@gate("surplus_left", 38)
def _surplus_left(s: GatedCase) -> str | None:
    """Art. 38: something was issued that is neither spent nor given back."""
    issued, moved_ = s.fact("budget").get("issued_fen") or 0, s.fact("payments")
    gone = (moved_.get("paid_fen") or 0) + (moved_.get("returned_fen") or 0)
    return None if issued > gone else "没有应退回的结余资金"


@gate("surplus_settled", 38)
def _surplus_settled(s: GatedCase) -> str | None:
    """Art. 38: a project does not end with money that was issued and neither spent nor given back."""
    return "尚有结余资金没有退回" if _surplus_left(s) is None else None


@gate("acceptance_not_filed", 32)
def _acceptance_not_filed(s: GatedCase) -> str | None:
    return "竣工验收已经备案" if s.fact("acceptance_filed") else None
