"""What must stand before a step may be taken, told from the dated facts that earlier steps left on the case.

A gate is a function Standing → None (open) or the Chinese sentence that says why it is shut. The lifecycle table
names the gates of each transition; nothing else in the system decides whether a step may be taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from service.measures.acceptance import evaluation_window, trial_run_ends
from service.measures.periods import add_months, moved
from service.measures.supervision import lapsed


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as gates read it on a day. `facts`: name → {"on": ISO date, …}; `figures`: rule-book values.

    The names of facts are told in `projects/facts.py`, beside the one function that writes them.
    """

    on: date
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)

    def fact(self, name: str) -> Mapping[str, Any]:
        """The fact, or an empty mapping."""
        return self.facts.get(name) or {}

    def day(self, name: str) -> date | None:
        """The date of a fact, or None while there is none."""
        given = self.fact(name).get("on")
        return date.fromisoformat(given) if given else None

    def figure(self, key: str, default: int) -> int:
        """A period of the rule book; `default` only where a caller has no rule book (tests of the table)."""
        return int(self.figures.get(key, default))


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: its article, and the test."""

    name: str
    article: int
    test: Callable[[Standing], str | None]


GATES: dict[str, Gate] = {}


def _gate(
    name: str, article: int
) -> Callable[[Callable[[Standing], str | None]], Callable[[Standing], str | None]]:
    def note(test: Callable[[Standing], str | None]) -> Callable[[Standing], str | None]:
        GATES[name] = Gate(name, article, test)
        return test

    return note


@_gate("appraisal_passed", 18)
def _appraisal_passed(s: Standing) -> str | None:
    """Art. 18: nothing unappraised is reviewed, approved or funded; R9: unchanged since then."""
    fact = s.fact("appraised")
    if not fact:
        return "尚未论证评估"
    if fact.get("verdict") != "pass":
        return "论证评估没有通过"
    if fact.get("substance") != s.fact("declared").get("substance"):
        return "论证评估之后，金额、类别或内容已有变化，须重新论证评估"
    return None


def _underway(s: Standing) -> bool:
    """Whether an appraisal of what is declared now was commissioned and has no verdict yet."""
    fact = s.fact("appraisal_commissioned")
    if not fact or fact.get("submission") != s.fact("declared").get("submission"):
        return False
    return bool(fact.get("appraisal") != s.fact("appraised").get("appraisal"))


@_gate("appraisal_underway", 18)
def _appraisal_underway(s: Standing) -> str | None:
    """Art. 18: the agency reports on what it was commissioned to appraise, once."""
    return None if _underway(s) else "没有进行中的论证评估"


@_gate("no_appraisal_underway", 18)
def _no_appraisal_underway(s: Standing) -> str | None:
    return "已有进行中的论证评估，不重复委托" if _underway(s) else None


@_gate("city_review_done", 18)
def _city_review_done(s: Standing) -> str | None:
    """Art. 5, R5: a city that asks for its own appraisal or joint review is bound by it."""
    steps = s.figures.get("review.city_steps", "direct")
    if steps == "full" and s.fact("leading_group").get("decision") != "approve":
        return "本市规定须经联合会审和领导小组审定后批复"
    if steps != "direct" or s.fact("appraisal_commissioned"):
        return _appraisal_passed(s)
    return None


@_gate("affordable", 9)
def _affordable(s: Standing) -> str | None:
    """Art. 9: a major government investment without a passed assessment gets no budget."""
    fact = s.fact("affordability")
    if fact and not fact.get("passed"):
        return "财政承受能力评估没有通过，不能安排预算"
    if not fact and s.fact("major_investment").get("major"):
        return "重大政府投资项目尚未进行财政承受能力评估"
    return None


@_gate("framework_agreed", 12)
def _framework_agreed(s: Standing) -> str | None:
    """Art. 12: a department's jointly built project is reviewed on one framework that all have signed."""
    joint = s.fact("declared").get("joint")
    return "跨部门共建项目的框架方案尚未会签" if joint and not s.fact("framework") else None


@_gate("joint_review_open", 19)
def _joint_review_open(s: Standing) -> str | None:
    return "联合会审意见已经汇总" if s.fact("joint_review") else None


@_gate("joint_review_agreed", 19)
def _joint_review_agreed(s: Standing) -> str | None:
    fact = s.fact("joint_review")
    if not fact:
        return "联合会审意见尚未汇总"
    return None if fact.get("agreed") else "联合会审没有形成同意意见"


@_gate("leading_group_agreed", 20)
def _leading_group_agreed(s: Standing) -> str | None:
    return None if s.fact("leading_group").get("decision") == "approve" else "领导小组没有审定同意"


@_gate("not_split", 8)
def _not_split(s: Standing) -> str | None:
    """Art. 8: similar projects are not declared in parts."""
    return "已确认属于拆分申报，须合并后再办理" if s.fact("split").get("confirmed") else None


@_gate("not_deferred", 41)
def _not_deferred(s: Standing) -> str | None:
    return "因整改逾期，资金安排已暂缓" if s.fact("deferral").get("in_force") else None


@_gate("responsible_named", 24)
def _responsible_named(s: Standing) -> str | None:
    return None if s.fact("responsible") else "尚未确定项目实施机构和项目责任人"


@_gate("within_budget", 38)
def _within_budget(s: Standing) -> str | None:
    return None if s.fact("budget") else "尚未下达经费预算"


@_gate("half_year_over", 29)
def _half_year_over(s: Standing) -> str | None:
    """Art. 29, R7: half a year after the approval, less the time force majeure lasted."""
    approved = s.day("approved")
    if approved is None:
        return "尚无批复日期"
    force = s.fact("force_majeure")
    if force and (not force.get("until") or date.fromisoformat(force["until"]) >= s.on):
        return "不可抗力期间，不收回资金"
    due = add_months(approved, s.figure("start.months_after_approval", 6))
    if force:
        due += timedelta(days=force.get("earlier_days") or 0)
        due = moved(
            due, approved, [(date.fromisoformat(force["on"]), date.fromisoformat(force["until"]))], s.on
        )
    return None if s.on > due else f"批复后的开工期限到 {due.isoformat()} 为止，尚未届满"


@_gate("trial_run_over", 30)
def _trial_run_over(s: Standing) -> str | None:
    """Art. 30: six months of trial run, less the time the project stood suspended."""
    due = trial_run_end(s)
    if due is None:
        return "尚未开始试运行"
    return None if s.on >= due else f"试运行须满六个月，至 {due.isoformat()}"


def trial_run_end(s: Standing) -> date | None:
    """Art. 30: when the trial run of a case is over; None while it has not begun."""
    begun = s.day("trial_run")
    if begun is None:
        return None
    return trial_run_ends(begun, s.figure("trial_run.months", 6), s.fact("suspended"), s.on)


def evaluation_days(s: Standing) -> tuple[date, date] | None:
    """Art. 40: first and last day of the self-evaluation; None before acceptance and operation."""
    accepted, operating = s.day("accepted"), s.day("operation")
    if accepted is None or operating is None:
        return None
    months = s.figure("evaluation.from_months", 6), s.figure("evaluation.until_months", 12)
    return evaluation_window(accepted, operating, *months)


@_gate("data_confirmed", 30)
def _data_confirmed(s: Standing) -> str | None:
    fact = s.fact("data_confirmed")
    if not fact:
        return "数据共享情况尚未经数据资源管理部门确认"
    return None if fact.get("passed") else "数据共享情况确认没有通过"


@_gate("crypto_confirmed", 30)
def _crypto_confirmed(s: Standing) -> str | None:
    fact = s.fact("crypto_confirmed")
    if not fact:
        return "安全可靠和密码应用情况尚未经密码管理部门确认"
    return None if fact.get("passed") else "安全可靠和密码应用情况确认没有通过"


@_gate("acceptance_agreed", 32)
def _acceptance_agreed(s: Standing) -> str | None:
    """Art. 32: the accepting organ decides together with the two others."""
    opinions = s.fact("acceptance_opinions").get("slots") or {}
    lacking = [slot for slot in ("general_office", "finance") if slot not in opinions]
    if lacking:
        return "参与验收的机构意见尚未齐全"
    return None if all(opinions.values()) else "有机构不同意通过验收"


@_gate("evaluation_open", 40)
def _evaluation_open(s: Standing) -> str | None:
    """Art. 40: from six months after the later of acceptance and operation."""
    window = evaluation_days(s)
    if window is None:
        return "须通过竣工验收并投入运行后方可自评"
    return None if s.on >= window[0] else f"自评自 {window[0].isoformat()} 起"


@_gate("order_lapsed", 41)
def _order_lapsed(s: Standing) -> str | None:
    """Art. 41: measures follow an order that lapsed or was answered in vain."""
    orders = (s.fact("orders").get("open") or {}).values()
    if not orders:
        return "没有未完成的整改要求"
    return None if any(lapsed(order, s.on) for order in orders) else "整改期限未满，且没有认定整改不合要求"


@_gate("order_open", 41)
def _order_open(s: Standing) -> str | None:
    return None if s.fact("orders").get("open") else "没有未完成的整改要求"


@_gate("change_asked", 20)
def _change_asked(s: Standing) -> str | None:
    return None if s.fact("change").get("open") else "没有等待决定的变更申请"


@_gate("change_settled", 24)
def _change_settled(s: Standing) -> str | None:
    return "已有一项变更申请等待决定" if s.fact("change").get("open") else None


@_gate("paid", 38)
def _paid(s: Standing) -> str | None:
    return None if s.fact("payments").get("paid_fen") else "没有可以冲回的支付"


@_gate("surplus_left", 38)
def _surplus_left(s: Standing) -> str | None:
    """Art. 38: something was issued that is neither spent nor given back."""
    issued, moved_ = s.fact("budget").get("issued_fen") or 0, s.fact("payments")
    gone = (moved_.get("paid_fen") or 0) + (moved_.get("returned_fen") or 0)
    return None if issued > gone else "没有应退回的结余资金"


@_gate("suspended_in_building", 41)
def _suspended_in_building(s: Standing) -> str | None:
    return None if s.fact("suspended").get("from") != "trial_run" else "暂停前处于试运行，请恢复试运行"


@_gate("suspended_in_trial_run", 41)
def _suspended_in_trial_run(s: Standing) -> str | None:
    return None if s.fact("suspended").get("from") == "trial_run" else "暂停前不在试运行"


@_gate("order_settled", 41)
def _order_settled(s: Standing) -> str | None:
    """Art. 41: what was suspended for an order goes on when that order is done."""
    order = s.fact("suspended").get("order")
    return "据以暂停的整改要求尚未办结" if order in (s.fact("orders").get("open") or {}) else None


@_gate("deferred", 41)
def _deferred(s: Standing) -> str | None:
    return None if s.fact("deferral").get("in_force") else "没有正在执行的暂缓安排"


@_gate("acceptance_not_filed", 32)
def _acceptance_not_filed(s: Standing) -> str | None:
    return "竣工验收已经备案" if s.fact("acceptance_filed") else None


@_gate("entry_expired", 8)
def _entry_expired(s: Standing) -> str | None:
    """R6: two years from the entry, the end day excluded."""
    until = s.fact("library").get("valid_until")
    if not until:
        return "没有入库记录"
    return None if s.on >= date.fromisoformat(until) else f"入库有效期到 {until} 为止，尚未届满"


def shut(names: tuple[str, ...], standing: Standing) -> tuple[Gate, str] | None:
    """The first of the named gates that is shut, with its reason."""
    for name in names:
        why = GATES[name].test(standing)
        if why is not None:
            return GATES[name], why
    return None
