"""One table: for every action the call that does it, with a body that must do where the action is told to be open.

A body of None: there is nothing it could name now (no payment to reverse, no order of mine), so no valid call exists.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from service.kit.money import fen
from service.measures.lifecycle import Action as A
from service.measures.offices import Tier
from service.measures.organs import slot_of
from service.measures.supervision import DUTIES, lapsed, may_enforce, organs_of
from tests.stories import chapters as c

if TYPE_CHECKING:
    from tests.stories.wanderer import Wanderer

Body = Callable[["Wanderer", str], Any]


@dataclass(frozen=True)
class Call:
    """How an action is done. `outcome`: what the model keeps of it; `prepare`: what others do before it."""

    path: str
    body: Body
    method: str = "POST"
    outcome: Callable[[Wanderer, str, Any], Any] | None = None
    prepare: Callable[[Wanderer], Awaitable[None]] | None = None


def _as(body: Any) -> Body:
    return lambda w, who: body


WHY = {"reason": "按程序办理"}


def _sent(w: Wanderer, who: str) -> Any:
    return {"reasons": [{"code": code, "reason": "上级统一部署"} for code in w.reasons]}


def _opinions(w: Wanderer, who: str) -> Any:
    return {"opinions": [{"code": code, "accepted": True} for code in w.given]}


def _edited(w: Wanderer, who: str) -> Any:
    w.drafted += 1
    materials = {**w.view["materials"], "technical_plan": f"依托政务云，第{w.drafted}稿"}
    return {"materials": materials}


def _standing(w: Wanderer, who: str) -> Any:
    return WHY if w.fact("library").get("valid_until", "") > c.today() else None


def _amount(w: Wanderer, who: str, body: Any) -> int:
    return fen(body["approved_amount_yuan"])


def _framework(w: Wanderer, who: str) -> Any:
    return {"edition": 1} if w.life.joint and not w.fact("framework") and w.framed else None


def _report(w: Wanderer, who: str) -> Any:
    if not w.appraising or w.appraising != w.stage:
        return None
    verdict = "pass" if w.rng.random() < 0.8 else "revise"
    return {**c.report(verdict), "reason": "综合各方意见"}


def _review(w: Wanderer, who: str) -> Any:
    return {"invited": [], **(_opinions(w, who) if w.life.departmental else {})}


def _outcome_of_review(w: Wanderer, who: str) -> Any:
    if not w.reviewing:
        return None
    yuan = w.view["investment_yuan"]
    return {
        "agreed": w.rng.random() < 0.8,
        "summary": "会审意见",
        "plan": "一年建成",
        "budget_yuan": yuan,
        "reason": "已协调",
    }


def _meeting(w: Wanderer, who: str) -> Any:
    return c.meeting("approve" if w.rng.random() < 0.8 else "return")


def _approval(w: Wanderer, who: str) -> Any:
    return c.approval(w.view["investment_yuan"])


def _assessed(w: Wanderer, who: str) -> Any:
    return {"major": True, "passed": w.rng.random() < 0.85, "assessed_on": c.today(), "assessor": "财政评审中心",
            "document": c.PAPER}  # fmt: skip


def _source(w: Wanderer, who: str) -> str:
    return "city" if not w.life.provincial or who.startswith("city.") else "provincial"


def _budget(part: int) -> Body:
    def body(w: Wanderer, who: str) -> Any:
        left = w.money["approved"] - w.money["issued"]
        return c.budget((_source(w, who), w.yuan(left // part))) if left // part > 0 else None

    return body


def _force(w: Wanderer, who: str) -> Any:
    for claim in w.fact("force_majeure").get("claims") or ():
        if claim["state"] != "refused" and (claim["until"] is None or claim["until"] >= c.today()):
            return None
    until = {"until": c.today()} if w.rng.random() < 0.5 else {}
    return {"since": c.today(), **until, "evidence": "洪水", "document": c.PAPER}


def _asked_of(w: Wanderer, who: str) -> Any:
    asked = w.fact("filing_queries").get("asked") or {}
    waiting = sorted(key for key, told in asked.items() if not told["answered"])
    return {"query": waiting[0], "answer": "正在办理"} if waiting else None


def _claim(w: Wanderer) -> str:
    return str(w.fact("force_majeure")["claims"][-1]["id"])


def _ended_now(w: Wanderer) -> str:
    """The claim whose end has just been told."""
    return str(next(each["id"] for each in w.fact("force_majeure")["claims"] if each["until"] == c.today()))


def _hindrance(w: Wanderer, who: str) -> Any:
    waiting = [each for each in w.fact("force_majeure").get("claims") or () if each["state"] == "claimed"]
    if not waiting:
        return None
    return {"claim": w.rng.choice(waiting)["id"], "accepted": w.rng.random() < 0.6, "reason": "经核实"}


def _performance(w: Wanderer, who: str) -> Any:
    begun, ended = w.day("started"), w.day("final_inspected")
    if begun is None:
        return None
    year = min(w.life.today.year, ended.year if ended else w.life.today.year)
    if begun.year > year:
        return None
    trial = {"trial_run": {"effects": "平稳", "problems": "未见问题"}} if w.fact("trial_run") else {}
    again = {"correction_reason": "数据更正"} if str(year) in (w.fact("reports").get("years") or {}) else {}
    return {
        "year": year, "goals": "完成", "serious_problems": False, "users": [{"unit": "使用单位", "opinion": "正常"}],
        "report": {"template": "build", "progress": "正常", "investment_plan": "正常", **trial},
        "supervisor": {"company": "某监理公司", "opinion": "合格"}, **again,
    }  # fmt: skip


def _funding(w: Wanderer, who: str) -> Any:
    total = w.money["approved"]
    return {"lines": [{"source": "city_fiscal", "amount_yuan": w.yuan(total)}]} if total else None


def _payment(w: Wanderer, who: str) -> Any:
    issued = w.day("budget")
    if w.money["left"] <= 0 or issued is None or issued > w.life.today:
        return None
    w.serial += 1
    return c.payment(f"GK-{w.id[-8:]}-{w.serial}", w.yuan(w.rng.randint(1, w.money["left"])))


def _reversal(w: Wanderer, who: str) -> Any:
    if not w.payments:
        return None
    return {
        "payment": w.rng.choice(sorted(w.payments)),
        "reversed_on": c.today(),
        "treasury_document": "GK",
        **WHY,
    }


def _surplus(w: Wanderer, who: str) -> Any:
    if w.money["left"] <= 0 or w.fact("change").get("open"):
        return None
    return {"amount_yuan": w.yuan(w.money["left"]), "returned_on": c.today(), "treasury_document": "GK-T"}


def _change(w: Wanderer, who: str) -> Any:
    if w.fact("change").get("open"):
        return None
    w.drafted += 1
    return {**WHY, "content": {"technical_plan": f"依托政务云，第{w.drafted}稿"}}


def _decision(w: Wanderer, who: str) -> Any:
    if not w.fact("change").get("open"):
        return None
    if w.rng.random() < 0.5:
        return {"approve": False, **WHY}
    document = {"number": "发改变〔2027〕1号", "date": c.today(), "digest": c.D}
    return {"approve": True, "document": document, "appraisal": c.PAPER}


def _open(name: str, body: Any) -> Body:
    """The answer to a request that waits; None while there is none."""
    return lambda w, who: {**body} if w.fact(name).get("open") else None


def _asking(name: str, body: Any) -> Body:
    """A request, while none of its kind waits."""
    return lambda w, who: None if w.fact(name).get("open") else {**body}


def _ended(w: Wanderer, who: str) -> Any:
    if not w.fact("end_request").get("open"):
        return None
    return {"document": {"number": "终1", "date": c.today(), "digest": c.D}, "opinion": "同意终止"}


def _granted(w: Wanderer, who: str) -> Any:
    asked = w.fact("extension_request")
    if not asked.get("open"):
        return None
    late = asked["until"] <= max(c.today(), w.fact("extension").get("until") or "")
    return {"approve": not late and w.rng.random() < 0.5, "opinion": "已研究"}


def _corrected(w: Wanderer, who: str) -> Any:
    w.serial += 1
    return {**WHY, "document_number": f"更正〔2027〕{w.serial}号",
            "document": {"number": f"更〔2027〕{w.serial}号", "date": c.today(), "digest": c.D}}  # fmt: skip


def _later(w: Wanderer, who: str) -> Any:
    if w.fact("extension_request").get("open"):
        return None
    earlier = w.fact("extension").get("until") or c.today()
    return {**WHY, "until": (max(date.fromisoformat(earlier), w.life.today) + timedelta(days=30)).isoformat()}


def _accept(w: Wanderer, who: str) -> Any:
    return {
        "on": c.today(),
        "conclusion": "同意通过",
        "document_number": "验〔2028〕5号",
        "document_digest": c.D,
    }


def _proposal(w: Wanderer, who: str) -> Any:
    year = w.life.today.year + 1
    if year in w.proposed:
        return None
    return {"year": year, "amount_yuan": "100000.00", "workload": "驻场", "watch": c.WATCHED}


def _unfiled(w: Wanderer) -> bool:
    """Arts 23, 41, R31: the approval, or a change of it, should have been filed ten days ago."""
    if w.life.provincial:
        return False
    told = w.fact("amended").get("documents") or []
    since = w.day("approved") if not w.fact("filed") else date.fromisoformat(told[0]["on"]) if told else None
    return since is not None and w.life.today > since + timedelta(days=10)


def _order(w: Wanderer, who: str) -> Any:
    """Of the areas of one's own duties one that may be ordered; filings by the province's office alone."""
    tier, _, role = who.partition(".")
    slots = slot_of(Tier(tier), (role,)) if tier != "county" else ()
    areas = sorted({area for slot in slots for area in DUTIES.get(slot, ())})
    if "filing" in areas and not (tier == "province" and _unfiled(w)):
        areas.remove("filing")
    if not areas:
        return None
    due = w.life.today + timedelta(days=w.rng.choice([0, 20, 60]))
    return {"area": w.rng.choice(areas), "text": "限期整改", "due": due.isoformat()}


def _orders(w: Wanderer) -> dict[str, Any]:
    return dict(w.fact("orders").get("open") or {})


def _answer(w: Wanderer, who: str) -> Any:
    orders = sorted(_orders(w))
    return {"order": w.rng.choice(orders), "answer": "已整改"} if orders else None


def _close(w: Wanderer, who: str) -> Any:
    tier, _, role = who.partition(".")
    if tier == "county":
        return None
    mine = organs_of(Tier(tier), (role,))
    found = sorted(key for key, order in _orders(w).items() if order["by"] in mine)
    if not found:
        return None
    order = _orders(w)[found[0]]
    vain = (order["answered"] or lapsed(order, w.life.today)) and w.rng.random() < 0.4
    return {"order": found[0], "done": not vain, "opinion": "复核意见"}


def _measure(w: Wanderer, who: str) -> Any:
    tier, _, role = who.partition(".")
    found = [] if tier == "county" else sorted(
        key for key, order in _orders(w).items()
        if lapsed(order, w.life.today) and may_enforce(order, Tier(tier), (role,))
    )  # fmt: skip
    return {"order": found[0], **WHY} if found else None


def _lift(w: Wanderer, who: str) -> Any:
    tier, _, role = who.partition(".")
    fact = w.fact("deferral")
    return WHY if fact and tier != "county" and may_enforce(fact, Tier(tier), (role,)) else None


def _day(**more: Any) -> Body:
    return lambda w, who: {"on": c.today(), **more}


CALLS: dict[A, Call] = {
    A.EDIT: Call("", _edited, "PATCH"),
    A.SUBMIT: Call("submit", _sent),
    A.WITHDRAW: Call("withdraw", _as(WHY)),
    A.TAG_PRIORITY: Call("priority", _as({"item": 3, "evidence": "整合分散系统"})),
    A.GATEKEEP_PASS: Call("gatekeeping/pass", _opinions),
    A.GATEKEEP_RETURN: Call("gatekeeping/return", _as(WHY)),
    A.APPROVE: Call("approve", _approval, outcome=_amount),
    A.FILE: Call("file", _as({})),
    A.FILE_SUPPLEMENT: Call("file-supplement", _as({})),
    A.QUERY_APPROVAL: Call("filing-query", _as({"question": "为何尚未备案？"})),
    A.ANSWER_QUERY: Call("answer-filing-query", _asked_of),
    A.HAND_OVER: Call("hand-over", _as({})),
    A.PROVINCE_RETURN: Call("province-return", _as(WHY)),
    A.NEED_SUBMIT: Call("need/submit", _as({})),
    A.NEED_GATEKEEP: Call("need/gatekeep", _as({})),
    A.NEED_RETURN: Call("need/return", _as(WHY)),
    A.NEED_REPORT: Call("need/report", _as({"deployment_citation": "国办函〔2026〕18号"})),
    A.NEED_REJECT: Call("need/reject", _as(WHY)),
    A.ENTER_LIBRARY: Call("library/enter", _as({})),
    A.REMOVE_ENTRY: Call("library/remove", _standing),
    A.AGREE_FRAMEWORK: Call("framework/conclude", _framework, prepare=lambda w: w.signed()),
    A.COMMISSION_APPRAISAL: Call("appraisals", lambda w, who: w.commission(who)),
    A.CONCLUDE_APPRAISAL: Call("appraisals/{number}/conclude", _report, prepare=lambda w: w.scored(),
                               outcome=lambda w, who, body: (body["verdict"], w.commissioned_text)),
    A.OPEN_JOINT_REVIEW: Call("joint-review", _review),
    A.CLOSE_JOINT_REVIEW: Call("joint-review/close", _outcome_of_review, prepare=lambda w: w.opined(),
                               outcome=lambda w, who, body: body["agreed"]),
    A.RECORD_LEADING_GROUP: Call("leading-group", _meeting, outcome=lambda w, who, body: body["decision"]),
    A.PROVINCE_APPROVE: Call("province-approve", _approval, outcome=_amount),
    A.ASSESS_AFFORDABILITY: Call("affordability", _assessed,
                                 outcome=lambda w, who, body: (who.partition(".")[0], body["passed"])),
    A.ISSUE_BUDGET: Call("budget", _budget(1), outcome=lambda w, who, body: w.fen(body["lines"][0]["amount_yuan"])),
    A.ISSUE_SHARE: Call("budget", _budget(2), outcome=lambda w, who, body: w.fen(body["lines"][0]["amount_yuan"])),
    A.NAME_RESPONSIBLE: Call("responsible", lambda w, who: c.responsible()),
    A.RECORD_REGIME: Call("regimes", lambda w, who: {
        "regime": "contract", "set_up_on": c.today(), "document": c.PAPER}),
    A.RECORD_SUPERVISION: Call("supervision", lambda w, who: {
        "company": "某监理公司", "contract_number": "JL", "signed_on": c.today(), "safety_responsibility": "现场安全",
        "document": c.PAPER}),
    A.RECORD_PROCUREMENT: Call("procurements", lambda w, who: {
        "number": "CG", "method": "open_tender", "subject": "goods", "parties": ["某公司"], "amount_yuan": "1.00",
        "issued_on": c.today(), "document": c.PAPER}),
    A.RECORD_CONTRACT: Call("contracts", lambda w, who: c.contract("1.00")),
    A.RECORD_CERTIFICATE: Call("certificates", lambda w, who: {
        "kind": "security_test", "number": "AQ", "issued_by": "某机构", "issued_on": c.today(),
        "valid_to": (w.life.today + timedelta(days=365)).isoformat(), "passed": True, "document": c.PAPER}),
    A.RECORD_FORCE_MAJEURE: Call("force-majeure", _force,
                                 outcome=lambda w, who, body: (_claim(w), "until" in body)),
    A.END_FORCE_MAJEURE: Call("force-majeure-end", lambda w, who: {"until": c.today(), "evidence": "恢复通行"},
                              outcome=lambda w, who, body: _ended_now(w)),
    A.DECIDE_FORCE_MAJEURE: Call("force-majeure-decision", _hindrance,
                                 outcome=lambda w, who, body: (body["claim"], body["accepted"])),
    A.END_TERM: Call("end-term", lambda w, who: {
        "ended_on": c.today(), "summary": "全年值守", "service_quality": "良好", "document": c.PAPER}),
    A.START: Call("start", lambda w, who: {"started_on": c.today()}),
    A.REPORT_PERFORMANCE: Call("performance-reports", _performance),
    A.REPORT_INCIDENT: Call("incidents", lambda w, who: {
        "kind": "other", "occurred_on": c.today(), "description": "设备故障", "measures": "更换"}),
    A.REQUEST_CHANGE: Call("changes", _change),
    A.DECIDE_CHANGE: Call("changes/decide", _decision, outcome=lambda w, who, body: body["approve"]),
    A.CORRECT_APPROVAL: Call("correct-approval", _corrected),
    A.APPLY_END: Call("end", _asking("end_request", {**WHY, "remains": "设备移交", "document": c.PAPER})),
    A.REFUSE_END: Call("end/refuse", _open("end_request", WHY)),
    A.AGREE_END: Call("end/agree", _ended),
    A.SET_FUNDING: Call("funding", _funding),
    A.RECORD_PAYMENT: Call("payments", _payment, outcome=lambda w, who, body: w.fen(body["amount_yuan"])),
    A.REVERSE_PAYMENT: Call("payment-reversals", _reversal, outcome=lambda w, who, body: w.payments[body["payment"]]),
    A.RETURN_SURPLUS: Call("return-surplus", _surplus, outcome=lambda w, who, body: w.fen(body["amount_yuan"])),
    A.BEGIN_TRIAL_RUN: Call("begin-trial-run", _day()),
    A.FINAL_INSPECT: Call("final-inspect", _day(conclusion="合格", report=c.PAPER)),
    A.CONFIRM_DATA: Call("confirm-data", lambda w, who: {"passed": w.rng.random() < 0.85, "opinion": "意见"},
                         outcome=lambda w, who, body: body["passed"]),
    A.CONFIRM_CRYPTO: Call("confirm-crypto", lambda w, who: {"passed": w.rng.random() < 0.85, "opinion": "意见"},
                           outcome=lambda w, who, body: body["passed"]),
    A.REQUEST_EXTENSION: Call("request-extension", _later),
    A.DECIDE_EXTENSION: Call("decide-extension", _granted),
    A.APPLY_ACCEPTANCE: Call("apply-acceptance", _as(c.APPLICATION)),
    A.GIVE_ACCEPTANCE_OPINION: Call(
        "give-acceptance-opinion", lambda w, who: {"agreed": w.rng.random() < 0.85, "opinion": "意见"},
        outcome=lambda w, who, body: (who.partition(".")[2], body["agreed"])),
    A.RETURN_ACCEPTANCE: Call("return-acceptance", _as(WHY)),
    A.DELEGATE_ACCEPTANCE: Call("delegate-acceptance", _as({"to": "项目单位", "terms": "完成后报告"})),
    A.REPORT_DELEGATED: Call("report-delegated", _day(conclusion="同意", report=c.PAPER)),
    A.ACCEPT: Call("accept", _accept),
    A.FILE_ACCEPTANCE: Call("file-acceptance", _as({})),
    A.RECORD_OPERATION: Call("record-operation", _day(reason="按运行日志更正")),
    A.EVALUATE: Call("evaluate", _day(summary="良好", report=c.PAPER)),
    A.SCORE: Call("score", _as(c.CARD)),
    A.PROPOSE_MAINTENANCE: Call("propose-maintenance", _proposal),
    A.RETIRE: Call("retire", _day(reason="改用全省应用", data_handover="移交市数据局")),
    A.ORDER_RECTIFICATION: Call("order-rectification", _order),
    A.ANSWER_ORDER: Call("answer-order", _answer),
    A.CLOSE_ORDER: Call("close-order", _close),
    A.CRITICISE: Call("criticise", _measure),
    A.DEFER_FUNDS: Call("defer-funds", _measure),
    A.LIFT_DEFERRAL: Call("lift-deferral", _lift),
    A.SUSPEND: Call("suspend", _measure),
    A.RESUME: Call("resume", _as(WHY)),
    A.RESUME_TRIAL_RUN: Call("resume-trial-run", _as(WHY)),
    A.RESUME_ACCEPTANCE: Call("resume-acceptance", _as(WHY)),
    A.TERMINATE: Call("terminate", _measure),
    A.RECALL_FUNDS: Call("recall-funds", _as({**WHY, "document": c.PAPER})),
}  # fmt: skip
# Done by concluding an appraisal that a need passes, by the clock, or by way of other records than the case's own.
ELSEWHERE = frozenset({A.APPRAISE, A.LAPSE, A.DELETE, A.CONFIRM_SPLIT, A.CLEAR_SPLIT, A.LINK_PLAN})
