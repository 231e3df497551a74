"""One table: for every action the call that does it, with a body that must do where the action is told to be open.

A body of None: there is nothing it could name now (no payment to reverse, no order of mine), so no valid call exists.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from service.measures.lifecycle import Action as A
from tests.lives import said
from tests.stories import bodies_building as b
from tests.stories import bodies_deciding as d
from tests.stories import chapters as c
from tests.stories.bodies_deciding import WHY, Body

if TYPE_CHECKING:
    from tests.stories.wanderer import Wanderer


@dataclass(frozen=True)
class Call:
    """How an action is done. `outcome`: what the model keeps of it; `prepare`: what others do before it."""

    path: str
    body: Body
    method: str = "POST"
    outcome: Callable[[Wanderer, str, Any], Any] | None = None
    prepare: Callable[[Wanderer], Awaitable[None]] | None = None


CALLS: dict[A, Call] = {
    A.EDIT: Call("", d.edited, "PATCH"),
    A.SUBMIT: Call("submit", d.submitted),
    A.WITHDRAW: Call("withdraw", d.always(WHY)),
    A.TAG_PRIORITY: Call("priority", d.always({"item": 3, "evidence": "整合分散系统"})),
    A.GATEKEEP_PASS: Call("gatekeeping/pass", d.opinions),
    A.GATEKEEP_RETURN: Call("gatekeeping/return", d.always(WHY)),
    A.APPROVE: Call("approve", d.approval, outcome=d.amount),
    A.FILE: Call("file", d.always({})),
    A.FILE_SUPPLEMENT: Call("file-supplement", d.always({})),
    A.QUERY_APPROVAL: Call("filing-query", d.always({"question": "为何尚未备案？"})),
    A.ANSWER_QUERY: Call("answer-filing-query", d.asked_of),
    A.HAND_OVER: Call("hand-over", d.always({})),
    A.PROVINCE_RETURN: Call("province-return", d.always(WHY)),
    A.NEED_SUBMIT: Call("need/submit", d.always({})),
    A.NEED_GATEKEEP: Call("need/gatekeep", d.always({})),
    A.NEED_RETURN: Call("need/return", d.always(WHY)),
    A.NEED_REPORT: Call("need/report", d.always({"deployment_citation": "国办函〔2026〕18号"})),
    A.NEED_REJECT: Call("need/reject", d.always(WHY)),
    A.ENTER_LIBRARY: Call("library/enter", d.always({})),
    A.REMOVE_ENTRY: Call("library/remove", d.standing),
    A.AGREE_FRAMEWORK: Call("framework/conclude", d.framework, prepare=lambda w: w.signed()),
    A.COMMISSION_APPRAISAL: Call("appraisals", lambda w, who: w.commission(who)),
    A.CONCLUDE_APPRAISAL: Call("appraisals/{number}/conclude", d.report, prepare=lambda w: w.scored(),
                               outcome=lambda w, who, body: (body["verdict"], w.commissioned_text)),
    A.OPEN_JOINT_REVIEW: Call("joint-review", d.review),
    A.CLOSE_JOINT_REVIEW: Call("joint-review/close", d.outcome_of_review, prepare=lambda w: w.opined(),
                               outcome=lambda w, who, body: body["agreed"]),
    A.RECORD_LEADING_GROUP: Call("leading-group", d.meeting, outcome=lambda w, who, body: body["decision"]),
    A.PROVINCE_APPROVE: Call("province-approve", d.approval, outcome=d.amount),
    A.ASSESS_AFFORDABILITY: Call("affordability", d.assessed,
                                 outcome=lambda w, who, body: (who.partition(".")[0], body["passed"])),
    A.ISSUE_BUDGET: Call("budget", d.budget(1), outcome=lambda w, who, body: w.fen(body["lines"][0]["amount_yuan"])),
    A.ISSUE_SHARE: Call("budget", d.budget(2), outcome=lambda w, who, body: w.fen(body["lines"][0]["amount_yuan"])),
    A.NAME_RESPONSIBLE: Call("responsible", lambda w, who: c.responsible()),
    A.RECORD_REGIME: Call("regimes", lambda w, who: {
        "regime": "contract", "set_up_on": c.today(), "document": said.PAPER}),
    A.RECORD_SUPERVISION: Call("supervision", lambda w, who: {
        "company": "某监理公司", "contract_number": "JL", "signed_on": c.today(), "safety_responsibility": "现场安全",
        "document": said.PAPER}),
    A.RECORD_PROCUREMENT: Call("procurements", lambda w, who: {
        "number": "CG", "method": "open_tender", "subject": "goods", "parties": ["某公司"], "amount_yuan": "1.00",
        "issued_on": c.today(), "document": said.PAPER}),
    A.RECORD_CONTRACT: Call("contracts", lambda w, who: c.contract("1.00")),
    A.RECORD_CERTIFICATE: Call("certificates", lambda w, who: {
        "kind": "security_test", "number": "AQ", "issued_by": "某机构", "issued_on": c.today(),
        "valid_to": (w.life.today + timedelta(days=365)).isoformat(), "passed": True, "document": said.PAPER}),
    A.RECORD_FORCE_MAJEURE: Call("force-majeure", b.force,
                                 outcome=lambda w, who, body: (b.last_claim(w), "until" in body)),
    A.END_FORCE_MAJEURE: Call("force-majeure-end", lambda w, who: {"until": c.today(), "evidence": "恢复通行"},
                              outcome=lambda w, who, body: b.ended_now(w)),
    A.DECIDE_FORCE_MAJEURE: Call("force-majeure-decision", b.hindrance,
                                 outcome=lambda w, who, body: (body["claim"], body["accepted"])),
    A.END_TERM: Call("end-term", lambda w, who: {
        "ended_on": c.today(), "summary": "全年值守", "service_quality": "良好", "document": said.PAPER}),
    A.START: Call("start", lambda w, who: {"started_on": c.today()}),
    A.REPORT_PERFORMANCE: Call("performance-reports", b.performance),
    A.REPORT_INCIDENT: Call("incidents", lambda w, who: {
        "kind": "other", "occurred_on": c.today(), "description": "设备故障", "measures": "更换"}),
    A.REQUEST_CHANGE: Call("changes", b.change),
    A.DECIDE_CHANGE: Call("changes/decide", b.decision, outcome=lambda w, who, body: body["approve"]),
    A.CORRECT_APPROVAL: Call("correct-approval", b.corrected),
    A.APPLY_END: Call("end", b.asking("end_request", {**WHY, "remains": "设备移交", "document": said.PAPER})),
    A.REFUSE_END: Call("end/refuse", b.answering("end_request", WHY)),
    A.AGREE_END: Call("end/agree", b.end_agreed),
    A.SET_FUNDING: Call("funding", b.funding),
    A.RECORD_PAYMENT: Call("payments", b.payment, outcome=lambda w, who, body: w.fen(body["amount_yuan"])),
    A.REVERSE_PAYMENT: Call("payment-reversals", b.reversal, outcome=lambda w, who, body: w.payments[body["payment"]]),
    A.RETURN_SURPLUS: Call("return-surplus", b.surplus, outcome=lambda w, who, body: w.fen(body["amount_yuan"])),
    A.BEGIN_TRIAL_RUN: Call("begin-trial-run", b.on_the_day()),
    A.FINAL_INSPECT: Call("final-inspect", b.on_the_day(conclusion="合格", report=said.PAPER)),
    A.CONFIRM_DATA: Call("confirm-data", lambda w, who: {"passed": w.rng.random() < 0.85, "opinion": "意见"},
                         outcome=lambda w, who, body: body["passed"]),
    A.CONFIRM_CRYPTO: Call("confirm-crypto", lambda w, who: {"passed": w.rng.random() < 0.85, "opinion": "意见"},
                           outcome=lambda w, who, body: body["passed"]),
    A.REQUEST_EXTENSION: Call("request-extension", b.extension_asked),
    A.DECIDE_EXTENSION: Call("decide-extension", b.granted),
    A.APPLY_ACCEPTANCE: Call("apply-acceptance", d.always(said.APPLY)),
    A.GIVE_ACCEPTANCE_OPINION: Call(
        "give-acceptance-opinion", lambda w, who: {"agreed": w.rng.random() < 0.85, "opinion": "意见"},
        outcome=lambda w, who, body: (who.partition(".")[2], body["agreed"])),
    A.RETURN_ACCEPTANCE: Call("return-acceptance", d.always(WHY)),
    A.DELEGATE_ACCEPTANCE: Call("delegate-acceptance", d.always({"to": "项目单位", "terms": "完成后报告"})),
    A.REPORT_DELEGATED: Call("report-delegated", b.on_the_day(conclusion="同意", report=said.PAPER)),
    A.ACCEPT: Call("accept", b.accept),
    A.FILE_ACCEPTANCE: Call("file-acceptance", d.always({})),
    A.RECORD_OPERATION: Call("record-operation", b.on_the_day(reason="按运行日志更正")),
    A.EVALUATE: Call("evaluate", b.on_the_day(summary="良好", report=said.PAPER)),
    A.SCORE: Call("score", d.always(said.SCORE)),
    A.PROPOSE_MAINTENANCE: Call("propose-maintenance", b.proposal),
    A.RETIRE: Call("retire", b.on_the_day(reason="改用全省应用", data_handover="移交市数据局")),
    A.ORDER_RECTIFICATION: Call("order-rectification", b.order_given),
    A.ANSWER_ORDER: Call("answer-order", b.order_answered),
    A.CLOSE_ORDER: Call("close-order", b.order_closed),
    A.CRITICISE: Call("criticise", b.measure),
    A.DEFER_FUNDS: Call("defer-funds", b.measure),
    A.LIFT_DEFERRAL: Call("lift-deferral", b.lift),
    A.SUSPEND: Call("suspend", b.measure),
    A.RESUME: Call("resume", d.always(WHY)),
    A.RESUME_TRIAL_RUN: Call("resume-trial-run", d.always(WHY)),
    A.RESUME_ACCEPTANCE: Call("resume-acceptance", d.always(WHY)),
    A.TERMINATE: Call("terminate", b.measure),
    A.RECALL_FUNDS: Call("recall-funds", d.always({**WHY, "document": said.PAPER})),
}  # fmt: skip


# Done by concluding an appraisal that a need passes, by the clock, or by way of other records than the case's own.
ELSEWHERE = frozenset({A.APPRAISE, A.LAPSE, A.DELETE, A.CONFIRM_SPLIT, A.CLEAR_SPLIT, A.LINK_PLAN})
